"""A headline to one number, the same however it is written: case, quotes, dashes and spaces do not matter."""

from __future__ import annotations

import numpy as np

from audit.kernels.jit import kernel
from audit.kernels.tokens import text_tokens
from audit.kernels.utf8 import decode
from audit.kernels.wide import fold_multiply

WORDS, SIGNS = 3, 6
"""A headline of fewer words, and of fewer signs of a script without spaces, says nothing about its article ("Editorial", "社説")."""
ALONE = 2
"""The class (chars.word_classes) of signs that are words by themselves."""

U = np.uint64
_FIRST, _SECOND = U(0x9E3779B97F4A7C15), U(0xC2B2AE3D27D4EB4F)


@kernel
def keys(text, skip, table, room, classes, out):  # type: ignore[no-untyped-def]
    """The key of each text to `out`; 0 where it is too short to tell articles apart.

    Args:
        text: (data, cuts, rows, ready), as for sketch.sketch.
        skip: (lines, cuts), as there.
        table: Of tokens.tokenise.
        room: (tokens, ...), as there.
        classes: chars.word_classes.
        out: (counts, keys): int64 (n,) both; counts is UNREADY where the key is to be made of the normalised text.
    """
    data, cuts, rows, ready = text
    lines, line_cuts = skip
    page, entries, marks, long, scratch = table
    tokens = room[0]
    counts, made = out
    for k in range(rows.shape[0]):
        row = rows[k]
        n = text_tokens(data, cuts[k], cuts[k + 1], lines, line_cuts[row], line_cuts[row + 1], tokens, page, entries, marks, long, scratch, ready)
        counts[row] = n
        if n < 0:
            continue
        alone, at = 0, cuts[k]
        while at < cuts[k + 1]:
            point, size = decode(data, at)
            alone += classes[point] & 3 == ALONE
            at += size
        if n - alone < WORDS and alone < SIGNS:
            continue
        state = U(n)
        for token in range(n):
            state = fold_multiply(state ^ tokens[token] ^ _FIRST, _SECOND)
        made[row] = max(np.int64(state >> U(1)), np.int64(1))
