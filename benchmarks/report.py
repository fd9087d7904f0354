"""How big the report of a large corpus is, how long it takes to write, and how soon it answers in Chromium.

python benchmarks/report.py [--articles 1000000] [--keep FOLDER]

The tables of an audit are made up: a tenth of the articles have findings. Examples, totals and verdicts are then the audit's own.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from audit import gate, judge, publish, result, sample, suite, tally
from audit.result import Document, Input, Learned
from audit.show.shelf import Shelf
from audit.tables import COLUMNS, EXAMPLES, FINDINGS, GROUPS, MEASURES, PAIRS

ROOT = Path(__file__).resolve().parent.parent
SOURCES, WORDS, ROWS = 5_000, 6_000, 200_000
SHARES = {"truncated": 0.03, "missing_byline": 0.04, "repeated_title": 0.02, "encoding_damage": 0.02, "duplicate": 0.02, "contained": 0.005}
LANGS = ["en", "en", "en", "de", "fr", "ar", "ja"]
SYLLABLES = "ka lo mi ner tu sal ve ro din par es on ta ri gu len"
BIG, SLOW, LATE = 3 << 20, 5.0, 1.0
"""Bytes of the report, seconds to write it, seconds until it answers: what issue 7 asks."""
CPU = "CPU of both"


class Made:
    """Random columns of an audit of `n` articles, from a seed."""

    def __init__(self, n: int) -> None:
        self.n, self.draw = n, np.random.default_rng(7)
        syllables = np.array(SYLLABLES.split())
        self.words = np.array(["".join(self.draw.choice(syllables, self.draw.integers(1, 4))) for _ in range(WORDS)])
        self.source = np.minimum((SOURCES * self.draw.random(n) ** 3).astype(np.int64), SOURCES - 1)
        self.flags = {name: self.draw.random(n) < share for name, share in SHARES.items()}
        self.dup = np.flatnonzero(self.flags["duplicate"] & (np.arange(n) > 50))
        kept = self.dup - self.draw.integers(1, 50, len(self.dup))
        single = ~self.flags["duplicate"][kept]  # a kept article is no duplicate itself
        self.dup, self.kept = self.dup[single], kept[single]

    def text(self, n_words: int) -> str:
        """Some paragraphs."""
        words = self.draw.choice(self.words, n_words)
        return "\n\n".join(" ".join(words[i : i + 60]).capitalize() + "." for i in range(0, n_words, 60))

    def titles(self, n: int) -> list[str]:
        """Headlines."""
        return [" ".join(row).capitalize() for row in self.draw.choice(self.words, (n, 8))]

    def measures(self, first: int, last: int) -> pa.Table:
        """Rows of measures.parquet."""
        n, part = last - first, slice(first, last)
        words = np.maximum(5, self.draw.lognormal(6, 0.8, n)).astype(np.int64)
        known: dict[str, Any] = {name: pa.array(flags[part]) for name, flags in self.flags.items()}
        sources = pa.array([f"source-{i}.example" for i in range(SOURCES)], pa.large_string())
        dates = 1_500_000_000 + (self.draw.random(n) * 2e8).astype(np.int64)
        known |= {
            "article": np.arange(first, last), "id": [f"id-{i}" for i in range(first, last)], "file": ["made.jsonl.zst"] * n,
            "line": np.arange(first, last) + 1, "source": sources.take(pa.array(self.source[part])), "date": dates, "title": self.titles(n),
            "title_from": ["field"] * n, "text_hash": [self.draw.bytes(16) for _ in range(n)], "empty": np.zeros(n, bool), "n_words": words,
            "n_chars": words * 6, "n_lines": words // 30 + 1, "lang": self.draw.choice(LANGS, n),
            "boilerplate_share": self.draw.random(n) ** 8, "retitled": np.zeros(n, bool), "lost_letters": np.zeros(n, bool),
            "url": [f"https://source.example/{i}" for i in range(first, last)], "field_byline_kind": ["person"] * n,
        }  # fmt: skip
        known |= self._twins(first, last)
        arrays = [_column(known.get(c.name), c.type, n) for c in COLUMNS]
        return pa.Table.from_arrays(arrays, schema=MEASURES)

    def _twins(self, first: int, last: int) -> dict[str, Any]:
        here = (self.dup >= first) & (self.dup < last)
        of, like, cluster = (np.full(last - first, np.nan) for _ in range(3))
        of[self.dup[here] - first] = cluster[self.dup[here] - first] = self.kept[here]
        heads = self.kept[(self.kept >= first) & (self.kept < last)]
        cluster[heads - first] = heads
        like[self.dup[here] - first] = self.draw.uniform(0.8, 1, int(here.sum()))
        return {"duplicate_of": of, "near_cluster": cluster, "similarity": like, "fixes": np.where(self.flags["encoding_damage"][first:last], 1, 0)}

    def findings(self) -> pa.Table:
        """findings.parquet: one row for each article that is against something that leaves a mark."""
        names = [name for name in SHARES if name not in ("duplicate", "contained")]
        rows = [(int(a), name) for name in names for a in np.flatnonzero(self.flags[name])]
        rows.sort()
        marks = [" ".join(row) for row in self.draw.choice(self.words, (len(rows), 6))]
        columns = ([a for a, _ in rows], [name for _, name in rows], [0] * len(rows), [0] * len(rows), [len(mark) for mark in marks], marks)
        arrays = [pa.array(column, field.type) for column, field in zip((*columns, ["made up"] * len(rows)), FINDINGS, strict=True)]
        return pa.Table.from_arrays(arrays, schema=FINDINGS)

    def pairs(self) -> pa.Table:
        """pairs.parquet: a pair for each duplicate."""
        like = self.draw.uniform(0.8, 1, len(self.dup))
        ids = [[f"id-{i}" for i in side] for side in (self.kept, self.dup)]
        columns = (self.kept, self.dup, *ids, ["near"] * len(like), like, like)
        return pa.Table.from_arrays([pa.array(column, field.type) for column, field in zip(columns, PAIRS, strict=True)], schema=PAIRS)

    def examples(self, chosen: dict[int, list[str]], findings: pa.Table) -> pa.Table:
        """examples.parquet: texts that begin with what was found in them, and that cleaning changed."""
        marks = dict(zip(findings["article"].to_pylist(), findings["evidence"].to_pylist(), strict=True))
        rows = []
        for article, why in chosen.items():
            text = f"{marks.get(article, 'A first line')}\n\n{self.text(600)}\n\nIt was cafÃ© &amp; no more."
            rows.append({"article": article, "title": self.titles(1)[0], "text": text, "cut": False, "cleaned": text.replace("Ã©", "é"), "why": why})
        return pa.Table.from_pylist(rows, schema=EXAMPLES)


def _column(values: Any, kind: pa.DataType, n: int) -> pa.Array:
    if values is None:
        return pa.nulls(n, kind)
    if pa.types.is_list(kind):
        return pa.array([["fix_encoding"] if value else [] for value in values], kind)
    if isinstance(values, np.ndarray) and values.dtype == np.float64 and pa.types.is_integer(kind):
        return pa.array(values, from_pandas=True).cast(kind)
    array = values if isinstance(values, pa.Array) else pa.array(values, kind if isinstance(values, list) else None, from_pandas=True)
    return array if array.type == kind else array.cast(kind)


def folder(path: Path, n: int) -> None:
    """A finished audit of `n` made-up articles, without its pages."""
    made = Made(n)
    with pq.ParquetWriter(path / "measures.parquet", MEASURES, compression="zstd") as writer:
        for first in range(0, n, ROWS):
            writer.write_table(made.measures(first, min(n, first + ROWS)))
    findings, pairs = made.findings(), made.pairs()
    pq.write_table(findings, path / "findings.parquet", compression="zstd")
    pq.write_table(pairs, path / "pairs.parquet", compression="zstd")
    chosen = sample.choose(path / "measures.parquet", path / "findings.parquet", pairs)
    pq.write_table(made.examples(chosen, findings), path / "examples.parquet", compression="zstd")
    (path / "quarantine.jsonl").write_bytes(b"")
    (path / "result.json").write_bytes(result.dump(_document(path, n, len(pairs), made)))
    (path / "run.json").write_text("{}\n")


def _document(path: Path, n: int, pairs: int, made: Made) -> Document:
    measures, news = path / "measures.parquet", suite.load("news")
    narrow = pq.read_table(measures, columns=judge.columns(news), read_dictionary=["source", "lang"])
    verdicts = judge.judge(news, narrow, frozenset(), None)
    lines = tuple(Learned(f"source-{i}.example", made.text(12), 900 - i, 1000) for i in range(publish.LEARNED_AT_MOST))
    return Document(
        version=result.VERSION, suite=news.name, suite_digest=news.digest, settings=(("keep", "longest"), ("threshold", "0.8")),
        fields=(("text", "text"),), inputs=(Input("made.jsonl.zst", "0" * 32, n, n, 0),), records=n, articles=n, empty=0, quarantined=0,
        quarantine_reasons=(), totals=tally.totals(measures, GROUPS), dates=tally.months(measures), pairs=(("near", pairs),),
        cluster_sizes=tally.cluster_sizes(measures), near_plan="made up", fixes=tally.fixes(measures), learned=lines, verdicts=verdicts,
        gate=gate.decide(verdicts, "error"),
    )  # fmt: skip


def timed(draw: Callable[[Shelf], str], shelf: Shelf) -> tuple[str, float, float]:
    """(what was drawn, wall seconds, CPU seconds)."""
    wall, cpu = time.perf_counter(), time.process_time()
    text = draw(shelf)
    return text, time.perf_counter() - wall, time.process_time() - cpu


def answers(page: Path) -> dict[str, float] | None:
    """Wall seconds until the page is interactive and until a search is applied, and the main thread's CPU seconds for both; None without Chromium."""
    chromium = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    if chromium is None:
        return None
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page()
        gauge = tab.context.new_cdp_session(tab)
        gauge.send("Performance.enable", {"timeDomain": "threadTicks"})
        tab.goto(page.as_uri())
        ready = tab.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd") / 1000
        found = tab.evaluate(
            "async () => { const at = performance.now(); const box = document.querySelector('#filter [name=q]'); box.value = 'ka';"
            " box.dispatchEvent(new Event('input', { bubbles: true }));"
            " await new Promise((done) => requestAnimationFrame(() => setTimeout(done))); return performance.now() - at; }"
        )
        metrics = {item["name"]: item["value"] for item in gauge.send("Performance.getMetrics")["metrics"]}
        browser.close()
    return {"interactive": ready, "a search": found / 1000, CPU: metrics["TaskDuration"]}


def main() -> int:
    """Print sizes and times; 1 where one of them is beyond what was asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="make the audit here, or use the one that is here")
    given = parser.parse_args()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False, cwd=ROOT).stdout.strip()
    print(f"commit {commit}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as temporary:
        path = given.keep or Path(temporary)
        path.mkdir(exist_ok=True)
        if not (path / "run.json").is_file():
            folder(path, given.articles)
        made = result.load(path)
        n = json.loads((path / "result.json").read_bytes())["articles"]
        print(f"{n:,} articles, {pq.ParquetFile(path / 'findings.parquet').metadata.num_rows:,} findings, {made.examples().num_rows:,} examples")
        wall, cpu = time.perf_counter(), time.process_time()
        shelf = Shelf(made)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        print(f"tables         {wall:5.2f} s, CPU {cpu:5.2f} s")
        for name, draw in publish.PAGES.items():
            text, seconds, used = timed(draw, shelf)
            (path / name).write_text(text, encoding="utf-8", newline="\n")
            wall, cpu = wall + seconds, cpu + used
            print(f"{name:14} {(path / name).stat().st_size / 1e3:8,.0f} kB   {seconds:5.2f} s, CPU {used:5.2f} s")
        print(f"all pages {wall:.2f} s, CPU {cpu:.2f} s; peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
        seen = answers(path / "report.html")
        for what, seconds in (seen or {}).items():
            print(f"in Chromium, {what}: {seconds:.2f} s")
        size = (path / "report.html").stat().st_size
    late = seen is not None and seen[CPU] > LATE  # CPU: the wall is that of a machine with nothing else to do
    return int(size > BIG or cpu > SLOW or late)


if __name__ == "__main__":
    sys.exit(main())
