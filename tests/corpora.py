"""Small corpora for the tests of duplicates: texts in, what `duplicates.compare` says of them out; and the slow truth."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

import numpy as np
import pyarrow as pa
import xxhash

from audit.across import duplicates, views

LINES = pa.list_(pa.int32())


def facts(texts: Sequence[str | None], **given: Sequence[int]) -> duplicates.Facts:
    """The facts of articles that have nothing but texts; `given` by name: size, date, source, title."""
    n = len(texts)
    hashes = [xxhash.xxh3_128_digest(text.encode()) if text else bytes(16) for text in texts]
    known = {"size": [len(text or "") for text in texts], "date": [-(2**63)] * n, "source": [0] * n, "title": [0] * n} | given
    return duplicates.Facts(
        np.frombuffer(b"".join(hashes), np.uint8).reshape(n, 16),
        np.array([not text for text in texts], np.bool_),
        *(np.array(known[name], np.int64) for name in ("size", "date", "source", "title")),
    )


def compare(
    texts: Sequence[str | None],
    threshold: float = 0.8,
    keep: str = "longest",
    skip: Sequence[list[int]] | None = None,
    batch: int = 1000,
    workers: int = 1,
    **given: Sequence[int],
) -> duplicates.Duplicates:
    """`duplicates.compare` of texts, sketched in batches."""
    array = pa.array([text or None for text in texts], pa.large_string())
    lines = pa.array(list(skip) if skip is not None else [[] for _ in texts], LINES)
    plan = duplicates.plan(threshold)
    sketches = duplicates.Pile(plan)
    for i in range(0, len(texts), batch):
        sketches.add(duplicates.sketch(array.slice(i, batch), lines.slice(i, batch), plan))

    def fetch(articles: np.ndarray) -> pa.RecordBatch:
        rows = pa.array(articles)
        return pa.record_batch({"article": rows, "view": array.take(rows), "skip": lines.take(rows)})

    return duplicates.compare(sketches.sketches(), facts(texts, **given), lambda _: fetch, plan, keep, workers)


def sets(texts: Sequence[str | None]) -> list[frozenset[int]]:
    """The shingle set of each text."""
    found = views.shingles(pa.array([text or None for text in texts], pa.large_string()), pa.array([[] for _ in texts], LINES))
    return [frozenset(found.all[start : start + count].tolist()) for start, count in zip(found.starts, found.counts, strict=True)]


def near(one: frozenset[int], other: frozenset[int], threshold: float = 0.8) -> bool:
    """Whether two sets are as similar as the threshold asks, exactly."""
    return bool(one | other) and Fraction(len(one & other), len(one | other)) >= Fraction(str(threshold))


def all_near(texts: Sequence[str | None], threshold: float = 0.8) -> set[tuple[int, int]]:
    """All pairs of near or equal texts, by comparing everything with everything."""
    found = sets(texts)
    pairs = combinations(range(len(texts)), 2)
    return {(i, j) for i, j in pairs if texts[i] and (texts[i] == texts[j] or near(found[i], found[j], threshold))}


def expanded(found: duplicates.Duplicates) -> set[tuple[int, int]]:
    """All pairs that follow from the table of pairs: copies and texts of equal shingles stand for each other."""
    n = len(found.duplicate)
    rows = found.pairs.to_pylist()
    leader = list(range(n))
    for row in sorted(rows, key=lambda row: row["kind"] != "near"):  # texts of equal shingles, and then copies of texts
        if row["kind"] == "near" and row["jaccard"] == 1.0:
            leader[row["right"]] = row["left"]
    for row in rows:
        if row["kind"] == "exact":
            leader[row["right"]] = leader[row["left"]]
    groups: dict[int, list[int]] = {}
    for article in range(n):
        groups.setdefault(leader[article], []).append(article)
    pairs = {pair for members in groups.values() for pair in combinations(members, 2)}
    for row in rows:
        if row["kind"] == "near" and row["jaccard"] < 1.0:
            pairs |= {(min(i, j), max(i, j)) for i in groups[row["left"]] for j in groups[row["right"]]}
    return pairs
