"""Equal texts and equal shingles: what is one thing to the comparison, and which article stands for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from audit.across.near import Sketches

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the comparison must know of the n articles beside their sketches.

    Attributes:
        text_hash: uint8 (n, 16); equal for equal texts.
        empty: bool; empty articles are in no group.
        size: int64, characters less boilerplate.
        date: int64 seconds; the least int64 if unknown.
        source, title: Integer keys; 0 if unknown.
    """

    text_hash: npt.NDArray[np.uint8]
    empty: Bools
    size: Ints
    date: Ints
    source: npt.NDArray[Any]
    title: npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Groups:
    """Articles by text, and texts by shingles. A class is all articles of equal shingles; classes are numbered by preference.

    Attributes:
        first: int64 (n,), the first article with the same text; -1 for empty articles.
        of: int64 (n,), an article's class; -1 for empty articles.
        chosen: int64 (classes,), the article of the class that is preferred.
        lowest: int64 (classes,), its first article.
        donor: int64 (classes,), the article whose sketch and text stand for the class.
        counts: int64 (classes,), shingles, repeated ones too; 0: no tokens, equal to nothing else.
    """

    first: Ints
    of: Ints
    chosen: Ints
    lowest: Ints
    donor: Ints
    counts: Ints


def group(sketches: Sketches, facts: Facts, keep: str) -> Groups:
    """The classes of a corpus, numbered by `keep` (config.KEEP), then text_hash: whatever the order of the articles.

    Copies of a text can differ in the lines that count, when their sources do: the copy of the least digest stands for all.
    """
    counts, digests = sketches.counts, sketches.digests
    high, low = facts.text_hash.copy().view(">u8").astype(np.uint64).reshape(-1, 2).T
    live = np.flatnonzero(~facts.empty)
    by_text = live[_order(high[live], low[live], digests[live])]
    starts = _starts(high[by_text], low[by_text])
    text = np.cumsum(starts) - 1  # of by_text
    begins = np.flatnonzero(starts)
    first, of = np.full(len(facts.empty), -1), np.full(len(facts.empty), -1)
    if not len(live):
        none = np.zeros(0, np.int64)
        return Groups(first, of, none, none, none, none)
    donor = by_text[begins]
    first[by_text] = np.minimum.reduceat(by_text, begins)[text]
    of[by_text] = _classes(counts[donor], digests[donor])[text]
    order = _preference(facts, keep, high, low, live)
    _, seen, number = np.unique(of[order], return_index=True, return_inverse=True)
    rank = np.empty(len(seen), np.int64)
    rank[np.argsort(seen)] = np.arange(len(seen))
    of[order] = rank[number]
    chosen = order[np.sort(seen)]
    lowest = np.full(len(seen), len(of))
    np.minimum.at(lowest, of[live], live)
    donor_of = np.empty(len(of), np.int64)
    donor_of[by_text] = donor[text]
    stands = donor_of[chosen]
    return Groups(first, of, chosen, lowest, stands, counts[stands])


def _classes(counts: Ints, digests: npt.NDArray[np.uint64]) -> Ints:
    """For each text the number of its shingles' multiset; a text without tokens is alone."""
    keys = np.where(counts > 0, digests, np.arange(len(counts), dtype=np.uint64))
    order = _order(keys, counts)
    classes = np.empty(len(counts), np.int64)
    classes[order] = np.cumsum(_starts(keys[order], counts[order])) - 1
    return classes


def _preference(facts: Facts, keep: str, high: Any, low: Any, live: Ints) -> Ints:
    """The articles that are not empty, the preferred ones first; article numbers decide between equal texts only."""
    if keep == "first":
        return live
    wanted = ~(facts.size if keep == "longest" else facts.date)[live]  # ~x falls as x rises, and cannot overflow
    rank = np.unique(wanted, return_inverse=True)[1].astype(np.uint64)
    return live[_order((rank << np.uint64(32)) | (high[live] >> np.uint64(32)), high[live], low[live])]


def _order(first: npt.NDArray[Any], *rest: npt.NDArray[Any]) -> Ints:
    """What sorts by `first`, then by each of `rest`, then by place; quick where few of `first` are equal."""
    order = np.argsort(first)
    values = first[order]
    equal = np.append(values[1:] == values[:-1], False)
    tied = np.flatnonzero(equal | np.roll(equal, 1))
    some = np.sort(order[tied])
    order[tied] = some[np.lexsort([key[some] for key in (*reversed(rest), first)])]
    return order


def _starts(*keys: npt.NDArray[Any]) -> Bools:
    """Where a new run of equal keys begins."""
    starts = np.ones(len(keys[0]), np.bool_)
    if len(starts):
        starts[1:] = np.any([key[1:] != key[:-1] for key in keys], axis=0)
    return starts
