"""Which lines RefinedWeb takes out of a text, and how many words they are (Penedo et al. 2023, arXiv 2306.01116, appendix G.2)."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from audit.kernels import layout, lines
from audit.kernels.c4 import stands
from audit.kernels.chars import members
from audit.kernels.jit import inline, kernel
from audit.kernels.layout import SPACE as BLANK
from audit.kernels.layout import end_of
from audit.kernels.lines import cut
from audit.kernels.utf8 import decode

COUNTED = ("likes", "shares", "comments", "retweets", "reposts", "quotes", "bookmarks", "upvotes", "downvotes", "downloads", "views", "followers")
CUES = ("sign-in", "read more...", "read more…", "items in cart")
"""What is edited out of a short line: at its start, at its end, anywhere."""
FIRST, ENDS, ANYWHERE = len(COUNTED), (len(COUNTED) + 1, len(COUNTED) + 2), len(COUNTED) + 3
SHORT = 10
"""Words of a line out of which a cue is edited."""
PART, SIGN, CAPITAL, SPACE, FIGURE, DIGIT = 1, 2, 4, 8, 16, 32
LINES, FLAGGED, WORDS = range(3)
"""Columns of `measure`: lines that are not blank, those taken out, words in these or edited out."""


@cache
def kinds() -> npt.NDArray[np.uint8]:
    """For every code point the sum of what it is: PART of a word, SIGN that is a word by itself, CAPITAL, SPACE, FIGURE (a number), and
    DIGIT, full stop or comma within a number; shape (0x110000,).
    """
    spaces = (layout.kinds() & layout.SPACE) > 0
    digits = members("Nd")
    digits[[ord("."), ord(",")]] = True
    return ((lines.kinds() & 3) | members("Lu") * CAPITAL | spaces * SPACE | members("N") * FIGURE | digits * DIGIT).astype(np.uint8)


@cache
def phrases() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """The bytes of COUNTED and CUES, one after the other, and where each begins."""
    parts = [phrase.encode() for phrase in (*COUNTED, *CUES)]
    return np.frombuffer(b"".join(parts), np.uint8), np.cumsum([0, *map(len, parts)])


@inline
def _words(data, at, end, kinds, most):  # type: ignore[no-untyped-def]
    """(words, whether all is numbers and white space) of data[at:end]; not read on after `most` words, unless all is numbers so far."""
    words, within, numbers = np.int64(0), False, True
    while at < end and (numbers or words <= most):
        point, size = decode(data, at)
        at += size
        kind = kinds[point]
        words += (kind & PART != 0 and not within) + (kind & SIGN != 0)
        within = kind & PART != 0
        numbers = numbers and kind & (FIGURE | SPACE) != 0
    return words, numbers


@inline
def _is_shouted(data, at, end, kinds):  # type: ignore[no-untyped-def]
    """Whether more than half of the characters of data[at:end] are capitals; read only while that can be."""
    capitals, chars, size = np.int64(0), np.int64(0), end - at
    while at < end and 2 * (chars - capitals) < size:  # as many others as that are half of the characters, however many bytes these have
        point, step = decode(data, at)
        at += step
        capitals += kinds[point] & CAPITAL != 0
        chars += 1
    return at == end and 2 * capitals > chars


@inline
def _is_counter(data, at, end, kinds, bytes_, starts):  # type: ignore[no-untyped-def]
    """Whether data[at:end] is a number, with K, M or B or without, and what it counts, such as "3 likes" or "(1.2K views)"."""
    while at < end and kinds[decode(data, at)[0]] & (PART | SIGN) == 0:
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
    while at < end and kinds[decode(data, at)[0]] & (PART | SIGN) == 0:
        at += decode(data, at)[1]
    return at == end


@inline
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


@kernel
def measure(data, cuts, spaces, kinds, marks, bytes_, starts, numbers, spans):  # type: ignore[no-untyped-def]
    """int64 (texts, 3) of the columns above. `spaces` is lines.folds(), `marks` layout.kinds(), `bytes_` and `starts` are phrases();
    `numbers` and `spans` are scratch of as many rows as lines.count_breaks says. Of a long line no more is read than it takes.
    """
    rows = np.zeros((len(cuts) - 1, 3), np.int64)
    for text in range(len(cuts) - 1):
        row = rows[text]
        row[LINES], _, _ = cut(data, cuts[text], cuts[text + 1], 0, spaces, numbers, spans)
        for i in range(row[LINES]):
            begin = spans[i, 0]
            end = end_of(data, begin, spans[i, 1], marks, BLANK)
            shouted = _is_shouted(data, begin, end, kinds)
            words, numeric = _words(data, begin, end, kinds, end if shouted else SHORT)
            if shouted or numeric or words == 1 or _is_counter(data, begin, end, kinds, bytes_, starts):
                row[FLAGGED] += 1
                row[WORDS] += words
            elif words <= SHORT:
                row[WORDS] += _cue(data, begin, end, kinds, bytes_, starts)
    return rows
