"""Pairs of classes that may be near duplicates, or one of them contained in the other: proposals only.

A pair is one uint64, lower class << 32 | higher class; arrays of pairs are ascending and distinct.

Containment is looked for by head keys (equal first 20 shingles always meet) and by sampled shingles (one in 16; a text of n
shingles that stands whole elsewhere meets with probability 1 - (15/16)**n: 0.72 at 20, 0.96 at 50, 0.998 at 100). Keys that
more than SHARED classes have, even of kept ones only, lead nowhere: that bounds the cost by SHARED / 2 pairs a key. Before a
pair is verified, half of the shorter one's samples must be in the longer one: most articles have too few samples that stand in any
other article at all, so that stock phrases propose nothing for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audit.across.exact import Bools, Groups, Ints
from audit.across.near import Sketches
from audit.kernels import pairs as kernels
from audit.kernels.sketch import HEADS

Pairs = npt.NDArray[np.uint64]

GIANT, HUBS = 64, 16
"""A band key of more than GIANT classes pairs each with the HUBS most preferred only."""
SHARED = 32
PART_BITS = 3
"""Sampled shingles are matched in 2 ** PART_BITS parts, for memory."""
_HALF, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)


def halves(pairs: Pairs) -> tuple[Ints, Ints]:
    """(lower, higher) classes."""
    return (pairs >> _HALF).astype(np.int64), (pairs & _LOW).astype(np.int64)


def distinct(parts: Sequence[Pairs]) -> Pairs:
    """All pairs of `parts`, ascending, each once; np.unique takes twenty times as long."""
    every = np.concatenate([np.zeros(0, np.uint64), *parts])
    every.sort()
    return every[np.append(every[:1] == every[:1], every[1:] != every[:-1])]


def near(sketches: Sketches, groups: Groups, among: Bools, bands: int, workers: int) -> tuple[Pairs, int]:
    """(pairs of the classes `among` that share a band key, giant keys)."""
    classes = np.flatnonzero(among & (groups.counts > 0))
    articles = groups.donor[classes]

    def one(band: int) -> tuple[Pairs, int]:
        return _meet(_keyed(sketches.keys[:, band].copy()[articles], classes), GIANT, HUBS)

    if not len(classes):
        return np.zeros(0, np.uint64), 0
    with ThreadPoolExecutor(workers) as pool:
        found = list(pool.map(one, range(bands)))
    return distinct([pairs for pairs, _ in found]), sum(giants for _, giants in found)


def _keyed(keys: npt.NDArray[np.uint32], classes: Ints) -> Pairs:
    return (keys.astype(np.uint64) << _HALF) | classes.astype(np.uint64)


def _meet(keyed: Pairs, most: int, hubs: int) -> tuple[Pairs, int]:
    """(pairs of equal keys, giants), as kernels.pairs.meet has them; sorts `keyed` in place."""
    keyed.sort()
    giants = 0

    def fill(out: Pairs) -> int:
        nonlocal giants
        made, giants = kernels.meet(keyed, most, hubs, out)
        return int(made)

    return _filled(len(keyed) // 2, fill), giants


def _filled(guess: int, fill: Callable[[Pairs], int]) -> Pairs:
    """What `fill` writes to an array, of which it says how many there are, with about `guess` of them expected."""
    out = np.empty(guess + guess // 16 + 1024, np.uint64)  # touched as far as it is filled only
    made = fill(out)
    if made > len(out):
        out = np.empty(made, np.uint64)
        fill(out)
    return out[:made]


@dataclass(frozen=True, slots=True)
class _Samples:
    """All samples; class i's are values[starts[i] : starts[i] + counts[i]]."""

    values: npt.NDArray[np.uint32]
    starts: Ints
    counts: Ints


def contained(sketches: Sketches, groups: Groups, kept: Bools, workers: int) -> Pairs:
    """Pairs of classes one of which may stand in the other."""
    if not len(groups.donor):
        return np.zeros(0, np.uint64)
    samples = _Samples(sketches.samples, sketches.starts[groups.donor], sketches.sampled[groups.donor])
    order = np.argsort(samples.starts)
    stored = _Samples(samples.values, samples.starts[order], samples.counts[order])
    with ThreadPoolExecutor(workers) as pool:
        met = list(pool.map(lambda part: _repeated(stored, order, part), range(1 << PART_BITS)))
        able = _able(samples, met)

        def likely(keyed: Pairs) -> Pairs:
            return distinct([_filled(len(keyed), lambda out: int(kernels.stand_in(keyed, SHARED, kept, groups.counts, able, out)))])

        heads = (_heads(sketches, groups, which) for which in range(HEADS))
        pairs = distinct(list(pool.map(likely, [*heads, *met])))
    return _promising(pairs, samples, groups.counts)


def _heads(sketches: Sketches, groups: Groups, which: int) -> Pairs:
    """The keys << 32 | classes of the head keys of this number, ascending."""
    keys = sketches.heads[groups.donor, which]
    some = np.flatnonzero(keys)
    return np.sort(_keyed(keys[some], some))


def _repeated(samples: _Samples, classes: Ints, part: int) -> Pairs:
    """The samples << 32 | classes, ascending, of the samples in this part that several of `classes` have."""
    guess = len(samples.values) >> PART_BITS
    keyed = _filled(guess, lambda out: int(kernels.keyed(samples.values, samples.starts, samples.counts, classes, part, PART_BITS, out)))
    keyed.sort()
    return keyed[: kernels.repeated(keyed)].copy()


def _able(samples: _Samples, met: Sequence[Pairs]) -> Bools:
    """The classes that have enough samples in common with others to be promising as the shorter one of a pair."""
    others = np.zeros(len(samples.counts), np.int64)
    for keyed in met:
        others += np.bincount((keyed & _LOW).astype(np.int64), minlength=len(others))
    return 2 * others >= samples.counts


def _promising(pairs: Pairs, samples: _Samples, counts: Ints) -> Pairs:
    """The pairs whose longer class has at least half of the samples of the shorter one."""
    left, right = halves(pairs)
    shared = np.empty(len(pairs), np.int64)
    kernels.sampled_in_common(samples.values, samples.starts, samples.counts, left, right, shared)
    shorter = np.where(counts[left] <= counts[right], left, right)
    return pairs[2 * shared >= samples.counts[shorter]]
