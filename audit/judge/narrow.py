"""The measures table and an expectation -> the narrow columns that are judged: who is against it, who counts, what each source shows.

Null is never counted and meets no condition of `where`; NaN and infinities are null. Whole numbers are compared exactly; a floating number
stands for the shortest decimal that reads as it, so that a share of 3/10 is 0.3 and not below it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import ceil, floor, fsum
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit.judge.spread import Run
from audit.suite.expectation import Expectation, Filter, kind
from audit.tables import COLUMNS

ARTICLES, GROUPS = "articles", "groups"
Flags = npt.NDArray[np.bool_]
Coded = tuple[list[str], npt.NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Observed:
    """What a source, or the corpus (source ""), shows: `bad` of `counted` articles, or the statistic's exact `value`."""

    source: str
    counted: int
    bad: int | None
    value: Fraction

    @property
    def number(self) -> float | None:
        """The statistic; None for a share."""
        return float(self.value) if self.bad is None else None


def columns(expectations: Iterable[Expectation]) -> list[str]:
    """The columns of measures.parquet that these expectations need, in the order of the table."""
    names = {"empty"}
    for e in expectations:
        names |= {e.measure} | {item.column for item in e.where}
        names |= set() if e.core else {"source"}
    return [c.name for c in COLUMNS if c.name in names]


class Articles:
    """The measures, column by column as numpy; of a file one column at a time is read.

    A yes/no, the code of a category and what `where` selects are kept; of numbers, eight times as large, the last two.
    """

    def __init__(self, measures: pa.Table | pq.ParquetFile) -> None:
        self._measures = measures
        self._flat: dict[str, tuple[npt.NDArray, Flags]] = {}
        self._numbers: dict[str, tuple[npt.NDArray, Flags]] = {}
        self._coded: dict[str, Coded] = {}
        self._selected: dict[tuple[Filter, ...], Flags] = {}
        self.rows: int = measures.num_rows if not isinstance(measures, pq.ParquetFile) else measures.metadata.num_rows

    def flat(self, name: str) -> tuple[npt.NDArray, Flags]:
        """(values, whether there is one) of a yes/no or a number."""
        kept = self._flat if kind(name) == "yes/no" else self._numbers
        if name not in kept:
            column = self.column(name)
            known = pc.is_valid(column).to_numpy(zero_copy_only=False)
            values = pc.fill_null(column, pa.scalar(0, pa.int8()).cast(column.type)).to_numpy(zero_copy_only=False)
            for oldest in [*self._numbers][:-1] if kept is self._numbers else ():
                del self._numbers[oldest]
            kept[name] = values, known & np.isfinite(values) if values.dtype.kind == "f" else known
        return kept[name]

    def column(self, name: str) -> pa.Array:
        """The column as one array, dictionaries unfolded."""
        column = _joined(self._read(name))
        return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column

    def coded(self, name: str) -> Coded:
        """A category: (values, per article the index of its value; -1 for none), in the order in which values appear."""
        if name not in self._coded:
            column = self._read(name)
            column = _joined((column if pa.types.is_dictionary(column.type) else column.dictionary_encode()).unify_dictionaries())
            codes = pc.fill_null(column.indices, -1).to_numpy(zero_copy_only=False)
            self._coded[name] = column.dictionary.to_pylist(), codes.astype(np.int64)
        return self._coded[name]

    def _read(self, name: str) -> pa.ChunkedArray:
        whole = isinstance(self._measures, pq.ParquetFile)
        return (self._measures.read([name], use_threads=False) if whole else self._measures).column(name)

    @property
    def sources(self) -> Coded:
        """The names of sources, and the code of each article's."""
        return self.coded("source")

    def selected(self, where: tuple[Filter, ...]) -> Flags:
        """Which articles meet every condition."""
        if where not in self._selected:
            out = np.ones(self.rows, np.bool_)
            for condition in where:
                out &= self._meets(condition)
            self._selected[where] = out
        return self._selected[where]

    def against(self, e: Expectation) -> tuple[Flags, Flags]:
        """(which articles are bad, which count) for a share of articles."""
        if kind(e.measure) == "category":
            bad = ~self._is_in(e.measure, e.not_in)
        else:
            values = self.flat(e.measure)[0]
            bad = values if values.dtype == np.bool_ else _outside(values, e.below, e.above)
        counted = self.counted(e)
        return bad & counted, counted

    def empty(self, e: Expectation, counted: Flags) -> int:
        """Articles that `where` lets through but that are empty and so do not count."""
        return int((self.flat("empty")[0].astype(np.bool_) & self.selected(e.where) & ~counted).sum())

    def counted(self, e: Expectation) -> Flags:
        """Which articles count: they have a value, and meet `where`."""
        known = self.coded(e.measure)[1] >= 0 if kind(e.measure) == "category" else self.flat(e.measure)[1]
        return known & self.selected(e.where) if e.where else known

    def corpus(self, e: Expectation) -> Observed | None:
        """The statistic over all articles asked about; None where none has a value."""
        values = self.numbers(e)[0]
        return Observed("", len(values), None, statistic(values, e.statistic)) if len(values) else None

    def by_source(self, e: Expectation) -> list[Observed]:
        """What every source with at least `min_articles` articles that count shows."""
        if e.statistic:
            values, codes = self.numbers(e)
            return _statistics(self.sources[0], codes, values, e)
        run = self.run(*self.against(e))
        return [Observed(name, n, b, Fraction(b, n)) for name, (b, n) in run.sources.items() if n >= (e.min_articles or 1)]

    def run(self, bad: Flags, counted: Flags) -> Run:
        """The articles that are `bad` among those that are `counted`, in all and per source."""
        names, _ = self.sources
        cells = self._places + bad + counted  # counted and bad, counted, or neither: one count of both, and no copy of the codes
        counts = np.bincount(cells, minlength=3 * (len(names) + 1)).reshape(-1, 3)
        worse, totals = counts[1:, 2].tolist(), (counts[1:, 1] + counts[1:, 2]).tolist()
        sources = {name: (b, n) for name, b, n in zip(names, worse, totals, strict=True) if n}
        return Run(int(counts[:, 2].sum()), int(counts[:, 1:].sum()), sources)

    @cached_property
    def _places(self) -> npt.NDArray[np.int64]:
        """Per article where the counts of its source begin, three each; those of no source stand first."""
        return (self.sources[1] + 1) * 3

    def numbers(self, e: Expectation) -> tuple[npt.NDArray, npt.NDArray[np.int64]]:
        """(the values that count, the source of each as in `sources`)."""
        kept = self.counted(e)
        return self.flat(e.measure)[0][kept], self.sources[1][kept]

    def _meets(self, condition: Filter) -> Flags:
        if kind(condition.column) == "category":
            among = self._is_in(condition.column, condition.values)
            return among if condition.op == "in" else ~among & (self.coded(condition.column)[1] >= 0)
        values, known = self.flat(condition.column)
        return _compare(values, condition) & known

    def _is_in(self, name: str, wanted: Iterable[object]) -> Flags:
        """Which articles have one of the wanted values of a category; null is none."""
        values, codes = self.coded(name)
        wanted = set(wanted)
        return np.array([*(value in wanted for value in values), False])[codes]


@dataclass(slots=True)
class Frames:
    """The narrow columns, each once: `flags` per frame, `cores` the core types by the column they look at ("" for the table)."""

    rows: int
    flags: dict[str, dict[str, np.ndarray]] = field(default_factory=lambda: {ARTICLES: {}, GROUPS: {}})
    cores: dict[str, dict[str, Expectation]] = field(default_factory=dict)
    raw: dict[str, pa.Array] = field(default_factory=dict)
    _seen: dict[bytes, str] = field(default_factory=dict)

    def add(self, frame: str, flags: np.ndarray) -> str:
        """The name of the column with these flags in the frame; equal ones are one column."""
        key = frame.encode() + np.packbits(flags).tobytes()
        if key not in self._seen:
            self._seen[key] = f"{frame}{len(self._seen)}"
            self.flags[frame][self._seen[key]] = flags
        return self._seen[key]


def _joined(column: pa.ChunkedArray) -> Any:
    """Its chunks as one array; none as an empty one."""
    made = column.combine_chunks()
    return pa.concat_arrays(made.chunks) if isinstance(made, pa.ChunkedArray) else made


def _compare(values: npt.NDArray, condition: Filter) -> Flags:
    first = condition.values[0]
    if condition.op in ("in", "not_in"):
        among = np.zeros(len(values), np.bool_)
        for item in condition.values:
            among |= values == (item if isinstance(item, bool) else _like(values, Fraction(item)))
        return among if condition.op == "in" else ~among
    if condition.op in ("below", "at_least"):
        below = _outside(values, Fraction(first), None)
        return below if condition.op == "below" else ~below
    above = _outside(values, None, Fraction(first))
    return above if condition.op == "above" else ~above


def _like(values: npt.NDArray, number: Fraction) -> float | int:
    """A number to compare for equality: in a column of whole numbers a broken one equals none."""
    if values.dtype.kind == "f":
        return float(number)
    return int(number) if number.denominator == 1 else float("nan")


def _outside(values: npt.NDArray, below: Fraction | None, above: Fraction | None) -> Flags:
    whole = values.dtype.kind != "f"
    out = np.zeros(len(values), np.bool_)
    if below is not None:
        out |= values < (ceil(below) if whole else float(below))
    if above is not None:
        out |= values > (floor(above) if whole else float(above))
    return out


def _statistics(names: list[str], codes: npt.NDArray[np.int64], values: npt.NDArray, e: Expectation) -> list[Observed]:
    order = np.argsort(codes, kind="stable")
    codes, values = codes[order], values[order]
    starts = np.flatnonzero(np.diff(codes, prepend=-2))
    ends = np.append(starts, len(codes))[1:]
    out = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if codes[start] >= 0 and end - start >= (e.min_articles or 1):
            out.append(Observed(names[codes[start]], end - start, None, statistic(values[start:end], e.statistic)))
    return out


def statistic(values: npt.NDArray, name: str) -> Fraction:
    """The statistic of at least one value, exactly.

    `median` is the middle value, or the mean of the two middle ones. `p05` is the value that 5 % of the values come before, sorted (the one
    at floor(0.05 n), 0-based; an actual value). The mean of floating numbers is their correctly rounded sum by their number.

    >>> statistic(np.array([1, 2, 4, 5]), "median"), statistic(np.array([0.1, 0.3]), "mean"), statistic(np.arange(100), "p05")
    (Fraction(3, 1), Fraction(1, 5), Fraction(5, 1))
    """
    count = len(values)
    if name in ("min", "max"):
        return _exact(values.min() if name == "min" else values.max())
    if name == "mean":
        return Fraction(int(values.sum(dtype=np.int64)), count) if values.dtype.kind != "f" else _exact(fsum(values.tolist()) / count)
    if name == "median":
        ranks = [(count - 1) // 2, count // 2]
        middle = np.partition(values, ranks)
        return (_exact(middle[ranks[0]]) + _exact(middle[ranks[1]])) / 2
    rank = int(name[1:]) * count // 100
    return _exact(np.partition(values, rank)[rank])


def _exact(number: np.generic | float) -> Fraction:
    """A whole number as it is; a floating one as the shortest decimal that reads as it."""
    return Fraction(repr(float(number))) if isinstance(number, float | np.floating) else Fraction(int(number))
