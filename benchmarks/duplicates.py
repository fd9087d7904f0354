"""Duplicates: how fast, how much memory, and how right, beside the fastest peer, in one run on one machine.

python benchmarks/duplicates.py BENCH WORK [--articles 100000] [--threshold 0.8] [--runs 3] [--daft PYTHON]

BENCH is the folder with make_corpus.py, truth.py and peers/; WORK keeps the corpora it makes. `--daft` is the Python of an environment
with daft 0.7.26 (and numpy, orjson, pyarrow, scipy); without it only ours is timed. The pairs that are scored are those of the last timed run.
Truth: up to 100,000 articles all pairs (truth.py); beyond, all pairs within planted groups, and every pair that was reported.
"""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, groupby
from pathlib import Path
from types import ModuleType

import numpy as np
import orjson
import pyarrow.parquet as pq
from timing import alternated, timed, where

WHOLE = 100_000
"""Articles up to which all pairs are compared exactly."""
BANDS = {0.7: (25, 5), 0.8: (21, 6)}
"""Bands and rows for the peer that find 0.998 of the pairs at the threshold."""
BASE, TRUNCATED = 1, 6
"""The generator's numbers of kinds."""
Pair = tuple[int, int]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--threshold", type=float, default=0.8, choices=sorted(BANDS))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--daft")
    given = parser.parse_args()
    print(where(), flush=True)
    corpus = made(given.bench, given.work, given.articles)
    time(given, corpus)
    score(given, corpus)


def made(bench: Path, work: Path, articles: int) -> Path:
    """The generator's corpus without its ending; made where it is not there yet."""
    corpus = work / f"g{articles}"
    if not corpus.with_suffix(".jsonl").is_file():
        work.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, bench / "make_corpus.py", str(articles), corpus, "--no-parquet"], check=True, stdout=subprocess.DEVNULL)
    return corpus


def time(given: argparse.Namespace, corpus: Path) -> None:
    """Time ours, and the peer."""
    text, bands = corpus.with_suffix(".jsonl"), BANDS[given.threshold]
    ours = [
        sys.executable, "-m", "audit.cli", "run", text, "--measures", "duplicates", "--suite", "none", "--threshold", str(given.threshold),
        "--out", given.work / "ours", "--quiet",
    ]  # fmt: skip
    theirs = [given.daft, given.bench / "peers" / "run_daft.py", text, given.work / "daft.npz", *map(str, bands), str(given.threshold)]
    timed(ours)  # compiles the kernels where they are not cached, and brings the file into the page cache
    for name, took in zip(("ours", "daft"), alternated(given.runs, ours, *([theirs] if given.daft else [])), strict=False):
        print(f"{given.articles:,} at {given.threshold}: {name} {took.wall:.2f} s wall, {took.cpu:.2f} CPU s, {took.peak:.0f} MB", flush=True)


def score(given: argparse.Namespace, corpus: Path) -> None:
    """Compare the pairs with the exact truth."""
    found = set(expanded(given.work / "ours"))
    plan = np.load(corpus.with_suffix(".plan.npz"))
    planted = within_groups(plan["group"], plan["kind"])
    exact = Exact(given.bench, corpus, given.articles, {article for pair in (found | planted) for article in pair})
    known = exact.above(given.threshold) if given.articles <= WHOLE else {pair for pair in planted if exact(pair) >= given.threshold}
    wrong = sum(exact(pair) < given.threshold for pair in found)
    hit = len(known & found)
    print(f"pairs {len(found):,}, wrong {wrong}; of {len(known):,} true ones found {hit:,}: recall {hit / max(1, len(known)):.4f}")
    contained = pq.read_table(given.work / "ours" / "measures.parquet", columns=["contained", "duplicate"])
    flags = contained["contained"].fill_null(False).to_numpy() | contained["duplicate"].fill_null(False).to_numpy()
    copies = [(article, (min(article, base), max(article, base))) for article, base in truncations(plan)]
    seen = [bool(flags[article]) or pair in found for article, pair in copies if exact(pair) < 0.8]  # at 0.7 many are near
    print(f"truncated copies below 0.8: {len(seen):,}, found {sum(seen):,}: recall {sum(seen) / max(1, len(seen)):.4f}")


def expanded(folder: Path) -> Iterator[Pair]:
    """All pairs of articles that a run's pairs.parquet stands for: copies are listed with their first article only."""
    rows = pq.read_table(folder / "pairs.parquet", columns=["left", "right", "kind", "jaccard"]).to_pylist()
    rows = [row for row in rows if row["kind"] != "contained"]
    first: dict[int, int] = {}

    def root(article: int) -> int:
        while first.setdefault(article, article) != article:
            article = first[article]
        return article

    for row in rows:
        if row["jaccard"] == 1:
            one, other = sorted((root(row["left"]), root(row["right"])))
            first[other] = one
    members: dict[int, list[int]] = {}
    for article in list(first):
        members.setdefault(root(article), []).append(article)
    yield from (pair for some in members.values() for pair in combinations(sorted(some), 2))
    between = {tuple(sorted((root(row["left"]), root(row["right"])))) for row in rows if row["jaccard"] < 1}
    for one, other in between:
        yield from ((min(a, b), max(a, b)) for a in members.get(one, [one]) for b in members.get(other, [other]))


def within_groups(groups: np.ndarray, kinds: np.ndarray) -> set[Pair]:
    """All pairs of articles that were made of one article."""
    order = np.argsort(groups, kind="stable")
    order = order[kinds[order] > 0]
    return {pair for _, some in groupby(order.tolist(), key=lambda article: groups[article]) for pair in combinations(sorted(some), 2)}


def truncations(plan: Mapping[str, np.ndarray]) -> Iterator[Pair]:
    """(truncated copy, the article that it is a copy of)."""
    whole = {int(group): article for article, group in enumerate(plan["group"]) if plan["kind"][article] == BASE}
    for article in np.flatnonzero(plan["kind"] == TRUNCATED).tolist():
        if (base := whole.get(int(plan["group"][article]))) is not None:
            yield article, base


class Exact:
    """Exact Jaccard similarities, with the shingles of truth.py; for the articles `wanted` alone where there are many."""

    def __init__(self, bench: Path, corpus: Path, articles: int, wanted: Iterable[int]) -> None:
        self._truth = loaded(bench / "truth.py")
        self._corpus, self._bench = corpus, bench
        some = set(wanted)
        with open(corpus.with_suffix(".jsonl"), "rb") as lines:
            self._sets = {n: self._truth.shingle_hashes(orjson.loads(line)["text"]) for n, line in enumerate(lines) if n in some}

    def __call__(self, pair: Pair) -> float:
        """The similarity of two articles."""
        one, other = (self._sets[article] for article in pair)
        shared = len(np.intersect1d(one, other, assume_unique=True))
        return shared / max(1, len(one) + len(other) - shared)

    def above(self, threshold: float) -> set[Pair]:
        """All pairs of the corpus that reach the threshold."""
        path = self._corpus.with_suffix(".truth.npz")
        if not path.is_file():
            command = [sys.executable, self._bench / "truth.py", self._corpus.with_suffix(".jsonl"), self._corpus]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        truth = np.load(path)
        reached = truth["jac"] >= threshold
        return set(zip(truth["i"][reached].tolist(), truth["j"][reached].tolist(), strict=True))


def loaded(path: Path) -> ModuleType:
    """A script as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
