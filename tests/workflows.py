"""Steps of a workflow or an action, run as a runner runs them: bash with -e and -o pipefail, a home of their own, outputs in a file."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

BIN = Path(sys.executable).parent


def run(step: Mapping[str, Any], here: Path, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A step's script in the folder `here`; its `env` is filled in from `environment` by name."""
    values = {name: environment.get(name, "") for name in step.get("env", {})}
    outside = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=here, capture_output=True, text=True, check=False, encoding="utf-8",
        env=outside | {"HOME": str(home), "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))} | environment | values,
    )  # fmt: skip


def installed(at: Path) -> None:
    """The command line at the place where a workflow installs it."""
    at.mkdir(parents=True)
    (at / "corpus-audit").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m audit.cli "$@"\n', encoding="utf-8")
    (at / "corpus-audit").chmod(0o755)


def outputs(path: Path) -> dict[str, str]:
    """What a step wrote to GITHUB_OUTPUT."""
    return dict(line.split("=", 1) for line in path.read_text(encoding="utf-8").splitlines())


def expressions(text: str) -> list[str]:
    """The expressions that GitHub would paste into a text."""
    return re.findall(r"\$\{\{.*?\}\}", text)
