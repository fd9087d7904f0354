"""The cleaned corpus in the input's format: `corpus-audit clean`. Every field but text and title stays as it is written.

Beside the output stand what was changed (`.changes.parquet`), what was left out (`.dropped.jsonl`) and what could not be read
(`.quarantine.jsonl`). Everything is written in a folder beside the output and renamed at the end.
"""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from audit import drop as dropping
from audit.config import Config
from audit.corpus import Corpus, Entry, files, open_corpus
from audit.corpus.fields import plain
from audit.corpus.splice import replaced
from audit.drop import Dropped
from audit.errors import CorpusError, OutputError
from audit.measure import clean
from audit.out import TableWriter
from audit.show.progress import Progress
from audit.show.safe import clip, terminal
from audit.sink import Sink, sink, workplace
from audit.tables import CHANGES

ROWS, CHARS = 1_024, 8 << 20
"""Articles that are cleaned together."""
EXAMPLES, EXAMPLE_CHARS, LEAD = 5, 72, 24
STDIN = "-.jsonl"
BESIDE = ("changes.parquet", "dropped.jsonl", "quarantine.jsonl")


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What came of it: records = written + dropped + quarantined.

    Attributes:
        records, written, quarantined: Counts of records.
        dropped: Word of --drop -> articles, most first.
        changed: Articles of those written whose text or title was changed.
        fixes: ftfy's step -> fields in which it changed something, most first.
        examples: (file:line, before, after) of the first changes.
        out: Where the corpus was written; "" in a dry run.
    """

    records: int
    written: int
    quarantined: int
    dropped: tuple[tuple[str, int], ...]
    changed: int
    fixes: tuple[tuple[str, int], ...]
    examples: tuple[tuple[str, str, str], ...]
    out: str


def clean_corpus(inputs: Sequence[str], out: str, config: Config, drop: frozenset[str] = frozenset(), dry_run: bool = False) -> Rewritten:
    """Write the corpus in `inputs` cleaned to `out` ("-": standard output, with nothing beside it), without the articles of `drop`.

    JSON Lines become one JSON Lines file, packed by its extension; one text file becomes a text file, several a folder of text files.

    Raises:
        ConfigError: A word of `drop` or the kind of a file does not work here.
        OutputError: The output cannot be written; nothing half-made is there.
        AuditError: What reading and auditing raise.
    """
    dropping.known(drop)
    config = replace(config, sample=None)
    try:
        with workplace(out, dry_run=dry_run) as folder:
            sources = _spooled(inputs, folder) if drop else list(inputs)
            target = sink(files.find(sources), out, folder / "out", dry_run=dry_run)
            reasons, places = _audit(sources, config, drop, folder) if drop else ({}, {})
            corpus = open_corpus(sources, config, folder / BESIDE[2])
            count = _Count(reasons, places)
            with Progress(shown=not config.quiet and out != "-") as progress, progress.stage("cleaning", corpus.progress) as advance:
                for n in _write(corpus, target, count, folder):
                    advance(n)
            if not dry_run and out != "-":
                _publish(folder, Path(out), target)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"cannot write {out}: {error.strerror or error}; choose another place with --out") from error
    return count.result(sum(item.quarantined for item in corpus.inputs()), "" if dry_run else out)


def _spooled(inputs: Sequence[str], folder: Path) -> list[str]:
    """The inputs with standard input in a file: an audit and the rewriting both read it."""
    if "-" not in inputs:
        return list(inputs)
    path = folder / STDIN
    with open(path, "wb") as stream:
        shutil.copyfileobj(sys.stdin.buffer, stream)
    return [str(path) if name == "-" else name for name in inputs]


def _audit(sources: list[str], config: Config, drop: frozenset[str], folder: Path) -> tuple[dict[int, Dropped], dict[int, dict[str, Any]]]:
    """Article -> why it is left out; and article -> id, file, line of those that stand for one."""
    from audit.run import run  # here: it brings all that judges and draws, which cleaning alone does not need

    groups = tuple(sorted({group for word in drop for group in dropping.GROUPS[word]}))
    made = run(sources, replace(config, out=folder / "audit", measures=groups, baseline=None, quiet=True))
    measures = made.measures(dropping.COLUMNS)
    reasons = dropping.decide(measures, drop)
    wanted = sorted({*reasons, *(reason.instead for reason in reasons.values() if reason.instead is not None)})
    rows = measures.select(["id", "file", "line"]).take(pa.array(wanted, pa.int64())).to_pylist()
    return reasons, dict(zip(wanted, rows, strict=True))


@dataclass
class _Count:
    """What was done so far."""

    reasons: dict[int, Dropped]
    places: dict[int, dict[str, Any]]
    article: int = 0
    written: int = 0
    changed: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    fixes: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[str, str, str]] = field(default_factory=list)

    def left_out(self, entry: Entry) -> dict[str, Any] | None:
        """The row of dropped.jsonl of the next article; None if it is written."""
        number, self.article = self.article, self.article + 1
        reason = self.reasons.get(number)
        if reason is None:
            return None
        place = self.places[number]
        if (place["file"], place["line"]) != (entry.file, entry.record.line):
            raise CorpusError(f"{entry.file}:{entry.record.line} is not where the audit saw it: the input changed while it was read; try again")
        self.dropped[reason.why] += 1
        other = None if reason.instead is None else self.places[reason.instead]
        return {**place, "why": reason.why, "duplicate_of": other, "similarity": reason.similarity}

    def result(self, quarantined: int, out: str) -> Rewritten:
        """The counts of the whole."""
        by_count = [tuple(sorted(some.items(), key=lambda part: (-part[1], part[0]))) for some in (self.dropped, self.fixes)]
        records = self.written + self.dropped.total() + quarantined
        return Rewritten(records, self.written, quarantined, by_count[0], self.changed, by_count[1], tuple(self.examples), out)


def _write(corpus: Corpus, target: Sink, count: _Count, folder: Path) -> Iterator[int]:
    """Clean and write all articles; yields how many more are done."""
    with TableWriter(folder / BESIDE[0], CHANGES) as changes, open(folder / BESIDE[1], "wb") as dropped, target:
        for entries in _portions(corpus.entries()):
            stays = []
            for entry in entries:
                row = count.left_out(entry)
                if row is None:
                    stays.append(entry)
                else:
                    dropped.write(orjson.dumps(row) + b"\n")
            rows = [row for entry, data in zip(stays, _cleaned(stays), strict=True) for row in _one(entry, data, target, count)]
            if rows:
                changes.write(pa.Table.from_pylist(rows, CHANGES))
            yield len(entries)


def _portions(entries: Iterator[Entry]) -> Iterator[list[Entry]]:
    held, size = [], 0
    for entry in entries:
        held.append(entry)
        size += len(entry.text or "")
        if len(held) >= ROWS or size >= CHARS:
            yield held
            held, size = [], 0
    if held:
        yield held


def _cleaned(entries: Sequence[Entry]) -> list[dict[str, str]]:
    """Per article the fields that cleaning changes, with their cleaned text."""
    out: list[dict[str, str]] = [{} for _ in entries]
    for role in ("title", "text"):
        given = [_string(entry, role) for entry in entries]
        cleaned = clean.clean_batch(pa.array(given, pa.large_string())).text.to_pylist()
        for changed, before, after in zip(out, given, cleaned, strict=True):
            if after is not None and after != before:
                changed[role] = after
    return out


def _string(entry: Entry, role: str) -> str | None:
    value = entry.text if role == "text" else entry.fields.value(role, entry.record.value)
    return value if isinstance(value, str) else None


def _one(entry: Entry, cleaned: dict[str, str], target: Sink, count: _Count) -> list[dict[str, Any]]:
    """Write an article; the rows of changes.parquet that it gives."""
    data = entry.record.raw
    assert data is not None  # JSON Lines and text have it
    rows: list[dict[str, Any]] = []
    identity = {
        "file": entry.file, "line": entry.record.line,
        "id": plain(entry.fields.value("id", entry.record.value)) or f"{entry.file}:{entry.record.line}",
    }  # fmt: skip
    for role, text in cleaned.items():
        data = text.encode() if entry.form == "txt" else replaced(data, entry.fields.paths[role], text)
        steps = clean.steps(_string(entry, role) or "")
        count.fixes.update({fix for step in steps for fix in step.fixes})
        rows += [
            identity | {"field": entry.fields.said(role), "step": ", ".join(step.fixes), "before": step.before, "after": step.after} for step in steps
        ]
    if rows and len(count.examples) < EXAMPLES:
        count.examples.append((f"{entry.file}:{entry.record.line}", rows[0]["before"], rows[0]["after"]))
    target.write(entry.file, data)
    count.written += 1
    count.changed += bool(cleaned)
    return rows


def _publish(folder: Path, out: Path, target: Sink) -> None:
    for name in BESIDE:
        (folder / name).replace(out.with_name(f"{out.name}.{name}"))
    assert target.path is not None  # neither standard output nor a dry run
    if out.is_dir():
        out.rmdir()  # it is empty, as `sink` saw; not every system renames onto a folder
    target.path.replace(out)


def summary(done: Rewritten) -> str:
    """What was done, for the terminal."""
    lines = [f"{done.records:,} records: {done.written:,} written ({done.changed:,} of them changed), "
             f"{sum(n for _, n in done.dropped):,} dropped, {done.quarantined:,} quarantined"]  # fmt: skip
    lines += [f"  dropped as {why}: {n:,}" for why, n in done.dropped]
    lines += [f"  {fix}: {n:,} fields" for fix, n in done.fixes]
    for place, before, after in done.examples:
        lines += [f"  {terminal(place)}", *_difference(before, after)]
    lines.append(f"written to {terminal(done.out)}" if done.out not in ("", "-") else "nothing was written: a dry run" if not done.out else "")
    return "\n".join(line for line in lines if line) + "\n"


def _difference(before: str, after: str) -> list[str]:
    """A changed line before and after, from shortly before the place where they part."""
    start = max(0, _parting(before, after) - LEAD)
    cut = "…" if start else ""
    return [f"    {sign} {terminal(clip(cut + text[start:], EXAMPLE_CHARS))}" for sign, text in (("-", before), ("+", after))]


def _parting(before: str, after: str) -> int:
    """How many characters two texts begin with alike."""
    both = zip(before, after, strict=False)
    return next((at for at, (left, right) in enumerate(both) if left != right), min(len(before), len(after)))
