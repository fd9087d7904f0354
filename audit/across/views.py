"""Views and the lines of them that do not count, handed to the kernels in the form they read."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from audit.kernels import sketch as kernels
from audit.kernels.folds import folds
from audit.kernels.tokens import SCRATCH, UNREADY
from audit.kernels.utf8 import pieces

Ints = npt.NDArray[np.int64]
Call = Callable[[Any, Any, Any, Any], None]
"""Takes (text, skip, table, room) as kernels.sketch.sketch does."""


def each(views: pa.LargeStringArray, skip: pa.ListArray, counts: Ints, call: Call) -> None:
    """Run a kernel over `views` without their lines `skip`; a null view is a text without tokens.

    Texts that show signs of not being in NFC come a second time, normalised: `call` sets counts[row] to UNREADY for them.
    """
    lines = np.array(skip.values, np.int32)
    line_cuts = np.array(skip.offsets, np.int64)
    fold = folds()
    table = (fold.page, fold.entries, fold.marks, fold.long, np.empty(SCRATCH, np.uint8))

    def run(texts: pa.LargeStringArray, rows: Ints, *, ready: bool) -> None:
        for data, cuts, first in pieces(texts):
            room = int(np.diff(cuts).max(initial=0)) // 2 + 16
            text = (data, cuts, rows[first : first + len(cuts) - 1], ready)
            call(text, (lines, line_cuts), table, (np.empty(3 * room, np.uint64), np.empty(room, np.uint64), np.empty(room, np.uint32)))

    run(views, np.arange(len(views)), ready=False)
    redo = np.flatnonzero(counts == UNREADY)
    if len(redo):
        texts = [unicodedata.normalize("NFC", text) for text in views.take(pa.array(redo)).to_pylist()]
        run(pa.array(texts, pa.large_string()), redo, ready=True)


@dataclass(frozen=True, slots=True)
class Shingles:
    """The shingles of texts, in order: text i's are all[starts[i] : starts[i] + counts[i]], uint64."""

    all: npt.NDArray[np.uint64]
    starts: Ints
    counts: Ints


def shingles(views: pa.LargeStringArray, skip: pa.ListArray) -> Shingles:
    """The shingles of `views` without their lines `skip`."""
    starts, counts = np.zeros(len(views), np.int64), np.zeros(len(views), np.int64)
    every = np.empty(2 * views.nbytes + len(views), np.uint64)  # more than there can be, even normalised; only what is filled is touched
    filled = 0

    def call(text: Any, skip: Any, table: Any, room: Any) -> None:
        nonlocal filled
        filled = kernels.shingles(text, skip, table, room, (every, starts, counts), filled)

    each(views, skip, counts, call)
    return Shingles(every, starts, counts)
