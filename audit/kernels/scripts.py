"""In which script a text is written: the letters of its beginning, counted by script."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from audit.kernels.chars import members
from audit.kernels.jit import bare, bare_kernel
from audit.kernels.planes import ONE, below
from audit.kernels.utf8 import decode
from audit.kernels.wide import BLOCK, between, lowest, ones

BLOCKS = (
    ("Latn", (0x41, 0x24F), (0x250, 0x2AF), (0x1D00, 0x1D25), (0x1D6B, 0x1D77), (0x1D79, 0x1DBE), (0x1E00, 0x1EFF), (0x2C60, 0x2C7F),
     (0xA722, 0xA7FF), (0xAB30, 0xAB64), (0xFB00, 0xFB06), (0xFF21, 0xFF5A)),
    ("Grek", (0x370, 0x3E1), (0x3F0, 0x3FF), (0x1F00, 0x1FFF)),
    ("Cyrl", (0x400, 0x52F), (0x1C80, 0x1C88), (0x2DE0, 0x2DFF), (0xA640, 0xA69F)),
    ("Armn", (0x530, 0x58F), (0xFB13, 0xFB17)), ("Hebr", (0x590, 0x5FF), (0xFB1D, 0xFB4F)),
    ("Arab", (0x600, 0x6FF), (0x750, 0x77F), (0x870, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC)),
    ("Syrc", (0x700, 0x74F), (0x860, 0x86A)), ("Thaa", (0x780, 0x7BF)), ("Nkoo", (0x7C0, 0x7FF)), ("Deva", (0x900, 0x97F), (0xA8E0, 0xA8FF)),
    ("Beng", (0x980, 0x9FF)), ("Guru", (0xA00, 0xA7F)), ("Gujr", (0xA80, 0xAFF)), ("Orya", (0xB00, 0xB7F)), ("Taml", (0xB80, 0xBFF)),
    ("Telu", (0xC00, 0xC7F)), ("Knda", (0xC80, 0xCFF)), ("Mlym", (0xD00, 0xD7F)), ("Sinh", (0xD80, 0xDFF)), ("Thai", (0xE00, 0xE7F)),
    ("Laoo", (0xE80, 0xEFF)), ("Tibt", (0xF00, 0xFFF)), ("Mymr", (0x1000, 0x109F), (0xA9E0, 0xA9FE), (0xAA60, 0xAA7F)),
    ("Geor", (0x10A0, 0x10FF), (0x1C90, 0x1CBF), (0x2D00, 0x2D2F)),
    ("Kore", (0x1100, 0x11FF), (0x3131, 0x318E), (0xA960, 0xA97C), (0xAC00, 0xD7FB), (0xFFA0, 0xFFDC)),
    ("Ethi", (0x1200, 0x139F), (0x2D80, 0x2DDF), (0xAB01, 0xAB2E)), ("Cher", (0x13A0, 0x13FF), (0xAB70, 0xABBF)), ("Cans", (0x1400, 0x167F)),
    ("Khmr", (0x1780, 0x17FF)), ("Mong", (0x1820, 0x18AA)), ("Tfng", (0x2D30, 0x2D7F)),
    ("Jpan", (0x3041, 0x309F), (0x30A1, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF9D)),
    ("Hani", (0x3005, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAD9), (0x20000, 0x323AF)), ("Yiii", (0xA000, 0xA48F)),
)  # fmt: skip
"""Scripts by their codes (ISO 15924) and the blocks of their letters; Jpan is Kana, Kore Hangul. Letters of other scripts are "Zzzz"."""
NAMES = (*(name for name, *_ in BLOCKS), "Zzzz")
LATIN, JAPANESE, HAN = NAMES.index("Latn"), NAMES.index("Jpan"), NAMES.index("Hani")
READ = 1_200
"""Bytes of a text that are looked at."""


@cache
def table() -> npt.NDArray[np.uint8]:
    """For every code point 1 + the index of its script in NAMES where it is a letter, 0 where it is none; shape (0x110000,)."""
    table = np.zeros(0x110000, np.uint8)
    letters = members("L")
    table[letters] = len(NAMES)
    for number, (_, *ranges) in enumerate(BLOCKS):
        for first, last in ranges:
            table[first : last + 1][letters[first : last + 1]] = number + 1
    return table


@bare
def _count(data, begin, end, table, counts):  # type: ignore[no-untyped-def]
    """Adds to counts[1 + script] the letters of data[begin:end]."""
    for base in range(begin, end, BLOCK):
        within = below(min(np.int64(BLOCK), end - base))
        counts[1 + LATIN] += ones(within & (between(data, base, np.uint8(65), np.uint8(90)) | between(data, base, np.uint8(97), np.uint8(122))))
        others = within & between(data, base, np.uint8(0xC0), np.uint8(0xFF))  # the first bytes of characters that are not ASCII
        while others:
            counts[table[decode(data, base + lowest(others))[0]]] += 1
            others &= others - ONE


@bare_kernel
def measure(data, cuts, table, counts, rows):  # type: ignore[no-untyped-def]
    """Fills rows, int64 (texts, 3): the index in NAMES of the script with the most letters (of equal ones the first), its letters, all letters.

    Han beside Kana (a twentieth of both at least) is Japanese. A text without letters has (-1, 0, 0). Reads READ bytes a text, behind
    which wide.PAD more are readable; `counts` is scratch, int64, one more than there are NAMES.
    """
    for text in range(len(cuts) - 1):
        for script in range(len(counts)):
            counts[script] = 0
        _count(data, cuts[text], min(cuts[text + 1], cuts[text] + READ), table, counts)
        if 20 * counts[1 + JAPANESE] >= counts[1 + JAPANESE] + counts[1 + HAN]:
            counts[1 + JAPANESE] += counts[1 + HAN]
            counts[1 + HAN] = 0
        most, letters = np.int64(0), np.int64(0)
        for script in range(len(counts) - 1):
            letters += counts[1 + script]
            if counts[1 + script] > counts[1 + most]:
                most = script
        rows[text, 0], rows[text, 1], rows[text, 2] = most if letters else -1, counts[1 + most], letters
