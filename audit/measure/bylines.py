"""Who is credited for an article: in its text, and in its byline field.

The text is read at its head and its tail only. If a person and an agency are both credited, the person counts; people who
only helped count where nobody else is credited and a phrase such as "Additional reporting by" names them. What credits no
author (editors, pictures, "contributed to this report") is handed on in `credits`, so that truncation can look past it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from audit.kernels.flags import ABOUT, ALONE, BEHIND, BRIEF, DATELINE, FAR, HELPED, LAST, POSTED, READ, SIGNED
from audit.measure import alone, credits, signatures
from audit.measure.alone import Setting
from audit.measure.article import Article, Mark
from audit.measure.credits import Credit
from audit.measure.field import field_kind, may_be_source

__all__ = ["Bylines", "field_kind", "find", "missing"]

HEAD = 10
"""Lines that are not blank at the head in which a credit may stand."""
TAIL = 8
"""Lines that are not blank at the tail."""
DATELINES = 4
"""Lines at the head that may begin with a dateline; captions may stand before it."""
CLOSING = 4
"""Lines at the tail whose end may be signed; a name alone may stand one further up."""

SKIPPED = LAST - 1
"""Of more lines that are the headline, the places that kernels count by are not those meant here."""
_AT_HEAD = (*(FAR | READ | ALONE | DATELINE | BEHIND | POSTED for _ in range(DATELINES)), *(FAR | READ | ALONE for _ in range(DATELINES, HEAD)))
_AT_TAIL = (*(FAR | READ | HELPED | SIGNED | ALONE | ABOUT for _ in range(CLOSING + 1)), *(FAR | READ | HELPED for _ in range(CLOSING + 1, TAIL)))
"""What a line may be to be read, by its place; most are prose, and kernels have seen that no rule finds anything in them."""
_ABOUT_HEAD = (*(look | ABOUT for look in _AT_HEAD[: alone.BIOS]), *_AT_HEAD[alone.BIOS :])
"""The same where the byline field has people."""
_ANY = READ | DATELINE | ALONE | ABOUT | SIGNED | HELPED | BEHIND | POSTED | BRIEF
"""What one of the lines is at the least where a credit is found; those at the places that are read are never FAR."""


@dataclass(frozen=True, slots=True)
class Bylines:
    """Who is credited.

    Attributes:
        byline: Names credited in the text, verbatim, joined by "; "; None if there are none.
        kind: person, agency, staff or none: who is credited in the text.
        line: The line of the credit; None without one.
        field_kind: What the byline field holds (`field_kind`).
        credits: Lines that are credits of any kind, sign-offs and bios; a paragraph that only ends in one is not here.
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


def find(article: Article, skip: frozenset[int]) -> Bylines:
    """The credit in the text, and what the byline field holds. `skip`: lines that are the headline."""
    kind = field_kind(article.byline, article.source)
    if len(skip) > SKIPPED:
        article = replace(article, looks=None)
    elif not article.seen & _ANY:
        return _nobody(kind)
    known = alone.people((article.byline or "")[:2_000]) if kind == "person" else frozenset()
    head, tail = _ends(article.full, skip)
    setting = Setting(article, head + tail, known)
    first = _worth_reading(head, article, _ABOUT_HEAD if known else _AT_HEAD, brief=BRIEF)
    last = _worth_reading(setting.every[: -TAIL - 1 : -1], article, _AT_TAIL)
    found = dict(_head(setting, first)) if first else {}
    if last:
        if authors := {alone.key(name) for credit in found.values() if credit.kind == "person" for name in credit.names}:
            setting = Setting(article, setting.every, known | authors)
        found |= dict(_tail(setting, last, frozenset(found)))
    if not found:
        return _nobody(kind)
    noted = frozenset(line for line, credit in found.items() if _fills(credit, article.lines[line]))
    best = min(((_worth(credit), line, credit) for line, credit in found.items() if credit.kind != "none"), key=lambda each: each[:2], default=None)
    if best is None:
        return Bylines(None, "none", None, kind, noted, ())
    _, line, credit = best
    mark = Mark("byline", line, credit.start, max(credit.start, credit.end), credit.rule)
    return Bylines("; ".join(dict.fromkeys(credit.names)) or None, credit.kind, line, kind, noted, (mark,))


@cache
def _nobody(field_kind: str) -> Bylines:
    """No credit in the text."""
    return Bylines(None, "none", None, field_kind, frozenset(), ())


def _ends(full: list[int], skip: frozenset[int]) -> tuple[list[int], list[int]]:
    """Numbers of the lines at the head and at the tail, blank lines and headlines aside; a line is in one of them only."""
    own = full
    if skip:
        behind = bisect_right(full, max(skip))
        own = [number for number in full[:behind] if number not in skip] + full[behind:]
    return own[:HEAD], own[max(HEAD, len(own) - TAIL) :]


def _head(setting: Setting, places: Sequence[int]) -> Iterator[tuple[int, Credit]]:
    """(line, credit) of the first lines; after three paragraphs only short lines are read."""
    article = setting.article
    for place in places:
        number = setting.every[place]
        line = setting.lines[number]
        said = None
        looks = article.may(number, FAR | READ | ALONE | ABOUT | BRIEF) and credits.glance(line)
        if looks and article.may(number, FAR | READ) and (len(line) <= 80 or _is_early(setting, place)):
            bare = alone.undated(line)
            said = credits.read(bare, setting.lang)
            if said is not None and bare is not line:
                said = replace(said, start=said.start + len(line) - len(bare), end=said.end + len(line) - len(bare))
            if said is not None and said.part == "given":  # at the head it thanks for a picture
                said = None
        if said is None and place < DATELINES and len(line) > 20:
            said = signatures.dateline(line) if article.may(number, FAR | DATELINE) else None
            if said is None and article.may(number, FAR | BEHIND):
                said = signatures.closed(line, setting.lang)
            if said is None and article.may(number, FAR | POSTED):
                said = signatures.posted(line)
        if said is None and looks and (place < 5 or setting.known) and article.may(number, FAR | ALONE | ABOUT | BRIEF):
            said = alone.at_head(setting, place)
        if said is not None:
            yield number, said


def _is_early(setting: Setting, place: int) -> bool:
    """Whether fewer than three paragraphs stand above a place."""
    return place < 3 or sum(setting.article.size(above) > credits.LONG for above in setting.every[:place]) < 3


def _worth_reading(numbers: list[int], article: Article, looks: tuple[int, ...], *, brief: int = 0) -> Sequence[int]:
    """Places of the lines that may be what is looked for at their place; `brief`: BRIEF if the source's name is."""
    if (seen := article.looks) is None:
        return range(len(numbers))
    return [
        place
        for place, (number, look) in enumerate(zip(numbers, looks))
        if seen[number] & look or (seen[number] & brief and may_be_source(article.lines[number], article.source))
    ]


def _tail(setting: Setting, places: Sequence[int], seen: frozenset[int]) -> Iterator[tuple[int, Credit]]:
    """(line, credit) of the last lines, counted from the end; `seen`: lines whose credit is known."""
    article, long = setting.article, len(setting.every) > HEAD + TAIL // 2
    for place in places:
        number = setting.every[-1 - place]
        if number in seen:
            continue
        line = setting.lines[number]
        said = None
        looks = article.may(number, FAR | READ | HELPED | ALONE | ABOUT) and credits.glance(line)
        if looks and article.may(number, FAR | READ):
            said = None if long and line.lstrip()[0].islower() else credits.read(line, setting.lang)
            if said is not None and said.part == "given" and number == setting.every[0]:
                said = None
        if said is None and article.may(number, FAR | HELPED) and (looks or line.startswith("The ")):
            said = signatures.helped(line)
        if said is None and place < CLOSING and article.may(number, FAR | SIGNED):
            said = signatures.signed(line, setting.lang)
        if said is None and looks and place <= CLOSING and article.may(number, FAR | ALONE | ABOUT):
            said = alone.at_tail(setting, place)
        if said is not None:
            yield number, said


def _fills(credit: Credit, line: str) -> bool:
    """Whether the line is a credit as a whole, and no paragraph that begins or ends with one."""
    whole = credit.end - credit.start >= len(line.strip()) // 2
    return credit.part in ("bio", "helped") or (whole and len(line) <= credits.LONG)


def _worth(credit: Credit) -> int:
    """The order in which credits count, the least first: a person's, an agency's, a desk's, those of hands that helped."""
    if credit.part == "helped":
        return 6 + (credit.kind != "person")
    if credit.kind == "person":
        return {"author": 0, "reporting": 1, "given": 2, "bio": 3}[credit.part]
    return 4 if credit.kind == "agency" else 5
