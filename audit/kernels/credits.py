"""What kinds of credit a line at the head or the tail of an article may be; the rules stand in `audit.measure`."""

from __future__ import annotations

from audit.kernels.filed import (
    AGENCY,
    ALNUM,
    BIO,
    CLOSED,
    CREDIT,
    DASH,
    DESK,
    DIGIT,
    EAST,
    EDGE,
    NAME_LEAD,
    NEVER,
    PARTICLE,
    ROLE,
    SPACE,
    STOP,
    TELLS,
    UNSPACED,
    WITHIN,
    filed,
    find,
    told,
)
from audit.kernels.flags import ABOUT, ALONE, BEHIND, BRIEF, DATELINE, HELPED, LAST, POSTED, READ, SHORT, SIGNED
from audit.kernels.jit import bare
from audit.kernels.lines import mixed
from audit.kernels.stretches import contains, holds
from audit.kernels.utf8 import before, decode

BEHIND_MOST = 92
"""So many characters at the end of a line may be a credit behind its last sentence, that sentence's end among them."""


VERB, TITLE, OTHER = 1, 2, 4


@bare
def is_named(data, begin, end, words):  # type: ignore[no-untyped-def]
    """Whether the first two words may begin a name (`names.may_begin`)."""
    fold, kinds, sieve, keys = words.fold, words.kinds, words.sieve, words.keys
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
def _credited(room, n, words):  # type: ignore[no-untyped-def]
    """Whether the folded line begins with words of credit."""
    kinds, sieve, keys = words.kinds, words.sieve, words.keys
    start = 0
    while start < n and (room[start] == 32 or kinds[room[start]] & EDGE):
        start += 1
    state, at = CREDIT, start
    while at < n:
        letter = room[at]
        last = letter == 32
        if at > start and (last or letter == 58 or letter == 124 or letter == 47 or letter == 61):
            slot = find(sieve, keys, state)
            if slot >= 0 and filed(room, n, start, n, -1, slot, 0, words, 0):
                return True
        if last:
            return False
        state = mixed(state, letter)
        at += 1
    slot = find(sieve, keys, state) if at > start else -1
    return slot >= 0 and filed(room, n, start, n, -1, slot, 0, words, 0) != 0


@bare
def _is_count(data, begin, at):  # type: ignore[no-untyped-def]
    """Whether the bracket that data[at] closes says how much a feed cut off: "[+812 chars]"."""
    for _ in range(20):
        at -= 1
        if at <= begin or data[at] >= 0x80 or data[at] == 40 or data[at] == 41 or data[at] == 93:
            return False
        if data[at] == 91:
            return data[at + 1] == 43
    return False


@bare
def _signed(data, begin, end, plain, kinds):  # type: ignore[no-untyped-def]
    """Whether the end of a line without white space around it may be signed."""
    at = before(data, end)
    last, _ = decode(data, at)
    bare, back = last, at
    while back > begin and (bare == 46 or bare == 0x3002):
        back = before(data, back)
        bare, _ = decode(data, back)
    if kinds[bare] & CLOSED and not (bare == 93 and _is_count(data, begin, back)):
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
        place = before(data, place)
        point, _ = decode(data, place)
        if kinds[point] & EAST:
            return True
        if not stops and back < 67 and (kinds[point] & DASH or (point == 45 and (after == 45 or (place > begin and data[place - 1] == 32)))):
            return True
        after = point
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
def _is_behind(data, begin, end, words):  # type: ignore[no-untyped-def]
    """Whether a line ends in words that begin with one of credit and a capital, behind a sentence; neither ".", "!" nor "?" is in them."""
    after, at = end, end
    for _ in range(BEHIND_MOST):
        if at <= begin:
            return False
        after, at = at, before(data, at)
        point, _ = decode(data, at)
        stops = point == 46 or point == 33 or point == 63
        closes = stops or point == 34 or point == 0xBB or point == 0x201C or point == 0x201D or point == 0x2026
        if closes and after + 1 < end and data[after] == 32:
            first = after + 1
            if data[first] >= 0x80:
                return True
            if 65 <= data[first] <= 90:
                state, letter = CREDIT, first
                while letter < end and (65 <= data[letter] <= 90 or 97 <= data[letter] <= 122):
                    state = mixed(state, data[letter] | 32)
                    letter += 1
                if (letter < end and data[letter] >= 0x80) or find(words.sieve, words.keys, state) >= 0:
                    return True
        if stops:
            return False
    return False


@bare
def _follows(data, begin, end, words):  # type: ignore[no-untyped-def]
    """What may follow the names that a line begins with, as bits: VERB of a bio, a role or date (TITLE), a word that is part of no name (OTHER).

    Where a character does not tell, everything may follow, and nothing.
    """
    sieve, keys, said = words.sieve, words.keys, 0
    while begin < end and words.kinds[decode(data, begin)[0]] & NAME_LEAD:
        begin += decode(data, begin)[1]
    while begin < end:
        run, small, signs = True, 97 <= data[begin] <= 122, 0
        tells, within, role, before = TELLS, WITHIN, ROLE, 0
        while begin < end and data[begin] > 32:
            byte = data[begin]
            if byte >= 0x80:
                if byte != 0xE2 or data[begin + 1] != 0x80 or not 0x98 <= data[begin + 2] <= 0x9D:  # quotes and apostrophes
                    return VERB | TITLE
                begin += 3
                run = small = False
                continue
            letter = byte | 32 if 65 <= byte <= 90 else byte
            small = small and letter == byte
            run = run and 97 <= letter <= 122
            if run:
                tells, within, role = mixed(tells, letter), mixed(within, letter), mixed(role, letter)
            if byte == 44 or byte == 40:
                signs = VERB | TITLE
            elif byte == 45 or 47 <= byte <= 57 or byte == 124 or (letter != byte and 97 <= before <= 122):
                signs |= TITLE  # a figure, "-", "/", "|", and "RoeStaff"
            before = byte
            begin += 1
        said |= VERB if find(sieve, keys, tells) >= 0 else 0
        said |= TITLE if find(sieve, keys, role) >= 0 else 0
        if small and find(sieve, keys, within) < 0:
            return said | OTHER
        said |= signs
        begin += 1
    return said


@bare
def _is_placed(letters, begin, end):  # type: ignore[no-untyped-def]
    """Whether a bracket and a dash, or two slashes, may stand behind a city at the beginning of letters[begin:end]: "LONDON (Reuters) -"."""
    for at in range(begin, min(end, begin + 160)):
        sign = letters[at]
        if sign != 40 and (sign != 47 or at == begin or letters[at - 1] > 32):
            continue
        close = 41 if sign == 40 else 47
        stop = at + 1
        while stop < end and letters[stop] != close:
            stop += 1
        stop += 1
        while stop < end and sign == 40 and (letters[stop] <= 32 or letters[stop] == 46):
            stop += 1
        if stop < end:
            behind = letters[stop]
            if sign == 47 or behind == 45 or behind == 58 or behind == 61 or 0x2013 <= behind <= 0x2015:
                return True
    return False


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
def _stands_one(data, begin, end, low, high, words):  # type: ignore[no-untyped-def]
    """Whether one of the literals low ... high - 1 is in data[begin:end]."""
    cuts, found = words.literal_cuts, False
    for number in range(low, high):
        found = found or contains(data, begin, end, words.literals, cuts[number], cuts[number + 1])
    return found


@bare
def credits(data, begin, end, chars, bare, place, back, head, tail, plain, named, whole, line, n, count, seen, words):  # type: ignore[no-untyped-def]
    """READ ... HELPED of a line at the head or the tail; bare: its characters without white space around it; line: its beginning, folded."""
    kinds, room = words.kinds, line.letters
    at, size = begin, bare
    while at < end and kinds[decode(data, at)[0]] & EDGE:
        at += decode(data, at)[1]
        size -= 1
    flags, stop = 0, end
    while stop > begin and (data[stop - 1] == 32 or data[stop - 1] == 41):
        stop -= 1
    stops = stop > begin and (data[stop - 1] == 46 or data[stop - 1] == 33 or data[stop - 1] == 63)
    east = seen & EAST != 0
    right = at + 1 < end and data[at] == 0xC2 and data[at + 1] == 0xA9  # ©
    desk = chars <= SHORT and (_ends_in_redaktion(room, n, kinds) or find(words.sieve, words.keys, mixed(whole, DESK)) >= 0)
    follows = _follows(data, begin, end, words) if named and chars <= 700 else 0
    shaped = (size <= 200 and (east or right)) or (size <= 120 and follows & TITLE != 0 and not stops) or (chars > SHORT and size <= 60)
    if desk or shaped or _credited(room, n, words):
        flags |= READ
    names = named and follows & OTHER == 0 and (chars <= 60 or (chars <= 400 and holds(data, begin, end, 59)))
    if names or (named and tail and chars <= 100) or (back < LAST and (chars <= 40 or (chars <= 60 and holds(data, begin, end, 47)))):
        flags |= ALONE
    if head and place and 4 < chars <= 40 and kinds[decode(data, begin)[0]] & ALNUM:
        flags |= BRIEF
    if head:
        if _is_placed(data, begin, end) if plain else _is_placed(room, 0, n):
            flags |= DATELINE
        if place < 6:
            flags |= BEHIND if chars > 120 and _is_behind(data, begin, end, words) else 0
            flags |= POSTED if _stands_one(data, begin, end, words.window[1], len(words.literal_cuts) - 1, words) else 0
        if east or (not plain and told(line, min(n, 160), count, AGENCY, words)):
            flags |= DATELINE
    if named and chars <= 700 and (seen & (UNSPACED | EAST) or (follows & VERB and told(line, n, count, BIO, words))):
        flags |= ABOUT
    if _dated_first(data, begin, end, kinds):
        flags |= READ | ALONE | ABOUT
    if tail:
        if _signed(data, begin, end, plain, kinds):
            flags |= SIGNED
        if chars <= 600 and _stands_one(data, begin, end, 0, words.window[1], words):
            flags |= HELPED
    return flags
