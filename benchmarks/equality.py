"""Cleaning beside ftfy itself, on every text and title of whole corpora: how many differ (none may).

python benchmarks/equality.py CORPUS... [--processes 2]

A CORPUS is JSON Lines, plain or zstd, with `text` and perhaps `title`. ftfy reads 3 MB a second: this takes as long as it takes.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Iterator
from itertools import islice
from multiprocessing import Pool
from pathlib import Path

import pyarrow as pa
import zstandard
from cleaning import by_ftfy

from audit.measure import clean

BATCH = 200


def main() -> int:
    """Print a line for each corpus; 1 if a text differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    differing = 0
    with Pool(given.processes) as pool:
        for corpus in given.corpora:
            texts, size, wrong = 0, 0, 0
            for count, took, other in pool.imap_unordered(compared, batches(corpus)):
                texts, size, wrong = texts + count, size + took, wrong + other
            print(f"{corpus.name.split('.')[0]}: {texts:,} texts, {size / 1e6:.1f} MB, {wrong} differ from ftfy", flush=True)
            differing += wrong
    return int(differing > 0)


def compared(texts: list[str]) -> tuple[int, int, int]:
    """(texts, their bytes, how many of them become something else here than with ftfy)."""
    ours = clean.clean_batch(pa.array(texts, pa.large_string())).text.to_pylist()
    return len(texts), sum(len(text.encode()) for text in texts), sum(one != other for one, other in zip(ours, by_ftfy(texts), strict=True))


def batches(corpus: Path) -> Iterator[list[str]]:
    """The texts and titles of a corpus."""
    with corpus.open("rb") as file:
        stream = zstandard.ZstdDecompressor().stream_reader(file) if corpus.suffix == ".zst" else file
        found = (value for line in io.TextIOWrapper(stream, "utf-8") for value in (json.loads(line).get(name) for name in ("text", "title")))
        whole = (value for value in found if isinstance(value, str) and is_utf8(value))
        while batch := list(islice(whole, BATCH)):
            yield batch


def is_utf8(text: str) -> bool:
    """Whether a text has no half of a pair of surrogates, which Arrow cannot hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
