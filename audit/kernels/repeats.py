"""Whether a line at the head of a text may repeat its headline, so that Python compares closely only where one may."""

from __future__ import annotations

import numpy as np

from audit.kernels.jit import bare, bare_kernel
from audit.kernels.lines import _break
from audit.kernels.utf8 import decode

WILD = np.uint32(0xFFFFFFFF)
"""In a table of squeezed characters: one that its neighbours may change, or that becomes several."""
STOP = ord(".")
ROOM = 1_024
"""Letters and digits of a headline, and of a line, that there is room for; a longer headline may be repeated."""


@bare
def _within(some, first, size, whole, n):  # type: ignore[no-untyped-def]
    """Whether some[first : first + size] stands in whole[:n]."""
    for at in range(n - size + 1):
        same = 0
        while same < size and whole[at + same] == some[first + same]:
            same += 1
        if same == size:
            return True
    return False


@bare
def _squeezed(data, at, end, squeezed, room, most):  # type: ignore[no-untyped-def]
    """Fills room[:most] with the letters and digits of the line that begins at data[at], as far as it goes before `end`.

    Returns (how many they are, most + 1 if there are more; whether one is WILD; code points; the last that is no blank; where the next line begins).
    """
    n, wild, chars, last = 0, False, 0, np.int64(0)
    while at < end and n <= most:
        over = _break(data, at, end)
        if over:
            return n, wild, chars, last, at + over
        point, size = decode(data, at)
        sign = squeezed[point] if point < len(squeezed) else WILD
        wild = wild or sign == WILD
        if sign:
            if n < most:
                room[n] = sign
            n += 1
        last = point if point > 32 else last
        chars += 1
        at += size
    return n, wild, chars, last, at


@bare
def _may(data, at, end, squeezed, whole, n, bound, bounds, line):  # type: ignore[no-untyped-def]
    """Whether a line of data[at:end] before the body may repeat whole[:n]; `line` is room for one."""
    lines, prose, long = bounds[0], bounds[1], bounds[2]
    while at < end and lines > 0:
        m, wild, _, last, at = _squeezed(data, at, end, squeezed, line, max(bound, long))
        if wild:
            return True
        if m == 0:
            continue
        lines -= 1
        if m <= bound:
            least = min(m, max(8, (m + 1) // 2))
            if _within(line, 0, least, whole, n) or _within(line, m - least, least, whole, n):
                return True
        if m > long or (m > prose and last == STOP):
            return False
    return False


@bare_kernel
def look(titles, title_cuts, data, cuts, squeezed, bounds, room, out):  # type: ignore[no-untyped-def]
    """Fills out, uint8 (texts,): 0 where no line at the head repeats the headline, 1 where one may, and where the headline is none or many lines.

    `titles` with `title_cuts` are the headlines, `data` with `cuts` the texts, UTF-8; a null one is empty. `squeezed`, uint32, is what becomes of
    each code point in measure.repeats.squeeze, 0 if nothing, or WILD; those beyond it are WILD. `bounds`, int64 (5,): lines that are looked at;
    letters and digits past which a line with a full stop, or any line, is the body; a line of more than bounds[3] times the characters of the
    headline and bounds[4] is no headline. `room`: uint32 (2, ROOM).
    """
    for text in range(len(cuts) - 1):
        n, wild, chars, _, after = _squeezed(titles, title_cuts[text], title_cuts[text + 1], squeezed, room[0], ROOM)
        bound = bounds[3] * chars + bounds[4]
        if wild or n == 0 or after < title_cuts[text + 1] or max(bound, bounds[2]) > ROOM:
            out[text] = 1
        else:
            out[text] = _may(data, cuts[text], cuts[text + 1], squeezed, room[0], n, bound, bounds, room[1])
