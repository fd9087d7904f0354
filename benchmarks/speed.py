"""How long a whole audit takes beside merely parsing the same file with orjson; one run, one machine, median of several.

python benchmarks/speed.py CORPUS.jsonl [--runs 3]
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FLOOR = "import orjson, sys\nfor line in open(sys.argv[1], 'rb'):\n    orjson.loads(line)\n"


def timed(command: list[str]) -> tuple[float, float]:
    """(wall, CPU) seconds of a command."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    size = given.corpus.stat().st_size / 1e6
    with tempfile.TemporaryDirectory() as folder:
        audit = [sys.executable, "-m", "audit.cli", "run", str(given.corpus), "--out", f"{folder}/out", "--fail-on", "never", "--quiet"]
        timed(audit)  # compiles the kernels where they are not cached
        pairs = [(timed([sys.executable, "-c", FLOOR, str(given.corpus)]), timed(audit)) for _ in range(given.runs)]
    for name, at in (("wall", 0), ("CPU", 1)):
        floor, ours = (statistics.median(pair[side][at] for pair in pairs) for side in (0, 1))
        print(f"{given.corpus.name} ({size:.0f} MB) {name}: orjson loop {floor:.2f} s, audit {ours:.2f} s, ratio {ours / floor:.1f}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"peak memory of the largest process: {peak:.0f} MB")


if __name__ == "__main__":
    main()
