"""JSON Lines for rewriting: kernels find the records and their texts; only lines that are odd become Python objects."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from audit.corpus import jsonl, splice
from audit.corpus.fields import Chosen, Path
from audit.corpus.lines import Line
from audit.corpus.open import Stream
from audit.corpus.records import KEPT, TOO_LARGE, Bad, Item, Record
from audit.corpus.rows import text_of
from audit.kernels import objects
from audit.kernels.wide import PAD
from audit.rewrite.block import Block, Chunk, Form, Numbers, title_of

NOWHERE = ("",)


def _cut(stream: Stream, most: int, label: str) -> Iterator[Chunk]:
    """The stream in whole lines; a line of more than `most` bytes is passed over without being held."""
    number, held, size = 1, [], 0
    for block in stream:
        end = block.find(b"\n") + 1 if size + len(block) > most else block.rfind(b"\n") + 1
        while end and size > most:  # the end of a line that is too large
            yield Chunk(number=number, items=(Bad(number, TOO_LARGE, held[0][:KEPT]),))
            block, number, held, size = block[end:], number + 1, [], 0
            end = block.rfind(b"\n") + 1
        if end:
            data = b"".join((*held, memoryview(block)[:end])) if held or end < len(block) else block
            yield Chunk(data=data, number=number)
            number += data.count(b"\n")
            block, held, size = block[end:], [], 0
        if block:
            size += len(block)
            held = [*held, block] if size <= most else [b"".join((*held, block))[:KEPT]]
    yield from _rest(stream, b"".join(held), number, large=size > most)


def _rest(stream: Stream, data: bytes, number: int, *, large: bool) -> Iterator[Chunk]:
    """What stands behind the last line feed."""
    if large and not stream.broken:
        yield Chunk(number=number, items=(Bad(number, TOO_LARGE, data[:KEPT]),))
    elif data and not stream.broken:
        yield Chunk(data=data + b"\n", number=number)
    elif stream.broken:
        line = Line(number, data, large, ended=False)
        yield Chunk(number=number, items=tuple(jsonl.last(line, stream.broken)) if data else (Bad(number, stream.broken),))


def _block(chunk: Chunk, fields: Chosen, most: int) -> Block:
    paths = (fields.paths.get("text", NOWHERE), fields.paths.get("title", NOWHERE))
    size = len(chunk.data)
    table = objects.lines(np.frombuffer(chunk.data or b"\n", np.uint8), size, chunk.number, paths, chunk.data.count(b"\n"))
    odd = (table[objects.STATE] == objects.ODD) | (table[objects.END] - table[objects.START] > most)
    if not odd.any() and not chunk.items:
        return _made(chunk, chunk.data, table[:, table[objects.STATE] == objects.SOUND], [])
    return _with_odd(chunk, table, odd, fields, most)


def _with_odd(chunk: Chunk, table: Numbers, odd: np.ndarray, fields: Chosen, most: int) -> Block:
    """The block where Python looks at some lines. What it finds stands behind the data: it may be part of a line only."""
    extra: list[bytes] = []
    columns: list[list[int]] = []
    bad: list[Bad] = []
    size = len(chunk.data)

    def add(item: Item) -> None:
        nonlocal size
        text = text_of(item, fields) if isinstance(item, Record) else item
        if isinstance(text, Bad):
            bad.append(text)
        elif isinstance(item, Record):
            assert item.raw is not None
            columns.append([item.line, size, size + len(item.raw), objects.SOUND, *_spans(item, text, fields, size)])
            extra.append(item.raw + b"\n")
            size += len(item.raw) + 1

    sound = table[:, (table[objects.STATE] == objects.SOUND) & ~odd]
    for line, start, end in table[: objects.STATE, odd].T.tolist():
        for item in _items(line, chunk.data[start:end], most):
            add(item)
    for item in chunk.items:
        add(item)
    found = np.array(columns, np.int64).reshape(len(columns), len(table)).T
    rows = np.concatenate([sound, found], axis=1)
    rows = rows[:, np.argsort(rows[objects.LINE], kind="stable")]
    return _made(chunk, b"".join((chunk.data, *extra)), rows, bad)


def _items(number: int, data: bytes, most: int) -> Iterator[Item]:
    if len(data) > most:
        yield Bad(number, TOO_LARGE, data[:KEPT])
    else:
        yield from jsonl.parse(number, data)


def _spans(record: Record, text: str | None, fields: Chosen, at: int) -> list[int]:
    """Where text and title are written, when the record stands at `at`."""
    spans: list[int] = []
    for role, said in (("text", text), ("title", title_of(fields, record.value))):
        start, end = splice.place(record.raw or b"", fields.paths[role]) if said is not None else (-1 - at, -1 - at)
        spans += [start + at, end + at]
    return spans


def _made(chunk: Chunk, data: bytes, rows: Numbers, bad: list[Bad]) -> Block:
    spans = {"text": rows[objects.FIELDS : objects.FIELDS + 2], "title": rows[objects.FIELDS + 2 : objects.FIELDS + 4]}
    whole = np.frombuffer(data or b"\n", np.uint8)
    columns = {role: _column(whole, places) for role, places in spans.items()}
    starts, ends = rows[objects.START], rows[objects.END]
    return Block(data, rows[objects.LINE], starts, ends, ends + 1, columns, spans, (), tuple(bad), chunk.head)


def _column(data: np.ndarray, places: Numbers) -> pa.LargeStringArray:
    """What the strings at `places` say; null where there is none."""
    starts, ends = places
    n = len(starts)
    out, cuts = np.empty(int((ends - starts).sum()) + PAD, np.uint8), np.empty(n + 1, np.int64)
    objects.strings(data, starts, ends, out, cuts)
    there = starts >= 0
    missing = n - int(there.sum())
    valid = pa.array(there).buffers()[1] if missing else None
    return pa.LargeStringArray.from_buffers(n, pa.py_buffer(cuts), pa.py_buffer(out), valid, missing)


def _place(record: bytes, names: tuple[str, ...], path: Path) -> tuple[int, int]:
    return splice.place(record, path)


def _written(text: str, before: bytes, record: bytes) -> bytes:
    return splice.written(text, ascii=record.isascii())


FORM = Form(_cut, _block, _place, _written)
