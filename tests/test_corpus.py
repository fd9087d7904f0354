"""A corpus as a whole: nothing is lost, and nothing but the files decides what comes out."""

import base64
import gzip
import io
import itertools
import json
import sys
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.config import Config, FieldNames
from audit.corpus import Corpus, open_corpus, reread
from audit.corpus.places import PLACED, PLACES
from audit.corpus.records import KEPT
from audit.errors import ConfigError, CorpusError, OutputError

PACK = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.ZstdCompressor().compress}


def read(source: Any, folder: Path, block: int = 1 << 20, **options: Any) -> tuple[list[dict[str, Any]], Corpus]:
    corpus = open_corpus(source, Config(**options), folder / "q.jsonl", block=block)
    return [row for batch in corpus.batches() for row in batch.drop_columns(PLACES.names).to_pylist()], corpus


def texts(source: Any, folder: Path, **options: Any) -> list[str | None]:
    return [row["text"] for row in read(source, folder, **options)[0]]


def quarantine(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "q.jsonl").read_text().splitlines()]


GOOD = ['{"text": "a"}', '{"text": null}', "{}", '{"text": "ü\\n", "id": 7}', '{"text": "", "title": ["x"]}', '{"body": 1}']
BAD = ['{"text": 7}', '{"text": ["a"]}', '{"text": {"a": 1}}', '{"text": true}', "7", "[]", "null", '"x"', '{"text": "\\udfff"}', "{", "\x00", "]["]
LINES = st.lists(
    st.sampled_from([*(line.encode() for line in GOOD + BAD), b'{"text": "\xff"}', b'{"text": "' + b"x" * 300 + b'"}', b""]), max_size=25
)


@settings(max_examples=60, deadline=None)
@given(LINES, st.sampled_from(list(PACK)), st.integers(1, 50), st.sampled_from(["\n", "\r\n"]))
def test_nothing_is_lost(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], pack: str, block: int, end: str) -> None:
    """Records are articles and quarantined ones, whatever stands among them, however the file is packed and cut."""
    folder = tmp_path_factory.mktemp("corpus")
    path = folder / f"a.jsonl{pack}"
    path.write_bytes(PACK[pack](end.encode().join([b'{"text": "first"}', *lines])))
    rows, corpus = read([path], folder, block, max_record=200)
    whole, _ = read([path], folder, 1 << 20, max_record=200)
    bad = {*(line.encode() for line in BAD), b'{"text": "\xff"}', b'{"text": "' + b"x" * 300 + b'"}'}
    wrong = [n for n, line in enumerate(lines, 2) if line in bad]
    assert rows == whole
    assert [row["line"] for row in rows] == [1, *(n for n, line in enumerate(lines, 2) if line and line not in bad)]
    assert [row["line"] for row in quarantine(folder)] == wrong
    (counted,) = corpus.inputs()
    assert (counted.records, counted.articles, counted.quarantined) == (len(rows) + len(wrong), len(rows), len(wrong))
    assert sum(n for _, n in corpus.reasons()) == len(wrong)


def corpus_of_many_kinds(folder: Path) -> list[Path]:
    folder.mkdir()
    (folder / "a.jsonl").write_text('{"text": "a1", "author": "A", "url": "https://www.x.org/1"}\n7\n{"text": "a2"}\n')
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(b'{"body": "b1"}'))
    (folder / "c.json").write_text('[{"content": "c1", "source": {"name": "C"}}, {"content": 5}]')
    (folder / "d.csv").write_text('text,date\n"d\n1",2021-03-04\n', encoding="utf-16")
    (folder / "e.tsv.zst").write_bytes(PACK[".zst"](b"title\ttext\nT\te1\n"))
    (folder / "f.txt").write_bytes(b"f1\r\nline\x00")
    (folder / "g.jsonl").write_text('{"n": 1}\n{"n": 2}\n')
    (folder / "sub").mkdir()
    (folder / "sub" / "a.jsonl").write_text('{"maintext": "s1"}\n')
    (folder / "notes.md").write_text("not read")
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md")


def test_many_kinds(tmp_path: Path) -> None:
    """A folder of all kinds is read file by file, each by its own fields; a file without a text has articles without one."""
    corpus_of_many_kinds(tmp_path / "c")
    rows, corpus = read(tmp_path / "c", tmp_path)
    assert [(row["file"], row["line"], row["text"]) for row in rows] == [
        ("a.jsonl", 1, "a1"), ("a.jsonl", 3, "a2"), ("b.jsonl.gz", 1, "b1"), ("c.json", 1, "c1"), ("d.csv", 2, "d\n1"), ("e.tsv.zst", 2, "e1"),
        ("f.txt", 1, "f1\r\nline\x00"), ("g.jsonl", 1, None), ("g.jsonl", 2, None), ("sub/a.jsonl", 1, "s1"),
    ]  # fmt: skip
    assert [row["article"] for row in rows] == list(range(10))
    assert [row["source"] for row in rows][:4] == ["x.org", None, None, "C"]
    assert [row["id"] for row in rows][6:8] == ["f.txt", "g.jsonl:1"]
    assert dict(corpus.fields)["text"] == "text (3 files), body (1 file), content (1 file), maintext (1 file), the file (1 file)"
    assert dict(corpus.fields)["source"] == "host of url (1 file), source (1 file)"
    assert corpus.paths()["sub/a.jsonl"] == (tmp_path / "c" / "sub" / "a.jsonl").absolute()
    assert corpus.reasons() == (("no object", 1), ("text is no string", 1))
    assert corpus.progress() == (sum(file.stat().st_size for file in corpus.paths().values()),) * 2
    for batch in open_corpus(tmp_path / "c", Config(), tmp_path / "q.jsonl").batches():
        batch.validate(full=True)
        assert batch.schema == PLACED


def test_order_of_arguments(tmp_path: Path) -> None:
    """The order of arguments changes neither the articles nor the inputs nor the quarantine."""
    paths = corpus_of_many_kinds(tmp_path / "c")
    seen = set()
    for order in itertools.islice(itertools.permutations(paths), 0, 40_000, 4_001):
        rows, corpus = read(list(order), tmp_path)
        seen.add((json.dumps(rows, default=str), corpus.inputs(), corpus.fields, (tmp_path / "q.jsonl").read_bytes()))
    assert len(seen) == 1


def test_batches(tmp_path: Path) -> None:
    """A batch is at most 4,096 rows or about 4 MB of text, and goes over the ends of files."""
    for name in "ab":
        (tmp_path / f"{name}.jsonl").write_text('{"text": "x"}\n' * 3_000)
    (tmp_path / "c.jsonl").write_text(json.dumps({"text": "y" * 5_000_000}) * 3)
    sizes = [batch.num_rows for batch in open_corpus([tmp_path], Config(), tmp_path / "q").batches()]
    assert sizes == [2_048, 2_048, 1_904 + 1, 1, 1]


@pytest.mark.parametrize(("limit", "found", "bad"), [(1, 1, 0), (2, 2, 1), (3, 3, 1), (99, 10, 2)])
def test_limit(tmp_path: Path, limit: int, found: int, bad: int) -> None:
    """A limit ends reading after so many articles; what lies behind is neither article nor quarantined."""
    corpus_of_many_kinds(tmp_path / "c")
    rows, corpus = read(tmp_path / "c", tmp_path, limit=limit)
    assert len(rows) == found
    assert sum(counted.records for counted in corpus.inputs()) == found + bad
    whole = {counted.path: counted.digest for counted in read(tmp_path / "c", tmp_path)[1].inputs()}
    assert all(counted.digest == whole[counted.path] for counted in corpus.inputs())


def test_quarantine(tmp_path: Path) -> None:
    """A row of the quarantine has the bytes, as text where they are text; the first 64 KiB of them."""
    long = ("x" + "é" * KEPT).encode()
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "a"}\n{"\xff\n' + long + b"\n")
    read([tmp_path / "a.jsonl"], tmp_path)
    first, second = quarantine(tmp_path)
    assert first == {"file": "a.jsonl", "line": 2, "reason": "invalid UTF-8", "bytes": base64.b64encode(b'{"\xff').decode(), "base64": True}
    assert (second["reason"], second["base64"], second["bytes"]) == ("broken JSON", False, "x" + "é" * (KEPT // 2 - 1))


def test_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard input is JSON Lines and is read once, beginning with the records that the fields were chosen from."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"text": "a"}\n7\n' * 2_000)))
    rows, corpus = read(["-"], tmp_path)
    assert [row["line"] for row in rows] == list(range(1, 4_000, 2))
    assert {row["file"] for row in rows} == {"-"}
    assert corpus.paths() == {}
    (counted,) = corpus.inputs()
    assert (counted.records, counted.quarantined, len(counted.digest)) == (4_000, 2_000, 32)


def test_bad_records_first(tmp_path: Path) -> None:
    """Fields are chosen from the first records, however much that is none stands before them."""
    (tmp_path / "a.jsonl").write_text("broken\n" * 5_000 + '{"body": "a"}\n')
    rows, corpus = read([tmp_path / "a.jsonl"], tmp_path)
    assert [(row["line"], row["text"]) for row in rows] == [(5_001, "a")]
    assert corpus.reasons() == (("broken JSON", 5_000),)


def test_empty_files(tmp_path: Path) -> None:
    """Files without a record are a corpus without an article; that is for the gate to judge."""
    (tmp_path / "a.jsonl").write_bytes(b"")
    (tmp_path / "b.csv").write_bytes(b"")
    rows, corpus = read([tmp_path], tmp_path)
    assert rows == []
    assert [(counted.path, counted.records) for counted in corpus.inputs()] == [("a.jsonl", 0), ("b.csv", 0)]


def test_configured_fields(tmp_path: Path) -> None:
    """A named field is used in the files that have it; nowhere, it is an error that names the fields that are there."""
    (tmp_path / "a.jsonl").write_text('{"text": "a", "meta": {"story": "m"}}\n')
    (tmp_path / "b.jsonl").write_text('{"text": "b"}\n')
    assert texts([tmp_path], tmp_path, fields=FieldNames(text="meta.story")) == ["m", None]
    with pytest.raises(ConfigError, match=r"no record has the field 'meta.x' that title-field names; fields that are there: text, meta.story"):
        read([tmp_path], tmp_path, fields=FieldNames(title="meta.x"))
    (tmp_path / "b.jsonl").write_text('{"n": 1}\n')
    with pytest.raises(CorpusError, match="no record has a text field; fields that are there: n; name the one"):
        read([tmp_path / "b.jsonl"], tmp_path)


def test_no_place_for_the_quarantine(tmp_path: Path) -> None:
    """Where the quarantine cannot be written, nothing is read."""
    (tmp_path / "a.jsonl").write_text('{"text": "a"}\n')
    with pytest.raises(OutputError, match="cannot write"):
        open_corpus([tmp_path / "a.jsonl"], Config(), tmp_path / "nowhere" / "q.jsonl")


def test_reread(tmp_path: Path) -> None:
    """Every article is found again by its file and line; one that is gone is an error."""
    corpus_of_many_kinds(tmp_path / "c")
    rows, corpus = read(tmp_path / "c", tmp_path)
    for row in rows:
        again = reread(corpus.paths()[row["file"]], row["file"], row["line"], Config()).drop_columns(PLACES.names).to_pylist()
        assert again == [row | {"article": 0}]
    for line in (2, 99):
        with pytest.raises(CorpusError, match=f"has no article at {line} any more"):
            reread(tmp_path / "c" / "a.jsonl", "a.jsonl", line, Config())
    with pytest.raises(CorpusError, match="cannot read"):
        reread(tmp_path / "c" / "gone.jsonl", "gone.jsonl", 1, Config())


@pytest.mark.shared
def test_real_corpora(tmp_path: Path, shared: Path) -> None:
    """Every file of real text is read, every record of it an article."""
    paths = [*sorted((shared / "corpora").rglob("*.jsonl*")), shared / "gold" / "dev.jsonl"]
    for path in paths:
        corpus = open_corpus([path], Config(limit=3_000), tmp_path / "q.jsonl")
        articles = sum(batch.num_rows for batch in corpus.batches())
        assert articles == corpus.inputs()[0].records > 0
        assert {"text", "id"} <= dict(corpus.fields).keys()
