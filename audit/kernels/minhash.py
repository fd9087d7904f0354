"""Shingles to a MinHash signature, bit for bit that of datasketch.MinHash(permutations, seed=1), scheme affine32.

The hash that datasketch is given is the low half of a shingle: `MinHash(hashfunc=lambda shingle: shingle & 0xFFFFFFFF)`.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from audit.kernels.jit import bare
from audit.kernels.wide import LANES, load_lanes, lower_of, store_lanes

SEED = 1
U = np.uint64
_FIRST, _SECOND = np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35)  # MurmurHash3's finalizer
_HALF, _ODD = np.uint32(16), np.uint32(13)
_LOW = U(0xFFFFFFFF)
_KEY, _NEXT = U(0x9E3779B97F4A7C15), U(0xD6E8FEB86659FD93)


@cache
def permutations(count: int) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """(a, b) of `count` permutations a * h + b mod 2**32, as datasketch draws them."""
    draw = np.random.RandomState(SEED)  # its stream is frozen, and is datasketch's
    odd = draw.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return odd, draw.randint(0, 1 << 32, count, dtype=np.uint32)


@bare
def sign(shingles, n, odd, plus, mixed, out):  # type: ignore[no-untyped-def]
    """The signature of shingles[:n] to `out`, uint32, one value a permutation; all ones for no shingles.

    The permutations are a multiple of LANES; `mixed` is room for n uint32.
    """
    for i in range(n):
        x = np.uint32(shingles[i] & _LOW)
        x = np.uint32((x ^ (x >> _HALF)) * _FIRST)
        x = np.uint32((x ^ (x >> _ODD)) * _SECOND)
        mixed[i] = np.uint32(x ^ (x >> _HALF))
    for k in range(out.shape[0]):
        out[k] = np.uint32(0xFFFFFFFF)
    for k in range(0, out.shape[0], LANES):
        least, a, b = load_lanes(out, k), load_lanes(odd, k), load_lanes(plus, k)
        for i in range(n):
            least = lower_of(least, a, b, mixed[i])
        store_lanes(out, k, least)


@bare
def band_key(signature, band, rows):  # type: ignore[no-untyped-def]
    """32 bits of signature[band * rows : (band + 1) * rows], other ones for another band."""
    state = U(band + 1) * _KEY
    for k in range(band * rows, (band + 1) * rows):
        state = (state ^ U(signature[k])) * _NEXT
        state ^= state >> U(32)
    return np.uint32(state >> U(32))
