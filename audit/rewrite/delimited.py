"""CSV and TSV for rewriting: the cells of a row where they stand. A cell is quoted as it was, or where its new text needs it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from functools import partial

from audit.corpus import delimited
from audit.corpus.fields import Chosen, Path
from audit.corpus.lines import Line, lines
from audit.corpus.open import Stream
from audit.corpus.records import Bad, Item
from audit.rewrite.block import Block, Chunk, Form, of_items

ROWS, BYTES = 4_096, 4 << 20
"""A chunk has no more rows, or ends with the row that makes it so large."""


class _Noted:
    """Rows as they go by: the header, and whether the last one had a line end."""

    def __init__(self, rows: Iterable[Line], delimiter: str) -> None:
        self.head: bytes = b""
        self.names: tuple[str, ...] | None = None
        self.ended = True
        self._rows, self._delimiter = rows, delimiter

    def __iter__(self) -> Iterator[Line]:
        for row in self._rows:
            self.ended = row.ended
            if self.names is None and row.data.strip(b" \r"):
                cells = delimited.cells_of(row, self._delimiter)
                self.names = () if isinstance(cells, Bad) else tuple(cells)
                self.head = row.data + b"\n" * row.ended if self.names else b""
            yield row


def _cut(stream: Stream, most: int, label: str, delimiter: str) -> Iterator[Chunk]:
    noted = _Noted(delimited.rows(lines(stream, most), delimiter, most), delimiter)
    held: list[Item] = []
    size, first = 0, True
    for item in delimited.records(noted, stream, delimiter):
        if len(held) >= ROWS or size >= BYTES:  # the row at hand is not in it, so each of its rows has a line end
            yield _chunk(noted, held, stream, first=first)
            held, size, first = [], 0, False
        held.append(item)
        size += len((item.data if isinstance(item, Bad) else item.raw) or b"")
    if held or first:
        yield _chunk(noted, held, stream, first=first)._replace(ended=noted.ended)


def _chunk(noted: _Noted, items: list[Item], stream: Stream, *, first: bool) -> Chunk:
    mark = codecs.BOM_UTF8 if stream.marked else b""
    return Chunk(mark + noted.head if first else b"", items=tuple(items), names=noted.names or ())


def _block(chunk: Chunk, fields: Chosen, most: int) -> Block:
    return of_items(chunk, fields, b"\n")


def _place(record: bytes, names: tuple[str, ...], path: Path, delimiter: str) -> tuple[int, int]:
    """Where the cell of a name stands; of several with that name the last one counts, as for the reader."""
    cells = list(_cells(record, delimiter))
    return next(cells[at] for at in range(min(len(cells), len(names)) - 1, -1, -1) if names[at] == path[0])


def _cells(record: bytes, delimiter: str) -> Iterator[tuple[int, int]]:
    """Where the cells stand, with their quotes and without the delimiters."""
    mark = re.escape(delimiter.encode())
    cell = re.compile(rb'(?:"(?:[^"]++|"")*+")?[^' + mark + rb"]*+", re.DOTALL)
    at, end = 0, len(record) - record.endswith(b"\r")
    while True:
        found = cell.match(record, at, end)
        assert found is not None  # it matches anywhere
        yield found.span()
        if found.end() >= end:
            return
        at = found.end() + 1


def _written(text: str, before: bytes, record: bytes, delimiter: str) -> bytes:
    data = text.encode()
    needed = data.startswith(b'"') or any(byte in data for byte in (delimiter.encode(), b"\n", b"\r"))
    return b'"' + data.replace(b'"', b'""') + b'"' if needed or before.startswith(b'"') else data


def form(delimiter: str) -> Form:
    """The form of tables with this delimiter."""
    return Form(partial(_cut, delimiter=delimiter), _block, partial(_place, delimiter=delimiter), partial(_written, delimiter=delimiter))
