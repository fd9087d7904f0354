"""Which texts may be damaged: characters that damage leaves behind, and what a text that lost its letters looks like.

As in `looks`, what is not said here is not there: `audit.measure.damage` reads only the texts that have a flag.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from audit.kernels.chars import members
from audit.kernels.jit import bare, bare_kernel
from audit.kernels.planes import NONE, ONE, below
from audit.kernels.sizes import SPACES
from audit.kernels.utf8 import before, decode
from audit.kernels.wide import BLOCK, between, equal, lowest, ones

HURT, BARE = 1, 2
"""Flags of a text: it may be damaged; no apostrophe or what stands for one is between letters, and some contractions have none."""
WORD, GONE, QUOTE, SPACE, SMALL = 1, 2, 4, 8, 16
CONTRACTIONS = (
    "dont", "doesnt", "didnt", "isnt", "arent", "wasnt", "werent", "hasnt", "havent", "hadnt", "couldnt", "wouldnt", "shouldnt",
    "youre", "theyre", "youve", "theyve", "weve", "ive", "thats", "whats",
)  # fmt: skip
"""Contractions of English, apostrophes gone."""
SIGNS = tuple(b"?&;'`")
"""Of ASCII, what is looked at."""
SOME = 3
"""So many different ones are no slip of the pen."""
SAMPLE = 300
"""Characters at the beginning and at the end in which signs that stand alone are counted."""


@cache
def kinds() -> npt.NDArray[np.uint8]:
    """For every code point: WORD for letters, digits and "_"; GONE for what damage leaves; QUOTE for an apostrophe; SPACE; SMALL for
    what matches an ASCII letter where case does not count; shape (0x110000,).
    """
    kinds = np.zeros(0x110000, np.uint8)
    kinds[members("L", "N")] |= WORD
    kinds[members("Cn")] |= WORD  # a later Unicode may have a letter there
    kinds[ord("_")] |= WORD
    kinds[[ord(char) for char in "\ufffdÃÂÐâ├┬√Г"]] |= GONE
    kinds[[ord(char) for char in "'’‘ʼ`´?\ufffd"]] |= QUOTE
    kinds[list(SPACES)] |= SPACE
    kinds[[ord(char) for char in "İıſK"]] |= SMALL
    return kinds


@cache
def contractions() -> npt.NDArray[np.uint64]:
    """CONTRACTIONS as `_contraction` reads them."""
    return np.array([int.from_bytes(word.encode(), "big") for word in CONTRACTIONS], np.uint64)


@bare
def _letter(byte):  # type: ignore[no-untyped-def]
    return 97 <= (byte | 32) <= 122


@bare
def _figure(byte):  # type: ignore[no-untyped-def]
    return 48 <= byte <= 57


@bare
def _query(data, at, start, end, kinds):  # type: ignore[no-untyped-def]
    """Whether the question mark data[at] may stand for something else."""
    if at + 1 >= end:
        return False
    point, _ = decode(data, at + 1)
    if kinds[point] & WORD or point == 63:
        return True
    if kinds[point] & SPACE == 0:
        return False
    if at > start and (data[at - 1] == 44 or data[at - 1] == 46):
        return True
    return point == 32 and at + 2 < end and (data[at + 2] == 117 or data[at + 2] == 111 or data[at + 2] == 98 or data[at + 2] == 115)


@bare
def _entity(data, at, end):  # type: ignore[no-untyped-def]
    """Whether an entity may begin at the ampersand data[at], with or without its semicolon."""
    at += 1
    if at + 1 >= end:
        return False
    if data[at] == 35:
        return True
    one, two = data[at], data[at + 1]
    if (one == 97 and (two == 109 or two == 112)) or (one == 110 and (two == 98 or two == 100)) or (one == 113 and two == 117):
        return True
    if ((one == 108 or one == 114) and (two == 115 or two == 100)) or (one == 109 and two == 100) or (one == 104 and two == 101):
        return True
    if (one == 97 or one == 101 or one == 105 or one == 111 or one == 117) and (two == 97 or two == 103 or two == 99 or two == 117):
        return True
    for _ in range(25):
        if at >= end or not (_letter(data[at]) or _figure(data[at])):
            return at < end and data[at] == 59
        at += 1
    return False


@bare
def _headless(data, at, start):  # type: ignore[no-untyped-def]
    """Whether the semicolon data[at] may end an entity that lost its ampersand."""
    if at < start + 3:
        return False
    one, two, three = data[at - 1], data[at - 2], data[at - 3]
    if _figure(one):
        back = at - 1
        while back > start and _figure(data[back]):
            back -= 1
        return data[back] == 35
    if one == 116:
        return ((two == 108 or two == 103) and not _letter(three)) or (two == 111 and three == 117)
    return one == 112 and ((two == 109 and three == 97) or (two == 115 and three == 98))


@bare
def _lone(data, at, end, kinds):  # type: ignore[no-untyped-def]
    """(words that are nothing but up to three signs, words) in data[at:end]."""
    lone, words = 0, 0
    while at < end:
        point, size = decode(data, at)
        if kinds[point] & SPACE:
            at += size
            continue
        first, signs = at, True
        while at < end:
            point, size = decode(data, at)
            if kinds[point] & SPACE:
                break
            signs = signs and (39 <= point <= 41 or 44 <= point <= 46 or point == 58 or point == 59 or point == 33 or point == 63)
            at += size
        words += 1
        lone += signs and at - first <= 3
    return lone, words


@bare
def _is_stripped(data, start, end, kinds):  # type: ignore[no-untyped-def]
    """Whether many signs stand alone at the beginning and the end of a text."""
    if end > start and data[end - 1] == 10:
        end -= 1
    first, last = start, end
    for _ in range(SAMPLE):
        if first < end:
            first += decode(data, first)[1]
        if last > start:
            last = before(data, last)
    ahead, words = _lone(data, start, first, kinds)
    behind, more = _lone(data, last, end, kinds)
    return ahead + behind >= 2 and 20 * (ahead + behind) >= words + more


@bare
def _is_accented(data, start, end):  # type: ignore[no-untyped-def]
    """Whether most letters of a text of Latin-1 are accented."""
    accented, plain = 0, 0
    for at in range(start, end):
        accented += data[at] == 0xC3
        plain += 97 <= (data[at] | 32) <= 122
    return accented > 20 and 4 * accented > plain


@bare
def _contraction(data, start, last, contractions):  # type: ignore[no-untyped-def]
    """The bit of the contraction that the word before data[last] is, 0 if it is none."""
    word, size = NONE, 0
    while size < 9 and last - size > start and _letter(data[last - size - 1]):
        word |= np.uint64(data[last - size - 1] | 32) << np.uint64(8 * min(size, 7))
        size += 1
    if size <= 8:
        for number in range(len(contractions)):
            if contractions[number] == word:
                return ONE << np.uint64(number)
    return NONE


@bare
def _either(data, at, small):  # type: ignore[no-untyped-def]
    """The bits of a letter, small or capital."""
    return equal(data, at, np.uint8(small)) | equal(data, at, np.uint8(small - 32))


@bare
def _endings(data, at, end):  # type: ignore[no-untyped-def]
    """Where "nt", "re", "ve" or "ts", the ends of CONTRACTIONS, stand in data[at : at + BLOCK - 2] before data[end - 2], and no letter of ASCII
    behind them; as bits.
    """
    if at + BLOCK <= end:
        t, e = _either(data, at, 116), _either(data, at, 101)
        one, two = ONE, ONE + ONE
        found = (
            (_either(data, at, 110) & t >> one) | ((_either(data, at, 114) | _either(data, at, 118)) & e >> one) | (t & _either(data, at, 115) >> one)
        )
        letters = between(data, at, np.uint8(65), np.uint8(90)) | between(data, at, np.uint8(97), np.uint8(122))
        return found & ~(letters >> two) & below(np.int64(BLOCK - 2))
    found = NONE
    for place in range(at, min(at + BLOCK - 2, end - 2)):
        first, second = data[place] | 32, data[place + 1] | 32
        pair = (first == 110 and second == 116) or ((first == 114 or first == 118) and second == 101) or (first == 116 and second == 115)
        found |= ONE << np.uint64(place - at) if pair and not _letter(data[place + 2]) else NONE
    return found


@bare
def _is_bare(data, start, end, contractions):  # type: ignore[no-untyped-def]
    """Whether SOME different contractions stand in data[start:end] as words; letters beyond ASCII end a word here."""
    seen = NONE
    for at in range(start, end, BLOCK - 2):
        endings = _endings(data, at, end)
        while endings:
            seen |= _contraction(data, start, at + lowest(endings) + 2, contractions)
            endings &= endings - ONE
    return ones(seen) >= SOME - 1  # the last word ends with the text


@bare
def _signs(data, at, size):  # type: ignore[no-untyped-def]
    """Where a character that is looked at begins in data[at : at + size], as bits; size: at most BLOCK."""
    found = NONE
    if size == BLOCK:
        for sign in SIGNS:
            found |= equal(data, at, np.uint8(sign))
        return found | between(data, at, np.uint8(0xC0), np.uint8(0xFF))
    for offset in range(size):
        byte = data[at + offset]
        looked = byte >= 0xC0
        for sign in SIGNS:
            looked = looked or byte == sign
        found |= ONE << np.uint64(offset) if looked else NONE
    return found


@bare
def _read(data, start, end, kinds):  # type: ignore[no-untyped-def]
    """(whether a sign may be damage, whether all is Latin-1, characters beyond ASCII, whether one is SMALL, whether what stands for an apostrophe
    is between letters).
    """
    hurt, latin, wide, small, quoted = False, True, 0, False, False
    for base in range(start, end, BLOCK):
        signs = _signs(data, base, min(np.int64(BLOCK), end - base))
        while signs:
            at = base + lowest(signs)
            signs &= signs - ONE
            byte, size = data[at], 1
            quote = byte == 39 or byte == 96 or byte == 63
            if byte >= 0x80:
                point, size = decode(data, at)
                kind = kinds[point]
                quote = kind & QUOTE != 0
                hurt = hurt or kind & GONE != 0
                latin = latin and point <= 0xFF
                small = small or kind & SMALL != 0
                wide += 1
            elif not hurt:
                hurt = (
                    (byte == 63 and _query(data, at, start, end, kinds))
                    or (byte == 38 and _entity(data, at, end))
                    or (byte == 59 and _headless(data, at, start))
                )
            quoted = quoted or (quote and at > start and at + size < end and _letter(data[at - 1]) and _letter(data[at + size]))
    return hurt, latin, wide, small, quoted


@bare_kernel
def look(data, cuts, kinds, contractions, flags):  # type: ignore[no-untyped-def]
    """Fills `flags` (uint8, one a text)."""
    for text in range(len(cuts) - 1):
        start, end = cuts[text], cuts[text + 1]
        hurt, latin, wide, small, quoted = _read(data, start, end, kinds)
        if not hurt:
            hurt = (latin and wide > 20 and _is_accented(data, start, end)) or _is_stripped(data, start, end, kinds)
        flags[text] = HURT if hurt else 0
        if not quoted and (small or _is_bare(data, start, end, contractions)):
            flags[text] |= BARE
