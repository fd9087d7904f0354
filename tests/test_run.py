"""Runs that leave something out, or write something more."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from datasketch import MinHashLSH

import audit
from audit.across import near

SEEDS = Path(__file__).resolve().parent.parent / "seeds"


def test_signatures(tmp_path: Path) -> None:
    """signatures.parquet makes an index of datasketch's: its candidates hold every near pair that was found, without the texts."""
    words = [f"word{number}" for number in range(400)]
    texts = [" ".join([*words[first : first + 60], f"end{end}"]) for first in range(0, 240, 60) for end in range(3)] + ["", "short", "!"]
    found = audit.audit([{"text": text} for text in texts], out=tmp_path / "out", suite="none", signatures=True, measures=["duplicates"])
    table = pq.read_table(tmp_path / "out" / "signatures.parquet")
    measures = pq.read_table(found.folder / "measures.parquet", columns=["article", "text_hash"])
    assert table.select(["article", "text_hash"]).to_pylist() == measures.to_pylist()
    plan = near.plan(0.8)
    index = MinHashLSH(num_perm=plan.permutations, params=(plan.bands, plan.rows))
    signed = {row["article"]: near.lean(np.array(row["signature"], np.uint32)) for row in table.to_pylist() if row["signature"]}
    for article, signature in signed.items():
        index.insert(article, signature)
    pairs = pq.read_table(tmp_path / "out" / "pairs.parquet").to_pylist()
    near_pairs = [(row["left"], row["right"]) for row in pairs]
    assert len(near_pairs) == 12
    assert all(right in index.query(signed[left]) for left, right in near_pairs)
    assert all(signed[left].jaccard(signed[right]) > 0.6 for left, right in near_pairs)


def test_nothing_is_judged(tmp_path: Path) -> None:
    """By the suite "none" a run measures, passes and says so; Great Expectations is not even imported."""
    code = (
        "import sys, audit\n"
        f"done = audit.audit([{str(SEEDS)!r}], out={str(tmp_path / 'out')!r}, suite='none', quiet=True)\n"
        "assert done.document.gate.code == 0 and not done.document.verdicts\nprint(done.document.gate.why)\n"
        "assert 'great_expectations' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "Nothing was expected: there is nothing to judge.\n"), done.stderr
    assert "– Nothing was expected" in (tmp_path / "out" / "summary.md").read_text("utf-8")
