"""Whether a text is a page of headlines or links that was taken for an article: a section's front, an archive, "more galleries"."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from audit.kernels import listing, signs
from audit.kernels.utf8 import buffers, pieces
from audit.measure.article import Mark

HEADS, SHARE = 10, 0.6
"""Lines like headlines; their share of all lines and of all their bytes. Song texts and programmes look alike: written line by line,
each with a capital and without a full stop."""


def measure(views: pa.LargeStringArray) -> tuple[dict[str, pa.Array], dict[int, Mark]]:
    """`listing` of every article, null for a null view; and row -> the first line of the longest run of such lines in its view."""
    rows = np.zeros((len(views), 6), np.int64)
    for data, cuts, first in pieces(views):
        listing.measure(data, cuts, listing.kinds(), signs.kinds(), rows[first:])
    heads, lines = rows[:, listing.HEADS], rows[:, listing.LINES]
    is_listing = (heads >= HEADS) & (heads >= SHARE * lines) & (rows[:, listing.HEAD_BYTES] >= SHARE * rows[:, listing.BYTES])
    data, cuts = buffers(views)
    null = views.is_null().to_numpy(zero_copy_only=False)
    marks = {row: _mark(data, int(cuts[row]), rows[row]) for row in np.flatnonzero(is_listing & ~null).tolist()}
    return {"listing": pa.array(is_listing, mask=null)}, marks


def _mark(data: np.ndarray, start: int, row: np.ndarray) -> Mark:
    """The line at the byte where the longest run begins, as `str.splitlines` counts lines."""
    first = start + int(row[listing.FIRST])
    before = data[start:first].tobytes().decode()
    text = data[first : first + listing.LONG].tobytes().decode(errors="ignore").splitlines()[0].rstrip()
    rows = (before + text).splitlines()
    begin = len(rows[-1]) - len(text)
    return Mark("listing", len(rows) - 1, begin, begin + len(text), f"{row[listing.HEADS]} of {row[listing.LINES]} lines are headlines or links")
