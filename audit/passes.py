"""The three passes over the corpus. Each hands on arrays of a few bytes an article; texts stay in the spool."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from audit.across import duplicates, recurrence, retitled
from audit.config import Config
from audit.corpus import Corpus
from audit.corpus.columns import BLANK
from audit.corpus.places import PLACES, Places
from audit.corpus.spool import Spool
from audit.engines import local, processes
from audit.kernels.utf8 import buffers, either
from audit.measure import clean, titles
from audit.measure.batch import DETECTORS, READING, Side, measure
from audit.out import TableWriter
from audit.tables import ARTICLES, BY_NAME, COLUMNS, FINDINGS, TEXT, signatures

Advance = Callable[[int], None]
"""Told how many articles more are done."""
ENOUGH = 16
"""Batches, of 3 MB or of thousands of short articles, that are worth the seconds in which another process starts."""
NO_DATE = np.iinfo(np.int64).min
AGAIN = ("article", "file", "title", "text", *PLACES.names, "view")
"""What is read again of an article that is measured already."""


@dataclass(frozen=True, slots=True)
class Read:
    """What the first pass hands on: the spool of tables.ARTICLES with `view`, `empty`, `text_hash` and `fixes` (of an article that is
    measured already, AGAIN only); and, in order, what the barrier learns from. `hashes` is (n, 16) uint8, zeros where empty; `holders` are the
    articles with lines that were learned.
    """

    spool: Spool
    hashes: npt.NDArray[np.uint8]
    empty: npt.NDArray[np.bool_]
    learned: recurrence.Learned | None
    holders: npt.NDArray[np.bool_]
    affixes: titles.Affixes


def read(corpus: Corpus, config: Config, folder: Path, groups: frozenset[str], advance: Advance) -> Read:
    """Pass 1: parse, clean, hash; then the barrier, where the corpus teaches its boilerplate and site names."""
    reading = _Reading(corpus, config, folder, groups)
    for prepared in local.each(reading.prepare, corpus.batches(), config.workers):
        reading.add(prepared)
        advance(prepared.batch.num_rows)
    return reading.done()


def learns(groups: frozenset[str]) -> bool:
    """Whether measuring waits for what the whole corpus teaches."""
    return not groups.isdisjoint(DETECTORS)


def read_and_measured(
    corpus: Corpus, side: Side, plan: duplicates.Plan | None, config: Config, folder: Path, advance: Advance
) -> tuple[Read, Measures]:
    """Pass 1 and 2 in one, while a text is at hand, where nothing `learns`; then there are no findings either."""
    reading = _Reading(corpus, config, folder, side.groups, AGAIN)
    measure_batch = _Measurer(side, plan, plan is not None and config.signatures, None, np.zeros(0, np.bool_))
    with _Measuring(plan, config, folder) as measuring:

        def work(batch: pa.RecordBatch) -> tuple[_Prepared, _Worked]:
            prepared = reading.prepare(batch)
            return prepared, measure_batch(prepared.batch)

        for prepared, worked in local.each(work, corpus.batches(), config.workers):
            measuring.add(worked, reading.add(prepared))
            advance(prepared.batch.num_rows)
    found = reading.done()
    return found, measuring.done(found)


class _Prepared(NamedTuple):
    """A batch that is cleaned and hashed, with what the barrier learns from it."""

    batch: pa.RecordBatch
    keys: recurrence.LineKeys | None
    tally: pa.Table | None


class _Reading:
    """Pass 1 on its way."""

    def __init__(self, corpus: Corpus, config: Config, folder: Path, groups: frozenset[str], kept: Sequence[str] | None = None) -> None:
        self._spool, self._kept, self._sample = Spool(folder / "read.arrow", Places(corpus.paths())), kept, config.sample
        self._wants_lines = not groups.isdisjoint(READING)
        self._hashes, self._empties = [np.zeros((0, 16), np.uint8)], [np.zeros(0, np.bool_)]
        self._lines: list[recurrence.LineKeys] = []
        self._tallies: list[pa.Table] = []

    def prepare(self, batch: pa.RecordBatch) -> _Prepared:
        """On any thread."""
        batch = _cleaned(batch, self._sample)
        if not self._wants_lines:
            return _Prepared(batch, None, None)
        keys = recurrence.keys(either(batch["view"], batch["text"]), batch["source"])
        return _Prepared(batch, keys, titles.tally(batch["title"], batch["source"]))

    def add(self, prepared: _Prepared) -> pa.Int64Array:
        """The next batch in order; the numbers of its articles."""
        batch = prepared.batch
        numbers = pa.array(np.arange(self._spool.rows, self._spool.rows + batch.num_rows))
        rows = batch.set_column(0, ARTICLES.field("article"), numbers)
        self._spool.write(rows if self._kept is None else rows.select(self._kept))
        self._hashes.append(_bytes16(batch["text_hash"]))
        self._empties.append(batch["empty"].to_numpy(zero_copy_only=False))
        self._lines += [prepared.keys] if prepared.keys is not None else []
        self._tallies += [prepared.tally] if prepared.tally is not None else []
        return numbers

    def done(self) -> Read:
        """The barrier."""
        self._spool.close()
        hashes, empty = np.concatenate(self._hashes), np.concatenate(self._empties)
        learned = recurrence.learn(self._lines, _first_of_text(hashes) & ~empty) if self._wants_lines else None
        holders = recurrence.holders(self._lines, learned) if learned is not None else np.zeros(len(empty), np.bool_)
        return Read(self._spool, hashes, empty, learned, holders, titles.learn(self._tallies))


def _cleaned(batch: pa.RecordBatch, sample: float | None) -> pa.RecordBatch:
    """The batch with `view` (null where it equals the text), `empty`, `text_hash` and `fixes`; only sampled articles of it."""
    blank = pc.fill_null(pc.match_substring_regex(batch["text"], BLANK), True)
    text = pc.if_else(blank, pa.scalar(None, TEXT), batch["text"]) if pc.any(blank).as_py() else batch["text"]
    cleaned = clean.clean_batch(text)
    hashes = _hashes(cleaned.text)
    batch = batch.set_column(batch.schema.get_field_index("text"), ARTICLES.field("text"), text)
    batch = batch.append_column("view", _others(cleaned.view, text))
    batch = batch.append_column("empty", pc.is_null(text)).append_column("text_hash", hashes).append_column("fixes", cleaned.fixes)
    return batch if sample is None else batch.filter(_sampled(batch, sample))


def _others(views: pa.LargeStringArray, texts: pa.LargeStringArray) -> pa.LargeStringArray:
    """The views that are not their text, null for the others."""
    if views is texts:
        return pa.nulls(len(texts), TEXT)
    other = pc.fill_null(pc.not_equal(views, texts), False).to_numpy(zero_copy_only=False)
    return views.take(pa.array(np.arange(len(texts)), mask=~other))


def _sampled(batch: pa.RecordBatch, share: float) -> pa.BooleanArray:
    """The articles whose text hash, as a number in 0-1, lies below `share`; an empty one goes by its file and line."""
    keys = [
        digest or xxhash.xxh3_128_digest(f"{file}:{line}".encode())
        for digest, file, line in zip(*(batch[name].to_pylist() for name in ("text_hash", "file", "line")), strict=True)
    ]
    return pa.array([int.from_bytes(key, "big") < share * 2.0**128 for key in keys], pa.bool_())


def _hashes(texts: pa.LargeStringArray) -> pa.FixedSizeBinaryArray:
    data, cuts = buffers(texts)
    whole = data.data
    digests = b"".join([xxhash.xxh3_128_digest(whole[a:b]) for a, b in pairwise(cuts.tolist())])
    valid = None if not texts.null_count else pa.py_buffer(np.packbits(texts.is_valid().to_numpy(zero_copy_only=False), bitorder="little"))
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), len(texts), [valid, pa.py_buffer(digests)])


def _bytes16(hashes: pa.FixedSizeBinaryArray) -> npt.NDArray[np.uint8]:
    """The hashes as rows of 16 bytes, zeros for null."""
    every = np.frombuffer(hashes.buffers()[1], np.uint8).reshape(-1, 16)[hashes.offset : hashes.offset + len(hashes)]
    return np.where(hashes.is_valid().to_numpy(zero_copy_only=False)[:, None], every, np.uint8(0))


def _first_of_text(hashes: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Whether an article is the first with its text."""
    first = np.zeros(len(hashes), np.bool_)
    if len(hashes):
        first[np.unique(np.ascontiguousarray(hashes).view("V16").reshape(-1), return_index=True)[1]] = True
    return first


@dataclass(frozen=True, slots=True)
class Measures:
    """What the second pass hands on: two spools (columns, and findings), and per article what the third pass compares."""

    columns: Spool
    skip: pa.ListArray
    findings: Path
    sketches: duplicates.Sketches | None
    facts: duplicates.Facts
    headlines: npt.NDArray[Any]
    spellings: recurrence.Spellings


class _Worked(NamedTuple):
    """Of a batch."""

    columns: pa.RecordBatch
    skip: pa.ListArray
    findings: pa.RecordBatch
    sketches: duplicates.Sketches | None
    facts: dict[str, npt.NDArray[Any]]
    signatures: pa.Array | None
    spellings: recurrence.Spellings


@dataclass(frozen=True, slots=True)
class _Measurer:
    """Measures a batch, on any thread and in any process.

    Attributes:
        signs: Whether signatures are asked for.
        learned: What the corpus taught; None where nothing `learns`.
        holders: Whether an article holds lines that were learned.
    """

    side: Side
    plan: duplicates.Plan | None
    signs: bool
    learned: recurrence.Learned | None
    holders: npt.NDArray[np.bool_]

    def __call__(self, batch: pa.RecordBatch) -> _Worked:
        views = either(batch["view"], batch["text"])
        recurrent, spellings = self._recurrent(batch, views) if self.learned is not None else (None, {})
        result = measure(batch, recurrent, self.side)
        sketch = duplicates.sketch(views, result.skip, self.plan) if self.plan is not None else None
        signed = _signatures(views, result.skip, self.plan) if self.plan is not None and self.signs else None
        return _Worked(_row_batch(batch, result.columns), result.skip, result.findings, sketch, _facts(batch, result), signed, spellings)

    def _recurrent(self, batch: pa.RecordBatch, views: pa.LargeStringArray) -> tuple[pa.ListArray, recurrence.Spellings]:
        assert self.learned is not None
        return recurrence.find(views, batch["source"], self.learned, self.holders[batch["article"].to_numpy()])


@dataclass(frozen=True, slots=True)
class _OfSpool:
    """Measures a batch of a spool by its number, so that no text goes from process to process."""

    spool: Spool
    measurer: _Measurer

    def __call__(self, number: int) -> _Worked:
        return local.blamed(self.measurer, self.spool.batch(number))


def measured(read: Read, side: Side, plan: duplicates.Plan | None, config: Config, folder: Path, advance: Advance) -> Measures:
    """Pass 2: every per-article column, the findings, and the sketches (where there is a `plan`)."""
    measurer = _Measurer(side, plan, plan is not None and config.signatures, read.learned, read.holders)
    workers = config.workers if len(read.spool) >= ENOUGH else 1
    with _Measuring(plan, config, folder) as measuring:
        for worked in processes.each(_OfSpool(read.spool, measurer), range(len(read.spool)), workers):
            measuring.add(worked, worked.columns["article"])
            advance(worked.columns.num_rows)
    return measuring.done(read)


class _Measuring:
    """Pass 2 on its way."""

    def __init__(self, plan: duplicates.Plan | None, config: Config, folder: Path) -> None:
        self._columns, self._path = Spool(folder / "measured.arrow"), folder / "findings.arrow"
        self._open = ExitStack()
        self._findings = self._open.enter_context(pa.ipc.new_file(str(self._path), FINDINGS))
        self._sign = self._open.enter_context(_signed(plan, config, folder))
        self._skips = [pa.nulls(0, pa.list_(pa.int32()))]
        self._sketches = duplicates.Pile(plan) if plan is not None else None
        self._facts: list[dict[str, npt.NDArray[Any]]] = []
        self._spellings: recurrence.Spellings = {}

    def __enter__(self) -> _Measuring:
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()
        self._columns.close()

    def add(self, worked: _Worked, numbers: pa.Int64Array) -> None:
        """The next batch in order, and the numbers of its articles."""
        rows = worked.columns.set_column(0, worked.columns.schema.field(0), numbers)
        self._columns.write(rows)
        self._skips.append(worked.skip)
        self._findings.write_batch(worked.findings)
        self._sign(rows, worked.signatures)
        if self._sketches is not None and worked.sketches is not None:
            self._sketches.add(worked.sketches)
        self._facts.append(worked.facts)
        recurrence.merge(self._spellings, worked.spellings)

    def done(self, read: Read) -> Measures:
        """What pass 2 hands on."""
        facts, headlines = _joined(self._facts, read), _stacked(self._facts, "headline")
        sketches = self._sketches.sketches() if self._sketches is not None else None
        return Measures(self._columns, pa.concat_arrays(self._skips), self._path, sketches, facts, headlines, self._spellings)


def _signatures(views: pa.LargeStringArray, skip: pa.ListArray, plan: duplicates.Plan) -> pa.FixedSizeListArray:
    values = pa.array(duplicates.signatures(views, skip, plan).reshape(-1))
    return pa.FixedSizeListArray.from_arrays(values, plan.permutations, mask=views.is_null())


@contextmanager
def _signed(plan: duplicates.Plan | None, config: Config, folder: Path) -> Iterator[Callable[[pa.RecordBatch, pa.Array | None], None]]:
    """What writes the signatures of a batch to signatures.parquet, where they are asked for; `folder` is the spools'."""
    if plan is None or not config.signatures:
        yield lambda rows, signed: None
        return
    schema = signatures(plan.permutations)
    with TableWriter(folder.parent / "signatures.parquet", schema) as writer:
        yield lambda rows, signed: writer.write(pa.record_batch([rows["article"], rows["text_hash"], signed], schema=schema))


def _row_batch(batch: pa.RecordBatch, columns: dict[str, pa.Array]) -> pa.RecordBatch:
    """The columns of tables.COLUMNS that are known by now."""
    known = {name: batch[name] for name in ("article", "id", "file", "line", "source", "url", "date", "text_hash", "empty")} | columns
    names = [column.name for column in COLUMNS if column.name in known]
    arrays = [known[name] for name in names]
    fields = [pa.field(name, BY_NAME[name].type) for name in names]
    return pa.record_batch(arrays, schema=pa.schema(fields))


def _facts(batch: pa.RecordBatch, result: Any) -> dict[str, npt.NDArray[Any]]:
    """Per article: characters less boilerplate, date, keys of source and headline."""
    chars = result.columns["n_chars"].fill_null(0).to_numpy()
    share = result.columns["boilerplate_share"].fill_null(0).to_numpy()
    sources = batch["source"].dictionary_encode(null_encoding="encode")
    keys = [xxhash.xxh3_64_intdigest(name.encode()) >> 1 if name is not None else 0 for name in sources.dictionary.to_pylist()]
    return {
        "size": np.rint(chars * (1 - share)).astype(np.int64),
        "date": batch["date"].cast(pa.int64()).fill_null(NO_DATE).to_numpy(),
        "source": np.array(keys, np.int64)[sources.indices.to_numpy()],
        "headline": retitled.keys(result.columns["title"]),
    }


def _stacked(facts: list[dict[str, npt.NDArray[Any]]], name: str) -> npt.NDArray[Any]:
    return np.concatenate([part[name] for part in facts]) if facts else np.zeros(0, np.int64)


def _joined(facts: list[dict[str, npt.NDArray[Any]]], read: Read) -> duplicates.Facts:
    headlines = _stacked(facts, "headline")
    return duplicates.Facts(
        text_hash=read.hashes, empty=read.empty, size=_stacked(facts, "size"), date=_stacked(facts, "date"),
        source=_stacked(facts, "source"), title=headlines,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compared:
    """What the third pass hands on: arrays over all articles, by column name; pairs without ids; which articles are cut heads."""

    columns: dict[str, pa.Array]
    pairs: pa.Table
    cut: pa.BooleanArray
    notes: tuple[str, ...]


def compared(read: Read, measures: Measures, plan: duplicates.Plan | None, config: Config, groups: frozenset[str]) -> Compared:
    """Pass 3: headlines across articles, and duplicates, verified on the texts of the candidates."""
    n = len(read.hashes)
    columns: dict[str, pa.Array] = {}
    if "titles" in groups:
        hashes = pa.array([None if none else bytes(row) for row, none in zip(read.hashes, read.empty, strict=True)], pa.binary(16))
        columns["title_cluster"], columns["retitled"] = retitled.cluster(measures.headlines, hashes)
    pairs, cut, notes = PAIRLESS, pa.array(np.zeros(n, np.bool_)), ()
    if plan is not None and measures.sketches is not None:

        def gather(articles: npt.NDArray[np.int64]) -> duplicates.Fetch:
            folder = read.spool.path.parent
            texts = read.spool.subset(articles, ("text", "view"), folder / "texts.arrow")

            def fetch(some: npt.NDArray[np.int64]) -> pa.RecordBatch:
                found = texts.take(some, ("article", "text", "view"))
                return pa.record_batch(
                    {"article": found["article"], "view": either(found["view"], found["text"]), "skip": measures.skip.take(pa.array(some))}
                )

            return fetch

        found = duplicates.compare(measures.sketches, measures.facts, gather, plan, config.keep, config.workers)
        names = ("exact_cluster", "near_cluster", "duplicate", "duplicate_of", "similarity", "contained", "contained_in", "containment")
        columns |= {name: getattr(found, name) for name in names}
        pairs, cut, notes = found.pairs, found.cut, found.notes
    return Compared(columns, pairs, cut, notes)


PAIRLESS = pa.table(
    {
        "left": pa.array([], pa.int64()),
        "right": pa.array([], pa.int64()),
        "kind": pa.array([], pa.string()),
        "jaccard": pa.array([], pa.float64()),
        "containment": pa.array([], pa.float64()),
    }
)
