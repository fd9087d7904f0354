"""A line folded as `audit.measure.fold` does it, and whether a phrase may be in it: phrases are filed under their words.

`audit.measure.index` makes the tables. A line is folded character by character; one whose outcome hangs on neighbours (marks that may
compose) is not sure.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from audit.kernels.jit import bare
from audit.kernels.lines import mixed
from audit.kernels.utf8 import decode

POINT, SPACE, LONG, UNSURE, WEIGHT = 0x1FFFFF, 1 << 21, 1 << 22, 1 << 23, 24
"""An entry of `fold`: a code point; white space; a place in `longer`; a character that may combine; from WEIGHT on its combining class."""
(ALNUM, UNSPACED, LEAD, TRAIL, DATELESS, DIGIT, EDGE, PAIR, EAST, ARROW, CRUMB, TERMINAL, CLOSER, OPENER, NAME_LEAD, CLOSED, STOP, DASH, BULLETS,
) = (1 << bit for bit in range(19))  # fmt: skip
"""Kinds of characters; the sets of `audit.measure` they stand for are named in `audit.measure.index`."""
WHOLE, NEXT, DATE, DESK, CREDIT, AGENCY, NEVER, PARTICLE, END, BIO = (np.uint64(0xA24BAED4963EE407 * (i + 2) & (1 << 64) - 1) for i in range(10))
"""What a key in the table stands for: the words of a line that is a phrase, two characters, a word that says when, ... Two words that follow
each other, and a word of a phrase, have keys without one."""
AT_START, AT_END, APART, PREFIX, LATE, OF_LINE = (1 << bit for bit in range(6))
"""How a phrase sits: its literal begins or ends the line, stands between words; where it is looked for in a long line (PREFIX, LATE, not OF_LINE)."""
ROOM = 4096
"""Characters that a folded line may take."""
_LAST = np.uint64(0xFF)


class Words(NamedTuple):
    """What the looks know.

    Attributes:
        fold: uint32 (0x110000,).
        longer: int32, for characters that fold to none or several their number, and then they.
        kinds: uint32 (0x110000,).
        keys: uint64, a hash table with open addressing; 0 is empty.
        sieve: uint64 (1024,): one bit for each key, so that most words cost one look.
        window: int64 (2,): a phrase that begins a line has its key among so many characters; so many literals are those of more hands.
        posts: int32 (keys, 2): where in `needles` the phrases of a key begin and end.
        needles: int32 (phrases, 4): where in `letters` a literal begins and ends, how it sits, and where in it the key is; -1: anywhere or not.
        letters: int32, code points.
        literals: uint8, bytes of the phrases of more hands, and of words that say who posted.
        literal_cuts: int64.
    """

    fold: npt.NDArray[np.uint32]
    longer: npt.NDArray[np.int32]
    kinds: npt.NDArray[np.uint32]
    keys: npt.NDArray[np.uint64]
    sieve: npt.NDArray[np.uint64]
    window: npt.NDArray[np.int64]
    posts: npt.NDArray[np.int32]
    needles: npt.NDArray[np.int32]
    letters: npt.NDArray[np.int32]
    literals: npt.NDArray[np.uint8]
    literal_cuts: npt.NDArray[np.int64]


@bare
def find(sieve, keys, key):  # type: ignore[no-untyped-def]
    """The slot of a key, -1 where there is none."""
    if (sieve[(key >> np.uint64(46)) & np.uint64(1023)] >> ((key >> np.uint64(40)) & np.uint64(63))) & np.uint64(1) == 0:
        return np.int64(-1)
    mask = np.uint64(len(keys) - 1)
    slot = (key >> np.uint64(20)) & mask
    while keys[slot] != 0:
        if keys[slot] == key:
            return np.int64(slot)
        slot = (slot + np.uint64(1)) & mask
    return np.int64(-1)


@bare
def folded(data, at, end, most, words, room):  # type: ignore[no-untyped-def]
    """Writes at most `most` characters of data[at:end], folded, to `room` (int32): (their number, kinds that were seen, whether it is sure).

    Of the kinds of ASCII only DIGIT is seen.
    """
    fold, longer, kinds = words.fold, words.longer, words.kinds
    n, seen, sure, gap, weight = 0, np.uint32(0), True, True, np.uint32(0)  # gap: white space would be one too many here
    while at < end and most > 0:
        lead = data[at]
        most -= 1
        if lead < 0x80:  # without branches: one byte is hardly ever like the one before
            at += 1
            entry, weight = fold[lead], np.uint32(0)
            space = entry == SPACE
            room[n] = 32 if space else entry
            n += not (space and gap)
            gap = space
            seen |= np.uint32(DIGIT) if 48 <= lead <= 57 else np.uint32(0)
            continue
        point, size = decode(data, at)
        at += size
        entry = fold[point]
        if entry & SPACE:
            room[n] = 32
            n += not gap
            gap, weight = True, np.uint32(0)
            continue
        heavy = entry >> WEIGHT
        sure = sure and entry & UNSURE == 0 and (heavy == 0 or weight <= heavy)
        weight = heavy
        if entry & LONG:
            place = entry & POINT
            for offset in range(longer[place]):
                room[n] = longer[place + 1 + offset]
                seen |= kinds[room[n]]
                n += 1
                gap = False
            continue
        room[n] = entry & POINT
        seen |= kinds[room[n]]
        n += 1
        gap = False
    return n - (gap and n > 0), seen, sure


@bare
def _apart(room, n, at, kinds):  # type: ignore[no-untyped-def]
    if at <= 0 or at >= n:
        return True
    before, after = kinds[room[at - 1]], kinds[room[at]]
    return not (before & ALNUM and after & ALNUM) or (before | after) & UNSPACED != 0


@bare
def _stands(room, low, high, first, last, letters, how, n, kinds):  # type: ignore[no-untyped-def]
    """Whether the literal letters[first:last] begins at one of room[low : high + 1]."""
    lead, size = letters[first], last - first
    for at in range(low, high + 1):
        if room[at] != lead:
            continue
        same = True
        for offset in range(1, size):
            if room[at + offset] != letters[first + offset]:
                same = False
                break
        if same and (how & APART == 0 or (_apart(room, n, at, kinds) and _apart(room, n, at + size, kinds))):
            return True
    return False


@bare
def filed(room, n, start, end, place, slot, part, words):  # type: ignore[no-untyped-def]
    """Whether a phrase that is filed in the slot is in the folded line; false where there is no slot (-1).

    start, end: the line without what may surround a phrase. place: where the key is, -1 if that does not tell where the phrase is.
    part: PREFIX or LATE for an end of a long line, 0 for a whole one.
    """
    if slot < 0:
        return False
    needles = words.needles
    for phrase in range(words.posts[slot, 0], words.posts[slot, 1]):
        first, last, how, offset = needles[phrase, 0], needles[phrase, 1], needles[phrase, 2], needles[phrase, 3]
        if part != 0 and (how & part == 0 or how & OF_LINE):
            continue
        low, high = 0, n - (last - first)
        if place >= 0 and offset >= 0:
            low, high = max(low, place - offset), min(high, place - offset)
        if how & AT_START:
            low, high = max(low, start), min(high, start)
        elif how & AT_END:
            low, high = max(low, end - (last - first)), min(high, end - (last - first))
        if _stands(room, low, high, first, last, words.letters, how, n, words.kinds):
            return True
    return False


@bare
def word(room, at, n, kinds):  # type: ignore[no-untyped-def]
    """(the key of the word that begins at room[at], where it ends): eight characters at a time, by their last bytes."""
    key, eight, size = np.uint64(0), np.uint64(0), 0
    while at < n and kinds[room[at]] & ALNUM:
        eight = eight << np.uint64(8) | (np.uint64(room[at]) & _LAST)
        size += 1
        if size & 7 == 0:
            key = mixed(key, eight)
        at += 1
    return mixed(key ^ np.uint64(size), eight), at


@bare
def _paired(room, n, start, end, at, part, words):  # type: ignore[no-untyped-def]
    """Whether a phrase is filed under the sign or letter of a script without spaces at room[at], alone or with the next one."""
    one = mixed(NEXT, room[at])
    if filed(room, n, start, end, at, find(words.sieve, words.keys, one), part, words):
        return True
    return at + 1 < n and filed(room, n, start, end, at, find(words.sieve, words.keys, mixed(one, room[at + 1])), part, words)


@bare
def hits(room, n, seen, part, words):  # type: ignore[no-untyped-def]
    """(whether a phrase may be in the folded line, the key of its words joined, their number)."""
    kinds, sieve, keys = words.kinds, words.sieve, words.keys
    start, end = 0, n
    while start < n and kinds[room[start]] & LEAD:
        start += 1
    while end > 0 and kinds[room[end - 1]] & TRAIL:
        end -= 1
    whole, count, found, at, before = WHOLE, 0, False, 0, np.uint64(0)
    last = min(n, start + words.window[0]) if part == PREFIX else n
    while at < last:
        kind = kinds[room[at]]
        if kind & ALNUM == 0:
            if kind & PAIR and not found:
                found = _paired(room, n, start, end, at, part, words)
            at += 1
            continue
        first = at
        key, at = word(room, at, n, kinds)
        whole = mixed(whole, key)
        count += 1
        place = -1 if seen & UNSPACED else first
        if not found:
            found = filed(room, n, start, end, place, find(sieve, keys, key), part, words) or (
                count > 1 and filed(room, n, start, end, place, find(sieve, keys, mixed(before, key)), part, words)
            )
        elif part != 0:
            break
        before = key
    if part == 0 and count and find(sieve, keys, whole) >= 0:
        return True, whole, count
    if seen & UNSPACED and not found:
        for at in range(last):
            if kinds[room[at]] & UNSPACED and not found:
                found = _paired(room, n, start, end, at, part, words)
    return found, whole, count


@bare
def told(room, n, domain, words):  # type: ignore[no-untyped-def]
    """Whether one of the words of the folded line begins a phrase of `domain`."""
    at, found = 0, False
    while at < n and not found:
        if words.kinds[room[at]] & ALNUM == 0:
            at += 1
            continue
        first = at
        key, at = word(room, at, n, words.kinds)
        found = filed(room, n, 0, n, first, find(words.sieve, words.keys, mixed(domain, key)), 0, words)
    return found
