"""Cleaning beside its peers, in one run with the same texts: ftfy, plsfix, and for whole files a loop of orjson loads and dumps.

python benchmarks/cleaning.py CORPORA [--plsfix PYTHON] [--texts MB] [--file MB] [--runs N]

CORPORA is a folder with allsides_dev.jsonl.zst (one object a line, with `text`); other *.jsonl.zst there are compared with ftfy too.
plsfix has a virtual environment of its own, so that it is no dependency: `python -m venv peers && peers/bin/pip install plsfix`, then
`--plsfix peers/bin/python`. It cannot be given a configuration from Python: it runs ftfy's defaults, ftfy and this project run
audit.measure.clean.CONFIG. MB/s are of CPU time on one core; files are also measured by the clock.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import ftfy
import orjson
import pyarrow as pa
import zstandard

from audit.measure import clean

FIRST = "allsides_dev"
LOOP = """
import orjson, sys
with open(sys.argv[1], "rb") as lines, open(sys.argv[2], "wb") as out:
    for line in lines:
        out.write(orjson.dumps(orjson.loads(line)) + b"\\n")
"""
PEER = """
import json, sys, time
from plsfix import fix_text
texts = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
start = time.process_time()
for text in texts:
    fix_text(text)
print(time.process_time() - start)
"""

# A small process in between: the peak of a child begins at that of its parent.
TIMER = """
import os, subprocess, sys, time
start = time.perf_counter()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, used = os.wait4(child.pid, 0)
print(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
sys.exit(status != 0)
"""


def texts(path: Path, most: float) -> list[str]:
    """The texts of a corpus, up to so many bytes."""
    found, size = [], 0
    with path.open("rb") as file:
        for line in io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file), "utf-8"):
            text = json.loads(line).get("text")
            if text:
                found.append(text)
                size += len(text.encode())
            if size >= most:
                break
    return found


def damaged(given: list[str], most: float) -> list[str]:
    """Texts in which every line is mojibake: UTF-8 that was read as Windows-1252."""
    found, size = [], 0
    for text in given:
        lines = [line for line in text.split("\n") if any(ord(char) >= 0xA0 for char in line)]
        if lines:
            found.append("\n".join(lines).encode().decode("sloppy-windows-1252"))
            size += len(found[-1].encode())
        if size >= most:
            break
    return found


def by_ftfy(given: list[str]) -> list[str]:
    """What ftfy.fix_text does with CONFIG: its lines one by one."""
    out = []
    for text in given:
        config = clean.CONFIG._replace(unescape_html="<" not in text)
        out.append("".join(ftfy.fix_and_explain(line, config).text for line in clean.segments(text)))
    return out


def cpu(act: Callable[[], object], runs: int) -> float:
    """Median CPU seconds."""
    taken = []
    for _ in range(runs):
        start = time.process_time()
        act()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def plsfix(python: str, given: list[str], folder: Path) -> float:
    """CPU seconds of plsfix over the texts, in its own environment."""
    path = folder / "texts.jsonl"
    path.write_text("\n".join(map(json.dumps, given)), encoding="utf-8")
    return float(subprocess.run([python, "-c", PEER, str(path)], check=True, capture_output=True, text=True).stdout)


def process(command: list[str], out: Path | None = None) -> tuple[float, float, float]:
    """(wall seconds, CPU seconds, peak MB) of a command, which finds no file at `out`: to replace one takes as long as the disk pleases."""
    if out is not None:
        out.unlink(missing_ok=True)
    said = subprocess.run([sys.executable, "-c", TIMER, *command], check=True, capture_output=True, text=True).stdout
    wall, used, peak = map(float, said.split())
    return wall, used, peak


def grown(source: Path, target: Path, most: float) -> None:
    """A file of so many bytes: the corpus again and again, each time with other ids."""
    with source.open("rb") as file:
        records = [orjson.loads(line) for line in zstandard.ZstdDecompressor().stream_reader(file).read().splitlines()]
    size, turn = 0, 0
    with target.open("wb") as out:
        while size < most:
            for record in records:
                line = orjson.dumps({**record, "id": f"{record.get('id')}-{turn}"}) + b"\n"
                size += out.write(line)
            turn += 1


def rows(given: argparse.Namespace, folder: Path) -> Iterator[tuple[str, str, str, bool]]:
    """(what, measured, bar, whether it is met)."""
    some = texts(given.corpora / f"{FIRST}.jsonl.zst", given.texts * 1e6)
    column, size = pa.array(some, pa.large_string()), sum(len(text.encode()) for text in some) / 1e6
    clean.clean_batch(column.slice(0, 10))  # loads the kernels
    ours, theirs = cpu(lambda: clean.clean_batch(column), max(given.runs, 5)), cpu(lambda: by_ftfy(some), 1)
    what = f"{FIRST}, {size:.0f} MB"
    yield what, f"{size / ours:,.0f} MB/s, ftfy {size / theirs:.1f}: {theirs / ours:,.0f}x", ">= 100x ftfy", theirs >= 100 * ours
    if given.plsfix:
        peer = plsfix(given.plsfix, some, folder)
        yield what, f"plsfix {size / peer:.0f} MB/s: {peer / ours:,.0f}x", ">= 10x plsfix", peer >= 10 * ours
    for path in sorted(given.corpora.glob("*.jsonl.zst")):
        name, more = path.name.removesuffix(".jsonl.zst"), texts(path, given.texts * 1e5)
        if name != FIRST and more:
            arrow, part = pa.array(more, pa.large_string()), sum(len(text.encode()) for text in more) / 1e6
            ours, theirs = cpu(lambda arrow=arrow: clean.clean_batch(arrow), max(given.runs, 5)), cpu(lambda more=more: by_ftfy(more), 1)
            yield f"{name}, {part:.1f} MB", f"{part / ours:,.0f} MB/s, ftfy {part / theirs:.1f}: {theirs / ours:,.0f}x", "", True
    bad = damaged(some, 1e6)
    broken, part = pa.array(bad, pa.large_string()), sum(len(text.encode()) for text in bad) / 1e6
    assert clean.clean_batch(broken).text.to_pylist() == by_ftfy(bad)
    ratios = [cpu(lambda: clean.clean_batch(broken), 1) / cpu(lambda: by_ftfy(bad), 1) for _ in range(max(given.runs, 3))]
    ratio = statistics.median(ratios)
    yield f"every line mojibake, {part:.1f} MB", f"{ratio:.2f}x the time of ftfy", "<= 1.1x", ratio <= 1.1
    yield from files(given, folder)


def files(given: argparse.Namespace, folder: Path) -> Iterator[tuple[str, str, str, bool]]:
    """The rows of a whole file."""
    source = folder / "corpus.jsonl"
    grown(given.corpora / f"{FIRST}.jsonl.zst", source, given.file * 1e6)
    out = folder / "out.jsonl"
    loop = [sys.executable, "-c", LOOP, str(source), str(out)]
    ours = [sys.executable, "-m", "audit.cli", "clean", str(source), "--out", str(out), "--quiet"]
    process(ours)  # compiles the kernels where they are not cached
    pairs = [(process(loop, out), process(ours, out)) for _ in range(given.runs)]
    wall, floor = (statistics.median(pair[side][0] for pair in pairs) for side in (1, 0))
    used, held = (statistics.median(pair[side][1] for pair in pairs) for side in (1, 0))
    peak = max(pair[1][2] for pair in pairs)
    size = source.stat().st_size / 1e9
    yield f"clean, {size:.2f} GB JSONL, clock", f"{wall:.1f} s, orjson {floor:.1f} s: {wall / floor:.2f}x", "<= 1x", wall <= floor
    yield f"clean, {size:.2f} GB JSONL, CPU", f"{used:.1f} s, orjson {held:.1f} s on one core", "", True
    yield f"clean, {size:.2f} GB JSONL, peak memory", f"{peak:.0f} MB", "<= 500 MB", peak <= 500


def main() -> int:
    """Print the table; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--plsfix", help="the Python of an environment that has plsfix")
    parser.add_argument("--texts", type=float, default=30, help="MB of text that is cleaned")
    parser.add_argument("--file", type=float, default=1000, help="MB of the JSON Lines file")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    root = Path(__file__).resolve().parent.parent
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False, cwd=root).stdout.strip()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    machine = f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}"
    print(f"commit {commit}, {machine}, ftfy {ftfy.__version__}")
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        print("| what | measured | bar | |\n| --- | --- | --- | --- |")
        for what, measured, bar, met in rows(given, Path(folder)):
            print(f"| {what} | {measured} | {bar} | {'' if not bar else 'met' if met else 'MISSED'} |", flush=True)
            missed += not met
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
