"""How often lines stand in the articles of a corpus, counted exactly, and what is seen of them beside the count.

9 bytes a line and 24 an article are kept (LineKeys), no text; counting holds PART keys more, and a few numbers about each line
that is common enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audit.kernels import keys as kernels

PART = 1 << 22
"""Keys that are sorted at a time, about: 32 MB beside the keys themselves."""

Keys = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class LineKeys:
    """The distinct keyed lines of a batch.

    Attributes:
        keys: uint64, a line's key XOR its source's.
        traits: uint8, one per key (audit.kernels.keys).
        starts: int64, one more than articles: article i has keys[starts[i]:starts[i + 1]].
        sources: uint64 per article: the key of its source, 0 without one.
    """

    keys: Keys
    traits: npt.NDArray[np.uint8]
    starts: npt.NDArray[np.int64]
    sources: Keys


@dataclass(frozen=True, slots=True)
class Ballots:
    """The batches with their votes."""

    batches: Sequence[LineKeys]
    votes: npt.NDArray[np.bool_]

    def each(self) -> Iterator[tuple[Keys, npt.NDArray[np.uint8], Keys]]:
        """(keys without source, traits, source keys) of the lines that vote; a line that is most of its article does not."""
        first = 0
        for batch in self.batches:
            n = len(batch.sources)
            counts = np.diff(batch.starts)
            mask = np.repeat(self.votes[first : first + n], counts) & (batch.traits & kernels.BULK == 0)
            owners = np.repeat(batch.sources, counts)[mask]
            yield batch.keys[mask] ^ owners, batch.traits[mask], owners
            first += n

    def sizes(self) -> tuple[Keys, npt.NDArray[np.int64]]:
        """The keys of the sources, ascending, and how many distinct texts each has."""
        owners = [batch.sources for batch in self.batches] or [np.zeros(0, np.uint64)]
        names, sizes = np.unique(np.concatenate(owners)[self.votes], return_counts=True)
        return names, sizes.astype(np.int64)


def common(ballots: Ballots, at_least: int, *, mixed: bool) -> Keys:
    """The keys that at least so many articles hold, ascending; keys of lines within their source if `mixed`."""
    total = sum(len(batch.keys) for batch in ballots.batches)
    bits = max(0, min(8, (total // PART).bit_length()))
    found = []
    for part in range(1 << bits):
        pieces = [np.zeros(0, np.uint64)]
        for keys, _, owners in ballots.each():
            keys = keys ^ owners if mixed else keys
            pieces.append(keys[keys >> np.uint64(64 - bits) == part] if bits else keys)
        ordered = np.concatenate(pieces)
        ordered.sort()
        edges = np.flatnonzero(np.diff(ordered, prepend=~ordered[:1], append=~ordered[-1:]))
        found.append(ordered[edges[:-1]][np.diff(edges) >= at_least])
    return np.concatenate(found)


@dataclass(frozen=True, slots=True)
class Evidence:
    """About each of some lines: int64 counts of articles, one per line.

    Attributes:
        keys: uint64, ascending.
        articles: Those that hold it.
        of: Distinct texts of its source, or of the corpus.
        sources: Sources that hold it.
        traits: By trait (audit.kernels.keys), in how many of the articles it has the trait; shape (8, lines).
    """

    keys: Keys
    articles: npt.NDArray[np.int64]
    of: npt.NDArray[np.int64]
    sources: npt.NDArray[np.int64]
    traits: npt.NDArray[np.int64]

    def guard(self) -> npt.NDArray[np.float64]:
        """The share of the source's texts that each line needs, for what it looks like and where it stands.

        Read off 22,514 news texts of 90 outlets, newswire tables, blog pages and Chinese television news: what is as frequent as
        boilerplate and is content is a subhead ("Washington", "Conclusion"), a question as a subhead, a biography or a formula of
        news in a whole sentence, a row of a table, and a line of code; each of them is seldom in so many texts of a source.
        """

        def share(trait: np.uint8) -> npt.NDArray[np.float64]:
            return self.traits[int(trait).bit_length() - 1] / np.maximum(self.articles, 1)

        head, tail = share(kernels.HEAD), share(kernels.TAIL)
        place = np.maximum(head, tail)
        sentence, numbers, mostly = share(kernels.SENTENCE) > 0.5, share(kernels.NUMBERS) > 0.5, 0.5
        rules = (
            (sentence, 0.025),
            (place < 0.6, 0.05),
            (numbers, np.where(place >= 0.9, 0.05, mostly)),
            (share(kernels.QUESTION) > 0.5, mostly),
            ((share(kernels.SHORT) > 0.5) & ~numbers, np.where((tail >= 0.8) & (head < 0.5) & ~sentence, 0.04, mostly)),
        )
        return np.max([np.where(holds, needed, 0.0) for holds, needed in rules], axis=0)


def gather(ballots: Ballots, keys: Keys, *, mixed: bool) -> Evidence:
    """The evidence about `keys` (ascending; within their source if `mixed`)."""
    names, sizes = ballots.sizes()
    traits, articles = np.zeros((8, len(keys)), np.int64), np.zeros(len(keys), np.int64)
    held: list[npt.NDArray[np.int64]] = [np.zeros((0, 2), np.int64)]
    for found, trait, owners in ballots.each():
        found = found ^ owners if mixed else found
        at = np.searchsorted(keys, found)
        hit = np.flatnonzero(keys[np.minimum(at, len(keys) - 1)] == found) if len(keys) else np.zeros(0, np.int64)
        at, trait = at[hit], trait[hit]
        articles += np.bincount(at, minlength=len(keys))
        for bit in range(8):
            traits[bit] += np.bincount(at[trait >> bit & 1 == 1], minlength=len(keys))
        held.append(np.unique(np.column_stack([at, np.searchsorted(names, owners[hit])]), axis=0))
    pairs = np.unique(np.concatenate(held), axis=0)
    of = np.full(len(keys), sizes.sum())
    if mixed:
        of[pairs[:, 0]] = sizes[pairs[:, 1]]
    return Evidence(keys, articles, of, np.bincount(pairs[:, 0], minlength=len(keys)), traits)
