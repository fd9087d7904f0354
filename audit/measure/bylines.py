"""Who is credited for an article: in its text, and in its byline field.

The text is read at its head and its tail only. If a person and an agency are both credited, the person counts; people who
only helped count where nobody else is credited. What credits no one (editors, pictures) is handed on in `credits`, so that
truncation can look past it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from audit.measure import credits, names, signatures
from audit.measure.article import Article, Mark
from audit.measure.credits import Credit
from audit.measure.field import field_kind, of_source

__all__ = ["Bylines", "field_kind", "find", "missing"]

HEAD = 10
"""Lines that are not blank at the head in which a credit may stand."""
TAIL = 9
"""Lines that are not blank at the tail."""
DATELINES = 4
"""Lines at the head that may begin with a dateline; captions may stand before it."""
_NOUNS = frozenset(("de", "lb"))  # every noun has a capital there, so capitals alone are no sign of a name
_DATE_BEFORE = re.compile(r"^\s*\d{1,4}[./-]\d{1,2}[./-]\d{1,4}[\s,|•·–—-]+(?:\d{1,2}:\d\d[\s,|•·–—-]*)?")
CLOSING = 4
"""Lines at the tail whose end may be signed."""


@dataclass(frozen=True, slots=True)
class Bylines:
    """Who is credited.

    Attributes:
        byline: Names credited in the text, verbatim, joined by "; "; None if there are none.
        kind: person, agency, staff or none: who is credited in the text.
        line: The line of the credit; None without one.
        field_kind: What the byline field holds (`field_kind`).
        credits: All lines that are credits of any kind, sign-offs and bios.
        marks: The credit that counts, check "byline".
    """

    byline: str | None
    kind: str
    line: int | None
    field_kind: str
    credits: frozenset[int]
    marks: tuple[Mark, ...]


def missing(field_kind: str, kind: str) -> bool:
    """Whether nobody is credited: no credit in the text, and a byline field that is empty or junk.

    An outlet in the field ("hindustantimes.com") is a credit: it says whose article it is, though not which person's.
    """
    return kind == "none" and field_kind in ("none", "junk")


@dataclass(frozen=True, slots=True)
class _Found:
    line: int
    credit: Credit
    head: bool


def find(article: Article, skip: frozenset[int]) -> Bylines:
    """The credit in the text, and what the byline field holds. `skip`: lines that are the headline."""
    kind = field_kind(article.byline, article.source)
    lines = article.lines
    head, tail = _ends(lines, skip)
    known = frozenset(map(_key, names.leading(names.unglue(article.byline or ""))[0])) if kind == "person" else frozenset()
    found = [*_head(lines, head, article, known), *_tail(lines, head, tail, article, known)]
    best = _best(found)
    noted = frozenset(each.line for each in found if len(lines[each.line]) <= credits.LONG or each.credit.part in ("bio", "helped"))
    if best is None:
        return Bylines(None, "none", None, kind, noted, ())
    credit = best.credit
    mark = Mark("byline", best.line, credit.start, credit.end, credit.rule)
    return Bylines("; ".join(dict.fromkeys(credit.names)) or None, credit.kind, best.line, kind, noted, (mark,))


def _key(name: str) -> tuple[str, str]:
    """First and last word of a name: initials between them do not matter."""
    words = name.casefold().split()
    return words[0], words[-1]


def _agrees(people: tuple[str, ...], known: frozenset[tuple[str, str]]) -> bool:
    return bool(known) and not known.isdisjoint(map(_key, people))


def _ends(lines: list[str], skip: frozenset[int]) -> tuple[list[int], list[int]]:
    """Numbers of the lines at the head and at the tail, blank lines and headlines aside; a line is in one of them only."""
    head: list[int] = []
    for number, line in enumerate(lines):
        if line and not line.isspace() and number not in skip:
            head.append(number)
            if len(head) == HEAD:
                break
    tail: list[int] = []
    last = head[-1] if head else -1
    for number in range(len(lines) - 1, last, -1):
        line = lines[number]
        if line and not line.isspace() and number not in skip:
            tail.append(number)
            if len(tail) == TAIL:
                break
    return head, tail[::-1]


def _head(lines: list[str], head: list[int], article: Article, known: frozenset[tuple[str, str]]) -> Iterator[_Found]:
    prose = 0
    for place, number in enumerate(head):
        line = lines[number]
        credit = None
        if place < DATELINES and len(line) > 20:
            credit = signatures.dateline(line)
        if prose < 3 or len(line) <= 80:
            said = credits.read(line, article.lang)
            credit = said if said is not None and (said.part != "given" or place > 2) else credit  # at the head it thanks for a picture
        if credit is None and (len(line) <= 60 or (";" in line and len(line) <= 400)) and (known or place < 5):
            credit = _bare_head(lines, head, place, article.lang, known)
        if credit is None and place < 2 and prose == 0 and known and (about := signatures.bio(line, article.lang)) and _agrees(about.names, known):
            credit = about
        if credit is None and place and len(line) <= 40 and len(line) > 4 and of_source(line, article.source):
            credit = Credit("agency", (line.strip(),), "author", 0, len(line.rstrip()), "the source's name alone")
        if credit is not None:
            yield _Found(number, credit, head=True)
        prose += len(line) > credits.LONG


def _bare_head(lines: list[str], head: list[int], place: int, lang: str | None, known: frozenset[tuple[str, str]]) -> Credit | None:
    """A line of nothing but names: where the byline field has one of them, or a line of a role or date follows."""
    line = lines[head[place]]
    bare = _DATE_BEFORE.sub("", line)
    people = names.whole(names.unglue(bare))
    if not people or names.is_body(bare) or names.is_heading(bare):
        return None
    follows = lines[head[place + 1]] if place + 1 < len(head) else ""
    cased = lang not in _NOUNS and not names.uncased(people[0][0])
    dated = bare != line or (len(follows) <= 60 and (credits.is_date(follows) or (names.has_role(follows) and len(follows.split()) <= 6)))
    if _agrees(people, known) or (cased and (len(people) >= 3 or dated)):
        start = len(line) - len(line.lstrip())
        return Credit("person", people, "author", start, len(line.rstrip()), "a name alone")
    return None


def _tail(lines: list[str], head: list[int], tail: list[int], article: Article, known: frozenset[tuple[str, str]]) -> Iterator[_Found]:
    every = head + tail
    closing = every[-TAIL:]
    for number in reversed(closing):
        line = lines[number]
        place = len(every) - 1 - every.index(number)
        credit = None
        if number not in head and not (line.lstrip()[:1].islower() and len(every) > 20):
            credit = credits.read(line, article.lang)
        if credit is None and len(line) <= 600:
            credit = signatures.helped(line)
        if credit is None and place < CLOSING:
            credit = signatures.signed(line, article.lang)
        if credit is None and place < 5 and number != every[0]:
            credit = _about(lines, every, number, article, known)
        if credit is None and place < 3 and len(line) <= 100:
            credit = _bare_tail(lines, every, len(every) - 1 - place, known)
        if credit is not None:
            yield _Found(number, credit, head=False)


def _about(lines: list[str], every: list[int], number: int, article: Article, known: frozenset[tuple[str, str]]) -> Credit | None:
    """A bio, unless the story speaks of that person before."""
    credit = signatures.bio(lines[number], article.lang)
    if credit is None or _agrees(credit.names, known):
        return credit
    last = credit.names[0].split()[-1]
    return None if any(last in lines[before] for before in range(number)) else credit


def _bare_tail(lines: list[str], every: list[int], at: int, known: frozenset[tuple[str, str]]) -> Credit | None:
    """A line of nothing but names that closes the text: it follows prose, and no list of names."""
    line = lines[every[at]]
    people, rest = names.leading(names.unglue(line))
    agreed = _agrees(people, known)
    if not people or names.is_body(line) or (rest.strip(" .") and not (agreed and rest.lstrip()[0] in "(,|-–—/")):
        return None
    before = lines[every[at - 1]].rstrip() if at > 0 else ""
    closes = at == len(every) - 1 and len(before) >= 60 and before.endswith((".", "!", "?", "”", '"', "…", "»", ")", "。"))
    if agreed or (
        closes and not names.uncased(people[0][0]) and len(line) <= 60 and not names.is_heading(line) and not (line.isupper() and len(people) > 1)
    ):
        start = len(line) - len(line.lstrip())
        return Credit("person", people, "author", start, len(line.rstrip()), "a name alone")
    return None


_RANK = {"author": 0, "reporting": 1, "given": 2, "bio": 3}


def _best(found: list[_Found]) -> _Found | None:
    """The credit that counts: a person's before an agency's before a desk's; authors before reporters, bios and helpers; the first."""
    ranked = [(_worth(each.credit), place, each) for place, each in enumerate(found) if each.credit.kind != "none"]
    return min(ranked, key=lambda item: item[:2])[2] if ranked else None


def _worth(credit: Credit) -> int:
    if credit.part == "helped":
        return 6 + (credit.kind != "person")
    if credit.kind == "person":
        return _RANK[credit.part]
    return 4 if credit.kind == "agency" else 5
