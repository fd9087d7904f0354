"""JSON Lines in one pass: which lines hold one object, where the values of its wanted members stand, and their strings unescaped.

A line is TAKEN only where orjson would take it, and as the same object; whatever is not certain is ODD, and orjson decides.
"""

from __future__ import annotations

from audit.kernels.jit import bare, bare_kernel
from audit.kernels.wide import beyond_quoted, copy, equal, lowest

BLANK, TAKEN, ODD = 0, 1, 2
"""States of a line."""
NONE, STRING, ESCAPED, VALUE = 0, 1, 2, 3
"""Kinds of a member: missing or null, a string, a string with escapes, any other value."""
DEEPEST = 60
"""Levels of brackets that a bit each remembers."""
LONGEST_NUMBER = 40
"""Characters: what is shorter, with an exponent of two digits at the most, is in the range of a double."""

QUOTE, BACKSLASH, COMMA, COLON, MINUS, DOT, ZERO, NINE = 0x22, 0x5C, 0x2C, 0x3A, 0x2D, 0x2E, 0x30, 0x39
BRACE, END_BRACE, BRACKET, END_BRACKET = 0x7B, 0x7D, 0x5B, 0x5D


@bare
def _space(data, at):  # type: ignore[no-untyped-def]
    """The first place from `at` on that is no white space of JSON; a line feed ends the line."""
    while data[at] == 0x20 or data[at] == 0x09 or data[at] == 0x0D:
        at += 1
    return at


@bare
def _sequence(data, at):  # type: ignore[no-untyped-def]
    """Bytes of the character that begins at data[at] >= 0x80; 0 if it is not UTF-8 (Unicode, table 3-7)."""
    lead, second = data[at], data[at + 1]
    if lead < 0xC2 or lead > 0xF4 or second & 0xC0 != 0x80:
        return 0
    if lead < 0xE0:
        return 2
    if data[at + 2] & 0xC0 != 0x80:
        return 0
    if lead < 0xF0:
        return 0 if (lead == 0xE0 and second < 0xA0) or (lead == 0xED and second >= 0xA0) else 3
    if data[at + 3] & 0xC0 != 0x80 or (lead == 0xF0 and second < 0x90) or (lead == 0xF4 and second >= 0x90):
        return 0
    return 4


@bare
def _hex(data, at):  # type: ignore[no-untyped-def]
    """The number that the four hex digits at `at` say; -1 if they are none."""
    value = 0
    for k in range(4):
        digit = int(data[at + k])
        if ZERO <= digit <= NINE:
            digit -= ZERO
        elif 97 <= digit | 0x20 <= 102:
            digit = (digit | 0x20) - 87
        else:
            return -1
        value = value << 4 | digit
    return value


@bare
def _escape(data, at):  # type: ignore[no-untyped-def]
    r"""Bytes of the escape at data[at] == "\\"; 0 if it is none, or half of a pair of surrogates."""
    byte = data[at + 1]
    if byte != 0x75:  # u
        return 2 if byte in (QUOTE, BACKSLASH, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74) else 0  # "\\/bfnrt
    point = _hex(data, at + 2)
    if point < 0 or 0xDC00 <= point <= 0xDFFF:
        return 0
    if point < 0xD800 or point > 0xDBFF:
        return 6
    paired = data[at + 6] == BACKSLASH and data[at + 7] == 0x75 and 0xDC00 <= _hex(data, at + 8) <= 0xDFFF
    return 12 if paired else 0


@bare
def _string(data, at):  # type: ignore[no-untyped-def]
    """(place of the quote that ends the string whose first character is data[at], whether it has escapes); -1 if it is none."""
    escaped = False
    while True:
        found = beyond_quoted(data, at)
        while found == 0:  # a line feed, which no string holds, stands behind every text
            at += 64
            found = beyond_quoted(data, at)
        at += lowest(found)
        byte = data[at]
        if byte == QUOTE:
            return at, escaped
        if byte == BACKSLASH:
            size = _escape(data, at)
            escaped = True
        else:
            size = _sequence(data, at) if byte >= 0x80 else 0
        if size == 0:
            return -1, escaped
        at += size
        while data[at] >= 0x80:
            size = _sequence(data, at)
            if size == 0:
                return -1, escaped
            at += size


@bare
def _digits(data, at):  # type: ignore[no-untyped-def]
    while ZERO <= data[at] <= NINE:
        at += 1
    return at


@bare
def _number(data, at):  # type: ignore[no-untyped-def]
    """The end of the number at `at`; -1 if it is none or may be out of range."""
    start = at
    at += data[at] == MINUS
    whole = at
    at = _digits(data, at)
    if at == whole or (data[whole] == ZERO and at > whole + 1):
        return -1
    if data[at] == DOT:
        at += 1
        end = _digits(data, at)
        if end == at:
            return -1
        at = end
    if data[at] | 0x20 == 0x65:  # e
        at += 1
        at += data[at] == MINUS or data[at] == 0x2B
        end = _digits(data, at)
        if end == at or end > at + 2:
            return -1
        at = end
    return at if at - start <= LONGEST_NUMBER else -1


@bare
def _word(data, at):  # type: ignore[no-untyped-def]
    """The end of true, false or null at `at`; -1 if it is none of them."""
    a, b, c, d = data[at], data[at + 1], data[at + 2], data[at + 3]
    if a == 0x74 and b == 0x72 and c == 0x75 and d == 0x65:
        return at + 4
    if a == 0x6E and b == 0x75 and c == 0x6C and d == 0x6C:
        return at + 4
    if a == 0x66 and b == 0x61 and c == 0x6C and d == 0x73 and data[at + 4] == 0x65:
        return at + 5
    return -1


@bare
def _scalar(data, at):  # type: ignore[no-untyped-def]
    """The end of the string, number or word at `at`; -1 if it is none."""
    byte = data[at]
    if byte == QUOTE:
        end, _ = _string(data, at + 1)
        return end + 1 if end >= 0 else -1
    return _number(data, at) if byte == MINUS or ZERO <= byte <= NINE else _word(data, at)


@bare
def _nested(data, at):  # type: ignore[no-untyped-def]
    """The end of the object or array that begins at `at`; -1 if it is none or too deep."""
    objects, depth = 0, 0  # bit i of `objects`: level i is an object
    opens = True  # a value stands here
    while True:
        at = _space(data, at)
        byte = data[at]
        if opens and byte in (BRACE, BRACKET):
            if depth == DEEPEST:
                return -1
            depth += 1
            objects = objects << 1 | (byte == BRACE)
            at = _space(data, at + 1)
            if data[at] == (END_BRACE if byte == BRACE else END_BRACKET):
                opens = False
                continue
            if byte == BRACE:
                at = _key(data, at)
        elif opens:
            at = _scalar(data, at)
            opens = False
        elif byte == COMMA:
            at += 1
            opens = True
            if objects & 1:
                at = _key(data, _space(data, at))
        elif byte == (END_BRACE if objects & 1 else END_BRACKET):
            at += 1
            depth -= 1
            objects >>= 1
            if depth == 0:
                return at
        else:
            return -1
        if at < 0:
            return -1


@bare
def _key(data, at):  # type: ignore[no-untyped-def]
    """The place behind the colon of the key that begins at `at`; -1 if it is none."""
    if data[at] != QUOTE:
        return -1
    end, _ = _string(data, at + 1)
    if end < 0:
        return -1
    at = _space(data, end + 1)
    return at + 1 if data[at] == COLON else -1


@bare
def _wanted(data, start, end, names, cuts):  # type: ignore[no-untyped-def]
    """The number of the name that data[start:end] is; -1 if it is none."""
    for number in range(len(cuts) - 1):
        if end - start == cuts[number + 1] - cuts[number]:
            same = True
            for k in range(end - start):
                if data[start + k] != names[cuts[number] + k]:
                    same = False
                    break
            if same:
                return number
    return -1


@bare
def _record(data, at, names, cuts, line, kinds, starts, ends):  # type: ignore[no-untyped-def]
    """Take the object at `at` apart; its end, -1 if it is none for certain."""
    if data[at] != BRACE:
        return -1
    seen = 0
    at = _space(data, at + 1)
    if data[at] == END_BRACE:
        return at + 1
    while True:
        first = at + 1
        if data[at] != QUOTE:
            return -1
        last, escaped = _string(data, first)
        if last < 0 or escaped:
            return -1
        at = _space(data, last + 1)
        if data[at] != COLON:
            return -1
        at = _space(data, at + 1)
        kind, start = VALUE, at
        if data[at] == QUOTE:
            end, escaped = _string(data, at + 1)
            kind, start = ESCAPED if escaped else STRING, at + 1
            at = end + 1
        elif data[at] == BRACE or data[at] == BRACKET:
            end = at = _nested(data, at)
        else:
            kind = NONE if data[at] == 0x6E else VALUE  # null
            end = at = _scalar(data, at)
        if end < 0:
            return -1
        name = _wanted(data, first, last, names, cuts)
        if name >= 0:
            if seen >> name & 1:  # the last one of a name counts
                return -1
            seen |= 1 << name
            kinds[name, line], starts[name, line], ends[name, line] = kind, start, end
        at = _space(data, at)
        if data[at] == END_BRACE:
            return at + 1
        if data[at] != COMMA:
            return -1
        at = _space(data, at + 1)


@bare_kernel
def find(data, size, most, names, cuts, states, bounds, kinds, starts, ends):  # type: ignore[no-untyped-def]
    """Take the lines data[:size] apart, the last of which ends with a line feed; the number of lines.

    Args:
        data: uint8, with wide.PAD readable bytes behind `size`, a line feed among the first 64 of them.
        size: int.
        most: A line of more bytes is ODD.
        names: uint8, of all wanted members, at most 62 of them.
        cuts: int64; wanted name i is names[cuts[i] : cuts[i + 1]].
        states: uint8 (lines,).
        bounds: int64 (lines + 1,); line i is data[bounds[i] : bounds[i + 1] - 1].
        kinds: uint8 (names, lines); says nothing where a line is not TAKEN, as the two that follow.
        starts: int64 (names, lines); a string is data[start:end] between its quotes. Says nothing where the kind is NONE.
        ends: int64 (names, lines).
    """
    at, line = 0, 0
    bounds[0] = 0
    while at < size:
        start = at
        while data[at] != 0x0A and (data[at] == 0x20 or 0x09 <= data[at] <= 0x0D):
            at += 1
        state = BLANK
        if data[at] != 0x0A:
            state = ODD
            for name in range(kinds.shape[0]):
                kinds[name, line] = NONE
            end = _record(data, _space(data, start), names, cuts, line, kinds, starts, ends)
            if end >= 0:
                at = _space(data, end)
                state = TAKEN if data[at] == 0x0A and at - start <= most else ODD
            while data[at] != 0x0A:
                found = equal(data, at, 0x0A)
                at += lowest(found) if found else 64
        at += 1
        states[line] = state
        line += 1
        bounds[line] = at
    return line


@bare
def _put(out, size, point):  # type: ignore[no-untyped-def]
    """Write a code point as UTF-8 to out[size:]; the new size."""
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


@bare
def _unescaped(data, at, out, size):  # type: ignore[no-untyped-def]
    """(the end of the escape at `at`, the new size of `out`)."""
    byte = data[at + 1]
    if byte != 0x75:
        if byte == 0x6E:
            byte = 0x0A
        elif byte == 0x74:
            byte = 0x09
        elif byte == 0x72:
            byte = 0x0D
        elif byte == 0x62:
            byte = 0x08
        elif byte == 0x66:
            byte = 0x0C
        out[size] = byte
        return at + 2, size + 1
    point = _hex(data, at + 2)
    at += 6
    if 0xD800 <= point <= 0xDBFF:
        point = 0x10000 + ((point - 0xD800) << 10) + _hex(data, at + 2) - 0xDC00
        at += 6
    return at, _put(out, size, point)


@bare_kernel
def strings(data, kinds, starts, ends, out, cuts):  # type: ignore[no-untyped-def]
    """Write the strings data[starts[i]:ends[i]] unescaped, of any other kind nothing; the bytes written.

    Args:
        data: As for `find`.
        kinds: uint8 (n,), as `find` gives them.
        starts: int64 (n,).
        ends: int64 (n,).
        out: uint8, as long as all the strings.
        cuts: int64 (n + 1,); string i is out[cuts[i] : cuts[i + 1]].
    """
    size = 0
    cuts[0] = 0
    for row in range(len(kinds)):
        at, end = starts[row], ends[row]
        if kinds[row] == STRING:
            copy(out, size, data, at, end - at)
            size += end - at
        elif kinds[row] == ESCAPED:
            while at < end:
                plain = at
                found = equal(data, at, BACKSLASH)
                while found == 0 and at < end:
                    at += 64
                    found = equal(data, at, BACKSLASH)
                at = min(end, at + lowest(found)) if found else end
                copy(out, size, data, plain, at - plain)
                size += at - plain
                if at < end:
                    at, size = _unescaped(data, at, out, size)
        cuts[row + 1] = size
    return size
