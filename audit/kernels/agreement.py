"""Whether the words of a headline stand in the text under it.

What is compared is a word's stem: its first STEM letters without case, accents and marks, so that inflection matters little; in a
script without spaces two signs in a row. Words of fewer letters and words with a digit say little and are passed over.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import numpy as np
import numpy.typing as npt

from audit.kernels import lines
from audit.kernels.chars import members
from audit.kernels.jit import bare, bare_kernel
from audit.kernels.lines import mixed
from audit.kernels.utf8 import decode
from audit.kernels.wide import ones

STEM = 4
"""Letters of a word that are compared, and that it has at least."""
AT_MOST = 64
"""Stems of a headline that are looked at."""
SHARE = 7
"""A text agrees with its headline if it holds more than one in so many of its words; of signs any two in a row do."""
PART, SIGN, LETTER, FIGURE = 1, 2, 4, 8


@cache
def plain() -> npt.NDArray[np.uint32]:
    """The small letter of each code point without its accents; shape (0x110000,). Unicode never changes a decomposition."""
    table = lines.cases().copy()
    for point in range(0xC0, 0x2000):
        parts = unicodedata.normalize("NFD", chr(int(table[point])))
        if len(parts) > 1 and all(unicodedata.category(part) == "Mn" for part in parts[1:]):
            table[point] = ord(parts[0])
    table[ord("ς")] = ord("σ")
    return table


@cache
def kinds() -> npt.NDArray[np.uint8]:
    """For every code point PART of a word, SIGN that is a word by itself, or 0; with LETTER or FIGURE; shape (0x110000,)."""
    return ((lines.kinds() & 7) | members("N") * FIGURE).astype(np.uint8)


@bare
def _stem(data, at, end, plain, kinds):  # type: ignore[no-untyped-def]
    """(key of the first stem in data[at:end], 0 if there is none; where to go on). The key of a word is even, of two signs odd."""
    key, letters, figure = np.uint64(0), np.int64(0), False
    while at < end:
        point, size = decode(data, at)
        kind = kinds[point]
        if kind & PART:
            at += size
            if kind & LETTER:
                if letters < STEM:
                    key = mixed(key, plain[point])
                letters += 1
            figure = figure or kind & FIGURE != 0
            continue
        if letters >= STEM and not figure:
            return mixed(key, 0) & ~np.uint64(1), at
        key, letters, figure = np.uint64(0), np.int64(0), False
        at += size
        if kind & SIGN and at < end:
            after, _ = decode(data, at)
            if kinds[after] & SIGN:
                return mixed(mixed(np.uint64(0), point), after) | np.uint64(1), at
    return (mixed(key, 0) & ~np.uint64(1) if letters >= STEM and not figure else np.uint64(0)), at


@bare
def _among(keys, count, likely, key):  # type: ignore[no-untyped-def]
    """The place of the key among the first `count` keys, -1 if it is none; `likely` has the bit of six bits of each."""
    if (likely >> (key >> np.uint64(58))) & np.uint64(1):
        for i in range(count):
            if keys[i] == key:
                return i
    return -1


@bare
def _is_common(common, key):  # type: ignore[no-untyped-def]
    """Whether the key is among the ascending keys."""
    low, high = np.int64(0), np.int64(len(common))
    while low < high:
        middle = (low + high) >> 1
        if common[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low < len(common) and common[low] == key


@bare
def _headline(data, at, end, plain, kinds, common, keys):  # type: ignore[no-untyped-def]
    """Fills `keys` with the distinct stems of a headline that are not `common` (ascending); how many they are."""
    count = np.int64(0)
    while at < end and count < AT_MOST:
        key, at = _stem(data, at, end, plain, kinds)
        if key == 0:
            break
        known = _is_common(common, key)
        for i in range(count):
            known = known or keys[i] == key
        if not known:
            keys[count] = key
            count += 1
    return count


@bare_kernel
def measure(titles, title_cuts, data, cuts, plain, kinds, common, keys, rows):  # type: ignore[no-untyped-def]
    """Fills rows, int64 (texts, 4): distinct stems of the headline, how many of them the text holds, stems of the text that were read, and
    how many of the headline's it must hold to agree with it.

    A text is read until it agrees: only then are the second number and the third too small. A line hardly longer than the headline with
    three quarters of its stems is the headline again, not the text, and is passed over. `common` holds the stems that do not count (see
    `stems`), ascending; `keys` is scratch, uint64 (AT_MOST,).
    """
    for text in range(len(cuts) - 1):
        count = _headline(titles, title_cuts[text], title_cuts[text + 1], plain, kinds, common, keys)
        rows[text, 0] = count
        likely, found, words = np.uint64(0), np.uint64(0), np.int64(0)
        for i in range(count):
            likely |= np.uint64(1) << (keys[i] >> np.uint64(58))
            words += keys[i] & np.uint64(1) == 0
        enough = 1 + words // SHARE
        rows[text, 3] = enough
        at, end = cuts[text], cuts[text + 1] if count else cuts[text]
        short = (title_cuts[text + 1] - title_cuts[text]) * 5 // 4 + 16
        while at < end and ones(found) < enough:
            over, here = at, np.uint64(0)
            while over < end and data[over] != 10:
                over += 1
            begin = at
            while at < over:
                key, at = _stem(data, at, over, plain, kinds)
                rows[text, 2] += key != 0
                place = _among(keys, count, likely, key) if key else -1
                if place >= 0:
                    here |= np.uint64(1) << np.uint64(place)
                    if over - begin > short and ones(found | here) >= enough:
                        break
            if over - begin > short or 4 * ones(here) < 3 * count:
                found |= here
            at = over + 1
        rows[text, 1] = ones(found)
    return rows


@bare_kernel
def stems(data, cuts, plain, kinds, keys):  # type: ignore[no-untyped-def]
    """Fills keys, uint64 per text, which is one word: the key of its stem; 0 where it has none."""
    for text in range(len(cuts) - 1):
        keys[text], _ = _stem(data, cuts[text], cuts[text + 1], plain, kinds)
