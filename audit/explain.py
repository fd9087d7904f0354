"""One article of a finished run, explained: its text is read again from the input and must be the text that was audited."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from audit import result
from audit.config import Config, FieldNames
from audit.corpus import reread
from audit.errors import BaselineError, CorpusError
from audit.measure import clean
from audit.result import Result
from audit.show import terminal

TWINS = 5
"""Pairs that are shown with a difference, the most similar first."""
LISTED = 20


def explain(folder: Path, name: str) -> str:
    """Every measure, finding, duplicate and change of the article with the id `name` (or its number, as "#12").

    Raises:
        BaselineError: The folder holds no result, or no article, or several articles, of that name.
        CorpusError: The input is gone, or is not the text that was audited.
    """
    made = result.load(folder)
    row = _row(made, name)
    text = _text(made, row)
    findings = made.findings()
    found = findings.filter(pc.equal(findings["article"], row["article"])).to_pylist()
    changes = clean.steps(text) if text is not None else []
    return terminal.explain(row, found, (text or "").splitlines(), _twins(made, row["article"]), changes)


def _row(made: Result, name: str) -> dict[str, Any]:
    ids = made.measures(["article", "id", "file", "line", "title"])
    if name.startswith("#") and name[1:].isdecimal():
        same = pc.equal(ids["article"], pa.scalar(int(name[1:]), pa.int64())) if len(name) < 19 else pa.array([False] * ids.num_rows)
    else:
        same = pc.equal(ids["id"], pa.scalar(name, pa.large_string()))
    chosen = ids.filter(same)
    if not chosen.num_rows:
        raise BaselineError(
            f"no article has the id {name!r} in {made.folder}; ids are those of measures.parquet, and #N is the article with number N"
        )
    if chosen.num_rows > 1:
        places = [f"  #{row['article']}  {row['file']}:{row['line']}  {row['title'] or ''}" for row in chosen.slice(0, LISTED).to_pylist()]
        more = "" if chosen.num_rows <= LISTED else f"\n  and {chosen.num_rows - LISTED} more"
        raise BaselineError(f"{chosen.num_rows} articles have the id {name!r}; choose one by its number:\n" + "\n".join(places) + more)
    article = chosen["article"][0].as_py()
    return made.measures().slice(article, 1).to_pylist()[0]


def _text(made: Result, row: dict[str, Any]) -> str | None:
    """The text as read, None if empty; checked against the hash of the audit."""
    path = made.run["paths"].get(row["file"])
    place = f"{row['file']}:{row['line']}"
    if path is None:
        raise CorpusError(f"{place} came from memory or a pipe and cannot be read again; audit a file to explain its articles")
    config = Config(fields=FieldNames(**made.run["names"]), max_record=made.run["max_record"])
    texts = reread(Path(path), row["file"], row["line"], config)["text"].to_pylist()  # several where records are glued on one line
    for text in texts:
        blank = text is None or not text.strip()
        digest = None if blank or text is None else xxhash.xxh3_128_digest(clean.clean(text).encode())
        if digest == row["text_hash"]:
            return None if blank else text
    raise CorpusError(f"{place} ({path}) is not the text that was audited; run the audit again")


def _twins(made: Result, article: int) -> list[dict[str, Any]]:
    """The article's pairs, most similar first, each with the other article's row as `other` and its text (None where it is gone)."""
    pairs = made.pairs()
    pairs = pairs.filter(pc.or_(pc.equal(pairs["left"], article), pc.equal(pairs["right"], article)))
    pairs = pairs.sort_by([("containment", "descending"), ("jaccard", "descending"), ("left", "ascending"), ("right", "ascending")])
    out = []
    for pair in pairs.slice(0, TWINS).to_pylist():
        other = made.measures().slice(pair["right"] if pair["left"] == article else pair["left"], 1).to_pylist()[0]
        try:
            text = _text(made, other)
        except CorpusError:
            text = None
        out.append({**pair, "other": other, "text": text})
    return out
