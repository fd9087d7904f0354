"""What the passes found, as Parquet: measures, findings and pairs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from audit.out import TableWriter
from audit.passes import Compared, Measures, Read
from audit.tables import COLUMNS, FINDINGS, MEASURES


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
    ids = measures.columns.take(articles, ("id",))["id"] if len(articles) else pa.nulls(0, pa.large_string())
    for at, side in enumerate(("left", "right")):
        where = pa.array(np.searchsorted(articles, pairs[side].to_numpy()))
        pairs = pairs.add_column(2 + at, f"{side}_id", ids.take(where).cast(pa.large_string()) if len(articles) else ids)
    pq.write_table(pairs, path, compression="zstd")
    return pairs
