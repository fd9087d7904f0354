"""What cleaning changed: each kind of change with lines of real articles, before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from audit.result import Document
from audit.show import diff, evidence
from audit.show.shelf import Shelf

EACH = 3
"""Examples of each kind."""
LINE = 2_000
"""Characters of a line that are compared."""

ABOUT: Mapping[str, str] = {
    "unescape_html": "character references of HTML, such as &amp;, became the characters they stand for",
    "fix_encoding": "text that had been decoded with the wrong encoding was decoded with the right one",
    "restore_byte_a0": "no-break spaces that had become spaces within a damaged character were put back",
    "replace_lossy_sequences": "damaged characters of which bytes are lost became U+FFFD",
    "decode_inconsistent_utf8": "UTF-8 in the midst of text of another encoding was decoded",
    "fix_c1_controls": "control characters became the quotes and dashes that Windows-1252 means by them",
    "fix_line_breaks": "line ends of all kinds became line feeds",
    "fix_surrogates": "halves of characters were joined, or became U+FFFD",
    "remove_terminal_escapes": "colour codes of terminals were removed",
    "remove_control_chars": "invisible control characters were removed",
    "normalize": "letters and their accents became one character each (NFC)",
}
"""Steps of cleaning (audit.measure.clean) in words."""


@dataclass(frozen=True, slots=True)
class Change:
    """A line of an article, before and after, as hunks; `line` is 1-based. `alone`: nothing else was changed in the article."""

    card: evidence.Card
    line: int
    hunks: tuple[diff.Hunk, ...]
    alone: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A kind of change: its name, what it does, how many articles it changed, and examples."""

    name: str
    about: str
    articles: int
    examples: tuple[Change, ...]


def steps(document: Document, shelf: Shelf) -> tuple[Step, ...]:
    """Every kind of change of the document, most frequent first."""
    changed = shelf.why("fixes")
    return tuple(Step(name, ABOUT.get(name, ""), count, _examples(name, changed, shelf)) for name, count in document.fixes)


def _examples(name: str, articles: list[int], shelf: Shelf) -> tuple[Change, ...]:
    """Articles that this step changed; first those that no other step did."""
    having = [(article, shelf.facts(article)["fixes"]) for article in articles if name in (shelf.facts(article)["fixes"] or ())]
    having.sort(key=lambda item: (len(item[1]), item[0]))
    made = (_change(article, len(fixes) == 1, shelf) for article, fixes in having)
    return tuple(change for change, _ in zip((change for change in made if change is not None), range(EACH), strict=False))


def _change(article: int, alone: bool, shelf: Shelf) -> Change | None:
    row = shelf.text(article)
    if row is None or row["cleaned"] is None:
        return None
    first = next(lines(row["text"], row["cleaned"]), None)
    if first is None:
        return None
    number, before, after = first
    return Change(evidence.card(article, "fixes", shelf), number, diff.characters(before[:LINE], after[:LINE]), alone)


def lines(text: str, cleaned: str) -> Iterator[tuple[int, str, str]]:
    """(number from 1, before, after) of every line that differs, its end included."""
    pairs = zip_longest(text.splitlines(keepends=True), cleaned.splitlines(keepends=True), fillvalue="")
    return ((number, before, after) for number, (before, after) in enumerate(pairs, 1) if before != after)
