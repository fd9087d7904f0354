"""Articles in another language than their source's: a page of another edition, or text in no language at all."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from audit.result import Strangers
from audit.signals.corpus import EXAMPLES, Corpus

FEWEST, MAIN = 50, 0.9
"""Articles of a source whose language is known, and the share of them that makes one its own."""
SURE, WORDS = 0.8, 30
"""What the identifier must be sure of, and words of a text: names and results of games are in no language."""
AT_MOST = 50


def strangers(corpus: Corpus) -> tuple[Strangers, ...]:
    """Sources (the corpus as None) of one language, with articles in others; most of these first."""
    coded = corpus.column("lang").combine_chunks().dictionary_encode()
    names, codes = coded.dictionary.to_pylist(), coded.indices.fill_null(-1).to_numpy()
    sure = pc.fill_null(corpus.column("lang_confidence"), 0.0).to_numpy()
    out = []
    for source, articles in corpus.sources():
        known = articles[codes[articles] >= 0]
        counts = np.bincount(codes[known], minlength=len(names) or 1)
        main = int(counts.argmax())
        if len(known) < FEWEST or counts[main] < MAIN * len(known):
            continue
        strange = known[(codes[known] != main) & (sure[known] >= SURE) & (corpus.words[known] >= WORDS)]
        if len(strange):
            each = np.bincount(codes[strange], minlength=len(names))
            others = sorted(((names[at], int(each[at])) for at in np.flatnonzero(each).tolist()), key=lambda item: (-item[1], item[0]))
            out.append(Strangers(source, names[main], int(counts[main]), len(known), tuple(others), tuple(strange[:EXAMPLES].tolist())))
    return tuple(sorted(out, key=lambda item: (-sum(n for _, n in item.others), item.source or ""))[:AT_MOST])
