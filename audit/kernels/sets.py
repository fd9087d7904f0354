"""Sets of shingles and what they have in common, exactly, by hash tables that are emptied by counting on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from audit.kernels.jit import bare, bare_kernel

U = np.uint64
_SPREAD = U(20)  # of a shingle's bits; the upper ones decide whether it is sampled, the lower ones its MinHash


def table(most: int) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """An empty table for sets of at most so many shingles: (slots, and the number of the set that filled a slot last)."""
    size = max(64, 1 << (2 * most).bit_length())
    return np.empty(size, np.uint64), np.zeros(size, np.int64)


@bare
def _mask(n):  # type: ignore[no-untyped-def]
    """The size, less 1, of the part of a table that holds n shingles at most half full."""
    mask = np.int64(63)
    while mask < 2 * n:
        mask = mask * 2 + 1
    return mask


@bare_kernel
def distinct(shingles, starts, counts, slots, stamps):  # type: ignore[no-untyped-def]
    """Make each shingles[starts[k] : starts[k] + counts[k]] a set in place: each shingle once, in the order they first came.

    `slots` and `stamps` are a `table` for the largest.
    """
    for k in range(starts.shape[0]):
        mask, stamp = _mask(counts[k]), k + 1
        filled = starts[k]
        for i in range(starts[k], starts[k] + counts[k]):
            value = shingles[i]
            slot = np.int64(value >> _SPREAD) & mask
            while stamps[slot] == stamp and slots[slot] != value:
                slot = (slot + 1) & mask
            if stamps[slot] != stamp:
                stamps[slot], slots[slot], shingles[filled] = stamp, value, value
                filled += 1
        counts[k] = filled - starts[k]


@bare_kernel
def begins(shingles, starts, counts, short, long, slack, out):  # type: ignore[no-untyped-def]
    """out[k]: whether the text short[k] is the head of the text long[k].

    Its first shingle stands at the head of the other one and its last one as far down, each give or take `slack`
    (and a tenth of its length, where there were edits between), and the other one goes on there.
    """
    for k in range(short.shape[0]):
        a, n, b, m = starts[short[k]], counts[short[k]], starts[long[k]], counts[long[k]]
        first, last = False, False
        for i in range(min(slack, n)):
            for j in range(min(slack, m)):
                first = first or shingles[a + i] == shingles[b + j]
        reach = n // 10 + slack
        for i in range(max(n - slack, 0), n):
            for j in range(max(i - reach, 0), min(i + reach, m - 1)):
                last = last or shingles[a + i] == shingles[b + j]
        out[k] = first and last


@bare_kernel
def common(sets, starts, counts, left, right, slots, stamps, out):  # type: ignore[no-untyped-def]
    """out[k]: how many shingles the sets left[k] and right[k] share. Quick where equal `left` stand together.

    `slots` and `stamps` are a `table` for the largest, empty.
    """
    mask, before, stamp = np.int64(63), np.int64(-1), np.int64(0)
    for k in range(left.shape[0]):
        one, other = left[k], right[k]
        if one != before:
            before, mask, stamp = one, _mask(counts[one]), stamp + 1
            for i in range(starts[one], starts[one] + counts[one]):
                slot = np.int64(sets[i] >> _SPREAD) & mask
                while stamps[slot] == stamp:
                    slot = (slot + 1) & mask
                stamps[slot], slots[slot] = stamp, sets[i]
        shared = np.int64(0)
        for i in range(starts[other], starts[other] + counts[other]):
            slot = np.int64(sets[i] >> _SPREAD) & mask
            while stamps[slot] == stamp and slots[slot] != sets[i]:
                slot = (slot + 1) & mask
            shared += np.int64(stamps[slot] == stamp)
        out[k] = shared
