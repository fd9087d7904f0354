"""`make bench`: every benchmark, with machine and commit. Needs the project's shared folder of real text beside the checkout."""

from __future__ import annotations

import platform
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


def main() -> int:
    """Run all; the first failure is the exit code."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False, cwd=ROOT).stdout.strip()
    print(f"commit {commit}, {platform.machine()}, Python {platform.python_version()}", flush=True)
    if not SHARED.is_dir():
        print("no shared folder of real text beside the checkout: nothing to measure")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "generated"
        subprocess.run([sys.executable, str(SHARED / "bench" / "make_corpus.py"), "10000", str(made)], check=True, stdout=subprocess.DEVNULL)
        commands = [
            [sys.executable, "benchmarks/speed.py", f"{made}.jsonl"],
            [sys.executable, "benchmarks/accuracy.py", str(SHARED / "gold")],
            [sys.executable, "benchmarks/peers.py", str(SHARED / "bench" / "make_corpus.py")],
            [sys.executable, "benchmarks/duplicates.py", str(SHARED / "bench"), folder, "--articles", "10000"],
            [sys.executable, "benchmarks/cleaning.py", str(SHARED / "corpora")],
            [sys.executable, "benchmarks/detectors.py", str(SHARED / "corpora" / "allsides_dev.jsonl.zst"), "--limit", "3000"],
            [sys.executable, "benchmarks/judging.py"],
            [sys.executable, "benchmarks/gate.py"],
            [sys.executable, "benchmarks/report.py"],
        ]
        for command in commands:
            print(f"\n$ {' '.join(Path(part).name for part in command[1:])}", flush=True)
            done = subprocess.run(command, check=False, cwd=ROOT)
            if done.returncode:
                return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
