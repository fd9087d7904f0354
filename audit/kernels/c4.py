"""Which lines C4 keeps, and why it drops the others (Raffel et al. 2020, JMLR 21(140), section 2.2)."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from audit.kernels import planes as of_bytes
from audit.kernels import signs
from audit.kernels.jit import bare, bare_kernel
from audit.kernels.planes import ENDING, LEAD, NONE, ONE, PLANES, SPACE, Planes, U, below, classify, inside, same
from audit.kernels.signs import CLOSER, STOP
from audit.kernels.spans import Spans, stripped
from audit.kernels.utf8 import Bytes, Offsets, decode
from audit.kernels.wide import BLOCK, PAD, equal, highest, lowest, ones

PHRASES = (
    "javascript", "lorem ipsum", "terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies", "{",
)  # fmt: skip
ANCHORS = ("ja", "ps", "ms", "cy", "ok", "ok", "ok", "ok", "{")
"""Letters of each that are seldom side by side: where these stand, the phrase is looked for."""
OFFSETS = np.array([phrase.index(anchor) for phrase, anchor in zip(PHRASES, ANCHORS, strict=True)])
JAVASCRIPT, LOREM, POLICY, BRACE, BRACKET = 1, 2, 0xFC, 0x100, 0x200
"""Bits by place in PHRASES, and one for "[", with which notes begin."""
NOTES = ("]", "edit]", "citation needed]")
"""What C4 takes out of a line after "[", the first of them also after digits."""
WORDS, LONGEST = 5, 1000
"""A line has at least so many words (runs without white space), and none of more characters than this."""
FOUND, KEPT, SENTENCES = range(3)
"""Columns of `measure`: bits of the phrases in the text, lines that C4 keeps, sentences in these."""


@cache
def needles() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """The bytes of PHRASES and NOTES, one after the other, and where each begins."""
    parts = [phrase.encode() for phrase in (*PHRASES, *NOTES)]
    return np.frombuffer(b"".join(parts), np.uint8), np.cumsum([0, *map(len, parts)])


@bare
def stands(data, at, end, needle, starts, phrase):  # type: ignore[no-untyped-def]
    """Whether the phrase stands at data[at:end], ASCII capitals or not."""
    size = starts[phrase + 1] - starts[phrase]
    if at + size > end:
        return False
    for i in range(size):
        byte = data[at + i]
        if 65 <= byte <= 90:
            byte |= 32
        if byte != needle[starts[phrase] + i]:
            return False
    return True


@bare
def _either(data, at, small):  # type: ignore[no-untyped-def]
    """Bit i: data[at + i] is the letter, small or a capital; of "{" also "["."""
    return equal(data, at, np.uint8(small)) | equal(data, at, np.uint8(small - 32))


@bare
def _anchors(data, at):  # type: ignore[no-untyped-def]
    """Bit i: one of ANCHORS stands at data[at + i], or "["."""
    found = _either(data, at, 106) & _either(data, at + 1, 97)
    found |= (_either(data, at, 112) | _either(data, at, 109)) & _either(data, at + 1, 115)
    found |= _either(data, at, 99) & _either(data, at + 1, 121)
    found |= _either(data, at, 111) & _either(data, at + 1, 107)
    return found | _either(data, at, 123)


@bare
def _phrases(data, begin, end, needle, starts):  # type: ignore[no-untyped-def]
    """The bits of the phrases that stand in data[begin:end]."""
    found = np.int64(0)
    for base in range(begin, end, BLOCK):
        anchors = _anchors(data, base) & below(min(np.int64(BLOCK), end - base))
        while anchors:
            at = base + lowest(anchors)
            anchors &= anchors - ONE
            if data[at] == 91:
                found |= BRACKET
            for phrase in range(len(OFFSETS)):
                first = at - OFFSETS[phrase]
                if first >= begin and data[at] | 32 == needle[starts[phrase] + OFFSETS[phrase]] and stands(data, first, end, needle, starts, phrase):
                    found |= 1 << phrase
    return found


@bare
def _note(data, at, end, needle, starts):  # type: ignore[no-untyped-def]
    """The length of the note that begins at data[at]: [1], [], [edit] or [citation needed]; 0 if there is none."""
    after = at + 1
    while after < end and 48 <= data[after] <= 57:
        after += 1
    if after < end and data[after] == 93:
        return after + 1 - at
    for phrase in (10, 11):
        if stands(data, at + 1, end, needle, starts, phrase):
            return 1 + starts[phrase + 1] - starts[phrase]
    return np.int64(0)


@bare
def _is_noted(data, begin, end, needle, starts):  # type: ignore[no-untyped-def]
    """Whether a note stands in data[begin:end]."""
    for base in range(begin, end, BLOCK):
        brackets = same(data, base, end, np.uint8(91))
        while brackets:
            if _note(data, base + lowest(brackets), end, needle, starts):
                return True
            brackets &= brackets - ONE
    return False


@bare
def _without_notes(data, at, end, needle, starts, line):  # type: ignore[no-untyped-def]
    """Copies data[at:end] without its notes to `line`; returns the bytes of that."""
    size = np.int64(0)
    while at < end:
        note = _note(data, at, end, needle, starts) if data[at] == 91 else np.int64(0)
        if note:
            at += note
            continue
        line[size] = data[at]
        size += 1
        at += 1
    return size


@bare
def _is_too_long(bits, first, last):  # type: ignore[no-untyped-def]
    """Whether a word at the places from `first` to before `last` has more than LONGEST code points."""
    chars = np.int64(0)
    for block in range(first >> 6, (last >> 6) + 1):
        within = inside(block, first, last)
        space = bits[block, SPACE] & within
        lead = bits[block, LEAD] & within & ~space
        if space:
            if chars + ones(lead & below(lowest(space))) > LONGEST:
                return True
            chars = np.int64(0)
            lead &= ~below(highest(space))
        chars += ones(lead)
    return chars > LONGEST


@bare
def _begin(bits, first, place):  # type: ignore[no-untyped-def]
    """The place where the word begins that has the place; not before `first`."""
    block = place >> 6
    gaps = bits[block, SPACE] & below(place & 63)
    while gaps == NONE and block << 6 > first:
        block -= 1
        gaps = bits[block, SPACE]
    return max(first, (block << 6) + highest(gaps) + 1) if gaps else first


@bare
def _ends_sentence(data, begin, last, bits, shift, marks):  # type: ignore[no-untyped-def]
    """Whether the word of data[begin : last + 1] that ends there ends a sentence, and is no initial."""
    at = _begin(bits, begin + shift, last + shift) - shift
    letters, stopped, initial = np.int64(0), False, False
    while at <= last:
        point, size = decode(data, at)
        at += size
        kind = marks[point]
        if kind & STOP:
            initial = not stopped and point == 46 and letters == 1
            stopped = True
        elif kind & CLOSER == 0 or not stopped:
            letters += 1
            stopped = False
    return stopped and not initial


@bare
def _line(data, begin, end, bits, shift, marks):  # type: ignore[no-untyped-def]
    """(whether the line, which has no white space around it, is as long and ends as C4 wants it; sentences in it)."""
    last = data[end - 1] if begin < end else 32
    if (last != 46 and last != 63 and last != 33 and last != 34) or (end - begin >= 3 and last == 46 and data[end - 2] == 46 and data[end - 3] == 46):
        return False, np.int64(0)
    first, stop = begin + shift, end - 1 + shift
    words, sentences = np.int64(1), np.int64(1)  # the last of each, which ends with the line
    for block in range(first >> 6, (stop >> 6) + 1):
        space = bits[block, SPACE]
        over = ~space & (space >> ONE | bits[block + 1, SPACE] << U(63)) & inside(block, first, stop)
        words += ones(over)
        over &= bits[block, ENDING]
        while over:
            sentences += _ends_sentence(data, begin, (block << 6) + lowest(over) - shift, bits, shift, marks)
            over &= over - ONE
    return words >= WORDS and (end - begin <= LONGEST or not _is_too_long(bits, first, stop + 1)), sentences


@bare_kernel
def _fill(data, cuts, bits, shifts, firsts, spans, marks, kinds, needle, starts, scratch, line, line_bits, rows):  # type: ignore[no-untyped-def]
    """Fills `rows`; `scratch` and `line_bits` are scratch, `line` the former as texts are read, so that what reads lines compiles once."""
    zero = np.int64(0)
    for text in range(len(rows)):
        row, shift = rows[text], shifts[text]
        found = _phrases(data, cuts[text], cuts[text + 1], needle, starts)
        row[FOUND] = found
        for i in range(firsts[text], firsts[text + 1]):
            begin, end = spans[i, 0], spans[i, 1]
            if found & (JAVASCRIPT | POLICY) and _phrases(data, begin, end, needle, starts) & (JAVASCRIPT | POLICY):
                continue
            if found & BRACKET and _is_noted(data, begin, end, needle, starts):
                size = _without_notes(data, begin, end, needle, starts, scratch)
                classify(line, zero, size, kinds, line_bits, zero)
                begin, end = stripped(line_bits, zero, zero, size)
                kept, sentences = _line(line, begin, end, line_bits, zero, marks)
            else:
                kept, sentences = _line(data, begin, end, bits, shift, marks)
            if kept:
                row[KEPT] += 1
                row[SENTENCES] += sentences


def measure(data: Bytes, cuts: Offsets, planes: Planes, spans: Spans) -> npt.NDArray[np.int64]:
    """int64 (texts, 3) of the columns above."""
    longest = int((spans.spans[:, 1] - spans.spans[:, 0]).max(initial=0))
    scratch, line_bits = np.empty(longest + PAD, np.uint8), np.empty((longest // BLOCK + 2, PLANES), np.uint64)
    line = scratch[:]
    line.flags.writeable = False
    rows = np.zeros((len(cuts) - 1, 3), np.int64)
    tables = signs.kinds(), of_bytes.kinds(), *needles()
    _fill(data, cuts, planes.bits, planes.shifts, spans.firsts, spans.spans, *tables, scratch, line, line_bits, rows)
    return rows
