"""The same work by the peers, chained: ftfy with our configuration, datasketch, Great Expectations on the texts; against `corpus-audit run`.

python benchmarks/peers.py MAKE_CORPUS.py [--articles 10000] [--runs 1]

MAKE_CORPUS.py N OUT writes OUT.jsonl with `id`, `title` and `text`. Each side is a process of its own over the same file, one after the other,
in processor seconds (user and system, of all its threads) and wall seconds; a small corpus first, so that what starting costs can be
told from what an article costs. The peers do a part of what an audit does: no headline, byline, truncation, boilerplate, language or
quality signal, no verified pair, no report.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from timing import alternated, timed, where

FEW = 200
"""Articles of the small corpus."""
SHINGLE, PERMUTATIONS, THRESHOLD = 5, 128, 0.8
BAR = 30.0


def chain(corpus: Path) -> None:
    """What a script of the three libraries does, as their manuals show it: clean, find near duplicates, check the column of texts."""
    import ftfy
    import great_expectations as gx
    import orjson
    import pandas as pd
    from datasketch import MinHash, MinHashLSH

    from audit.measure.clean import CONFIG

    with corpus.open("rb") as stream:
        texts = [ftfy.fix_text(orjson.loads(line)["text"], CONFIG) for line in stream]
    words = (text.lower().split() for text in texts)
    shingles = ([" ".join(part[i : i + SHINGLE]).encode() for i in range(max(1, len(part) - SHINGLE + 1))] for part in words)
    sketches = list(MinHash.generator(shingles, num_perm=PERMUTATIONS))
    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    for article, sketch in enumerate(sketches):
        index.insert(article, sketch)
    pairs = {(min(a, b), max(a, b)) for a, sketch in enumerate(sketches) for b in index.query(sketch) if a != b}
    pairs = {(a, b) for a, b in pairs if sketches[a].jaccard(sketches[b]) >= THRESHOLD}
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    asset = context.data_sources.add_pandas("texts").add_dataframe_asset("texts")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch(batch_parameters={"dataframe": pd.DataFrame({"text": texts})})
    suite = gx.ExpectationSuite(
        name="texts",
        expectations=[
            gx.expectations.ExpectColumnValuesToNotBeNull(column="text"),
            gx.expectations.ExpectColumnValueLengthsToBeBetween(column="text", min_value=200),
            gx.expectations.ExpectColumnValuesToBeUnique(column="text", mostly=0.9),
            gx.expectations.ExpectColumnValuesToNotMatchRegex(column="text", regex=r"(\[\+\d+ chars\]|…|\[\.\.\.\])\s*$"),
            gx.expectations.ExpectColumnValuesToNotMatchRegex(column="text", regex=r"[ÃÂ][\x80-\xbf]|â€|\ufffd"),
        ],
    )
    print(f"{len(pairs)} pairs, success {batch.validate(suite).success}")


def compare(make: Path, articles: int, runs: int) -> None:
    """Print both sides, what an article costs each, and the ratios."""
    print(f"{where()}, {articles:,} generated articles", flush=True)
    seconds: dict[tuple[str, int], tuple[float, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for n in (FEW, articles):
            corpus = Path(folder) / f"made{n}.jsonl"
            subprocess.run([sys.executable, str(make), str(n), str(corpus.with_suffix(""))], check=True, stdout=subprocess.DEVNULL)
            commands = {
                "audit": [sys.executable, "-m", "audit.cli", "run", str(corpus), "--out", f"{folder}/out", "--fail-on", "never", "--quiet"],
                "peers": [sys.executable, __file__, str(corpus), "--chain"],
            }
            timed(commands["audit"])  # compiles the kernels where they are not cached
            for name, took in zip(commands, alternated(runs, *commands.values()), strict=True):
                wall, cpu = took.wall, took.cpu
                seconds[name, n] = wall, cpu
                print(f"{name} {n:>7,} articles: CPU {cpu:7.2f} s, wall {wall:7.2f} s", flush=True)
        stages = json.loads((Path(folder) / "out" / "run.json").read_text("utf-8"))["seconds"]
    print(f"audit's stages, wall: {', '.join(f'{name} {value:.2f} s' for name, value in stages.items())}")
    for at, unit in ((1, "CPU"), (0, "wall")):
        whole = seconds["peers", articles][at] / seconds["audit", articles][at]
        each = {name: (seconds[name, articles][at] - seconds[name, FEW][at]) / (articles - FEW) for name in ("audit", "peers")}
        said = f"an article {1e6 * each['peers']:,.0f} against {1e6 * each['audit']:,.0f} µs, {each['peers'] / each['audit']:.1f} times"
        print(f"{unit}: the peers take {whole:.1f} times as long, start and imports included (bar {BAR:.0f}); {said}")


def main() -> None:
    """Compare, or be the peers' side of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("make", type=Path)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--chain", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.chain:
        chain(given.make)
    else:
        compare(given.make, given.articles, given.runs)


if __name__ == "__main__":
    main()
