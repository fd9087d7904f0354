"""The work in small pieces, in the order of the corpus: each can be done by itself, on any thread."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from audit.config import Config
from audit.corpus import WHOLE, fields, open_corpus
from audit.corpus.fields import Chosen
from audit.corpus.files import File
from audit.corpus.open import Meter, Replay
from audit.corpus.source import How, Source, head
from audit.errors import CorpusError
from audit.rewrite import delimited, jsonl, parquet, text
from audit.rewrite.block import Form
from audit.rewrite.evidence import Evidence
from audit.rewrite.thrift import Struct
from audit.rewrite.work import Done, work
from audit.sink import pack

FORMS: dict[str, Form] = {"jsonl": jsonl.FORM, "csv": delimited.form(","), "tsv": delimited.form("\t"), "txt": text.FORM}
AHEAD = 2
"""Tasks in flight for each worker."""


class Passed(Meter):
    """Only counts what goes through: no digest of the input is asked for."""

    def update(self, data: bytes) -> None:
        """Let `data` through."""
        self.size += len(data)


class Made(NamedTuple):
    """What a task made: its outcome with the data packed; of a row group its metadata."""

    done: Done
    data: bytes | memoryview
    group: Struct | None = None


class Task(NamedTuple):
    """A piece of the work.

    Attributes:
        file: The number of the file.
        block: The number of the piece in its file.
        make: Does it; None: there is nothing more of the file.
    """

    file: int
    block: int
    make: Callable[[], Made] | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What the tasks rest on.

    Attributes:
        files: The files of the corpus.
        config: How they are read.
        evidence: What an audit said of them; None: only cleaning.
        packing: Label -> how its output is packed.
        meters: For each file what was read of it.
        scratch: A file that does not matter.
    """

    files: Sequence[File]
    config: Config
    evidence: Evidence | None
    packing: Callable[[str], str]
    meters: Sequence[Meter]
    scratch: Path

    def progress(self) -> tuple[int, int]:
        """Bytes read, and bytes in all (0: unknown)."""
        sizes = [file.size for file in self.files]
        return sum(meter.size for meter in self.meters), 0 if any(file.path is None for file in self.files) else sum(sizes)

    def tasks(self, first: tuple[int, int]) -> Iterator[Task]:
        """All tasks from (file, block) on."""
        for number, file in enumerate(self.files):
            if number >= first[0]:
                skip = first[1] if number == first[0] else 0
                yield from (self._groups if file.form == "parquet" else self._chunks)(number, file, skip)

    def _chunks(self, number: int, file: File, skip: int) -> Iterator[Task]:
        """The tasks of a file of lines or text."""
        form = FORMS[file.form]
        stream = Replay(Source(file).stream(How.of(self.config), self.meters[number]))
        chosen = WHOLE if file.form == "txt" else self._choose(stream, file)
        block = 0
        for chunk in form.cut(stream.rest(), self.config.max_record, file.label):
            if block >= skip:

                def make(chunk: Any = chunk) -> Made:
                    done = work(form.block(chunk, chosen, self.config.max_record), form, chosen, file.label, self.evidence)
                    return Made(done, pack(done.data, self.packing(file.label)) if done.data else b"")

                yield Task(number, block, make)
            block += 1
        yield Task(number, block, None)

    def _groups(self, number: int, file: File, skip: int) -> Iterator[Task]:
        """The tasks of a Parquet file: its row groups."""
        assert file.path is not None
        table = parquet.table(file.path)
        if table is None:
            raise CorpusError(f"cannot read {file.path}: no Parquet, or a broken one; leave it out")
        chosen = fields.choose(head(Source(file).read(How.of(self.config), Meter()))[1], self.config.fields)
        first = 1
        for block, group in enumerate(table.groups):
            if block >= skip:

                def make(block: int = block, first: int = first) -> Made:
                    done, made = parquet.work(table, block, first, chosen, file.label, self.evidence)
                    return Made(done, done.data, made)

                yield Task(number, block, make)
            first += group[parquet.GROUP_ROWS][1]
            self.meters[number].size = file.size * (block + 1) // len(table.groups)
        yield Task(number, len(table.groups), None)

    def _choose(self, stream: Replay, file: File) -> Chosen:
        values = head(Source(file).parsed(stream, How.of(self.config)))[1]
        chosen = fields.choose(values, self.config.fields)
        if file.path is None and "text" not in chosen.paths and values:
            open_corpus(values, self.config, self.scratch)  # says what is missing
        return chosen


def each(tasks: Iterable[Task], workers: int) -> Iterator[tuple[Task, Made | None]]:
    """The tasks done, in their order; at most AHEAD * workers are held."""
    with ThreadPoolExecutor(max(workers, 1), "audit") as pool:
        waiting: deque[tuple[Task, Future[Made] | None]] = deque()
        try:
            for task in tasks:
                waiting.append((task, pool.submit(task.make) if task.make is not None else None))
                while len(waiting) >= AHEAD * workers or (waiting and waiting[0][1] is None):
                    yield _result(waiting.popleft())
            while waiting:
                yield _result(waiting.popleft())
        finally:
            for _, future in waiting:
                if future is not None:
                    future.cancel()


def _result(waiting: tuple[Task, Future[Made] | None]) -> tuple[Task, Made | None]:
    task, future = waiting
    return task, future.result() if future is not None else None
