"""Duplicates on real text: the pairs against an exact join of all pairs (truth.py), and the clusters against labelled ones where records have them.

python benchmarks/joins.py BENCH WORK CORPUS... [--threshold 0.8]

BENCH is the folder with truth.py; WORK keeps what is made; a CORPUS is JSON Lines, plain or zstd, with `text`, perhaps `gt_dup_cluster`. It is
cleaned first, so that both sides see the same text. Labels: two articles of one label are a pair, whether they look like one or not.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import numpy as np
import orjson
import pyarrow.parquet as pq
from duplicates import Pair, expanded, loaded


def main() -> None:
    """Print a line for each corpus."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--threshold", type=float, default=0.8)
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    for corpus in given.corpora:
        compare(given.bench, given.work, corpus, given.threshold)


def compare(bench: Path, work: Path, corpus: Path, threshold: float) -> None:
    """Print how ours and the exact join differ over a corpus."""
    cleaned, out = work / f"{corpus.name.split('.')[0]}.jsonl", work / corpus.name.split(".")[0]
    command = [sys.executable, "-m", "audit.cli"]
    subprocess.run([*command, "clean", corpus, "--out", cleaned, "--quiet"], check=True, stdout=subprocess.DEVNULL)
    ours = [*command, "run", cleaned, "--measures", "duplicates", "--suite", "none", "--threshold", str(threshold), "--out", out, "--quiet"]
    subprocess.run(ours, check=True, stdout=subprocess.DEVNULL)
    exact = work / f"{out.name}.truth.npz"
    subprocess.run([sys.executable, bench / "truth.py", cleaned, out], check=True, stdout=subprocess.DEVNULL)
    truth = np.load(exact)
    short = shorter(bench, cleaned)
    reached = truth["jac"] >= threshold
    known = {pair for pair in zip(truth["i"][reached].tolist(), truth["j"][reached].tolist(), strict=True) if short.isdisjoint(pair)}
    found = {pair for pair in expanded(out) if short.isdisjoint(pair)}
    missed, others = len(known - found), len(found - known)
    print(f"{out.name} at {threshold}: {len(known):,} pairs by the exact join, {missed} of them missed, {others} others found")
    clusters(cleaned, out)


def shorter(bench: Path, corpus: Path) -> frozenset[int]:
    """Articles with fewer than five tokens: they have one shingle of another kind here (compared whole) and none there."""
    hashes = loaded(bench / "truth.py").shingle_hashes
    return frozenset(number for number, line in enumerate(corpus.open("rb")) if len(hashes(orjson.loads(line).get("text") or "")) < 2)


def clusters(corpus: Path, out: Path) -> None:
    """Print how often two articles of one label are in one cluster, exact, near or contained."""
    labels = defaultdict(list)
    for number, line in enumerate(corpus.open("rb")):
        if label := orjson.loads(line).get("gt_dup_cluster"):
            labels[label].append(number)
    same: set[Pair] = {pair for members in labels.values() for pair in combinations(members, 2)}
    if not same:
        return
    table = pq.read_table(out / "measures.parquet", columns=["duplicate_of", "contained_in"])
    above = [next((one for one in row if one is not None), None) for row in zip(*(column.to_pylist() for column in table.columns), strict=True)]
    groups = defaultdict(list)
    for number in range(len(above)):
        kept = number
        while (higher := above[kept]) is not None:
            kept = higher
        groups[kept].append(number)
    together = {pair for members in groups.values() if len(members) > 1 for pair in combinations(members, 2)}
    label_of = {number: label for label, members in labels.items() for number in members}
    judged = {pair for pair in together if pair[0] in label_of and pair[1] in label_of}
    right = len(judged & same)
    print(f"  labels: {len(same):,} pairs of one label, {right:,} of them in one cluster; {len(judged) - right:,} pairs of two labels in one cluster")


if __name__ == "__main__":
    main()
