"""How a character counts in a token: its class and its folded bytes, and whether it shows that a text is not in NFC.

`folds.npz` is made by `python -m audit.kernels.folds` from `chars.npz` and the running Python's `unicodedata`, which must be
of the same Unicode version. Folded is NFD(casefold(c)): for text in NFC, neither case nor canonical form is left in it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from audit.kernels.chars import TABLE as CHARS
from audit.kernels.chars import word_classes

TABLE = Path(__file__).with_name("folds.npz")

CLASS = 62
"""Bits 62-63 of an entry: 0 between words, 1 part of a word, 2 a word by itself."""
BEGINS = 61
"""Bit 61: a following character may compose with it."""
LOOK = 60
"""Bit 60: `marks` has something to say about it."""
LENGTH = 56
"""Bits 56-59: bytes of the folded form, which stand in bits 0-55; LONG: bits 0-55 are a place in `long`."""
LONG = 15
NOT_NFC, MAY_JOIN = 1 << 8, 1 << 9
"""Bits of `marks` above the canonical combining class: never in NFC; composes with some character before it."""


@dataclass(frozen=True, slots=True)
class Folds:
    """Entries by code point in pages of 256.

    Attributes:
        page: uint16 (0x1100,), the page of code point >> 8.
        entries: uint64, entries of page after page.
        marks: uint16, likewise: combining class, NOT_NFC, MAY_JOIN.
        long: uint8, for folded forms of more than 7 bytes their length and then their bytes; 16 zeros at the end.
    """

    page: npt.NDArray[np.uint16]
    entries: npt.NDArray[np.uint64]
    marks: npt.NDArray[np.uint16]
    long: npt.NDArray[np.uint8]


@cache
def folds() -> Folds:
    """The committed table; 0.5 MB in memory."""
    with np.load(TABLE) as table:
        return Folds(table["page"], table["entries"], table["marks"], table["long"])


def _composing() -> tuple[set[int], set[int]]:
    """(first, second) characters of the pairs that NFC composes."""
    first = {*range(0x1100, 0x1113), *range(0xAC00, 0xD7A4, 28)}  # Hangul, which unicodedata.decomposition leaves out
    second = {*range(0x1161, 0x1176), *range(0x11A8, 0x11C3)}
    for point in range(0x110000):
        parts = unicodedata.decomposition(chr(point)).split()
        if len(parts) == 2 and not parts[0].startswith("<") and unicodedata.normalize("NFC", chr(point)) == chr(point):
            first.add(int(parts[0], 16))
            second.add(int(parts[1], 16))
    return first, second


def _folded(char: str) -> str:
    """NFD(casefold(char)); a Hangul syllable as it is, which has no case and is 3 bytes instead of 9."""
    return char if "\uac00" <= char < "\ud7a4" else unicodedata.normalize("NFD", char.casefold())


def _write() -> None:
    with np.load(CHARS) as table:
        assert str(table["unicode"]) == unicodedata.unidata_version, "chars.npz and this Python differ in Unicode"
    classes, (first, second) = word_classes(), _composing()
    entries, marks, long = np.zeros(0x110000, np.uint64), np.zeros(0x110000, np.uint16), bytearray()
    for point in range(0x110000):
        if 0xD800 <= point < 0xE000:
            continue
        mark = unicodedata.combining(chr(point)) | (MAY_JOIN if point in second else 0)
        marks[point] = mark | (NOT_NFC if unicodedata.normalize("NFC", chr(point)) != chr(point) else 0)
        entry = int(classes[point]) << CLASS | (point in first) << BEGINS | bool(marks[point]) << LOOK
        form = _folded(chr(point)).encode() if classes[point] else b""
        assert classes[point] != 2 or len(form) < 8, "the kernel takes the form of a single from its entry"
        if len(form) < 8:
            entry |= len(form) << LENGTH | int.from_bytes(form, "little")
        else:
            entry |= LONG << LENGTH | len(long)
            long += bytes([len(form)]) + form
        entries[point] = entry
    both = np.concatenate([entries.reshape(-1, 256), marks.reshape(-1, 256).astype(np.uint64)], axis=1)
    pages, page = np.unique(both, axis=0, return_inverse=True)
    np.savez_compressed(
        TABLE,
        page=page.astype(np.uint16).reshape(-1),
        entries=pages[:, :256].reshape(-1),
        marks=pages[:, 256:].astype(np.uint16).reshape(-1),
        long=np.frombuffer(bytes(long) + bytes(16), np.uint8),
    )


if __name__ == "__main__":
    _write()
