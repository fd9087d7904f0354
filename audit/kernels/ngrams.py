"""Words of a text as hashes, and how much of it repeated word n-grams cover (Gopher's rules on repetition)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from audit.kernels import lines
from audit.kernels.digest import EXACT, SMALL, digest, folded_digest, joined
from audit.kernels.jit import bare, bare_kernel
from audit.kernels.planes import ALL, LEAD, LETTER, NONE, ONE, PART, START, Planes, U, below, count, same
from audit.kernels.utf8 import Bytes, Offsets, decode
from audit.kernels.wide import BLOCK, lowest, ones

MEAN, HASHES, ELLIPSES, ALPHA, TOP, COVERED, AGAIN = 0, 1, 2, 3, 4, 7, 13
"""Columns of `measure`: TOP for n = 2, 3, 4; COVERED and AGAIN (letters, no share) for n = 5 to 10."""
COLUMNS = 19
AT_MOST = 1 << 20
"""Words in which repeated n-grams are looked for, so that memory is bounded (70 MB); a longer text is judged by its first ones."""

_EDGE = U(3 << 62)
"""The bytes of a block after which a full stop may stand in the next block, or with a space in between."""


@bare
def _end(bits, block):  # type: ignore[no-untyped-def]
    """Where the word ends that goes on in the block."""
    while bits[block, PART] == ALL:
        block += 1
    return (block << 6) + lowest(~bits[block, PART])


@bare
def _words(data, at, end, bits, shift, cases, hashes, ends):  # type: ignore[no-untyped-def]
    """Fills the hash of every word, case folded, and ends: code points in words up to it; (words, words with a letter)."""
    words, alpha, letters = np.int64(0), np.int64(0), np.int64(0)
    for block in range((at + shift) >> 6, ((end + shift) >> 6) + 1):
        starts, part, letter, lead = bits[block, START], bits[block, PART], bits[block, LETTER], bits[block, LEAD]
        while starts:
            low = lowest(starts)
            starts &= starts - ONE
            first = (block << 6) + low
            begin, alphabetic = first - shift, (letter >> U(low)) & ONE != NONE
            if (part >> U(low)) & ONE:
                after = ~part & (ALL << U(low))
                if after:
                    last = (block << 6) + lowest(after)
                    chars = ones(lead & below(last & 63) & (ALL << U(low)))
                else:
                    last = _end(bits, block + 1)
                    chars = count(bits, LEAD, first, last)
                plain = chars == last - first
                hashes[words] = digest(data, begin, last - shift, SMALL) if plain else folded_digest(data, begin, last - shift, cases)
                alphabetic = alphabetic or count(bits, LETTER, first, last) > 0
            else:
                chars = 1
                hashes[words] = digest(data, begin, begin + decode(data, begin)[1], EXACT)
            letters += chars
            alpha += alphabetic
            words += 1
            ends[words] = letters
    return words, alpha


@bare
def _run(data, at, end):  # type: ignore[no-untyped-def]
    """(full stops, where it ends) of the run of full stops in data[at:end], one space between two allowed; U+2026 and U+22EF are three."""
    dots, space = np.int64(0), False
    while at < end:
        if data[at] == 46:
            dots += 1
            space = False
        elif data[at] == 0xE2 and ((data[at + 1] == 0x80 and data[at + 2] == 0xA6) or (data[at + 1] == 0x8B and data[at + 2] == 0xAF)):
            dots += 3
            space = False
            at += 2
        elif data[at] == 32 and dots > 0 and not space:
            space = True
        else:
            break
        at += 1
    return dots, at


@bare
def _symbols(data, begin, end):  # type: ignore[no-untyped-def]
    """(number signs, ellipses) in data[begin:end]: an ellipsis is a run of at least three full stops."""
    hashes, ellipses, over = np.int64(0), np.int64(0), begin
    for base in range(begin, end, BLOCK):
        hashes += ones(same(data, base, end, np.uint8(35)))
        dots = same(data, base, end, np.uint8(46))
        found = (dots & (dots >> ONE | dots >> U(2) | _EDGE)) | same(data, base, end, np.uint8(0xE2))
        while found:
            at = base + lowest(found)
            found &= found - ONE
            if at >= over:
                size, over = _run(data, at, end)
                ellipses += size >= 3
    return hashes, ellipses


@bare
def _likely(stops, first, last, seen):  # type: ignore[no-untyped-def]
    """A bit for how each of stops[first:last] ends of which the bit in `seen` is not set."""
    likely = NONE
    for at in range(first, last):
        likely |= (~(seen >> U(at - first)) & ONE) << (stops[at] & U(63))
    return likely


@bare
def _stops(hashes, words, stops, first, last):  # type: ignore[no-untyped-def]
    """How many of stops[first:last] (ascending, at most 63) are among the hashes."""
    seen = NONE
    likely = _likely(stops, first, last, seen)
    for i in range(words):
        if (likely >> (hashes[i] & U(63))) & ONE == NONE:
            continue
        low, high = first, last
        while low < high:
            middle = (low + high) >> 1
            if stops[middle] < hashes[i]:
                low = middle + 1
            else:
                high = middle
        if low < last and stops[low] == hashes[i]:
            seen |= ONE << U(low - first)
            likely = _likely(stops, first, last, seen)
            if likely == NONE:
                break
    return ones(seen)


@bare
def _tally(grams, live, slots, owners, times):  # type: ignore[no-untyped-def]
    """Fills owners[i], the first of grams[:live] that equals grams[i], and times[it], how many do; `slots` is used up."""
    size = np.int64(4)
    while size < 4 * live:
        size *= 2
    for slot in range(size):
        slots[slot] = -1
    for i in range(live):
        times[i] = 0
        slot = np.int64(grams[i] >> U(32)) & (size - 1)  # `_pairs` chose them by their other end
        first = slots[slot]
        while (first >= 0) & (grams[max(first, 0)] != grams[i]):  # "&", so that only clashes are a branch: they are few
            slot = (slot + 1) & (size - 1)
            first = slots[slot]
        first = first if first >= 0 else np.int32(i)
        slots[slot], owners[i] = first, first
        times[first] += 1


@bare
def _repeated(n, live, places, grams, owners, times, ends, row):  # type: ignore[no-untyped-def]
    """Keeps the n-grams that stand there more than once, and fills TOP or COVERED; returns how many are kept."""
    kept, most, longest, covered, upto = np.int64(0), np.int64(1), np.int64(0), np.int64(0), np.int64(0)
    for i in range(live):
        again = times[owners[i]]
        if again < 2:
            continue
        place = places[i]
        chars = ends[place + n] - ends[place]
        if again > most or (again == most and chars > longest):
            most, longest = again, chars
        covered += ends[place + n] - ends[max(place, upto)]
        upto = place + n
        places[kept], grams[kept], owners[kept] = place, grams[i], owners[i]
        kept += 1
    if n <= 4:
        row[TOP + n - 2] = most * longest
    else:
        row[COVERED + n - 5] = covered
    return kept


@bare
def _again(n, live, places, owners, times, ends):  # type: ignore[no-untyped-def]
    """Letters in n-grams from their second occurrence on, as datatrove counts them: a repeated one is jumped over. `times` is used up."""
    letters, over = np.int64(0), np.int64(0)
    for i in range(live):
        place = places[i]
        if place < over:
            continue
        if times[owners[i]] < 0:
            letters += ends[place + n] - ends[place]
            over = place + n
        times[owners[i]] = -1
    return letters


@bare
def _longer(n, live, words, places, grams, hashes):  # type: ignore[no-untyped-def]
    """Makes of n-grams those of one word more: one can only repeat where both its n-grams do. Returns how many there are."""
    kept = np.int64(0)
    for i in range(live):
        place, after = places[i], places[min(i + 1, live - 1)]
        places[kept], grams[kept] = place, joined(grams[i], hashes[min(place + n, words - 1)])
        kept += after == place + 1  # rather than a branch, which no processor foresees
    return kept


@bare
def _pairs(hashes, words, places, grams, seen):  # type: ignore[no-untyped-def]
    """Fills the pairs of words that may stand there more than once: those whose hashes end alike. Returns how many; `seen` is used up."""
    size = np.int64(8)
    while size < 8 * words:
        size *= 2
    for slot in range(size):
        seen[slot] = 0
    for i in range(words - 1):
        grams[i] = joined(hashes[i], hashes[i + 1])
        slot = np.int64(grams[i] & U(size - 1))
        seen[slot] = (seen[slot] << 1) | 1
    kept = np.int64(0)
    for i in range(words - 1):
        places[kept], grams[kept] = i, grams[i]
        kept += seen[np.int64(grams[i] & U(size - 1))] > 1
    return kept


@bare
def _repeats(hashes, ends, words, grams, places, owners, times, slots, seen, row):  # type: ignore[no-untyped-def]
    """Fills TOP, COVERED and AGAIN of `row`."""
    live = _pairs(hashes, words, places, grams, seen)
    for n in range(2, 11):
        _tally(grams, live, slots, owners, times)
        live = _repeated(n, live, places, grams, owners, times, ends, row)
        if live == 0:
            break
        if n > 4:
            row[AGAIN + n - 5] = _again(n, live, places, owners, times, ends)
        live = _longer(n, live, words, places, grams, hashes)
    whole = max(ends[words], 1)
    for column in range(TOP, AGAIN):
        row[column] = min(1.0, row[column] / whole)


@bare_kernel
def _most(cuts, bits, shifts):  # type: ignore[no-untyped-def]
    """The most words that a text has, at least 1."""
    most = np.int64(1)
    for text in range(len(cuts) - 1):
        most = max(most, count(bits, START, cuts[text] + shifts[text], cuts[text + 1] + shifts[text]))
    return most


@bare_kernel
def _fill(data, cuts, bits, shifts, cases, stops, stop_cuts, langs, hashes, ends, grams, places, owners, times, slots, seen, rows, found):  # type: ignore[no-untyped-def]
    """Fills `rows` and `found`; the eight arrays before them are scratch."""
    for text in range(len(cuts) - 1):
        row, begin, end, lang = rows[text], cuts[text], cuts[text + 1], langs[text]
        words, alpha = _words(data, begin, end, bits, shifts[text], cases, hashes, ends)
        signs, ellipses = _symbols(data, begin, end)
        found[text, 1] = words
        if lang >= 0:
            found[text, 0] = _stops(hashes, words, stops, stop_cuts[lang], stop_cuts[lang + 1])
        _repeats(hashes, ends, min(words, np.int64(AT_MOST)), grams, places, owners, times, slots, seen, row)
        some = max(words, 1)
        row[MEAN], row[HASHES], row[ELLIPSES], row[ALPHA] = ends[words] / some, signs / some, ellipses / some, alpha / some


def measure(
    data: Bytes, cuts: Offsets, planes: Planes, stops: tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]], langs: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int32]]:
    """What the words of every text say: float64 (texts, COLUMNS), and its stop words and its words, int32 (texts, 2).

    `stops` holds the hashes of the stop words, ascending within a language, and where each language begins; `langs` is int64 per text,
    its language in `stops`, -1 for one without a list. A text without words has 0 everywhere. Cost: linear; nine passes at the most over
    the n-grams that may repeat.
    """
    most = int(_most(cuts, planes.bits, planes.shifts))
    part = min(most, AT_MOST)
    hashes, ends, grams = np.empty(most, np.uint64), np.zeros(most + 1, np.int64), np.empty(part, np.uint64)
    places, owners, times, slots = (np.empty(size, np.int32) for size in (part, part, part, 8 * part + 4))
    seen = np.empty(16 * part, np.uint8)
    rows, found = np.zeros((len(cuts) - 1, COLUMNS), np.float64), np.zeros((len(cuts) - 1, 2), np.int32)
    _fill(data, cuts, planes.bits, planes.shifts, lines.cases(), *stops, langs, hashes, ends, grams, places, owners, times, slots, seen, rows, found)
    return rows, found


@bare_kernel
def word_hashes(data, cuts, cases, hashes):  # type: ignore[no-untyped-def]
    """Fills the hash of every text, which is one word, as `measure` hashes words."""
    for text in range(len(cuts) - 1):
        hashes[text] = folded_digest(data, cuts[text], cuts[text + 1], cases)
