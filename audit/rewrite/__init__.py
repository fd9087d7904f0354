"""The cleaned corpus in the input's format: `corpus-audit clean`. Every field but text and title stays as it is written.

Beside the output stand what was changed (`.changes.parquet`), what was left out (`.dropped.jsonl`) and what could not be read
(`.quarantine.jsonl`). Everything is written in a folder beside the output and renamed at the end; where a run is killed,
the next one goes on in that folder.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from audit import drop as dropping
from audit import sink as sinks
from audit.config import Config
from audit.corpus import files, open_corpus
from audit.corpus.files import File
from audit.errors import OutputError
from audit.measure import clean
from audit.out import MARK
from audit.rewrite import evidence, parquet
from audit.rewrite.journal import BESIDE, Journal
from audit.rewrite.tally import Rewritten, summary
from audit.rewrite.tasks import Made, Passed, Plan, Task, each
from audit.show.progress import Progress
from audit.sink import OUT, Sink, workplace

__all__ = ["Job", "Rewritten", "clean_corpus", "summary"]

EVERY = 1.0
"""Seconds between two entries of the journal: so much is done again after a kill."""
LAYOUT = 1
"""Raised when what a journal says would mean something else."""
STDIN, AUDIT, SURVEY = "-.jsonl", "audit", "survey"


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be written.

    Attributes:
        inputs: Files, folders, "-" for standard input.
        out: Where it goes: a file, a folder, "-" for standard output with nothing beside it.
        drop: Words of drop.GROUPS: articles that are left out.
        strip: Words of evidence.STRIPS: lines that are left out.
        dry_run: Count, and write nothing.
    """

    inputs: tuple[str, ...]
    out: str
    drop: frozenset[str] = frozenset()
    strip: frozenset[str] = frozenset()
    dry_run: bool = False

    @property
    def audited(self) -> bool:
        """Whether an audit has to say what goes."""
        return bool(self.drop or self.strip)

    @property
    def lasting(self) -> bool:
        """Whether a second run can go on where this one ends."""
        return not self.dry_run and self.out != "-" and "-" not in self.inputs


def clean_corpus(job: Job, config: Config) -> Rewritten:
    """Write a corpus cleaned, as `job` says.

    JSON Lines become one file if the output's name says so, packed by its extension; else each file of the corpus becomes one in a folder.

    Raises:
        ConfigError: A word of `drop` or `strip`, or the kind of a file, does not work here.
        OutputError: The output cannot be written; nothing half-made is there.
        AuditError: What reading and auditing raise.
    """
    dropping.known(job.drop)
    evidence.known(job.strip)
    config = replace(config, sample=None, limit=None)
    try:
        with workplace(job.out, dry_run=job.dry_run) as folder:
            return _rewritten(job, config, folder)
    except BrokenPipeError:
        raise
    except OSError as error:
        again = "; the same command goes on where it stopped" if job.lasting else ""
        raise OutputError(f"cannot write {job.out}: {error.strerror or error}; choose another place with --out, or make room{again}") from error


def _rewritten(job: Job, config: Config, folder: Path) -> Rewritten:
    sources = _spooled(job, folder)
    found = files.find(sources)
    sink = sinks.sink(found, job.out, folder / OUT, dry_run=job.dry_run)
    if "-" not in sources:
        open_corpus(sources, config, folder / SURVEY)  # refuses what has no text
    journal = Journal(folder, _described(job, config, found))
    try:
        if not (job.lasting and journal.resume(sink, [file.label for file in found])):
            journal.begin(sink, keep=(STDIN,))
        if not journal.done:
            said = evidence.gather(sources, config, job.drop, job.strip, folder / AUDIT) if job.audited else None
            _run(Plan(found, config, said, sink.packing, [Passed() for _ in found], folder / SURVEY), sink, journal, job)
    except BaseException:
        if journal.at == (0, 0) and not (folder / AUDIT / MARK).is_file():
            journal.forget()  # nothing to go on from
        raise
    finally:
        journal.close()
        sink.abandon()
    if not job.dry_run and job.out != "-":
        out = Path(job.out)
        sinks.publish(folder, out, {name: f"{out.name}.{final}" for name, final in BESIDE.items()})
    tally = journal.tally
    assert tally.records == tally.written + tally.dropped.total() + tally.quarantined
    return Rewritten.of(tally, "" if job.dry_run else job.out)


def _run(plan: Plan, sink: Sink, journal: Journal, job: Job) -> None:
    """Do all tasks from where the journal is."""
    config, last = plan.config, (len(plan.files) - 1)
    with Progress(shown=not config.quiet and job.out != "-") as progress, progress.stage("cleaning", plan.progress) as advance:
        saved = time.monotonic()
        for task, made in each(plan.tasks(journal.at), config.workers):
            before = journal.tally.records
            _take(task, made, plan.files[task.file], sink, journal, last=task.file == last)
            advance(journal.tally.records - before)
            over = made is None and task.file == last
            if job.lasting and not over and time.monotonic() - saved >= EVERY:
                journal.save(sink, (task.file, task.block + 1) if made is not None else (task.file + 1, 0))
                saved = time.monotonic()
    if not job.dry_run and job.out != "-":
        journal.finish(sink)


def _take(task: Task, made: Made | None, file: File, sink: Sink, journal: Journal, *, last: bool) -> None:
    """Write what a task made; a file begins with its first task and ends with the one that makes nothing."""
    if task.block == 0:
        sink.open(file.label)
        if file.form == "parquet":
            sink.write(parquet.MAGIC)
    if made is not None:
        if made.group is not None:
            journal.grouped(parquet.placed(made.group, sink.size, len(journal.groups)))
        sink.write(made.data)
        journal.add(made.done)
        return
    if file.form == "parquet":
        table = parquet.table(file.path) if file.path is not None else None
        assert table is not None  # its row groups were read
        sink.write(parquet.end(table, journal.groups))
        journal.ungrouped()
    sink.close(last=last)


def _spooled(job: Job, folder: Path) -> list[str]:
    """The inputs, with standard input in a file where it is read more than once or beside others."""
    if "-" not in job.inputs or (len(job.inputs) == 1 and not job.audited):
        return list(job.inputs)
    path = folder / STDIN
    with open(path, "wb") as stream:
        shutil.copyfileobj(sys.stdin.buffer, stream)
    return [str(path) if name == "-" else name for name in job.inputs]


def _described(job: Job, config: Config, found: Sequence[File]) -> dict[str, Any]:
    """All that decides what is written: another job does not go on where this one stopped."""
    settings = {name: value for name, value in asdict(config).items() if name not in ("out", "quiet", "workers")}
    states = [(file.label, str(file.path), file.size, file.path.stat().st_mtime_ns if file.path else 0) for file in found]
    return {
        "out": job.out, "drop": sorted(job.drop), "strip": sorted(job.strip), "settings": repr(settings), "inputs": states,
        "cleaner": clean.ftfy_rules().version, "layout": LAYOUT,
    }  # fmt: skip
