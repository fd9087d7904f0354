"""JSON Lines by the block: a kernel takes the lines apart that are certain, `jsonl` reads the others; the articles are the same."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import orjson
import pyarrow as pa

from audit.corpus import jsonl
from audit.corpus.columns import Cells, Part, Plan, batch
from audit.corpus.lines import Line, start
from audit.corpus.open import Blocks
from audit.corpus.places import strings
from audit.corpus.records import KEPT, TOO_LARGE, Bad
from audit.kernels import json as kernels
from audit.kernels.wide import PAD

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]


def read(stream: Blocks, plan: Plan) -> Iterator[Part]:
    """The articles of a JSON Lines file: batches of tables.ARTICLES, and the items of the lines that the kernel leaves."""
    number, held, size, offset = 1, [], 0, 0
    for block in stream:
        begin = block.find(b"\n") + 1 if size > plan.most else 0
        end = block.rfind(b"\n") + 1
        if end:
            if begin:
                yield Bad(number, TOO_LARGE, start(held, block[: begin - 1]))
                number, held = number + 1, []
            raw = b"".join((*held, block[begin:end], bytes(PAD)))
            number += yield from _block(raw, number, plan, offset + begin - sum(map(len, held)) if stream.plain else None)
            held, size = [], 0
        if rest := block[end:]:
            size += len(rest)
            held = [*held, rest] if size <= plan.most else [start(held, rest)]
        offset += len(block)
    last = [Line(number, b"".join(held), size > plan.most, ended=False)] if size else []
    yield from jsonl.items(last, stream, number - 1)


def _block(raw: bytes, number: int, plan: Plan, offset: int | None) -> Generator[Part, None, int]:
    """The whole lines in `raw`, the first of which is line `number`, at `offset` of a plain file; gives back how many they are.

    PAD zero bytes stand behind them.
    """
    found = _Found.of(raw, plan)
    taken = np.flatnonzero(found.states == kernels.TAKEN)
    odd = np.flatnonzero(found.states == kernels.ODD)
    articles = _articles(raw, found, taken, number, plan, offset)
    done = 0
    for line, upto in zip(odd.tolist(), np.searchsorted(taken, odd).tolist(), strict=True):
        if upto > done:
            yield articles.slice(done, upto - done)
            done = upto
        data = raw[found.bounds[line] : found.bounds[line + 1] - 1]
        if len(data) > plan.most:
            yield Bad(number + line, TOO_LARGE, data[:KEPT])
        else:
            yield from jsonl.parse(number + line, data)
    if done < len(articles):
        yield articles.slice(done)
    return len(found.states)


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
    def of(cls, raw: bytes, plan: Plan) -> _Found:
        data, lines, names = np.frombuffer(raw, np.uint8), raw.count(b"\n"), [name.encode() for name in plan.names]
        shape = (len(names), lines)
        found = cls(
            data, np.empty(lines, np.uint8), np.empty(lines + 1, np.int64),
            np.empty(shape, np.uint8), np.empty(shape, np.int64), np.empty(shape, np.int64),
        )  # fmt: skip
        joined, cuts = np.frombuffer(b"".join(names) or b"\0", np.uint8), np.cumsum([0, *map(len, names)])
        kernels.find(data, len(raw) - PAD, plan.most, joined, cuts, found.states, found.bounds, found.kinds, found.starts, found.ends)
        if "text" in plan.fields.paths:  # what is no string there is for the line reader to judge
            text = plan.names.index(plan.fields.paths["text"][0])
            found.states[(found.states == kernels.TAKEN) & (found.kinds[text] == kernels.VALUE)] = kernels.ODD
        return found


def _articles(raw: bytes, found: _Found, taken: Ints, number: int, plan: Plan, offset: int | None) -> pa.RecordBatch:
    """The articles of the lines `taken`."""
    cells, places = {}, None
    for at, name in enumerate(plan.names):
        kinds, starts, ends = (values[at][taken] for values in (found.kinds, found.starts, found.ends))
        others = np.flatnonzero(kinds == kernels.VALUE)
        cells[name] = Cells(
            strings(found.data, kinds, starts, ends),
            {int(row): orjson.loads(raw[starts[row] : ends[row]]) for row in others},
        )
        if offset is not None and (name,) == plan.fields.paths.get("text"):
            places = (pa.array(starts + offset, mask=kinds == kernels.NONE), pa.array(ends - starts, mask=kinds == kernels.NONE))
    return batch(plan.label, pa.array(taken + number), plan.fields, cells, places)
