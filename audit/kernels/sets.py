"""Sets of shingles and what they have in common, exactly, by hash tables that are emptied by counting on."""

from __future__ import annotations

import numpy as np

from audit.kernels.jit import inline, kernel

U = np.uint64
_SPREAD = U(20)  # of a shingle's bits; the upper ones decide whether it is sampled, the lower ones its MinHash


@inline
def _mask(n):  # type: ignore[no-untyped-def]
    """The size, less 1, of a table that holds n shingles at most half full."""
    mask = np.int64(63)
    while mask < 2 * n:
        mask = mask * 2 + 1
    return mask


@kernel
def distinct(shingles, starts, counts):  # type: ignore[no-untyped-def]
    """Make each shingles[starts[k] : starts[k] + counts[k]] a set in place: each shingle once, in the order they first came."""
    slots, stamps, stamp = np.empty(4096, np.uint64), np.zeros(4096, np.int32), np.int32(0)
    for k in range(starts.shape[0]):
        mask = _mask(counts[k])
        if mask >= slots.shape[0]:
            slots, stamps, stamp = np.empty(mask + 1, np.uint64), np.zeros(mask + 1, np.int32), np.int32(0)
        stamp += np.int32(1)
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


@kernel
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


@kernel
def common(sets, starts, counts, left, right, out):  # type: ignore[no-untyped-def]
    """out[k]: how many shingles the sets left[k] and right[k] share. Quick where equal `left` stand together."""
    slots, stamps, stamp = np.empty(4096, np.uint64), np.zeros(4096, np.int32), np.int32(0)
    mask, before = np.int64(63), np.int64(-1)
    for k in range(left.shape[0]):
        one, other = left[k], right[k]
        if one != before:
            before, mask = one, _mask(counts[one])
            if mask >= slots.shape[0]:
                slots, stamps, stamp = np.empty(mask + 1, np.uint64), np.zeros(mask + 1, np.int32), np.int32(0)
            stamp += np.int32(1)
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
