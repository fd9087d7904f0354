"""What the lines of a text look like, and which of them and of its paragraphs repeat (Gopher, FineWeb)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from audit.kernels import signs
from audit.kernels.digest import EXACT, digest, joined
from audit.kernels.jit import bare, bare_kernel
from audit.kernels.planes import LEAD, Planes, count
from audit.kernels.signs import BULLET, CLOSER, DASH, SPACE, STOP, end_of
from audit.kernels.spans import WITHIN, Spans
from audit.kernels.utf8 import Bytes, before, decode

BULLETED, TRAILING, LINES_AGAIN, LINE_CHARS, PARAGRAPHS_AGAIN, PARAGRAPH_CHARS, PUNCTUATED, SHORT, CHARS_AGAIN = range(9)
"""Columns of `measure`, all of them shares."""


@bare
def trails(data, begin, end):  # type: ignore[no-untyped-def]
    """Whether data[begin:end] ends in an ellipsis: "...", ". . .", U+2026 or U+22EF."""
    if end - begin < 3:
        return False
    if data[end - 1] == 46 and data[end - 2] == 46 and data[end - 3] == 46:
        return True
    if data[end - 3] == 0xE2 and ((data[end - 2] == 0x80 and data[end - 1] == 0xA6) or (data[end - 2] == 0x8B and data[end - 1] == 0xAF)):
        return True
    return end - begin >= 5 and data[end - 1] == 46 and data[end - 2] == 32 and data[end - 3] == 46 and data[end - 4] == 32 and data[end - 5] == 46


@bare
def _bullet(data, begin, end, kinds):  # type: ignore[no-untyped-def]
    point, size = decode(data, begin)
    if kinds[point] & BULLET:
        return True
    return kinds[point] & DASH != 0 and begin + size < end and kinds[decode(data, begin + size)[0]] & SPACE != 0


@bare
def _seen(key, table, stamps, stamp, mask):  # type: ignore[no-untyped-def]
    """Whether the table of this stamp holds the key; it does afterwards. Its first mask + 1 entries are used."""
    slot = np.int64(key >> np.uint64(20)) & mask
    while stamps[slot] == stamp:
        if table[slot] == key:
            return True
        slot = (slot + 1) & mask
    stamps[slot], table[slot] = stamp, key
    return False


@bare
def _lines(data, bits, shift, first, last, spans, kinds, keys, chars, table, stamps, stamp, mask, row):  # type: ignore[no-untyped-def]
    """Fills what lines first to last say; leaves their hashes in `keys`, their code points in `chars`."""
    whole = np.int64(0)
    for i in range(first, last):
        begin, end = spans[i, 0], spans[i, 1]
        keys[i - first], chars[i - first] = digest(data, begin, end, EXACT), count(bits, LEAD, begin + shift, end + shift)
        whole += chars[i - first]
        row[BULLETED] += _bullet(data, begin, end, kinds)
        row[TRAILING] += trails(data, begin, end)
        bare = end_of(data, begin, end, kinds, CLOSER)
        row[PUNCTUATED] += bare > begin and kinds[decode(data, before(data, bare))[0]] & STOP != 0
        row[SHORT] += chars[i - first] <= 30
        if _seen(keys[i - first], table, stamps, stamp, mask):
            row[LINES_AGAIN] += 1
            row[LINE_CHARS] += chars[i - first]
    row[CHARS_AGAIN] = row[LINE_CHARS]
    row[LINE_CHARS] /= whole
    for column in (BULLETED, TRAILING, PUNCTUATED, SHORT, LINES_AGAIN):
        row[column] /= last - first


@bare
def _paragraphs(first, last, numbers, keys, chars, table, stamps, stamp, mask, row):  # type: ignore[no-untyped-def]
    paragraphs, whole, key, size = np.int64(0), np.int64(0), np.uint64(0), np.int64(0)
    for i in range(last - first):
        key = joined(key, keys[i])
        size += chars[i]
        if first + i + 1 == last or numbers[first + i + 1] > numbers[first + i] + 1:
            if _seen(key, table, stamps, stamp, mask):
                row[PARAGRAPHS_AGAIN] += 1
                row[PARAGRAPH_CHARS] += size
            paragraphs += 1
            whole += size
            key, size = np.uint64(0), np.int64(0)
    row[PARAGRAPHS_AGAIN] /= paragraphs
    row[PARAGRAPH_CHARS] /= whole


@bare_kernel
def _fill(data, bits, shifts, firsts, spans, numbers, line_chars, kinds, keys, chars, table, stamps, rows):  # type: ignore[no-untyped-def]
    """Fills `rows`; `keys`, `chars`, `table` and `stamps` (0) are scratch."""
    for text in range(len(rows)):
        first, last, row = firsts[text], firsts[text + 1], rows[text]
        if first == last:
            continue
        mask = np.int64(3)
        while mask < 2 * (last - first):
            mask = 2 * mask + 1
        _lines(data, bits, shifts[text], first, last, spans, kinds, keys, chars, table, stamps, 2 * text + 1, mask, row)
        row[CHARS_AGAIN] /= max(line_chars[text], 1)
        _paragraphs(first, last, numbers, keys, chars, table, stamps, 2 * text + 2, mask, row)


def measure(data: Bytes, planes: Planes, spans: Spans) -> npt.NDArray[np.float64]:
    """float64 (texts, 9) of the columns above; a text without lines has 0 everywhere.

    A paragraph is a run of lines without a blank one between. Of equal ones all but the first count.
    """
    most = int(np.diff(spans.firsts).max(initial=0))
    keys, chars = np.empty(most, np.uint64), np.empty(most, np.int64)
    table, stamps = np.empty(4 * most + 4, np.uint64), np.zeros(4 * most + 4, np.int64)
    rows = np.zeros((len(planes.shifts), 9), np.float64)
    whole = spans.sizes[:, WITHIN]
    _fill(data, planes.bits, planes.shifts, spans.firsts, spans.spans, spans.numbers, whole, signs.kinds(), keys, chars, table, stamps, rows)
    return rows
