"""One headline over different texts: a column's standing title, or an error page that took the article's place."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit.result import Headline
from audit.signals.corpus import EXAMPLES, Corpus

TEXTS = 3
"""Different texts under a headline: two are as a rule a story and its update, or two outlets' versions of it."""
AT_MOST = 50


def headlines(corpus: Corpus) -> tuple[Headline, ...]:
    """Headlines over at least TEXTS texts that are no duplicates of each other, most texts first.

    Headlines are equal as `title_cluster` has it: case and punctuation do not matter, and one of less than three words is none.
    """
    clusters = pc.fill_null(corpus.column("title_cluster"), -1).to_numpy()
    members = np.flatnonzero(clusters >= 0)
    if not len(members):
        return ()
    texts = np.arange(len(clusters))
    for name in ("exact_cluster", "near_cluster"):
        found = pc.fill_null(corpus.column(name), -1).to_numpy()
        texts = np.where(found >= 0, found, texts)
    pairs, first = np.unique(np.column_stack([clusters[members], texts[members]]), axis=0, return_index=True)
    leaders, starts, counts = np.unique(pairs[:, 0], return_index=True, return_counts=True)
    chosen = sorted((at for at in range(len(leaders)) if counts[at] >= TEXTS), key=lambda at: (-counts[at], leaders[at]))[:AT_MOST]
    titles = _titles(corpus, [int(leaders[at]) for at in chosen])
    out = []
    for at in chosen:
        every = members[clusters[members] == leaders[at]]
        some = np.sort(members[first[starts[at] : starts[at] + counts[at]]])[:EXAMPLES]
        sources = len(np.unique(corpus.codes[every]))
        out.append(Headline(titles[int(leaders[at])], int(counts[at]), len(every), sources, tuple(some.tolist())))
    return tuple(out)


def _titles(corpus: Corpus, articles: list[int]) -> dict[int, str]:
    rows = pq.read_table(corpus.path, columns=["article", "title"], filters=[("article", "in", articles)]) if articles else None
    return dict(zip(rows["article"].to_pylist(), rows["title"].to_pylist(), strict=True)) if rows is not None else {}
