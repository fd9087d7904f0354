"""Where texts stand in plain files, so that they are read from there again instead of being written once more."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from audit.errors import CorpusError
from audit.kernels import json as kernels
from audit.kernels.wide import PAD
from audit.tables import ARTICLES, TEXT

Ints = npt.NDArray[np.int64]
PLACES = pa.schema([pa.field("at", pa.int64()), pa.field("size", pa.int64())])
"""Beside tables.ARTICLES: the bytes of `file` that say the text, between the quotes of a JSON string; null where it is not found so."""
PLACED = pa.schema([*ARTICLES, *PLACES])
NEAR = 4
"""Texts that stand so close that they are a NEARth of what lies between the first and the last are read in one go."""


class Places:
    """The files that texts are read from again; each must stay as it was when it was seen first."""

    def __init__(self, paths: Mapping[str, Path]) -> None:
        self._paths = paths
        self._seen: dict[str, tuple[int, int]] = {}

    def kept(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """A batch as it is spooled: no text where its place is known, no place where there is no text."""
        at = pc.if_else(pc.is_valid(batch["text"]), batch["at"], pa.scalar(None, pa.int64()))
        for label in pc.unique(batch["file"].filter(pc.is_valid(at))).to_pylist():
            self._check(label)
        rows = pa.array(np.arange(batch.num_rows), mask=at.is_valid().to_numpy(zero_copy_only=False))
        text = batch["text"].take(rows) if rows.null_count < len(rows) else pa.nulls(len(rows), TEXT)  # if_else would keep the bytes
        return _with(_with(batch, "at", at), "text", text)

    def restored(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """A spooled batch with its texts, without places.

        Raises:
            CorpusError: A file is gone or another.
        """
        placed = np.flatnonzero(batch["at"].is_valid().to_numpy(zero_copy_only=False))
        if len(placed):
            files = batch["file"].take(pa.array(placed)).dictionary_encode()
            codes = files.indices.to_numpy()
            cuts = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(placed)]
            at, size = (batch[name].take(pa.array(placed)).to_numpy() for name in PLACES.names)
            runs = [(files.dictionary[int(codes[a])].as_py(), at[a:b], size[a:b]) for a, b in pairwise(cuts)]
            texts = pa.concat_arrays([self._texts(*run) for run in runs])
            if len(placed) < batch.num_rows:
                rows = np.full(batch.num_rows, -1)
                rows[placed] = np.arange(len(placed))
                texts = pc.coalesce(texts.take(pa.array(rows, mask=rows < 0)), batch["text"])
            batch = _with(batch, "text", texts)
        return batch.drop_columns(PLACES.names)

    def _texts(self, label: str, at: Ints, size: Ints) -> pa.LargeStringArray:
        """The texts at these places of a file."""
        path = self._check(label)
        try:
            with open(path, "rb", buffering=0) as file:
                raw, starts = _read(file, at, size)
        except OSError as error:
            raise CorpusError(f"cannot read {path}: {error.strerror or error}") from error
        self._check(label)
        return strings(np.frombuffer(raw, np.uint8), np.full(len(at), kernels.ESCAPED, np.uint8), starts, starts + size)

    def _check(self, label: str) -> Path:
        path = self._paths[label]
        try:
            state = path.stat()
        except OSError as error:
            raise CorpusError(f"cannot read {path} again: {error.strerror or error}") from error
        if self._seen.setdefault(label, (state.st_size, state.st_mtime_ns)) != (state.st_size, state.st_mtime_ns):
            raise CorpusError(f"{path} was changed while it was read; audit it again when nothing writes to it")
        return path


def _read(file, at: Ints, size: Ints) -> tuple[bytes, Ints]:  # type: ignore[no-untyped-def]
    """(bytes that hold all ranges of `file` and PAD more, where each range begins in them)."""
    first, last = int(at[0]), int((at + size).max())
    if NEAR * int(size.sum()) >= last - first and (np.diff(at) >= 0).all():
        file.seek(first)
        return _exactly(file, last - first) + bytes(PAD), at - first
    parts = []
    for begin, length in zip(at.tolist(), size.tolist(), strict=True):
        file.seek(begin)
        parts.append(_exactly(file, length))
    return b"".join([*parts, bytes(PAD)]), np.cumsum(size) - size


def _exactly(file, size: int) -> bytes:  # type: ignore[no-untyped-def]
    data = file.read(size)
    while len(data) < size and (more := file.read(size - len(data))):
        data += more
    return data


def strings(data: npt.NDArray[np.uint8], kinds: npt.NDArray[np.uint8], starts: Ints, ends: Ints) -> pa.LargeStringArray:
    """The JSON strings data[starts[i]:ends[i]], null where kinds[i] is no string; PAD bytes stand behind them."""
    valid = (kinds == kernels.STRING) | (kinds == kernels.ESCAPED)
    cuts = np.empty(len(kinds) + 1, np.int64)
    out = np.empty(int((ends - starts)[valid].sum()), np.uint8)
    size = kernels.strings(data, kinds, starts, ends, out, cuts)
    bits = None if valid.all() else pa.py_buffer(np.packbits(valid, bitorder="little"))
    return pa.LargeStringArray.from_buffers(len(kinds), pa.py_buffer(cuts), pa.py_buffer(out[:size]), bits)


def _with(batch: pa.RecordBatch, name: str, column: pa.Array) -> pa.RecordBatch:
    number = batch.schema.get_field_index(name)
    return batch.set_column(number, batch.schema.field(number), column)
