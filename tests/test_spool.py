"""Batches on disk: what was written is read, whole, in part, and from the files that it came from."""

import os
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.config import Config
from audit.corpus import open_corpus
from audit.corpus.places import PLACED, Places
from audit.corpus.spool import Spool
from audit.errors import CorpusError

TEXTS = st.lists(st.none() | st.text(max_size=40) | st.sampled_from(["x" * 5000, 'ü\n"\\😀', ""]), min_size=1, max_size=40)


def spooled(path: Path, folder: Path, block: int = 1 << 20) -> Spool:
    """A spool of the corpus at `path`."""
    corpus = open_corpus(path, Config(), folder / "q.jsonl", block=block)
    spool = Spool(folder / "read.arrow", Places(corpus.paths()))
    for batch in corpus.batches():
        assert batch.schema == PLACED
        spool.write(batch)
    spool.close()
    return spool


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=3), st.integers(1, 300), st.booleans(), st.data())
def test_texts_are_read_again(
    tmp_path_factory: pytest.TempPathFactory, files: list[list[str | None]], block: int, plain: bool, data: st.DataObject
) -> None:
    """Texts come back from the plain files they stand in, and from the spool where they stand in none, whole and by article."""
    folder = tmp_path_factory.mktemp("spool")
    (folder / "corpus").mkdir()
    for number, texts in enumerate(files):
        lines = [orjson.dumps({"text": text}) for text in texts]
        head = b"" if plain else b"\xef\xbb\xbf"
        (folder / "corpus" / f"{number}.jsonl").write_bytes(head + b'{"text":"first"}\n7\n' + b"\n".join(lines))
    expected = [text for texts in files for text in ["first", *texts]]
    spool = spooled(folder / "corpus", folder, block)
    assert [text for batch in spool.batches() for text in batch["text"].to_pylist()] == expected
    some = np.array(sorted(data.draw(st.sets(st.integers(0, len(expected) - 1)))), np.int64)
    assert spool.take(some, ("text",))["text"].to_pylist() == [expected[i] for i in some]
    subset = spool.subset(some, ("text",), folder / "some.arrow")
    assert subset.take(some[::2], ("article", "text")).to_pylist() == [{"article": i, "text": expected[i]} for i in some[::2]]


def test_plain_texts_are_not_copied(tmp_path: Path) -> None:
    """A spool of a plain file holds none of its text."""
    (tmp_path / "a.jsonl").write_bytes(b"".join(orjson.dumps({"text": os.urandom(5000).hex()}) + b"\n" for _ in range(50)))
    assert spooled(tmp_path / "a.jsonl", tmp_path).path.stat().st_size < 20_000


def test_changed_file(tmp_path: Path) -> None:
    """A file that is written to while it is audited is an error, not a mixture of two states."""
    path = tmp_path / "a.jsonl"
    path.write_text('{"text":"one"}\n{"text":"two"}\n')
    spool = spooled(path, tmp_path)
    path.write_text('{"text":"one"}\n{"text":"2"}\n')
    with pytest.raises(CorpusError, match="changed while it was read"):
        list(spool.batches())
    assert spool.take(np.array([0]), ("line",))["line"].to_pylist() == [1]
    path.unlink()
    with pytest.raises(CorpusError, match="again"):
        spool.take(np.array([0]), ("text",))


def test_columns(tmp_path: Path) -> None:
    """Only the columns that are asked for are there, in their order."""
    spool = Spool(tmp_path / "s.arrow")
    spool.write(pa.record_batch({"article": pa.array([0, 1]), "a": ["x", "y"], "b": [1, 2]}))
    spool.write(pa.record_batch({"article": pa.array([2]), "a": ["z"], "b": [3]}))
    spool.close()
    assert [batch.to_pylist() for batch in spool.batches(("b",))] == [[{"b": 1}, {"b": 2}], [{"b": 3}]]
    assert spool.take(np.array([1, 2]), ("b", "article")).to_pylist() == [{"b": 2, "article": 1}, {"b": 3, "article": 2}]
    assert spool.take(np.zeros(0, np.int64), ("b",)).to_pylist() == []
    assert spool.subset(np.array([0, 2]), ("a",), tmp_path / "t.arrow").take(np.array([2]), ("a",)).to_pylist() == [{"a": "z"}]
