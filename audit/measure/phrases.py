"""One phrase of a lexicon: a literal with slots, where it may stand, and how it sits in its line. Never a pattern from outside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from audit.errors import SuiteError
from audit.measure.fold import fold

PLACES = ("any", "head", "tail", "line")
MATCHES = ("whole", "prefix", "suffix", "in")
KEYS = ("phrase", "where", "match", "weak", "example")
SLOTS: Mapping[str, str] = {
    "n": r"\d[\d.,']{0,11}",
    "year": r"(?:19|20)\d\d",
    "time": r"\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?: ?[ap]\.?m\.?)?",
    "date": r"\S.{2,38}?\S",
    "name": r"\S.{0,58}?",
    "source": r"\S.{0,58}?",
    "section": r"\S.{0,38}?",
    "place": r"\S.{0,38}?",
    "title": r"\S.{0,198}?",
    "any": r"\S.{0,78}?",
    "url": r"[^\s]{4,300}",
    "email": r"[^\s@]{1,64}@[^\s@]{1,100}",
    "handle": r"[\w.]{1,40}",
}
"""Slot -> what it takes of a folded line. All are bounded, so that a long line costs no more than its length."""

WIDEST: Mapping[str, int] = {
    "n": 12, "year": 4, "time": 14, "date": 40, "name": 59, "source": 59, "section": 39, "place": 39, "title": 199, "any": 79, "url": 300,
    "email": 165, "handle": 40,
}  # fmt: skip
"""Slot -> the most characters that it takes."""

_SLOT = re.compile(r"\{([^{}]*)\}")
_WORD = re.compile(r"[^\W_]+")
UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
"""Letters of scripts that put no space between words, or hang endings on them (Hangul): a phrase may begin and end anywhere."""
LEAD = " -*•·>▶►■◆|#\"'([…."
TRAIL = " .:!>|→›»)]\"'-_"
"""What may stand before a phrase that begins its line, and behind one that ends it."""
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase and what is known of it.

    Attributes:
        text: As written, slots in braces.
        kind, lang: The file and the language it stands in.
        where: head, tail: only among the first or last lines; line: only as (part of) a short line; any.
        match: Whether it is its line, begins it, ends it, or stands in it.
        weak: It needs a second sign.
        example: A line in which it is found.
        pieces: Folded literals and, at odd places, names of slots.
        needle: The longest of its literals, which every line that has the phrase has.
    """

    text: str
    kind: str
    lang: str
    where: str
    match: str
    weak: bool
    example: str
    pieces: tuple[str, ...]
    needle: str

    @property
    def words(self) -> list[str]:
        """The words of its literals."""
        return [word for piece in self.pieces[::2] for word in split(piece)]

    def find(self, line: str) -> tuple[int, int] | None:
        """Start and end in a folded line, None where it is not there."""
        first, last = self.pieces[0], self.pieces[-1]
        start = len(line) - len(line.lstrip(LEAD if first[:1] not in LEAD else " "))
        end = len(line.rstrip(TRAIL if last[-1:] not in TRAIL else " "))
        if len(self.pieces) > 1:
            return self._slotted(line, start, end)
        if self.match == "prefix" or self.match == "whole":
            at = start if line.startswith(first, start) else -1
        elif self.match == "suffix":
            at = end - len(first) if line.endswith(first, 0, end) else -1
        else:
            at = line.find(first)
        while at >= 0:
            stop = at + len(first)
            if _apart(line, at) and _apart(line, stop):
                return (at, stop) if self.match != "whole" or stop >= end else None
            at = line.find(first, at + 1) if self.match == "in" else -1
        return None

    def _slotted(self, line: str, start: int, end: int) -> tuple[int, int] | None:
        if self.match == "whole":
            found = _compiled(self.pieces).fullmatch(line, start, end) or _compiled(self.pieces).fullmatch(line, start)
        elif self.match == "prefix":
            found = _compiled(self.pieces).match(line, start)
        elif self.match == "suffix":
            found = _compiled((*self.pieces, r"\Z")).search(line, max(0, end - _LONGEST), end)
        else:
            found = _compiled(self.pieces).search(line)
        return found.span() if found and _apart(line, found.start()) else None


def _apart(line: str, at: int) -> bool:
    """Whether no word of a spaced script runs across the place."""
    if not 0 < at < len(line):
        return True
    before, after = line[at - 1], line[at]
    return not (before.isalnum() and after.isalnum()) or UNSPACED.match(before) is not None or UNSPACED.match(after) is not None


@cache
def _compiled(pieces: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("".join(SLOTS.get(piece, piece) if number % 2 else re.escape(piece) for number, piece in enumerate(pieces)))


def split(folded: str) -> list[str]:
    """The words of a folded text: runs of letters and digits."""
    return _WORD.findall(folded)


def read(content: object, kind: str, name: str) -> Iterator[Phrase]:
    """The phrases of a file: language -> entries.

    Raises:
        SuiteError: The file has another form, or an entry is no phrase; says the file (`name`) and the entry.
    """
    if not isinstance(content, dict):
        raise SuiteError(f"{name}: a file of phrases maps a language (en, de, ... or mul) to a list of entries")
    for lang, entries in content.items():
        if not isinstance(entries, list):
            raise SuiteError(f"{name}, {lang}: a language has a list of entries, not {type(entries).__name__}")
        for number, entry in enumerate(entries, 1):
            yield parse(entry, kind, str(lang), f"{name}, {lang}, entry {number} ({_short(entry)})")


def _short(entry: object) -> str:
    text = str(entry.get("phrase", entry) if isinstance(entry, dict) else entry)
    return text if len(text) <= 60 else text[:57] + "..."


def parse(entry: object, kind: str, lang: str, said: str) -> Phrase:
    """A phrase from an entry of a lexicon: the phrase alone, or a mapping with it under `phrase`.

    Args:
        entry: As YAML gives it.
        kind: The file it stands in.
        lang: The language it stands under.
        said: Names file and entry in errors.

    Raises:
        SuiteError: An unknown key, slot or value, or an example in which the phrase is not found.
    """
    fields = {"phrase": entry} if isinstance(entry, str) else entry
    if not isinstance(fields, dict):
        raise SuiteError(f"{said}: an entry is a phrase (in quotes), or a mapping with the keys {', '.join(KEYS)}")
    for key in fields:
        if key not in KEYS:
            raise SuiteError(f"{said}: unknown key {key!r}; known: {', '.join(KEYS)}")
    text = _string(fields, "phrase", said)
    where, match = _one_of(fields, "where", PLACES, said), _one_of(fields, "match", MATCHES, said)
    weak = fields.get("weak", "false")
    if str(weak).lower() not in ("true", "false"):
        raise SuiteError(f"{said}: weak is true or false, not {weak!r}")
    example = _string(fields, "example", said) if "example" in fields else text
    pieces = _pieces(text, said)
    phrase = Phrase(text, kind, lang, where, match, str(weak).lower() == "true", example, pieces, max(pieces[::2], key=len))
    if phrase.find(fold(example)) is None:
        raise SuiteError(f"{said}: the phrase is not found in its example {example!r}; a phrase with slots needs an `example`")
    return phrase


def _string(fields: Mapping[str, object], key: str, said: str) -> str:
    value = fields.get(key)
    if not isinstance(value, str) or not fold(value):
        raise SuiteError(f"{said}: {key} is a text, not {value!r}")
    if len(value) > _LONGEST:
        raise SuiteError(f"{said}: {key} is longer than {_LONGEST} characters")
    return value


def _one_of(fields: Mapping[str, object], key: str, known: tuple[str, ...], said: str) -> str:
    value = fields.get(key, known[0])
    if value not in known:
        raise SuiteError(f"{said}: {key} is one of {', '.join(known)}, not {value!r}")
    return str(value)


def _pieces(text: str, said: str) -> tuple[str, ...]:
    parts = _SLOT.split(text)
    for slot in parts[1::2]:
        if slot not in SLOTS:
            raise SuiteError(f"{said}: unknown slot {{{slot}}}; known: {', '.join('{' + name + '}' for name in SLOTS)}")
    if len(parts) == 1:
        return (fold(text),)
    folded = [part if number % 2 else _fold_inside(part, number > 0, number < len(parts) - 1) for number, part in enumerate(parts)]
    if not any(folded[::2]):
        raise SuiteError(f"{said}: a phrase of slots alone would find every line; give it a word")
    return tuple(folded)


def _fold_inside(part: str, left: bool, right: bool) -> str:
    """A literal beside slots, folded; the space between them is kept."""
    folded = fold(part)
    before = " " if left and part[:1].isspace() and folded else ""
    after = " " if right and part[-1:].isspace() else ""
    return before + folded + after
