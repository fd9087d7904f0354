"""Which lines RefinedWeb takes out of a text, and how many words they are (Penedo et al. 2023, arXiv 2306.01116, appendix G.2)."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from audit.kernels import lines, signs
from audit.kernels.c4 import stands
from audit.kernels.chars import members
from audit.kernels.jit import bare, bare_kernel
from audit.kernels.planes import CAPITAL, LEAD, START, Planes, count
from audit.kernels.spans import Spans
from audit.kernels.utf8 import Bytes, decode

COUNTED = ("likes", "shares", "comments", "retweets", "reposts", "quotes", "bookmarks", "upvotes", "downvotes", "downloads", "views", "followers")
CUES = ("sign-in", "read more...", "read more…", "items in cart")
"""What is edited out of a short line: at its start, at its end, anywhere."""
FIRST, ENDS, ANYWHERE = len(COUNTED), (len(COUNTED) + 1, len(COUNTED) + 2), len(COUNTED) + 3
SHORT = 10
"""Words of a line out of which a cue is edited."""
WORD, SPACE, FIGURE, DIGIT = 1, 2, 4, 8
FLAGGED, WORDS = range(2)
"""Columns of `measure`: lines that are taken out, words in these or edited out."""


@cache
def kinds() -> npt.NDArray[np.uint8]:
    """For every code point the sum of what it is: of a WORD, SPACE, FIGURE (a number), and DIGIT, full stop or comma within a number;
    shape (0x110000,).
    """
    digits = members("Nd")
    digits[[ord("."), ord(",")]] = True
    words, spaces = lines.kinds() & 3 > 0, signs.kinds() & signs.SPACE > 0
    return (words * WORD | spaces * SPACE | members("N") * FIGURE | digits * DIGIT).astype(np.uint8)


@cache
def phrases() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """The bytes of COUNTED and CUES, one after the other, and where each begins."""
    parts = [phrase.encode() for phrase in (*COUNTED, *CUES)]
    return np.frombuffer(b"".join(parts), np.uint8), np.cumsum([0, *map(len, parts)])


@bare
def _is_numbers(data, at, end, kinds):  # type: ignore[no-untyped-def]
    """Whether all of data[at:end] is numbers and white space."""
    while at < end:
        point, size = decode(data, at)
        if kinds[point] & (FIGURE | SPACE) == 0:
            return False
        at += size
    return True


@bare
def _is_counter(data, at, end, kinds, bytes_, starts):  # type: ignore[no-untyped-def]
    """Whether data[at:end] is a number, with K, M or B or without, and what it counts, such as "3 likes" or "(1.2K views)"."""
    while at < end and kinds[decode(data, at)[0]] & WORD == 0:
        at += decode(data, at)[1]
    digits = at
    while at < end and kinds[decode(data, at)[0]] & DIGIT:
        at += decode(data, at)[1]
    if at == digits or kinds[decode(data, digits)[0]] & FIGURE == 0:
        return False
    if at < end and (data[at] | 32 == 107 or data[at] | 32 == 109 or data[at] | 32 == 98):
        at += 1
    gap = at
    while at < end and kinds[decode(data, at)[0]] & SPACE:
        at += decode(data, at)[1]
    if at == gap:
        return False
    for phrase in range(len(COUNTED)):
        if stands(data, at, end, bytes_, starts, phrase):
            at += starts[phrase + 1] - starts[phrase]
            break
    else:
        return False
    while at < end and kinds[decode(data, at)[0]] & WORD == 0:
        at += decode(data, at)[1]
    return at == end


@bare
def _cue(data, begin, end, kinds, bytes_, starts):  # type: ignore[no-untyped-def]
    """Words of the cues that are edited out of data[begin:end]: two of "sign-in", two of "Read more...", three of "items in cart"."""
    words = np.int64(0)
    if stands(data, begin, end, bytes_, starts, FIRST):
        words += 2
    for phrase in ENDS:
        at = end - (starts[phrase + 1] - starts[phrase])
        if at >= begin and stands(data, at, end, bytes_, starts, phrase):
            words += 2
    for at in range(begin, end):
        if data[at] | 32 == 105 and stands(data, at, end, bytes_, starts, ANYWHERE):
            words += 3
    return words


@bare_kernel
def _fill(data, bits, shifts, firsts, spans, kinds, bytes_, starts, rows):  # type: ignore[no-untyped-def]
    """Fills `rows`."""
    for text in range(len(rows)):
        row, shift = rows[text], shifts[text]
        for i in range(firsts[text], firsts[text + 1]):
            begin, end = spans[i, 0], spans[i, 1]
            first, last = begin + shift, end + shift
            words = count(bits, START, first, last)
            shouted = 2 * count(bits, CAPITAL, first, last) > count(bits, LEAD, first, last)
            if shouted or words == 1 or _is_numbers(data, begin, end, kinds) or _is_counter(data, begin, end, kinds, bytes_, starts):
                row[FLAGGED] += 1
                row[WORDS] += words
            elif words <= SHORT:
                row[WORDS] += _cue(data, begin, end, kinds, bytes_, starts)


def measure(data: Bytes, planes: Planes, spans: Spans) -> npt.NDArray[np.int64]:
    """int64 (texts, 2) of the columns above."""
    rows = np.zeros((len(planes.shifts), 2), np.int64)
    _fill(data, planes.bits, planes.shifts, spans.firsts, spans.spans, kinds(), *phrases(), rows)
    return rows
