"""How long a whole audit takes beside merely parsing the same file with orjson; one run, one machine, median of several.

python benchmarks/speed.py CORPUS.jsonl [--runs 3]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from timing import alternated, timed, where

FLOOR = "import orjson, sys\nfor line in open(sys.argv[1], 'rb'):\n    orjson.loads(line)\n"


def main() -> None:
    """Print the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    corpus = given.corpus.resolve()
    print(where())
    with tempfile.TemporaryDirectory() as folder:
        audit = [sys.executable, "-m", "audit.cli", "run", corpus, "--out", f"{folder}/out", "--fail-on", "never", "--quiet"]
        timed([*audit, "--limit", "5000"])  # compiles the kernels where they are not cached
        floor, ours = alternated(given.runs, [sys.executable, "-c", FLOOR, corpus], audit)
    print(f"{corpus.name}, {corpus.stat().st_size / 1e6:.0f} MB; memory of all processes {ours.peak:.0f} MB")
    for name in ("wall", "cpu"):
        mine, least = getattr(ours, name), getattr(floor, name)
        print(f"{name}: orjson loop {least:.2f} s, audit {mine:.2f} s, {mine / least:.1f} times")


if __name__ == "__main__":
    main()
