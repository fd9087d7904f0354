"""Rows that are in memory already: an Arrow table, a data frame, or dicts. The file is "memory", `line` the 1-based row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pyarrow as pa

from audit.corpus import parquet
from audit.corpus.records import KEPT, NO_OBJECT, SURROGATE, Bad, Item, Items, Record

LABEL = "memory"
ROWS = 1_024


def read(source: Any, wanted: Collection[str]) -> Items:
    """The records of `source`: a pa.Table, a pandas.DataFrame, another Arrow exporter, or an iterable of dicts."""
    if isinstance(source, pa.Table):
        yield from parquet.table(source, wanted)
    elif hasattr(source, "iloc") and hasattr(source, "to_dict"):
        yield from _rows(row for at in range(0, len(source), ROWS) for row in _frame(source.iloc[at : at + ROWS]))
    elif hasattr(source, "__arrow_c_stream__"):
        yield from parquet.table(pa.table(source), wanted)
    else:
        yield from _rows(source)


def _frame(frame: Any) -> list[dict[Any, Any]]:
    """The rows of a pandas frame; what pandas holds to be missing is None."""
    frame = frame.astype(object)
    return frame.where(frame.notna(), None).to_dict("records")


def _rows(rows: Iterable[Any]) -> Items:
    for number, row in enumerate(rows, 1):
        yield _item(number, row)


def _item(number: int, row: Any) -> Item:
    if not isinstance(row, Mapping):
        return Bad(number, NO_OBJECT, repr(row)[:KEPT].encode(errors="replace")[:KEPT])
    value = {str(name): cell for name, cell in row.items()}
    try:
        for cell in value.values():
            if isinstance(cell, str):
                cell.encode()
    except UnicodeEncodeError:
        return Bad(number, SURROGATE, repr(dict(row))[:KEPT].encode(errors="replace")[:KEPT])
    return Record(number, value)
