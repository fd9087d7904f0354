"""Which lines of a column could cleaning change, and the commonest changes themselves.

The tables (audit.measure.rules) say what a character can set off; nothing here knows why. A line without a flag is
proven clean; a line with one may be clean all the same.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from audit.kernels.jit import inline, kernel
from audit.kernels.utf8 import Bytes, Offsets, decode, fixed
from audit.kernels.wide import BLOCK, beyond_printable, copy, equal, lowest

BAD, ENTITY, BREAK, CONTROL, NFC, OTHER, LONG = (1 << bit for bit in range(7))
"""Flags of a line: looks like mojibake, an entity, a line break that is no line feed, a control character, perhaps not in
NFC, something else that cleaning changes, longer than cleaning takes at once."""
COMBINING, DULL = 1 << 7, 1 << 8
"""Traits of a class of characters: may combine with what stands before; cannot begin or end mojibake."""
ACCEPT, FREE = 1, 2
NEWLINE, AMPERSAND, RETURN = 10, 0x26, 13


class Tables(NamedTuple):
    """What the scan knows of characters; see audit.measure.rules.

    Attributes:
        classes: uint16 (0x110000,): the class of a code point.
        traits: uint16 (classes,): its flags, COMBINING and DULL.
        step: uint8 (states, classes): the automaton of mojibake.
        quiet: uint8 (states,): 1 for a state that plain text can be in.
        combining: uint8 (classes,): canonical combining class.
        composing: uint8 (classes,): 1 composes with what stands before, 2 decomposes.
        pairs: int64, ascending: (second << 21 | first) of every pair that NFC makes one.
        entity: uint8 (states, 128): the automaton of entities, entered after "&".
        plain: uint8 (128,): 1 for ASCII that sets off nothing.
        longest: int64 (3,): characters a state of mojibake remembers, bytes of an entity after "&", and 1 if whole
            blocks of ASCII may be skipped.
    """

    classes: npt.NDArray[np.uint16]
    traits: npt.NDArray[np.uint16]
    step: npt.NDArray[np.uint8]
    quiet: npt.NDArray[np.uint8]
    combining: npt.NDArray[np.uint8]
    composing: npt.NDArray[np.uint8]
    pairs: npt.NDArray[np.int64]
    entity: npt.NDArray[np.uint8]
    plain: npt.NDArray[np.uint8]
    longest: npt.NDArray[np.int64]


def skipped_in_blocks() -> npt.NDArray[np.bool_]:
    """The ASCII characters that `_skip` clears in blocks, shape (128,). Tables where one of them is not plain say so in `longest`."""
    points = np.arange(128)
    return ((points >= 0x20) & (points < 0x7F) & (points != AMPERSAND)) | np.isin(points, (9, 10, 12))


@inline
def _skip(data, at, end, tables):  # type: ignore[no-untyped-def]
    """The first place from `at` on whose character may set off something."""
    while at < end:
        if data[at] >= 0x80:
            point, width = decode(data, at)
            if tables.traits[tables.classes[point]] != DULL:
                return at
            at += width
            continue
        if not tables.plain[data[at]]:
            return at
        at += 1
        if tables.longest[2] and at < end and data[at] < 0x80:  # a lone space between two dull characters is not worth a block
            while at + BLOCK <= end:
                found = beyond_printable(data, at)
                if found:
                    at += lowest(found)
                    break
                at += BLOCK
        while at < end and data[at] < 0x80 and tables.plain[data[at]]:
            at += 1
    return at


@inline
def _state(data, at, start, whole, tables):  # type: ignore[no-untyped-def]
    """The automaton's state before data[at], from as many characters as a state can remember."""
    back = at
    for _ in range(tables.longest[0]):
        if back == start or (not whole and data[back - 1] == NEWLINE):
            break
        back -= 1
        while data[back] & 0xC0 == 0x80:
            back -= 1
    first = back == start or (not whole and data[back - 1] == NEWLINE)
    state = np.int64(0) if first else np.int64(FREE)
    while back < at:
        point, width = decode(data, back)
        state = np.int64(tables.step[state, tables.classes[point]])
        back += width
    return state


@inline
def _entity(data, at, end, tables):  # type: ignore[no-untyped-def]
    """Whether an entity begins at the ampersand data[at]."""
    state = np.int64(0)
    for after in range(at + 1, min(end, at + 1 + tables.longest[1])):
        if data[after] >= 0x80:
            return False
        state = np.int64(tables.entity[state, data[after]])
        if state == ACCEPT:
            return True
    return False


@inline
def _composes(first, second, pairs):  # type: ignore[no-untyped-def]
    sought = (second << 21) | first
    low, high = 0, len(pairs)
    while low < high:
        middle = (low + high) >> 1
        if pairs[middle] < sought:
            low = middle + 1
        else:
            high = middle
    return low < len(pairs) and pairs[low] == sought


@inline
def _not_nfc(data, at, start, point, tables):  # type: ignore[no-untyped-def]
    """Whether the combining character at data[at] may be out of order, or may compose with the starter before it."""
    label = tables.classes[point]
    weight = tables.combining[label]
    back, nearest = at, True
    while back > start:
        back -= 1
        while data[back] & 0xC0 == 0x80:
            back -= 1
        if data[back] == NEWLINE:
            return False
        before, _ = decode(data, back)
        before_label = tables.classes[before]
        before_weight = tables.combining[before_label]
        if nearest and weight != 0 and before_weight > weight:
            return True
        nearest = False
        if not tables.composing[label] & 1:
            return False
        if before_weight == 0:
            return (tables.composing[before_label] & 2) != 0 or _composes(before, point, tables.pairs)
    return False


@inline
def _add(data, at, start, end, flags, article, whole, count, out):  # type: ignore[no-untyped-def]
    """Write a new row for the line around data[at]; the end of that line."""
    first, last = at, at
    if whole:
        first, last = start, end
    else:
        while first > start and data[first - 1] != NEWLINE:
            first -= 1
        while last < end and data[last] != NEWLINE:
            last += 1
        last = min(last + 1, end)
    if count < out.shape[1]:
        out[0, count] = article
        out[1, count] = first
        out[2, count] = last
        out[3, count] = flags
    return last


@kernel
def find(data, offsets, whole, tables, out):  # type: ignore[no-untyped-def]
    """Write (text, start, end, flags) of every line with a flag to the columns of `out`; the number there are.

    A line goes from after a line feed to after the next. With `whole` each text is one line, whatever it holds.

    Args:
        data: uint8, UTF-8.
        offsets: int64; text i is data[offsets[i]:offsets[i + 1]].
        whole: bool.
        tables: Tables.
        out: int64 (4, capacity); the result may exceed the capacity, then only so many were written.
    """
    count = 0
    for article in range(len(offsets) - 1):
        start, end = offsets[article], offsets[article + 1]
        at, line_end = start, start
        state = np.int64(-1)  # -1: some quiet state, it does not matter which
        while at < end:
            if state < 0:
                at = _skip(data, at, end, tables)
                if at >= end:
                    break
            point, width = decode(data, at)
            label = tables.classes[point]
            traits = np.int64(tables.traits[label])
            flags = traits & (COMBINING - 1)
            if traits & COMBINING and _not_nfc(data, at, start, point, tables):
                flags |= NFC
            if point == AMPERSAND and _entity(data, at, end, tables):
                flags |= ENTITY
            if state < 0 and not traits & DULL:
                state = _state(data, at, start, whole, tables)
            if state >= 0:
                state = np.int64(tables.step[state, label])
                if state == ACCEPT:
                    flags |= BAD
                    state = np.int64(FREE)
                if point == NEWLINE and not whole:
                    state = np.int64(0)
            if flags:
                if at >= line_end:
                    line_end = _add(data, at, start, end, flags, article, whole, count, out)
                    count += 1
                elif count <= out.shape[1]:
                    out[3, count - 1] |= flags
            at += width
            # A lone space between two words of a script with lively letters is not worth leaving for.
            if state >= 0 and traits & DULL and tables.quiet[state] and (width > 1 or at >= end or data[at] < 0x80):
                state = np.int64(-1)
    return count


@kernel
def mend(data, starts, ends, tables, out, cuts):  # type: ignore[no-untyped-def]
    """Write each data[starts[i]:ends[i]] with its line breaks made line feeds and its control characters dropped; the bytes written.

    Only for lines with no other flag than BREAK and CONTROL.

    Args:
        data: uint8, UTF-8.
        starts: int64.
        ends: int64.
        tables: Tables.
        out: uint8, as long as all these ranges.
        cuts: int64 (n + 1,): result i is out[cuts[i]:cuts[i + 1]].
    """
    size = 0
    cuts[0] = 0
    for row in range(len(starts)):
        at, end = starts[row], ends[row]
        while at < end:
            point, width = decode(data, at)
            traits = tables.traits[tables.classes[point]]
            if traits & BREAK:
                if not (point == RETURN and at + 1 < end and data[at + 1] == NEWLINE):
                    out[size] = NEWLINE
                    size += 1
            elif not traits & CONTROL:
                for offset in range(width):
                    out[size + offset] = data[at + offset]
                size += width
            at += width
        cuts[row + 1] = size
    return size


@inline
def _copy(data, start, end, out, size):  # type: ignore[no-untyped-def]
    """Write data[start:end] to out[size:]; where that ends."""
    copy(out, size, data, start, end - start)
    return size + end - start


@kernel
def gather(data, starts, ends, out):  # type: ignore[no-untyped-def]
    """Write each data[starts[i]:ends[i]] to `out` (uint8, as long as all of them), one after the other."""
    size = 0
    for row in range(len(starts)):
        size = _copy(data, starts[row], ends[row], out, size)


@kernel
def splice(data, offsets, articles, starts, ends, pieces, piece_starts, piece_ends, out, cuts):  # type: ignore[no-untyped-def]
    """Write the column with data[starts[i]:ends[i]] of text articles[i] replaced by pieces[piece_starts[i]:piece_ends[i]].

    Args:
        data: The column.
        offsets: The column's.
        articles: int64, ascending.
        starts: int64, ascending.
        ends: int64; no two ranges overlap.
        pieces: uint8.
        piece_starts: int64.
        piece_ends: int64.
        out: uint8, large enough.
        cuts: int64 (texts + 1,): the offsets of the result.
    """
    size, row = 0, 0
    cuts[0] = 0
    for article in range(len(offsets) - 1):
        at, end = offsets[article], offsets[article + 1]
        while row < len(articles) and articles[row] == article:
            size = _copy(data, at, starts[row], out, size)
            size = _copy(pieces, piece_starts[row], piece_ends[row], out, size)
            at = ends[row]
            row += 1
        size = _copy(data, at, end, out, size)
        cuts[article + 1] = size


@kernel
def holding(data, offsets, byte, articles, out):  # type: ignore[no-untyped-def]
    """For each of `articles` (int64) whether its text holds the ASCII character `byte`; to `out` (bool)."""
    for row in range(len(articles)):
        at, end = offsets[articles[row]], offsets[articles[row] + 1]
        while at + BLOCK <= end and not equal(data, at, np.uint8(byte)):
            at += BLOCK
        end = min(end, at + BLOCK)
        while at < end and data[at] != byte:
            at += 1
        out[row] = at < end


def lines(data: Bytes, offsets: Offsets, tables: Tables, *, whole: bool = False) -> npt.NDArray[np.int64]:
    """The lines of a column that cleaning could change: rows of text, start, end and flags; int64 (4, n), ascending."""
    data, offsets = fixed(data), fixed(offsets)
    capacity = len(offsets) + 1024
    while True:
        out = np.empty((4, capacity), np.int64)
        count = find(data, offsets, whole, tables, out)
        if count <= capacity:
            return out[:, :count]
        capacity = count
