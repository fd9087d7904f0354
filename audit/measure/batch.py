"""A batch of articles through every detector: each is told what the ones before it saw, and what they saw is carried back to the text as read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import pyarrow as pa

from audit.measure import agreement, boilerplate, bylines, clean, damage, language, listing, quality, size, titles, truncation
from audit.measure.article import Article, Mark
from audit.measure.fold import words
from audit.measure.marks import Lexicon
from audit.tables import COLUMNS, EVIDENCE, FINDINGS

READING = ("titles", "bylines", "boilerplate", "truncation")
"""Groups that lean on each other: one of them asked for, all are computed."""
DETECTORS = (*READING, "damage")


@dataclass(frozen=True, slots=True)
class Side:
    """What the detectors know beside the article: phrases, site names in headlines, and the groups that are asked for."""

    lexicon: Lexicon
    affixes: titles.Affixes
    groups: frozenset[str]

    @property
    def reads(self) -> bool:
        """Whether a detector has to read the lines."""
        return not self.groups.isdisjoint(DETECTORS)


@dataclass(frozen=True, slots=True)
class Measured:
    """A batch, measured.

    Attributes:
        columns: Column name -> array, for every column of tables.COLUMNS that is no concern of `across`; one row per article.
        findings: tables.FINDINGS, in the order of articles.
        skip: list<int32> per article: lines that do not count when texts are compared.
        headlines: Per article its headline folded to words, None without one: equal headlines are equal here.
    """

    columns: dict[str, pa.Array]
    findings: pa.RecordBatch
    skip: pa.ListArray
    headlines: list[str | None]


def measure(batch: pa.RecordBatch, recurrent: pa.ListArray | None, side: Side) -> Measured:
    """Measure the articles of a batch.

    Args:
        batch: tables.ARTICLES and `view` (the cleaned lines; null where equal to `text`), `empty`, `fixes`; `text` null if empty.
        recurrent: Per article the lines that recurrence found; None where that was not looked for.
        side: What the detectors know beside the article.
    """
    views = pa.compute.coalesce(batch["view"], batch["text"])
    columns: dict[str, pa.Array] = dict(size.measure(views))
    lang, confidence = _languages(batch, views, side)
    columns |= {"lang": lang, "lang_confidence": confidence}
    if "quality" in side.groups:
        columns |= quality.measure(views, lang)
    if "language" in side.groups:
        columns |= language.script(views)
    rows = _rows(batch, views, lang, recurrent, side) if side.reads else _headlines(batch, views)
    columns |= _columns(rows, side.groups)
    columns |= _whole(columns, batch, views, rows, side.groups)
    columns["fixes"] = batch["fixes"]
    return Measured(
        _only(columns, side.groups, batch.num_rows),
        _findings(batch["article"].to_pylist(), rows, side.groups),
        pa.array([row["skip"] for row in rows], pa.list_(pa.int32())),
        [words(row["title"]) if row["title"] else None for row in rows],
    )


def _languages(batch: pa.RecordBatch, views: pa.LargeStringArray, side: Side) -> tuple[pa.Array, pa.Array]:
    if "language" in side.groups or "quality" in side.groups or side.reads:
        return language.detect(views, batch["lang"])
    return pa.nulls(len(views), pa.string()), pa.nulls(len(views), pa.float64())


def _rows(batch: pa.RecordBatch, views: pa.Array, lang: pa.Array, recurrent: pa.ListArray | None, side: Side) -> list[dict[str, Any]]:
    """One row of column values per article, with its `marks`."""
    found = recurrent.to_pylist() if recurrent is not None else [None] * batch.num_rows
    cleaned = [clean.clean_batch(batch[name]).text.to_pylist() for name in ("title", "byline")]
    given = [batch[name].to_pylist() for name in ("source", "fixes", "text", "empty", "byline")]
    rows = []
    for title, byline, source, fixes, text, empty, read, view, spoken, lines in zip(
        *cleaned, *given, views.to_pylist(), lang.to_pylist(), found, strict=True
    ):
        if empty:
            row = _empty_row(title, byline, source)
        else:
            article = Article(title, byline, source, spoken, view.splitlines(), frozenset(lines or ()))
            row = _detect(article, text, fixes or (), side)
        rows.append(row | {"field_byline": read})
    return rows


def _headlines(batch: pa.RecordBatch, views: pa.Array) -> list[dict[str, Any]]:
    """Where no detector is asked for: the headline alone, which every article has; a text is read only where no field says it."""
    rows = []
    for number, (title, empty) in enumerate(zip(clean.clean_batch(batch["title"]).text.to_pylist(), batch["empty"].to_pylist(), strict=True)):
        if empty:
            headline, origin = title or None, "field" if title else "none"
        else:
            lines = [] if title and not title.isspace() else views[number].as_py().splitlines()
            headline, origin = titles.headline(Article(title, None, None, None, lines, frozenset()))
        rows.append({"title": headline, "title_from": origin, "skip": [], "marks": ()})
    return rows


def _empty_row(title: str | None, byline: str | None, source: str | None) -> dict[str, Any]:
    kind = bylines.field_kind(byline, source)
    marks = _field_mark(byline, kind)
    return {
        "title": title or None, "title_from": "field" if title else "none", "field_byline_kind": kind,
        "missing_byline": bylines.missing(kind, "none"), "skip": [], "marks": marks,
    }  # fmt: skip


def _detect(article: Article, text: str, fixes: Sequence[str], side: Side) -> dict[str, Any]:
    """Every detector over one article, each told what the ones before it saw."""
    raw = text.splitlines()
    headline = titles.find(article, side.affixes)
    credit = bylines.find(article, headline.lines)
    plate = boilerplate.find(article, side.lexicon, headline.lines | credit.credits)
    cut = truncation.find(article, side.lexicon, frozenset(plate.lines), credit.credits)
    hurt = damage.find(raw, article, fixes)
    starts = list(accumulate(map(len, text.splitlines(keepends=True)), initial=0))
    marks = [_place(mark, article.lines, raw, starts) for mark in (*headline.marks, *credit.marks, *plate.marks, *cut.marks)]
    marks += [_place(mark, raw, raw, starts) for mark in hurt.marks]
    evidence = _place(cut.evidence, article.lines, raw, starts)[4] if cut.evidence else None
    return {
        "title": headline.title, "title_from": headline.title_from, "title_repeats": headline.repeats, "repeated_title": headline.repeats > 0,
        "byline": credit.byline, "byline_kind": credit.kind, "byline_line": credit.line,
        "field_byline_kind": credit.field_kind,
        "missing_byline": bylines.missing(credit.field_kind, credit.kind),
        "truncated": cut.truncated, "truncation_kind": cut.kind, "truncation_evidence": evidence,
        "boilerplate_lines": list(plate.lines), "boilerplate_share": plate.share,
        "encoding_damage": hurt.encoding_damage, "lost_letters": hurt.lost_letters,
        "skip": sorted({*plate.lines, *cut.lines}), "marks": (*marks, *_field_mark(article.byline, credit.field_kind)),
    }  # fmt: skip


def _whole(
    columns: Mapping[str, pa.Array], batch: pa.RecordBatch, views: pa.LargeStringArray, rows: list[dict[str, Any]], groups: frozenset[str]
) -> dict[str, pa.Array]:
    """What a text shows as a whole: whether it is about its headline, whether it is a listing. What is seen is added to the marks of `rows`."""
    found: dict[str, pa.Array] = {}
    if "titles" in groups:
        more, evidence = agreement.measure(columns["title"], columns["title_from"], views)
        found |= more
        for row, (headline, note) in evidence.items():
            rows[row]["marks"] = (*rows[row]["marks"], ("title_disagrees", None, None, None, headline, note))
    if "boilerplate" in groups:
        more, marks = listing.measure(views)
        found |= more
        for row, mark in marks.items():
            text = batch["text"][row].as_py()
            starts = list(accumulate(map(len, text.splitlines(keepends=True)), initial=0))
            rows[row]["marks"] = (*rows[row]["marks"], _place(mark, views[row].as_py().splitlines(), text.splitlines(), starts))
    return found


Place = tuple[str, int | None, int | None, int | None, str, str]
"""check, line, start and end in the text as read, evidence, note."""


def _place(mark: Mark, lines: Sequence[str], raw: Sequence[str], starts: Sequence[int]) -> Place:
    """A mark on `lines` as a place in the text as read: its very span where cleaning left the line alone, else the whole line."""
    if mark.line is None:
        return (mark.check, None, None, None, (mark.text or "")[:EVIDENCE], mark.note)
    line, base = raw[mark.line], starts[mark.line]
    start, end = (mark.start, mark.end) if line == lines[mark.line] else (0, len(line))
    end = min(end, start + EVIDENCE)
    return (mark.check, mark.line, base + start, base + end, line[start:end], mark.note)


def _field_mark(byline: str | None, kind: str) -> tuple[Place, ...]:
    """Evidence for a byline field that credits no one."""
    return (("missing_byline", None, None, None, (byline or "")[:EVIDENCE], "the byline field is no credit"),) if kind == "junk" else ()


_GROUP_OF = {column.name: column.group for column in COLUMNS}
_TYPES: Mapping[str, pa.DataType] = {column.name: column.type for column in COLUMNS}
_OF_ROWS = (
    "title", "title_from", "title_repeats", "repeated_title", "byline", "byline_kind", "byline_line", "field_byline", "field_byline_kind",
    "missing_byline", "truncated", "truncation_kind", "truncation_evidence", "boilerplate_lines", "boilerplate_share", "encoding_damage",
    "lost_letters",
)  # fmt: skip


def _columns(rows: Sequence[Mapping[str, Any]], groups: frozenset[str]) -> dict[str, pa.Array]:
    """The columns of _OF_ROWS that are asked for."""
    asked = [name for name in _OF_ROWS if not _GROUP_OF[name] or _GROUP_OF[name] in groups]
    return {name: pa.array([row.get(name) for row in rows], _TYPES[name]) for name in asked}


def _only(columns: dict[str, pa.Array], groups: frozenset[str], n: int) -> dict[str, pa.Array]:
    """The columns of the groups that are asked for; null in the others."""
    asked = {}
    for column in COLUMNS:
        if column.group and column.group not in groups:
            asked[column.name] = pa.nulls(n, column.type)
        elif column.name in columns:
            asked[column.name] = columns[column.name]
    return asked


def _findings(articles: Sequence[int], rows: Sequence[Mapping[str, Any]], groups: frozenset[str]) -> pa.RecordBatch:
    """The places of all rows, with offsets into the text as read."""
    out: list[tuple[Any, ...]] = []
    for article, row in zip(articles, rows, strict=True):
        for check, line, start, end, evidence, note in sorted(row["marks"], key=lambda place: (place[0], place[1] or 0, place[2] or 0)):
            if _GROUP_OF.get(check, "") in groups:
                out.append((article, check, line, start, end, evidence, note))
    lists = list(zip(*out, strict=True)) if out else [[]] * len(FINDINGS)
    return pa.record_batch([pa.array(values, field.type) for values, field in zip(lists, FINDINGS, strict=True)], schema=FINDINGS)
