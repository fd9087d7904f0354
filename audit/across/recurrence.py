"""Boilerplate that a source repeats: lines that stand in many of its texts, and that nothing speaks for as content.

Pass 1 keeps the keys of lines (audit.kernels.keys); `learn` counts in how many distinct texts of its source a line stands
(audit.across.ballots) and takes those that are common enough for what they look like; pass 2 finds the learned lines again. Counts do not depend on
order, batches or threads. Articles without a source are taken for one source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from audit.across.ballots import Ballots, Evidence, Keys, LineKeys, common, gather
from audit.kernels import keys as kernels
from audit.kernels import lines
from audit.kernels.utf8 import buffers
from audit.tables import LEARNED

AT_LEAST = 20
"""Distinct texts that a source must have to teach anything."""
SHARES = ((500, 0.01), (100, 0.02), (0, 0.05))
"""(distinct texts, share of them that must hold a line): a small source needs a larger share (heuristics, C4)."""
TEXTS = 5
"""A line must stand in so many distinct texts, whatever the source's size."""
SOURCES, EVERYWHERE = 5, 10
"""A line of so many sources and so many texts is boilerplate everywhere, also in sources too small to teach."""
ANYWHERE_GUARD = 0.025
"""Lines of many sources are taken where `Evidence.guard` asks for no more."""


Spellings = dict[tuple[bool, int], tuple[str, str | None]]
"""(whether it is a line of one source, its key) -> (how it is written, the source); of several spellings the first in code point order, so that the
order of batches does not matter."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What the corpus taught.

    Attributes:
        keys: uint64, ascending: lines of one source, as in LineKeys.
        articles, of: int64 per key: distinct texts of the source that hold the line, and that there are.
        anywhere: uint64, ascending: lines of many sources; their key without a source.
        anywhere_articles: int64 per line: distinct texts that hold it.
        texts: Distinct texts in all.
    """

    keys: Keys
    articles: npt.NDArray[np.int64]
    of: npt.NDArray[np.int64]
    anywhere: Keys
    anywhere_articles: npt.NDArray[np.int64]
    texts: int

    def rows(self, spellings: Spellings) -> pa.Table:
        """tables.LEARNED without rulings, the most frequent first, of what `find` saw in all batches. Lines of many sources have null."""
        rows = []
        for (own, key), (text, source) in spellings.items():
            at = np.searchsorted(self.keys if own else self.anywhere, np.uint64(key))
            counts = (self.articles[at], self.of[at]) if own else (self.anywhere_articles[at], self.texts)
            rows.append({"source": source if own else None, "text": text, "articles": int(counts[0]), "of": int(counts[1]), "ruling": None})
        rows.sort(key=lambda row: (-row["articles"], row["of"], row["source"] or "", row["text"]))
        return pa.Table.from_pylist(rows, schema=LEARNED)


@dataclass(frozen=True, slots=True)
class _Lines:
    """The keyed lines of a batch in arrays, without source; line j of article i: ends[i] <= j < ends[i + 1]."""

    data: npt.NDArray[np.uint8]
    ends: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.int32]
    keys: Keys
    traits: npt.NDArray[np.uint8]
    spans: npt.NDArray[np.int64]


def _lines(views: pa.LargeStringArray) -> _Lines:
    data, cuts = buffers(views)
    n = lines.count_breaks(data, cuts)
    numbers, keys, traits, spans = np.empty(n, np.int32), np.empty(n, np.uint64), np.empty(n, np.uint8), np.empty((n, 3), np.int64)
    ends = kernels.line_keys(data, cuts, lines.folds(), lines.kinds(), numbers, keys, traits, spans)
    return _Lines(data, ends, numbers, keys, traits, spans)


def _source_keys(sources: pa.LargeStringArray) -> Keys:
    """uint64 per article: the hash of its source; 0 without one."""
    codes = pc.dictionary_encode(sources)
    names = [xxhash.xxh3_64_intdigest(name.encode()) for name in codes.dictionary.to_pylist()]
    table = np.array([*names, 0], np.uint64)
    return table[pc.fill_null(codes.indices, len(names)).to_numpy()]


def keys(views: pa.LargeStringArray, sources: pa.LargeStringArray) -> LineKeys:
    """The distinct lines of every article of a batch, as keys; a null view has none."""
    found = _lines(views)
    starts = kernels.distinct(found.ends, found.keys, found.traits)
    owners = _source_keys(sources)
    mine = found.keys[: starts[-1]] ^ np.repeat(owners, np.diff(starts))
    return LineKeys(mine, found.traits[: starts[-1]].copy(), starts, owners)


def learn(batches: Sequence[LineKeys], votes: npt.NDArray[np.bool_]) -> Learned:
    """The lines that are boilerplate.

    Args:
        batches: All of them, in the order of articles.
        votes: Whether an article counts: the first of each exact text.
    """
    ballots = Ballots(batches, votes)
    own = gather(ballots, common(ballots, TEXTS, mixed=True), mixed=True)
    every = gather(ballots, common(ballots, EVERYWHERE, mixed=False), mixed=False)
    mine, anywhere = _accepted(own), _accepted_anywhere(every)
    return Learned(own.keys[mine], own.articles[mine], own.of[mine], every.keys[anywhere], every.articles[anywhere], int(votes.sum()))


def _accepted(seen: Evidence) -> npt.NDArray[np.bool_]:
    """Which lines of a source are boilerplate of it."""
    needed = np.maximum(np.select([seen.of >= size for size, _ in SHARES], [share for _, share in SHARES]), seen.guard())
    return (seen.of >= AT_LEAST) & (seen.articles >= np.maximum(TEXTS, needed * seen.of))


def _accepted_anywhere(seen: Evidence) -> npt.NDArray[np.bool_]:
    """Which lines are boilerplate wherever they stand: of many sources, and nothing speaks for them as content."""
    return (seen.sources >= SOURCES) & (seen.articles >= EVERYWHERE) & (seen.guard() <= ANYWHERE_GUARD)


def holders(batches: Sequence[LineKeys], learned: Learned) -> npt.NDArray[np.bool_]:
    """Whether an article holds a line that was learned; the others need not be read again. `batches` are those that were learned from."""
    held = [np.zeros(0, np.bool_)]
    for batch in batches:
        owners = np.repeat(batch.sources, np.diff(batch.starts))
        hit = np.flatnonzero(_member(learned.keys, batch.keys) | _member(learned.anywhere, batch.keys ^ owners))
        part = np.zeros(len(batch.sources), np.bool_)
        part[np.searchsorted(batch.starts, hit, "right") - 1] = True
        held.append(part)
    return np.concatenate(held)


def find(views: pa.LargeStringArray, sources: pa.LargeStringArray, learned: Learned, held: npt.NDArray[np.bool_]) -> tuple[pa.ListArray, Spellings]:
    """Per article the numbers of its lines that `learned` holds, list<int32>, ascending, an empty list for a null view; and how they are written.

    `held` says which articles hold any (`holders`).
    """
    rows = pa.array(np.flatnonzero(held))
    sources, found = sources.take(rows), _lines(views.take(rows))
    n = int(found.ends[-1])
    owners = np.repeat(_source_keys(sources), np.diff(found.ends))
    plain = found.keys[:n]
    own, anywhere = _member(learned.keys, plain ^ owners), _member(learned.anywhere, plain)
    hit = np.flatnonzero(own | anywhere)
    counts = np.zeros(len(views), np.int32)
    counts[held] = np.diff(np.searchsorted(hit, found.ends))
    ends = np.concatenate([np.zeros(1, np.int32), np.cumsum(counts, dtype=np.int32)])
    return pa.ListArray.from_arrays(pa.array(ends), pa.array(found.numbers[hit])), _spellings(found, hit, own, owners, sources)


def merge(into: Spellings, more: Spellings) -> None:
    """Add the spellings of a batch."""
    for key, value in more.items():
        if key not in into or value[0] < into[key][0]:
            into[key] = value


def _member(ordered: Keys, keys: Keys) -> npt.NDArray[np.bool_]:
    if not len(ordered):
        return np.zeros(len(keys), np.bool_)
    return ordered[np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)] == keys


def _spellings(found: _Lines, hit: npt.NDArray[np.int64], own: npt.NDArray[np.bool_], owners: Keys, sources: pa.LargeStringArray) -> Spellings:
    """How the found lines are written."""
    articles = np.searchsorted(found.ends, hit, "right") - 1
    noted: Spellings = {}
    for at, article in zip(hit.tolist(), articles.tolist(), strict=True):
        mine = bool(own[at])
        key = (mine, int(found.keys[at] ^ owners[at]) if mine else int(found.keys[at]))
        text = str(found.data[found.spans[at, 0] : found.spans[at, 1]].tobytes(), "utf-8").strip()
        before = noted.get(key)
        if before is None or text < before[0]:
            noted[key] = (text, sources[article].as_py() if mine else None)
    return noted
