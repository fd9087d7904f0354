"""Names that only their place makes a credit: a line of nothing but names, the source's own name, a bio the story did not lead to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from audit.measure import credits, names, signatures, wording
from audit.measure.credits import Credit
from audit.measure.field import of_source

LINE = 60
"""A line of a name alone is no longer (characters)."""
_NOUNS = frozenset(("de", "lb"))  # every noun has a capital there, so capitals alone are no sign of a name
_DATE_BEFORE = re.compile(r"^\s*\d{1,4}[./-]\d{1,2}[./-]\d{1,4}[\s,|•·–—-]+(?:\d{1,2}:\d\d[\s,|•·–—-]*)?")
_SENTENCE_END = (".", "!", "?", "”", '"', "…", "»", ")", "。")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a line stands in.

    Attributes:
        lines: All lines of the article.
        every: Numbers of the lines that are looked at, blank lines and headlines aside.
        lang: ISO 639-1, None if unsure.
        source: The source, None if unknown.
        known: The people of the byline field (and, at the tail, of the head), by first and last word: initials do not matter.
    """

    lines: list[str]
    every: list[int]
    lang: str | None
    source: str | None
    known: frozenset[tuple[str, str]]

    def agrees(self, people: tuple[str, ...]) -> bool:
        """Whether the byline field has one of them."""
        return bool(self.known) and not self.known.isdisjoint(map(key, people))


@lru_cache(maxsize=16_384)  # authors write more than once
def people(byline: str) -> frozenset[tuple[str, str]]:
    """The keys of the people that a byline field begins with; its first 2,000 characters are enough."""
    return frozenset(map(key, names.leading(names.unglue(byline))[0]))


def key(name: str) -> tuple[str, str]:
    """First and last word of a name, casefolded."""
    words = name.casefold().split()
    return words[0], words[-1]


def at_head(setting: Setting, place: int) -> Credit | None:
    """A credit on line `place` of the head: names that the field has or a date or role is with, a bio of the field's author, the source."""
    line = setting.lines[setting.every[place]]
    bare = _DATE_BEFORE.sub("", line) if line[:1].isdigit() else line
    if names.may_begin(bare):
        if len(line) <= LINE or (";" in line and len(line) <= 400):
            people = names.whole(names.unglue(bare))
            if people and not names.is_body(bare) and not names.is_heading(bare) and _fits(setting, place, people, dated=bare != line):
                return _line(line, people)
        if place < 2 and setting.known and (about := signatures.bio(line, setting.lang)) and setting.agrees(about.names):
            return about
    if place and 4 < len(line) <= 40 and line.lstrip()[0].isalpha() and of_source(line, setting.source):
        return Credit("agency", (line.strip(),), "author", 0, len(line.rstrip()), "the source's name alone")
    return None


def _fits(setting: Setting, place: int, people: tuple[str, ...], *, dated: bool) -> bool:
    """Whether the field has one of the people, or they are three, or a date or role stands before them or on the next line."""
    if setting.agrees(people):
        return True
    if place >= 5 or setting.lang in _NOUNS or names.uncased(people[0][0]):
        return False
    follows = setting.lines[setting.every[place + 1]] if place + 1 < len(setting.every) else ""
    titled = len(follows) <= LINE and (credits.is_date(follows) or (names.has_role(follows) and len(follows.split()) <= 6))
    return dated or titled or len(people) >= 3


def at_tail(setting: Setting, place: int) -> Credit | None:
    """A credit on the line `place` from the end (0: the last): a bio, a name that closes a text or a letter, "Source / Agency"."""
    at = len(setting.every) - 1 - place
    number = setting.every[at]
    line = setting.lines[number]
    if names.may_begin(line):
        credit = _about(setting, number) if at else None
        if credit is None and len(line) <= 100:
            credit = _closing(setting, at, line)
        if credit is not None:
            return credit
    if place == 0 and "/" in line and len(line) <= LINE and any(of_source(part, setting.source) for part in line.split("/")):
        return Credit("agency", tuple(part.strip() for part in line.split("/")), "author", 0, len(line.rstrip()), "the source's name alone")
    return None


def _about(setting: Setting, number: int) -> Credit | None:
    """A bio, unless the story speaks of that person before."""
    credit = signatures.bio(setting.lines[number], setting.lang)
    if credit is None or setting.agrees(credit.names):
        return credit
    last = credit.names[0].split()[-1]
    return None if any(last in line for line in setting.lines[:number]) else credit


def _closing(setting: Setting, at: int, line: str) -> Credit | None:
    """Names below a letter's greeting; names that the field has; names after prose as the very last line, which no list of names is."""
    people, rest = names.leading(names.unglue(line))
    if not people:
        return None
    before = setting.lines[setting.every[at - 1]].rstrip() if at > 0 else ""
    if before.strip(" ,.!").casefold() in _regards():
        return _line(line, people)
    agreed = setting.agrees(people)
    if names.is_body(line) or (rest.strip(" .") and not (agreed and rest.lstrip()[0] in "(,|-–—/")):
        return None
    last = at == len(setting.every) - 1 and len(before) >= LINE and before.endswith(_SENTENCE_END)
    named = len(line) <= LINE and not names.uncased(people[0][0]) and not names.is_heading(line) and not (line.isupper() and len(people) > 1)
    return _line(line, people) if agreed or (last and named) else None


def _line(line: str, people: tuple[str, ...]) -> Credit:
    return Credit("person", people, "author", len(line) - len(line.lstrip()), len(line.rstrip()), "a name alone")


@cache
def _regards() -> frozenset[str]:
    return frozenset(entry.casefold() for entry in wording.every("byline", "regards"))
