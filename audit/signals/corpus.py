"""The columns that signals are made from, and their articles by source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit import tally
from audit.tables import TIME

Numbers = npt.NDArray[np.int64]
NEVER = np.iinfo(np.int64).min
"""Stands for null."""
EXAMPLES = 3
"""Articles that a signal names."""


@dataclass(frozen=True)
class Corpus:
    """Columns of measures.parquet, by article.

    Attributes:
        path: The file.
        names: Sources, most articles first, as audit.tally names them.
        codes: Per article the index of its source.
        dates: Seconds since 1970; NEVER without a date.
        words, chars: NEVER where empty.
    """

    path: Path
    names: list[str]
    codes: Numbers
    dates: Numbers
    words: Numbers
    chars: Numbers

    @cached_property
    def order(self) -> Numbers:
        """Articles by source, then by number."""
        return np.argsort(self.codes, kind="stable")

    def sources(self) -> Iterator[tuple[str | None, Numbers]]:
        """The whole corpus as None, if it has several sources; then each source; with its articles, ascending."""
        if len(self.names) > 1:
            yield None, np.arange(len(self.codes))
        cuts = np.searchsorted(self.codes[self.order], np.arange(len(self.names) + 1))
        for code, name in enumerate(self.names):
            if name != tally.OTHER_SOURCES:
                yield name, self.order[cuts[code] : cuts[code + 1]]

    def column(self, name: str) -> pa.ChunkedArray:
        """Another column."""
        return pq.read_table(self.path, columns=[name])[name]


def read(measures: Path) -> Corpus:
    """The corpus of measures.parquet."""
    names, codes = tally.sources(measures)
    table = pq.read_table(measures, columns=["date", "n_words", "n_chars"])
    dates = table["date"].cast(TIME).cast(pa.int64())  # Parquet holds no seconds: they come back as milliseconds
    dates, words, chars = (pc.fill_null(column, NEVER).to_numpy() for column in (dates, table["n_words"], table["n_chars"]))
    return Corpus(measures, names, codes, dates, words, chars)
