"""How right the detectors are, against articles that were labelled by reading them.

python benchmarks/accuracy.py GOLD_FOLDER      (holds dev.jsonl and score.py)
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path


def main() -> None:
    """Audit the labelled articles and print their score."""
    gold = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        command = [sys.executable, "-m", "audit.cli", "run", str(gold / "dev.jsonl"), "--out", str(out), "--fail-on", "never", "--quiet"]
        subprocess.run(command, check=True)
        subprocess.run([sys.executable, str(gold / "score.py"), str(gold / "dev.jsonl"), str(out / "measures.parquet")], check=True)


if __name__ == "__main__":
    main()
