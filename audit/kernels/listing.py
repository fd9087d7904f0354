"""How much of a text is lines that look like headlines or links: what a listing page is made of."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from audit.kernels import lines, signs
from audit.kernels.chars import members
from audit.kernels.jit import bare, bare_kernel
from audit.kernels.planes import same
from audit.kernels.signs import CLOSER, SPACE, STOP, end_of
from audit.kernels.utf8 import before, decode
from audit.kernels.wide import BLOCK, lowest

LONG = 160
"""A line of more bytes is prose, whatever it says."""
FEWEST, MOST = 4, 25
"""Words of a headline; a sign of a script without spaces is half a word."""
PART, SIGN, LETTER, SMALL, FIGURE, MARK = 1, 2, 4, 8, 16, 32
LINES, HEADS, HEAD_BYTES, BYTES, CHAIN, FIRST = range(6)
"""Columns of `measure`: lines that are not blank, those that look like headlines or are links, the bytes of these and of all; the most of
these in a row, and where in the text (byte) the first of such a row begins."""


@cache
def kinds() -> npt.NDArray[np.uint8]:
    """For every code point the sum of what it is: PART of a word, SIGN that is a word by itself, LETTER, SMALL letter, FIGURE, and
    MARK that begins an item of a list or a quotation; shape (0x110000,).
    """
    marks = np.zeros(0x110000, np.bool_)
    marks[[ord(sign) for sign in signs.BULLETS + signs.DASHES + "!(>|&/"]] = True
    return ((lines.kinds() & 7) | members("Ll") * SMALL | members("N") * FIGURE | marks * MARK).astype(np.uint8)


@bare
def _is_link(data, begin, end):  # type: ignore[no-untyped-def]
    """Whether data[begin:end] is nothing but an address or a link of Markdown, as an item of a list or not."""
    if end - begin > 2 and (data[begin] == 45 or data[begin] == 42) and data[begin + 1] == 32:
        begin += 2
    if end - begin < 8:
        return False
    if data[begin] == 91:  # [text](address)
        return data[end - 1] == 41
    is_http = data[begin] == 104 and data[begin + 1] == 116 and data[begin + 2] == 116 and data[begin + 3] == 112
    is_www = data[begin] == 119 and data[begin + 1] == 119 and data[begin + 2] == 119 and data[begin + 3] == 46
    gaps = np.int64(0)
    for at in range(begin, end):
        gaps += data[at] <= 32
    return gaps == 0 and (is_http or is_www)


@bare
def _is_head(data, begin, end, kinds, marks):  # type: ignore[no-untyped-def]
    """Whether data[begin:end] looks like a headline: a few words, most without a figure, beginning with no small letter and no mark of
    a list, and ending as neither a sentence nor a part of one does. A question is a headline.
    """
    stop = end_of(data, begin, end, marks, CLOSER)
    if stop == begin:
        return False
    last = before(data, stop)
    if data[last] == 58 or data[last] == 44 or data[last] == 59:
        return False
    if data[last] != 63 and marks[decode(data, last)[0]] & STOP:
        return False
    if kinds[decode(data, begin)[0]] & MARK:
        return False
    words, figures, signs, at = np.int64(0), np.int64(0), np.int64(0), begin
    first, within, letter, figure = True, False, False, False
    while at < end:
        point, size = decode(data, at)
        at += size
        kind = kinds[point]
        if kind & PART:
            if first and kind & SMALL:
                return False
            first = first and kind & LETTER == 0
            within, letter, figure = True, letter or kind & LETTER != 0, figure or kind & FIGURE != 0
            continue
        words += within and letter and not figure
        figures += within and figure
        within, letter, figure = False, False, False
        signs += kind & SIGN != 0
        first = first and kind & SIGN == 0
    words += within and letter and not figure
    figures += within and figure
    return 2 * words + signs >= 2 * FEWEST and 2 * words + signs <= 2 * MOST and 3 * figures <= words + signs


@bare
def _feed(data, at, end):  # type: ignore[no-untyped-def]
    """Where the next line feed of data[at:end] is; `end` if there is none."""
    while at < end:
        feeds = same(data, at, end, np.uint8(10))
        if feeds:
            return at + lowest(feeds)
        at += BLOCK
    return end


@bare_kernel
def measure(data, cuts, kinds, marks, rows):  # type: ignore[no-untyped-def]
    """Fills rows, int64 (texts, 6), 0 before, with the columns above; `marks` is signs.kinds(), wide.PAD bytes behind a text are readable.

    Lines end at a line feed; white space around them does not count. A text of which half is long lines is no listing: the rest of it is
    not read, and its row is 0.
    """
    for text in range(len(cuts) - 1):
        row, at, end = rows[text], cuts[text], cuts[text + 1]
        long, chain, head = np.int64(0), np.int64(0), np.int64(0)
        while at < end:
            begin, last = at, _feed(data, at, end)
            at = last + 1
            while begin < last and data[begin] <= 32:
                begin += 1
            last = end_of(data, begin, last, marks, SPACE)
            if begin == last:
                continue
            row[LINES] += 1
            row[BYTES] += last - begin
            if last - begin > LONG:
                chain = np.int64(0)
                long += last - begin
                if 2 * long > end - cuts[text]:
                    row[:] = 0
                    break
            elif _is_link(data, begin, last) or _is_head(data, begin, last, kinds, marks):
                head = head if chain else begin - cuts[text]
                chain += 1
                row[HEADS] += 1
                row[HEAD_BYTES] += last - begin
                if chain > row[CHAIN]:
                    row[CHAIN], row[FIRST] = chain, head
            else:
                chain = np.int64(0)
