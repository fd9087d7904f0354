"""Examples for an expectation: real articles that are against it, each with what was seen, where, and the text around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from audit.result import Verdict
from audit.show import numbers, safe
from audit.show.shelf import Row, Shelf, spread
from audit.tables import EVIDENCE

CARDS = 10
"""Examples of an expectation."""
QUOTES = 3
"""Marks of an example."""
BESIDE = 220
"""Characters of the line on either side of a mark."""
AROUND = 160
"""Characters of the lines before and after it."""
LOOK = 8
"""Lines in which the next one that is not blank is looked for."""

_CHECKS: Mapping[str, tuple[str, ...]] = {
    "repeated_title": ("repeated_title", "title_repeats"),
    "truncation_kind": ("truncated",),
    "boilerplate_share": ("boilerplate_lines", "boilerplate_share"),
    "encoding_damage": ("encoding_damage", "lost_letters"),
    "byline_kind": ("byline", "byline_kind"),
    "field_byline_kind": ("missing_byline", "field_byline_kind"),
}
"""Measure -> the checks of findings that are evidence for it, where they are not called like it."""

_TOLD: Mapping[str, Mapping[str, str]] = {
    "truncated": {"truncation_kind": "kind"},
    "missing_byline": {"field_byline": "byline field", "field_byline_kind": "kind"},
    "repeated_title": {"title_repeats": "repeats"},
    "encoding_damage": {"fixes": "cleaning"},
    "duplicate": {"duplicate_of": "kept is article", "similarity": "similarity"},
    "contained": {"contained_in": "stands in article", "containment": "share of it"},
    "retitled": {"exact_cluster": "same text as article"},
}
"""Measure -> the columns that say more of an article that is against it, and what they are called."""


@dataclass(frozen=True, slots=True)
class Quote:
    """What was seen in a text: `marked`, with the rest of its line on either side and the lines around it.

    `line` is 1-based; None where it is no place in the text. `note`: which rule saw it.
    """

    lead: str
    before: str
    marked: str
    after: str
    follow: str
    line: int | None
    note: str


@dataclass(frozen=True, slots=True)
class Card:
    """One article as an example. `place` is file:line of the record; `head` its beginning, where there is no quote."""

    article: int
    id: str
    place: str
    source: str
    lang: str
    date: str
    url: str | None
    title: str
    facts: tuple[tuple[str, str], ...]
    quotes: tuple[Quote, ...]
    left_out: int
    head: str

    @property
    def explain(self) -> str:
        """The command that shows everything about the article."""
        return explain(self.article)


def explain(article: int) -> str:
    """The command that shows everything about an article; by its number, since ids of real data repeat."""
    return f"corpus-audit explain corpus-audit-out '#{article}'"


def choose(verdict: Verdict, shelf: Shelf, most: int = CARDS) -> tuple[int, ...]:
    """At most `most` articles against the expectation, spread over sources; none where no single article is at fault."""
    if not verdict.bad or verdict.state in ("not asked", "not evaluated"):
        return ()
    found = shelf.among(verdict) if verdict.measure not in _NUMBERS else []
    if not found:
        return tuple(shelf.more(verdict, most))
    return tuple(spread(found, [shelf.facts(article)["source"] for article in found], most))


_NUMBERS = frozenset({"n_words", "n_chars", "n_lines"})
"""Measures with no mark in the text, whose most extreme articles say more than a fair choice."""


def checks(measure: str) -> tuple[str, ...]:
    """The checks of findings that are evidence for the measure."""
    return _CHECKS.get(measure, (measure,))


def card(article: int, measure: str, shelf: Shelf) -> Card:
    """An article that the shelf knows, as an example for the measure."""
    row, example = shelf.facts(article), shelf.text(article)
    text = example["text"] if example is not None else None
    found = _places(shelf.findings(article, checks(measure)))
    return Card(
        article=article,
        id=row["id"],
        place=f"{row['file']}:{row['line']}",
        source=row["source"] or "",
        lang=row["lang"] or "",
        date=row["date"].strftime("%Y-%m-%d") if row["date"] is not None else "",
        url=safe.link(row["url"]),
        title=safe.clip(row["title"] or "", 240),
        facts=tuple(_told(row, measure)),
        quotes=tuple(quote(finding, text) for finding in found[:QUOTES]),
        left_out=max(0, len(found) - QUOTES),
        head=safe.clip(" ".join((text or "")[: 2 * EVIDENCE].split()), EVIDENCE) if not found else "",
    )


def _places(findings: Sequence[Row]) -> list[Row]:
    """The findings, those of one place as one: several rules may have seen it."""
    places: dict[tuple[object, ...], list[Row]] = {}
    for row in findings:
        places.setdefault((row["line"], row["start"], row["evidence"]), []).append(row)
    return [{**rows[0], "note": "; ".join(dict.fromkeys(row["note"] for row in rows if row["note"]))} for rows in places.values()]


def _told(row: Row, measure: str) -> list[tuple[str, str]]:
    """The columns that say more, as (name, value)."""
    names = dict(_TOLD.get(measure, {}))
    if measure in row and not isinstance(row[measure], bool | None):
        names = {measure: measure.removeprefix("n_").replace("_", " ")} | names
    return [(label, said(row[name])) for name, label in names.items() if name in row and row[name] != []]


def said(value: Any) -> str:
    """A value of a measure in words."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return numbers.number(value)
    if isinstance(value, list):
        return ", ".join(map(said, value)) or "none"
    return safe.clip(str(value), EVIDENCE)


def quote(finding: Row, text: str | None) -> Quote:
    """A finding with the text around it; without it where the text is not here, or cut before the place."""
    evidence, start, line = finding["evidence"], finding["start"], finding["line"]
    note = finding["note"] or ""
    where = line + 1 if line is not None else None
    if text is None or start is None or line is None or text[start : start + len(evidence)] != evidence:
        return Quote("", "", evidence, "", "", where, note)
    lines = text.splitlines(keepends=True)
    base = sum(map(len, lines[:line]))
    whole = lines[line].rstrip("\r\n") if line < len(lines) else evidence
    at = max(0, start - base)
    rest = whole[at + len(evidence) :]
    before = whole[:at]
    return Quote(
        _above(lines[max(0, line - LOOK) : line]),
        ("…" + before[-BESIDE:]) if len(before) > BESIDE else before,
        evidence,
        safe.clip(rest, BESIDE),
        safe.clip(_filled(lines[line + 1 : line + 1 + LOOK]), AROUND),
        where,
        note,
    )


def _above(lines: Sequence[str]) -> str:
    """The last of the lines that is not blank, cut at its beginning."""
    line = _filled(lines[::-1])
    return "…" + line[-AROUND:] if len(line) > AROUND else line


def _filled(lines: Sequence[str]) -> str:
    return next((line.strip() for line in lines if line.strip()), "")
