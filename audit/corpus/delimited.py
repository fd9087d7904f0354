"""CSV and TSV: rows under a header. Python's csv reads a row; where a row ends is found here, so that an open quote cannot fill the memory.

`line` is the physical line on which the row begins; the header is line 1.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Iterator

from audit.corpus.lines import Line, lines
from audit.corpus.open import Blocks
from audit.corpus.records import BROKEN_ROW, KEPT, MORE_CELLS, NO_HEADER, NOT_UTF8, TOO_LARGE, Bad, Item, Items, Record

csv.field_size_limit(min(sys.maxsize, (1 << 31) - 1))  # rows are bounded here, by max_record


def read(stream: Blocks, max_record: int, delimiter: str) -> Items:
    """The records of a delimited file. Cells that a row lacks are missing; cells beyond the header make it a bad row, unless they are empty."""
    return records(rows(lines(stream, max_record), delimiter, max_record), stream, delimiter)


def records(rows: Iterable[Line], stream: Blocks, delimiter: str) -> Items:
    """The records of the rows of a stream."""
    header: list[str] | None = None
    number = 0
    for row in rows:
        number = row.number
        if not row.ended and stream.broken:
            yield Bad(number, stream.broken, row.data[:KEPT])
            return
        if not row.data.strip(b" \r"):  # a tab may be a delimiter
            continue
        cells = cells_of(row, delimiter)
        if isinstance(cells, Bad):
            yield cells
            header = header or []  # without a header no row means anything: each goes to the quarantine
        elif header is None:
            header = cells
        else:
            yield _record(row, header, cells)
    if stream.broken:
        yield Bad(number + 1, stream.broken)


def _record(row: Line, header: list[str], cells: list[str]) -> Item:
    if not header:
        return Bad(row.number, NO_HEADER, row.data[:KEPT])
    if any(cells[len(header) :]):
        return Bad(row.number, MORE_CELLS, row.data[:KEPT])
    return Record(row.number, dict(zip(header, cells, strict=False)), row.data)


def cells_of(row: Line, delimiter: str) -> list[str] | Bad:
    """What the cells of a row say; a bad record if it cannot be read."""
    if row.large:
        return Bad(row.number, TOO_LARGE, row.data)
    if row.opened:
        return Bad(row.number, BROKEN_ROW, row.data[:KEPT])
    try:
        return next(csv.reader([row.data.removesuffix(b"\r").decode()], delimiter=delimiter))
    except UnicodeDecodeError:
        return Bad(row.number, NOT_UTF8, row.data[:KEPT])
    except (csv.Error, StopIteration):
        return Bad(row.number, BROKEN_ROW, row.data[:KEPT])


def rows(physical: Iterable[Line], delimiter: str, most: int) -> Iterator[Line]:
    """Lines joined while a quoted cell is open; of a row longer than `most` bytes only the first `KEPT` are handed on."""
    cells = _Cells(delimiter)
    held: list[bytes] = []
    first, size, large, opened = 0, 0, False, False
    for line in physical:
        first = first if opened else line.number
        size += len(line.data) + opened
        large = large or line.large or size > most
        held.append(line.data)
        if large:
            held = [b"\n".join(held)[:KEPT]]
        opened = cells.open(line.data, opened=opened) and not line.large  # how a line ends that was not held cannot be known
        if not opened:
            yield Line(first, b"\n".join(held), large, line.ended)
            held, size, large = [], 0, False
    if opened:
        yield Line(first, b"\n".join(held), large, ended=False, opened=True)


class _Cells:
    """Whether a line ends inside a quoted cell, by the rules of Python's csv: a quote opens a cell only as its first character."""

    def __init__(self, delimiter: str) -> None:
        mark = re.escape(delimiter.encode())
        other = rb"[^" + mark + rb"]*+(?:" + mark + rb"|\Z)"
        self._close = re.compile(rb'(?:[^"]++|"")*+"' + other)
        self._cell = re.compile(rb'(?:"(?:[^"]++|"")*+"|(?!"))' + other)

    def open(self, line: bytes, *, opened: bool) -> bool:
        """Whether a cell is open at the end of `line`, given whether one is `opened` at its start."""
        if b'"' not in line:
            return opened
        at = 0
        if opened:
            closed = self._close.match(line)
            if closed is None:
                return True
            at = closed.end()
        while at < len(line):
            cell = self._cell.match(line, at)
            if cell is None:
                return True
            at = cell.end()
        return False
