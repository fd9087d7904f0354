"""A stretch of a file: its records as bytes, with the text and title of each; and what a kind of file must know to write them again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa

from audit.corpus.fields import Chosen
from audit.corpus.records import Bad, Item, Record
from audit.corpus.rows import text_of
from audit.kernels import utf8

Numbers: TypeAlias = npt.NDArray[np.int64]
ROLES = ("title", "text")
"""The fields that are cleaned."""


class Chunk(NamedTuple):
    """A stretch as it is read.

    Attributes:
        head: What stands before the records and is written as it is.
        data: Whole lines, the first with `number`, and wide.PAD bytes behind them; only where lines are records (JSON Lines).
        items: The records behind them that a reader made.
        names: The names of the cells, where records are rows.
        ended: Whether the last record has a line end.
    """

    head: bytes = b""
    data: bytes = b""
    number: int = 1
    items: tuple[Item, ...] = ()
    names: tuple[str, ...] = ()
    ended: bool = True


@dataclass(frozen=True, slots=True)
class Block:
    """The records of a chunk.

    Attributes:
        data: Where their bytes stand: record i is data[starts[i]:ends[i]], and with its line end data[starts[i]:stops[i]].
        lines: The number of each in its file.
        columns: Role -> large_string, as read; null where it is missing or no string.
        spans: Role -> (2, n): where the value is written in `data`; -1 where it is not known. Empty: `Form.place` finds it.
        values: The fields of each record; empty: they are read from its bytes.
        bad: What should be a record and is none.
        head, names: As in the chunk.
    """

    data: memoryview
    lines: Numbers
    starts: Numbers
    ends: Numbers
    stops: Numbers
    columns: Mapping[str, pa.LargeStringArray]
    spans: Mapping[str, Numbers]
    values: tuple[Mapping[str, Any], ...]
    bad: tuple[Bad, ...]
    head: bytes = b""
    names: tuple[str, ...] = ()

    def record(self, row: int) -> bytes:
        """The bytes of a record, without its line end."""
        return bytes(self.data[self.starts[row] : self.ends[row]])

    def value(self, row: int) -> Mapping[str, Any]:
        """The fields of a record."""
        return self.values[row] if self.values else orjson.loads(self.record(row))


@dataclass(frozen=True, slots=True)
class Form:
    """What a kind of file that is made of lines or texts must know.

    Attributes:
        cut: The chunks of a stream, given the largest record and the file's label.
        block: The records of a chunk, given the fields of the file and the largest record.
        place: Where the field at a path stands in the bytes of a record, given the names of its cells.
        written: A field's new text: text, as it was written, record -> bytes.
    """

    cut: Callable[[Any, int, str], Iterator[Chunk]]
    block: Callable[[Chunk, Chosen, int], Block]
    place: Callable[[bytes, tuple[str, ...], tuple[str, ...]], tuple[int, int]]
    written: Callable[[str, bytes, bytes], bytes]


def of_items(chunk: Chunk, fields: Chosen, end: bytes) -> Block:
    """The block of records that a reader made, each followed by `end`; the last one only if it is ended."""
    bad: list[Bad] = []
    records: list[Record] = []
    texts: list[str | None] = []
    for item in chunk.items:
        text = text_of(item, fields) if isinstance(item, Record) else item
        if isinstance(text, Bad):
            bad.append(text)
        elif isinstance(item, Record):
            records.append(item)
            texts.append(text)
    raws = [record.raw or b"" for record in records]
    sizes = np.array([len(raw) for raw in raws], np.int64)
    stops = np.cumsum(sizes + len(end))
    starts = stops - sizes - len(end)
    data = b"".join(raw + end for raw in raws)
    if records and not chunk.ended:
        data = data.removesuffix(end)
        stops[-1] -= len(end)
    titles = [title_of(fields, record.value) for record in records]
    columns = {"text": utf8.texts(texts), "title": utf8.texts(titles)}
    values = tuple(record.value for record in records)
    lines = np.array([record.line for record in records], np.int64)
    return Block(memoryview(data), lines, starts, starts + sizes, stops, columns, {}, values, tuple(bad), chunk.head, chunk.names)


def title_of(fields: Chosen, value: Mapping[str, Any]) -> str | None:
    """The title as it stands in a record; None if it is missing or no string."""
    title = fields.value("title", value)
    return title if isinstance(title, str) else None
