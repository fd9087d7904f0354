"""Which lines C4 keeps, and why it drops the others (Raffel et al. 2020, JMLR 21(140), section 2.2)."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from audit.kernels.jit import inline, kernel
from audit.kernels.layout import CLOSER, SPACE, STOP, end_of
from audit.kernels.lines import cut
from audit.kernels.utf8 import decode

PHRASES = (
    "javascript", "lorem ipsum", "terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies", "{",
)  # fmt: skip
JAVASCRIPT, LOREM, POLICY, BRACE = 1, 2, 0xFC, 0x100
"""Bits by place in PHRASES."""
SECOND = np.zeros(256, np.uint8)
"""For a byte that a phrase begins with its second byte, 1 where it has none; 0 for other bytes."""
for _phrase in PHRASES:
    for _first in (_phrase[0], _phrase[0].upper()):
        SECOND[ord(_first)] = ord(_phrase[1]) if len(_phrase) > 1 else 1
NOTES = ("]", "edit]", "citation needed]")
"""What C4 takes out of a line after "[", the first of them also after digits."""
WORDS, LONGEST = 5, 1000
"""A line has at least so many words (runs without white space), and none of more characters than this."""


@cache
def needles() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """The bytes of PHRASES and NOTES, one after the other, and where each begins."""
    parts = [phrase.encode() for phrase in (*PHRASES, *NOTES)]
    return np.frombuffer(b"".join(parts), np.uint8), np.cumsum([0, *map(len, parts)])


@inline
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


@inline
def _phrases(data, begin, end, needle, starts):  # type: ignore[no-untyped-def]
    """The bits of the phrases that stand in data[begin:end]."""
    found = np.int64(0)
    for at in range(begin, end):
        byte, second = data[at] | 32, SECOND[data[at]]
        if second and (byte == 123 or (at + 1 < end and data[at + 1] | 32 == second)):
            for phrase in range(9):
                if byte == needle[starts[phrase]] and stands(data, at, end, needle, starts, phrase):
                    found |= 1 << phrase
    return found


@inline
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
    return 0


@inline
def _line(data, begin, end, kinds, needle, starts):  # type: ignore[no-untyped-def]
    """(whether the line is long enough and ends as C4 wants it, sentences in it)."""
    words, sentences, size, letters, dots, last = np.int64(0), np.int64(0), np.int64(0), np.int64(0), np.int64(0), np.int64(32)
    before, initial, too_long, gap, at = np.int64(0), False, False, False, begin
    while at < end:
        if data[at] == 91:
            note = _note(data, at, end, needle, starts)
            if note:
                at += note
                continue
        point, length = decode(data, at)
        at += length
        kind = kinds[point]
        if kind & SPACE:
            gap = True
            continue
        if gap:
            sentences += before == 2 and not initial
            before, initial, size, letters, dots, gap = np.int64(0), False, np.int64(0), np.int64(0), np.int64(0), False
        words += size == 0
        size += 1
        too_long = too_long or size > LONGEST
        dots = dots + 1 if point == 46 else 0
        if kind & STOP:
            initial = before != 2 and point == 46 and letters == 1
            before = np.int64(2)
        elif kind & CLOSER == 0 or before != 2:
            letters += 1
            before = np.int64(1)
        last = point
    ends_well = (last == 46 or last == 63 or last == 33 or last == 34) and dots < 3
    return ends_well and words >= WORDS and not too_long, sentences + (before > 0)


@kernel
def measure(data, cuts, spaces, kinds, needle, starts, numbers, spans):  # type: ignore[no-untyped-def]
    """int64 (texts, 4): bits of the phrases in it, lines that are not blank, lines that C4 keeps, sentences in these.

    `spaces` is lines.folds(), `kinds` layout.kinds(), `needle` and `starts` are needles(); `numbers` and `spans` are scratch.
    """
    rows = np.zeros((len(cuts) - 1, 4), np.int64)
    for text in range(len(cuts) - 1):
        count, _, _ = cut(data, cuts[text], cuts[text + 1], 0, spaces, numbers, spans)
        rows[text, 1] = count
        for i in range(count):
            begin = spans[i, 0]
            end = end_of(data, begin, spans[i, 1], kinds, SPACE)
            found = _phrases(data, begin, end, needle, starts)
            rows[text, 0] |= found
            kept, sentences = _line(data, begin, end, kinds, needle, starts)
            if kept and found & (JAVASCRIPT | POLICY) == 0:
                rows[text, 2] += 1
                rows[text, 3] += sentences
    return rows
