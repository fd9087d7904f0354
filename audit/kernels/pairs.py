"""Sorted keys to pairs of articles, and pairs to groups and to the articles that are kept.

A pair is one uint64: the lower number << 32 | the higher one.
"""

from __future__ import annotations

import numpy as np

from audit.kernels.jit import inline, kernel

U = np.uint64
_HALF, _LOW = U(32), U(0xFFFFFFFF)


@kernel
def meet(keyed, most, hubs, out):  # type: ignore[no-untyped-def]
    """Pairs of the articles that have a key in common.

    Args:
        keyed: uint64 key << 32 | article, ascending.
        most: A key that more articles than this have is a giant: each of them is then paired with its first `hubs` only.
        hubs: How many; 0: giants give no pairs.
        out: Room for pairs; what does not fit is counted only.

    Returns:
        (pairs in all, giants).
    """
    n, made, giants, first = keyed.shape[0], np.int64(0), np.int64(0), np.int64(0)
    while first < n:
        last = first + 1
        while last < n and (keyed[last] >> _HALF) == (keyed[first] >> _HALF):
            last += 1
        heads = last - first
        if heads > most:
            giants += 1
            heads = np.int64(hubs)
        for one in range(first, first + heads):
            for other in range(one + 1, last):
                if made < out.shape[0]:
                    out[made] = ((keyed[one] & _LOW) << _HALF) | (keyed[other] & _LOW)
                made += 1
        first = last
    return made, giants


@kernel
def keyed(samples, starts, counts, part, bits, seen, out):  # type: ignore[no-untyped-def]
    """Key << 32 | article for the samples whose upper `bits` bits are `part` and that several articles seem to have, to `out`.

    Args:
        samples: uint32; article i's are samples[starts[i] : starts[i] + counts[i]], each once.
        starts: int64.
        counts: int64.
        part: int.
        bits: int.
        seen: uint64 (2, a power of two), zeros: bits of the keys that were seen, and of those seen again. The more room, the fewer
            keys of one article get through; none of several is lost.
        out: Room for keys; what does not fit is counted only.

    Returns:
        How many there are.
    """
    made, shift, mask = np.int64(0), np.uint32(32 - bits), np.int64(seen.shape[1] * 64 - 1)
    for article in range(starts.shape[0]):
        for k in range(starts[article], starts[article] + counts[article]):
            if (samples[k] >> shift) == part:
                place = np.int64(samples[k]) & mask
                word, flag = place >> 6, U(1) << U(place & 63)
                seen[1, word] |= seen[0, word] & flag
                seen[0, word] |= flag
    for article in range(starts.shape[0]):
        for k in range(starts[article], starts[article] + counts[article]):
            if (samples[k] >> shift) == part:
                place = np.int64(samples[k]) & mask
                if seen[1, place >> 6] >> U(place & 63) & U(1):
                    if made < out.shape[0]:
                        out[made] = (U(samples[k]) << _HALF) | U(article)
                    made += 1
    return made


@kernel
def sampled_in_common(samples, starts, counts, left, right, out):  # type: ignore[no-untyped-def]
    """out[k]: how many of the ascending samples[starts[i] : starts[i] + counts[i]] the articles left[k] and right[k] share."""
    for k in range(left.shape[0]):
        i, j = starts[left[k]], starts[right[k]]
        i_end, j_end = i + counts[left[k]], j + counts[right[k]]
        shared = np.int64(0)
        while i < i_end and j < j_end:
            shared += np.int64(samples[i] == samples[j])
            step = samples[i] <= samples[j]
            j += np.int64(samples[i] >= samples[j])
            i += np.int64(step)
        out[k] = shared


@inline
def _root(parents, one):  # type: ignore[no-untyped-def]
    while parents[one] != one:
        parents[one] = parents[parents[one]]
        one = parents[one]
    return one


@kernel
def components(left, right, parents):  # type: ignore[no-untyped-def]
    """For each article the lowest one that pairs lead to, to `parents`, int64."""
    for k in range(parents.shape[0]):
        parents[k] = k
    for k in range(left.shape[0]):
        one, other = _root(parents, left[k]), _root(parents, right[k])
        parents[max(one, other)] = min(one, other)
    for k in range(parents.shape[0]):
        parents[k] = _root(parents, k)


@kernel
def keep(left, right, shared, union, kept, best):  # type: ignore[no-untyped-def]
    """The lexicographically first maximal independent set: an article is kept unless an earlier kept one is paired with it.

    Args:
        left: int64, of pairs, ascending; numbers are in the order of preference.
        right: int64, greater than left.
        shared: int64, the numerator of a pair's similarity.
        union: int64, its denominator.
        kept: bool, true on entry; the set.
        best: int64, on return the pair that leads from an article that is not kept to the most similar kept one (the first
            of equals); -1 for a kept one.
    """
    for k in range(left.shape[0]):  # every pair that could remove left[k] stands before this one
        if kept[left[k]]:
            kept[right[k]] = False
    for k in range(best.shape[0]):
        best[k] = -1
    for k in range(left.shape[0]):
        if kept[left[k]]:
            now = best[right[k]]
            if now < 0 or shared[k] * union[now] > shared[now] * union[k]:
                best[right[k]] = k
        elif kept[right[k]]:
            now = best[left[k]]
            if now < 0 or shared[k] * union[now] > shared[now] * union[k]:
                best[left[k]] = k
