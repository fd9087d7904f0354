"""Files, tables, frames and dicts to batches of tables.ARTICLES, in an order that depends on nothing but the files.

A file's fields are chosen from its first records. A record that cannot be read goes to the quarantine and the rest is read on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import dropwhile
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pyarrow as pa

from audit.config import Config
from audit.corpus import files
from audit.corpus.columns import Plan
from audit.corpus.fields import ROLES, Chosen, choose
from audit.corpus.open import BLOCK, Meter, Replay
from audit.corpus.quarantine import Quarantine
from audit.corpus.records import Bad, Items, Record
from audit.corpus.rows import Rows, text_of
from audit.corpus.source import How, Source, head, sources
from audit.corpus.unpack import Guard
from audit.errors import ConfigError, CorpusError
from audit.result import Input

Made = TypeVar("Made")
SHOWN = 40
"""Names of fields in a message."""
WHOLE = Chosen({"text": ("text",), "id": ("id",)})
"""The fields of a text file, whatever names are configured."""


class Entry(NamedTuple):
    """An article as its reader gave it: where it is, its record, the fields of its file, and its text (None: missing)."""

    file: str
    form: str
    record: Record
    fields: Chosen
    text: str | None


class Corpus:
    """A corpus that is read once, from the first article to the last; see `open_corpus`."""

    def __init__(self, found: tuple[Source, ...], config: Config, quarantine: Path, how: How) -> None:
        self._sources, self._config, self._how = found, config, how
        self._meters = {source.file.label: Meter() for source in found}
        self._started: dict[str, Items] = {}  # what can be read once only, and was looked at
        self._opened: dict[str, Replay] = {}
        self._chosen: dict[str, Counter[str]] = {role: Counter() for role in ROLES}
        self._counts: dict[str, Counter[str]] = {}
        self._inputs: list[Input] = []
        self._survey()
        self._quarantine = Quarantine(quarantine)

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """Role -> the field that was chosen, so far; "text (3 files), body (1 file)" where files differ."""
        said = []
        for role, names in self._chosen.items():
            parts = [f"{name} ({n} file{'s' * (n > 1)})" for name, n in sorted(names.items(), key=lambda part: (-part[1], part[0]))]
            said += [(role, next(iter(names)) if len(names) == 1 else ", ".join(parts))] if names else []
        return tuple(said)

    def paths(self) -> Mapping[str, Path]:
        """The label of each file -> where it is; standard input and rows in memory are not in it."""
        return {source.file.label: source.file.path.absolute() for source in self._sources if source.file.path is not None}

    def progress(self) -> tuple[int, int]:
        """Bytes read, and bytes in all (0: unknown)."""
        sizes = [source.file.size for source in self._sources]
        done = sum(meter.size for meter in self._meters.values())
        return done, 0 if any(source.once for source in self._sources) else sum(sizes)

    def inputs(self) -> tuple[Input, ...]:
        """The files that were read, with their counts; complete after the last batch. Files that `limit` left out are not in it."""
        return tuple(self._inputs)

    def reasons(self) -> tuple[tuple[str, int], ...]:
        """Why records were quarantined, most first."""
        return tuple(sorted(self._quarantine.reasons.items(), key=lambda part: (-part[1], part[0])))

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Batches of places.PLACED: at most 2,048 rows or about 3 MB of text."""
        rows = Rows()
        for part in self._all(self._parts):
            if isinstance(part, Entry):
                rows.add(part.file, part.record, part.fields, part.text)
                if rows.full:
                    yield rows.take()
            else:
                yield from rows.extend(part)
        last = rows.take()
        if last.num_rows:
            yield last

    def entries(self) -> Iterator[Entry]:
        """The articles one by one, with their records as they stand in the file; those of `batches`."""
        yield from self._all(lambda source, count, _: self._read(source, count))

    def _all(self, read: Callable[[Source, Counter[str], int | None], Iterator[Made]]) -> Iterator[Made]:
        """What `read` makes of every source; it is told how many articles are wanted still (None: all)."""
        left = self._config.limit
        with self._quarantine:
            for source in self._sources:
                count = Counter()
                for part in read(source, count, left):
                    yield part
                    if left is not None and count["articles"] >= left:
                        break
                self._inputs.append(self._input(source, count, cut=left is not None and count["articles"] >= left))
                left = None if left is None else left - count["articles"]
                if left is not None and left <= 0:
                    return

    def _parts(self, source: Source, count: Counter[str], left: int | None) -> Iterator[Entry | pa.RecordBatch]:
        """The articles of a source, as far as possible without an object for each record."""
        label = source.file.label
        if not source.columnar:
            yield from self._read(source, count)
            return
        stream = self._stream(source)
        _, values = head(dropwhile(lambda item: isinstance(item, Bad), source.read(self._how, Meter(), stream)))
        stream = stream and stream.rest()
        if not values or len(choose(values, self._config.fields).paths.get("text", ())) > 1:
            yield from self._read(source, count, stream)
            return
        fields = self._choose(source, values)
        for part in source.columns(self._how, stream, Plan.of(label, fields, self._how.max_record)):
            if isinstance(part, pa.RecordBatch):
                some = part if left is None else part.slice(0, left - count["articles"])
                count["articles"] += some.num_rows
                yield some
            else:
                yield from self._articles(source, iter([part]), fields, count)

    def _stream(self, source: Source) -> Replay | None:
        """The bytes of a source that is read by the block."""
        if source.file.form == "parquet":
            return None
        label = source.file.label
        return self._opened.pop(label, None) or Replay(source.stream(self._how, self._meters[label]))

    def _read(self, source: Source, count: Counter[str], stream: Replay | None = None) -> Iterator[Entry]:
        label = source.file.label
        stream = stream or self._opened.pop(label, None)
        items = self._started.pop(label, None) or source.read(self._how, self._meters[label], stream and stream.rest())
        for item in items:
            if isinstance(item, Bad):
                self._bad(label, item, count)
                continue
            again, values = head(_prepend(item, items))  # the first record: choose the fields, from it and those behind it
            yield from self._articles(source, again, self._choose(source, values), count)
            return

    def _articles(self, source: Source, items: Items, fields: Chosen, count: Counter[str]) -> Iterator[Entry]:
        """The articles of a source whose fields are known; bad records to the quarantine."""
        label = source.file.label
        for item in items:
            text = text_of(item, fields) if isinstance(item, Record) else item
            if isinstance(text, Bad):
                self._bad(label, text, count)
            elif isinstance(item, Record):
                count["articles"] += 1
                yield Entry(label, source.file.form, item, fields, text)

    def _bad(self, label: str, bad: Bad, count: Counter[str]) -> None:
        self._quarantine.add(label, bad)
        count["quarantined"] += 1

    def _choose(self, source: Source, values: list[Mapping[str, Any]]) -> Chosen:
        whole = source.file.form == "txt"
        fields = WHOLE if whole else choose(values, self._config.fields)
        for role in fields.paths:
            self._chosen[role][f"the {'file' if role == 'text' else 'path'}" if whole else fields.said(role)] += 1
        if "source" not in fields.paths and "url" in fields.paths:
            self._chosen["source"][f"host of {fields.said('url')}"] += 1
        return fields

    def _input(self, source: Source, count: Counter[str], *, cut: bool) -> Input:
        digest = "" if cut and source.once else source.digest(self._meters[source.file.label])
        articles, quarantined = count["articles"], count["quarantined"]
        return Input(source.file.label, digest, articles + quarantined, articles, quarantined)

    def _survey(self) -> None:
        """Look at the first records of each file until a text and all fields that were named are found.

        Raises:
            CorpusError, ConfigError: They are nowhere.
        """
        missing = {role for role in ROLES if role == "text" or getattr(self._config.fields, role)}
        names: dict[str, None] = {}
        looked, only_text = False, True
        for source in self._sources:
            if source.file.form == "txt":
                missing, looked = missing - {"text"}, True
                continue
            only_text = False
            values = self._peek(source)
            looked = looked or bool(values)
            missing -= choose(values, self._config.fields).paths.keys()
            names.update(dict.fromkeys(source.names(values)))
            if not missing:
                return
        if looked and not only_text and missing:
            self._refuse(missing, list(names))

    def _peek(self, source: Source) -> list[Mapping[str, Any]]:
        label = source.file.label
        if source.once and source.columnar:
            self._opened[label] = Replay(source.stream(self._how, self._meters[label]))
            return head(source.read(self._how, Meter(), self._opened[label]))[1]
        items, values = head(source.read(self._how, self._meters[label] if source.once else Meter()))
        if source.once:
            self._started[label] = items
        return values

    def _refuse(self, missing: set[str], names: list[str]) -> None:
        there = ", ".join(names[:SHOWN]) + (", ..." if len(names) > SHOWN else "")
        for role in ROLES:
            name = getattr(self._config.fields, role)
            if role in missing and name:
                raise ConfigError(f"no record has the field {name!r} that {role}-field names; fields that are there: {there}")
        raise CorpusError(f"no record has a text field; fields that are there: {there}; name the one that holds the text with --text-field")


def _prepend(first: Record, items: Items) -> Items:
    yield first
    yield from items


def open_corpus(source: Any, config: Config, quarantine: Path, *, block: int = BLOCK, guard: Guard | None = None) -> Corpus:
    """The corpus in `source`: a path or a sequence of paths ("-" is standard input, a folder all files in it), a pa.Table,
    a pandas.DataFrame, or an iterable of dicts. Bad records go to the file `quarantine`; `block` and `guard` change no record.

    Raises:
        CorpusError: The input cannot be read, or has no text field.
        ConfigError: A field that was named is nowhere.
        OutputError: The quarantine cannot be written.
    """
    return Corpus(sources(source), config, quarantine, How.of(config, block, guard))


def reread(path: Path, label: str, line: int, config: Config) -> pa.RecordBatch:
    """The record at `line` of the file at `path` again, as places.PLACED with `article` 0; several rows where objects
    are glued together on one line.

    Raises:
        CorpusError: The file or the record is gone.
    """
    source = Source(replace(files.one(path, label), label=label))
    rows, fields = Rows(), None
    items, values = head(source.read(How.of(config), Meter()))
    fields = WHOLE if source.file.form == "txt" else choose(values, config.fields)
    for item in items:
        if item.line > line:
            break
        if item.line == line and isinstance(item, Record) and not isinstance(text := text_of(item, fields), Bad):
            rows.add(label, item, fields, text)
    batch = rows.take()
    if not batch.num_rows:
        raise CorpusError(f"{path} has no article at {line} any more; audit the corpus again")
    return batch.set_column(0, batch.schema.field(0), pa.array([0] * batch.num_rows, pa.int64()))
