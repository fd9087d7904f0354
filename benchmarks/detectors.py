"""What the detectors cost, stage by stage: CPU microseconds an article on one core.

python benchmarks/detectors.py CORPUS [--limit 4000]
"""

from __future__ import annotations

import argparse
import cProfile
import platform
import pstats
import subprocess
import tempfile
import time
from pathlib import Path

import pyarrow.compute as pc

from audit import passes
from audit.across import recurrence
from audit.config import Config
from audit.corpus import open_corpus
from audit.measure import boilerplate, bylines, damage, glance, language, marks, titles, truncation
from audit.measure.batch import Side, measure
from audit.tables import GROUPS

STAGES = {
    "lines and looks (kernels)": glance.glance, "damage at a glance (kernel)": glance.hurt_at, "titles": titles.find, "bylines": bylines.find,
    "boilerplate": boilerplate.find, "truncation": truncation.find, "damage": damage.find, "language": language.detect,
}  # fmt: skip


def main() -> None:
    """Print the CPU time of measuring by itself, and how a profile shares it out among the stages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--limit", type=int, default=4_000)
    given = parser.parse_args()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    print(f"{given.corpus.name}, commit {commit}, {platform.machine()}, Python {platform.python_version()}")
    groups = frozenset(GROUPS) - {"quality", "duplicates"}
    with tempfile.TemporaryDirectory() as folder:
        config = Config(out=Path(folder) / "out", workers=1, limit=given.limit)
        read = passes.read(open_corpus([given.corpus], config, Path(folder) / "quarantine"), config, Path(folder), groups, lambda _: None)
        side = Side(marks.load(), read.affixes, groups)
        batches = []
        for batch in read.spool.batches():
            views = pc.coalesce(batch["view"], batch["text"])
            assert read.learned is not None
            held = read.holders[batch["article"].to_numpy()]
            batches.append((batch, recurrence.find(views, batch["source"], read.learned, held)[0]))
        articles = sum(batch.num_rows for batch, _ in batches)
        measure(batches[0][0].slice(0, 8), None, side)  # loads the kernels and the lexicons
        start = time.process_time()
        for batch, recurrent in batches:
            measure(batch, recurrent, side)
        whole = (time.process_time() - start) / articles * 1e6
        profile = cProfile.Profile()
        profile.enable()
        for batch, recurrent in batches:
            measure(batch, recurrent, side)
        profile.disable()
    print(f"{articles:,} articles; all of measure() {whole:.0f} µs an article; profiled (which slows Python down, not kernels):")
    stats = pstats.Stats(profile).stats  # pyright: ignore[reportAttributeAccessIssue]
    for name, function in STAGES.items():
        code = function.__code__
        spent = stats.get((code.co_filename, code.co_firstlineno, code.co_name), (0, 0, 0.0, 0.0, {}))[3]
        print(f"  {name:32} {spent / articles * 1e6:8.1f}")


if __name__ == "__main__":
    main()
