"""Batches on disk between the passes: Arrow IPC, lz4, in a temporary folder inside the output folder.

The corpus is parsed once, whatever it comes from (a pipe and a .gz cannot be read twice), and no pass holds it in memory. A text
that stands in a plain file (`places`) is not written again: its place is, and it is read from there.
A spool is written once, in the order of `article`, and then read, whole or by article, one column or several.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from audit.corpus.places import PLACES, Places

Ints = npt.NDArray[np.int64]
SUBSET = 16 << 20
"""Bytes of a batch of a subset: few batches, for a portion of a subset has rows of all of them."""


class Spool:
    """One file of batches whose first column is `article`, ascending; without gaps but in a `subset`.

    Once it is closed another process can read it too.
    """

    def __init__(self, path: Path, places: Places | None = None, compression: str | None = "lz4") -> None:
        self.path = path
        self.rows = 0
        self._places, self._compression = places, compression
        self._firsts: list[int] = []
        self._writer: pa.ipc.RecordBatchFileWriter | None = None

    def write(self, batch: pa.RecordBatch) -> None:
        """Append a batch; all have one schema. An empty one leaves no trace but the schema."""
        self._append(batch if self._places is None else self._places.kept(batch))

    def _append(self, batch: pa.RecordBatch) -> None:
        if self._writer is None:
            self._writer = pa.ipc.new_file(str(self.path), batch.schema, options=pa.ipc.IpcWriteOptions(compression=self._compression))
        if batch.num_rows:
            self._firsts.append(batch["article"][0].as_py())
            self.rows += batch.num_rows
            self._writer.write_batch(batch)

    def close(self) -> None:
        """End writing; reading begins after it."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def __len__(self) -> int:
        """How many batches there are."""
        return len(self._firsts)

    def batch(self, number: int) -> pa.RecordBatch:
        """One of the batches as written.

        Raises:
            CorpusError: As for `batches`.
        """
        with self._open(None) as reader:
            return self._whole(reader.get_batch(number), None)

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """The batches as written, or only `columns` of them.

        Raises:
            CorpusError: A file that texts are read from again is gone or another.
        """
        if self.rows:
            with self._open(columns) as reader:
                for index in range(reader.num_record_batches):
                    yield self._whole(reader.get_batch(index), columns)

    def take(self, articles: Ints, columns: Sequence[str]) -> pa.RecordBatch:
        """The rows of `articles` (ascending), one batch decompressed at a time.

        Raises:
            CorpusError: As for `batches`.
        """
        with self._open(columns) as reader:
            return self._whole(pa.concat_batches([_none(reader.schema), *self._some(reader, articles)]), columns)

    def subset(self, articles: Ints, columns: Sequence[str], path: Path) -> Spool:
        """The rows of `articles` (ascending) in a spool at `path` that is fast to take a few from; texts with a place stay there."""
        some, waiting, size = Spool(path, self._places, None), [], 0
        with self._open(("article", *columns)) as reader:
            some._append(_none(reader.schema))
            for part in self._some(reader, articles):
                waiting.append(part)
                size += part.nbytes
                if size >= SUBSET:
                    some._append(pa.concat_batches(waiting))
                    waiting, size = [], 0
        if waiting:
            some._append(pa.concat_batches(waiting))
        some.close()
        return some

    def _some(self, reader: pa.ipc.RecordBatchFileReader, articles: Ints) -> Iterator[pa.RecordBatch]:
        owners = np.searchsorted(np.asarray(self._firsts), articles, "right") - 1
        for owner, some in zip(np.unique(owners).tolist(), np.split(articles, np.flatnonzero(np.diff(owners)) + 1), strict=False):
            batch = reader.get_batch(owner)
            yield batch.take(pa.array(np.searchsorted(batch["article"].to_numpy(), some)))

    def _open(self, columns: Sequence[str] | None) -> pa.ipc.RecordBatchFileReader:
        # what is compressed is copied anyway; pages that are mapped count as memory
        source = (pa.memory_map if self._compression is None else pa.OSFile)(str(self.path))
        chosen = None
        if columns is not None:
            names = pa.ipc.open_file(source).schema.names
            wanted = {*columns, "article", *(("file", *PLACES.names) if "text" in columns and self._places is not None else ())}
            chosen = [number for number, name in enumerate(names) if name in wanted]
        return pa.ipc.open_file(source, options=pa.ipc.IpcReadOptions(included_fields=chosen, use_threads=False))

    def _whole(self, batch: pa.RecordBatch, columns: Sequence[str] | None) -> pa.RecordBatch:
        """The batch with its texts, and of `columns` only."""
        if self._places is not None and (columns is None or "text" in columns):
            batch = self._places.restored(batch)
        return batch if columns is None else batch.select(list(columns))


def _none(schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([], schema)
