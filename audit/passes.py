"""The three passes over the corpus. Each hands on arrays of a few bytes an article; texts stay in the spool."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import xxhash

from audit.across import duplicates, recurrence, retitled
from audit.config import Config
from audit.corpus import Corpus
from audit.corpus.columns import BLANK
from audit.corpus.places import Places
from audit.corpus.spool import Spool
from audit.engines import local
from audit.kernels.utf8 import buffers, either
from audit.measure import clean, titles
from audit.measure.batch import Side, measure
from audit.out import TableWriter
from audit.tables import ARTICLES, BY_NAME, COLUMNS, FINDINGS, MEASURES, TEXT, signatures

Advance = Callable[[int], None]
"""Told how many articles more are done."""
NO_DATE = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True)
class Read:
    """What the first pass hands on: the spool of tables.ARTICLES with `view`, `empty`, `text_hash` and `fixes`; and, in order,
    what the barrier learns from. `hashes` is (n, 16) uint8, zeros where empty.
    """

    spool: Spool
    hashes: npt.NDArray[np.uint8]
    empty: npt.NDArray[np.bool_]
    learned: recurrence.Learned | None
    affixes: titles.Affixes


def read(corpus: Corpus, config: Config, folder: Path, groups: frozenset[str], advance: Advance) -> Read:
    """Pass 1: parse, clean, hash; then the barrier, where the corpus teaches its boilerplate and site names."""
    spool = Spool(folder / "read.arrow", Places(corpus.paths()))
    wants_lines = not groups.isdisjoint(("boilerplate", "truncation", "bylines", "titles"))

    def prepare(batch: pa.RecordBatch) -> tuple[pa.RecordBatch, recurrence.LineKeys | None, pa.Table | None]:
        batch = _cleaned(batch, config.sample)
        keys = recurrence.keys(either(batch["view"], batch["text"]), batch["source"]) if wants_lines else None
        return batch, keys, titles.tally(batch["title"], batch["source"]) if wants_lines else None

    hashes, empties, lines, tallies = [], [], [], []
    for batch, keys, tally in local.each(prepare, corpus.batches(), config.workers):
        numbers = pa.array(np.arange(spool.rows, spool.rows + batch.num_rows))
        spool.write(batch.set_column(0, ARTICLES.field("article"), numbers))
        hashes.append(_bytes16(batch["text_hash"]))
        empties.append(batch["empty"].to_numpy(zero_copy_only=False))
        tallies += [tally] if tally is not None else []
        lines += [keys] if keys is not None else []
        advance(batch.num_rows)
    spool.close()
    every = np.concatenate(hashes) if hashes else np.zeros((0, 16), np.uint8)
    empty = np.concatenate(empties) if empties else np.zeros(0, np.bool_)
    learned = recurrence.learn(lines, _first_of_text(every) & ~empty) if wants_lines else None
    return Read(spool, every, empty, learned, titles.learn(tallies))


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
    known = texts.is_valid().to_pylist()
    bounds = cuts.tolist()
    digests = [xxhash.xxh3_128_digest(whole[a:b]) if is_text else None for a, b, is_text in zip(bounds, bounds[1:], known, strict=False)]
    return pa.array(digests, pa.binary(16))


def _bytes16(hashes: pa.FixedSizeBinaryArray) -> npt.NDArray[np.uint8]:
    filled = pc.fill_null(hashes, bytes(16))
    return np.frombuffer(b"".join(filled.to_pylist()), np.uint8).reshape(-1, 16)


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
    sketches: tuple[duplicates.Sketches, ...]
    facts: duplicates.Facts
    headlines: npt.NDArray[Any]


Worked = tuple[pa.RecordBatch, pa.ListArray, pa.RecordBatch, duplicates.Sketches | None, dict[str, npt.NDArray[Any]], pa.Array | None]
"""Of a batch: columns, lines that do not count, findings, sketches, facts, signatures."""


def measured(read: Read, side: Side, plan: duplicates.Plan | None, config: Config, folder: Path, advance: Advance) -> Measures:
    """Pass 2: every per-article column, the findings, and the sketches (where there is a `plan`)."""

    def work(batch: pa.RecordBatch) -> Worked:
        views = either(batch["view"], batch["text"])
        recurrent = recurrence.find(views, batch["source"], read.learned) if read.learned is not None else None
        result = measure(batch, recurrent, side)
        sketch = duplicates.sketch(views, result.skip, plan) if plan is not None else None
        signed = _signatures(views, result.skip, plan) if plan is not None and config.signatures else None
        return _row_batch(batch, result.columns), result.skip, result.findings, sketch, _facts(batch, result), signed

    columns, skips, sketches, facts = Spool(folder / "measured.arrow"), [pa.nulls(0, pa.list_(pa.int32()))], [], []
    path = folder / "findings.arrow"
    with pa.ipc.new_file(str(path), FINDINGS) as writer, _signed(plan, config, folder) as sign:
        for rows, skip, found, sketch, some, signed in local.each(work, read.spool.batches(), config.workers):
            columns.write(rows)
            skips.append(skip)
            writer.write_batch(found)
            sign(rows, signed)
            sketches += [sketch] if sketch is not None else []
            facts.append(some)
            advance(rows.num_rows)
    columns.close()
    return Measures(columns, pa.concat_arrays(skips), path, tuple(sketches), _joined(facts, read), _stacked(facts, "headline"))


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
    sources = [xxhash.xxh3_64_intdigest(name.encode()) >> 1 if name is not None else 0 for name in batch["source"].to_pylist()]
    return {
        "size": np.rint(chars * (1 - share)).astype(np.int64),
        "date": batch["date"].cast(pa.int64()).fill_null(NO_DATE).to_numpy(),
        "source": np.array(sources, np.int64),
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
    if plan is not None:

        def gather(articles: npt.NDArray[np.int64]) -> duplicates.Fetch:
            folder = read.spool.path.parent
            texts = read.spool.subset(articles, ("text", "view"), folder / "texts.arrow")

            def fetch(some: npt.NDArray[np.int64]) -> pa.Table:
                found = texts.take(some, ("article", "text", "view"))
                return pa.table(
                    {"article": found["article"], "view": pc.coalesce(found["view"], found["text"]), "skip": measures.skip.take(pa.array(some))}
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


def write_measures(measures: Measures, compared: Compared, read: Read, path: Path, groups: frozenset[str]) -> None:
    """measures.parquet: the columns of pass 2 and 3, with `truncated` settled."""
    with TableWriter(path, MEASURES) as writer:
        for batch in measures.columns.batches():
            first, n = batch["article"][0].as_py(), batch.num_rows
            known = {name: batch[name] for name in batch.schema.names} | {name: column.slice(first, n) for name, column in compared.columns.items()}
            if "truncation" in groups:
                known |= _settled(known, compared.cut.slice(first, n), read)
            arrays = [known.get(column.name, pa.nulls(n, column.type)).cast(column.type) for column in COLUMNS]
            writer.write(pa.record_batch(arrays, schema=MEASURES))


def _settled(known: dict[str, pa.Array], cut: pa.BooleanArray, read: Read) -> dict[str, pa.Array]:
    """`truncated` and its kind and evidence, where an article that showed no mark of it is the head of a longer one."""
    more = pc.and_(pc.fill_null(cut, False), pc.equal(known["truncated"], False))
    more = pc.fill_null(more, False)
    articles = known["article"].filter(more).to_numpy()
    if not len(articles):
        return {}
    lasts = [last_line(text)[2] for text in read.spool.take(articles, ("text",))["text"].to_pylist()]
    mask = more.to_numpy(zero_copy_only=False)
    evidence = known["truncation_evidence"].to_pylist()
    for row, last in zip(np.flatnonzero(mask).tolist(), lasts, strict=True):
        evidence[row] = last
    return {
        "truncated": pc.if_else(more, True, known["truncated"]),
        "truncation_kind": pc.if_else(more, "contained", known["truncation_kind"]),
        "truncation_evidence": pa.array(evidence, pa.large_string()),
    }


def last_line(text: str) -> tuple[int, int, str]:
    """(number, offset, last 60 characters at the most) of the last line of `text` with a letter; its very last line if none has one."""
    lines = text.splitlines(keepends=True)
    number = max((i for i, line in enumerate(lines) if any(map(str.isalpha, line))), default=len(lines) - 1)
    line = lines[number].rstrip()
    start = max(0, len(line) - 60)
    return number, sum(map(len, lines[:number])) + start, line[start:]


def write_findings(measures: Measures, read: Read, table: Path, path: Path) -> None:
    """findings.parquet: what pass 2 saw, and the ends of the articles that pass 3 found to be cut heads, by article and check."""
    kinds = pq.read_table(table, columns=["article", "truncation_kind"], filters=[("truncation_kind", "=", "contained")])
    cut = kinds["article"].to_numpy()
    late = [_cut_finding(int(a), t) for a, t in zip(cut, read.spool.take(cut, ("text",))["text"].to_pylist(), strict=True)] if len(cut) else []
    rest = pa.Table.from_pylist(late, schema=FINDINGS)
    with pa.memory_map(str(measures.findings)) as source, TableWriter(path, FINDINGS) as writer:
        reader = pa.ipc.open_file(source)
        for index in range(reader.num_record_batches):
            found = pa.Table.from_batches([reader.get_batch(index)])
            upto = found["article"][-1].as_py() if found.num_rows else -1
            due = int(np.searchsorted(rest["article"].to_numpy(), upto, "right"))
            writer.write(_in_order(pa.concat_tables([found, rest.slice(0, due)])) if due else found)
            rest = rest.slice(due)
        writer.write(rest)


def _in_order(findings: pa.Table) -> pa.Table:
    return findings.sort_by([(name, "ascending") for name in ("article", "check", "line", "start")])


def _cut_finding(article: int, text: str) -> dict[str, Any]:
    line, start, evidence = last_line(text)
    return {
        "article": article, "check": "truncated", "line": line, "start": start, "end": start + len(evidence),
        "evidence": evidence, "note": "a longer article begins with this one",
    }  # fmt: skip


def write_pairs(compared: Compared, measures: Measures, path: Path) -> pa.Table:
    """pairs.parquet: the pairs with the ids of their articles."""
    pairs = compared.pairs
    articles = np.unique(np.concatenate([pairs["left"].to_numpy(), pairs["right"].to_numpy()])) if pairs.num_rows else np.zeros(0, np.int64)
    ids = measures.columns.take(articles, ("id",))["id"] if len(articles) else pa.chunked_array([], pa.large_string())
    for at, side in enumerate(("left", "right")):
        where = pa.array(np.searchsorted(articles, pairs[side].to_numpy()))
        pairs = pairs.add_column(2 + at, f"{side}_id", ids.take(where).cast(pa.large_string()) if len(articles) else ids)
    pq.write_table(pairs, path, compression="zstd")
    return pairs
