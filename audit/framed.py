"""A pandas data frame -> the measures of its rows, in one pass of the whole audit and no output folder; remembered by the frame's fingerprint."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit import passes, written
from audit.across import duplicates
from audit.config import Config, FieldNames
from audit.corpus import open_corpus
from audit.measure import marks
from audit.measure.batch import Side

ROLES = tuple(f.name for f in fields(FieldNames))
GROUPS = frozenset(("language", "titles", "bylines", "truncation", "boilerplate", "damage", "duplicates"))
KEPT = 4
"""So many frames are remembered."""
EVIDENCE = 80
"""Characters of evidence in an example."""
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Example:
    """A bad row: its position in the frame, and what was seen there; "" where nothing can be shown."""

    row: int
    evidence: str


@dataclass(frozen=True, slots=True)
class Measured:
    """The measures of a frame.

    Attributes:
        rows: Rows of the frame.
        table: Columns of tables.MEASURES, one row per row of the frame that could be read.
        places: Position in the frame of each row of the table.
        evidence: (measure, row of the table) -> the first evidence.
    """

    rows: int
    table: pa.Table
    places: npt.NDArray[np.int64]
    evidence: Mapping[tuple[str, int], str]

    def against(self, measure: str, above: float | None = None, below: float | None = None) -> tuple[Flags, Flags]:
        """(which rows of the table are bad, which count: the measure is not null)."""
        column = self.table[measure].combine_chunks()
        counted = pc.is_valid(column).to_numpy(zero_copy_only=False)
        if above is not None or below is not None:
            column = pc.greater(column, above) if above is not None else pc.less(column, below)
        return pc.fill_null(column, False).to_numpy(zero_copy_only=False), counted

    def examples(self, bad: Flags, measure: str, most: int) -> list[Example]:
        """The first bad rows with their evidence."""
        found = np.flatnonzero(bad)[:most].tolist()
        return [Example(int(self.places[row]), self.evidence.get((measure, row), "")[:EVIDENCE]) for row in found]


_remembered: dict[tuple[str, tuple[tuple[str, str], ...]], Measured] = {}
_LOCK = threading.Lock()


def measure(frame: pd.DataFrame, names: Mapping[str, str], fingerprint: str | None = None) -> Measured:
    """The measures of a frame; of one with the same `fingerprint` and field names as before, those that are remembered.

    Raises:
        ConfigError: A role has no such name.
        CorpusError: No text field in the frame.
    """
    key = (fingerprint or "", tuple(sorted(names.items())))
    with _LOCK:
        if fingerprint and key in _remembered:
            return _remembered[key]
        made = _measured(frame, names)
        if fingerprint:
            for oldest in [*_remembered][: max(0, len(_remembered) - KEPT + 1)]:
                del _remembered[oldest]
            _remembered[key] = made
        return made


def _measured(frame: pd.DataFrame, names: Mapping[str, str]) -> Measured:
    config = Config(fields=FieldNames(**names))
    plan = duplicates.plan(config.threshold)

    def ignore(done: int) -> None:
        """Nobody watches."""

    with tempfile.TemporaryDirectory(prefix="corpus-audit-") as folder:
        part = Path(folder)
        corpus = open_corpus(frame, config, part / "quarantine.jsonl")
        read = passes.read(corpus, config, part, GROUPS, ignore)
        measures = passes.measured(read, Side(marks.load(), read.affixes, GROUPS), plan, config, part, ignore)
        compared = passes.compared(read, measures, plan, config, GROUPS)
        written.write_measures(measures, compared, read, part / "measures.parquet", GROUPS)
        written.write_findings(measures, read, part / "measures.parquet", part / "findings.parquet")
        table = pq.read_table(part / "measures.parquet", memory_map=False)
        found = pq.read_table(part / "findings.parquet", columns=["article", "check", "evidence"], memory_map=False)
    return Measured(len(frame), table, table["line"].to_numpy() - 1, _first(found))


def _first(findings: pa.Table) -> dict[tuple[str, int], str]:
    """The first evidence of each article for each measure."""
    out: dict[tuple[str, int], str] = {}
    for row in findings.to_pylist():
        check, article, evidence = row["check"], row["article"], row["evidence"]
        out.setdefault((_MEASURE_OF.get(check) or check, article), evidence)
    return out


_MEASURE_OF = {"title_repeats": "repeated_title", "boilerplate": "boilerplate_share", "boilerplate_lines": "boilerplate_share"}
"""Check of a finding -> the measure that an expectation asks about, where their names differ."""


def percent(share: float) -> str:
    """A share as a percentage: 0.02 is "2 %"; as exact as it was written, at most four digits."""
    return f"{float(Fraction(str(share)) * 100):.4g} %"
