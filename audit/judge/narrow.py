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

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from audit.judge.spread import Run
from audit.suite.expectation import Expectation, Filter, kind
from audit.tables import COLUMNS

ARTICLES, GROUPS = "articles", "groups"
Flags = npt.NDArray[np.bool_]


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
    """The measures table, column by column as numpy; a yes/no is turned into numpy once, numbers each time: eight times as large."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self._flat: dict[str, tuple[npt.NDArray, Flags]] = {}
        self.rows: int = table.num_rows

    def flat(self, name: str) -> tuple[npt.NDArray, Flags]:
        """(values, whether there is one) of a yes/no or a number."""
        if name in self._flat:
            return self._flat[name]
        column = self.column(name)
        known = pc.is_valid(column).to_numpy(zero_copy_only=False)
        zero = pa.scalar(0, pa.int8()).cast(column.type)
        values = pc.fill_null(column, zero).to_numpy(zero_copy_only=False)
        if values.dtype == np.bool_:
            self._flat[name] = values, known
        return values, known & np.isfinite(values) if values.dtype.kind == "f" else known

    def column(self, name: str) -> pa.Array:
        """The column as one array, dictionaries unfolded."""
        column = self._table[name].combine_chunks()
        column = pa.concat_arrays(column.chunks) if isinstance(column, pa.ChunkedArray) else column
        return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column

    @cached_property
    def sources(self) -> tuple[list[str], npt.NDArray[np.int64]]:
        """(names, per article the index of its source's name; -1 for none), in the order in which sources appear."""
        coded = self.column("source").dictionary_encode()
        codes = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
        return coded.dictionary.to_pylist(), codes

    def selected(self, where: tuple[Filter, ...]) -> Flags:
        """Which articles meet every condition."""
        out = np.ones(self.rows, np.bool_)
        for condition in where:
            out &= self._meets(condition)
        return out

    def against(self, e: Expectation) -> tuple[Flags, Flags]:
        """(which articles are bad, which count) for a share of articles."""
        if kind(e.measure) == "category":
            bad = ~_is_in(self.column(e.measure), e.not_in)
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
        if kind(e.measure) == "category":
            known = pc.is_valid(self.column(e.measure)).to_numpy(zero_copy_only=False)
        else:
            known = self.flat(e.measure)[1]
        return known & self.selected(e.where)

    def corpus(self, e: Expectation) -> Observed | None:
        """The statistic over all articles asked about; None where none has a value."""
        values = self.numbers(e)[0]
        return Observed("", len(values), None, statistic(values, e.statistic)) if len(values) else None

    def by_source(self, e: Expectation) -> list[Observed]:
        """What every source with at least `min_articles` articles that count shows."""
        names, codes = self.sources
        if e.statistic:
            values, codes = self.numbers(e)
            return _statistics(names, codes, values, e)
        bad, counted = self.against(e)
        totals = np.bincount(codes[counted & (codes >= 0)], minlength=len(names))
        worse = np.bincount(codes[bad & (codes >= 0)], minlength=len(names))
        large = np.flatnonzero(totals >= (e.min_articles or 1))
        return [Observed(names[i], int(totals[i]), int(worse[i]), Fraction(int(worse[i]), int(totals[i]))) for i in large]

    def run(self, e: Expectation) -> Run:
        """Bad and counted articles, in all and per source."""
        names, codes = self.sources
        bad, counted = self.against(e)
        totals = np.bincount(codes[counted & (codes >= 0)], minlength=len(names))
        worse = np.bincount(codes[bad & (codes >= 0)], minlength=len(names))
        sources = {name: (int(b), int(n)) for name, b, n in zip(names, worse, totals, strict=True) if n}
        return Run(int(bad.sum()), int(counted.sum()), sources)

    def numbers(self, e: Expectation) -> tuple[npt.NDArray, npt.NDArray[np.int64]]:
        """(the values that count, the source of each as in `sources`)."""
        kept = self.counted(e)
        return self.flat(e.measure)[0][kept], self.sources[1][kept]

    def _meets(self, condition: Filter) -> Flags:
        form = kind(condition.column)
        if form == "category":
            column = self.column(condition.column)
            among = _is_in(column, condition.values)
            return among if condition.op == "in" else ~among & pc.is_valid(column).to_numpy(zero_copy_only=False)
        values, known = self.flat(condition.column)
        return _compare(values, condition) & known


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


def _is_in(column: pa.Array, values: Iterable[object]) -> Flags:
    return pc.is_in(column, value_set=pa.array(list(values), column.type)).to_numpy(zero_copy_only=False)


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
