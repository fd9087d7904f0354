"""JSON Lines by the block, and Parquet by the column: the same articles and the same quarantine as one record at a time."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.config import Config, FieldNames
from audit.corpus import Corpus, open_corpus
from audit.corpus.places import PLACES
from audit.corpus.rows import Rows

CONFIG = Config(fields=FieldNames(source="from.name", byline="who"), max_record=300)
LINES = [
    b'{"text":"a","text":"b"}', b'{"text":null}', b'{"te\\u0078t":"a"}', b'{"text":5}', b'{"text":["a"]}', b'{"text":"\\ud83d\\ude00\\n\\"\\/"}',
    b'{"text":"\xed\xa0\x80"}', b'{"text":"\xc0\x80"}', b'{"text":"\xf4\x90\x80\x80"}', b'{"text":"\xf0\x9f\x98\x80"}', b'{"text":"a","n":01}',
    b'{"text":"a","n":-}', b'{"text":"a","n":1.}', b'{"text":"a","n":1e999}', b'{"text":"a","n":1e5,"m":-0.5E-7}', b'{"text":"a","b":tru}',
    b'{"text":"a","b":[true,false,null,{},[]]}', b'{"text":"a","b":[1,]}', b'{"text":"a",}', b'{"text" "a"}', b'{"text":"a"} x', b'{"text":"a"}\x0b',
    b' \t{ "text" : "a" , "who" : [ "B" , {"name":"C"} ] } \r', b'{"text":"a","from":{"name":"N"},"url":"https://x.org/1"}',
    b'{"text":"a","from":"N"}',
    b'{"text":"a","date":1614830767}', b'{"text":"a","date":"2021-03-04"}', b'{"title":" ","text":" "}', b"\x0b", b'{"text":"' + b"\\" * 7 + b'"}',
    b'{"text":"a","b":' + b"[" * 59 + b"]" * 59 + b"}", b'{"text":"a","b":' + b"[" * 61 + b"]" * 61 + b"}", b'{"text":"a","b":{"c":1 "d":2}}',
    b'{"text":"\\ud800x"}', b'{"text":"\\u12g4"}', b'{"text":"\\x"}', b'{"text":"tab\tinside"}', b"{}", b"{", b'{"text', b'{"text":"a\\',
    b"nul", b"-",
]  # fmt: skip


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(["text", "title", "who", "from", "url", "date", "id", "lang", "other"])
WRITTEN = st.builds(
    lambda record, plain: json.dumps(record, ensure_ascii=plain).encode(errors="surrogatepass"),
    st.dictionaries(NAMES, VALUES, max_size=6),
    st.booleans(),
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A record with a byte of it put in, out, or in the place of another."""
    line = draw(st.one_of(st.sampled_from(LINES), WRITTEN))
    at = draw(st.integers(0, len(line)))
    return line[:at] + draw(st.binary(max_size=1)) + line[at + draw(st.integers(0, 1)) :]


def seen(corpus: Corpus, folder: Path, rows: list[dict[str, Any]]) -> object:
    """All that a reader says of a corpus."""
    rows = [{name: value for name, value in row.items() if name not in PLACES.names} for row in rows]
    return rows, corpus.inputs(), corpus.reasons(), corpus.fields, (folder / "q.jsonl").read_bytes()


def by_record(path: Path, folder: Path, config: Config) -> object:
    """A corpus read a record at a time."""
    corpus, rows, found = open_corpus(path, config, folder / "q.jsonl"), Rows(), []
    for entry in corpus.entries():
        rows.add(entry.file, entry.record, entry.fields, entry.text)
        found += [row | {"article": len(found)} for row in rows.take().to_pylist()]
    return seen(corpus, folder, found)


def by_block(path: Path, folder: Path, config: Config, block: int = 1 << 20) -> object:
    """The same corpus by the block."""
    corpus = open_corpus(path, config, folder / "q.jsonl", block=block)
    batches = list(corpus.batches())
    for batch in batches:
        batch.validate(full=True)
    return seen(corpus, folder, [row for batch in batches for row in batch.to_pylist()])


@pytest.mark.parametrize("block", [1, 7, 100, 1 << 20])
def test_odd_lines(tmp_path: Path, block: int) -> None:
    """Every kind of line that is no plain record of strings is read as orjson reads it."""
    (tmp_path / "a.jsonl").write_bytes(b"\n".join([LINES[5], *LINES]))
    assert by_block(tmp_path / "a.jsonl", tmp_path, CONFIG, block) == by_record(tmp_path / "a.jsonl", tmp_path, CONFIG)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(LINES), WRITTEN, mutated()), max_size=12), st.integers(1, 400), st.none() | st.integers(1, 9))
def test_any_lines(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], block: int, limit: int | None) -> None:
    """Records, articles and quarantine are those of orjson line by line, on any bytes, whatever the size of the blocks."""
    folder = tmp_path_factory.mktemp("blocks")
    (folder / "a.jsonl").write_bytes(b"\n".join([b'{"text":"first","from":{"name":"N"},"who":"W"}', *lines]))
    config = Config(fields=CONFIG.fields, max_record=CONFIG.max_record, limit=limit)
    assert by_block(folder / "a.jsonl", folder, config, block) == by_record(folder / "a.jsonl", folder, config)


COLUMNS = {
    "text": [["a", None, " ", "ü\n"], [b"a", b"\xff", None, b"b"], [1, 2, 3, None]],
    "title": [["T", " ", None, "U"], [1, None, 2, 3]],
    "who": [[["A", "B"], [], None, ["C"]], ["x", None, "", "y"]],
    "from": [[{"name": "N"}, None, {"name": None}, {"name": "M"}]],
    "date": [["2021-03-04", None, "soon", ""], [1614830767, None, 1, 2]],
    "url": [["https://x.org/1", None, "x", ""]],
}


@pytest.mark.parametrize("text", range(3))
@pytest.mark.parametrize("other", range(2))
def test_columns(tmp_path: Path, text: int, other: int) -> None:
    """A Parquet file by the column gives the articles that it gives row by row, whatever the types of its columns."""
    table = {name: values[text if name == "text" else other % len(values)] for name, values in COLUMNS.items()}
    arrays = {name: pa.array(values) for name, values in table.items()}
    if text == 0:
        arrays["text"] = arrays["text"].dictionary_encode()
    pq.write_table(pa.table(arrays), tmp_path / "a.parquet", row_group_size=3)
    assert by_block(tmp_path / "a.parquet", tmp_path, CONFIG) == by_record(tmp_path / "a.parquet", tmp_path, CONFIG)


def test_strings_that_are_no_text(tmp_path: Path) -> None:
    """A string column of bytes that are no UTF-8 is read row by row: the bad row alone is quarantined."""
    cuts, data = pa.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0"), pa.py_buffer(b"a\xff")
    pq.write_table(pa.table({"text": pa.StringArray.from_buffers(2, cuts, data)}), tmp_path / "a.parquet")
    found = by_block(tmp_path / "a.parquet", tmp_path, Config())
    assert found == by_record(tmp_path / "a.parquet", tmp_path, Config())
    assert [row["text"] for row in found[0]] == ["a"]  # type: ignore[index]
