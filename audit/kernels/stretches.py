"""A stretch of a text's bytes: its ends, its characters, and what stands in it, 64 bytes at a time where that many are left."""

from __future__ import annotations

import numpy as np

from audit.kernels.filed import SPACE
from audit.kernels.jit import bare
from audit.kernels.utf8 import before, decode
from audit.kernels.wide import BLOCK, equal, lowest


@bare
def trimmed(data, begin, end, fold):  # type: ignore[no-untyped-def]
    """(begin, end) without white space around it."""
    while begin < end:
        point, size = decode(data, begin)
        if fold[point] & SPACE == 0:
            break
        begin += size
    while end > begin:
        last = before(data, end)
        if fold[decode(data, last)[0]] & SPACE == 0:
            break
        end = last
    return begin, end


@bare
def is_ascii(data, begin, end):  # type: ignore[no-untyped-def]
    """Whether data[begin:end] is ASCII."""
    bits = np.uint8(0)
    for at in range(begin, end):
        bits |= data[at]
    return bits < 0x80


@bare
def chars_in(data, begin, end):  # type: ignore[no-untyped-def]
    """Code points in data[begin:end]."""
    count = 0
    for at in range(begin, end):
        count += data[at] & 0xC0 != 0x80
    return count


@bare
def holds(data, begin, end, byte):  # type: ignore[no-untyped-def]
    """Whether data[begin:end] has the byte."""
    blocks = begin + BLOCK <= end
    while blocks and begin < end:
        begin = min(begin, end - BLOCK)  # the last block goes back over what is known
        if equal(data, begin, np.uint8(byte)):
            return True
        begin += BLOCK
    while begin < end and data[begin] != byte:
        begin += 1
    return begin < end


@bare
def contains(data, begin, end, literals, first, last):  # type: ignore[no-untyped-def]
    """Whether literals[first:last], of two bytes at the least, is in data[begin:end]."""
    reach = last - first - 1
    one, two, end = literals[first], literals[last - 1], end - reach  # its ends: bytes that stand together in it do so in other words too
    width = BLOCK if begin + BLOCK <= end else 1
    while begin < end:
        if width == BLOCK:
            begin = min(begin, end - BLOCK)  # the last block goes back over what is known
            places = equal(data, begin, one) & equal(data, begin + reach, two)
        else:
            places = np.uint64(data[begin] == one and data[begin + reach] == two)
        while places:
            at = begin + lowest(places)
            places &= places - np.uint64(1)
            same = True
            for offset in range(1, reach):
                if data[at + offset] != literals[first + offset]:
                    same = False
                    break
            if same:
                return True
        begin += width
    return False


@bare
def is_linked(data, begin, end):  # type: ignore[no-untyped-def]
    """Whether data[begin:end] has an address in it: "@", "://" or "www."."""
    while begin < end:
        if begin + BLOCK + 3 <= end:
            if (
                equal(data, begin, np.uint8(64))
                | (equal(data, begin, np.uint8(58)) & equal(data, begin + 1, np.uint8(47)) & equal(data, begin + 2, np.uint8(47)))
                | (equal(data, begin, np.uint8(119)) & equal(data, begin + 1, np.uint8(119)) & equal(data, begin + 3, np.uint8(46)))
            ):
                return True
            begin += BLOCK
            continue
        byte = data[begin]
        if byte == 64 or (byte == 58 and begin + 2 < end and data[begin + 1] == 47 and data[begin + 2] == 47):
            return True
        if byte == 119 and begin + 3 < end and data[begin + 1] == 119 and data[begin + 3] == 46:
            return True
        begin += 1
    return False


@bare
def kind_in(data, begin, end, kind, kinds):  # type: ignore[no-untyped-def]
    """Whether a character of the kind is in data[begin:end]."""
    while begin < end:
        point, size = decode(data, begin)
        if kinds[point] & kind:
            return True
        begin += size
    return False


@bare
def is_doubled(data, begin, end, fold):  # type: ignore[no-untyped-def]
    """Whether data[begin:end] says the same twice, white space between."""
    for width in range(1, 4):
        half = (end - begin - width) // 2
        if half < 1 or 2 * half + width != end - begin or data[begin] != data[begin + half + width]:
            continue
        point, size = decode(data, begin + half)
        if size != width or fold[point] & SPACE == 0:
            continue
        same = True
        for offset in range(half):
            same = same and data[begin + offset] == data[begin + half + width + offset]
        if same:
            return True
    return False
