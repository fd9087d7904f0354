"""Parquet, and Arrow tables in memory: rows in small batches, only the columns that a field may come from. `line` is the row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit.corpus.columns import Cells, Part, Plan
from audit.corpus.columns import batch as articles
from audit.corpus.records import CORRUPT_PARQUET, KEPT, Bad, Items, Record
from audit.errors import CorpusError

Made = TypeVar("Made")
ROWS = 256
"""Rows at a time: a column that says one large text over and over is small in the file and large in memory."""


def names(path: Path) -> list[str]:
    """The names of the columns; none if the file is no Parquet."""
    try:
        with pq.ParquetFile(path) as file:
            return list(file.schema_arrow.names)
    except (pa.ArrowException, OSError, ValueError):
        return []


def read(path: Path, wanted: Collection[str]) -> Items:
    """The records of a Parquet file, with the columns of `wanted` (as fields.key gives names); a part that cannot be read is one bad record."""
    yield from _each(path, wanted, _records)


def columns(path: Path, wanted: Collection[str], plan: Plan) -> Iterator[Part]:
    """The articles of a Parquet file: batches of tables.ARTICLES, and items where a column is not what its role asks."""
    yield from _each(path, wanted, lambda batch, at: _articles(batch, at, plan))


def _each(path: Path, wanted: Collection[str], make: Callable[[pa.RecordBatch, int], Iterator[Made]]) -> Iterator[Made | Bad]:
    """What `make` makes of batches of rows and the number of their first; a part that cannot be read is one bad record."""
    start = _start(path)
    try:
        file = pq.ParquetFile(path, pre_buffer=False)
    except (pa.ArrowException, OSError, ValueError):
        yield Bad(1, CORRUPT_PARQUET, start)
        return
    with file:
        first = 1
        for group in range(file.num_row_groups):
            yield from _group(file, group, first, _indexes(file.schema_arrow.names, wanted), make)
            first += file.metadata.row_group(group).num_rows


def _start(path: Path) -> bytes:
    try:
        with open(path, "rb") as stream:
            return stream.read(KEPT)
    except OSError as error:
        raise CorpusError(f"cannot read {path}: {error.strerror or error}") from error


def _indexes(columns: Iterable[str], wanted: Collection[str]) -> list[str]:
    from audit.corpus.fields import key

    return [name for name in columns if key(name) in wanted]


def _group(
    file: pq.ParquetFile, group: int, first: int, names: list[str], make: Callable[[pa.RecordBatch, int], Iterator[Made]]
) -> Iterator[Made | Bad]:
    at = first
    try:
        if not names:
            rows = file.metadata.row_group(group).num_rows
            yield from make(pa.RecordBatch.from_struct_array(pa.array([{}] * rows, pa.struct([]))), first)
            return
        for batch in file.iter_batches(ROWS, row_groups=[group], columns=names, use_threads=False):
            yield from make(batch, at)
            at += batch.num_rows
    except (pa.ArrowException, OSError, ValueError, MemoryError):
        yield Bad(at, CORRUPT_PARQUET)


def _records(batch: pa.RecordBatch, at: int) -> Iterator[Record]:
    for number, value in enumerate(values(batch), at):
        yield Record(number, value)


def _articles(batch: pa.RecordBatch, at: int, plan: Plan) -> Iterator[Part]:
    """The batch as articles, where its texts are strings of valid UTF-8; else its records."""
    try:
        cells = {name: _cells(batch[name]) for name in plan.names}
    except pa.ArrowInvalid:  # not UTF-8
        yield from _records(batch, at)
        return
    if "text" in plan.fields.paths and cells[plan.fields.paths["text"][0]].others:
        yield from _records(batch, at)
        return
    yield articles(plan.label, pa.array(range(at, at + batch.num_rows), pa.int64()), plan.fields, cells)


def _cells(column: pa.Array) -> Cells:
    """The cells of a column.

    Raises:
        pa.ArrowInvalid: Its strings are no UTF-8.
    """
    if pa.types.is_dictionary(column.type) and _is_text(column.type.value_type):
        column = column.cast(column.type.value_type)
    if _is_text(column.type):
        column.validate(full=True)
        return Cells(column.cast(pa.large_string()))
    values = plain(column)
    return Cells(pa.nulls(len(column), pa.large_string()), {row: value for row, value in enumerate(values) if value is not None})


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def table(rows: pa.Table, wanted: Collection[str]) -> Items:
    """The records of a table in memory."""
    chosen = rows.select(_indexes(rows.column_names, wanted))
    at = 1
    for batch in chosen.to_batches(ROWS) if chosen.num_columns else ():
        for value in values(batch):
            yield Record(at, value)
            at += 1
    if not chosen.num_columns:
        yield from (Record(row + 1, {}) for row in range(rows.num_rows))


def values(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    """The rows as plain values: times as seconds since 1970, text that is no UTF-8 as bytes."""
    columns = [plain(column) for column in batch.columns]
    for cells in zip(*columns, strict=True):
        yield dict(zip(batch.schema.names, cells, strict=True))


_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def plain(column: pa.Array) -> list[Any]:
    """The values of a column: times as seconds since 1970, text that is no UTF-8 as bytes."""
    if pa.types.is_timestamp(column.type):
        per = _PER_SECOND[column.type.unit]
        return [value // per if value is not None else None for value in column.cast(pa.int64()).to_pylist()]
    try:
        return column.to_pylist()
    except UnicodeDecodeError:
        if pa.types.is_dictionary(column.type):
            column = pc.take(column.dictionary, column.indices)
        kind = pa.binary() if pa.types.is_string(column.type) else pa.large_binary()
        return column.cast(kind).to_pylist()
