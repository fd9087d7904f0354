"""How large a text is: code points, words and lines, in one pass."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from audit.kernels.chars import word_classes
from audit.kernels.jit import inline, kernel
from audit.kernels.utf8 import decode
from audit.kernels.wide import BLOCK, ascii_words, beyond_ascii, beyond_space, control, equal, lowest, ones

SPACES = (*range(9, 14), *range(0x1C, 0x21), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)
"""What `str.strip` takes for white space."""
BREAKS = (0x0A, 0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x85, 0x2028, 0x2029)
"""Where `str.splitlines` ends a line."""
BLANK, BREAK = 4, 8
U = np.uint64


@cache
def kinds() -> npt.NDArray[np.uint8]:
    """For every code point its word class, BLANK added for white space and BREAK for a line end; shape (0x110000,)."""
    kinds = word_classes().copy()
    kinds[list(SPACES)] |= BLANK
    kinds[list(BREAKS)] |= BREAK
    return kinds


@inline
def _lines(written, feeds, seen):  # type: ignore[no-untyped-def]
    """(lines that begin to be written, whether the last one is), from the bits of line feeds and of what is not blank."""
    lines = 0
    while feeds:
        upto = (U(1) << U(lowest(feeds))) - U(1)
        lines += not written and seen & upto != 0
        written = False
        seen &= ~upto
        feeds &= feeds - U(1)
    lines += not written and seen != 0
    return lines, written or seen != 0


@kernel
def measure(data, cuts, kinds):  # type: ignore[no-untyped-def]
    """Per text the code points, the words (word_classes), and the lines that are not blank; int64, shape (texts, 3)."""
    sizes = np.zeros((len(cuts) - 1, 3), np.int64)
    for text in range(len(cuts) - 1):
        at, end = cuts[text], cuts[text + 1]
        chars, words, lines, within, written = 0, 0, 0, False, False
        while at < end:
            if at + BLOCK <= end:
                rare = beyond_ascii(data, at) | control(data, at)
                size = lowest(rare) if rare else np.int64(BLOCK)
                if size:
                    kept = (U(1) << U(size)) - U(1) if size < BLOCK else ~U(0)
                    letters = ascii_words(data, at) & kept
                    words += ones(letters & ~(letters << U(1) | U(within)))
                    within = letters >> U(size - 1) != 0
                    more, written = _lines(written, equal(data, at, np.uint8(0x0A)) & kept, beyond_space(data, at) & kept)
                    lines += more
                    chars += size
                    at += size
                if not rare:
                    continue
            point, size = decode(data, at)
            at += size
            chars += 1
            kind = kinds[point]
            if kind & 3 == 1:
                words += not within
                within = True
            else:
                words += kind & 3 == 2
                within = False
            if kind & BLANK == 0:
                lines += not written
                written = True
            elif kind & BREAK:  # in "\r\n" the line between the two is blank
                written = False
        sizes[text, 0], sizes[text, 1], sizes[text, 2] = chars, words, lines
    return sizes
