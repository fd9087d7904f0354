"""What a detector sees of one article, and what it hands back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import overload

from audit.kernels.flags import BLANK, ENDED


class Lines(Sequence[str]):
    """The lines of a text, each decoded when it is first asked for: most are only looked at by kernels.

    Args:
        data: UTF-8.
        begins, ends: Where the lines of many texts begin and end in it.
        first, count: Which of them are these.
    """

    __slots__ = ("_begins", "_count", "_data", "_ends", "_first", "_known")

    def __init__(self, data: memoryview, begins: list[int], ends: list[int], first: int, count: int) -> None:
        self._data, self._begins, self._ends, self._first, self._count = data, begins, ends, first, count
        self._known: dict[int, str] = {}

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(self._count))]
        line = self._known.get(index)
        if line is None:
            at = index + self._count if index < 0 else index
            if not 0 <= at < self._count:
                raise IndexError(index)
            line = str(self._data[self._begins[self._first + at] : self._ends[self._first + at]], "utf-8")
            self._known[index] = line
        return line

    def __iter__(self) -> Iterator[str]:
        return (self[at] for at in range(self._count))


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
        looks: Per line the flags of `kernels.looks`; None where no kernel has looked, and everything may be.
        sizes: Per line its code points; None likewise.
        known: Numbers of the lines that are not blank; None likewise.
        seen: All flags of its lines together.
        repeated: Whether a line at the head may repeat the title.
    """

    title: str | None
    byline: str | None
    source: str | None
    lang: str | None
    lines: Sequence[str]
    recurrent: frozenset[int] = field(default=frozenset())
    looks: Sequence[int] | None = None
    sizes: Sequence[int] | None = None
    known: list[int] | None = None
    seen: int = -1
    repeated: bool = True

    @property
    def full(self) -> list[int]:
        """Numbers of the lines that are not blank."""
        if self.known is not None:
            return self.known
        return [number for number, line in enumerate(self.lines) if line and not line.isspace()]

    @property
    def chars(self) -> int:
        """Code points in all lines."""
        return sum(self.sizes) if self.sizes is not None else sum(map(len, self.lines))

    def is_full(self, number: int) -> bool:
        """Whether a line is not blank."""
        if self.looks is not None:
            return not self.looks[number] & BLANK
        line = self.lines[number]
        return bool(line) and not line.isspace()

    def is_ended(self, number: int) -> bool:
        """Whether a kernel has seen that a line is longer than a label and ends like a sentence."""
        return self.looks is not None and self.looks[number] & ENDED != 0

    def size(self, number: int) -> int:
        """Code points of a line."""
        return self.sizes[number] if self.sizes is not None else len(self.lines[number])

    def may(self, number: int, looks: int) -> bool:
        """Whether one of the looks may be what a line has: where it is not, the rule that goes by it finds nothing."""
        return self.looks is None or self.looks[number] & looks != 0


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
