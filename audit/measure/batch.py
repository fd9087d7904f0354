"""A batch of articles through every detector: each is told what the ones before it saw, and what they saw is carried back to the text as read.

Kernels look at the lines first (`glance`); columns hold the usual value but where a detector says otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

import numpy as np
import pyarrow as pa

from audit.kernels import hurts
from audit.kernels.utf8 import either
from audit.measure import agreement, boilerplate, bylines, clean, damage, language, listing, quality, repeats, size, titles, truncation
from audit.measure.article import Article, Mark
from audit.measure.glance import Glance, glance, hurt_at
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
    """

    columns: dict[str, pa.Array]
    findings: pa.RecordBatch
    skip: pa.ListArray


def measure(batch: pa.RecordBatch, recurrent: pa.ListArray | None, side: Side) -> Measured:
    """Measure the articles of a batch.

    Args:
        batch: tables.ARTICLES and `view` (the cleaned lines; null where equal to `text`), `empty`, `fixes`; `text` null if empty.
        recurrent: Per article the lines that recurrence found; None where that was not looked for.
        side: What the detectors know beside the article.
    """
    views = either(batch["view"], batch["text"])
    columns: dict[str, pa.Array] = dict(size.measure(views))
    lang, confidence = _languages(batch, views, side)
    columns |= {"lang": lang, "lang_confidence": confidence}
    if "quality" in side.groups:
        columns |= quality.measure(views, lang)
    if "language" in side.groups:
        columns |= language.script(views)
    columns["fixes"] = batch["fixes"]
    if not side.reads:
        columns |= _headlines(batch, views)
        none = pa.ListArray.from_arrays(pa.array(np.zeros(batch.num_rows + 1, np.int32)), pa.array(np.zeros(0, np.int32)))
        return Measured(_only(columns, side.groups, batch.num_rows), _NO_FINDINGS, none)
    seen = _seen(batch, views, lang, recurrent, side)
    columns |= _columns(seen, batch)
    columns |= _whole(columns, batch, views, seen, side.groups)
    return Measured(
        _only(columns, side.groups, batch.num_rows),
        _findings(batch["article"].to_pylist(), seen, side.groups),
        pa.array([seen.skip.get(row, []) for row in range(batch.num_rows)], pa.list_(pa.int32())),
    )


def _languages(batch: pa.RecordBatch, views: pa.LargeStringArray, side: Side) -> tuple[pa.Array, pa.Array]:
    if "language" in side.groups or "quality" in side.groups or side.reads:
        return language.detect(views, batch["lang"])
    return pa.nulls(len(views), pa.string()), pa.nulls(len(views), pa.float64())


Place = tuple[str, int | None, int | None, int | None, str, str]
"""check, line, start and end in the text as read, evidence, note."""
_USUAL: Mapping[str, Any] = {
    "title_repeats": 0, "repeated_title": False, "byline": None, "byline_kind": "none", "byline_line": None, "truncated": False,
    "truncation_kind": None, "truncation_evidence": None, "boilerplate_lines": (), "boilerplate_share": 0.0, "encoding_damage": False,
    "lost_letters": False,
}  # fmt: skip
"""What the detectors say of most articles."""
_TYPES: Mapping[str, pa.DataType] = {column.name: column.type for column in COLUMNS}


@dataclass(slots=True)
class _Seen:
    """What the detectors saw in a batch.

    Attributes:
        titles, origins, field_kinds, missing: One per article.
        unusual: Column -> row -> what it holds there instead of the usual.
        marks: Row -> places.
        skip: Row -> lines that do not count when texts are compared.
    """

    titles: list[str | None] = field(default_factory=list)
    origins: list[str] = field(default_factory=list)
    field_kinds: list[str | None] = field(default_factory=list)
    missing: list[bool | None] = field(default_factory=list)
    unusual: dict[str, dict[int, Any]] = field(default_factory=lambda: {name: {} for name in _USUAL})
    marks: defaultdict[int, list[Place]] = field(default_factory=lambda: defaultdict(list))
    skip: dict[int, list[int]] = field(default_factory=dict)

    def add(self, title: str | None, origin: str, kind: str | None, *, missing: bool | None) -> None:
        """The next article's headline and byline field."""
        self.titles.append(title)
        self.origins.append(origin)
        self.field_kinds.append(kind)
        self.missing.append(missing)

    def note(self, row: int, **values: Any) -> None:
        """What columns hold in a row."""
        for name, value in values.items():
            self.unusual[name][row] = value


@dataclass(frozen=True, slots=True)
class _Texts:
    """The articles of a batch as lines: of their views, and as read."""

    glance: Glance
    batch: pa.RecordBatch
    changed: list[bool]
    hurts: list[int]

    def may_hurt(self, row: int, article: Article, fixes: Sequence[str]) -> bool:
        """Whether the text may be damaged: characters show it, cleaning changed a line, or English lacks its apostrophes."""
        shows = self.hurts[row] & (hurts.HURT | hurts.BARE if article.lang == "en" else hurts.HURT) != 0
        return shows or (self.changed[row] and fixes != _BREAKS)

    def raw(self, row: int, article: Article) -> tuple[Sequence[str], Sequence[int]]:
        """The lines of the text as read, and where each begins in it (code points)."""
        if not self.changed[row]:
            return article.lines, self.glance.befores[self.glance.firsts[row] : self.glance.firsts[row + 1]]
        text = self.batch["text"][row].as_py()
        return text.splitlines(), list(accumulate(map(len, text.splitlines(keepends=True)), initial=0))


def _seen(batch: pa.RecordBatch, views: pa.LargeStringArray, lang: pa.Array, recurrent: pa.ListArray | None, side: Side) -> _Seen:
    """Every article through the detectors."""
    seen = _Seen()
    found = recurrent.to_pylist() if recurrent is not None else [None] * batch.num_rows
    headlines = clean.clean_batch(batch["title"]).text
    cleaned = [headlines.to_pylist(), clean.clean_batch(batch["byline"]).text.to_pylist()]
    given = [batch[name].to_pylist() for name in ("source", "fixes", "empty")]
    repeated = repeats.may(headlines, views)
    look = glance(views, side.lexicon)
    texts = _Texts(look, batch, _changed(batch), hurt_at(views))
    for row, (title, byline, source, fixes, empty, spoken, lines) in enumerate(zip(*cleaned, *given, lang.to_pylist(), found, strict=True)):
        if empty:
            kind = bylines.field_kind(byline, source)
            seen.add(title or None, "field" if title else "none", kind, missing=bylines.missing(kind, "none"))
            _field_mark(seen, row, byline, kind)
            continue
        article = look.article(row, title, byline, source, spoken, frozenset(lines) if lines else _NONE, repeated[row])
        _detect(seen, row, article, fixes or (), texts, side)
    return seen


def _headlines(batch: pa.RecordBatch, views: pa.LargeStringArray) -> dict[str, pa.Array]:
    """Where no detector is asked for: the headline alone, which every article has; a text is read only where no field says it."""
    titled = clean.clean_batch(batch["title"]).text
    origins = pa.repeat(pa.scalar("field", _TYPES["title_from"]), batch.num_rows)
    untidy = pa.compute.fill_null(pa.compute.match_substring_regex(titled, titles.UNTIDY), True)
    found = []
    for row in np.flatnonzero(untidy.to_numpy(zero_copy_only=False)).tolist():
        title = titled[row].as_py()
        read = not (title and not title.isspace()) and views[row].is_valid
        lines = views[row].as_py().splitlines() if read else []
        found.append(titles.headline(Article(title, None, None, None, lines, frozenset())))
    if found:
        said, where = zip(*found, strict=True)
        titled = pa.compute.replace_with_mask(titled, untidy, pa.array(said, titled.type))
        origins = pa.compute.replace_with_mask(origins, untidy, pa.array(where, origins.type))
    return {"title": titled.cast(_TYPES["title"]), "title_from": origins}


_NO_FINDINGS = pa.RecordBatch.from_pylist([], schema=FINDINGS)


def _changed(batch: pa.RecordBatch) -> list[bool]:
    """Per article whether cleaning changed anything, lines or their ends."""
    fixed = pa.compute.greater(pa.compute.list_value_length(batch["fixes"]), 0).fill_null(False)
    return pa.compute.or_(batch["view"].is_valid(), fixed).to_pylist()


_NONE: frozenset[int] = frozenset()
_BREAKS = ["fix_line_breaks"]
"""What cleaning did where it left every line as it was, and changed only their ends."""


def _detect(seen: _Seen, row: int, article: Article, fixes: Sequence[str], texts: _Texts, side: Side) -> None:
    """Every detector over one article, each told what the ones before it saw."""
    headline = titles.find(article, side.affixes)
    credit = bylines.find(article, headline.lines)
    plate = boilerplate.find(article, side.lexicon, headline.lines | credit.credits)
    cut = truncation.find(article, side.lexicon, frozenset(plate.lines), credit.credits)
    marks = (*headline.marks, *credit.marks, *plate.marks, *cut.marks)
    hurt, raw, starts = damage.HEALTHY, article.lines, ()
    if marks or texts.may_hurt(row, article, fixes):
        raw, starts = texts.raw(row, article)
        hurt = damage.find(raw, article, fixes) if texts.may_hurt(row, article, fixes) else hurt
    seen.add(headline.title, headline.title_from, credit.field_kind, missing=bylines.missing(credit.field_kind, credit.kind))
    _field_mark(seen, row, article.byline, credit.field_kind)
    if headline.repeats:
        seen.note(row, title_repeats=headline.repeats, repeated_title=True)
    if credit.line is not None:
        seen.note(row, byline=credit.byline, byline_kind=credit.kind, byline_line=credit.line)
    if plate.lines:
        seen.note(row, boilerplate_lines=plate.lines, boilerplate_share=plate.share)
    if cut.truncated:
        evidence = _place(cut.evidence, article.lines, raw, starts)[4] if cut.evidence else None
        seen.note(row, truncated=True, truncation_kind=cut.kind, truncation_evidence=evidence)
    if hurt.encoding_damage or hurt.lost_letters:
        seen.note(row, encoding_damage=hurt.encoding_damage, lost_letters=hurt.lost_letters)
    if plate.lines or cut.lines:
        seen.skip[row] = sorted({*plate.lines, *cut.lines})
    if marks or hurt.marks:
        seen.marks[row] += [_place(mark, article.lines, raw, starts) for mark in marks] + [_place(mark, raw, raw, starts) for mark in hurt.marks]


def _whole(
    columns: Mapping[str, pa.Array], batch: pa.RecordBatch, views: pa.LargeStringArray, seen: _Seen, groups: frozenset[str]
) -> dict[str, pa.Array]:
    """What a text shows as a whole: whether it is about its headline, whether it is a listing. Evidence is added to the marks."""
    found: dict[str, pa.Array] = {}
    if "titles" in groups:
        more, evidence = agreement.measure(columns["title"], columns["title_from"], views)
        found |= more
        for row, (headline, note) in evidence.items():
            seen.marks[row].append(("title_disagrees", None, None, None, headline, note))
    if "boilerplate" in groups:
        more, marks = listing.measure(views)
        found |= more
        for row, mark in marks.items():
            text = batch["text"][row].as_py()
            starts = list(accumulate(map(len, text.splitlines(keepends=True)), initial=0))
            seen.marks[row].append(_place(mark, views[row].as_py().splitlines(), text.splitlines(), starts))
    return found


def _place(mark: Mark, lines: Sequence[str], raw: Sequence[str], starts: Sequence[int]) -> Place:
    """A mark on `lines` as a place in the text as read: its very span where cleaning left the line alone, else the whole line."""
    if mark.line is None:
        return (mark.check, None, None, None, (mark.text or "")[:EVIDENCE], mark.note)
    line, base = raw[mark.line], starts[mark.line]
    start, end = (mark.start, mark.end) if line == lines[mark.line] else (0, len(line))
    end = min(end, start + EVIDENCE)
    return (mark.check, mark.line, base + start, base + end, line[start:end], mark.note)


def _field_mark(seen: _Seen, row: int, byline: str | None, kind: str) -> None:
    """Evidence for a byline field that credits no one."""
    if kind == "junk":
        seen.marks[row].append(("missing_byline", None, None, None, (byline or "")[:EVIDENCE], "the byline field is no credit"))


def _columns(seen: _Seen, batch: pa.RecordBatch) -> dict[str, pa.Array]:
    """The detectors' columns; null for empty articles where the detectors read lines."""
    every = {"title": seen.titles, "title_from": seen.origins, "field_byline_kind": seen.field_kinds, "missing_byline": seen.missing}
    columns = {name: pa.array(values, _TYPES[name]) for name, values in every.items()}
    columns["field_byline"] = batch["byline"]
    empty = [row for row, is_empty in enumerate(batch["empty"].to_pylist()) if is_empty]
    for name, usual in _USUAL.items():
        values = [usual] * batch.num_rows
        for row in empty:
            values[row] = None
        for row, value in seen.unusual[name].items():
            values[row] = value
        columns[name] = pa.array(values, _TYPES[name])
    return columns


def _only(columns: dict[str, pa.Array], groups: frozenset[str], n: int) -> dict[str, pa.Array]:
    """The columns of the groups that are asked for; null in the others."""
    asked = {}
    for column in COLUMNS:
        if column.group and column.group not in groups:
            asked[column.name] = pa.nulls(n, column.type)
        elif column.name in columns:
            asked[column.name] = columns[column.name]
    return asked


_GROUP_OF = {column.name: column.group for column in COLUMNS}


def _findings(articles: Sequence[int], seen: _Seen, groups: frozenset[str]) -> pa.RecordBatch:
    """All places, with offsets into the text as read, by article, check and line."""
    out: list[tuple[Any, ...]] = []
    for row in sorted(seen.marks):
        for check, line, start, end, evidence, note in sorted(seen.marks[row], key=lambda place: (place[0], place[1] or 0, place[2] or 0)):
            if _GROUP_OF.get(check, "") in groups:
                out.append((articles[row], check, line, start, end, evidence, note))
    lists = list(zip(*out, strict=True)) if out else [[]] * len(FINDINGS)
    return pa.record_batch([pa.array(values, kind.type) for values, kind in zip(lists, FINDINGS, strict=True)], schema=FINDINGS)
