"""The measures table -> the totals of result.json: integers, one column in memory at a time, nothing rounded."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit.result import NO_SOURCE, OTHER_SOURCES, SOURCES_AT_MOST, Count, Total
from audit.tables import BY_NAME, COLUMNS

VALUES_AT_MOST = 200
QUANTILES = (("p01", 0.01), ("p05", 0.05), ("p25", 0.25), ("p50", 0.5), ("p75", 0.75), ("p95", 0.95), ("p99", 0.99))
CATEGORIES = ("lang", "truncation_kind", "byline_kind", "field_byline_kind", "title_from", "script", "fineweb2_rule")
SHARES = tuple(i / 64 for i in range(65))
SIZES = (0.0, *(round(10 ** (i * 7 / 63), 3) for i in range(64)))
"""Bin edges: shares evenly, everything else geometrically up to 10 million; the same for every corpus, so that runs compare."""


def totals(measures: Path, groups: Iterable[str]) -> tuple[Total, ...]:
    """The total of every measure of `groups` (and those that are always there) in measures.parquet, in the order of its columns."""
    names, codes = sources(measures)
    chosen = {"", *groups}
    out = []
    for column in COLUMNS:
        if column.definition and column.group in chosen:
            total = _total(column.name, pq.read_table(measures, columns=[column.name])[column.name], names, codes)
            out += [total] if total else []
    title_from = pq.read_table(measures, columns=["title_from"])["title_from"]
    return (*out, _category("title_from", title_from))


def sources(measures: Path) -> tuple[list[str], npt.NDArray[np.int64]]:
    """(names, per article the index of its name): the largest sources, most articles first, the rest pooled."""
    column = pq.read_table(measures, columns=["source"])["source"].combine_chunks().fill_null(NO_SOURCE)
    coded = column.dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.combine_chunks()
    every = coded.dictionary.to_pylist()
    indices = coded.indices.to_numpy().astype(np.int64)
    sizes = np.bincount(indices, minlength=len(every))
    order = sorted(range(len(every)), key=lambda i: (-int(sizes[i]), every[i]))
    rank = np.empty(len(every), np.int64)
    rank[order] = np.arange(len(every))
    names = [every[i] for i in order[:SOURCES_AT_MOST]]
    if len(every) > SOURCES_AT_MOST:
        names.append(OTHER_SOURCES)
    return names, np.minimum(rank[indices], SOURCES_AT_MOST) if len(indices) else indices


def _total(name: str, values: pa.ChunkedArray, names: list[str], codes: npt.NDArray[np.int64]) -> Total | None:
    kind = BY_NAME[name].type
    if pa.types.is_boolean(kind):
        return _boolean(name, values, names, codes)
    if name in CATEGORIES:
        return _category(name, values)
    counted = name.endswith(("cluster", "_of", "_in", "_line"))  # article and line numbers: no quantities
    if (pa.types.is_integer(kind) or pa.types.is_floating(kind)) and not counted:
        return _number(name, values)
    return None


def _boolean(name: str, values: pa.ChunkedArray, names: list[str], codes: npt.NDArray[np.int64]) -> Total:
    known = pc.is_valid(values).combine_chunks().to_numpy(zero_copy_only=False)
    true = pc.fill_null(values, False).combine_chunks().to_numpy(zero_copy_only=False)
    counted = np.bincount(codes[known], minlength=len(names))
    bad = np.bincount(codes[true], minlength=len(names))
    whole = Count(int(true.sum()), int(known.sum()))
    each = tuple((source, Count(int(b), int(c))) for source, b, c in zip(names, bad, counted, strict=True) if c)
    return Total(name, BY_NAME[name].definition, whole.counted, count=whole, sources=each)


def _category(name: str, values: pa.ChunkedArray) -> Total:
    counts = {item["values"]: item["counts"] for item in pc.value_counts(pc.drop_null(values)).to_pylist()}
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:VALUES_AT_MOST]
    return Total(name, BY_NAME[name].definition, sum(counts.values()), values=tuple(ranked))


def _number(name: str, values: pa.ChunkedArray) -> Total:
    numbers = pc.drop_null(values).combine_chunks().to_numpy(zero_copy_only=False).astype(np.float64)
    edges = SHARES if pa.types.is_floating(BY_NAME[name].type) and name not in ("gopher_mean_word_length",) else SIZES
    if not len(numbers):
        return Total(name, BY_NAME[name].definition, 0, edges=edges, bins=(0,) * 64)
    numbers.sort()  # sorted, the sum is the same whatever the batches were
    where = np.clip(np.searchsorted(edges, numbers, "right") - 1, 0, 63)
    bins = tuple(int(n) for n in np.bincount(where, minlength=64))
    points = [(label, float(numbers[min(int(share * len(numbers)), len(numbers) - 1)])) for label, share in QUANTILES]
    ends = [("min", float(numbers[0])), ("max", float(numbers[-1]))]
    return Total(name, BY_NAME[name].definition, len(numbers), sum=float(numbers.sum()), edges=edges, bins=bins, quantiles=(*points, *ends))


def months(measures: Path) -> tuple[tuple[str, int], ...]:
    """Articles per month of their date, "YYYY-MM", in order; per year where there are more than 600 months."""
    dates = pc.drop_null(pq.read_table(measures, columns=["date"])["date"])
    for form in ("%Y-%m", "%Y"):
        counts = {item["values"]: item["counts"] for item in pc.value_counts(pc.strftime(dates, format=form)).to_pylist()}
        if len(counts) <= 600:
            break
    return tuple(sorted(counts.items()))


def cluster_sizes(measures: Path) -> tuple[tuple[int, int], ...]:
    """(articles in a near-duplicate cluster, clusters of that size), smallest first."""
    clusters = pc.drop_null(pq.read_table(measures, columns=["near_cluster"])["near_cluster"])
    sizes = pc.value_counts(clusters).field("counts").to_numpy(zero_copy_only=False)
    values, counts = np.unique(sizes, return_counts=True)
    return tuple((int(size), int(n)) for size, n in zip(values, counts, strict=True))


def fixes(measures: Path) -> tuple[tuple[str, int], ...]:
    """(step of cleaning, articles that it changed), most first."""
    steps = pc.list_flatten(pq.read_table(measures, columns=["fixes"])["fixes"].combine_chunks())
    counts = {item["values"]: item["counts"] for item in pc.value_counts(steps).to_pylist()}
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
