"""Sorted keys to pairs of articles, and pairs to groups and to the articles that are kept.

A pair is one uint64: the lower number << 32 | the higher one.
"""

from __future__ import annotations

import numpy as np

from audit.kernels.jit import bare_kernel, inline, kernel

U = np.uint64
_HALF, _LOW = U(32), U(0xFFFFFFFF)


@bare_kernel
def meet(keyed, most, hubs, out):  # type: ignore[no-untyped-def]
    """Pairs of the articles that have a key in common.

    Args:
        keyed: uint64 key << 32 | article, ascending.
        most: A key that more articles than this have is a giant: each of them is then paired with its first `hubs` only.
        hubs: How many.
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


@bare_kernel
def keyed(samples, starts, counts, articles, part, bits, out):  # type: ignore[no-untyped-def]
    """Key << 32 | article for the samples whose upper `bits` bits are `part`, to `out`.

    Args:
        samples: uint32; those of articles[i] are samples[starts[i] : starts[i] + counts[i]], ascending, each once.
        starts: int64, quick if ascending.
        counts: int64.
        articles: int64.
        part: int.
        bits: int.
        out: Room for keys; what does not fit is counted only.

    Returns:
        How many there are.
    """
    made, shift, wanted = np.int64(0), np.uint32(32 - bits), np.uint32(part)
    for i in range(articles.shape[0]):
        k, end = starts[i], starts[i] + counts[i]
        while k < end and (samples[k] >> shift) < wanted:
            k += 1
        while k < end and (samples[k] >> shift) == wanted:
            if made < out.shape[0]:
                out[made] = (U(samples[k]) << _HALF) | U(articles[i])
            made += 1
            k += 1
    return made


@bare_kernel
def repeated(keyed):  # type: ignore[no-untyped-def]
    """Leave in the ascending key << 32 | article only keys of several articles, at its beginning; how many are left."""
    n, left, first = keyed.shape[0], np.int64(0), np.int64(0)
    while first < n:
        last = first + 1
        while last < n and (keyed[last] >> _HALF) == (keyed[first] >> _HALF):
            last += 1
        if last - first > 1:
            for k in range(first, last):
                keyed[left] = keyed[k]
                left += 1
        first = last
    return left


@bare_kernel
def stand_in(keyed, most, kept, sizes, able, out):  # type: ignore[no-untyped-def]
    """Pairs of articles that have a key in common and the shorter of which is able to stand in the other.

    Args:
        keyed: uint64 key << 32 | article, ascending.
        most: A key that more articles than this have counts for the kept ones only, and for none if more than this are kept.
        kept: bool by article.
        sizes: int64 by article: of two of one size the first is the shorter.
        able: bool by article.
        out: Room for pairs; what does not fit is counted only.

    Returns:
        Pairs in all.
    """
    n, made, first = keyed.shape[0], np.int64(0), np.int64(0)
    while first < n:
        last, living = first, np.int64(0)
        while last < n and (keyed[last] >> _HALF) == (keyed[first] >> _HALF):
            living += np.int64(kept[np.int64(keyed[last] & _LOW)])
            last += 1
        giant = last - first > most
        end = first if giant and living > most else last
        for one in range(first, end):
            left = np.int64(keyed[one] & _LOW)
            if giant and not kept[left]:
                continue
            for other in range(one + 1, end):
                right = np.int64(keyed[other] & _LOW)
                if giant and not kept[right]:
                    continue
                if able[left if sizes[left] <= sizes[right] else right]:
                    if made < out.shape[0]:
                        out[made] = (U(left) << _HALF) | U(right)
                    made += 1
        first = last
    return made


@bare_kernel
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
