"""Token hashes to shingles: the 64-bit hashes of every five tokens in a row, which two articles are compared by."""

from __future__ import annotations

import numpy as np

from audit.kernels.jit import bare
from audit.kernels.wide import fold_multiply

SIZE = 5
"""Tokens of a shingle (word 5-grams: FineWeb, DCLM, StarCoder; research/heuristics.md, section 2)."""

U = np.uint64
_A, _B, _C = U(0x9E3779B97F4A7C15), U(0xC2B2AE3D27D4EB4F), U(0x165667B19E3779F9)  # xxHash's primes, odd
_MIX, _UP, _DOWN = U(0xD6E8FEB86659FD93), U(32), U(29)


@bare
def shingle(tokens, n, out):  # type: ignore[no-untyped-def]
    """The shingles of tokens[:n] to `out` in order; their number. Fewer than SIZE tokens: one shingle of all; none: none."""
    if n == 0:
        return np.int64(0)
    if n < SIZE:
        state = U(n)
        for k in range(n):
            state = fold_multiply(state ^ tokens[k], _A)
        out[0] = state
        return np.int64(1)
    for k in range(n - SIZE + 1):
        state = ((tokens[k] * _A + tokens[k + 1]) * _B + tokens[k + 2] * _A + tokens[k + 3]) * _C + tokens[k + 4]
        state = (state ^ (state >> _UP)) * _MIX
        out[k] = state ^ (state >> _DOWN)
    return n - SIZE + 1


@bare
def digest(shingles, n):  # type: ignore[no-untyped-def]
    """64 bits of the shingles as a multiset: their order does not matter."""
    total = U(n)
    for k in range(n):
        total += (shingles[k] ^ _A) * ((shingles[k] >> _UP) | U(1))
    return total
