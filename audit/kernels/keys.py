"""The lines of texts as 64-bit keys that forgive case, white space and numbers.

A key is a chained multiply-xorshift hash of the normalised code points, eight bytes at a time: every step is invertible, so that two
lines that differ within one of these eights never collide, and of n different lines about n * n / 2**65 pairs do (one pair in a
billion lines: 3 %). It is no defence against lines made to collide; all that a collision does is to call a line recurrent.
"""

from __future__ import annotations

import numpy as np

from audit.kernels.jit import inline, kernel
from audit.kernels.lines import ALL, NONE, ONE, SPACE, ZERO, cut, mixed
from audit.kernels.utf8 import decode
from audit.kernels.wide import between, equal, load8, lowest, ones

HEAD, TAIL, AGAIN, SHORT, SENTENCE, QUESTION, NUMBERS, BULK = (np.uint8(1 << i) for i in range(8))
"""Traits of a line: among the first 3 or the last 4 lines; stands again in the article; up to three words (or nine signs of a
script without spaces); ends like a sentence, like a question; two or more numbers; more than half of the article's characters."""
LONG = 200
"""A line of more code points is keyed only among the first 3 and last 4: elsewhere it is prose or a background paragraph."""

HIGHS = np.uint64(0x8080808080808080)
FROM_A, PAST_Z, FROM_0, PAST_9 = (np.uint64((128 - byte) * 0x0101010101010101) for byte in (65, 91, 48, 58))
"""Added to eight ASCII characters they set the high bits of those from, or past, a character."""


@inline
def _pushed(key, lane, held, bytes8, size):  # type: ignore[no-untyped-def]
    """(key, lane, bytes held in all) after the first `size` bytes, at most 8, more; a lane of eight goes into the key."""
    bytes8 &= ALL >> np.uint64(64 - 8 * size)
    used = held & 7
    lane |= bytes8 << np.uint64(8 * used)
    if used + size < 8:
        return key, lane, held + size
    rest = bytes8 >> np.uint64(64 - 8 * used) if used else np.uint64(0)
    return mixed(key, lane), rest, held + size


@inline
def _folded8(bytes8):  # type: ignore[no-untyped-def]
    """Eight ASCII characters in small letters, every digit a zero."""
    upper = ((bytes8 + FROM_A) ^ (bytes8 + PAST_Z)) & HIGHS
    digit = ((bytes8 + FROM_0) ^ (bytes8 + PAST_9)) & HIGHS
    return (bytes8 | (upper >> np.uint64(2))) & ~((digit >> np.uint64(7)) * np.uint64(0x0F))


@inline
def _plain(data, at, end, gap, digit):  # type: ignore[no-untyped-def]
    """(how many of the next characters, at most 64, are printable ASCII with nothing to leave out, bits of digits, bits of letters).

    Left out are a blank after a blank and a digit after a digit; and a blank in the end, for it may be the line's.
    """
    if at + 64 > len(data):
        return 0, np.uint64(0), np.uint64(0)
    blanks = equal(data, at, np.uint8(32))
    digits = between(data, at, np.uint8(48), np.uint8(57))
    letters = between(data, at, np.uint8(65), np.uint8(90)) | between(data, at, np.uint8(97), np.uint8(122))
    hard = ~between(data, at, np.uint8(32), np.uint8(126))
    hard |= blanks & (blanks << ONE | np.uint64(gap)) | digits & (digits << ONE | np.uint64(digit))
    size = min(lowest(hard) if hard else 64, end - at)
    if size and blanks >> np.uint64(size - 1) & ONE:
        size -= 1
    some = ALL >> np.uint64(64 - size) if size else np.uint64(0)
    return size, digits & some, letters & some


@inline
def _stop(data, at, end, stop):  # type: ignore[no-untyped-def]
    """What a line ends with after data[at:end], printable ASCII: kinds 8 or 16 of its last sign, NONE after a letter or digit, else `stop`."""
    while end > at:
        end -= 1
        byte = data[end]
        if byte == 33 or byte == 46:
            return np.uint8(8)
        if byte == 59 or byte == 63:
            return np.uint8(16)
        if 48 <= byte <= 57 or 65 <= byte & 0xDF <= 90:
            return NONE
    return stop


@inline
def _key(data, at, end, folds, kinds):  # type: ignore[no-untyped-def]
    """(key, traits, whether there is a letter) of the line data[at:end], which begins with no white space.

    ASCII is one byte of a lane, another code point three that ASCII has not; so no two sequences of code points are one of bytes.
    """
    key, lane, held, words, singles, figures = np.uint64(0), np.uint64(0), np.int64(0), np.int64(0), np.int64(0), np.int64(0)
    gap, digit, within, letter, stop = False, False, False, False, np.uint8(0)
    while at < end:
        size, digits, letters = _plain(data, at, end, gap, digit)
        if size:
            if gap:
                key, lane, held = _pushed(key, lane, held, np.uint64(SPACE), 1)
            for i in range(0, size, 8):
                key, lane, held = _pushed(key, lane, held, _folded8(load8(data, at + i)), min(size - i, 8))
            word = digits | letters
            words += ones(word & ~(word << ONE | np.uint64(within)))
            figures += ones(digits)
            letter = letter or letters != 0
            stop = _stop(data, at, at + size, stop)
            last = np.uint64(size - 1)
            gap, digit, within = False, (digits >> last & ONE) != 0, (word >> last & ONE) != 0
            at += size
            continue
        point, size = decode(data, at)
        at += size
        fold = folds[point]
        if fold == SPACE:
            gap, digit, within = True, False, False
            continue
        if gap:
            key, lane, held = _pushed(key, lane, held, np.uint64(SPACE), 1)
            gap = False
        kind = kinds[point]
        stop = kind & 24 if kind & 24 else stop if kind & 3 == 0 else NONE
        letter = letter or (kind & 4) != 0
        singles += (kind & 3) == 2
        words += (kind & 3) == 1 and not within
        within = (kind & 3) == 1
        if fold >= 128:
            key, lane, held = _pushed(key, lane, held, _three(np.uint64(fold)), 3)
        elif fold != ZERO or not digit:
            key, lane, held = _pushed(key, lane, held, np.uint64(fold), 1)
        figures += fold == ZERO and not digit
        digit = fold == ZERO
    trait = (SENTENCE if stop == 8 else QUESTION if stop == 16 else NONE) | (SHORT if words * 3 + singles <= 9 else NONE)
    return mixed(mixed(key, lane), held), trait | (NUMBERS if figures > 1 else NONE), letter


@inline
def _three(point):  # type: ignore[no-untyped-def]
    """A code point as three bytes of 0x80 or more."""
    low, middle, high = point & np.uint64(127), point >> np.uint64(7) & np.uint64(127), point >> np.uint64(14)
    return low | middle << np.uint64(8) | high << np.uint64(16) | np.uint64(0x808080)


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
