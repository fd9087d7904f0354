"""Batches on disk between the passes: Arrow IPC, lz4, in a temporary folder inside the output folder.

The corpus is parsed once, whatever it comes from (a pipe and a .gz cannot be read twice), and no pass holds it in memory.
A spool is written once, in the order of `article`, and then read, whole or by article, one column or several.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

LZ4 = pa.ipc.IpcWriteOptions(compression="lz4")


class Spool:
    """One file of batches whose first column is `article`, ascending without gaps."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.firsts: list[int] = []
        self.rows = 0
        self._writer: pa.ipc.RecordBatchFileWriter | None = None

    def write(self, batch: pa.RecordBatch) -> None:
        """Append a batch; all have one schema. An empty one leaves no trace but the schema."""
        if self._writer is None:
            self._writer = pa.ipc.new_file(str(self.path), batch.schema, options=LZ4)
        if batch.num_rows:
            self.firsts.append(self.rows)
            self.rows += batch.num_rows
            self._writer.write_batch(batch)

    def close(self) -> None:
        """End writing; reading begins after it."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """The batches as written, or only `columns` of them."""
        if self.rows:
            with self._open(columns) as reader:
                for index in range(reader.num_record_batches):
                    yield reader.get_batch(index)

    def take(self, articles: npt.NDArray[np.int64], columns: Sequence[str]) -> pa.Table:
        """The rows of `articles` (ascending), one batch decompressed at a time."""
        with self._open(columns) as reader:
            owners = np.searchsorted(np.asarray(self.firsts), articles, "right") - 1
            parts = []
            for owner in np.unique(owners):
                rows = articles[owners == owner] - self.firsts[owner]
                parts.append(reader.get_batch(int(owner)).take(pa.array(rows)))
            return pa.Table.from_batches(parts, schema=reader.schema if not parts else parts[0].schema)

    def _open(self, columns: Sequence[str] | None) -> pa.ipc.RecordBatchFileReader:
        source = pa.memory_map(str(self.path))
        chosen = None
        if columns is not None:
            names = pa.ipc.open_file(source).schema.names
            chosen = [names.index(name) for name in columns]
        return pa.ipc.open_file(source, options=pa.ipc.IpcReadOptions(included_fields=chosen, use_threads=False))
