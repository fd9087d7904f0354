"""What is done so far, so that a second run of the same command goes on where the first was killed.

The journal is written beside and renamed, so it is whole or not there. It holds sizes and digests of all that was written:
what is not that any more, after a power cut say, is made anew.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from audit.out import TableWriter
from audit.rewrite import thrift
from audit.rewrite.tally import Tally
from audit.rewrite.thrift import Struct
from audit.rewrite.work import Done
from audit.sink import JOURNAL, LOCK, Growing, Sink
from audit.tables import CHANGES

CHANGED, DROPPED, QUARANTINED = "changes.arrow", "dropped.jsonl", "quarantine.jsonl"
BESIDE = {"changes.parquet": "changes.parquet", DROPPED: DROPPED, QUARANTINED: QUARANTINED}
_GROUPS = "groups"


class Journal:
    """A job's records beside the corpus, and how far it is.

    Attributes:
        at: (file, block) of the next task.
        tally: The counts so far.
        groups: The metadata of the row groups of the Parquet file at hand.
        done: Whether all is written, and only the final names are missing.
    """

    def __init__(self, folder: Path, job: Mapping[str, Any]) -> None:
        self.folder = folder
        self.at, self.tally, self.done = (0, 0), Tally(), False
        self.groups: list[Struct] = []
        self._job = orjson.loads(orjson.dumps(job))
        self._files: dict[str, Growing] = {}

    def resume(self, sink: Sink, labels: Sequence[str]) -> bool:
        """Take up what an earlier run of the same job left; false if there is nothing that could be taken up."""
        try:
            kept = orjson.loads((self.folder / JOURNAL).read_bytes())
            if kept["job"] != self._job:
                return False
            self.at, self.tally, self.done = (kept["file"], kept["block"]), Tally.of(kept["tally"]), kept["done"]
            file: int = self.at[0]
            return self.done or (self._reopened(kept["files"]) and sink.resume(kept["sink"], labels[:file], labels[file]))
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            return False

    def begin(self, sink: Sink, keep: Sequence[str]) -> None:
        """Begin from nothing, but for the files of `keep`."""
        self.close()
        self.at, self.tally, self.done, self.groups = (0, 0), Tally(), False, []
        _clear(self.folder, (LOCK, *keep))
        if sink.folder and sink.path is not None:
            sink.path.mkdir()
        self._files = {name: Growing(self.folder / name) for name in (CHANGED, DROPPED, QUARANTINED, _GROUPS)}
        self._files[CHANGED].write(CHANGES.serialize().to_pybytes())
        self.save(sink, self.at)

    def add(self, done: Done) -> None:
        """Write down what a block gave beside its data."""
        self.tally.add(done.tally)
        if done.changes is not None:
            self._files[CHANGED].write(done.changes.serialize().to_pybytes())
        for name, rows in ((DROPPED, done.dropped), (QUARANTINED, done.quarantined)):
            if rows:
                self._files[name].write(rows)

    def grouped(self, group: Struct) -> None:
        """Keep the metadata of a row group."""
        self.groups.append(group)
        self._files[_GROUPS].write(thrift.write(group))

    def ungrouped(self) -> None:
        """The Parquet file at hand is whole."""
        self.groups = []
        self._files[_GROUPS].close()
        self._files[_GROUPS] = Growing(self.folder / _GROUPS)

    def save(self, sink: Sink, at: tuple[int, int]) -> None:
        """Say that everything before task `at` is done."""
        self.at = at
        files = {name: file.mark() for name, file in self._files.items()}
        kept = {
            "job": self._job, "file": at[0], "block": at[1], "done": self.done, "tally": self.tally.plain(), "files": files, "sink": sink.mark(),
        }  # fmt: skip
        path = self.folder / JOURNAL
        beside = path.with_suffix(".new")
        beside.write_bytes(orjson.dumps(kept))
        beside.replace(path)

    def finish(self, sink: Sink) -> None:
        """Everything is written: close all, make changes.parquet of what was kept, and say so."""
        for name, file in self._files.items():
            if name != _GROUPS:
                file.close()
        with TableWriter(self.folder / "changes.new", CHANGES) as table, pa.OSFile(str(self.folder / CHANGED)) as kept:
            for batch in pa.ipc.open_stream(kept):
                table.write(batch)
        (self.folder / "changes.new").replace(self.folder / "changes.parquet")
        self._files[_GROUPS].close()
        self.done = True
        self.save(sink, self.at)

    def forget(self) -> None:
        """There is nothing to go on from."""
        (self.folder / JOURNAL).unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of all files, whatever happened."""
        for file in self._files.values():
            file.close()

    def _reopened(self, marks: Mapping[str, Sequence[Any]]) -> bool:
        for name, mark in marks.items():
            file = Growing.resumed(self.folder / name, mark)
            if file is None:
                return False
            self._files[name] = file
        data, at = (self.folder / _GROUPS).read_bytes(), 0
        while at < len(data):
            group, at = thrift.read(data, at)
            self.groups.append(group)
        return True


def _clear(folder: Path, keep: Sequence[str]) -> None:
    for entry in list(os.scandir(folder)):
        if entry.name not in keep:
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path)
            else:
                Path(entry.path).unlink()
