"""Records to batches of tables.ARTICLES."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from audit.corpus import dates
from audit.corpus.fields import Chosen, host, plain
from audit.corpus.records import KEPT, NO_STRING, NOT_UTF8, Bad, Record
from audit.tables import ARTICLES

BATCH_ROWS = 4_096
BATCH_CHARS = 8 << 20


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
    """Articles that wait until they make a batch."""

    def __init__(self) -> None:
        self.count = 0
        self._columns: list[list[Any]] = [[] for _ in ARTICLES]
        self._chars = 0

    @property
    def full(self) -> bool:
        """Whether what waits is a batch."""
        return len(self._columns[0]) >= BATCH_ROWS or self._chars >= BATCH_CHARS

    def add(self, file: str, record: Record, fields: Chosen, text: str | None) -> None:
        """One article more; it is numbered in the order of adding."""
        title, byline, key, url, source, lang = (
            plain(fields.value(role, record.value)) for role in ("title", "byline", "id", "url", "source", "lang")
        )
        row = (
            self.count, key or f"{file}:{record.line}", file, record.line, source or (host(url) if url else None), url,
            dates.seconds(fields.value("date", record.value)), lang, title, byline, text,
        )  # fmt: skip
        for column, value in zip(self._columns, row, strict=True):
            column.append(value)
        self.count += 1
        self._chars += len(text or "") + len(title or "") + len(byline or "")

    def take(self) -> pa.RecordBatch:
        """The batch; may be empty."""
        arrays = [pa.array(column, field.type) for column, field in zip(self._columns, ARTICLES, strict=True)]
        self._columns, self._chars = [[] for _ in ARTICLES], 0
        return pa.record_batch(arrays, schema=ARTICLES)
