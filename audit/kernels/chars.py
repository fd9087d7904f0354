"""What a character is: one committed table of one Unicode version, so that every Python gives the same measures.

`chars.npz` holds the general category of every code point (Unicode 14.0); `python -m audit.kernels.chars` makes it
anew with the running Python's `unicodedata`, and raises the `definition` of nothing: whoever does that must.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

CATEGORIES = (
    "Cn", "Cc", "Cf", "Co", "Cs", "Ll", "Lm", "Lo", "Lt", "Lu", "Mc", "Me", "Mn", "Nd", "Nl", "No", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Sc",
    "Sk", "Sm", "So", "Zl", "Zp", "Zs",
)  # fmt: skip
TABLE = Path(__file__).with_name("chars.npz")


@cache
def categories() -> npt.NDArray[np.uint8]:
    """For every code point the index of its general category in CATEGORIES; shape (0x110000,), 1.1 MB."""
    with np.load(TABLE) as table:
        return table["pages"][table["page"]].reshape(-1)


def members(*kinds: str) -> npt.NDArray[np.bool_]:
    """For every code point whether its category begins with one of `kinds`, such as "L" or "Nd"; shape (0x110000,)."""
    chosen = np.array([any(name.startswith(kind) for kind in kinds) for name in CATEGORIES])
    return chosen[categories()]


SINGLES = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x19E0, 0x19FF), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F),
    (0x3005, 0x3007), (0x3021, 0x3029), (0x3038, 0x303B), (0x3040, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF66, 0xFF9D), (0x1AFF0, 0x1B16F), (0x20000, 0x3FFFF),
)  # fmt: skip
"""Blocks of the scripts that put no space between words: Thai, Lao, Myanmar, Khmer, Han and Kana."""


@cache
def word_classes() -> npt.NDArray[np.uint8]:
    """For every code point 0 (between words), 1 (part of a word) or 2 (a word by itself); shape (0x110000,).

    A word is a maximal run of letters, marks and numbers; letters and marks of SINGLES stand one by one (design.md).
    """
    classes = members("L", "M", "N").astype(np.uint8)
    letters = members("L", "M")
    for first, last in SINGLES:
        classes[first : last + 1][letters[first : last + 1]] = 2
    return classes


def _write() -> None:
    import unicodedata

    flat = np.array([CATEGORIES.index(unicodedata.category(chr(point))) for point in range(0x110000)], np.uint8)
    pages, page = np.unique(flat.reshape(-1, 256), axis=0, return_inverse=True)
    np.savez_compressed(TABLE, pages=pages, page=page.astype(np.uint16).reshape(-1), unicode=np.array(unicodedata.unidata_version))


if __name__ == "__main__":
    _write()
