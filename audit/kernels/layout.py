"""What the lines of a text look like, and which of them and of its paragraphs repeat (Gopher, FineWeb)."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from audit.kernels.chars import members
from audit.kernels.jit import inline, kernel
from audit.kernels.lines import ASKS, STOPS, cut, mixed
from audit.kernels.sizes import SPACES
from audit.kernels.utf8 import decode

BULLETS = "•‣▶◀◦■□▪▫⁃⁌⁍∙○●◘⦾⦿·"
"""What begins an item of a list: the union of what the public implementations take; "-", "–" and "*" only before a space."""
DASHES = "-–*"
CLOSERS = "\"'”’»›)]}」』）】〉》"
"""What may follow the end of a sentence."""
ENDS = "".join(map(chr, STOPS + ASKS)).replace(";", "\u037e")
"""What ends a line as a sentence ends; a semicolon is a Greek question mark only where it is written as one."""
SPACE, BULLET, DASH, STOP, CLOSER = 1, 2, 4, 8, 16

BULLETED, TRAILING, LINES_AGAIN, LINE_CHARS, PARAGRAPHS_AGAIN, PARAGRAPH_CHARS, PUNCTUATED, SHORT, CHARS_AGAIN, BREAKS = range(10)
"""Columns of `measure`; BREAKS is a count, the others shares."""


@cache
def kinds() -> npt.NDArray[np.uint8]:
    """For every code point the sum of SPACE, BULLET, DASH, STOP and CLOSER that it is; shape (0x110000,)."""
    kinds = np.zeros(0x110000, np.uint8)
    kinds[members("Pe", "Pf")] |= CLOSER
    for signs, kind in ((map(chr, SPACES), SPACE), (BULLETS, BULLET), (DASHES, DASH), (ENDS, STOP), (CLOSERS, CLOSER)):
        kinds[[ord(sign) for sign in signs]] |= kind
    return kinds


@inline
def _last(data, begin, end):  # type: ignore[no-untyped-def]
    """Where the last character of data[begin:end] begins."""
    at = end - 1
    while at > begin and data[at] & 0xC0 == 0x80:
        at -= 1
    return at


@inline
def end_of(data, begin, end, kinds, kind):  # type: ignore[no-untyped-def]
    """The end of data[begin:end] without the characters of `kind` that it ends in."""
    while end > begin:
        last = _last(data, begin, end)
        if kinds[decode(data, last)[0]] & kind == 0:
            return end
        end = last
    return end


@inline
def trails(data, begin, end):  # type: ignore[no-untyped-def]
    """Whether data[begin:end] ends in an ellipsis: "...", ". . .", U+2026 or U+22EF."""
    if end - begin < 3:
        return False
    if data[end - 1] == 46 and data[end - 2] == 46 and data[end - 3] == 46:
        return True
    if data[end - 3] == 0xE2 and ((data[end - 2] == 0x80 and data[end - 1] == 0xA6) or (data[end - 2] == 0x8B and data[end - 1] == 0xAF)):
        return True
    return end - begin >= 5 and data[end - 1] == 46 and data[end - 2] == 32 and data[end - 3] == 46 and data[end - 4] == 32 and data[end - 5] == 46


@inline
def _bullet(data, begin, end, kinds):  # type: ignore[no-untyped-def]
    point, size = decode(data, begin)
    if kinds[point] & BULLET:
        return True
    return kinds[point] & DASH != 0 and begin + size < end and kinds[decode(data, begin + size)[0]] & SPACE != 0


@inline
def _seen(key, table, stamps, stamp, mask):  # type: ignore[no-untyped-def]
    """Whether the table of this stamp holds the key; it does afterwards. Its first mask + 1 entries are used."""
    slot = np.int64(key >> np.uint64(20)) & mask
    while stamps[slot] == stamp:
        if table[slot] == key:
            return True
        slot = (slot + 1) & mask
    stamps[slot], table[slot] = stamp, key
    return False


@inline
def _content(data, begin, end):  # type: ignore[no-untyped-def]
    """(hash, code points) of data[begin:end]."""
    key, chars = np.uint64(0), np.int64(0)
    for at in range(begin, end):
        key = mixed(key, data[at])
        chars += data[at] & 0xC0 != 0x80
    return mixed(key, 0), chars


@kernel
def measure(data, cuts, spaces, kinds, numbers, spans):  # type: ignore[no-untyped-def]
    """float64 (texts, 10) of the columns above; a text without lines has 0 everywhere.

    `spaces` is lines.folds(); `numbers` and `spans` are scratch of as many rows as lines.count_breaks says. A line is one that is
    not blank, without white space around it; a paragraph is a run of such lines. Of equal ones all but the first count.
    """
    size = np.int64(4)
    while size <= 2 * len(numbers):
        size *= 2
    table, stamps, stamp = np.empty(size, np.uint64), np.zeros(size, np.int64), np.int64(0)
    keys = np.empty(len(numbers), np.uint64)
    rows = np.zeros((len(cuts) - 1, 10), np.float64)
    for text in range(len(cuts) - 1):
        count, whole, breaks = cut(data, cuts[text], cuts[text + 1], 0, spaces, numbers, spans)
        row = rows[text]
        row[BREAKS] = breaks
        if count:
            mask = np.int64(3)
            while mask < 2 * count:
                mask = 2 * mask + 1
            _lines(data, count, kinds, spans, keys, table, stamps, stamp + 1, mask, row)
            row[CHARS_AGAIN] /= max(whole, 1)
            _paragraphs(count, numbers, spans, keys, table, stamps, stamp + 2, mask, row)
        stamp += 2
    return rows


@inline
def _lines(data, count, kinds, spans, keys, table, stamps, stamp, mask, row):  # type: ignore[no-untyped-def]
    """Fills what lines say; leaves the keys of lines in `keys`, their characters in spans[:, 2]."""
    whole = np.int64(0)
    for i in range(count):
        begin = spans[i, 0]
        end = end_of(data, begin, spans[i, 1], kinds, SPACE)
        key, chars = _content(data, begin, end)
        keys[i], spans[i, 2] = key, chars
        whole += chars
        row[BULLETED] += _bullet(data, begin, end, kinds)
        row[TRAILING] += trails(data, begin, end)
        bare = end_of(data, begin, end, kinds, CLOSER)
        row[PUNCTUATED] += bare > begin and kinds[decode(data, _last(data, begin, bare))[0]] & STOP != 0
        row[SHORT] += chars <= 30
        if _seen(key, table, stamps, stamp, mask):
            row[LINES_AGAIN] += 1
            row[LINE_CHARS] += chars
    row[CHARS_AGAIN] = row[LINE_CHARS]
    row[LINE_CHARS] /= whole
    for column in (BULLETED, TRAILING, PUNCTUATED, SHORT, LINES_AGAIN):
        row[column] /= count


@inline
def _paragraphs(count, numbers, spans, keys, table, stamps, stamp, mask, row):  # type: ignore[no-untyped-def]
    paragraphs, whole, key, chars = np.int64(0), np.int64(0), np.uint64(0), np.int64(0)
    for i in range(count):
        key = mixed(key, keys[i])
        chars += spans[i, 2]
        if i + 1 == count or numbers[i + 1] > numbers[i] + 1:
            if _seen(mixed(key, 1), table, stamps, stamp, mask):
                row[PARAGRAPHS_AGAIN] += 1
                row[PARAGRAPH_CHARS] += chars
            paragraphs += 1
            whole += chars
            key, chars = np.uint64(0), np.int64(0)
    row[PARAGRAPHS_AGAIN] /= paragraphs
    row[PARAGRAPH_CHARS] /= whole
