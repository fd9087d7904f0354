"""JSON Lines without a parser's objects: which lines are sound JSON objects, where some of their strings stand, and what these say.

Sound means that any JSON parser takes it. What is rare, or where parsers differ, is left to one: such a line is `ODD`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from audit.kernels.jit import inline, kernel
from audit.kernels.utf8 import Bytes
from audit.kernels.wide import beyond_quoted, copy, equal, lowest

SOUND, ODD, BLANK = range(3)
LINE, START, END, STATE, FIELDS = range(5)
"""Rows of the table of lines: number, start and end (without the line feed) in the data, state; then start and end of each field."""
QUOTE, BACKSLASH, NEWLINE, OPEN, SHUT, ARRAY, ARRAY_END = 0x22, 0x5C, 0x0A, 0x7B, 0x7D, 0x5B, 0x5D
BLOCK = 64
DEEP = 60
"""Objects and arrays within each other, beyond which a line is odd."""
DIGITS = 300
"""Digits before the point of a number, beyond which a line is odd."""


@inline
def _space(data, at, end):  # type: ignore[no-untyped-def]
    while at < end and (data[at] == 0x20 or data[at] == 0x09 or data[at] == 0x0D):
        at += 1
    return at


@inline
def _hex(byte):  # type: ignore[no-untyped-def]
    if 0x30 <= byte <= 0x39:
        return byte - 0x30
    letter = byte | 0x20
    return letter - 0x57 if 0x61 <= letter <= 0x66 else -1


@inline
def _unit(data, at, end):  # type: ignore[no-untyped-def]
    """The UTF-16 unit of the four digits at `at`; -1 if they are none."""
    unit = np.int64(0)
    if at + 4 > end:
        return np.int64(-1)
    for place in range(at, at + 4):
        digit = np.int64(_hex(np.int64(data[place])))
        if digit < 0:
            return np.int64(-1)
        unit = unit << 4 | digit
    return unit


@inline
def _escape(data, at, end):  # type: ignore[no-untyped-def]
    """Behind the escape that begins with the backslash at `at`; -1 if it is none, or half a character."""
    if at + 1 >= end:
        return -1
    byte = data[at + 1]
    if byte != 0x75:  # u
        simple = byte in (QUOTE, BACKSLASH, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74)
        return at + 2 if simple else -1
    unit = _unit(data, at + 2, end)
    if unit < 0 or 0xDC00 <= unit < 0xE000:
        return -1
    if unit < 0xD800 or unit >= 0xE000:
        return at + 6
    if at + 12 > end or data[at + 6] != BACKSLASH or data[at + 7] != 0x75:
        return -1
    low = _unit(data, at + 8, end)
    return at + 12 if 0xDC00 <= low < 0xE000 else -1


@inline
def _tail(data, at, end, low, high):  # type: ignore[no-untyped-def]
    return at < end and low <= data[at] <= high


@inline
def _wide(data, at, end):  # type: ignore[no-untyped-def]
    """Behind the UTF-8 character of several bytes at `at`; -1 if it is none (Unicode, table 3-7)."""
    lead = data[at]
    if 0xC2 <= lead < 0xE0:
        return at + 2 if _tail(data, at + 1, end, 0x80, 0xBF) else -1
    if 0xE0 <= lead < 0xF0:
        low, high = (0xA0 if lead == 0xE0 else 0x80), (0x9F if lead == 0xED else 0xBF)
        return at + 3 if _tail(data, at + 1, end, low, high) and _tail(data, at + 2, end, 0x80, 0xBF) else -1
    if 0xF0 <= lead < 0xF5:
        low, high = (0x90 if lead == 0xF0 else 0x80), (0x8F if lead == 0xF4 else 0xBF)
        sound = _tail(data, at + 1, end, low, high) and _tail(data, at + 2, end, 0x80, 0xBF) and _tail(data, at + 3, end, 0x80, 0xBF)
        return at + 4 if sound else -1
    return -1


@inline
def _string(data, at, end):  # type: ignore[no-untyped-def]
    """Behind the closing quote of the string whose first character is at `at`; -1 if it is no sound string."""
    while at < end:
        if at + BLOCK <= end:
            found = beyond_quoted(data, at)
            if not found:
                at += BLOCK
                continue
            at += lowest(found)
        byte = data[at]
        if byte == QUOTE:
            return at + 1
        if byte == BACKSLASH:
            at = _escape(data, at, end)
            if at < 0:
                return -1
        elif byte >= 0x80:
            while at < end and data[at] >= 0x80:
                at = _wide(data, at, end)
                if at < 0:
                    return -1
        elif byte < 0x20:
            return -1
        else:
            at += 1
    return -1


@inline
def _digits(data, at, end):  # type: ignore[no-untyped-def]
    while at < end and 0x30 <= data[at] <= 0x39:
        at += 1
    return at


@inline
def _scalar(data, at, end):  # type: ignore[no-untyped-def]
    """Behind a number without exponent, true, false or null; -1 if it is none of them."""
    byte = data[at]
    if byte == 0x74:  # true
        return at + 4 if at + 4 <= end and data[at + 1] == 0x72 and data[at + 2] == 0x75 and data[at + 3] == 0x65 else -1
    if byte == 0x6E:  # null
        return at + 4 if at + 4 <= end and data[at + 1] == 0x75 and data[at + 2] == 0x6C and data[at + 3] == 0x6C else -1
    if byte == 0x66:  # false
        same = at + 5 <= end and data[at + 1] == 0x61 and data[at + 2] == 0x6C and data[at + 3] == 0x73 and data[at + 4] == 0x65
        return at + 5 if same else -1
    first = at + (byte == 0x2D)
    last = _digits(data, first, end)
    if last == first or last - first > DIGITS or (data[first] == 0x30 and last > first + 1):
        return -1
    if last < end and data[last] == 0x2E:
        first = last + 1
        last = _digits(data, first, end)
        if last == first:
            return -1
    return -1 if last < end and data[last] | 0x20 == 0x65 else last


@inline
def _matches(data, at, end, names, first, last):  # type: ignore[no-untyped-def]
    if end - at != last - first:
        return False
    for place in range(end - at):  # noqa: SIM110 (kernels have no generators)
        if data[at + place] != names[first + place]:
            return False
    return True


@inline
def _key(data, at, end, depth, paths, matched, out, row):  # type: ignore[no-untyped-def]
    """Note which fields the key data[at:end] belongs to: `matched[f]` becomes `depth`, and what was found for it before is forgotten."""
    names, cuts, parts = paths
    for field in range(len(parts) - 1):
        if matched[field] == depth - 1 and parts[field] + depth <= parts[field + 1]:
            part = parts[field] + depth - 1
            if _matches(data, at, end, names, cuts[part], cuts[part + 1]):
                matched[field] = depth
                out[FIELDS + 2 * field, row] = -1
                out[FIELDS + 2 * field + 1, row] = -1


@inline
def _value(data, at, end, depth, paths, matched, out, row):  # type: ignore[no-untyped-def]
    """Behind the value at `at`, or at its first member if it is a container; -1 if it is odd. Fields that end here are noted."""
    byte = data[at]
    container = byte in (OPEN, ARRAY)
    after = at + 1 if container else _string(data, at + 1, end) if byte == QUOTE else _scalar(data, at, end)
    parts = paths[2]
    for field in range(len(parts) - 1):
        if matched[field] == depth:
            last = parts[field] + depth == parts[field + 1]
            if last and byte == QUOTE:
                out[FIELDS + 2 * field, row] = at
                out[FIELDS + 2 * field + 1, row] = after
            if field == 0 and ((last and byte != QUOTE and byte != 0x6E) or byte == ARRAY):
                return -1  # the first field must be a string or null
            if last or byte != OPEN:
                matched[field] = depth - 1
    return after


@inline
def _object(data, at, end, paths, matched, out, row):  # type: ignore[no-untyped-def]
    """Behind the object that begins at `at`; -1 if it is odd."""
    depth, kinds = 1, np.uint64(1)  # the lowest bit: whether the innermost container is an object
    at = _space(data, at + 1, end)
    fresh = True
    while depth:
        if at >= end:
            return -1
        byte = data[at]
        inside = kinds & np.uint64(1)
        if byte in (SHUT, ARRAY_END):
            if (byte == SHUT) != (inside == 1):
                return -1
            depth -= 1
            kinds >>= np.uint64(1)
            for field in range(len(matched)):
                matched[field] = min(matched[field], max(depth - 1, 0))
            at = _space(data, at + 1, end)
            fresh = False
            continue
        if not fresh:
            if byte != 0x2C:
                return -1
            at = _space(data, at + 1, end)
            if at >= end:
                return -1
        if inside:
            first = at + 1
            at = _string(data, first, end) if data[at] == QUOTE else -1
            if at < 0:
                return -1
            for place in range(first, at - 1):
                if data[place] == BACKSLASH:
                    return -1
            _key(data, first, at - 1, depth, paths, matched, out, row)
            at = _space(data, at, end)
            if at >= end or data[at] != 0x3A:
                return -1
            at = _space(data, at + 1, end)
        if at >= end:
            return -1
        byte = data[at]
        at = _value(data, at, end, depth if inside else -1, paths, matched, out, row)
        if at < 0:
            return -1
        fresh = byte in (OPEN, ARRAY)
        if fresh:
            depth += 1
            if depth > DEEP:
                return -1
            kinds = kinds << np.uint64(1) | np.uint64(byte == OPEN)
        at = _space(data, at, end)
    return at


@inline
def _line_end(data, at, size):  # type: ignore[no-untyped-def]
    while at + BLOCK <= size:
        found = equal(data, at, np.uint8(NEWLINE))
        if found:
            return at + lowest(found)
        at += BLOCK
    while at < size and data[at] != NEWLINE:
        at += 1
    return at


@kernel
def find(data, size, number, names, cuts, parts, out):  # type: ignore[no-untyped-def]
    """Write a column for every line of data[:size] to the table `out`; the number of lines there are.

    Args:
        data: uint8, lines that end in a line feed.
        size: int64.
        number: int64, of the first line.
        names: uint8, the keys of all paths, one behind the other.
        cuts: int64: key i is names[cuts[i]:cuts[i + 1]].
        parts: int64: the path of field f is the keys parts[f] to parts[f + 1]. The first field is a string, null or not there in a sound line.
        out: int64 (FIELDS + 2 * fields, capacity). A field's range has its quotes; -1 where it is no string or not there.
            The result may exceed the capacity, then only so many were written.
    """
    paths = (names, cuts, parts)
    matched = np.zeros(len(parts) - 1, np.int64)
    at, count = 0, 0
    while at < size:
        end = _line_end(data, at, size)
        if count < out.shape[1]:
            out[:, count] = -1
            out[LINE, count] = number + count
            out[START, count] = at
            out[END, count] = end
            first = _space(data, at, end)
            matched[:] = 0
            if first == end:
                out[STATE, count] = BLANK
            elif data[first] == OPEN and _object(data, first, end, paths, matched, out, count) == end:
                out[STATE, count] = SOUND
            else:
                out[STATE, count] = ODD
        count += 1
        at = end + 1
    return count


@inline
def _put(point, out, size):  # type: ignore[no-untyped-def]
    """Write a code point as UTF-8; where that ends."""
    if point < 0x80:
        out[size] = point
        return size + 1
    if point < 0x800:
        out[size] = 0xC0 | point >> 6
        out[size + 1] = 0x80 | point & 0x3F
        return size + 2
    if point < 0x10000:
        out[size] = 0xE0 | point >> 12
        out[size + 1] = 0x80 | point >> 6 & 0x3F
        out[size + 2] = 0x80 | point & 0x3F
        return size + 3
    out[size] = 0xF0 | point >> 18
    out[size + 1] = 0x80 | point >> 12 & 0x3F
    out[size + 2] = 0x80 | point >> 6 & 0x3F
    out[size + 3] = 0x80 | point & 0x3F
    return size + 4


@inline
def _letter(byte):  # type: ignore[no-untyped-def]
    """What a backslash and this letter stand for."""
    if byte == 0x6E:
        return 0x0A
    if byte == 0x74:
        return 0x09
    if byte == 0x72:
        return 0x0D
    if byte == 0x62:
        return 0x08
    return 0x0C if byte == 0x66 else byte


@kernel
def strings(data, starts, ends, out, cuts):  # type: ignore[no-untyped-def]
    """Write what the sound strings data[starts[i]:ends[i]], quotes and all, say; the bytes written.

    Args:
        data: uint8.
        starts: int64; -1: no string, which gives an empty range.
        ends: int64.
        out: uint8, as long as all these ranges.
        cuts: int64 (n + 1,): string i says out[cuts[i]:cuts[i + 1]].
    """
    size = 0
    cuts[0] = 0
    for row in range(len(starts)):
        at, end = starts[row] + 1, ends[row] - 1
        while starts[row] >= 0 and at < end:
            found = at
            while found + BLOCK <= end and not equal(data, found, np.uint8(BACKSLASH)):
                found += BLOCK
            if found + BLOCK <= end:
                found += lowest(equal(data, found, np.uint8(BACKSLASH)))
            else:
                while found < end and data[found] != BACKSLASH:
                    found += 1
            copy(out, size, data, at, found - at)
            size += found - at
            at = found
            if at < end and data[at + 1] == 0x75:
                point = _unit(data, at + 2, end)
                at += 6
                if 0xD800 <= point < 0xDC00:
                    point = 0x10000 + (point - 0xD800 << 10) + _unit(data, at + 2, end) - 0xDC00
                    at += 6
                size = _put(point, out, size)
            elif at < end:
                out[size] = _letter(data[at + 1])
                size += 1
                at += 2
        cuts[row + 1] = size
    return size


def lines(data: Bytes, size: int, number: int, paths: tuple[tuple[str, ...], ...], count: int) -> npt.NDArray[np.int64]:
    """The table of the `count` lines in data[:size]; rows LINE to STATE, and start and end of each path's string."""
    keys = [name.encode() for path in paths for name in path]
    cuts = np.cumsum([0, *map(len, keys)], dtype=np.int64)
    parts = np.cumsum([0, *map(len, paths)], dtype=np.int64)
    out = np.empty((FIELDS + 2 * len(paths), count), np.int64)
    find(data, size, number, np.frombuffer(b"".join(keys) or b"\0", np.uint8), cuts, parts, out)
    return out
