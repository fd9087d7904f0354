"""Names that only their place makes a credit: a line of nothing but names, the source's own name, a bio the story did not lead to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from audit.kernels.flags import ABOUT, FAR
from audit.measure import credits, names, signatures, wording
from audit.measure.article import Article
from audit.measure.credits import Credit
from audit.measure.field import of_source

PROSE = 120
"""A line that is longer is prose (characters)."""
LINE = 60
"""A line of a name alone is no longer (characters)."""
BIOS = 2
"""Lines at the head that may be a bio, of people whom the byline field has."""
_NOUNS = frozenset(("de", "lb"))  # every noun has a capital there, so capitals alone are no sign of a name
_DATE_BEFORE = re.compile(
    r"\s*(?:[^\W\d_][^\W\d_ .]{1,30}, )?\d{1,4}(?:[./-]\d{1,2}[./-]|\.? [^\W\d_]{3,10}\.? )\d{1,4}[\s,|•·–—/-]+(?:\d{1,2}:\d\d[\s,|•·–—/-]*)?"
)
_DESK = re.compile(r"[^\W\d_]{3,5}(?:/[^\W\d_]{2,5})*")
_ENDS = frozenset(("END", "ENDS", "ENDE", "FIN", "FINE", "FINIS", "AMEN", "ENDIT", "MORE", "XXX", "QED", "TAGS", "TAG", "SHARE", "FAQ"))
_HANDLE = re.compile(r"@(?:[A-ZÀ-Ž][a-zà-ž]+){2,3}")
_SENTENCE_END = (".", "!", "?", "”", '"', "…", "»", ")", "。")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a line stands in.

    Attributes:
        article: The article.
        every: Numbers of the lines that are looked at, blank lines and headlines aside.
        known: The people of the byline field (and, at the tail, of the head), by first and last word: initials do not matter.
    """

    article: Article
    every: list[int]
    known: frozenset[tuple[str, str]]

    @property
    def lines(self) -> Sequence[str]:
        """All lines of the article."""
        return self.article.lines

    @property
    def lang(self) -> str | None:
        """Its language."""
        return self.article.lang

    @property
    def source(self) -> str | None:
        """Its source."""
        return self.article.source

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
    number = setting.every[place]
    line = setting.lines[number]
    bare = undated(line)
    if names.may_begin(bare):
        if len(line) <= LINE or (";" in line and len(line) <= 400):
            people = names.whole(names.unglue(bare))
            if people and not names.is_body(bare) and not names.is_heading(bare) and _fits(setting, place, people, dated=bare != line):
                return _line(line, people)
        about = signatures.bio(line, setting.lang) if place < BIOS and setting.known and setting.article.may(number, FAR | ABOUT) else None
        if about is not None and setting.agrees(about.names):
            return about
    if place and 4 < len(line) <= 40 and line.lstrip()[0].isalpha() and of_source(line, setting.source):
        return Credit("agency", (line.strip(),), "author", 0, len(line.rstrip()), "the source's name alone")
    return None


def undated(line: str) -> str:
    """A line without the date that it begins with ("2 May 2022 // Jane Roe", "Bern, 2.5.2022 - Jane Roe")."""
    date = _DATE_BEFORE.match(line) if line[:1].isdigit() or ", " in line[:32] else None
    return line[date.end() :] if date else line


def _fits(setting: Setting, place: int, people: tuple[str, ...], *, dated: bool) -> bool:
    """Whether the field has one of the people, or they are three, or a date or role stands before them or on the next line."""
    if setting.agrees(people) or dated:
        return True
    if place >= 5 or setting.lang in _NOUNS or names.uncased(people[0][0]):
        return False
    follows = setting.lines[setting.every[place + 1]] if place + 1 < len(setting.every) else ""
    titled = len(follows) <= LINE and (credits.is_date(follows) or (names.has_role(follows) and len(follows.split()) <= 6))
    return titled or len(people) >= 3 or (place == 0 and len(people) == 1 and _is_new(setting, people[0], follows))


def _is_new(setting: Setting, name: str, follows: str) -> bool:
    """Whether a line above prose can only be who wrote it: no other line has a word of it, as the story would of whom or what it is about."""
    words = [word for word in re.findall(r"[^\W\d_]+", name.lower()) if len(word) > 2]
    if setting.known or not 2 <= len(name.split()) <= 3 or len(words) < 2 or len(follows) <= PROSE:
        return False
    text = "\n".join(setting.lines).lower()
    return all(text.count(word) == 1 for word in words)


def at_tail(setting: Setting, place: int) -> Credit | None:
    """A credit on the line `place` from the end (0: the last): a bio, a name that closes a text or a letter, "Source / Agency"."""
    at = len(setting.every) - 1 - place
    number = setting.every[at]
    line = setting.lines[number]
    if names.may_begin(line):
        credit = _about(setting, number) if at and setting.article.may(number, FAR | ABOUT) else None
        if credit is None and len(line) <= 100:
            credit = _closing(setting, at, line)
        if credit is not None:
            return credit
    if place == 0 and at and len(line) <= 40 and (sign := _sign(setting, at, line.strip())):
        return sign
    if place == 0 and "/" in line and len(line) <= LINE and any(of_source(part, setting.source) for part in line.split("/")):
        return Credit("agency", tuple(part.strip() for part in line.split("/")), "author", 0, len(line.rstrip()), "the source's name alone")
    return None


def _sign(setting: Setting, at: int, text: str) -> Credit | None:
    """Capitals alone under prose, which are an agency's or a desk's ("PAP", "ANSA"), or a user's name that is made of a person's ("@JaneRoe")."""
    if text.isupper() and _DESK.fullmatch(text) and text not in _ENDS:
        before = setting.lines[setting.every[at - 1]].rstrip()
        if (len(before) >= LINE and before.endswith(_SENTENCE_END)) or (setting.lang not in ("en", None) and at > 5):
            return Credit("agency", (text,), "author", 0, len(text), "an outlet's sign alone")
    if _HANDLE.fullmatch(text):
        return Credit("person", (text,), "author", 0, len(text), "a user's name alone")
    return None


def _about(setting: Setting, number: int) -> Credit | None:
    """A bio, unless the story speaks of that person before."""
    credit = signatures.bio(setting.lines[number], setting.lang)
    if credit is None or setting.agrees(credit.names):
        return credit
    if credit.rule == signatures.LIKELY:
        return None
    last = credit.names[0].split()[-1]
    return None if any(last in line for line in setting.lines[:number]) else credit


def _is_dated(setting: Setting, at: int) -> bool:
    """Whether only a place or body and a date follow, as below a letter or an order."""
    rest = [setting.lines[number] for number in setting.every[at + 1 :]]
    return (
        setting.lang not in _NOUNS
        and 1 <= len(rest) <= 2
        and all(len(line) <= 40 for line in rest)
        and credits.is_date(rest[-1])
        and any(map(str.isdigit, rest[-1]))
    )


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
    return _line(line, people) if agreed or (named and (last or _is_dated(setting, at))) else None


def _line(line: str, people: tuple[str, ...]) -> Credit:
    return Credit("person", people, "author", len(line) - len(line.lstrip()), len(line.rstrip()), "a name alone")


@cache
def _regards() -> frozenset[str]:
    return frozenset(entry.casefold() for entry in wording.every("byline", "regards"))
