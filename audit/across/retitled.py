"""Headlines across articles: who else has this one, and which texts stand under several."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from audit.across import views
from audit.kernels import headlines as kernels
from audit.kernels.chars import word_classes
from audit.kernels.utf8 import numbers


def keys(titles: pa.LargeStringArray) -> npt.NDArray[np.int64]:
    """A key for each headline: equal headlines have equal keys; 0 without one, or where it is too short to tell articles apart.

    Two headlines are equal whose tokens (kernels.tokens) are. Two different ones of a million have the same key with a probability of
    5e-8 (63 bits).
    """
    made, counts = np.zeros(len(titles), np.int64), np.zeros(len(titles), np.int64)
    none = pa.ListArray.from_arrays(numbers(np.zeros(len(titles) + 1, np.int64)).cast(pa.int32()), pa.nulls(0, pa.int32()))
    views.each(titles, none, counts, lambda text, skip, table, room: kernels.keys(text, skip, table, room, word_classes(), (counts, made)))
    return made


def cluster(keys: npt.NDArray[np.int64], text_hashes: pa.FixedSizeBinaryArray) -> tuple[pa.Int64Array, pa.BooleanArray]:
    """`title_cluster` and `retitled` (audit.tables) of all articles, in order.

    Args:
        keys: Of all headlines, as `keys` gives them. An article without one (0) is in no cluster, and neither retitled nor a
            reason to call another so.
        text_hashes: 16 bytes; null for an empty article, which is null in both columns.
    """
    empty = text_hashes.is_null().to_numpy(zero_copy_only=False)
    known = (keys != 0) & ~empty
    return _first_alike(keys, known), pa.array(_several(keys, known, text_hashes), mask=empty)


def _first_alike(keys: npt.NDArray[np.int64], known: npt.NDArray[np.bool_]) -> pa.Int64Array:
    """For each article the first with its key; null where no other has it."""
    articles = np.flatnonzero(known)
    _, first, group, counts = np.unique(keys[known], return_index=True, return_inverse=True, return_counts=True)
    leader = np.zeros(len(keys), np.int64)
    leader[articles] = articles[first][group]
    alone = np.ones(len(keys), np.bool_)
    alone[articles] = counts[group] == 1
    return pa.array(leader, mask=alone)


def _several(keys: npt.NDArray[np.int64], known: npt.NDArray[np.bool_], text_hashes: pa.FixedSizeBinaryArray) -> npt.NDArray[np.bool_]:
    """Whether an article's text stands under another headline too."""
    articles = np.flatnonzero(known)
    texts = pa.array(text_hashes).take(pa.array(articles)).dictionary_encode().indices.to_numpy()
    pairs = np.unique(np.column_stack([texts, keys[articles]]).astype(np.int64), axis=0)
    headlines = np.bincount(pairs[:, 0], minlength=int(texts.max(initial=-1)) + 1)
    several = np.zeros(len(keys), np.bool_)
    several[articles] = headlines[texts] > 1
    return several
