"""Which articles of an audited corpus are left out, and why. Pure: measures in, reasons out.

An article goes as a copy or as contained only if the article that is kept instead of it is written (design.md, law 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from audit.errors import ConfigError

GROUPS: Mapping[str, tuple[str, ...]] = {
    "empty": (),
    "truncated": ("truncation", "duplicates"),
    "damaged": ("damage",),
    "no-byline": ("bylines",),
    "exact": ("duplicates",),
    "near": ("duplicates",),
    "contained": ("duplicates",),
}
"""What can be dropped -> the groups of measures that say it. The order is that of precedence where several hold."""

COLUMNS = (
    "article", "id", "file", "line", "empty", "truncated", "encoding_damage", "missing_byline", "n_chars", "exact_cluster", "duplicate",
    "duplicate_of", "similarity", "contained", "contained_in", "containment",
)  # fmt: skip
_FLAGS = {"empty": "empty", "truncated": "truncated", "damaged": "encoding_damage", "no-byline": "missing_byline"}


@dataclass(frozen=True, slots=True)
class Dropped:
    """Why an article is left out.

    Attributes:
        why: The word of --drop.
        instead: The article that is written instead; None if none is.
        similarity: The Jaccard similarity of copies, or the share of it that the other article contains.
    """

    why: str
    instead: int | None = None
    similarity: float | None = None


def known(names: frozenset[str]) -> None:
    """Check what a user asks to drop.

    Raises:
        ConfigError: A word is not known.
    """
    unknown = sorted(names - GROUPS.keys())
    if unknown:
        raise ConfigError(f"drop is {unknown[0]!r}; known: {', '.join(GROUPS)}")


def decide(measures: pa.Table, names: frozenset[str]) -> dict[int, Dropped]:
    """Article -> why it is left out, from `COLUMNS` of measures.parquet."""
    columns = {name: measures[name].to_pylist() for name in COLUMNS}
    dropped: dict[int, Dropped] = {}
    for why, column in _FLAGS.items():
        if why in names:
            for article, holds in enumerate(columns[column]):
                if holds:
                    dropped.setdefault(article, Dropped(why))
    _copies(columns, names, dropped)
    if "contained" in names:
        _contained(columns, dropped)
    return dropped


def _copies(columns: Mapping[str, list[Any]], names: frozenset[str], dropped: dict[int, Dropped]) -> None:
    """Copies of an article that is written: near ones first, so that what stands for an exact one is not a near one that goes."""
    clusters, kept, alike = columns["exact_cluster"], columns["duplicate_of"], columns["similarity"]
    gone = frozenset(dropped)
    for article, better in enumerate(kept) if "near" in names else ():
        same = better is not None and clusters[article] is not None and clusters[better] == clusters[article]
        if better is not None and not same and article not in gone and better not in gone:
            dropped[article] = Dropped("near", better, alike[article])
    first = _first(columns, dropped)
    for article, cluster in enumerate(clusters) if "exact" in names else ():
        if cluster is not None and article not in dropped and first[cluster] != article:
            dropped[article] = Dropped("exact", first[cluster], 1.0)


def _first(columns: Mapping[str, list[Any]], dropped: Mapping[int, Dropped]) -> dict[int, int]:
    """Exact cluster -> the article that stays of it: the one that the audit keeps if it is in it and written, else the first that is."""
    stays: dict[int, tuple[bool, int]] = {}
    for article, cluster in enumerate(columns["exact_cluster"]):
        if cluster is not None and article not in dropped:
            stays[cluster] = min(stays.get(cluster, (True, article)), (bool(columns["duplicate"][article]), article))
    return {cluster: article for cluster, (_, article) in stays.items()}


def _contained(columns: Mapping[str, list[Any]], dropped: dict[int, Dropped]) -> None:
    """Articles within one that is written, the longest first; one that stands for another is not dropped itself."""
    inside, share, sizes = columns["contained_in"], columns["containment"], columns["n_chars"]
    stays: set[int] = {reason.instead for reason in dropped.values() if reason.instead is not None}
    for article in sorted((a for a, other in enumerate(inside) if other is not None), key=lambda a: (-(sizes[a] or 0), a)):
        if article not in dropped and article not in stays and inside[article] not in dropped:
            dropped[article] = Dropped("contained", inside[article], share[article])
            stays.add(inside[article])
