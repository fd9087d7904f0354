"""UTF-8 text to hashed tokens: the words that duplicates are compared by.

Tokens are those of the text in NFC: maximal runs of letters, marks and numbers; Han, Kana, Thai, Lao, Khmer and Myanmar
characters one by one (chars.word_classes). A token's hash is of its folded bytes (folds.py), so quotes, dashes, case and
NFC or NFD make no difference. Runs of ASCII go 64 bytes at a time, other characters through the table.
"""

from __future__ import annotations

import numpy as np

from audit.kernels import folds
from audit.kernels.jit import bare
from audit.kernels.utf8 import decode
from audit.kernels.wide import ascii_words, beyond_ascii, fold_multiply, load8, lowest, store8

U = np.uint64
_SEED, _LEFT, _RIGHT = U(0xE7037ED1A0B428DB), U(0xA0761D6478BD642F), U(0x8EBC6AF09C88C6E3)  # wyhash's secrets
_LOWER, _PLAIN = U(0x2020202020202020), U(0)
_ALL, _ONE, _ZERO = U(0xFFFFFFFFFFFFFFFF), U(1), U(0)
_CLASS, _BEGINS, _LOOK, _LENGTH = U(folds.CLASS), U(folds.BEGINS), U(folds.LOOK), U(folds.LENGTH)
_SINGLE, _FIFTEEN, _FORM = U(2), U(15), U((1 << folds.LENGTH) - 1)
_LONG, _NOT_NFC, _MAY_JOIN, _COMBINING = folds.LONG, folds.NOT_NFC, folds.MAY_JOIN, 255

SCRATCH = 1024
"""Bytes of the scratch that a token of more than ASCII is folded into."""
_FULL = SCRATCH - 256
UNREADY = -1
"""What `tokenise` gives for a text that shows signs of not being in NFC: normalise it and call again with `ready`."""


@bare
def absorb(data, start, stop, lower, state):  # type: ignore[no-untyped-def]
    """(next start, state) after all 16-byte blocks of data[start:stop] but the last, which is 1 to 16 bytes."""
    while stop - start > 16:
        state = fold_multiply((load8(data, start) | lower) ^ _LEFT ^ state, (load8(data, start + 8) | lower) ^ _RIGHT)
        start += 16
    return start, state


@bare
def finish(data, start, stop, lower, state, size):  # type: ignore[no-untyped-def]
    """The hash of a token of `size` bytes whose last 1 to 16 are data[start:stop]. `lower` makes ASCII letters small."""
    state ^= U(size)
    left = stop - start
    if left <= 8:
        return fold_multiply(((load8(data, start) | lower) & (_ALL >> U(64 - 8 * left))) ^ _LEFT, state)
    tail = (load8(data, start + 8) | lower) & (_ALL >> U(128 - 8 * left))
    return fold_multiply((load8(data, start) | lower) ^ _LEFT, tail ^ state)


@bare
def ascii_token(data, start, stop):  # type: ignore[no-untyped-def]
    """The hash of the token data[start:stop] of ASCII letters and digits; OR 0x20 folds them."""
    at, state = absorb(data, start, stop, _LOWER, _SEED)
    return finish(data, at, stop, _LOWER, state, stop - start)


@bare
def _put(scratch, size, state):  # type: ignore[no-untyped-def]
    """(size, state) with room in the scratch again: all of it but its last 1 to 16 bytes is absorbed once it is nearly full."""
    if size <= _FULL:
        return size, state
    at, state = absorb(scratch, np.int64(0), size, _PLAIN, state)
    first, second = load8(scratch, at), load8(scratch, at + 8)
    store8(scratch, np.int64(0), first)
    store8(scratch, np.int64(8), second)
    return size - at, state


@bare
def _unready(mark, entry, entry_before, mark_before):  # type: ignore[no-untyped-def]
    """Whether a character after another shows that the text may not be in NFC (UAX 15, section 9, a little stricter)."""
    combining, before = mark & _COMBINING, mark_before & _COMBINING
    joins = (mark & _MAY_JOIN) != 0 and (before != 0 or ((entry_before >> _BEGINS) & _ONE) != _ZERO)
    return (mark & _NOT_NFC) != 0 or joins or (combining != 0 and before > combining)


@bare
def _other(data, at, stop, word, start, out, n, page, entries, marks, long, scratch, ready):  # type: ignore[no-untyped-def]
    """Tokens from data[at], which is not ASCII, as long as the text is not; `word`: where the token begins that at goes on with.

    (where ASCII goes on, n); (UNREADY, n) as `tokenise` says.
    """
    size, total, state = np.int64(0), np.int64(0), _SEED  # of the open token: bytes in the scratch, bytes in all
    entry, mark = _ZERO, np.int64(0)  # of the character before
    if at > start:
        entry = entries[(np.int64(page[0]) << 8) | np.int64(data[at - 1])]
    if word >= 0:
        total = at - word
        while word < at:
            store8(scratch, size, load8(data, word) | _LOWER)
            step = min(np.int64(8), at - word)
            word += step
            size, state = _put(scratch, size + step, state)
    while at < stop:
        if data[at] < 0x80:
            point, length = np.int64(data[at]), np.int64(1)
        else:
            point, length = decode(data, at)
        place = (np.int64(page[point >> 8]) << 8) | (point & 255)
        entry_before, mark_before = entry, mark
        entry, mark = entries[place], np.int64(0)
        if ((entry >> _LOOK) & _ONE) != _ZERO:
            mark = np.int64(marks[place])
            if not ready and _unready(mark, entry, entry_before, mark_before):
                return np.int64(UNREADY), n
        kind = entry >> _CLASS
        at += length
        if kind == _ONE:
            wide = np.int64((entry >> _LENGTH) & _FIFTEEN)
            if wide < _LONG:
                store8(scratch, size, entry & _FORM)
            else:
                place = np.int64(entry & _FORM)
                wide = np.int64(long[place])
                for k in range(0, wide, 8):
                    store8(scratch, size + k, load8(long, place + 1 + k))
            total += wide
            size, state = _put(scratch, size + wide, state)
            continue
        if total > 0:
            out[n] = finish_folded(scratch, size, state, total)
            n += 1
            size, total, state = np.int64(0), np.int64(0), _SEED
        if kind == _SINGLE:
            out[n] = fold_multiply((entry & _FORM) ^ _LEFT, _SEED ^ ((entry >> _LENGTH) & _FIFTEEN))
            n += 1
        elif at < stop and data[at] < 0x80:
            break  # between words, and ASCII follows
    if total > 0:
        out[n] = finish_folded(scratch, size, state, total)
        n += 1
    return at, n


@bare
def finish_folded(scratch, size, state, total):  # type: ignore[no-untyped-def]
    """The hash of a token of `total` folded bytes, of which scratch[:size] are not absorbed yet."""
    at, state = absorb(scratch, np.int64(0), size, _PLAIN, state)
    return finish(scratch, at, size, _PLAIN, state, total)


@bare
def tokenise(data, start, stop, out, n, page, entries, marks, long, scratch, ready):  # type: ignore[no-untyped-def]
    """Append the hashes of the tokens of data[start:stop] to out[n:]; the new n, or UNREADY unless `ready`.

    `out` has room for (stop - start) // 2 + 1 more; PAD bytes behind `stop` are readable; `scratch` is SCRATCH bytes.
    """
    at, word = start, np.int64(-1)  # word: where the token begins that is not ended yet
    while at < stop:
        span = min(np.int64(64), stop - at)
        inside = _ALL >> U(64 - span)
        letters = ascii_words(data, at) & inside
        high = beyond_ascii(data, at) & inside
        if high != _ZERO:
            span = lowest(high)
            inside = (_ONE << U(span)) - _ONE
            letters &= inside
        turns = (letters ^ ((letters << _ONE) | U(word >= 0))) & inside
        if word >= 0 and turns != _ZERO:
            out[n] = ascii_token(data, word, at + lowest(turns))
            n += 1
            turns &= turns - _ONE
            word = np.int64(-1)
        while turns != _ZERO:
            word = at + lowest(turns)
            turns &= turns - _ONE
            if turns == _ZERO:
                break
            out[n] = ascii_token(data, word, at + lowest(turns))
            n += 1
            turns &= turns - _ONE
            word = np.int64(-1)
        at += span
        if high != _ZERO:
            at, n = _other(data, at, stop, word, start, out, n, page, entries, marks, long, scratch, ready)
            word = np.int64(-1)
            if at < 0:
                return np.int64(UNREADY)
    if word >= 0:
        out[n] = ascii_token(data, word, stop)
        n += 1
    return n


@bare
def line_end(data, at, stop):  # type: ignore[no-untyped-def]
    """Where the line after the one with data[at] begins, as str.splitlines has it; `stop` for the last."""
    while at < stop:
        byte = data[at]
        at += 1
        if byte == 0x0D:
            return at + 1 if at < stop and data[at] == 0x0A else at
        if 0x0A <= byte <= 0x0C or 0x1C <= byte <= 0x1E:
            return at
        if byte == 0xC2 and data[at] == 0x85:
            return at + 1
        if byte == 0xE2 and data[at] == 0x80 and (data[at + 1] == 0xA8 or data[at + 1] == 0xA9):
            return at + 2
    return stop


@bare
def text_tokens(data, start, stop, skip, first, last, out, page, entries, marks, long, scratch, ready):  # type: ignore[no-untyped-def]
    """The tokens of the text data[start:stop] without its lines skip[first:last] (ascending) to `out`; their number, or UNREADY."""
    n, line = np.int64(0), np.int64(0)
    while first < last:
        at = start
        while at < stop and line < skip[first]:
            at = line_end(data, at, stop)
            line += 1
        n = tokenise(data, start, at, out, n, page, entries, marks, long, scratch, ready)
        if n < 0:
            return n
        start = line_end(data, at, stop)
        line += 1
        first += 1
        while first < last and skip[first] < line:
            first += 1
    return tokenise(data, start, stop, out, n, page, entries, marks, long, scratch, ready)
