"""What a detector sees of one article, and what it hands back."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Article:
    """One article that is not empty, as the detectors see it.

    Attributes:
        title: The title field, cleaned; None if there is none. (A headline taken from the text is not here.)
        byline: The byline field, cleaned; None if missing.
        source: The source, cleaned; None if unknown.
        lang: ISO 639-1, None if unsure.
        lines: The cleaned counterparts of `text.splitlines()`: line i here is line i of the text as read.
        recurrent: Lines that recurrence holds to be boilerplate of the source.
    """

    title: str | None
    byline: str | None
    source: str | None
    lang: str | None
    lines: list[str]
    recurrent: frozenset[int] = field(default=frozenset())


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in an article that is evidence for a check.

    Attributes:
        check: The measure it is evidence for, such as "truncated".
        line: The line, 0-based; None where it is no place in the text (then `text` holds the evidence).
        start, end: Code points in `lines[line]`.
        note: What rule saw it, in a few words.
        text: The evidence where `line` is None.
    """

    check: str
    line: int | None
    start: int
    end: int
    note: str
    text: str | None = None
