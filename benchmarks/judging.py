"""What judging costs: 60 expectations over the measures of a million articles, in a process of its own, import and reading included.

    python benchmarks/judging.py [--articles 1000000] [--runs 3]

The suite holds every kind of expectation that design.md knows: shares of yes/no measures, numbers and categories, with and without `where`,
statistics, `per: source`, comparisons with a baseline, and core types. Prints machine and commit, then wall and CPU seconds and the peak
of memory of each run; exit code 1 if a bar (6 s wall, 800 MB) is missed by the median.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

ROOT = Path(__file__).resolve().parent.parent
WALL, PEAK = 6.0, 800.0
"""Seconds; megabytes (of a million bytes)."""
JUDGE = """
import json, resource, sys, time
start = time.perf_counter()
import pyarrow.parquet as pq
from audit import gate, judge, result, suite
asked = suite.load(sys.argv[1])
measures = pq.ParquetFile(sys.argv[2], read_dictionary=["source", "lang"])
verdicts = judge.judge(asked, measures, frozenset(), result.read(sys.argv[3]) if len(sys.argv) > 3 else None)
wall = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_SELF)
states = {state: sum(v.state == state for v in verdicts) for state in sorted({v.state for v in verdicts})}
print(json.dumps({"wall": wall, "cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss * 1024 / 1e6, "states": states}))
"""
"""What a process does from its first import to its verdicts, as `corpus-audit run` does it."""


def main() -> int:
    """Print every run and whether the bars are met."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=1_000_000)
    options.add_argument("--runs", type=int, default=3)
    given = options.parse_args()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False, cwd=ROOT).stdout.strip()
    print(f"commit {commit}, {platform.machine()}, {platform.system()}, Python {platform.python_version()}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        suite, measures, baseline = (str(Path(folder) / name) for name in ("suite.yml", "measures.parquet", "result.json"))
        prepare = [sys.executable, __file__, "--prepare", folder, str(given.articles)]
        subprocess.run(prepare, check=True, cwd=ROOT)  # in a process of its own: a child's peak starts at its parent's size
        runs = [json.loads(subprocess.run([sys.executable, "-c", JUDGE, suite, measures, baseline], check=True, capture_output=True, cwd=ROOT).stdout)
                for _ in range(given.runs)]  # fmt: skip
    for run in runs:
        print(f"wall {run['wall']:.2f} s, CPU {run['cpu']:.2f} s, peak {run['peak']:.0f} MB")
    wall, cpu, peak = (statistics.median(run[key] for run in runs) for key in ("wall", "cpu", "peak"))
    print(f"{sum(runs[0]['states'].values())} expectations over {given.articles:,} articles: {runs[0]['states']}")
    print(f"median: wall {wall:.2f} s (bar {WALL:g}), CPU {cpu:.2f} s, peak {peak:.0f} MB (bar {PEAK:g})")
    return 0 if wall <= WALL and peak <= PEAK else 1


def prepare(folder: Path, articles: int) -> None:
    """suite.yml, measures.parquet and result.json (the totals of other articles) in the folder."""
    from audit import result, tally
    from audit.result import Document, Gate
    from audit.tables import GROUPS

    (folder / "suite.yml").write_text(yaml.safe_dump({"name": "bench", "expectations": entries()}), encoding="utf-8")
    for name, rows, seed in (("before.parquet", max(1, articles // 10), 1), ("measures.parquet", articles, 2)):
        pq.write_table(table(rows, np.random.default_rng(seed)), folder / name, compression="zstd", row_group_size=16_384)
    totals = tally.totals(folder / "before.parquet", GROUPS)
    none: Any = ()
    empty: dict[str, Any] = dict.fromkeys(("settings", "fields", "inputs", "quarantine_reasons", "dates", "pairs", "cluster_sizes", "fixes"), none)
    counts = {"records": totals[0].counted, "articles": totals[0].counted, "empty": 0, "quarantined": 0}
    gate = Gate(True, 0, "error", "")
    words = {"suite": "bench", "suite_digest": "", "near_plan": "", "learned": none, "verdicts": none, "gate": gate}
    document = Document(version=result.VERSION, totals=totals, **empty, **counts, **words)
    (folder / "result.json").write_bytes(result.dump(document))


def table(rows: int, rng: np.random.Generator) -> pa.Table:
    """Measures of so many articles: every column of measures.parquet, with nulls where an article is empty (1 in 500)."""
    from audit.tables import COLUMNS

    empty = rng.random(rows) < 0.002
    sources = (rng.pareto(1.0, rows) * 3).astype(np.int64) % 3000
    given = {
        "article": np.arange(rows),
        "source": pa.DictionaryArray.from_arrays(pa.array(sources.astype(np.int32)), pa.array([f"site{i}.example" for i in range(3000)])),
        "lang": _chosen(rng, rows, ["en", "de", "fr", "zh", "ar"]),
        "title_from": _chosen(rng, rows, ["field", "text", "none"]),
        "byline_kind": _chosen(rng, rows, ["person", "none", "agency", "staff"]),
        "field_byline_kind": _chosen(rng, rows, ["person", "none", "agency", "outlet", "junk"]),
        "truncation_kind": _chosen(rng, rows, ["marker", "paywall", "teaser"]),
        "empty": empty,
    }
    arrays = {}
    for column in COLUMNS:
        values = given.get(column.name)
        if values is None and not column.definition:
            values = pa.nulls(rows, column.type) if column.name not in ("id", "file") else pa.array([f"{i:x}" for i in range(rows)])
        elif values is None:
            values = _values(column.type, rows, empty, rng)
        arrays[column.name] = (values if isinstance(values, pa.Array) else pa.array(values)).cast(column.type)
    return pa.table(arrays)


def _chosen(rng: np.random.Generator, rows: int, values: list[str]) -> pa.Array:
    shares = 1 / np.arange(1, len(values) + 1) ** 2
    return pa.DictionaryArray.from_arrays(pa.array(rng.choice(len(values), rows, p=shares / shares.sum()).astype(np.int32)), pa.array(values))


def _values(kind: pa.DataType, rows: int, empty: np.ndarray, rng: np.random.Generator) -> pa.Array:
    if pa.types.is_boolean(kind):
        return pa.array(rng.random(rows) < 0.01, mask=empty)
    if pa.types.is_floating(kind):
        return pa.array(np.round(rng.beta(1, 20, rows), 4), mask=empty)
    if pa.types.is_integer(kind):
        return pa.array(rng.lognormal(6, 1, rows).astype(np.int64), mask=empty)
    return pa.nulls(rows, kind)


def entries() -> list[dict[str, Any]]:
    """60 expectations, each on its own columns where there are enough."""
    from audit.suite.expectation import KINDS

    flags = [name for name, kind in KINDS.items() if kind == "yes/no"]
    numbers = [name for name, kind in KINDS.items() if kind == "number"]
    made: list[dict[str, Any]] = [{"measure": name, "at_most": 0.02} for name in flags]
    made += [{"measure": name, "above": 0.3, "at_most": 0.05} for name in numbers[4:20]]
    made += [{"measure": "n_words", "below": 50, "at_most": 0.02}, {"measure": "lang", "not_in": ["en", "de", "fr", "zh"], "at_most": 0.1}]
    made += [{"measure": name, "at_most": 0.05, "where": {"lang": "en", "n_words": {"above": 100}}} for name in flags[:6]]
    made += [{"measure": name, "statistic": statistic, "at_least": 0} for name in numbers[:3] for statistic in ("median", "mean", "p05")]
    made += [{"measure": name, "at_most": 0.5, "per": "source"} for name in flags[1:5]]
    made += [{"measure": "n_words", "statistic": "median", "at_least": 10, "per": "source"}]
    made += [{"measure": name, "no_worse_than_baseline": {"margin": 0.005}} for name in flags[1:6]]
    made += [{"type": "expect_column_values_to_be_between", "kwargs": {"column": "n_chars", "min_value": 1, "mostly": 0.9}}]
    made += [{"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 1}}]
    if len(made) < 60:
        made += [{"measure": name, "above": 0.5, "at_most": 0.05} for name in numbers[4 : 4 + 60 - len(made)]]
    return [entry | {"name": f"{number} {entry.get('measure', entry.get('type'))}"} for number, entry in enumerate(made[:60], 1)]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--prepare"]:
        prepare(Path(sys.argv[2]), int(sys.argv[3]))
        sys.exit(0)
    sys.exit(main())
