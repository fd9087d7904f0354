"""audit.warm: the first run compiles everything beforehand."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WARM = "from audit import warm; from audit.tables import GROUPS; warm.kernels(frozenset(GROUPS), 2, print)"
RUN = """
from pathlib import Path
from audit import run
from audit.config import Config
run.run([Path("seeds")], Config(suite="none", out=Path({!r}), quiet=True))
"""


def test_a_run_finds_its_kernels_compiled(tmp_path: Path) -> None:
    """Said once, compiled once: the run after it compiles nothing, and a second time there is nothing to do."""
    cache = tmp_path / "kernels"
    cache.mkdir()

    def python(code: str) -> str:
        env = {**os.environ, "NUMBA_CACHE_DIR": str(cache), "PYTHONPATH": str(ROOT)}
        return subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert "first run" in python(WARM)
    compiled = {path.relative_to(cache) for path in cache.rglob("*.nb?")}
    assert compiled
    python(RUN.format(str(tmp_path / "out")))
    assert {path.relative_to(cache) for path in cache.rglob("*.nb?")} == compiled
    assert python(WARM) == ""
