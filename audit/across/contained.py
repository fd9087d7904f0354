"""Articles that stand almost whole in a longer one, and those of them that are only its head, cut off."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from audit.across import verify
from audit.across.clusters import Verified
from audit.across.exact import Facts, Groups, Ints
from audit.kernels.shingles import SIZE
from audit.kernels.sketch import LEAST

SHARE = (9, 10)
"""Of its shingles that a contained article has in common with the longer one, at least."""
LONGER = (5, 4)
"""Tokens of the longer article by those of its head, at least."""
SLACK = 10
"""Tokens that a head may differ by at its beginning (a dateline) and its end (a word cut in two)."""
SIGN_OFF = re.compile(
    r"""(?: (?:\A|\n) \W* (?: reuters? | ap | afp | upi | dpa | tass | xinhua | ends? | 30 ) (?: \W | &\#\d+; )*   # a line of its own
          | [(\[*–—-] \s* (?: reuters? | ap | afp | upi | dpa | ends? | 30 ) \s* [)\]*–—-]? (?: \W | &\#\d+; )*   # (END), - Reuters, -30-
          | \#{2,} \s* ) \Z""",
    re.VERBOSE | re.IGNORECASE,
)
"""How a wire story says that it is complete (AP and Reuters style; of 144 contained Reuters-21578 stories 140 end in "Reuter", some with an
entity of a control character behind it)."""


@dataclass(frozen=True, slots=True)
class Contained:
    """Pairs of classes, the short one in the long one, and per class the best of them.

    Attributes:
        short, long: int64.
        share: float64, of the short one's shingles that the long one has.
        best: int64 by class, the pair of the greatest share, then of the longest article, then of the preferred one; -1: none.
    """

    short: Ints
    long: Ints
    share: npt.NDArray[np.float64]
    best: Ints


def choose(pairs: Verified, classes: int, is_near: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.bool_], Contained]:
    """(which pairs are contained, these pairs): at least SHARE of LEAST shingles or more, though they are not near."""
    sizes = np.zeros(classes, np.int64)
    sizes[pairs.left], sizes[pairs.right] = pairs.left_size, pairs.right_size
    forward = pairs.left_size <= pairs.right_size
    short, long = np.where(forward, pairs.left, pairs.right), np.where(forward, pairs.right, pairs.left)
    mask = ~is_near & (sizes[short] >= LEAST) & (pairs.shared * SHARE[1] >= sizes[short] * SHARE[0])
    short, long, shared = short[mask], long[mask], pairs.shared[mask]
    best = np.full(len(sizes), -1)
    order = np.lexsort((long, ~sizes[long], ~shared, short))
    one, at = np.unique(short[order], return_index=True)
    best[one] = order[at]
    return mask, Contained(short, long, shared / np.maximum(sizes[short], 1), best)


def columns(groups: Groups, found: Contained) -> dict[str, pa.Array]:
    """contained, contained_in and containment of every article, as tables.COLUMNS has them."""
    live = groups.of >= 0
    pair = np.full(len(live), -1)
    pair[live] = found.best[groups.of[live]]
    some = pair >= 0
    at = pair[some]
    into, share = np.zeros(len(live), np.int64), np.zeros(len(live))
    into[some], share[some] = groups.chosen[found.long[at]], found.share[at]
    return {
        "contained": pa.array(some, mask=~live),
        "contained_in": pa.array(into, mask=~some),
        "containment": pa.array(share, mask=~some),
    }


def cut(found: Contained, groups: Groups, facts: Facts, gather: verify.Gather, workers: int) -> pa.BooleanArray:
    """The articles that are the head of a longer one of the same source or headline that goes on, and do not sign off."""
    tokens = groups.counts + SIZE - 1
    longer = tokens[found.long] * LONGER[1] >= tokens[found.short] * LONGER[0]
    rows = np.flatnonzero(longer & _akin(found, groups, facts))
    is_head, ends = verify.heads(found.short[rows], found.long[rows], groups, gather, workers, SLACK)
    complete = np.array([SIGN_OFF.search(end) is not None for end in ends], np.bool_)
    classes = np.zeros(len(groups.chosen), np.bool_)
    classes[found.short[rows[is_head & ~complete]]] = True
    live = groups.of >= 0
    return pa.array(np.where(live, classes[np.where(live, groups.of, 0)], False) if len(classes) else live)


def _akin(found: Contained, groups: Groups, facts: Facts) -> npt.NDArray[np.bool_]:
    """Whether source or headline of the two agree, as far as known."""
    one, other = groups.donor[found.short], groups.donor[found.long]
    same = [(key[one] == key[other]) & (key[one] != 0) for key in (facts.source, facts.title)]
    return same[0] | same[1]
