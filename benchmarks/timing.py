"""Commands timed as whole processes, and what machine they ran on."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Timing:
    """One run: wall and CPU seconds of all its processes, and their peak memory together in MB (proportional set size, seen twice a second)."""

    wall: float
    cpu: float
    peak: float


def timed(command: Sequence[str | Path]) -> Timing:
    """Run a command to its end, its output away.

    Raises:
        subprocess.CalledProcessError: It failed; carries what it said.
    """
    start = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=ROOT, start_new_session=True)
    assert process.stderr is not None
    peak, ended = [0.0], Event()
    watch = Thread(target=_watch, args=(process.pid, peak, ended), daemon=True)
    watch.start()
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    ended.set()
    watch.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args, stderr=said.decode(errors="replace"))
    return Timing(wall, used.ru_utime + used.ru_stime, max(peak[0], used.ru_maxrss / 1024))


def _watch(group: int, peak: list[float], ended: Event) -> None:
    """Keep the most memory, in MB, that the processes of a group had at one time; one process alone is known better from its end."""
    while not ended.wait(0.5):
        now = 0
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError, IndexError):  # it has ended, or is somebody else's
                if int((folder / "stat").read_text().rpartition(")")[2].split()[2]) == group:
                    rollup = (folder / "smaps_rollup").read_text()
                    now += int(next(line for line in rollup.splitlines() if line.startswith("Pss:")).split()[1])
        peak[0] = max(peak[0], now / 1024)


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
