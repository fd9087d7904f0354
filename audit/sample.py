"""Which articles the report shows: a fair sample of the findings, spread over sources, the same for equal corpora."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit.tables import EXAMPLES_AT_MOST

EACH = 60
"""Articles for each check."""
PAIRS = 60
"""Least similar pairs of each kind."""
CLUSTERS, MEMBERS = 20, 4
"""Biggest clusters, and articles of each."""


def choose(measures: Path, findings: Path, pairs: pa.Table) -> dict[int, list[str]]:
    """Article -> the checks, "fixes" or "pair" that it is an example of; at most EXAMPLES_AT_MOST articles, ascending."""
    facts = pq.read_table(measures, columns=["text_hash", "source", "empty"])
    order = _order(facts)
    chosen: dict[int, set[str]] = {}

    def add(articles: npt.NDArray[np.int64], why: str) -> None:
        for article in articles.tolist():
            if article in chosen or len(chosen) < EXAMPLES_AT_MOST:
                chosen.setdefault(article, set()).add(why)

    for check, articles in _flagged(measures, findings).items():
        add(_spread(articles, order, facts["source"]), check)
    for article in _paired(measures, pairs):
        add(np.array([article]), "pair")
    return {article: sorted(chosen[article]) for article in sorted(chosen)}


def _order(facts: pa.Table) -> npt.NDArray[np.uint64]:
    """A fair order that only the text decides: the first eight bytes of its hash."""
    hashes = facts["text_hash"].combine_chunks().fill_null(bytes(16))
    data = np.frombuffer(hashes.buffers()[1], np.uint8)[hashes.offset * 16 :][: len(hashes) * 16]
    return data.reshape(-1, 16)[:, :8].copy().view(">u8").reshape(-1).astype(np.uint64) if len(hashes) else np.zeros(0, np.uint64)


def _flagged(measures: Path, findings: Path) -> Mapping[str, npt.NDArray[np.int64]]:
    """Check -> the articles with evidence for it; the shortest ones for `n_words`; and those that cleaning changed."""
    table = pq.read_table(findings, columns=["article", "check"])
    found = {
        check: np.unique(table.filter(pc.equal(table["check"], check))["article"].to_numpy())
        for check in sorted(pc.unique(table["check"]).to_pylist())
    }
    for name in ("missing_byline", "truncated"):
        column = pc.fill_null(pq.read_table(measures, columns=[name])[name], False)
        found[name] = np.flatnonzero(column.to_numpy(zero_copy_only=False)).astype(np.int64)
    words = pq.read_table(measures, columns=["n_words"])["n_words"]
    found["n_words"] = np.sort(pc.sort_indices(words).slice(0, min(EACH, len(words) - words.null_count)).to_numpy()).astype(np.int64)
    changed = pc.list_value_length(pq.read_table(measures, columns=["fixes"])["fixes"])
    found["fixes"] = np.flatnonzero(pc.fill_null(changed, 0).to_numpy() > 0).astype(np.int64)
    return found


def _spread(articles: npt.NDArray[np.int64], order: npt.NDArray[np.uint64], sources: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """EACH of `articles`: the first of every source, then the second of every source, and so on."""
    if len(articles) <= EACH:
        return articles
    names = sources.take(pa.array(articles)).combine_chunks().dictionary_encode()
    codes = (names.combine_chunks() if isinstance(names, pa.ChunkedArray) else names).indices.fill_null(-1).to_numpy()
    by = np.lexsort((articles, order[articles], codes))
    ranks = np.arange(len(by)) - np.maximum.accumulate(np.where(np.r_[True, codes[by][1:] != codes[by][:-1]], np.arange(len(by)), 0))
    first = np.lexsort((articles[by], order[articles[by]], ranks))[:EACH]
    return np.sort(articles[by][first])


def _paired(measures: Path, pairs: pa.Table) -> list[int]:
    """Both articles of the least similar pairs of each kind, and members of the biggest clusters, kept article first."""
    out: list[int] = []
    for kind in ("near", "contained", "exact"):
        rows = pairs.filter(pc.equal(pairs["kind"], kind)).sort_by([("jaccard", "ascending"), ("left", "ascending"), ("right", "ascending")])
        for name in ("left", "right"):
            out += rows.slice(0, PAIRS)[name].to_pylist()
    clusters = pq.read_table(measures, columns=["near_cluster"])["near_cluster"]
    counts = sorted((-item["counts"], item["values"]) for item in pc.value_counts(pc.drop_null(clusters)).to_pylist())[:CLUSTERS]
    column = pc.fill_null(clusters, -1).to_numpy()
    for _, kept in counts:
        out += [kept, *np.flatnonzero(column == kept)[:MEMBERS].tolist()]
    return out
