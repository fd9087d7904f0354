"""JSON Lines by the block: a kernel takes the lines apart that are certain, `jsonl` reads the others; the articles are the same."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa

from audit.corpus import jsonl
from audit.corpus.columns import Cells, Part, Plan, batch
from audit.corpus.lines import Line, feeds, start
from audit.corpus.open import Blocks
from audit.corpus.places import strings
from audit.corpus.records import KEPT, TOO_LARGE, Bad, Item
from audit.kernels import json as kernels
from audit.kernels.wide import PAD

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]


AHEAD = 2
"""Blocks that are taken apart beside the one that is waited for; each is held whole."""


def read(stream: Blocks, plan: Plan) -> Iterator[Part]:
    """The articles of a JSON Lines file: batches of tables.ARTICLES, and the items of the lines that the kernel leaves."""
    with ThreadPoolExecutor(AHEAD) as pool:
        waiting: deque[Future[list[Part]]] = deque()
        for block in _cut(stream, plan.most):
            waiting.append(pool.submit(_parts, block, plan))
            if len(waiting) > AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


@dataclass(frozen=True, slots=True)
class _Block:
    """Whole lines and PAD zero bytes behind them: the number of lines, that of the first, and where they begin in a plain file; and items."""

    raw: bytes = bytes(PAD)
    lines: int = 0
    number: int = 1
    offset: int | None = None
    items: tuple[Item, ...] = ()


def _cut(stream: Blocks, most: int) -> Iterator[_Block]:
    """The stream in whole lines; of a line of more than `most` bytes only the first KEPT are held."""
    number, held, size, offset = 1, [], 0, 0
    for block in stream:
        begin = block.find(b"\n") + 1 if size > most else 0
        end = block.rfind(b"\n") + 1
        if end:
            if begin:
                yield _Block(items=(Bad(number, TOO_LARGE, start(held, block[: begin - 1])),))
                number, held = number + 1, []
            lines = feeds(block, begin, end)
            where = offset + begin - sum(map(len, held)) if stream.plain else None
            yield _Block(b"".join((*held, memoryview(block)[begin:end], bytes(PAD))), lines, number, where)
            number, held, size = number + lines, [], 0
        if rest := block[end:]:
            size += len(rest)
            held = [*held, rest] if size <= most else [start(held, rest)]
        offset += len(block)
    last = [Line(number, b"".join(held), size > most, ended=False)] if size else []
    yield _Block(items=tuple(jsonl.items(last, stream, number - 1)))


def _parts(block: _Block, plan: Plan) -> list[Part]:
    """The articles of a block."""
    found = _Found.of(block, plan)
    taken = np.flatnonzero(found.states == kernels.TAKEN)
    odd = np.flatnonzero(found.states == kernels.ODD)
    articles = _articles(block, found, taken, plan)
    parts: list[Part] = []
    done = 0
    for line, upto in zip(odd.tolist(), np.searchsorted(taken, odd).tolist(), strict=True):
        if upto > done:
            parts.append(articles.slice(done, upto - done))
            done = upto
        data = block.raw[found.bounds[line] : found.bounds[line + 1] - 1]
        number = block.number + line
        parts += [Bad(number, TOO_LARGE, data[:KEPT])] if len(data) > plan.most else jsonl.parse(number, data)
    if done < len(articles):
        parts.append(articles.slice(done))
    return [*parts, *block.items]


@dataclass(frozen=True, slots=True)
class _Found:
    """What kernels.json.find says of a block, and the block."""

    data: Bytes
    states: Bytes
    bounds: Ints
    kinds: Bytes
    starts: Ints
    ends: Ints

    @classmethod
    def of(cls, block: _Block, plan: Plan) -> _Found:
        data, lines, names = np.frombuffer(block.raw, np.uint8), block.lines, [name.encode() for name in plan.names]
        shape = (len(names), lines)
        found = cls(
            data, np.empty(lines, np.uint8), np.empty(lines + 1, np.int64),
            np.empty(shape, np.uint8), np.empty(shape, np.int64), np.empty(shape, np.int64),
        )  # fmt: skip
        joined, cuts = np.frombuffer(b"".join(names) or b"\0", np.uint8), np.cumsum([0, *map(len, names)])
        kernels.find(data, len(block.raw) - PAD, plan.most, joined, cuts, found.states, found.bounds, found.kinds, found.starts, found.ends)
        if "text" in plan.fields.paths:  # what is no string there is for the line reader to judge
            text = plan.names.index(plan.fields.paths["text"][0])
            found.states[(found.states == kernels.TAKEN) & (found.kinds[text] == kernels.VALUE)] = kernels.ODD
        return found


def _articles(block: _Block, found: _Found, taken: Ints, plan: Plan) -> pa.RecordBatch:
    """The articles of the lines `taken`."""
    cells, places = {}, None
    for at, name in enumerate(plan.names):
        kinds, starts, ends = (values[at][taken] for values in (found.kinds, found.starts, found.ends))
        others = np.flatnonzero(kinds == kernels.VALUE)
        cells[name] = Cells(
            strings(found.data, kinds, starts, ends),
            {int(row): orjson.loads(block.raw[starts[row] : ends[row]]) for row in others},
        )
        if block.offset is not None and (name,) == plan.fields.paths.get("text"):
            places = (pa.array(starts + block.offset, mask=kinds == kernels.NONE), pa.array(ends - starts, mask=kinds == kernels.NONE))
    return batch(plan.label, pa.array(taken + block.number), plan.fields, cells, places)
