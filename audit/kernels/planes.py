"""What every byte of a text is, as planes of bits: a text is classified once, and rules count and look for bits instead of characters.

A text begins with a block of its own: its byte at `at` is bit (at + shift) & 63 of block (at + shift) >> 6, where `shift` is that of the
text; at + shift is called its *place*. There is a block for the place behind the last byte, and bits behind a text are 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from audit.kernels import signs
from audit.kernels.chars import members, word_classes
from audit.kernels.jit import bare, bare_kernel
from audit.kernels.sizes import BREAKS
from audit.kernels.utf8 import Bytes, Offsets, decode
from audit.kernels.wide import BLOCK, between, beyond_ascii, beyond_space, control, equal, lowest, ones

PART, SPACE, ENDING, START, LETTER, CAPITAL, BREAK, LEAD = range(8)
"""The planes. PART of a word (word class 1), white SPACE, and ENDING (what ends a sentence, and what may follow it) hold all bytes of
a character; the START of a word or of a sign that is a word by itself, a LETTER, a CAPITAL, a line BREAK ("\\r\\n" has two) and the
LEAD of any character hold its first byte alone."""
PLANES = 8
U = np.uint64
ALL, NONE, ONE = U(0xFFFFFFFFFFFFFFFF), U(0), U(1)


@dataclass(frozen=True, slots=True)
class Planes:
    """The planes of texts.

    bits: uint64, shape (blocks, PLANES); one block more than the texts have, so that every block has one behind it.
    shifts: int64, one per text: what makes the offset of a byte its place.
    """

    bits: npt.NDArray[np.uint64]
    shifts: npt.NDArray[np.int64]


def planes(data: Bytes, cuts: Offsets) -> Planes:
    """The planes of every text data[cuts[i]:cuts[i + 1]], behind which wide.PAD bytes are readable."""
    first = np.concatenate([[0], np.cumsum((cuts[1:] - cuts[:-1]) // BLOCK + 1)])
    bits = np.empty((int(first[-1]) + 1, PLANES), np.uint64)
    bits[-1] = 0
    _fill(data, cuts, kinds(), bits)
    return Planes(bits, first[:-1] * BLOCK - cuts[:-1])


@cache
def kinds() -> npt.NDArray[np.uint8]:
    """For every code point the sum of 1 << plane for each it is in, START standing for signs; not LEAD; shape (0x110000,)."""
    kinds, marks, classes = np.zeros(0x110000, np.uint8), signs.kinds(), word_classes()
    kinds[list(BREAKS)] = 1 << BREAK
    of = {PART: classes == 1, START: classes == 2, SPACE: marks & signs.SPACE > 0, ENDING: marks & (signs.STOP | signs.CLOSER) > 0}
    for plane, held in (of | {LETTER: members("L"), CAPITAL: members("Lu")}).items():
        kinds[held] |= 1 << plane
    return kinds


@bare
def below(size):  # type: ignore[no-untyped-def]
    """The lowest `size` bits, 0 to 64."""
    return ALL >> U(BLOCK - size) if size > 0 else NONE


@bare
def inside(block, first, last):  # type: ignore[no-untyped-def]
    """The bits of a block at places from `first` to before `last`, of which some are in it or before it."""
    return below(min(np.int64(BLOCK), last - (block << 6))) & ~below(first - (block << 6))


@bare
def has(bits, plane, place):  # type: ignore[no-untyped-def]
    """Whether the byte at the place is in the plane."""
    return (bits[place >> 6, plane] >> U(place & 63)) & ONE != NONE


@bare
def count(bits, plane, first, last):  # type: ignore[no-untyped-def]
    """How many bytes at places from `first` to before `last` are in the plane."""
    block, held = first >> 6, np.int64(0)
    word = bits[block, plane] & (ALL << U(first & 63))
    while block < last >> 6:
        held += ones(word)
        block += 1
        word = bits[block, plane]
    return held + ones(word & below(last & 63))


@bare
def same(data, at, end, byte):  # type: ignore[no-untyped-def]
    """Bit i: data[at + i] is the byte, and stands before `end`."""
    return equal(data, at, byte) & below(min(np.int64(BLOCK), end - at))


@bare
def _ascii(data, at, size, row):  # type: ignore[no-untyped-def]
    """Fills what the ASCII among `size` bytes from data[at] is; returns the bits of characters that are looked up: others, and controls."""
    kept = below(size)
    lead = kept & ~between(data, at, np.uint8(0x80), np.uint8(0xBF))
    rare = kept & (beyond_ascii(data, at) | control(data, at))
    capital = kept & between(data, at, np.uint8(65), np.uint8(90))
    letter = capital | (kept & between(data, at, np.uint8(97), np.uint8(122)))
    ending = between(data, at, np.uint8(33), np.uint8(34))  # ! "
    for byte in (39, 41, 46, 63, 93, 125):  # ' ) . ? ] }
        ending |= equal(data, at, np.uint8(byte))
    row[PART], row[LETTER], row[CAPITAL], row[LEAD] = letter | (kept & between(data, at, np.uint8(48), np.uint8(57))), letter, capital, lead
    row[SPACE], row[ENDING], row[BREAK] = kept & ~rare & ~beyond_space(data, at), kept & ending, kept & equal(data, at, np.uint8(10))
    return rare & lead


@bare
def _all_if(bit):  # type: ignore[no-untyped-def]
    """All bits if the lowest of `bit` is set, else none."""
    return NONE - (bit & ONE)


@bare
def classify(data, at, end, kinds, bits, block):  # type: ignore[no-untyped-def]
    """Fills the planes of the text data[at:end] from `block` on; returns the block behind them."""
    kind, over, before = NONE, np.int64(0), NONE  # of the character that goes on in this block, its bytes here; whether a word goes on
    while True:
        row = bits[block]
        rare = _ascii(data, at, min(np.int64(BLOCK), end - at), row)
        part, space, ending, sign, letter, capital, breaks = row[PART], row[SPACE], row[ENDING], NONE, row[LETTER], row[CAPITAL], row[BREAK]
        whole = below(over)
        part, space, ending = part | (whole & _all_if(kind)), space | (whole & _all_if(kind >> U(1))), ending | (whole & _all_if(kind >> U(2)))
        over = np.int64(0)
        while rare:
            place = lowest(rare)
            rare &= rare - ONE
            point, size = decode(data, at + place)
            kind, first, whole = U(kinds[point]), ONE << U(place), below(size) << U(place)
            over = place + size - BLOCK
            part |= whole & _all_if(kind)
            space |= whole & _all_if(kind >> U(SPACE))
            ending |= whole & _all_if(kind >> U(ENDING))
            sign |= first & _all_if(kind >> U(START))
            letter |= first & _all_if(kind >> U(LETTER))
            capital |= first & _all_if(kind >> U(CAPITAL))
            breaks |= first & _all_if(kind >> U(BREAK))
        over = max(over, np.int64(0))
        row[PART], row[SPACE], row[ENDING], row[LETTER], row[CAPITAL], row[BREAK] = part, space, ending, letter, capital, breaks
        row[START] = (part & ~(part << ONE | before)) | sign
        before = part >> U(63)
        at += BLOCK
        block += 1
        if at > end:
            return block


@bare_kernel
def _fill(data, cuts, kinds, bits):  # type: ignore[no-untyped-def]
    """Fills the planes of all texts."""
    block = np.int64(0)
    for text in range(len(cuts) - 1):
        block = classify(data, cuts[text], cuts[text + 1], kinds, bits, block)
