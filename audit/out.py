"""The output folder: results are written beside their names and renamed at the end, so nothing half-made looks whole.

`run.json` goes in last and out first: a folder that holds it holds a whole result.
"""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from audit.errors import OutputError

PART = ".part"
MARK = "run.json"


@contextmanager
def folder(out: Path) -> Iterator[Path]:
    """A folder to write into; its files move into `out` when the block ends well, and are gone when it does not.

    Raises:
        OutputError: `out` holds other people's files, or cannot be written.
    """
    part = out / PART
    made = not out.exists()
    try:
        _claim(out, part)
        yield part
        _publish(part, out)
    except OSError as error:
        raise OutputError(f"cannot write to {out}: {error.strerror or error}; choose another place with --out") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
        if made and out.is_dir() and not any(out.iterdir()):
            out.rmdir()


def _claim(out: Path, part: Path) -> None:
    if out.exists() and not out.is_dir():
        raise OutputError(f"{out} is a file; --out names a folder")
    if out.is_dir() and not (out / MARK).is_file() and any(entry.name != PART for entry in out.iterdir()):
        raise OutputError(f"{out} is not empty and holds no earlier audit (no {MARK}); choose an empty or new folder with --out")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)


def _publish(part: Path, out: Path) -> None:
    """Move the files of `part` into `out`, in place of an earlier result's."""
    (out / MARK).unlink(missing_ok=True)
    for path in sorted(part.iterdir(), key=lambda path: (path.name == MARK, path.name)):
        if path.is_file():
            path.replace(out / path.name)


class TableWriter:
    """A Parquet file in row groups of `ROWS` rows, whatever batches it is given: the same rows give the same bytes.

    A thread of its own writes, while the caller makes the next rows.
    """

    ROWS = 16_384
    BEHIND = 2
    """Row groups that wait to be written, at the most."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")
        self._waiting = pa.Table.from_batches([], schema)  # schema.empty_table() would import pandas, for half a second
        self._thread, self._writing = ThreadPoolExecutor(1, "table"), deque[Future[None]]()

    def __enter__(self) -> TableWriter:
        return self

    def __exit__(self, *error: object) -> None:
        try:
            if error[0] is None:
                self._flush(self._waiting.num_rows)
                self._settle(0)
        finally:
            self._thread.shutdown()
            self._writer.close()

    def write(self, rows: pa.Table | pa.RecordBatch) -> None:
        """Append rows."""
        table = rows if isinstance(rows, pa.Table) else pa.Table.from_batches([rows])
        self._waiting = pa.concat_tables([self._waiting, table])
        while self._waiting.num_rows >= self.ROWS:
            self._flush(self.ROWS)

    def _flush(self, rows: int) -> None:
        if rows:
            self._writing.append(self._thread.submit(self._group, self._waiting.slice(0, rows)))
            self._waiting = self._waiting.slice(rows)
            self._settle(self.BEHIND)

    def _group(self, rows: pa.Table) -> None:
        self._writer.write_table(rows.combine_chunks(), row_group_size=self.ROWS)

    def _settle(self, most: int) -> None:
        while len(self._writing) > most:
            self._writing.popleft().result()
