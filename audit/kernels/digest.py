"""The hash of a run of bytes or of words, 64 bits: of n different ones about n * n / 2**65 pairs are equal.

It is no defence against text that is made to collide; all that a collision does is to call something a repeat.
"""

from __future__ import annotations

import numpy as np

from audit.kernels.jit import bare
from audit.kernels.utf8 import decode
from audit.kernels.wide import fold_multiply, load8

U = np.uint64
_SEED, _LEFT, _RIGHT = U(0xE7037ED1A0B428DB), U(0xA0761D6478BD642F), U(0x8EBC6AF09C88C6E3)  # wyhash's secrets
_ALL, _NONE = U(0xFFFFFFFFFFFFFFFF), U(0)
EXACT, SMALL = U(0), U(0x2020202020202020)
"""How bytes are read: as they are; ASCII letters and digits as small letters."""


@bare
def digest(data, start, stop, reading):  # type: ignore[no-untyped-def]
    """The hash of data[start:stop], at least one byte; PAD bytes behind it are readable."""
    state, size = _SEED, stop - start
    while stop - start > 16:
        state = fold_multiply((load8(data, start) | reading) ^ state, (load8(data, start + 8) | reading) ^ _LEFT)
        start += 16
    left = 8 * (stop - start)
    low = (load8(data, start) | reading) & (_ALL >> U(max(64 - left, 0)))
    past = min(128 - left, 63)  # two shifts instead of one: by 64 and more is undefined
    high = (load8(data, start + 8) | reading) & ((_ALL >> U(past)) >> U(128 - left - past))
    return fold_multiply(low ^ state, high ^ _RIGHT ^ U(size))


@bare
def _encoded(point):  # type: ignore[no-untyped-def]
    """(UTF-8 of the code point as a little-endian number, its bytes)."""
    low = U(0x80 | (point & 0x3F))
    if point < 0x80:
        return U(point), 1
    if point < 0x800:
        return U(0xC0 | (point >> 6)) | (low << U(8)), 2
    middle = U(0x80 | ((point >> 6) & 0x3F))
    if point < 0x10000:
        return U(0xE0 | (point >> 12)) | (middle << U(8)) | (low << U(16)), 3
    return U(0xF0 | (point >> 18)) | (U(0x80 | ((point >> 12) & 0x3F)) << U(8)) | (middle << U(16)) | (low << U(24)), 4


@bare
def _shifted(code, by):  # type: ignore[no-untyped-def]
    """The code moved up by so many bytes, -16 to 16."""
    if by >= 8 or by <= -8:
        return _NONE
    return code << U(8 * by) if by >= 0 else code >> U(-8 * by)


@bare
def folded_digest(data, start, stop, cases):  # type: ignore[no-untyped-def]
    """What `digest` gives for the UTF-8 of data[start:stop] after every code point became cases[it]."""
    state, size, low, high, filled = _SEED, np.int64(0), _NONE, _NONE, np.int64(0)
    while start < stop:
        point, length = decode(data, start)
        start += length
        code, length = _encoded(np.int64(cases[point]))
        low |= _shifted(code, filled)
        high |= _shifted(code, filled - 8)
        filled += length
        size += length
        if filled > 16:
            state = fold_multiply(low ^ state, high ^ _LEFT)
            filled -= 16
            low, high = _shifted(code, filled - length), _NONE
    return fold_multiply(low ^ state, high ^ _RIGHT ^ U(size))


@bare
def joined(before, after):  # type: ignore[no-untyped-def]
    """The hash of two things in a row, of which these are the hashes."""
    return fold_multiply(before ^ _LEFT, after ^ _RIGHT)
