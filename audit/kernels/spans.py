"""The lines of texts that are not blank, as `str.splitlines` and `str.strip` have them: found once, for all rules on lines."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from audit.kernels.jit import bare, bare_kernel
from audit.kernels.planes import BREAK, LEAD, ONE, SPACE, Planes, has
from audit.kernels.utf8 import Bytes, Offsets, decode
from audit.kernels.wide import lowest, ones

CHARS, WITHIN, BREAKS = range(3)
"""Columns of `sizes`: code points of a text, those of its lines (blank ones too, line ends not), and line ends ("\\r\\n" is one)."""


@dataclass(frozen=True, slots=True)
class Spans:
    """Lines that are not blank, without white space around them.

    firsts: int64, one more than texts: those of text i are rows firsts[i] to before firsts[i + 1] of the others.
    spans: int64, shape (lines, 2): where in the data each begins and ends.
    numbers: int64: which line of its text it is, blank ones counted.
    sizes: int64, shape (texts, 3).
    """

    firsts: npt.NDArray[np.int64]
    spans: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]


def spans(data: Bytes, cuts: Offsets, planes: Planes) -> Spans:
    """The lines of every text."""
    most = len(cuts) - 1 + _count(planes.bits)
    found = Spans(np.zeros(len(cuts), np.int64), np.empty((most, 2), np.int64), np.empty(most, np.int64), np.zeros((len(cuts) - 1, 3), np.int64))
    _fill(data, cuts, planes.bits, planes.shifts, found.firsts, found.spans, found.numbers, found.sizes)
    filled = int(found.firsts[-1])
    return replace(found, spans=found.spans[:filled], numbers=found.numbers[:filled])


@bare_kernel
def _count(bits):  # type: ignore[no-untyped-def]
    """Line ends in all texts."""
    found = np.int64(0)
    for block in range(len(bits)):
        found += ones(bits[block, BREAK])
    return found


@bare
def stripped(bits, shift, begin, end):  # type: ignore[no-untyped-def]
    """(begin, end) without white space."""
    while begin < end and has(bits, SPACE, begin + shift):
        begin += 1
    while begin < end and has(bits, SPACE, end - 1 + shift):
        end -= 1
    return begin, end


@bare
def _lines(data, start, stop, bits, shift, out, spans, numbers, size):  # type: ignore[no-untyped-def]
    """Fills the lines of data[start:stop] from row `out`, and their sizes; returns the row behind them."""
    begin, number, block = start, np.int64(0), (start + shift) >> 6
    while True:
        breaks, chars = bits[block, BREAK], ones(bits[block, LEAD])
        size[CHARS] += chars
        size[WITHIN] += chars
        while breaks:
            at = (block << 6) + lowest(breaks) - shift
            breaks &= breaks - ONE
            size[WITHIN] -= 1
            if data[at] == 10 and at == begin and at > start and data[at - 1] == 13:
                begin += 1
                continue
            first, last = stripped(bits, shift, begin, at)
            spans[out, 0], spans[out, 1], numbers[out] = first, last, number
            out += first < last
            number += 1
            size[BREAKS] += 1
            begin = at + decode(data, at)[1]
        block += 1
        if (block << 6) - shift > stop:
            break
    first, last = stripped(bits, shift, begin, stop)
    spans[out, 0], spans[out, 1], numbers[out] = first, last, number
    return out + (first < last)


@bare_kernel
def _fill(data, cuts, bits, shifts, firsts, spans, numbers, sizes):  # type: ignore[no-untyped-def]
    """Fills all lines."""
    for text in range(len(cuts) - 1):
        firsts[text + 1] = _lines(data, cuts[text], cuts[text + 1], bits, shifts[text], firsts[text], spans, numbers, sizes[text])
