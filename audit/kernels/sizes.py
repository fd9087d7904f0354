"""How large a text is: code points, words and lines, in one pass."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from audit.kernels.chars import word_classes
from audit.kernels.jit import kernel
from audit.kernels.utf8 import decode

SPACES = (*range(9, 14), *range(0x1C, 0x21), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)
"""What `str.strip` takes for white space."""
BREAKS = (0x0A, 0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x85, 0x2028, 0x2029)
"""Where `str.splitlines` ends a line."""
BLANK, BREAK = 4, 8


@cache
def kinds() -> npt.NDArray[np.uint8]:
    """For every code point its word class, BLANK added for white space and BREAK for a line end; shape (0x110000,)."""
    kinds = word_classes().copy()
    kinds[list(SPACES)] |= BLANK
    kinds[list(BREAKS)] |= BREAK
    return kinds


@kernel
def measure(data, cuts, kinds):  # type: ignore[no-untyped-def]
    """Per text the code points, the words (word_classes), and the lines that are not blank; int64, shape (texts, 3)."""
    sizes = np.zeros((len(cuts) - 1, 3), np.int64)
    for text in range(len(cuts) - 1):
        at, end = cuts[text], cuts[text + 1]
        chars, words, lines, within, written = 0, 0, 0, False, False
        while at < end:
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
