"""Texts to what duplicates are looked for by, in one pass: shingle count and digest, band keys, head keys, sampled shingles."""

from __future__ import annotations

import numpy as np

from audit.kernels.jit import bare, bare_kernel
from audit.kernels.minhash import band_key, sign
from audit.kernels.shingles import digest, shingle
from audit.kernels.tokens import text_tokens

LEAST = 20
"""Shingles of an article that is looked for in longer ones; its first LEAST give the head keys."""
HEADS = 3
"""Head keys of an article: pairs of three minima over its first LEAST shingles, so that an edit there need not lose it."""
SHARE_BITS = 4
"""A shingle is sampled if its upper SHARE_BITS bits are 0: one in 16."""

U = np.uint64
_FIRST, _SECOND, _THIRD = U(0x9E3779B97F4A7C15), U(0xC2B2AE3D27D4EB4F), U(0x165667B19E3779F9)
_SAMPLED, _TAKEN, _LOW, _ONES = U(64 - SHARE_BITS), U(32 - SHARE_BITS), U(0xFFFFFFFF), U(0xFFFFFFFFFFFFFFFF)


@bare
def _pair_key(first, second):  # type: ignore[no-untyped-def]
    state = (first ^ (second >> U(32))) * _THIRD + second
    return np.uint32(((state ^ (state >> U(29))) * _FIRST) >> U(32))


@bare
def head_keys(shingles, out):  # type: ignore[no-untyped-def]
    """HEADS keys of the first LEAST of `shingles` to `out`: equal heads have equal keys."""
    a, b, c = _ONES, _ONES, _ONES
    for k in range(LEAST):
        a, b, c = min(a, shingles[k] * _FIRST), min(b, shingles[k] * _SECOND), min(c, shingles[k] * _THIRD)
    out[0], out[1], out[2] = _pair_key(a, b), _pair_key(b, c), _pair_key(c, a)


@bare
def _order(values, first, last, slots):  # type: ignore[no-untyped-def]
    """Make values[first:last] ascending, each once; the new `last`. There is room for one more, and 3 * (last - first) + 1 slots, uint64.

    The values are hashes, spread evenly: each goes to the slot that it says, of twice as many, or a little behind the smaller ones there.
    """
    size = last - first
    for slot in range(3 * size + 1):
        slots[slot] = _ONES
    for k in range(first, last):
        value = U(values[k])
        slot = np.int64((value * U(2 * size)) >> U(32))
        while slots[slot] < value:
            slot += 1
        while slots[slot] != value:  # what is greater moves up
            value, slots[slot] = slots[slot], value
            if value == _ONES:
                break
            slot += 1
    for slot in range(3 * size + 1):
        values[first] = np.uint32(slots[slot] & _LOW)
        first += np.int64(slots[slot] != _ONES)
    return first


@bare
def sample(shingles, n, out, filled, slots):  # type: ignore[no-untyped-def]
    """32 bits of each sampled one of shingles[:n] to out[filled:], ascending, each once; the new `filled`.

    `out` has room for n + 1 more, `slots`, uint64, for 3 * n + 1.
    """
    end = filled
    for k in range(n):  # no branch: nobody can foresee which one is sampled
        out[end] = np.uint32((shingles[k] >> _TAKEN) & _LOW)
        end += np.int64((shingles[k] >> _SAMPLED) == U(0))
    return _order(out, filled, end, slots)


@bare_kernel
def sketch(text, skip, table, room, plan, out, filled):  # type: ignore[no-untyped-def]
    """Sketch the texts data[cuts[k] : cuts[k + 1]]; text k is row rows[k] of everything else.

    Args:
        text: (data, cuts, rows, ready); a text that `tokens.tokenise` gives UNREADY for gets the count UNREADY and nothing else.
        skip: (lines, cuts): row r is without its lines lines[cuts[r] : cuts[r + 1]].
        table: (page, entries, marks, long, scratch) of tokens.tokenise.
        room: (tokens, shingles, mixed), uint64, uint64 and uint32 for the longest text; for three times as many tokens as it can have.
        plan: (odd, plus, signature, rows of a band).
        out: (counts, digests, keys (n, bands), heads (n, HEADS), samples, starts, sampled); a text of fewer than LEAST
            shingles has 0 in heads and no samples.
        filled: Samples that are there already.

    Returns:
        The new `filled`.
    """
    data, cuts, rows, ready = text
    lines, line_cuts = skip
    page, entries, marks, long, scratch = table
    tokens, shingles, mixed = room
    odd, plus, signature, height = plan
    counts, digests, keys, heads, samples, starts, sampled = out
    for k in range(rows.shape[0]):
        row = rows[k]
        n = text_tokens(data, cuts[k], cuts[k + 1], lines, line_cuts[row], line_cuts[row + 1], tokens, page, entries, marks, long, scratch, ready)
        if n < 0:
            counts[row] = n
            continue
        n = shingle(tokens, n, shingles)
        counts[row], digests[row], starts[row] = n, digest(shingles, n), filled
        if n == 0:
            continue
        sign(shingles, n, odd, plus, mixed, signature)
        for band in range(keys.shape[1]):
            keys[row, band] = band_key(signature, band, height)
        if n >= LEAST:
            head_keys(shingles, heads[row])
            filled = sample(shingles, n, samples, filled, tokens)
            sampled[row] = filled - starts[row]
    return filled


@bare_kernel
def shingles(text, skip, table, room, out, filled):  # type: ignore[no-untyped-def]
    """The shingles of each text in their order, from arguments as those of `sketch`; the new `filled`.

    `out` is (all, starts, counts): row r's are all[starts[r] : starts[r] + counts[r]], and counts is UNREADY where it is there.
    """
    data, cuts, rows, ready = text
    lines, line_cuts = skip
    page, entries, marks, long, scratch = table
    tokens, some, _ = room
    every, starts, counts = out
    for k in range(rows.shape[0]):
        row = rows[k]
        n = text_tokens(data, cuts[k], cuts[k + 1], lines, line_cuts[row], line_cuts[row + 1], tokens, page, entries, marks, long, scratch, ready)
        counts[row], starts[row] = n, filled
        if n > 0:
            counts[row] = shingle(tokens, n, some)
            for i in range(counts[row]):
                every[filled + i] = some[i]
            filled += counts[row]
    return filled


@bare_kernel
def signatures(shingles, starts, counts, odd, plus, mixed, out):  # type: ignore[no-untyped-def]
    """The signatures of shingles[starts[k] : starts[k] + counts[k]] to out[k]; `mixed` is room for the longest."""
    for k in range(starts.shape[0]):
        sign(shingles[starts[k] : starts[k] + counts[k]], counts[k], odd, plus, mixed, out[k])
