"""Parquet for rewriting: the column chunks of text and title are made anew where they change, all others are copied as their bytes.

So types, encodings, compression, statistics and metadata of every other column stay what they are. Only a row group that
loses rows is written anew as a whole; one that loses all of them goes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit.corpus import parquet
from audit.corpus.fields import Chosen
from audit.corpus.records import CORRUPT_PARQUET, Bad, Record
from audit.corpus.rows import text_of
from audit.errors import ConfigError
from audit.kernels import utf8
from audit.rewrite import thrift
from audit.rewrite.block import ROLES, Numbers
from audit.rewrite.evidence import Evidence
from audit.rewrite.thrift import I64, LIST, STRUCT, Struct
from audit.rewrite.work import Done, Outcome, bad_rows, decide, told

MAGIC = b"PAR1"
# Fields of Parquet's structs (parquet.thrift).
ROWS, GROUPS = 3, 4
COLUMNS, BYTES, GROUP_ROWS, SORTED, GROUP_OFFSET, GROUP_STORED, ORDINAL = range(1, 8)
CHUNK_OFFSET, META, OFFSETS, OFFSETS_SIZE, INDEX, INDEX_SIZE = range(2, 8)
KIND, NAMES, CODEC, UNPACKED, STORED, DATA, INDEX_PAGE, DICTIONARY, STATISTICS, BLOOM, BLOOM_SIZE = 1, 3, 4, 6, 7, 9, 10, 11, 12, 14, 15

INT96 = 3
PACKINGS = ("none", "snappy", "gzip", "none", "brotli", "lz4", "zstd", "lz4")
"""By Parquet's number of the codec; no writer is left for LZO (3)."""
Chunk: TypeAlias = tuple[bytes, Struct]
"""A column chunk: its bytes, and its metadata."""


@dataclass(frozen=True, slots=True)
class Table:
    """A Parquet file: its footer as a tree, and where it is."""

    path: Path
    footer: Struct

    @property
    def groups(self) -> list[Struct]:
        """The row groups."""
        return self.footer[GROUPS][1][1]


def table(path: Path) -> Table | None:
    """The file's table; None if it is no Parquet that can be read."""
    try:
        pq.ParquetFile(path, pre_buffer=False).close()
        with path.open("rb") as stream:
            stream.seek(-8, io.SEEK_END)
            size = int.from_bytes(stream.read(4), "little")
            stream.seek(-8 - size, io.SEEK_END)
            return Table(path, thrift.read(stream.read(size))[0])
    except (pa.ArrowException, OSError, ValueError, IndexError):
        return None


def work(table: Table, group: int, first: int, fields: Chosen, label: str, evidence: Evidence | None) -> tuple[Done, Struct | None]:
    """What becomes of a row group whose first row is `first`; and its metadata as in a file of its own, None if it goes.

    Raises:
        ConfigError: Rows go, and a column cannot be written again as it was.
    """
    try:
        with pq.ParquetFile(table.path, pre_buffer=False) as file:
            read = Read(file, group, fields)
            bad, rows = _sound(read, first)
            outcome = decide({role: _strings(read, role, rows) for role in ROLES}, rows + first, label, evidence)
            data, made = _written(table, read, outcome, rows)
            changes = told(outcome, label, fields, rows + first, lambda row: read.identity[rows[row]])
    except (pa.ArrowException, OSError, ValueError, IndexError):
        outcome, bad, data, changes, made = Outcome({}, np.zeros(0, np.bool_)), (Bad(first, CORRUPT_PARQUET),), b"", None, None
    return Done(data, changes, outcome.dropped, bad_rows(label, bad, outcome.tally), outcome.tally), made


def placed(group: Struct, at: int, number: int) -> Struct:
    """The metadata of row group `number` that begins at `at` in the file."""
    columns = [_moved(column, at - len(MAGIC)) for column in group[COLUMNS][1][1]]
    moved = group | {COLUMNS: (LIST, (STRUCT, columns))}
    if GROUP_OFFSET in group:
        moved[GROUP_OFFSET] = (I64, at)
    if ORDINAL in group:
        moved[ORDINAL] = (group[ORDINAL][0], number)
    return moved


def end(table: Table, groups: Sequence[Struct]) -> bytes:
    """What stands behind the last row group: the footer, with everything but rows and row groups as it was."""
    footer = dict(table.footer)
    rows = sum(group[GROUP_ROWS][1] for group in groups)
    footer |= {ROWS: (I64, rows), GROUPS: (LIST, (STRUCT, list(groups)))}
    data = thrift.write(footer)
    return data + len(data).to_bytes(4, "little") + MAGIC


class Read:
    """The columns of a row group that are looked at."""

    def __init__(self, file: pq.ParquetFile, group: int, fields: Chosen) -> None:
        self.file, self.group, self.fields = file, group, fields
        self.size = file.metadata.row_group(group).num_rows
        self.tops = {role: self._top(fields.paths[role]) for role in ROLES if role in fields.paths}

    @cached_property
    def identity(self) -> list[Mapping[str, Any]]:
        """What names each row."""
        path = self.fields.paths.get("id")
        if path is None:
            return [{}] * self.size
        return [{path[0]: value} for value in parquet.plain(self._top(path))]

    def leaf(self, role: str) -> pa.Array | None:
        """The values of a field."""
        top = self.tops.get(role)
        for name in self.fields.paths[role][1:] if top is not None else ():
            top = pc.struct_field(top, name) if top is not None and pa.types.is_struct(top.type) else None
        return top

    def _top(self, path: tuple[str, ...]) -> pa.Array:
        column = self.file.read_row_group(self.group, columns=[".".join(path)], use_threads=False).column(path[0])
        return pa.concat_arrays(column.chunks) if column.num_chunks != 1 else column.chunk(0)


def _sound(read: Read, first: int) -> tuple[tuple[Bad, ...], Numbers]:
    """Rows that are no records, and the numbers of those that are."""
    leaf = read.leaf("text") if "text" in read.tops else None
    if leaf is None or _valid(leaf) is not None:
        return (), np.arange(read.size)
    path = read.fields.paths["text"]
    bad, rows = [], []
    for row, value in enumerate(parquet.plain(leaf)):
        for name in reversed(path):
            value = {name: value}
        text = text_of(Record(first + row, value), read.fields)
        (bad if isinstance(text, Bad) else rows).append(text if isinstance(text, Bad) else row)
    return tuple(bad), np.array(rows, np.int64)


def _valid(leaf: pa.Array) -> pa.Array | None:
    """The column as large_string; None if it is none, or no UTF-8."""
    try:
        texts = leaf.cast(pa.large_binary() if not pa.types.is_dictionary(leaf.type) else pa.large_string())
        return texts.cast(pa.large_binary()).cast(pa.large_string()) if not pa.types.is_fixed_size_binary(leaf.type) else None
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None


def _strings(read: Read, role: str, rows: Numbers) -> pa.LargeStringArray:
    """A field of these rows as read; null where it is missing or no string."""
    leaf = read.leaf(role) if role in read.tops else None
    if leaf is None:
        return pa.nulls(len(rows), pa.large_string())
    texts = _valid(leaf)
    if texts is None:
        texts = utf8.texts([_string(value) for value in parquet.plain(leaf)])
    return texts if len(rows) == len(texts) else texts.take(pa.array(rows))


def _string(value: Any) -> str | None:
    if isinstance(value, bytes):
        with suppress(UnicodeDecodeError):
            return value.decode()
    return value if isinstance(value, str) else None


def _written(table: Table, read: Read, outcome: Outcome, rows: Numbers) -> tuple[bytes, Struct | None]:
    """The bytes of the row group and its metadata, as in a file of its own."""
    new = {role: _renewed(read, role, texts, rows) for role, texts in outcome.new.items() if texts}
    if not outcome.kept.all() or len(rows) < read.size:
        stay = rows[outcome.kept]
        return _smaller(table, read, new, stay) if len(stay) else (b"", None)
    paths = {tuple(name.encode() for name in read.fields.paths[role]): top for role, top in new.items()}
    group = table.groups[read.group]
    chunks = []
    with table.path.open("rb") as stream:
        for column in group[COLUMNS][1][1]:
            path = tuple(column[META][1][NAMES][1][1])
            if path in paths:
                name = path[0].decode()
                kept = read.file.schema_arrow.field(name)
                made = pa.table([paths[path]], pa.schema([pa.field(name, paths[path].type, kept.nullable)]))
                chunks += _encoded(made, [column], integers=False)
            else:
                chunks.append((_copied(stream, column), column))
    return _joined(group, chunks, read.size)


def _renewed(read: Read, role: str, texts: Mapping[int, str], rows: Numbers) -> pa.Array:
    """The column that holds a field, with the new texts in it and nothing else beside it."""
    mask = np.zeros(read.size, np.bool_)
    places = sorted(texts)
    mask[rows[places]] = True
    whole = _strings(read, role, np.arange(read.size))
    column = pc.replace_with_mask(whole, pa.array(mask), pa.array([texts[row] for row in places], pa.large_string()))
    return _inside(read.tops[role], read.fields.paths[role], column)


def _inside(top: pa.Array, path: tuple[str, ...], leaf: pa.Array) -> pa.Array:
    """`leaf` where the path leads in the objects of `top`."""
    if len(path) == 1:
        return leaf
    inner = _inside(pc.struct_field(top, path[1]), path[1:], leaf)
    field = top.type.field(path[1])
    return pa.StructArray.from_arrays([inner], fields=[pa.field(path[1], inner.type, field.nullable)], mask=top.is_null())


def _smaller(table: Table, read: Read, new: Mapping[str, pa.Array], rows: Numbers) -> tuple[bytes, Struct | None]:
    """The row group with only these rows, all its columns encoded anew."""
    whole = read.file.read_row_group(read.group, use_threads=False)
    for role, top in new.items():
        path = read.fields.paths[role]
        at = whole.schema.get_field_index(path[0])
        field = whole.schema.field(at)
        column = top if len(path) == 1 else _merged(pa.concat_arrays(whole.column(at).chunks), path, top)
        whole = whole.set_column(at, pa.field(path[0], column.type, field.nullable), column)
    group = table.groups[read.group]
    integers = any(column.physical_type in ("INT32", "INT64") and "Decimal" in str(column.logical_type) for column in _leaves(read.file.schema))
    chunks = _encoded(whole.take(pa.array(rows)), group[COLUMNS][1][1], integers=integers, like=read.file.schema)
    return _joined(group, chunks, len(rows))


def _merged(old: pa.Array, path: tuple[str, ...], new: pa.Array) -> pa.Array:
    """Objects with the field at `path` taken from `new`."""
    parts, fields = [], []
    for field in old.type:
        part = pc.struct_field(old, field.name)
        if field.name == path[1]:
            inner = pc.struct_field(new, field.name)
            part = inner if len(path) == 2 else _merged(part, path[1:], inner)
        parts.append(part)
        fields.append(pa.field(field.name, part.type, field.nullable))
    return pa.StructArray.from_arrays(parts, fields=fields, mask=old.is_null())


def _leaves(schema: pq.ParquetSchema) -> list[pq.ColumnSchema]:
    return [schema.column(at) for at in range(len(schema.names))]


def _encoded(made: pa.Table, columns: Sequence[Struct], *, integers: bool, like: pq.ParquetSchema | None = None) -> list[Chunk]:
    """The chunks of a table, encoded as `columns` were.

    Raises:
        ConfigError: A column would not be stored as in the schema `like`.
    """
    metas = [column[META][1] for column in columns]
    names = [b".".join(meta[NAMES][1][1]).decode() for meta in metas]
    buffer = io.BytesIO()
    how: dict[str, Any] = {
        "compression": {name: PACKINGS[meta[CODEC][1]] for name, meta in zip(names, metas, strict=True)},
        "use_dictionary": [name for name, meta in zip(names, metas, strict=True) if DICTIONARY in meta],
        "write_statistics": [name for name, meta in zip(names, metas, strict=True) if STATISTICS in meta],
        "use_deprecated_int96_timestamps": any(meta[KIND][1] == INT96 for meta in metas),
        "store_decimal_as_integer": integers,
        "store_schema": False,
    }
    with pq.ParquetWriter(buffer, made.schema, **how) as writer:
        writer.write_table(made, row_group_size=max(len(made), 1))
    data = buffer.getvalue()
    if like is not None:
        with pq.ParquetFile(pa.BufferReader(data)) as file:
            _same(like, file.schema)
    size = int.from_bytes(data[-8:-4], "little")
    group = thrift.read(data, len(data) - 8 - size)[0][GROUPS][1][1][0]
    stream = io.BytesIO(data)
    # Where in the schema a column stands is said by the old names: lists may be called otherwise by another writer.
    return [
        (_copied(stream, column), column | {META: (STRUCT, column[META][1] | {NAMES: meta[NAMES]})})
        for column, meta in zip(group[COLUMNS][1][1], metas, strict=True)
    ]


def _same(old: pq.ParquetSchema, new: pq.ParquetSchema) -> None:
    for before, after in zip(_leaves(old), _leaves(new), strict=True):
        kept = ("physical_type", "length", "max_definition_level", "max_repetition_level")
        meaning = str(before.logical_type) == str(after.logical_type) or (before.physical_type == "BYTE_ARRAY" and before.precision <= 0)
        if not meaning or any(getattr(before, name) != getattr(after, name) for name in kept):
            raise ConfigError(f"the column {before.path!r} is stored as it cannot be written again; drop no articles, or convert the file")


def _copied(stream: BinaryIO, column: Struct) -> bytes:
    """The bytes of a column chunk."""
    meta = column[META][1]
    stream.seek(_start(meta))
    return stream.read(meta[STORED][1])


def _start(meta: Struct) -> int:
    """Where the first page of a column chunk stands."""
    return min(meta[name][1] for name in (DATA, DICTIONARY) if name in meta and meta[name][1] > 0)


def _joined(group: Struct, chunks: Sequence[Chunk], rows: int) -> tuple[bytes, Struct]:
    """A row group of these chunks, one behind the other as in a file of its own. What only speeds up reading (indexes of pages, filters) goes."""
    columns, at = [], len(MAGIC)
    for data, column in chunks:
        meta = column[META][1]
        bare = {number: field for number, field in column.items() if number not in (OFFSETS, OFFSETS_SIZE, INDEX, INDEX_SIZE)}
        bare[META] = (STRUCT, {number: field for number, field in meta.items() if number not in (BLOOM, BLOOM_SIZE)})
        columns.append(_moved(bare, at - _start(meta)) | {CHUNK_OFFSET: (I64, at)})
        at += len(data)
    metas = [column[META][1] for column in columns]
    made = group | {
        COLUMNS: (LIST, (STRUCT, columns)),
        BYTES: (I64, sum(meta[UNPACKED][1] for meta in metas)),
        GROUP_ROWS: (I64, rows),
    }
    if GROUP_STORED in group:
        made[GROUP_STORED] = (I64, at - len(MAGIC))
    made.pop(SORTED, None)  # cleaned text may sort otherwise
    return b"".join(data for data, _ in chunks), made


def _moved(column: Struct, by: int) -> Struct:
    """A column chunk's metadata with all offsets moved."""
    meta = dict(column[META][1])
    for name in (DATA, INDEX_PAGE, DICTIONARY):
        if name in meta and meta[name][1] > 0:
            meta[name] = (I64, meta[name][1] + by)
    return column | {META: (STRUCT, meta), CHUNK_OFFSET: (I64, column[CHUNK_OFFSET][1] + by)}
