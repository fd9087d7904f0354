"""What near duplicates are looked for by: a plan of bands and rows, and each article's sketch under it.

The signature is datasketch's (kernels/minhash.py): `lean` makes any of ours a datasketch.LeanMinHash.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction
from math import ceil, log
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from audit.across import views as texts
from audit.kernels import sketch as kernels
from audit.kernels.minhash import SEED, permutations

if TYPE_CHECKING:
    from datasketch import LeanMinHash

CERTAINTY = 0.998
"""Least probability that a pair of just the threshold's similarity is looked at."""
FEWEST_ROWS = 4
"""Rows of a band: with fewer, articles that share a stock phrase meet by the million (research/heuristics.md, section 2.2)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How candidates are found.

    Attributes:
        threshold: Jaccard similarity from which on two articles are near duplicates.
        permutations: Length of a signature.
        bands: Keys of an article.
        rows: Values of the signature in a key; bands * rows <= permutations.
    """

    threshold: float
    permutations: int
    bands: int
    rows: int

    def probability(self, similarity: float) -> float:
        """That two articles of this Jaccard similarity share a key: 1 - (1 - s**rows)**bands (MMDS, section 3.4)."""
        return 1 - (1 - similarity**self.rows) ** self.bands

    @property
    def bound(self) -> Fraction:
        """The threshold as an exact fraction, as it was written."""
        return Fraction(str(self.threshold)).limit_denominator(10**6)

    def __str__(self) -> str:
        """Such as "128 permutations, 21 bands of 6 rows: P(candidate at 0.8) = 0.99830"."""
        chance = f"P(candidate at {self.threshold:g}) = {self.probability(self.threshold):.5f}"
        return f"{self.permutations} permutations, {self.bands} bands of {self.rows} rows: {chance}"


def plan(threshold: float) -> Plan:
    """The plan with the fewest false candidates that finds a pair at `threshold` with probability CERTAINTY.

    Of all rows >= FEWEST_ROWS, each with the fewest bands that reach CERTAINTY, in the least multiple of 128 permutations
    that has one, the one of the least area under `Plan.probability` from 0 to the threshold: at the same certainty, more
    rows are a steeper curve.
    """
    shapes = [(rows, ceil(log(1 - CERTAINTY) / log(1 - threshold**rows))) for rows in range(FEWEST_ROWS, 33)]
    size = min(ceil(rows * bands / 128) * 128 for rows, bands in shapes)
    plans = [Plan(threshold, size, bands, rows) for rows, bands in shapes if rows * bands <= size]
    below = np.linspace(0, threshold, 201)
    return min(plans, key=lambda one: (float(np.sum(one.probability(below))), one.bands))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Sketches:
    """The sketches of n articles, in order.

    Attributes:
        counts: int64 (n,), shingles, repeated ones too; 0: no tokens, never compared.
        digests: uint64 (n,), of the shingles whatever their order.
        keys: uint32 (n, bands).
        heads: uint32 (n, HEADS), keys of the first shingles; 0 for an article of fewer than LEAST.
        samples: uint32, sampled shingles; article i's are samples[starts[i] : starts[i] + sampled[i]], ascending.
        starts, sampled: int64 (n,).
    """

    counts: npt.NDArray[np.int64]
    digests: npt.NDArray[np.uint64]
    keys: npt.NDArray[np.uint32]
    heads: npt.NDArray[np.uint32]
    samples: npt.NDArray[np.uint32]
    starts: npt.NDArray[np.int64]
    sampled: npt.NDArray[np.int64]


class Pile:
    """The sketches of batch after batch, all in one: none is held twice."""

    def __init__(self, plan: Plan) -> None:
        none = np.zeros(0, np.int64)
        digests, samples = np.zeros(0, np.uint64), np.zeros(0, np.uint32)
        keys, heads = np.zeros((0, plan.bands), np.uint32), np.zeros((0, kernels.HEADS), np.uint32)
        first = Sketches(none, digests, keys, heads, samples, none, none)
        self._columns = {field.name: _Column(getattr(first, field.name)) for field in fields(Sketches)}

    def add(self, part: Sketches) -> None:
        """The sketches of the next batch."""
        shift = self._columns["samples"].rows
        for name, column in self._columns.items():
            values = getattr(part, name)
            column.add(values + shift if name == "starts" else values)

    def sketches(self) -> Sketches:
        """All of them."""
        return Sketches(**{name: column.values() for name, column in self._columns.items()})


class _Column:
    """An array that grows by rows. There is room for an eighth more of them: a large one is moved by its pages, without a copy."""

    def __init__(self, first: npt.NDArray[Any]) -> None:
        self._room, self.rows = first.copy(), len(first)

    def add(self, rows: npt.NDArray[Any]) -> None:
        first, self.rows = self.rows, self.rows + len(rows)
        if self.rows > len(self._room):
            self._room.resize((self.rows + self.rows // 8, *self._room.shape[1:]), refcheck=False)
        self._room[first : self.rows] = rows

    def values(self) -> npt.NDArray[Any]:
        self._room.resize((self.rows, *self._room.shape[1:]), refcheck=False)
        return self._room


def sketch(views: pa.LargeStringArray, skip: pa.ListArray, plan: Plan) -> Sketches:
    """The sketches of a batch.

    Args:
        views: The articles; null for an empty one.
        skip: For each the numbers of its lines (`str.splitlines`) that do not count, ascending.
        plan: As `plan` gives it.
    """
    n = len(views)
    counts, digests = np.zeros(n, np.int64), np.zeros(n, np.uint64)
    keys, heads = np.zeros((n, plan.bands), np.uint32), np.zeros((n, kernels.HEADS), np.uint32)
    starts, sampled = np.zeros(n, np.int64), np.zeros(n, np.int64)
    samples, filled = [np.zeros(0, np.uint32)], 0
    odd, plus = permutations(plan.permutations)
    signed = (odd, plus, np.empty(plan.permutations, np.uint32), plan.rows)

    def call(text, skip, table, room):  # type: ignore[no-untyped-def]
        nonlocal filled
        cuts = text[1]
        some = np.empty((int(cuts[-1]) - int(cuts[0])) // 2 + len(cuts), np.uint32)  # touched as far as it is filled only
        begin = kernels.sketch(text, skip, table, room, signed, (counts, digests, keys, heads, some, starts, sampled), 0)
        done = text[2][counts[text[2]] > 0]
        starts[done] += filled
        samples.append(some[:begin].copy())
        filled += begin

    texts.each(views, skip, counts, call)
    return Sketches(counts, digests, keys, heads, np.concatenate(samples), starts, sampled)


def signatures(views: pa.LargeStringArray, skip: pa.ListArray, plan: Plan) -> npt.NDArray[np.uint32]:
    """The signatures (n, permutations) of a batch, arguments as those of `sketch`; all ones for an article without tokens."""
    found = texts.shingles(views, skip)
    signed = np.empty((len(views), plan.permutations), np.uint32)
    mixed = np.empty(int(found.counts.max(initial=0)), np.uint32)
    kernels.signatures(found.all, found.starts, found.counts, *permutations(plan.permutations), mixed, signed)
    return signed


def lean(signature: npt.NDArray[np.uint32]) -> LeanMinHash:
    """A signature as datasketch's, for its indexes and stores."""
    from datasketch import LeanMinHash

    return LeanMinHash(seed=SEED, hashvalues=signature, scheme="affine32")
