"""Candidates to facts: what their shingle sets really have in common, from their texts, in bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from audit.across import views as texts
from audit.across.exact import Groups, Ints
from audit.kernels import pairs as pair_kernels
from audit.kernels import sets as kernels

Fetch = Callable[[Ints], pa.RecordBatch]
"""Articles, ascending -> their article, view and skip, in that order."""
Gather = Callable[[Ints], Fetch]
"""Articles, ascending -> what fetches portions of them: one way through the corpus, however many portions there are."""
AT_ONCE = 1 << 20
"""Shingles that are in memory at once for each worker, but for a single longer article (8 MB), and about as much text."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Texts that were read again.

    Attributes:
        classes: int64, ascending.
        views: large_string, in another order: class classes[i] has views[rows[i]].
        rows: int64.
        shingles: uint64; class classes[i] has shingles[starts[i] : starts[i] + counts[i]].
        starts, counts: int64.
    """

    classes: Ints
    views: pa.LargeStringArray
    rows: Ints
    shingles: npt.NDArray[np.uint64]
    starts: Ints
    counts: Ints


def shared(left: Ints, right: Ints, groups: Groups, gather: Gather, workers: int) -> tuple[Ints, Ints, Ints]:
    """(shingles that the classes left[k] and right[k] share, shingles of left[k], of right[k]), each counted once."""
    common, one_size, other_size = (np.zeros(len(left), np.int64) for _ in range(3))

    def work(rows: Ints, batch: pa.RecordBatch, classes: Ints) -> None:
        loaded = _load(batch, classes, groups)
        most = int(loaded.counts.max())
        kernels.distinct(loaded.shingles, loaded.starts, loaded.counts, *kernels.table(most))
        one, other = np.searchsorted(loaded.classes, left[rows]), np.searchsorted(loaded.classes, right[rows])
        out = np.empty(len(rows), np.int64)
        kernels.common(loaded.shingles, loaded.starts, loaded.counts, one, other, *kernels.table(most), out)
        common[rows], one_size[rows], other_size[rows] = out, loaded.counts[one], loaded.counts[other]

    _run(left, right, groups, gather, workers, work)
    return common, one_size, other_size


def heads(short: Ints, long: Ints, groups: Groups, gather: Gather, workers: int, slack: int) -> tuple[npt.NDArray[np.bool_], list[str]]:
    """(whether the class short[k] is the head of long[k], the last 200 characters of short[k])."""
    found, ends = np.zeros(len(short), np.bool_), [""] * len(short)

    def work(rows: Ints, batch: pa.RecordBatch, classes: Ints) -> None:
        loaded = _load(batch, classes, groups)
        one, other = np.searchsorted(loaded.classes, short[rows]), np.searchsorted(loaded.classes, long[rows])
        out = np.empty(len(rows), np.bool_)
        kernels.begins(loaded.shingles, loaded.starts, loaded.counts, one, other, slack, out)
        found[rows] = out
        for row, place in zip(rows.tolist(), one.tolist(), strict=True):
            ends[row] = (loaded.views[int(loaded.rows[place])].as_py() or "").rstrip()[-200:]

    _run(short, long, groups, gather, workers, work)
    return found, ends


def _run(left: Ints, right: Ints, groups: Groups, gather: Gather, workers: int, work: Callable[[Ints, pa.RecordBatch, Ints], None]) -> None:
    """Call `work` with pairs of at most about AT_ONCE shingles and the texts of their classes; texts are fetched here, one by one."""
    waiting: deque[Future[None]] = deque()
    if not len(left):
        return
    fetch = gather(np.sort(groups.donor[np.unique(np.concatenate([left, right]))]))
    with ThreadPoolExecutor(workers) as pool:
        for rows in _portions(left, right, groups.counts):
            classes = np.unique(np.concatenate([left[rows], right[rows]]))
            batch = fetch(np.sort(groups.donor[classes]))
            waiting.append(pool.submit(work, rows, batch, classes))
            if len(waiting) > workers:
                waiting.popleft().result()
        for rest in waiting:
            rest.result()


def _portions(left: Ints, right: Ints, weights: Ints) -> Iterator[Ints]:
    """The pairs in portions: classes that pairs connect stand together, are cut into blocks, and a portion is of two blocks."""
    classes, places = np.unique(np.concatenate([left, right]), return_inverse=True)
    one, other = places[: len(left)], places[len(left) :]
    parents = np.empty(len(classes), np.int64)
    pair_kernels.components(one, other, parents)
    order = np.argsort(parents, kind="stable")
    block = np.empty(len(classes), np.int64)
    block[order] = np.cumsum(weights[classes][order]) // (AT_ONCE // 2)
    low, high = np.minimum(block[one], block[other]), np.maximum(block[one], block[other])
    rows = np.lexsort((right, left, high, low))
    cuts = np.flatnonzero((np.diff(low[rows]) != 0) | (np.diff(high[rows]) != 0)) + 1
    yield from np.split(rows, cuts)


def _load(batch: pa.RecordBatch, classes: Ints, groups: Groups) -> Loaded:
    """The fetched texts and their shingles, in their order."""
    rows = np.argsort(np.argsort(groups.donor[classes]))  # of the batch, for each class
    views = batch["view"].cast(pa.large_string())
    found = texts.shingles(views, batch["skip"])
    return Loaded(classes, views, rows, found.all, found.starts[rows], found.counts[rows])
