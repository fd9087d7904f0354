"""One reader for each file, behind one call: the items of a source, and the names of its fields where no record says them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from audit.config import Config
from audit.corpus import blocks, delimited, fields, files, json, jsonl, memory, parquet, text
from audit.corpus.columns import Part, Plan
from audit.corpus.files import File
from audit.corpus.open import BLOCK, Blocks, Meter, Stream, digest
from audit.corpus.records import Items, Record
from audit.corpus.unpack import Guard
from audit.errors import CorpusError

HEAD_RECORDS, HEAD_ITEMS, HEAD_BYTES = 256, 1_024, 8 << 20
"""How much of a file is looked at before its fields are chosen."""


@dataclass(frozen=True, slots=True)
class How:
    """What reading depends on: the largest record, the keys of fields that are wanted, and (for tests) block size and bomb guard."""

    max_record: int
    wanted: frozenset[str]
    block: int = BLOCK
    guard: Guard = field(default_factory=Guard)

    @classmethod
    def of(cls, config: Config, block: int = BLOCK, guard: Guard | None = None) -> How:
        """How a configuration reads."""
        return cls(config.max_record, fields.wanted(config.fields), block, guard or Guard())


@dataclass(frozen=True, slots=True)
class Source:
    """A file or rows in memory."""

    file: File
    rows: Any = None

    @property
    def once(self) -> bool:
        """Whether it cannot be read a second time."""
        return self.file.path is None

    def stream(self, how: How, meter: Meter) -> Stream:
        """The bytes of a file that is no Parquet."""
        return Stream(self.file.path, self.file.packing, meter, how.block, how.guard)

    @property
    def columnar(self) -> bool:
        """Whether `columns` can read it."""
        return self.file.form == "jsonl" or (self.file.form == "parquet" and self.file.path is not None)

    def columns(self, how: How, stream: Blocks | None, plan: Plan) -> Iterator[Part]:
        """The articles, as far as no look at their records is needed, and items; `stream` is that of JSON Lines."""
        if stream is None:
            return parquet.columns(_path(self.file), how.wanted, plan)
        return blocks.read(stream, plan)

    def read(self, how: How, meter: Meter, stream: Blocks | None = None) -> Items:
        """The records and bad records, in order; `stream` is the file's, if it is open already."""
        file = self.file
        if file.label == memory.LABEL and file.form == memory.LABEL:
            return memory.read(self.rows, how.wanted)
        if file.form == "parquet":
            return parquet.read(_path(file), how.wanted)
        return self.parsed(stream or self.stream(how, meter), how)

    def parsed(self, stream: Blocks, how: How) -> Items:
        """The records and bad records in the bytes of the file."""
        form = self.file.form
        if form == "txt":
            return text.read(stream, how.max_record, self.file.label)
        if form in ("csv", "tsv"):
            return delimited.read(stream, how.max_record, "," if form == "csv" else "\t")
        return (jsonl if form == "jsonl" else json).read(stream, how.max_record)

    def digest(self, meter: Meter) -> str:
        """The xxh3-128 of the bytes as stored, in hex; "" for rows in memory and for a pipe that was not read to its end."""
        if self.file.path is not None:
            return digest(self.file.path, meter)
        return meter.state.hexdigest() if self.file.form == "jsonl" else ""

    def names(self, records: Sequence[Mapping[str, Any]]) -> list[str]:
        """The fields that are there, for a message."""
        if self.file.form == "parquet":
            return parquet.names(_path(self.file))
        if self.rows is not None and hasattr(self.rows, "columns"):
            columns = getattr(self.rows, "column_names", None)
            return [str(name) for name in (self.rows.columns if columns is None else columns)]
        return fields.dotted(records)


def _path(file: File) -> Path:
    assert file.path is not None  # standard input is JSON Lines
    return file.path


def sources(source: Any) -> tuple[Source, ...]:
    """The sources of what a caller gives as a corpus: paths, a table, a data frame, or an iterable of dicts.

    Raises:
        CorpusError: It is nothing of these, or files.find cannot find it.
    """
    if isinstance(source, (str, Path)):
        return tuple(map(Source, files.find([source])))
    if isinstance(source, Sequence) and all(isinstance(part, (str, Path)) for part in source):
        return tuple(map(Source, files.find(list(source))))
    tabular = hasattr(source, "__arrow_c_stream__") or hasattr(source, "iloc")
    if isinstance(source, (Mapping, bytes)) or not (tabular or isinstance(source, Iterable)):
        raise CorpusError(f"a corpus is paths, an Arrow table, a data frame, or an iterable of dicts; not {type(source).__name__}")
    return (Source(File(memory.LABEL, None, memory.LABEL), source),)


def head(items: Items) -> tuple[Items, list[Mapping[str, Any]]]:
    """The items again, and the values of the first records among them; none of them a bad record before the first record."""
    taken, values, size = [], [], 0
    for item in items:
        taken.append(item)
        if isinstance(item, Record):
            values.append(item.value)
            size += len(item.raw or b"")
        else:
            size += len(item.data)
        if len(values) >= HEAD_RECORDS or len(taken) >= HEAD_ITEMS or size >= HEAD_BYTES:
            break
    return _again(taken, items), values


def _again(taken: list[Any], items: Items) -> Iterator[Any]:
    yield from chain(taken, items)
