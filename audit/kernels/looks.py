"""What the lines of a batch look like at a glance: whether a phrase, a credit, a bare date or an end may be in them.

Every look is a promise in one direction: where a flag is missing, the rule of `audit.measure` that it stands for finds nothing; where it is set,
Python looks closely. A line is folded as `fold.fold` does it, character by character; one whose outcome hangs on neighbours (marks that may
compose) is UNSURE and has every flag. `audit.measure.glance` fills the tables.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from audit.kernels.jit import bare, bare_kernel
from audit.kernels.lines import _break, mixed
from audit.kernels.utf8 import decode

BLANK, HITS, SHAPE, READ, DATELINE, ALONE, ABOUT, SIGNED, HELPED, ENDED, UNSEEN, PROSE, FIGURE, BULLET, OPEN, FAR, LOOSE = (
    1 << bit for bit in range(17)
)
"""Flags of a line. HITS: a phrase of the lexicon; SHAPE: a shape of a page's line; READ ... HELPED: kinds of credit; ENDED: it ends like a
sentence; UNSEEN: a long line that was not searched for phrases; PROSE: a paragraph; FIGURE: hardly more than a figure; BULLET: begins with one;
OPEN: does not end in "." or its like, or says who posted it; FAR: it was not searched for credits; LOOSE: as long as a headline or a sentence,
and neither PROSE nor ENDED."""
EVERY = HITS | SHAPE | READ | DATELINE | ALONE | ABOUT | SIGNED | HELPED | FIGURE | BULLET | OPEN

POINT, SPACE, LONG, UNSURE, WEIGHT = 0x1FFFFF, 1 << 21, 1 << 22, 1 << 23, 24
"""An entry of `fold`: a code point; white space; a place in `longer`; a character that may combine; from WEIGHT on its combining class."""
(ALNUM, UNSPACED, LEAD, TRAIL, DATELESS, DIGIT, EDGE, PAIR, EAST, ARROW, CRUMB, TERMINAL, CLOSER, OPENER, NAME_LEAD, CLOSED, STOP, DASH, BULLETS,
 LITERAL) = (1 << bit for bit in range(20))  # fmt: skip
"""Kinds of characters; the sets of `audit.measure` they stand for are named in `audit.measure.glance`."""
WORD, WHOLE, NEXT, DATE, DESK, CREDIT, AGENCY, NEVER, PARTICLE, END, BIO = (np.uint64(0xA24BAED4963EE407 * (i + 1) & (1 << 64) - 1) for i in range(11))
"""What a key in the table stands for: a word of a phrase, a line that is one, two characters, ..."""
AT_START, AT_END, APART, PREFIX, LATE, OF_LINE = (1 << bit for bit in range(6))
"""How a phrase sits: its literal begins or ends the line, stands between words; where it is looked for in a long line (PREFIX, LATE, not OF_LINE)."""
SHORT, ENDS, HEADS, TAILS = 160, 240, 12, 10
"""A longer line is searched at its ends, and only near the ends of its article; credits are looked for in so many first and last lines."""
NEAR = 5
BEGINNING = 64
"""So much of a line of plain prose tells whether it begins with words of credit (characters)."""
FEW, MANY = 40, 260
"""Characters of a LOOSE line: more than, and at most."""
ROOM = 4096


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


@bare_kernel
def split(data, cuts, kinds, firsts, spans):  # type: ignore[no-untyped-def]
    """Fills `firsts` (int64, texts + 1: a text's first line) and `spans` (int64 (4, lines)): where a line of `str.splitlines()` begins and ends in
    `data`, its code points, and the code points of its text before it. `kinds` (uint8 (256,)) is 0 for bytes that are ASCII and no line end.
    Returns the number of lines.
    """
    out = np.int64(0)
    for text in range(len(cuts) - 1):
        firsts[text] = out
        at, end, before = cuts[text], cuts[text + 1], np.int64(0)
        while at < end:
            start, chars, over = at, np.int64(0), np.int64(0)
            while at < end:
                run = at
                while at < end and kinds[data[at]] == 0:
                    at += 1
                chars += at - run
                if at == end:
                    break
                over = _break(data, at, end)
                if over:
                    break
                lead = data[at]
                at += 1 if lead < 0xC0 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
                chars += 1
            spans[0, out], spans[1, out], spans[2, out], spans[3, out] = start, at, chars, before
            out += 1
            before += chars
            if over:
                before += 2 if over == 2 and data[at] == 13 else 1
            at += over
    firsts[len(cuts) - 1] = out
    return out


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
def folded(data, at, end, most, fold, longer, kinds, room):  # type: ignore[no-untyped-def]
    """Writes at most `most` characters of data[at:end], folded, to `room`: (their number, kinds that were seen, whether it is sure)."""
    n, seen, sure, gap, weight = 0, np.uint32(0), True, False, np.uint32(0)
    while at < end and most > 0:
        lead = data[at]
        most -= 1
        if lead < 0x80:
            at += 1
            entry, weight = fold[lead], np.uint32(0)
            if entry & SPACE:
                gap = n > 0
                continue
            room[n] = 32
            n += gap
            gap = False
            room[n] = entry
            seen |= kinds[entry]
            n += 1
            continue
        point, size = decode(data, at)
        at += size
        entry = fold[point]
        if entry & SPACE:
            gap = n > 0
            weight = np.uint32(0)
            continue
        if gap:
            room[n] = 32
            n += 1
            gap = False
        heavy = entry >> WEIGHT
        sure = sure and entry & UNSURE == 0 and (heavy == 0 or weight <= heavy)
        weight = heavy
        if entry & LONG:
            place = entry & POINT
            for offset in range(longer[place]):
                room[n] = longer[place + 1 + offset]
                seen |= kinds[room[n]]
                n += 1
            continue
        room[n] = entry & POINT
        seen |= kinds[room[n]]
        n += 1
    return n, seen, sure


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
def _filed(room, n, start, end, place, slot, part, kinds, posts, needles, letters):  # type: ignore[no-untyped-def]
    """Whether a phrase that is filed in the slot is in the folded line.

    start, end: the line without what may surround a phrase. place: where the key is, -1 if that does not tell where the phrase is.
    part: PREFIX or LATE for an end of a long line, 0 for a whole one.
    """
    for phrase in range(posts[slot, 0], posts[slot, 1]):
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
        if _stands(room, low, high, first, last, letters, how, n, kinds):
            return True
    return False


@bare
def hits(room, n, seen, part, window, kinds, sieve, keys, posts, needles, letters):  # type: ignore[no-untyped-def]
    """(whether a phrase may be in the folded line, the key of its words joined, their number)."""
    start, end = 0, n
    while start < n and kinds[room[start]] & LEAD:
        start += 1
    while end > 0 and kinds[room[end - 1]] & TRAIL:
        end -= 1
    whole, count, found, at = WHOLE, 0, False, 0
    last = min(n, start + window) if part == PREFIX else n
    while at < last:
        kind = kinds[room[at]]
        if kind & ALNUM == 0:
            if kind & PAIR and not found:
                one = mixed(NEXT, room[at])
                slot = find(sieve, keys, one)
                found = slot >= 0 and _filed(room, n, start, end, at, slot, part, kinds, posts, needles, letters)
                slot = find(sieve, keys, mixed(one, room[at + 1])) if at + 1 < n else -1
                found = found or (slot >= 0 and _filed(room, n, start, end, at, slot, part, kinds, posts, needles, letters))
            at += 1
            continue
        state, first = WORD, at
        while at < n and kinds[room[at]] & ALNUM:
            state = mixed(state, room[at])
            at += 1
        if part == 0:
            whole = mixed(whole, 32) if count else whole
            for back in range(first, at):
                whole = mixed(whole, room[back])
        count += 1
        slot = find(sieve, keys, state)
        if slot >= 0:
            found = found or _filed(room, n, start, end, -1 if seen & UNSPACED else first, slot, part, kinds, posts, needles, letters)
    if part == 0 and count and find(sieve, keys, whole) >= 0:
        return True, whole, count
    if seen & UNSPACED and not found:
        for at in range(last):
            if kinds[room[at]] & UNSPACED:
                one = mixed(NEXT, room[at])
                slot = find(sieve, keys, one)
                found = found or (slot >= 0 and _filed(room, n, start, end, at, slot, part, kinds, posts, needles, letters))
                slot = find(sieve, keys, mixed(one, room[at + 1])) if at + 1 < n else -1
                found = found or (slot >= 0 and _filed(room, n, start, end, at, slot, part, kinds, posts, needles, letters))
    return found, whole, count


@bare
def _dated(room, n, kinds, sieve, keys):  # type: ignore[no-untyped-def]
    """Whether all words of the folded line say when."""
    at = 0
    while at < n:
        if kinds[room[at]] & DATELESS:
            at += 1
            continue
        state = DATE
        while at < n and kinds[room[at]] & DATELESS == 0:
            state = mixed(state, room[at])
            at += 1
        if find(sieve, keys, state) < 0:
            return False
    return True


@bare
def _trimmed(data, begin, end, fold):  # type: ignore[no-untyped-def]
    """(begin, end) without white space around it."""
    while begin < end:
        point, size = decode(data, begin)
        if fold[point] & SPACE == 0:
            break
        begin += size
    while end > begin:
        last = _before(data, end)
        if fold[decode(data, last)[0]] & SPACE == 0:
            break
        end = last
    return begin, end


@bare
def _before(data, end):  # type: ignore[no-untyped-def]
    """Where the character before data[end] begins."""
    end -= 1
    while data[end] & 0xC0 == 0x80:
        end -= 1
    return end


@bare
def _doubled(data, begin, end, fold):  # type: ignore[no-untyped-def]
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


@bare
def _linked(data, begin, end):  # type: ignore[no-untyped-def]
    """Whether data[begin:end] has an address in it."""
    for at in range(begin, end):
        byte = data[at]
        if byte == 64 or (byte == 58 and at + 2 < end and data[at + 1] == 47 and data[at + 2] == 47):
            return True
        if byte == 119 and at + 3 < end and data[at + 1] == 119 and data[at + 2] == 119 and data[at + 3] == 46:
            return True
    return False


@bare
def _holds(data, begin, end, byte):  # type: ignore[no-untyped-def]
    while begin < end and data[begin] != byte:
        begin += 1
    return begin < end


@bare
def _kind_in(data, begin, end, kind, kinds):  # type: ignore[no-untyped-def]
    """Whether a character of the kind is in data[begin:end]."""
    while begin < end:
        point, size = decode(data, begin)
        if kinds[point] & kind:
            return True
        begin += size
    return False


@bare
def _shaped(data, begin, end, first, chars, room, n, seen, fold, kinds, sieve, keys):  # type: ignore[no-untyped-def]
    """Whether a line of at most 600 characters may have a shape of `shapes.shape`; first: where it begins, white space too."""
    point, _ = decode(data, begin)
    if kinds[point] & ARROW or data[first] == 91 or _holds(data, begin, end, 35):
        return True
    if chars <= 120 and _kind_in(data, begin, end, CRUMB, kinds):
        return True
    if chars <= 80 and seen & DIGIT and _dated(room, n, kinds, sieve, keys):
        return True
    return (chars > 30 and _doubled(data, begin, end, fold)) or _linked(data, begin, end)


@bare
def _ends(data, begin, end, chars, kinds, sieve, keys):  # type: ignore[no-untyped-def]
    """ENDED and PROSE of a line without white space around it."""
    flags = 0
    last = _before(data, end)
    point, _ = decode(data, last)
    if chars > 40 and kinds[point] & OPENER == 0:
        at, bare = last, point
        while at > begin and kinds[bare] & CLOSER:
            at = _before(data, at)
            bare, _ = decode(data, at)
        if kinds[bare] & TERMINAL:
            flags |= ENDED
    if chars >= 40:
        key = mixed(END, point)
        ended = find(sieve, keys, key) >= 0
        if not ended and last > begin:
            ended = find(sieve, keys, mixed(mixed(END, decode(data, _before(data, last))[0]), point)) >= 0
        if ended and (chars >= 100 or _kind_in(data, begin, end, UNSPACED, kinds)):
            flags |= PROSE
    return flags


@bare
def _named(data, begin, end, fold, kinds, sieve, keys):  # type: ignore[no-untyped-def]
    """Whether the first two words may begin a name (`names.may_begin`)."""
    while begin < end:
        point, size = decode(data, begin)
        if kinds[point] & NAME_LEAD == 0:
            break
        begin += size
    if begin >= end:
        return False
    first = data[begin]
    if first >= 0x80:
        return True
    small = 97 <= first <= 122
    if not small and not 65 <= first <= 90:
        return 48 <= first <= 57  # a date may stand before a name
    at, state = begin, NEVER
    while at < end and data[at] < 0x80 and fold[data[at]] & SPACE == 0:
        state = mixed(state, data[at] | 32 if 65 <= data[at] <= 90 else data[at])
        at += 1
    if at >= end:
        return False
    if data[at] >= 0x80:
        return True
    if small:
        return at - begin <= 8
    if find(sieve, keys, state) >= 0:
        return False
    while at < end and fold[data[at]] & SPACE and data[at] < 0x80:
        at += 1
    while at < end and (data[at] == 40 or data[at] == 34 or data[at] == 39 or data[at] == 42 or data[at] == 95):
        at += 1
    if at >= end or not 97 <= data[at] <= 122:
        return True
    if (at + 1 < end and (data[at + 1] == 39 or data[at + 1] == 45 or data[at + 1] >= 0x80)) or (
        at + 2 < end and (data[at + 2] == 45 or data[at + 2] >= 0x80)
    ):
        return True
    state = PARTICLE
    while at < end and fold[data[at]] & SPACE == 0 and data[at] != 44:
        if data[at] >= 0x80:
            return True
        state = mixed(state, data[at])
        at += 1
    return find(sieve, keys, state) >= 0


@bare
def _credited(room, n, kinds, sieve, keys, posts, needles, letters):  # type: ignore[no-untyped-def]
    """Whether the folded line begins with words of credit."""
    start = 0
    while start < n and (room[start] == 32 or kinds[room[start]] & EDGE):
        start += 1
    state, at, found = CREDIT, start, False
    while at < n and room[at] != 32:
        letter = room[at]
        if at > start and (letter == 58 or letter == 124 or letter == 47 or letter == 61):
            slot = find(sieve, keys, state)
            found = found or (slot >= 0 and _filed(room, n, start, n, -1, slot, 0, kinds, posts, needles, letters))
        state = mixed(state, letter)
        at += 1
    slot = find(sieve, keys, state) if at > start else -1
    return found or (slot >= 0 and _filed(room, n, start, n, -1, slot, 0, kinds, posts, needles, letters))


@bare
def _told(room, n, domain, kinds, sieve, keys, posts, needles, letters):  # type: ignore[no-untyped-def]
    """Whether one of the words of the folded line begins a phrase of `domain`."""
    at, found = 0, False
    while at < n and not found:
        if kinds[room[at]] & ALNUM == 0:
            at += 1
            continue
        state, first = domain, at
        while at < n and kinds[room[at]] & ALNUM:
            state = mixed(state, room[at])
            at += 1
        slot = find(sieve, keys, state)
        found = slot >= 0 and _filed(room, n, 0, n, first, slot, 0, kinds, posts, needles, letters)
    return found


@bare
def _signed(data, begin, end, plain, kinds):  # type: ignore[no-untyped-def]
    """Whether the end of a line without white space around it may be signed."""
    at = _before(data, end)
    last, _ = decode(data, at)
    bare, back = last, at
    while back > begin and (bare == 46 or bare == 0x3002):
        back = _before(data, back)
        bare, _ = decode(data, back)
    if kinds[bare] & CLOSED:
        return True
    stops = kinds[last] & STOP != 0
    if last == 43:
        return True
    if plain and stops:
        return False
    if 97 <= last <= 122:
        letters = 0
        while at > begin and 97 <= data[at] <= 122 and letters < 4:
            at -= 1
            letters += 1
        if (letters == 2 or letters == 3) and data[at] == 32:
            return True
    place, after = end, 0
    for back in range(100):
        if place <= begin:
            break
        place = _before(data, place)
        point, _ = decode(data, place)
        if kinds[point] & EAST:
            return True
        if not stops and back < 67 and (kinds[point] & DASH or (point == 45 and (after == 45 or (place > begin and data[place - 1] == 32)))):
            return True
        after = point
    return False


@bare
def _helped(data, begin, end, kinds, literals, cuts, low, high):  # type: ignore[no-untyped-def]
    """Whether one of the literals low ... high - 1 stands in data[begin:end]."""
    for at in range(begin, end):
        byte = data[at]
        if kinds[byte] & LITERAL == 0:
            continue
        for number in range(low, high):
            first, last = cuts[number], cuts[number + 1]
            if literals[first] == byte and at + last - first <= end and literals[last - 1] == data[at + last - first - 1]:
                same = True
                for offset in range(last - first):
                    if data[at + offset] != literals[first + offset]:
                        same = False
                        break
                if same:
                    return True
    return False


@bare
def _dated_first(data, begin, end, kinds):  # type: ignore[no-untyped-def]
    """Whether the line begins with a figure, or with a word, a comma and a figure: a date may stand before a credit."""
    point, _ = decode(data, begin)
    if kinds[point] & DIGIT:
        return True
    at = begin
    while at < end and data[at] != 44 and at < begin + 128:
        at += 1
    return at + 2 < end and data[at] == 44 and data[at + 1] == 32 and kinds[decode(data, at + 2)[0]] & DIGIT != 0


@bare
def _open(data, begin, end, kinds):  # type: ignore[no-untyped-def]
    """Whether a line ends in anything but ".", "!" or "?", closing quotes and brackets behind it aside."""
    while end > begin:
        at = _before(data, end)
        point, _ = decode(data, at)
        if point == 46 or point == 33 or point == 63:
            return False
        if kinds[point] & CLOSER == 0:
            return True
        end = at
    return True


@bare
def _ends_in_redaktion(room, n, kinds):  # type: ignore[no-untyped-def]
    """Whether the last word of the folded line ends in "redaktion", as desks of German papers do."""
    while n > 0 and kinds[room[n - 1]] & ALNUM == 0:
        n -= 1
    return (
        n >= 9
        and room[n - 1] == 110
        and room[n - 2] == 111
        and room[n - 3] == 105
        and room[n - 4] == 116
        and room[n - 5] == 107
        and room[n - 6] == 97
    )


@bare
def _credits(
    data,
    begin,
    end,
    chars,
    bare,
    place,
    head,
    tail,
    plain,
    named,
    whole,
    count,
    room,
    n,
    seen,
    fold,
    kinds,
    sieve,
    keys,
    posts,
    needles,
    letters,
    literals,
    cuts,
    helps,
):  # type: ignore[no-untyped-def]
    """READ ... HELPED of a line at the head or the tail; bare: its characters without white space around it; room: its beginning, folded."""
    at, size = begin, bare
    while at < end and kinds[decode(data, at)[0]] & EDGE:
        at += decode(data, at)[1]
        size -= 1
    flags, back = 0, end
    while back > begin and (data[back - 1] == 32 or data[back - 1] == 41):
        back -= 1
    stops = back > begin and (data[back - 1] == 46 or data[back - 1] == 33 or data[back - 1] == 63)
    east = seen & EAST != 0
    right = at + 1 < end and data[at] == 0xC2 and data[at + 1] == 0xA9  # ©
    desk = chars <= SHORT and ((count == 1 and _ends_in_redaktion(room, n, kinds)) or find(sieve, keys, mixed(whole, DESK)) >= 0)
    shaped = (size <= 200 and (east or right)) or (size <= 120 and named and not stops) or (chars > SHORT and size <= 60)
    if desk or shaped or _credited(room, n, kinds, sieve, keys, posts, needles, letters):
        flags |= READ
    if (
        (named and chars <= 100)
        or chars <= 40
        or (chars <= 60 and _holds(data, begin, end, 47))
        or (named and chars <= 400 and _holds(data, begin, end, 59))
    ):
        flags |= ALONE
    if head:
        if plain:
            if _holds(data, begin, min(end, begin + 160), 40) or _holds(data, begin, min(end, begin + 160), 47):
                flags |= DATELINE
        else:
            for spot in range(min(n, 160)):
                if room[spot] == 40 or room[spot] == 47:
                    flags |= DATELINE
        if place < 6 and (_open(data, begin, end, kinds) or _helped(data, begin, end, kinds, literals, cuts, helps, len(cuts) - 1)):
            flags |= OPEN
        if east or (not plain and _told(room, min(n, 160), AGENCY, kinds, sieve, keys, posts, needles, letters)):
            flags |= DATELINE
    if named and chars <= 700 and (seen & (UNSPACED | EAST) or _told(room, n, BIO, kinds, sieve, keys, posts, needles, letters)):
        flags |= ABOUT
    if _dated_first(data, begin, end, kinds):
        flags |= READ | ALONE | ABOUT
    if tail:
        if _signed(data, begin, end, plain, kinds):
            flags |= SIGNED
        if chars <= 600 and _helped(data, begin, end, kinds, literals, cuts, 0, helps):
            flags |= HELPED
    return flags


@bare
def _ascii(data, begin, end):  # type: ignore[no-untyped-def]
    bits = np.uint8(0)
    for at in range(begin, end):
        bits |= data[at]
    return bits < 0x80


@bare
def _chars(data, begin, end):  # type: ignore[no-untyped-def]
    count = 0
    for at in range(begin, end):
        count += data[at] & 0xC0 != 0x80
    return count


@bare
def _look(data, first, stop, chars, place, back, fold, longer, kinds, sieve, keys, posts, needles, letters, literals, cuts, helps, window, room):  # type: ignore[no-untyped-def]
    """The flags of a line that is not blank, the `place`-th of its article and the `back`-th from its end."""
    begin, end = _trimmed(data, first, stop, fold)
    head, tail, near = place < HEADS, back < TAILS, place < 3 or back < NEAR
    point, _ = decode(data, begin)
    opening = kinds[point]
    plain = _ascii(data, first, stop)
    named = (head or tail) and _named(data, begin, end, fold, kinds, sieve, keys)
    flags, whole, count, sure, n, seen = BULLET if opening & BULLETS else 0, np.uint64(0), 0, True, 0, np.uint32(0)
    if chars <= SHORT:
        n, seen, sure = folded(data, begin, end, SHORT, fold, longer, kinds, room)
        found, whole, count = hits(room, n, seen, 0, window, kinds, sieve, keys, posts, needles, letters)
        flags |= HITS if found else 0
        if _shaped(data, begin, end, first, chars, room, n, seen, fold, kinds, sieve, keys):
            flags |= SHAPE
        if chars <= 16 and (count == 0 or seen & DIGIT):
            flags |= FIGURE
    else:
        if near or head or tail:
            most = ENDS if near or named or not plain else BEGINNING
            n, seen, sure = folded(data, first, stop, most, fold, longer, kinds, room)
            sure = sure and begin - first < 8
        flags |= HITS if near and hits(room, n, seen, PREFIX, window, kinds, sieve, keys, posts, needles, letters)[0] else 0 if near else UNSEEN
        begun = (chars <= 200 and opening & ARROW != 0) or data[first] == 91 or _holds(data, begin, min(end, begin + 400), 35)
        if begun or _doubled(data, begin, end, fold) or (chars <= 600 and _linked(data, begin, end)):
            flags |= SHAPE
    if not head and not tail:
        flags |= FAR
    else:
        bare = chars - _chars(data, first, begin) - _chars(data, end, stop)
        flags |= _credits(
            data,
            begin,
            end,
            chars,
            bare,
            place,
            head,
            tail,
            plain,
            named,
            whole,
            count,
            room,
            n,
            seen,
            fold,
            kinds,
            sieve,
            keys,
            posts,
            needles,
            letters,
            literals,
            cuts,
            helps,
        )
    if near and chars > SHORT:
        at, left = stop, ENDS
        while at > first and left > 0:
            at = _before(data, at)
            left -= 1
        n, seen, surely = folded(data, at, stop, ENDS, fold, longer, kinds, room)
        sure = sure and surely
        flags |= HITS if hits(room, n, seen, LATE, window, kinds, sieve, keys, posts, needles, letters)[0] else 0
    if not sure or (chars > SHORT and chars - _chars(data, first, begin) - _chars(data, end, stop) <= SHORT):
        flags |= EVERY
    flags |= _ends(data, begin, end, chars, kinds, sieve, keys)
    if FEW < chars <= MANY and flags & (PROSE | ENDED) == 0:
        flags |= LOOSE
    return flags


@bare_kernel
def look(data, firsts, spans, words, room, flags):  # type: ignore[no-untyped-def]
    """Fills `flags` (int32, one a line); `room`: int32 (ROOM,), scratch."""
    fold, longer, kinds = words.fold, words.longer, words.kinds
    sieve, keys, posts, needles, letters = (
        words.sieve,
        words.keys,
        words.posts,
        words.needles,
        words.letters,
    )  # in a tuple they would be counted with every call
    literals, cuts, window, helps = words.literals, words.literal_cuts, words.window[0], words.window[1]
    for text in range(len(firsts) - 1):
        full = 0
        for line in range(firsts[text], firsts[text + 1]):
            at, end = spans[0, line], spans[1, line]
            while at < end:
                point, size = decode(data, at)
                if fold[point] & SPACE == 0:
                    break
                at += size
            flags[line] = BLANK if at >= end else 0
            full += at < end
        place = 0
        for line in range(firsts[text], firsts[text + 1]):
            if flags[line] == 0:
                back = full - 1 - place
                first, stop, chars = spans[0, line], spans[1, line], spans[2, line]
                flags[line] = _look(
                    data,
                    first,
                    stop,
                    chars,
                    place,
                    back,
                    fold,
                    longer,
                    kinds,
                    sieve,
                    keys,
                    posts,
                    needles,
                    letters,
                    literals,
                    cuts,
                    helps,
                    window,
                    room,
                )
                place += 1
