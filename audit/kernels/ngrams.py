"""Words of a text as hashes, and how much of it repeated word n-grams cover (Gopher's rules on repetition)."""

from __future__ import annotations

import numpy as np

from audit.kernels.jit import inline, kernel
from audit.kernels.lines import mixed
from audit.kernels.utf8 import decode

MEAN, HASHES, ELLIPSES, ALPHA, TOP, COVERED, AGAIN = 0, 1, 2, 3, 4, 7, 13
"""Columns of `measure`: TOP for n = 2, 3, 4; COVERED and AGAIN (letters, no share) for n = 5 to 10."""
COLUMNS = 19
AT_MOST = 1 << 20
"""Words in which repeated n-grams are looked for, so that memory is bounded (75 MB); a longer text is judged by its first ones."""


@inline
def _words(data, at, end, cases, kinds, hashes, ends):  # type: ignore[no-untyped-def]
    """Fills the hash of every word, case folded, and ends: code points in words up to it; (words, words with a letter)."""
    count, alpha, letters = np.int64(0), np.int64(0), np.int64(0)
    key, within, letter = np.uint64(0), False, False
    while at < end:
        point, size = decode(data, at)
        at += size
        kind = kinds[point]
        if within and kind & 3 != 1:
            hashes[count], ends[count + 1] = mixed(key, 0), letters
            count += 1
            alpha += letter
            within = False
        if kind & 3 == 0:
            continue
        if not within:
            key, letter = np.uint64(0), False
        within = True
        key = mixed(key, cases[point])
        letter = letter or kind & 4 != 0
        letters += 1
        if kind & 3 == 2:
            hashes[count], ends[count + 1] = mixed(key, 0), letters
            count += 1
            alpha += letter
            within = False
    if within:
        hashes[count], ends[count + 1] = mixed(key, 0), letters
        count += 1
        alpha += letter
    return count, alpha


@inline
def _symbols(data, at, end):  # type: ignore[no-untyped-def]
    """(number signs, ellipses) in data[at:end]: an ellipsis is a run of at least three full stops, one space between two allowed,
    or of U+2026 and U+22EF.
    """
    hashes, ellipses, dots, space = np.int64(0), np.int64(0), np.int64(0), False
    while at < end:
        byte = data[at]
        at += 1
        if byte == 46:
            dots += 1
            space = False
        elif (byte == 0xE2 and data[at] == 0x80 and data[at + 1] == 0xA6) or (byte == 0xE2 and data[at] == 0x8B and data[at + 1] == 0xAF):
            dots += 3
            space = False
            at += 2
        elif byte == 32 and dots > 0 and not space:
            space = True
        else:
            ellipses += dots >= 3
            dots, space = np.int64(0), False
            hashes += byte == 35
    return hashes, ellipses + (dots >= 3)


@inline
def _stops(hashes, count, stops, first, last):  # type: ignore[no-untyped-def]
    """How many of stops[first:last] (ascending, at most 63) are among the hashes."""
    seen, likely = np.int64(0), np.uint64(0)
    for at in range(first, last):
        likely |= np.uint64(1) << (stops[at] & np.uint64(63))
    for i in range(count):
        if (likely >> (hashes[i] & np.uint64(63))) & np.uint64(1) == 0:
            continue
        low, high = first, last
        while low < high:
            middle = (low + high) >> 1
            if stops[middle] < hashes[i]:
                low = middle + 1
            else:
                high = middle
        if low < last and stops[low] == hashes[i]:
            seen |= np.int64(1) << (low - first)
    found = np.int32(0)
    while seen:
        seen &= seen - 1
        found += 1
    return found


@inline
def _count(grams, live, count, slots, table, stamps, stamp, times, mask):  # type: ignore[no-untyped-def]
    """Counts equal grams[i] where live[i]; slots[i] is the entry of `times` that holds its count. An entry is in use if it bears the
    stamp; only the first mask + 1 entries are used, so that a short text stays in the processor's cache.
    """
    for i in range(count):
        if not live[i]:
            continue
        slot = np.int64(grams[i] >> np.uint64(20)) & mask
        while stamps[slot] == stamp and table[slot] != grams[i]:
            slot = (slot + 1) & mask
        if stamps[slot] != stamp:
            stamps[slot], table[slot], times[slot] = stamp, grams[i], 0
        times[slot] += 1
        slots[i] = slot


@inline
def _again(ends, live, positions, slots, times, n):  # type: ignore[no-untyped-def]
    """Letters in n-grams from their second occurrence on, as datatrove counts them: a repeated one is jumped over. `times` is used up."""
    letters, i = np.int64(0), np.int64(0)
    while i < positions:
        if live[i]:
            if times[slots[i]] < 0:
                letters += ends[i + n] - ends[i]
                i += n
                continue
            times[slots[i]] = -1
        i += 1
    return letters


@inline
def _repeats(hashes, ends, count, grams, live, slots, table, stamps, stamp, times, row):  # type: ignore[no-untyped-def]
    """Fills TOP, COVERED and AGAIN of `row`; returns the last stamp. An n-gram can only repeat where both its (n - 1)-grams do."""
    whole, size = max(ends[count], 1), np.int64(4)
    while size < 2 * count:
        size *= 2
    for i in range(count):
        grams[i], live[i] = hashes[i], True
    for n in range(2, 11):
        positions = count - n + 1
        if positions < 2:
            break
        stamp += 1
        for i in range(positions):
            live[i] = n == 2 or (live[i] and live[i + 1])
            grams[i] = mixed(mixed(grams[i], n), hashes[i + n - 1])  # mixed twice: with once, "a b" would equal "b a"
        _count(grams, live, positions, slots, table, stamps, stamp, times, size - 1)
        most, longest, covered, upto, some = np.int32(1), np.int64(0), np.int64(0), np.int64(0), False
        for i in range(positions):
            live[i] = live[i] and times[slots[i]] > 1
            if not live[i]:
                continue
            some = True
            chars = ends[i + n] - ends[i]
            if times[slots[i]] > most or (times[slots[i]] == most and chars > longest):
                most, longest = times[slots[i]], chars
            covered += ends[i + n] - ends[max(i, upto)]
            upto = i + n
        if n <= 4:
            row[TOP + n - 2] = min(1.0, most * longest / whole)
        elif some:
            row[COVERED + n - 5] = covered / whole
            row[AGAIN + n - 5] = _again(ends, live, positions, slots, times, n)
        if not some:
            break
    return stamp


@kernel
def measure(data, cuts, cases, kinds, stops, stop_cuts, langs, most):  # type: ignore[no-untyped-def]
    """What the words of every text say: float64 (texts, COLUMNS), and int32 (texts,) stop words.

    `stops` holds the hashes of the stop words, ascending within a language; language l has stops[stop_cuts[l]:stop_cuts[l + 1]];
    langs is int64 per text, -1 for a language without a list; `most` is the most words that a text has, at least 1.
    A text without words has 0 everywhere. Cost: linear; nine passes at the most over a hash table of the words.
    """
    part = min(most, AT_MOST)
    size = np.int64(4)
    while size < 2 * part:
        size *= 2
    hashes, ends = np.empty(most, np.uint64), np.zeros(most + 1, np.int64)
    grams, live, slots = np.empty(part, np.uint64), np.empty(part, np.bool_), np.empty(part, np.int64)
    table, stamps, times, stamp = np.empty(size, np.uint64), np.zeros(size, np.int64), np.empty(size, np.int32), np.int64(0)
    rows, found = np.zeros((len(cuts) - 1, COLUMNS), np.float64), np.zeros(len(cuts) - 1, np.int32)
    for text in range(len(cuts) - 1):
        count, alpha = _words(data, cuts[text], cuts[text + 1], cases, kinds, hashes, ends)
        words = max(count, 1)
        signs, ellipses = _symbols(data, cuts[text], cuts[text + 1])
        row = rows[text]
        row[MEAN], row[HASHES], row[ELLIPSES], row[ALPHA] = ends[count] / words, signs / words, ellipses / words, alpha / words
        if langs[text] >= 0:
            found[text] = _stops(hashes, count, stops, stop_cuts[langs[text]], stop_cuts[langs[text] + 1])
        stamp = _repeats(hashes, ends, min(count, AT_MOST), grams, live, slots, table, stamps, stamp, times, row)
    return rows, found


@kernel
def word_hashes(data, cuts, cases, kinds):  # type: ignore[no-untyped-def]
    """uint64 per text, which is one word: its hash, as `measure` hashes words."""
    out = np.zeros(len(cuts) - 1, np.uint64)
    hashes, ends = np.empty(cuts[-1] - cuts[0] + 1, np.uint64), np.zeros(cuts[-1] - cuts[0] + 2, np.int64)
    for text in range(len(cuts) - 1):
        _words(data, cuts[text], cuts[text + 1], cases, kinds, hashes, ends)
        out[text] = hashes[0]
    return out
