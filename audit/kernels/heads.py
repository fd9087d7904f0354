"""The head of a text, for the identifier of languages: its longest line, and whether a character of East Asia is in it."""

from __future__ import annotations

import numpy as np

from audit.kernels.jit import bare, bare_kernel
from audit.kernels.lines import _break
from audit.kernels.utf8 import decode

EASTERN = ((0x1100, 0x11FF), (0x3041, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7A3), (0xFF66, 0xFF9D))
"""Blocks of Hangul, Kana and Han."""


@bare
def _is_eastern(point):  # type: ignore[no-untyped-def]
    found = False
    for first, last in EASTERN:
        found = found or first <= point <= last
    return found


@bare_kernel
def look(data, cuts, most, plain, rows):  # type: ignore[no-untyped-def]
    """Fills rows, int64 (texts, 4): where the first of the longest lines (`str.splitlines`) of a text's first `most` characters begins and ends in
    `data`, where those characters end, and whether one is EASTERN. `plain`: `lines.plain`.
    """
    for text in range(len(cuts) - 1):
        at, end, left, longest, east, row = cuts[text], cuts[text + 1], most, np.int64(0), False, rows[text]
        row[0] = row[1] = at
        while at < end and left > 0:
            start, before, over = at, left, np.int64(0)
            while at < end and left > 0:
                run, stop = at, min(end, at + left)
                while at < stop and plain[data[at]] == 0:
                    at += 1
                left -= at - run
                if at == stop:
                    break
                over = _break(data, at, end)
                if over:
                    break
                point, size = decode(data, at)
                east = east or (point >= 0x1100 and _is_eastern(point))
                at += size
                left -= 1
            if before - left > longest:
                longest, row[0], row[1] = before - left, start, at
            if over:
                at += 1 if data[at] == 13 else over  # a line feed behind it ends an empty line, which is never the longest
                left -= 1
        row[2], row[3] = at, east
