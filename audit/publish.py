"""What the passes found -> the files of the output folder and the document: tables, judged, counted, shown."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from audit import comparison, gate, judge, result, sample, signals, tally
from audit.config import Config
from audit.corpus import Corpus
from audit.measure import clean
from audit.measure.rulings import FORBIDDEN, Rulings
from audit.passes import Compared, Measures, Read
from audit.result import Document, Learned, Result
from audit.show import html, junit, markdown, sarif
from audit.show.shelf import Shelf
from audit.suite import Suite
from audit.tables import EXAMPLE_CHARS, EXAMPLES, GROUPS, LEARNED
from audit.written import write_findings, write_measures, write_pairs

LEARNED_AT_MOST = 500


@dataclass(frozen=True, slots=True)
class Found:
    """All that the passes hand on."""

    corpus: Corpus
    read: Read
    measures: Measures
    compared: Compared
    plan: str
    groups: frozenset[str]
    rulings: Rulings


def write_tables(found: Found, folder: Path) -> None:
    """measures, findings, pairs, examples and learned as Parquet."""
    write_measures(found.measures, found.compared, found.read, folder / "measures.parquet", found.groups)
    write_findings(found.measures, found.read, folder / "measures.parquet", folder / "findings.parquet")
    pairs = write_pairs(found.compared, found.measures, folder / "pairs.parquet")
    chosen = sample.choose(folder / "measures.parquet", folder / "findings.parquet", pairs)
    pq.write_table(_examples(found, chosen), folder / "examples.parquet", compression="zstd")
    pq.write_table(_taught(found), folder / "learned.parquet", compression="zstd")


def _examples(found: Found, chosen: Mapping[int, list[str]]) -> pa.Table:
    """The texts of the chosen articles, as read and cleaned."""
    import numpy as np

    if not chosen:
        return EXAMPLES.empty_table()
    texts = found.read.spool.take(np.array(list(chosen), np.int64), ("article", "title", "text"))
    rows = []
    for row, cleaned in zip(texts.to_pylist(), clean.clean_batch(texts["text"]).text.to_pylist(), strict=True):
        text = row["text"] or ""
        rows.append(
            {
                "article": row["article"],
                "title": row["title"],
                "text": text[:EXAMPLE_CHARS],
                "cut": len(text) > EXAMPLE_CHARS,
                "cleaned": cleaned[:EXAMPLE_CHARS] if cleaned is not None and cleaned != text else None,
                "why": chosen[row["article"]],
            }
        )
    return pa.Table.from_pylist(rows, schema=EXAMPLES)


def judged(found: Found, suite: Suite, baseline: Document | None, config: Config, folder: Path) -> Document:
    """result.json: counts of everything, the verdicts of the suite, and the gate's decision."""
    measures = folder / "measures.parquet"
    left_out = frozenset(GROUPS) - found.groups
    settings = _settings(config, found.groups)
    with pq.ParquetFile(measures, read_dictionary=["source", "lang"]) as columns:  # few values, many rows
        verdicts = judge.judge(suite, columns, left_out, baseline, dict(settings))
    inputs, reasons = found.corpus.inputs(), found.corpus.reasons()
    document = Document(
        version=result.VERSION,
        suite=suite.name,
        suite_digest=suite.digest,
        settings=settings,
        fields=found.corpus.fields,
        inputs=inputs,
        records=sum(item.records for item in inputs),
        articles=len(found.read.hashes),
        empty=int(found.read.empty.sum()),
        quarantined=sum(item.quarantined for item in inputs),
        quarantine_reasons=reasons,
        totals=tally.totals(measures, found.groups),
        dates=tally.months(measures),
        pairs=_kinds(found.compared.pairs),
        cluster_sizes=tally.cluster_sizes(measures),
        near_plan="; ".join([found.plan, *found.compared.notes]),
        fixes=tally.fixes(measures),
        learned=_learned(found),
        verdicts=verdicts,
        gate=gate.decide(verdicts, config.fail_on),
        signals=signals.collect(measures),
    )
    return replace(document, turnover=comparison.turnover(baseline, document)) if baseline is not None else document


def _settings(config: Config, groups: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """The settings that change results, as text; not the number of workers, nor where anything is."""
    return (
        ("keep", config.keep),
        ("limit", str(config.limit or "none")),
        ("measures", ",".join(name for name in GROUPS if name in groups)),
        ("sample", str(config.sample or "none")),
        ("threshold", str(config.threshold)),
    )


def _kinds(pairs: pa.Table) -> tuple[tuple[str, int], ...]:
    counts = {item["values"]: item["counts"] for item in pa.compute.value_counts(pairs["kind"]).to_pylist()}
    return tuple((kind, counts.get(kind, 0)) for kind in ("exact", "near", "contained"))


def _taught(found: Found) -> pa.Table:
    """tables.LEARNED: what the corpus taught, with the user's rulings."""
    if found.read.learned is None or "boilerplate" not in found.groups:
        return LEARNED.empty_table()
    rows = found.read.learned.rows(found.measures.spellings).to_pylist()
    rows.sort(key=lambda row: (-row["articles"], row["source"] or "", row["text"]))
    return pa.Table.from_pylist([row | {"ruling": found.rulings.on(row["text"], row["source"])} for row in rows], LEARNED)


def _learned(found: Found) -> tuple[Learned, ...]:
    """The most frequent of the lines that the corpus taught and nobody forbids."""
    rows = [row for row in _taught(found).to_pylist() if row.pop("ruling") != FORBIDDEN]
    return tuple(Learned(**row) for row in rows[:LEARNED_AT_MOST])


def show(folder: Path, document: Document, run: Mapping[str, Any]) -> Result:
    """result.json, run.json, and every page drawn from them, into `folder`."""
    (folder / "result.json").write_bytes(result.dump(document))
    (folder / "run.json").write_text(json.dumps(run, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    made = Result(folder, document, run)
    shelf = Shelf(made)
    for name, draw in PAGES.items():
        (folder / name).write_text(draw(shelf), encoding="utf-8", newline="\n")
    return made


PAGES = {"report.html": html.page, "summary.md": markdown.summary, "junit.xml": junit.render, "results.sarif": sarif.render}


def run_facts(config: Config, seconds: Mapping[str, float], corpus: Corpus) -> dict[str, Any]:
    """run.json: what may differ between equal runs."""
    packages = ("corpus-audit", "ftfy", "numba", "numpy", "pandas", "pyarrow", "great-expectations", "datasketch")
    return {
        "version": 1,
        "seconds": {name: round(value, 3) for name, value in seconds.items()},
        "workers": config.workers,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "packages": {name: version(name) for name in packages},
        "root": os.environ.get("GITHUB_WORKSPACE") or str(Path.cwd()),
        "paths": {label: str(path) for label, path in sorted(corpus.paths().items())},
        "max_record": config.max_record,
        "names": {name: getattr(config.fields, name) for name in ("title", "text", "byline", "id", "url", "source", "date", "lang")},
        "marks": [str(path) for path in config.marks],
    }
