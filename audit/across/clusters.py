"""Verified pairs to the articles that are kept, and for every other one the kept article that stands for it (design.md, law 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from audit.across.exact import Groups, Ints
from audit.kernels import pairs as kernels


@dataclass(frozen=True, slots=True)
class Verified:
    """Pairs of classes, left < right, ascending, with the distinct shingles they share and those that each has."""

    left: Ints
    right: Ints
    shared: Ints
    left_size: Ints
    right_size: Ints

    @property
    def union(self) -> Ints:
        """Shingles of both together."""
        return self.left_size + self.right_size - self.shared

    def take(self, rows: npt.NDArray[Any]) -> Verified:
        """The pairs of these numbers, or for which a mask is true."""
        return Verified(self.left[rows], self.right[rows], self.shared[rows], self.left_size[rows], self.right_size[rows])


@dataclass(frozen=True, slots=True)
class Kept:
    """Attributes: kept: bool by class; by: int64, the class that is kept for it (itself if kept); similarity: float64 with that."""

    kept: npt.NDArray[np.bool_]
    by: Ints
    similarity: npt.NDArray[np.float64]


def keep(pairs: Verified, classes: int) -> Kept:
    """The first maximal independent set in the order of preference; each other class goes with the kept one most similar to it."""
    kept, best = np.ones(classes, np.bool_), np.empty(classes, np.int64)
    kernels.keep(pairs.left, pairs.right, pairs.shared, pairs.union, kept, best)
    by, similarity = np.arange(classes), np.ones(classes)
    gone = np.flatnonzero(~kept)
    pair = best[gone]
    by[gone] = np.where(pairs.left[pair] == gone, pairs.right[pair], pairs.left[pair])
    similarity[gone] = pairs.shared[pair] / pairs.union[pair]
    return Kept(kept, by, similarity)


def columns(groups: Groups, kept: Kept) -> dict[str, pa.Array]:
    """exact_cluster, near_cluster, duplicate, duplicate_of and similarity of every article, as tables.COLUMNS has them."""
    live = groups.of >= 0
    of = np.where(live, groups.of, 0)
    stands = groups.chosen[kept.by[of]] if len(groups.chosen) else of
    removed = live & (stands != np.arange(len(of)))
    similarity = np.where(groups.chosen[of] == stands, 1.0, kept.similarity[of]) if len(groups.chosen) else of.astype(np.float64)
    return {
        "exact_cluster": _together(groups.first, live),
        "near_cluster": _together(stands, live),
        "duplicate": pa.array(removed, mask=~live),
        "duplicate_of": pa.array(stands, mask=~removed),
        "similarity": pa.array(similarity, mask=~removed),
    }


def _together(leaders: Ints, live: npt.NDArray[np.bool_]) -> pa.Array:
    """`leaders`, null where an article has its leader to itself."""
    sizes = np.bincount(leaders[live], minlength=len(leaders))
    alone = ~live
    alone[live] = sizes[leaders[live]] == 1
    return pa.array(leaders, mask=alone)
