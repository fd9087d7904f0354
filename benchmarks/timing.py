"""Commands timed as whole processes, and what machine they ran on."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Timing:
    """One run: wall and CPU seconds, and the peak memory of its largest process in MB."""

    wall: float
    cpu: float
    peak: float


def timed(command: Sequence[str | Path]) -> Timing:
    """Run a command to its end, its output away.

    Raises:
        subprocess.CalledProcessError: It failed; carries what it said.
    """
    start = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=ROOT)
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args, stderr=said.decode(errors="replace"))
    return Timing(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def median(runs: Sequence[Timing]) -> Timing:
    """The median of each figure."""
    return Timing(*(statistics.median(getattr(run, name) for run in runs) for name in ("wall", "cpu", "peak")))


def alternated(runs: int, *commands: Sequence[str | Path]) -> list[Timing]:
    """The medians of several commands, each run so many times, in turn: what slows the machine slows all of them."""
    rounds = [[timed(command) for command in commands] for _ in range(runs)]
    return [median(of) for of in zip(*rounds, strict=True)]


def where() -> str:
    """The commit and the machine."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False, cwd=ROOT).stdout.strip()
    changed = subprocess.run(["git", "status", "--porcelain", "-uno"], capture_output=True, text=True, check=False, cwd=ROOT).stdout.strip()
    name = platform.processor() or platform.machine()
    if Path("/proc/cpuinfo").is_file():
        name = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), name)
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return f"commit {commit}{' with changes' if changed else ''}, {name}, {os.cpu_count()} cores, load {load}, Python {platform.python_version()}"
