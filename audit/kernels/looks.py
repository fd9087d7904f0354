"""The lines of a batch, found and looked at: `audit.kernels.flags` says what a line may be. `audit.measure.glance` fills the tables."""

from __future__ import annotations

import numpy as np

from audit.kernels.credits import credits, is_named
from audit.kernels.filed import (
    ARROW,
    BULLETS,
    CLOSER,
    CRUMB,
    DATE,
    DATELESS,
    DIGIT,
    END,
    ENOUGH,
    LATE,
    OPENER,
    PREFIX,
    SPACE,
    TERMINAL,
    UNSPACED,
    find,
    folded,
    hits,
)
from audit.kernels.flags import (
    BLANK,
    BULLET,
    ENDED,
    ENDS,
    EVERY,
    FAR,
    FEW,
    FIGURE,
    HEADS,
    HITS,
    LOOSE,
    MANY,
    PROSE,
    SHAPE,
    SHORT,
    TAILS,
    UNSEEN,
)
from audit.kernels.jit import bare, bare_kernel
from audit.kernels.lines import _break, mixed
from audit.kernels.planes import NONE, ONE, below
from audit.kernels.stretches import chars_in, holds, is_ascii, is_doubled, is_linked, kind_in, trimmed
from audit.kernels.utf8 import before, decode
from audit.kernels.wide import BLOCK, between, equal, lowest, ones

NEAR = 5
"""So many last lines of an article, when they are long, are searched for phrases; and the first three."""
BEGINNING = 64
"""So much of a line of plain prose tells whether it begins with words of credit (characters)."""


@bare
def _signs(data, at, size):  # type: ignore[no-untyped-def]
    """(bytes with which a line end may begin, bytes with which characters begin) of data[at : at + size], as bits; size: at most BLOCK."""
    if size == BLOCK:
        ends = between(data, at, np.uint8(10), np.uint8(13)) | between(data, at, np.uint8(28), np.uint8(30))
        return ends | equal(data, at, np.uint8(0xC2)) | equal(data, at, np.uint8(0xE2)), ~between(data, at, np.uint8(0x80), np.uint8(0xBF))
    ends, leads = NONE, NONE
    for offset in range(size):
        byte, bit = data[at + offset], ONE << np.uint64(offset)
        ends |= bit if 10 <= byte <= 13 or 28 <= byte <= 30 or byte == 0xC2 or byte == 0xE2 else NONE
        leads |= bit if byte & 0xC0 != 0x80 else NONE
    return ends, leads


@bare_kernel
def split(data, cuts, firsts, spans):  # type: ignore[no-untyped-def]
    """Fills `firsts` (int64, texts + 1: a text's first line) and `spans` (int64 (4, lines)): where a line of `str.splitlines()` begins and ends in
    `data`, its code points, and the code points of its text before it. Returns the number of lines.
    """
    out = np.int64(0)
    for text in range(len(cuts) - 1):
        firsts[text] = out
        start, end, chars, before = cuts[text], cuts[text + 1], np.int64(0), np.int64(0)
        for at in range(start, end, BLOCK):
            ends, leads = _signs(data, at, min(np.int64(BLOCK), end - at))
            leads &= ~below(start - at)
            while ends:
                place = at + lowest(ends)
                ends &= ends - ONE
                over = _break(data, place, end) if place >= start else np.int64(0)  # the second half of CR LF is behind where a line begins
                if over == 0:
                    continue
                chars += ones(leads & below(place - at))
                spans[0, out], spans[1, out], spans[2, out], spans[3, out] = start, place, chars, before
                out += 1
                before += chars + (2 if over == 2 and data[place] == 13 else 1)
                start, chars = place + over, np.int64(0)
                leads &= ~below(min(np.int64(BLOCK), start - at))
            chars += ones(leads)
        if start < end:
            spans[0, out], spans[1, out], spans[2, out], spans[3, out] = start, end, chars, before
            out += 1
    firsts[len(cuts) - 1] = out
    return out


@bare
def _is_dated(room, n, words):  # type: ignore[no-untyped-def]
    """Whether all words of the folded line say when."""
    at = 0
    while at < n:
        if words.kinds[room[at]] & DATELESS:
            at += 1
            continue
        state = DATE
        while at < n and words.kinds[room[at]] & DATELESS == 0:
            state = mixed(state, room[at])
            at += 1
        if find(words.sieve, words.keys, state) < 0:
            return False
    return True


@bare
def _is_shaped(data, begin, end, first, chars, room, n, seen, words):  # type: ignore[no-untyped-def]
    """Whether a line of at most 600 characters may have a shape of `shapes.shape`; first: where it begins, white space too."""
    point, _ = decode(data, begin)
    if words.kinds[point] & ARROW or data[first] == 91 or holds(data, begin, end, 35):
        return True
    if chars <= 120 and kind_in(data, begin, end, CRUMB, words.kinds):
        return True
    if chars <= 80 and seen & DIGIT and _is_dated(room, n, words):
        return True
    return (chars > 30 and is_doubled(data, begin, end, words.fold)) or is_linked(data, begin, end)


@bare
def _ends(data, begin, end, chars, words):  # type: ignore[no-untyped-def]
    """ENDED and PROSE of a line without white space around it."""
    flags, kinds = 0, words.kinds
    last = before(data, end)
    point, _ = decode(data, last)
    if chars > 40 and kinds[point] & OPENER == 0:
        at, bare = last, point
        while at > begin and kinds[bare] & CLOSER:
            at = before(data, at)
            bare, _ = decode(data, at)
        if kinds[bare] & TERMINAL:
            flags |= ENDED
    if chars >= 40:
        key = mixed(END, point)
        ended = find(words.sieve, words.keys, key) >= 0
        if not ended and last > begin:
            ended = find(words.sieve, words.keys, mixed(mixed(END, decode(data, before(data, last))[0]), point)) >= 0
        if ended and (chars >= 100 or kind_in(data, begin, end, UNSPACED, kinds)):
            flags |= PROSE
    return flags


@bare
def _end(data, first, stop, plain):  # type: ignore[no-untyped-def]
    """Where the last ENDS characters of data[first:stop] begin; plain: whether it is ASCII."""
    if plain:
        return max(first, stop - ENDS)
    left = ENDS
    while stop > first and left > 0:
        stop = before(data, stop)
        left -= 1
    return stop


@bare
def _short(data, first, begin, end, chars, line, n, count, seen, words):  # type: ignore[no-untyped-def]
    """SHAPE and FIGURE of a line that is looked at as a whole, folded."""
    flags = SHAPE if _is_shaped(data, begin, end, first, chars, line.letters, n, seen, words) else 0
    if chars <= 16 and (count == 0 or seen & DIGIT):
        flags |= FIGURE
    return flags


@bare
def _long(data, first, begin, end, chars, words):  # type: ignore[no-untyped-def]
    """SHAPE of a line of which the shape is looked for at its beginning."""
    point, _ = decode(data, begin)
    begun = (chars <= 200 and words.kinds[point] & ARROW != 0) or data[first] == 91 or holds(data, begin, min(end, begin + 400), 35)
    shaped = begun or is_doubled(data, begin, end, words.fold) or (chars <= 600 and is_linked(data, begin, end))
    return SHAPE if shaped else 0


@bare
def _look(data, first, stop, chars, place, back, words, line):  # type: ignore[no-untyped-def]
    """The flags of a line that is not blank, the `place`-th of its article and the `back`-th from its end."""
    begin, end = trimmed(data, first, stop, words.fold)
    head, tail, near = place < HEADS, back < TAILS, place < 3 or back < NEAR
    plain = is_ascii(data, first, stop)
    named = (head or tail) and is_named(data, begin, end, words)
    flags = BULLET if words.kinds[decode(data, begin)[0]] & BULLETS else 0
    short, said, whole, sure, n, count, seen = chars <= SHORT, 0, np.uint64(0), True, 0, 0, np.uint32(0)
    if short or near or head or tail:
        most = SHORT if short else ENDS if near or named or not plain else BEGINNING
        n, seen, sure, count = folded(data, begin if short else first, end if short else stop, most, words, line)
        sure = sure and (short or begin - first < 8)
    if short or near:
        said, whole = hits(line, n, count, seen, 0 if short else PREFIX, words, said)
    else:
        flags |= UNSEEN
    flags |= _short(data, first, begin, end, chars, line, n, count, seen, words) if short else _long(data, first, begin, end, chars, words)
    if head or tail:
        bare = chars - chars_in(data, first, begin) - chars_in(data, end, stop)
        flags |= credits(data, begin, end, chars, bare, place, back, head, tail, plain, named, whole, line, n, count, seen, words)
    else:
        flags |= FAR
    if near and not short:
        n, seen, surely, count = folded(data, _end(data, first, stop, plain), stop, ENDS, words, line)
        sure = sure and surely
        said, _ = hits(line, n, count, seen, LATE, words, said)
    flags |= HITS if said == ENOUGH else 0
    if not sure or (not short and chars - chars_in(data, first, begin) - chars_in(data, end, stop) <= SHORT):
        flags |= EVERY
    flags |= _ends(data, begin, end, chars, words)
    if FEW < chars <= MANY and flags & (PROSE | ENDED) == 0:
        flags |= LOOSE
    return flags


@bare
def _blanks(data, spans, first, last, fold, flags):  # type: ignore[no-untyped-def]
    """Fills the flags of lines first ... last - 1 with BLANK or 0; how many are not blank."""
    full = 0
    for line in range(first, last):
        at, end = spans[0, line], spans[1, line]
        while at < end:
            point, size = decode(data, at)
            if fold[point] & SPACE == 0:
                break
            at += size
        flags[line] = BLANK if at >= end else 0
        full += at < end
    return full


@bare_kernel
def look(data, firsts, spans, words, room, flags):  # type: ignore[no-untyped-def]
    """Fills `flags` (int32, one a line); `room`: scratch, `filed.room`; `firsts` and `spans` as `split` fills them."""
    for text in range(len(firsts) - 1):
        back = _blanks(data, spans, firsts[text], firsts[text + 1], words.fold, flags)
        place = 0
        for line in range(firsts[text], firsts[text + 1]):
            if flags[line] == 0:
                back -= 1
                flags[line] = _look(data, spans[0, line], spans[1, line], spans[2, line], place, back, words, room)
                place += 1
