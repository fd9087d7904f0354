"""The lines of texts as 64-bit keys that forgive case, white space and numbers; the lines are exactly `str.splitlines()`.

A key is a chained multiply-xorshift hash of the normalised code points: every step is invertible, so that two lines of equal
length that differ in one place never collide, and of n different lines about n * n / 2**65 pairs do (one pair in a billion
lines: 3 %). It is no defence against lines made to collide; all that a collision does is to call a line recurrent.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from audit.kernels.chars import members, word_classes
from audit.kernels.jit import inline, kernel
from audit.kernels.sizes import SPACES
from audit.kernels.utf8 import decode
from audit.kernels.wide import between, equal, ones

HEAD, TAIL, AGAIN, SHORT, SENTENCE, QUESTION, NUMBERS, BULK = (np.uint8(1 << i) for i in range(8))
"""Traits of a line: among the first 3 or the last 4 lines; stands again in the article; up to three words (or nine signs of a
script without spaces); ends like a sentence, like a question; two or more numbers; more than half of the article's characters."""
LONG = 200
"""A line of more code points is keyed only among the first 3 and last 4: elsewhere it is prose or a background paragraph."""

BLOCK = 64

STOPS, ASKS = tuple(map(ord, ".!。！｡۔।॥…")), tuple(map(ord, "?？؟;՞"))
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
def cut(data, at, end, first, folds, numbers, spans):  # type: ignore[no-untyped-def]
    """Fills numbers and spans from row `first` with the lines of data[at:end] that are not blank: begin without leading
    white space, end with trailing, code points of all of the line. Returns (the row after the last, code points, line ends).
    """
    out, number, whole, breaks = first, np.int32(0), np.int64(0), np.int64(0)
    while at < end:
        start, chars, over = at, np.int64(0), np.int64(0)
        while at < end:
            byte = data[at]
            if byte < 32 or byte == 0xC2 or byte == 0xE2:
                over = _break(data, at, end)
                if over:
                    break
            chars += (byte & 0xC0) != 0x80
            at += 1
        begin = begin_of(data, start, at, folds)
        if begin < at:
            numbers[out] = number
            spans[out, 0], spans[out, 1], spans[out, 2] = begin, at, chars
            out += 1
        whole += chars
        number += 1
        breaks += over > 0
        at += over
    return out, whole, breaks


@inline
def _key(data, at, end, folds, kinds):  # type: ignore[no-untyped-def]
    """(key, traits, whether there is a letter) of the line data[at:end], which begins with no white space."""
    key, words, singles, figures = np.uint64(0), np.int64(0), np.int64(0), np.int64(0)
    gap, digit, within, letter, stop = False, False, False, False, np.uint8(0)
    while at < end:
        point, size = decode(data, at)
        at += size
        fold = folds[point]
        if fold == SPACE:
            gap, digit, within = True, False, False
            continue
        if gap:
            key, gap = mixed(key, SPACE), False
        kind = kinds[point]
        stop = kind & 24 if kind & 24 else stop if kind & 3 == 0 else NONE
        letter = letter or (kind & 4) != 0
        singles += (kind & 3) == 2
        words += (kind & 3) == 1 and not within
        within = (kind & 3) == 1
        if fold != ZERO or not digit:
            key = mixed(key, fold)
        figures += fold == ZERO and not digit
        digit = fold == ZERO
    trait = (SENTENCE if stop == 8 else QUESTION if stop == 16 else NONE) | (SHORT if words * 3 + singles <= 9 else NONE)
    return mixed(key, 0), trait | (NUMBERS if figures > 1 else NONE), letter


@kernel
def line_keys(data, cuts, folds, kinds, numbers, keys, traits, spans):  # type: ignore[no-untyped-def]
    """The keyed lines of every text; not keyed are lines without a letter, and long ones in the middle (LONG).

    `numbers`, `keys`, `traits` and `spans` are filled, one row a keyed line: its number in `str.splitlines()`, its key, its
    traits; where it begins and ends in `data`, and its code points. They are as long as count_breaks says.

    Returns:
        Offsets into them, one more than there are texts.
    """
    ends = np.zeros(len(cuts), np.int64)
    out = np.int64(0)
    for text in range(len(cuts) - 1):
        first = out
        last, whole, _ = cut(data, cuts[text], cuts[text + 1], first, folds, numbers, spans)
        for at in range(first, last):
            place = (HEAD if at - first < 3 else NONE) | (TAIL if last - at <= 4 else NONE)
            if spans[at, 2] > LONG and place == 0:
                continue
            key, trait, letter = _key(data, spans[at, 0], spans[at, 1], folds, kinds)
            if not letter:
                continue
            numbers[out], keys[out], traits[out] = numbers[at], key, trait | place | (BULK if 2 * spans[at, 2] > whole else NONE)
            spans[out] = spans[at]
            out += 1
        ends[text + 1] = out
    return ends


@kernel
def distinct(ends, keys, traits):  # type: ignore[no-untyped-def]
    """Keeps the first of equal keys of every text, with trait AGAIN where there are more; returns the new offsets.

    Cost: linear; a table of twice the most lines of a text, emptied by marking each slot with the text it is of.
    """
    most = np.int64(1)
    for text in range(len(ends) - 1):
        most = max(most, ends[text + 1] - ends[text])
    size = np.int64(4)
    while size < 2 * most:
        size *= 2
    slots, owners = np.zeros(size, np.int64), np.full(size, -1, np.int64)
    starts = np.zeros(len(ends), np.int64)
    out = np.int64(0)
    for text in range(len(ends) - 1):
        for at in range(ends[text], ends[text + 1]):
            slot = np.int64(keys[at] & np.uint64(size - 1))
            while owners[slot] == text and keys[slots[slot]] != keys[at]:
                slot = (slot + 1) & (size - 1)
            if owners[slot] == text:
                traits[slots[slot]] |= AGAIN
                continue
            owners[slot], slots[slot] = text, out
            keys[out], traits[out] = keys[at], traits[at]
            out += 1
        starts[text + 1] = out
    return starts
