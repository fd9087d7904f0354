"""Signals of length: sources with texts of next to nothing, articles far from their source's usual length, one length for many texts."""

from __future__ import annotations

import numpy as np

from audit.result import Outliers, Stubs, Wall
from audit.signals.corpus import EXAMPLES, NEVER, Corpus, Numbers

NEAR_EMPTY = 10
"""Words: a text of fewer says nothing."""
STUBS, STUB_SHARE = 5, 0.02
"""Articles without a text, or with next to none, that a source has at least to be named."""
FEWEST = 50
"""Articles of a source that has a usual length."""
FAR, LEAST_SPREAD = 4.0, 0.35
"""Deviations (1.4826 times the median one, of log2 of the words) that make an outlier; the least deviation: a source of equal briefs."""
WALL, WALL_SHARE, TIMES = 10, 0.02, 20
"""Different texts of one length, and their share of the source's; how many times as many as texts of a length around."""
SHORTEST, LONGEST = 100, 100_000
"""Characters of the texts that are looked at."""
NEAR, BEYOND = 5, 50
"""Lengths around a wall: nearer ones may be of it (a marker of more digits)."""
AT_MOST = 50


def stubs(corpus: Corpus) -> tuple[Stubs, ...]:
    """Sources with empty and near-empty texts, most of these first."""
    out = []
    for name, articles in corpus.sources():
        words = corpus.words[articles]
        empty, few = int((words == NEVER).sum()), int(((words != NEVER) & (words < NEAR_EMPTY)).sum())
        if empty + few >= max(STUBS, STUB_SHARE * len(articles)):
            out.append(Stubs(name, empty, few, len(articles), tuple(articles[words < NEAR_EMPTY][:EXAMPLES].tolist())))
    return tuple(sorted(out, key=lambda stub: (-(stub.empty + stub.few), stub.source or ""))[:AT_MOST])


def outliers(corpus: Corpus) -> tuple[Outliers, ...]:
    """Sources with articles far shorter or longer than their usual ones, most such articles first."""
    out = []
    for name, articles in corpus.sources():
        own = articles[corpus.words[articles] > 0]
        if name is None or len(own) < FEWEST:
            continue
        size = np.log2(corpus.words[own])
        middle = float(np.median(size))
        spread = max(LEAST_SPREAD, 1.4826 * float(np.median(np.abs(size - middle))))
        low, high = 2 ** (middle - FAR * spread), 2 ** (middle + FAR * spread)
        words = corpus.words[own]
        short, long = own[words < low], own[words > high]
        if len(short) + len(long):
            far = own[np.lexsort((own, -np.abs(size - middle)))][: min(EXAMPLES, len(short) + len(long))]
            out.append(Outliers(name, round(2**middle), round(low, 1), round(high, 1), len(short), len(long), len(own), tuple(far.tolist())))
    return tuple(sorted(out, key=lambda item: (-(item.short + item.long), item.source))[:AT_MOST])


def walls(corpus: Corpus) -> tuple[Wall, ...]:
    """Lengths in characters at which a source's texts pile up: a feed that cuts them. Copies of a text count once; most texts first."""
    hashes = corpus.column("text_hash").combine_chunks().dictionary_encode().indices
    texts = hashes.fill_null(-1).to_numpy()
    out = []
    for name, articles in corpus.sources():
        own = articles[corpus.chars[articles] >= SHORTEST]
        if name is None or len(own) < FEWEST:
            continue
        distinct = own[np.unique(texts[own], return_index=True)[1]]
        chars = corpus.chars[distinct]
        for length, count in _piles(chars):
            some = np.sort(distinct[chars == length])[:EXAMPLES]
            out.append(Wall(name, length, count, len(distinct), tuple(some.tolist())))
    return tuple(sorted(out, key=lambda wall: (-wall.texts, wall.source, wall.chars))[:AT_MOST])


def _piles(chars: Numbers) -> list[tuple[int, int]]:
    """(length, texts within NEAR of it) of every pile, each at its most frequent length."""
    counts = np.bincount(chars[chars < LONGEST], minlength=1)
    sums = np.concatenate([[0], np.cumsum(counts)])

    def within(length: int, reach: int) -> int:
        return int(sums[min(length + reach + 1, len(counts))] - sums[max(length - reach, 0)])

    found: list[tuple[int, int]] = []
    often = np.flatnonzero(counts >= max(WALL, WALL_SHARE * len(chars)))
    for length in sorted(often.tolist(), key=lambda length: (-counts[length], length)):
        pile = within(length, NEAR)
        if pile * 2 * (BEYOND - NEAR) >= TIMES * (within(length, BEYOND) - pile) and all(abs(length - other) > NEAR for other, _ in found):
            found.append((length, pile))
    return found
