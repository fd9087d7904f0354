"""audit.passes: one pass over the corpus gives what two give, where nothing is learned."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
import pytest

from audit import passes
from audit.across import duplicates
from audit.config import Config
from audit.corpus import open_corpus
from audit.measure import marks, titles
from audit.measure.batch import Side


@pytest.mark.parametrize("sample", [None, 0.4])
@pytest.mark.parametrize("groups", [{"duplicates"}, {"duplicates", "language", "quality"}, {"language"}])
def test_one_pass_is_two(tmp_path: Path, groups: set[str], sample: float | None) -> None:
    """Columns, hashes, lines that do not count, findings, facts and sketches are the same, of a sample too, over several batches."""
    file = tmp_path / "articles.jsonl"
    words = ["the", "mayor", "of", "a", "small", "town", "on", "the", "coast", "said", "that", "nothing", "had", "been", "decided", "cafÃ©", "yet"]
    texts = [" ".join(words[(n * k) % len(words)] for k in range(30 + n % 40)) if n % 17 else " " for n in range(9000)]
    file.write_bytes(b"\n".join(orjson.dumps({"id": f"a{n}", "title": f"Head {n % 100}", "text": text}) for n, text in enumerate(texts)))
    config, asked = Config(sample=sample), frozenset(groups)
    plan = duplicates.plan(0.8) if "duplicates" in groups else None
    assert not passes.learns(asked)

    def folder(name: str) -> Path:
        (tmp_path / name).mkdir()
        return tmp_path / name

    one = folder("one")
    corpus = open_corpus(file, config, one / "quarantine.jsonl")
    read, measures = passes.read_and_measured(corpus, Side(marks.none(), titles.learn([]), asked), plan, config, one, lambda _: None)
    two = folder("two")
    before = passes.read(open_corpus(file, config, two / "quarantine.jsonl"), config, two, asked, lambda _: None)
    after = passes.measured(before, Side(marks.none(), before.affixes, asked), plan, config, two, lambda _: None)
    assert np.array_equal(read.hashes, before.hashes)
    assert np.array_equal(read.empty, before.empty)
    kept = ("article", "file", "title", "text", "view")
    assert pa.Table.from_batches(read.spool.batches()).equals(pa.Table.from_batches(before.spool.batches(kept)))
    assert pa.Table.from_batches(measures.columns.batches()).equals(pa.Table.from_batches(after.columns.batches()))
    assert measures.skip.equals(after.skip)
    assert pa.ipc.open_file(measures.findings).read_all().num_rows == pa.ipc.open_file(after.findings).read_all().num_rows == 0
    assert np.array_equal(measures.headlines, after.headlines)
    for mine, its in ((measures.facts, after.facts), (measures.sketches, after.sketches)):
        assert all(np.array_equal(getattr(mine, field.name), getattr(its, field.name)) for field in (fields(mine) if mine else ()))
