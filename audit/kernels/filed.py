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
from audit.kernels.planes import ONE, below
from audit.kernels.utf8 import decode
from audit.kernels.wide import BLOCK, PAD, between, equal, load8, lowest

POINT, SPACE, LONG, UNSURE, WEIGHT = 0x1FFFFF, 1 << 21, 1 << 22, 1 << 23, 24
"""An entry of `fold`: a code point; white space; a place in `longer`; a character that may combine; from WEIGHT on its combining class."""
(ALNUM, UNSPACED, LEAD, TRAIL, DATELESS, DIGIT, EDGE, PAIR, EAST, ARROW, CRUMB, TERMINAL, CLOSER, OPENER, NAME_LEAD, CLOSED, STOP, DASH, BULLETS,
) = (1 << bit for bit in range(19))  # fmt: skip
"""Kinds of characters; the sets of `audit.measure` they stand for are named in `audit.measure.index`."""
WHOLE, NEXT, DATE, DESK, CREDIT, AGENCY, NEVER, PARTICLE, END, BIO, TELLS, WITHIN, ROLE = (
    np.uint64(0xA24BAED4963EE407 * (i + 2) & (1 << 64) - 1) for i in range(13)
)
"""What a key in the table stands for: the words of a line that is a phrase, two characters, a word that says when, ... Two words that follow
each other, and a word of a phrase, have keys without one."""
AT_START, AT_END, APART, PREFIX, LATE, OF_LINE, ASKS, NAMES = (1 << bit for bit in range(8))
"""How a phrase sits: its literal begins or ends the line, stands between words; where it is looked for in a long line (PREFIX, LATE, not OF_LINE).
ASKS, NAMES: half of a plea, and its other half."""
ENOUGH = ASKS | NAMES
"""What the phrases of a line must say together; every one that is no half says it alone."""
ROOM = 4096
"""Characters that a folded line may take."""


class Line(NamedTuple):
    """A folded line, and its words.

    Attributes:
        letters: int32 (ROOM,), its code points.
        lasts: uint8, their last bytes, of which keys are made.
        sorts: uint8, of their kinds ALNUM and PAIR.
        keys: uint64, of its words.
        begins: int32, where these begin.
    """

    letters: npt.NDArray[np.int32]
    lasts: npt.NDArray[np.uint8]
    sorts: npt.NDArray[np.uint8]
    keys: npt.NDArray[np.uint64]
    begins: npt.NDArray[np.int32]


def room() -> Line:
    """Room for one line."""
    bytes_of = np.empty((2, ROOM + PAD), np.uint8)
    return Line(np.empty(ROOM, np.int32), bytes_of[0], bytes_of[1], np.empty(ROOM, np.uint64), np.empty(ROOM, np.int32))


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
def _put(line, n, letter, kind):  # type: ignore[no-untyped-def]
    line.letters[n], line.lasts[n], line.sorts[n] = letter, letter & 0xFF, kind & (ALNUM | PAIR)


@bare
def _plain(data, at, most, gap):  # type: ignore[no-untyped-def]
    """So many of data[at : at + most], at most BLOCK, are printable ASCII without white space that folding takes away; gap: none may come first."""
    spaces = equal(data, at, np.uint8(32))
    odd = ~between(data, at, np.uint8(32), np.uint8(126)) | (spaces & (spaces << ONE | np.uint64(gap)))
    return min(lowest(odd) if odd else np.int64(BLOCK), most)


@bare
def folded(data, at, end, most, words, line):  # type: ignore[no-untyped-def]
    """Writes at most `most` characters of data[at:end], folded, to `line`: (their number, kinds that were seen, whether it is sure, words).

    Of the kinds of ASCII only DIGIT is sure to be seen.
    """
    fold, longer, kinds = words.fold, words.longer, words.kinds
    n, seen, sure, gap, weight = np.int64(0), np.uint32(0), True, True, np.uint32(0)  # gap: white space would be one too many here
    while at < end and most > 0:
        run = _plain(data, at, min(end - at, np.int64(most)), gap) if data[at] < 0x80 and at + BLOCK <= len(data) else np.int64(0)
        if run > 0:
            for offset in range(run):
                entry = fold[data[at + offset]]
                letter = (entry | entry >> np.uint32(16)) & np.uint32(0x7F)  # a space, without a branch
                _put(line, n + offset, letter, kinds[letter])
            seen |= np.uint32(DIGIT) if between(data, at, np.uint8(48), np.uint8(57)) & below(run) else np.uint32(0)
            n, at, most = n + run, at + run, most - run
            gap, weight = data[at - 1] == 32, np.uint32(0)
            continue
        point, size = decode(data, at)
        at += size
        most -= 1
        entry = fold[point]
        if entry & SPACE:
            _put(line, n, np.uint32(32), np.uint32(0))
            n += not gap
            gap, weight = True, np.uint32(0)
            continue
        heavy = entry >> WEIGHT
        sure = sure and entry & UNSURE == 0 and (heavy == 0 or weight <= heavy)
        weight = heavy
        place = np.int64(entry & POINT)
        for offset in range(longer[place] if entry & LONG else 1):
            letter = np.uint32(longer[place + 1 + offset]) if entry & LONG else np.uint32(place)
            _put(line, n, letter, kinds[letter])
            seen |= kinds[letter]
            n += 1
            gap = False
    n -= gap and n > 0
    return n, seen, sure, _cut(line, n)


@bare
def _letters(sorts, at):  # type: ignore[no-untyped-def]
    return equal(sorts, at, np.uint8(ALNUM)) | equal(sorts, at, np.uint8(ALNUM | PAIR))


@bare
def _cut(line, n):  # type: ignore[no-untyped-def]
    """Fills the words of the first n letters; their number."""
    count, at = 0, np.int64(0)
    while at < n:
        letters = _letters(line.sorts, at) & below(min(np.int64(BLOCK), n - at))
        step = np.int64(BLOCK)
        while letters:
            first = lowest(letters)
            gaps = ~(letters >> np.uint64(first))
            size = lowest(gaps) if gaps else np.int64(BLOCK)
            if first + size >= BLOCK and first > 0:
                step = first  # it may go on in the next block: that one begins with it
                break
            while size >= BLOCK and at + size < n and line.sorts[at + size] & ALNUM:
                size += 1
            line.keys[count], line.begins[count] = word(line.lasts, at + first, size), at + first
            count += 1
            step = max(step, size)
            letters &= ~below(min(np.int64(BLOCK), first + size))
        at += step
    return count


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
def filed(room, n, start, end, place, slot, part, words, said):  # type: ignore[no-untyped-def]
    """`said`, and what the phrases say that are filed in the slot and in the folded line, as far as ENOUGH.

    start, end: the line without what may surround a phrase. place: where the key is, -1 if that does not tell where the phrase is.
    part: PREFIX or LATE for an end of a long line, 0 for a whole one.
    """
    needles = words.needles
    for phrase in range(words.posts[slot, 0], words.posts[slot, 1]):
        first, last, how, offset = needles[phrase, 0], needles[phrase, 1], needles[phrase, 2], needles[phrase, 3]
        if how & ENOUGH & ~said == 0 or (part != 0 and (how & part == 0 or how & OF_LINE)):
            continue
        low, high = 0, n - (last - first)
        if place >= 0 and offset >= 0:
            low, high = max(low, place - offset), min(high, place - offset)
        if how & AT_START:
            low, high = max(low, start), min(high, start)
        elif how & AT_END:
            low, high = max(low, end - (last - first)), min(high, end - (last - first))
        if _stands(room, low, high, first, last, words.letters, how, n, words.kinds):
            said |= how & ENOUGH
            if said == ENOUGH:
                return said
    return said


@bare
def word(lasts, at, size):  # type: ignore[no-untyped-def]
    """The key of the word lasts[at : at + size]: eight characters at a time, by their last bytes, and the last eight."""
    key = np.uint64(0)
    for first in range(at, at + size - 7, 8):
        key = mixed(key, load8(lasts, first))
    rest = load8(lasts, at + size - 8) if size >= 8 else load8(lasts, at) << np.uint64(64 - 8 * size)
    return mixed(key ^ np.uint64(size), rest)


@bare
def _paired(room, n, start, end, at, part, words, said):  # type: ignore[no-untyped-def]
    """`filed` under the sign or letter of a script without spaces at room[at], alone and with the next one."""
    one = mixed(NEXT, room[at])
    for size in range(1, 3):
        slot = find(words.sieve, words.keys, one if size == 1 else mixed(one, room[at + 1])) if at + size <= n else -1
        if slot >= 0:
            said = filed(room, n, start, end, at, slot, part, words, said)
    return said


@bare
def _signs(line, n, start, end, last, part, words, said):  # type: ignore[no-untyped-def]
    """`filed` under the signs before line.letters[last]."""
    for base in range(0, last, BLOCK):
        signs = equal(line.sorts, base, np.uint8(PAIR)) & below(min(np.int64(BLOCK), last - base))
        while signs:
            said = _paired(line.letters, n, start, end, base + lowest(signs), part, words, said)
            signs &= signs - ONE
    return said


@bare
def hits(line, n, count, seen, part, words, said):  # type: ignore[no-untyped-def]
    """(`said`, and what the phrases say that may be in the folded line, as far as ENOUGH; the key of its `count` words joined)."""
    kinds, sieve, keys, room = words.kinds, words.sieve, words.keys, line.letters
    start, end = 0, n
    while start < n and kinds[room[start]] & LEAD:
        start += 1
    while end > 0 and kinds[room[end - 1]] & TRAIL:
        end -= 1
    last = min(n, start + words.window[0]) if part == PREFIX else n
    whole, before, said = WHOLE, np.uint64(0), _signs(line, n, start, end, last, part, words, said)
    for number in range(count):
        first, key = line.begins[number], line.keys[number]
        if first >= last or (said == ENOUGH and part != 0):
            break
        whole = mixed(whole, key)
        place = -1 if seen & UNSPACED else first
        for at in range(2):  # a phrase of the word, one of it and the word before
            slot = find(sieve, keys, mixed(before, key) if at else key) if said != ENOUGH and number >= at else -1
            if slot >= 0:
                said = filed(room, n, start, end, place, slot, part, words, said)
        before = key
    if part == 0 and count and find(sieve, keys, whole) >= 0:
        return ENOUGH, whole
    if seen & UNSPACED:
        for at in range(last):
            if kinds[room[at]] & UNSPACED and said != ENOUGH:
                said = _paired(room, n, start, end, at, part, words, said)
    return said, whole


@bare
def told(line, n, count, domain, words):  # type: ignore[no-untyped-def]
    """Whether one of the words of the folded line begins a phrase of `domain`."""
    for number in range(count):
        first = line.begins[number]
        slot = find(words.sieve, words.keys, mixed(domain, line.keys[number])) if first < n else -1
        if slot >= 0 and filed(line.letters, n, 0, n, first, slot, 0, words, 0):
            return True
    return False
