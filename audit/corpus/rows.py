"""Records and columns to batches of places.PLACED of a good size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from audit.corpus import dates
from audit.corpus.fields import Chosen, host, plain
from audit.corpus.places import PLACED
from audit.corpus.records import KEPT, NO_STRING, NOT_UTF8, Bad, Record
from audit.tables import ARTICLES

BATCH_ROWS = 2_048
BATCH_SIZE = 3 << 20
"""Characters or bytes of text from which on a batch is full: what is read at once (corpus.open.BLOCK) makes one batch."""


def text_of(record: Record, fields: Chosen) -> str | Bad | None:
    """The text as it stands in the record, None if missing; a bad record if it is no text."""
    value = fields.value("text", record.value)
    if value is None or type(value) is str:
        return value
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return Bad(record.line, NOT_UTF8, value[:KEPT])
    if isinstance(value, float) and value != value:  # NaN: how a data frame says "missing"
        return None
    return Bad(record.line, NO_STRING, record.raw[:KEPT] if record.raw is not None else _shown(record))


def _shown(record: Record) -> bytes:
    return repr(dict(record.value)).encode(errors="replace")[:KEPT]


class Rows:
    """Articles that wait until they make a batch; they are numbered in the order of adding."""

    def __init__(self) -> None:
        self._columns: list[list[Any]] = [[] for _ in ARTICLES]
        self._parts: list[pa.RecordBatch] = []
        self._waiting = self._size = self._taken = 0

    @property
    def full(self) -> bool:
        """Whether what waits is a batch."""
        return self._waiting >= BATCH_ROWS or self._size >= BATCH_SIZE

    def extend(self, articles: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
        """Many articles more; the batches that this makes full."""
        at = 0
        while at < articles.num_rows:
            part = articles.slice(at, BATCH_ROWS - self._waiting)
            self._flush()
            self._parts.append(part)
            self._waiting += part.num_rows
            self._size += part["text"].nbytes
            at += part.num_rows
            if self.full:
                yield self.take()

    def add(self, file: str, record: Record, fields: Chosen, text: str | None) -> None:
        """One article more."""
        title, byline, key, url, source, lang = (
            plain(fields.value(role, record.value)) for role in ("title", "byline", "id", "url", "source", "lang")
        )
        row = (
            0, key or f"{file}:{record.line}", file, record.line, source or (host(url) if url else None), url,
            dates.seconds(fields.value("date", record.value)), lang, title, byline, text,
        )  # fmt: skip
        for column, value in zip(self._columns, row, strict=True):
            column.append(value)
        self._waiting += 1
        self._size += len(text or "") + len(title or "") + len(byline or "")

    def _flush(self) -> None:
        """Make a part of the articles that were added one by one."""
        if self._columns[0]:
            arrays = [pa.array(column, field.type) for column, field in zip(self._columns, ARTICLES, strict=True)]
            nowhere = pa.nulls(len(self._columns[0]), pa.int64())
            self._parts.append(pa.record_batch([*arrays, nowhere, nowhere], schema=PLACED))
            self._columns = [[] for _ in ARTICLES]

    def take(self) -> pa.RecordBatch:
        """The batch; may be empty."""
        self._flush()
        parts = self._parts or [pa.RecordBatch.from_pylist([], PLACED)]
        whole = parts[0] if len(parts) == 1 else pa.concat_batches(parts)
        numbers = pa.array(range(self._taken, self._taken + whole.num_rows), pa.int64())
        self._taken += whole.num_rows
        self._parts, self._waiting, self._size = [], 0, 0
        return whole.set_column(0, ARTICLES.field(0), numbers)
