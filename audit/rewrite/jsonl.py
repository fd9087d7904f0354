"""JSON Lines for rewriting: kernels find the records and their texts; only lines that are odd become Python objects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from audit.corpus import jsonl, splice
from audit.corpus.fields import Chosen, Path
from audit.corpus.lines import Line, feeds
from audit.corpus.open import Blocks
from audit.corpus.records import KEPT, TOO_LARGE, Bad, Item, Record
from audit.corpus.rows import text_of
from audit.kernels import json as kernels
from audit.kernels.wide import PAD
from audit.rewrite.block import Block, Chunk, Form, Numbers, title_of


def _cut(stream: Blocks, most: int, label: str) -> Iterator[Chunk]:
    """The stream in whole lines; a line of more than `most` bytes is passed over without being held."""
    number, held, size = 1, [], 0
    for block in stream:
        begin = 0
        if size > most:
            begin = block.find(b"\n") + 1
            if not begin:
                continue
            yield Chunk(number=number, items=(Bad(number, TOO_LARGE, held[0]),))
            number, held, size = number + 1, [], 0
        end = block.rfind(b"\n") + 1
        if end > begin:
            yield Chunk(data=b"".join((*held, memoryview(block)[begin:end], bytes(PAD))), number=number)
            number, held, size = number + feeds(block, begin, end), [], 0
        if rest := block[max(begin, end) :]:
            size += len(rest)
            held = [*held, rest] if size <= most else [b"".join((*held, rest))[:KEPT]]
    yield from _rest(stream, b"".join(held), number, large=size > most)


def _rest(stream: Blocks, data: bytes, number: int, *, large: bool) -> Iterator[Chunk]:
    """What stands behind the last line feed."""
    if large and not stream.broken:
        yield Chunk(number=number, items=(Bad(number, TOO_LARGE, data[:KEPT]),))
    elif data and not stream.broken:
        yield Chunk(data=data + b"\n" + bytes(PAD), number=number)
    elif stream.broken:
        line = Line(number, data, large, ended=False)
        yield Chunk(number=number, items=tuple(jsonl.last(line, stream.broken)) if data else (Bad(number, stream.broken),))


@dataclass(frozen=True, slots=True)
class _Rows:
    """Records, ascending by line: int64 line, start and end (without the line feed) in the data, and (2, n) of the data where the
    values of text and title are written, with their quotes; -1 where they are missing or no string.
    """

    lines: Numbers
    starts: Numbers
    ends: Numbers
    text: Numbers
    title: Numbers


def _block(chunk: Chunk, fields: Chosen, most: int) -> Block:
    data = chunk.data or bytes(PAD)
    rows, odd = _found(data, chunk.number, fields, most)
    if not len(odd) and not chunk.items:
        return _made(data, len(data) - PAD, rows, [])
    return _with_odd(chunk, data, rows, odd, fields, most)


def _found(data: bytes, number: int, fields: Chosen, most: int) -> tuple[_Rows, Numbers]:
    """The records that the kernel is certain of; and (line, start, end) of the lines that Python has to look at, shape (n, 3)."""
    paths = [fields.paths.get(role, ("",)) for role in ("text", "title")]
    names = [path[0].encode() for path in paths]
    lines, whole = feeds(data), np.frombuffer(data, np.uint8)
    states, bounds = np.empty(lines, np.uint8), np.empty(lines + 1, np.int64)
    kinds, starts, ends = np.empty((2, lines), np.uint8), np.empty((2, lines), np.int64), np.empty((2, lines), np.int64)
    cuts = np.cumsum([0, *map(len, names)])
    kernels.find(whole, len(data) - PAD, most, np.frombuffer(b"".join(names) or b"\0", np.uint8), cuts, states, bounds, kinds, starts, ends)
    states[(states == kernels.TAKEN) & (kinds[0] == kernels.VALUE)] = kernels.ODD  # no string, or an object that the path leads into
    if len(paths[1]) > 1:
        states[(states == kernels.TAKEN) & (kinds[1] == kernels.VALUE)] = kernels.ODD
    taken, odd = np.flatnonzero(states == kernels.TAKEN), np.flatnonzero(states == kernels.ODD)
    strings = (kinds[:, taken] == kernels.STRING) | (kinds[:, taken] == kernels.ESCAPED)
    spans = [np.where(strings[at], [starts[at, taken] - 1, ends[at, taken] + 1], -1) for at in (0, 1)]
    rows = _Rows(taken + number, bounds[taken], bounds[taken + 1] - 1, *spans)
    return rows, np.stack([odd + number, bounds[odd], bounds[odd + 1] - 1], axis=1)


def _with_odd(chunk: Chunk, data: bytes, rows: _Rows, odd: Numbers, fields: Chosen, most: int) -> Block:
    """The block where Python looks at some lines. The records that it finds stand behind the data: one may be part of a line only."""
    found: list[list[int]] = []
    extra: list[bytes] = []
    bad: list[Bad] = []
    size = len(data) - PAD

    def add(item: Item) -> None:
        nonlocal size
        text = text_of(item, fields) if isinstance(item, Record) else item
        if isinstance(text, Bad):
            bad.append(text)
        elif isinstance(item, Record):
            raw = item.raw or b""
            found.append([item.line, size, size + len(raw), *_spans(item, text, fields, size)])
            extra.append(raw + b"\n")
            size += len(raw) + 1

    for line, start, end in odd.tolist():
        for item in _items(line, data[start:end], most):
            add(item)
    for item in chunk.items:
        add(item)
    more = np.array(found, np.int64).reshape(len(found), 7).T
    order = np.argsort(np.append(rows.lines, more[0]), kind="stable")
    parts = ((rows.lines, more[0]), (rows.starts, more[1]), (rows.ends, more[2]), (rows.text, more[3:5]), (rows.title, more[5:7]))
    joined = _Rows(*(np.concatenate(pair, axis=-1)[..., order] for pair in parts))
    return _made(b"".join((data[: len(data) - PAD], *extra, bytes(PAD))), size, joined, bad)


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


def _made(data: bytes, size: int, rows: _Rows, bad: list[Bad]) -> Block:
    whole = np.frombuffer(data, np.uint8)
    columns = {"text": _column(whole, rows.text), "title": _column(whole, rows.title)}
    spans = {"text": rows.text, "title": rows.title}
    return Block(memoryview(data)[:size], rows.lines, rows.starts, rows.ends, rows.ends + 1, columns, spans, (), tuple(bad))


def _column(data: np.ndarray, places: Numbers) -> pa.LargeStringArray:
    """What the strings at `places` say; null where there is none."""
    starts, ends = places
    there = starts >= 0
    out, cuts = np.empty(int((ends - starts).sum()) + PAD, np.uint8), np.empty(len(starts) + 1, np.int64)
    kinds = np.where(there, np.uint8(kernels.ESCAPED), np.uint8(kernels.NONE))
    kernels.strings(data, kinds, starts + 1, ends - 1, out, cuts)
    missing = len(starts) - int(there.sum())
    valid = pa.py_buffer(np.packbits(there, bitorder="little")) if missing else None
    return pa.LargeStringArray.from_buffers(len(starts), pa.py_buffer(cuts), pa.py_buffer(out), valid, missing)


def _place(record: bytes, names: tuple[str, ...], path: Path) -> tuple[int, int]:
    return splice.place(record, path)


def _written(text: str, before: bytes, record: bytes) -> bytes:
    return splice.written(text, ascii=record.isascii())


FORM = Form(_cut, _block, _place, _written)
