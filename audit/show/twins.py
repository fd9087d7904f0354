"""Duplicates as a reader sees them: the biggest clusters, and pairs side by side with what differs and which copy is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from audit.result import Document
from audit.show import diff, evidence, numbers
from audit.show.shelf import Row, Shelf

PAIRS: Mapping[str, int] = {"near": 10, "contained": 5}
"""Pairs of each kind that are shown, the least similar first."""
HUNKS = 8
"""Places of a pair where the texts differ."""
CLUSTERS, MEMBERS = 10, 5
KEPT_FOR = {"longest": "it is the longest", "first": "it comes first in the corpus", "newest": "it is the newest"}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles; `kept` says which stays and why. `more`: places beyond the hunks where they differ too."""

    kind: str
    jaccard: str
    containment: str
    left: evidence.Card
    right: evidence.Card
    kept: str
    hunks: tuple[diff.Hunk, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """The kept article of a cluster, and others of its `size` articles, each with its similarity to the kept one."""

    size: int
    kept: evidence.Card
    others: tuple[tuple[evidence.Card, str], ...]


def pairs(document: Document, shelf: Shelf) -> tuple[Pair, ...]:
    """The least similar pairs of each kind whose texts are examples: where a threshold lets in too much, it shows here first."""
    found: list[Pair] = []
    for kind, most in PAIRS.items():
        measure = "containment" if kind == "contained" else "jaccard"
        rows = shelf.read("pairs", ["left", "right", "kind", "jaccard", "containment"], pc.field("kind") == kind)
        here = pc.field("left").isin(shelf.articles) & pc.field("right").isin(shelf.articles)
        rows = rows.filter(here).sort_by([(measure, "ascending"), ("left", "ascending"), ("right", "ascending")])
        found += [_pair(row, document, shelf) for row in rows.slice(0, most).to_pylist()]
    return tuple(found)


def _pair(row: Row, document: Document, shelf: Shelf) -> Pair:
    left, right = shelf.facts(row["left"]), shelf.facts(row["right"])
    texts = [_text(shelf, row[side]) for side in ("left", "right")]
    hunks = diff.words(*texts)
    return Pair(
        row["kind"],
        numbers.similarity(row["jaccard"]),
        numbers.similarity(row["containment"]),
        evidence.card(row["left"], "duplicate", shelf),
        evidence.card(row["right"], "duplicate", shelf),
        kept(left, right, row["kind"], dict(document.settings).get("keep", "")),
        hunks[:HUNKS],
        max(0, len(hunks) - HUNKS),
    )


def _text(shelf: Shelf, article: int) -> str:
    """The text that was compared, the cleaned one, without its blank lines."""
    row = shelf.text(article)
    text = (row["cleaned"] or row["text"] or "") if row is not None else ""
    return "\n".join(line for line in text.splitlines() if line.strip())


def kept(left: Row, right: Row, kind: str, keep: str) -> str:
    """Which of the two articles stays, and why, in words; `keep` is the policy of the run."""
    why = KEPT_FOR.get(keep, "")
    if kind == "contained":
        inner = next((name for name, one, other in _sides(left, right) if one["contained_in"] == other["article"]), "")
        return f"the {inner} one stands almost whole in the other" if inner else "the one stands almost whole in the other"
    stays = [name for name, row, _ in _sides(left, right) if not row["duplicate"]]
    if len(stays) == 1:
        return f"the {stays[0]} one is kept" + (f": {why}" if why else "")
    if stays:
        return "both are kept: they are not near duplicates of the same kept article"
    others = sorted({row["duplicate_of"] for row in (left, right)})
    return f"neither is kept: article {' and '.join(map(str, others))} is kept instead"


def _sides(left: Row, right: Row) -> tuple[tuple[str, Row, Row], ...]:
    return (("left", left, right), ("right", right, left))


def clusters(shelf: Shelf) -> tuple[Cluster, ...]:
    """The biggest clusters of near duplicates, and a few articles of each, the least similar ones first."""
    column = shelf.read("measures", ["near_cluster"], pc.field("near_cluster").is_valid())["near_cluster"]
    counts = {item["values"]: item["counts"] for item in pc.value_counts(column).to_pylist()}
    biggest = sorted(counts, key=lambda cluster: (-counts[cluster], cluster))[:CLUSTERS]
    chosen = pc.field("near_cluster").isin(pa.array(biggest, pa.int64()))
    rows = shelf.read("measures", ["article", "near_cluster", "similarity"], chosen)
    rows = rows.sort_by([("similarity", "ascending"), ("article", "ascending")]).to_pylist()
    least = {head: [row for row in rows if row["near_cluster"] == head != row["article"]][:MEMBERS] for head in biggest}
    shelf.know([*biggest, *(row["article"] for few in least.values() for row in few)])
    return tuple(_cluster(head, counts[head], least[head], shelf) for head in biggest)


def _cluster(head: int, size: int, least: Sequence[Row], shelf: Shelf) -> Cluster:
    others = ((evidence.card(row["article"], "duplicate", shelf), _similarity(row["similarity"])) for row in least)
    return Cluster(size, evidence.card(head, "duplicate", shelf), tuple(others))


def _similarity(value: float | None) -> str:
    return "–" if value is None else numbers.similarity(value)
