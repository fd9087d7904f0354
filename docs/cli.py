"""Write docs/cli.md from the `--help` of every command; a test checks that it is current."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

COMMANDS = ("run", "clean", "explain", "compare", "report", "init")
PAGE = Path(__file__).with_name("cli.md")


def page() -> str:
    """The page, from the installed command line at 100 columns."""
    parts = ["# The command line\n\nWritten by `make docs`; do not edit.\n"]
    for command in ("", *COMMANDS):
        arguments = [sys.executable, "-m", "audit.cli", *([command] if command else []), "--help"]
        done = subprocess.run(  # noqa: S603 (our own command line)
            arguments, capture_output=True, text=True, check=True, env={**os.environ, "COLUMNS": "100", "NO_COLOR": "1"}
        )
        text = "\n".join(line.rstrip() for line in done.stdout.strip().splitlines()).replace("python -m audit.cli", "corpus-audit")
        parts.append(f"\n## corpus-audit {command}\n\n```text\n{text}\n```\n".replace("audit \n", "audit\n"))
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
