"""Exact, near and contained duplicates of a corpus: candidates, verification, clusters. The door to this part of `across`.

    plan -> sketch (each batch) -> Pile -> compare

Sketches only propose. Every pair is verified on the exact sets of 64-bit shingle hashes, read again from the texts; every
article that is removed names a kept one with which it itself is as similar as the threshold asks (design.md, law 3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from audit import memory
from audit.across import candidates, clusters, contained, verify
from audit.across.candidates import GIANT, HUBS, Pairs, halves
from audit.across.clusters import Kept, Verified
from audit.across.exact import Facts, Groups, group
from audit.across.near import Pile, Plan, Sketches, plan, signatures, sketch
from audit.across.verify import Fetch, Gather

__all__ = ["Duplicates", "Facts", "Fetch", "Gather", "Pile", "Plan", "Sketches", "compare", "plan", "signatures", "sketch"]

ROUNDS = 8
"""How often the kept articles of giant band keys are compared again, with fewer of them each time."""


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What the comparison found; arrays are over all articles and null as tables.COLUMNS says.

    Attributes:
        pairs: left, right (article numbers, left < right), kind, jaccard, containment; by left, then right (tables.PAIRS).
        cut: Articles that are the head of a longer one. Never null.
        notes: Bounds that were hit, as sentences.
    """

    pairs: pa.Table
    exact_cluster: pa.Int64Array
    near_cluster: pa.Int64Array
    duplicate: pa.BooleanArray
    duplicate_of: pa.Int64Array
    similarity: pa.DoubleArray
    contained: pa.BooleanArray
    contained_in: pa.Int64Array
    containment: pa.DoubleArray
    cut: pa.BooleanArray
    notes: tuple[str, ...]


def compare(sketches: Sketches, facts: Facts, gather: Gather, plan: Plan, keep: str, workers: int) -> Duplicates:
    """Compare a corpus with itself.

    Args:
        sketches: Of all articles, made with this plan and these texts.
        facts: Of all articles.
        gather: Articles (int64, ascending) -> what fetches their article, view and skip (verify.Gather).
        plan: As `plan` gives it.
        keep: Which article of a cluster stays (config.KEEP).
        workers: Threads; the result does not depend on them.
    """
    groups = group(sketches, facts, keep)
    memory.release()
    pairs, kept, notes = _near(sketches, groups, gather, plan, workers)
    memory.release()
    more = np.setdiff1d(candidates.contained(sketches, groups, kept.kept, workers), _packed(pairs), assume_unique=True)
    memory.release()
    pairs = _joined(pairs, _verified(more, groups, gather, workers))
    is_near = _reaches(pairs, plan)
    kept = clusters.keep(pairs.take(is_near), len(groups.chosen))
    is_contained, found = contained.choose(pairs, len(groups.chosen), is_near)
    return Duplicates(
        pairs=_table(pairs, is_near, is_contained, groups),
        **clusters.columns(groups, kept),
        **contained.columns(groups, found),
        cut=contained.cut(found, groups, facts, gather, workers),
        notes=notes,
    )


def _near(sketches: Sketches, groups: Groups, gather: Gather, plan: Plan, workers: int) -> tuple[Verified, Kept, tuple[str, ...]]:
    """(all pairs that were compared, what they leave, notes).

    A giant band key has its classes compared with its few most preferred ones only. What is still kept then is compared
    again within its keys, which are smaller now, until nothing new is proposed.
    """
    classes, first = len(groups.chosen), 0
    pairs = _verified(np.zeros(0, np.uint64), groups, gather, workers)
    kept = clusters.keep(pairs, classes)
    giants = 0
    for turn in range(ROUNDS):
        proposed, giants = candidates.near(sketches, groups, kept.kept, plan.bands, workers)
        new = np.setdiff1d(proposed, _packed(pairs), assume_unique=True)
        if not len(new):
            break
        pairs = _joined(pairs, _verified(new, groups, gather, workers))
        kept = clusters.keep(pairs.take(_reaches(pairs, plan)), classes)
        first = giants if turn == 0 else first
        if not giants:
            break
    return pairs, kept, _notes(first, giants)


def _notes(first: int, last: int) -> tuple[str, ...]:
    notes = []
    if first:
        notes.append(f"{first} band keys were shared by more than {GIANT} texts: pairs there are listed with the {HUBS} preferred texts only")
    if last:
        notes.append(f"{last} band keys are shared by more than {GIANT} kept texts: not all of these were compared with each other")
    return tuple(notes)


def _verified(proposed: Pairs, groups: Groups, gather: Gather, workers: int) -> Verified:
    left, right = halves(proposed)
    return Verified(left, right, *verify.shared(left, right, groups, gather, workers))


def _packed(pairs: Verified) -> Pairs:
    return (pairs.left.astype(np.uint64) << np.uint64(32)) | pairs.right.astype(np.uint64)


def _joined(one: Verified, other: Verified) -> Verified:
    fields = ("left", "right", "shared", "left_size", "right_size")
    both = Verified(*(np.concatenate([getattr(one, name), getattr(other, name)]) for name in fields))
    return both.take(np.argsort(_packed(both)))


def _reaches(pairs: Verified, plan: Plan) -> npt.NDArray[np.bool_]:
    """Whether a pair is as similar as the threshold asks, in whole numbers."""
    return pairs.shared * plan.bound.denominator >= pairs.union * plan.bound.numerator


def _table(pairs: Verified, is_near: npt.NDArray[np.bool_], is_contained: npt.NDArray[np.bool_], groups: Groups) -> pa.Table:
    """The pairs of distinct shingled texts, each by its first article; and every further text or copy with its first article."""
    listed = pairs.take(is_near | is_contained)
    smaller = np.maximum(np.minimum(listed.left_size, listed.right_size), 1)
    kinds = np.where(is_near, "near", "contained")[is_near | is_contained]
    found = [(groups.lowest[listed.left], groups.lowest[listed.right], kinds, listed.shared / listed.union, listed.shared / smaller)]
    live = np.flatnonzero(groups.of >= 0)
    copies = live[groups.first[live] != live]
    found.append((groups.first[copies], copies, *_same(len(copies), "exact")))
    texts = live[groups.first[live] == live]
    lowest = groups.lowest[groups.of[texts]] if len(texts) else texts
    others = lowest != texts
    found.append((lowest[others], texts[others], *_same(int(others.sum()), "near")))
    left, right, kind, jaccard, containment = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((np.maximum(left, right), np.minimum(left, right)))
    return pa.table(
        {
            "left": np.minimum(left, right)[order],
            "right": np.maximum(left, right)[order],
            "kind": pa.array(kind[order].tolist(), pa.string()),
            "jaccard": jaccard[order],
            "containment": containment[order],
        }
    )


def _same(count: int, kind: str) -> tuple[npt.NDArray[np.str_], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    return np.full(count, kind, "U9"), np.ones(count), np.ones(count)
