"""The lines of texts, exactly those of `str.splitlines()`, and what stands for their characters where case, white space and numbers do not count."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from audit.kernels.chars import members, word_classes
from audit.kernels.jit import inline, kernel
from audit.kernels.sizes import SPACES
from audit.kernels.utf8 import decode
from audit.kernels.wide import BLOCK, between, equal, lowest, ones

STOPS, ASKS = tuple(map(ord, ".!。！｡۔।॥…")), tuple(map(ord, "?？؟;՞"))
ONE, ALL = np.uint64(1), ~np.uint64(0)
NONE, SPACE, ZERO = np.uint8(0), np.uint32(ord(" ")), np.uint32(ord("0"))


@cache
def cases() -> npt.NDArray[np.uint32]:
    """The small letter of each code point, itself if it has none; shape (0x110000,).

    Case comes from the running Python, but only for letters of the committed table: Unicode never changes the case folding of a
    code point once it is assigned, so every Python gives the same keys.
    """
    table = np.arange(0x110000, dtype=np.uint32)
    for point in np.flatnonzero(members("Lu", "Lt")).tolist():
        small = chr(point).casefold()
        table[point] = ord(small) if len(small) == 1 else point
    return table


@cache
def folds() -> npt.NDArray[np.uint32]:
    """What stands for each code point in a key: shape (0x110000,); small letters, ZERO for every digit, SPACE for white space."""
    table = cases().copy()
    table[members("Nd")] = ZERO
    table[list(SPACES)] = SPACE
    return table


@cache
def kinds() -> npt.NDArray[np.uint8]:
    """word_classes, and 4 where a code point is a letter, 8 or 16 where it ends a sentence or question; shape (0x110000,)."""
    kinds = (word_classes() | (members("L") * 4)).astype(np.uint8)
    kinds[list(STOPS)] |= 8
    kinds[list(ASKS)] |= 16
    return kinds


@cache
def plain() -> npt.NDArray[np.uint8]:
    """0 for bytes that are ASCII and no line end; shape (256,)."""
    kinds = np.zeros(256, np.uint8)
    kinds[[*range(10, 14), *range(28, 31), *range(128, 256)]] = 1
    return kinds


@inline
def mixed(state, value):  # type: ignore[no-untyped-def]
    """One step of the hash."""
    state = (state ^ np.uint64(value)) * np.uint64(0x9E3779B97F4A7C15)
    return state ^ (state >> np.uint64(32))


@kernel
def count_breaks(data, cuts):  # type: ignore[no-untyped-def]
    """At least as many as the texts have lines; exact but for CR LF and for bytes that only look like a line end."""
    found, at = np.int64(len(cuts)), cuts[0]
    while at + BLOCK <= cuts[-1]:
        low = between(data, at, np.uint8(10), np.uint8(13)) | between(data, at, np.uint8(28), np.uint8(30))
        found += ones(low | equal(data, at, np.uint8(0x85)) | between(data, at, np.uint8(0xA8), np.uint8(0xA9)))
        at += BLOCK
    for rest in range(at, cuts[-1]):
        byte = data[rest]
        found += (10 <= byte <= 13) or (28 <= byte <= 30) or byte == 0x85 or byte == 0xA8 or byte == 0xA9
    return found


@inline
def _break(data, at, end):  # type: ignore[no-untyped-def]
    """The length in bytes of the line end at data[at]; 0 where there is none."""
    byte = data[at]
    if byte == 13:
        return 2 if at + 1 < end and data[at + 1] == 10 else 1
    if (10 <= byte <= 12) or (28 <= byte <= 30):
        return 1
    if byte == 0xC2:
        return 2 if data[at + 1] == 0x85 else 0
    if byte == 0xE2:
        return 3 if data[at + 1] == 0x80 and (data[at + 2] == 0xA8 or data[at + 2] == 0xA9) else 0
    return 0


@inline
def begin_of(data, at, end, folds):  # type: ignore[no-untyped-def]
    """Where the first character that is no white space stands in data[at:end]; `end` if there is none."""
    while at < end:
        point, size = decode(data, at)
        if folds[point] != SPACE:
            return at
        at += size
    return at


@inline
def _at_once(data, at, end):  # type: ignore[no-untyped-def]
    """(bits of bytes that may begin a line end, bits of bytes that begin a code point) of data[at : at + 64], as far as `end`."""
    size = min(end - at, BLOCK)
    if at + BLOCK <= len(data):
        some = ALL if size == BLOCK else (ONE << np.uint64(size)) - ONE
        ends = between(data, at, np.uint8(0), np.uint8(31)) | equal(data, at, np.uint8(0xC2)) | equal(data, at, np.uint8(0xE2))
        return ends & some, ~between(data, at, np.uint8(0x80), np.uint8(0xBF)) & some
    ends, points = np.uint64(0), np.uint64(0)
    for i in range(size):
        byte, bit = data[at + i], ONE << np.uint64(i)
        ends |= bit if byte < 32 or byte == 0xC2 or byte == 0xE2 else np.uint64(0)
        points |= bit if byte & 0xC0 != 0x80 else np.uint64(0)
    return ends, points


@inline
def cut(data, at, end, first, folds, numbers, spans):  # type: ignore[no-untyped-def]
    """Fills numbers and spans from row `first` with the lines of data[at:end] that are not blank: begin without leading
    white space, end with trailing, code points of all of the line. Returns (the row after the last, code points, line ends).
    """
    out, number, whole, start, chars = first, np.int32(0), np.int64(0), at, np.int64(0)
    while at < end:
        ends, points = _at_once(data, at, end)
        while ends:
            bit = lowest(ends)
            ends &= ends - ONE
            over = _break(data, at + bit, end) if at + bit >= start else 0  # the LF of CR LF is behind its line already
            if not over:
                continue
            before = points & ((ONE << np.uint64(bit)) - ONE)
            chars += ones(before)
            out = _line(data, start, at + bit, chars, number, out, folds, numbers, spans)
            ended = 2 if over == 2 and data[at + bit] == 13 else 1  # CR LF is two code points
            whole, number, start, chars = whole + chars, number + np.int32(1), at + bit + over, -ones(before) - ended
        chars += ones(points)
        at += BLOCK
    breaks = np.int64(number)
    if start < end:
        out = _line(data, start, end, chars, number, out, folds, numbers, spans)
        whole += chars
    return out, whole, breaks


@inline
def _line(data, start, end, chars, number, out, folds, numbers, spans):  # type: ignore[no-untyped-def]
    """Fills row `out` with a line that is not blank; the row after it."""
    begin = begin_of(data, start, end, folds)
    if begin == end:
        return out
    numbers[out] = number
    spans[out, 0], spans[out, 1], spans[out, 2] = begin, end, chars
    return out + 1
