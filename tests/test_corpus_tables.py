"""Parquet files, Arrow tables, data frames and dicts."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit.config import Config, FieldNames
from audit.corpus import open_corpus
from audit.errors import ConfigError, CorpusError

TABLE = pa.table(
    {
        "text": pa.array(["a", None, "ç", ""], pa.large_string()),
        "Title": pa.array(["t", "t", None, " "]).dictionary_encode(),
        "authors": [["A", "B"], [], None, ["C"]],
        "published_at": pa.array([datetime(2021, 3, 4), None, datetime(1950, 1, 1), None], pa.timestamp("us", "Europe/Paris")),
        "id": [1, 2, 3, None],
        "meta": [{"host": "a.org"}, {"host": None}, None, {"host": "b.org"}],
        "unused": [b"\xff"] * 4,
    }
)


def read(source: Any, folder: Path, **options: Any) -> list[dict[str, Any]]:
    corpus = open_corpus(source, Config(**options), folder / "q.jsonl")
    return [row for batch in corpus.batches() for row in batch.to_pylist()]


def rows(source: Any, folder: Path, *columns: str, **options: Any) -> list[tuple[Any, ...]]:
    return [tuple(row[column] for column in columns) for row in read(source, folder, **options)]


@pytest.mark.parametrize("group", [1, 3, 100])
@pytest.mark.parametrize("kind", ["parquet", "table", "stream"])
def test_tables(tmp_path: Path, group: int, kind: str) -> None:
    """A table gives the same articles from a file of any row groups and from memory; strings, dictionaries, lists, objects and times."""
    path = tmp_path / "a.parquet"
    pq.write_table(TABLE, path, row_group_size=group)
    source = {"parquet": [path], "table": TABLE, "stream": Exporter(TABLE)}[kind]
    found = read(source, tmp_path, fields=FieldNames(source="meta.host"))
    assert [row["text"] for row in found] == ["a", None, "ç", ""]
    assert [row["title"] for row in found] == ["t", "t", None, None]
    assert [row["byline"] for row in found] == ["A; B", None, None, "C"]
    assert [row["source"] for row in found] == ["a.org", None, None, "b.org"]
    assert [row["date"] and row["date"].replace(tzinfo=None) for row in found] == [datetime(2021, 3, 4), None, datetime(1950, 1, 1), None]
    label = "a.parquet" if kind == "parquet" else "memory"
    assert [row["id"] for row in found] == ["1", "2", "3", f"{label}:4"]
    assert [(row["file"], row["line"]) for row in found] == [(label, n) for n in (1, 2, 3, 4)]


class Exporter:
    """A data frame of another library, as far as Arrow knows it."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


def test_large_parquet(tmp_path: Path) -> None:
    """Rows are numbered on over batches and row groups, and a text that a dictionary holds once is read as often as it stands there."""
    texts = [f"{n % 7}" * 10 for n in range(3_000)]
    pq.write_table(pa.table({"body": texts}), tmp_path / "a.parquet", row_group_size=1_100)
    assert rows([tmp_path / "a.parquet"], tmp_path, "line", "text") == list(enumerate(texts, 1))


@pytest.mark.parametrize("at", [0.0, 0.3, 0.6, 0.9, 0.999])
def test_corrupt_parquet(tmp_path: Path, at: float) -> None:
    """Of a Parquet file that is cut or damaged what can be read is read; the rest is one bad record for each part, and nothing raises."""
    path = tmp_path / "a.parquet"
    texts = [f"text {n} {n * 7919**9}" for n in range(2_000)]
    pq.write_table(pa.table({"text": texts}), path, row_group_size=500, use_dictionary=False)
    data = path.read_bytes()
    place = int(len(data) * at)
    (tmp_path / "b.jsonl").write_text('{"text": "z"}\n')
    for damaged in (data[:place], data[:place] + bytes(200) + data[place + 200 :]):
        path.write_bytes(damaged)
        corpus = open_corpus([path, tmp_path / "b.jsonl"], Config(), tmp_path / "q.jsonl")
        found = [text for batch in corpus.batches() for text in batch["text"].to_pylist()]
        assert found[-1] == "z"
        assert corpus.reasons() in ((("corrupt Parquet", 1),), ())
        assert len(damaged) == len(data) or found == ["z"]


def test_binary_text(tmp_path: Path) -> None:
    """Text that is stored as bytes is read where it is UTF-8, and is a bad record where it is none; also in a column that says it is text."""
    good, bad = b"caf\xc3\xa9", b"caf\xe9"
    column = pa.array([good, bad], pa.binary())
    claimed = pa.Array.from_buffers(pa.string(), 2, column.buffers())
    for texts in (column, claimed):
        corpus = open_corpus(pa.table({"text": texts}), Config(), tmp_path / "q.jsonl")
        assert [row for batch in corpus.batches() for row in batch["text"].to_pylist()] == ["café"]
        assert corpus.reasons() == (("invalid UTF-8", 1),)


def test_frames(tmp_path: Path) -> None:
    """A pandas frame is read row by row; what pandas holds to be missing is missing; mixed columns do not matter."""
    frame = pd.DataFrame(
        {
            "text": ["a", None, float("nan"), 7],
            "author": [["A", "B"], "C", None, None],
            "date": [pd.Timestamp("2021-03-04"), pd.NaT, date(2021, 3, 5), "x"],
            "id": [1, 2, 3, 4],
            5: [0, 0, 0, 0],
        },
        index=[9, 9, 8, 7],
    )
    corpus = open_corpus(frame, Config(), tmp_path / "q.jsonl")
    found = [row for batch in corpus.batches() for row in batch.to_pylist()]
    assert [(row["text"], row["byline"], row["id"], row["line"]) for row in found] == [
        ("a", "A; B", "1", 1),
        (None, "C", "2", 2),
        (None, None, "3", 3),
    ]
    assert [row["date"] and row["date"].day for row in found] == [4, None, 5]
    assert corpus.reasons() == (("text is no string", 1),)


def test_dicts(tmp_path: Path) -> None:
    """An iterable of dicts is read once; rows that are no dicts, and text that no file could hold, are bad records."""

    def articles() -> Iterator[Any]:
        yield from [{"text": "a", "n": 1}, 7, {"text": "\ud800"}, {"text": ["a"]}, {"text": "b", 3: object()}, {}]

    corpus = open_corpus(articles(), Config(), tmp_path / "q.jsonl")
    found = [(row["line"], row["text"]) for batch in corpus.batches() for row in batch.to_pylist()]
    assert found == [(1, "a"), (5, "b"), (6, None)]
    assert corpus.reasons() == (("lone surrogate", 1), ("no object", 1), ("text is no string", 1))
    assert corpus.inputs()[0].records == 6


@pytest.mark.parametrize("source", [7, None, {"text": "a"}, b"a"])
def test_no_corpus(tmp_path: Path, source: object) -> None:
    """What is no corpus is refused with a sentence that says what is one."""
    with pytest.raises(CorpusError, match="a corpus is paths"):
        open_corpus(source, Config(), tmp_path / "q.jsonl")


def test_fields_that_are_not_there(tmp_path: Path) -> None:
    """Without a text, or without a field that was named, the message says which fields are there."""
    pq.write_table(TABLE.select(["id", "meta"]), tmp_path / "a.parquet")
    for source in ([tmp_path / "a.parquet"], TABLE.select(["id", "meta"]), [{"id": 1, "meta": 2}], pd.DataFrame({"id": [1], "meta": [2]})):
        with pytest.raises(CorpusError, match=r"no record has a text field; fields that are there: id, meta; name the one"):
            open_corpus(source, Config(), tmp_path / "q.jsonl")
    with pytest.raises(ConfigError, match=r"no record has the field 'story' that text-field names; fields that are there: text, Title"):
        open_corpus(TABLE, Config(fields=FieldNames(text="story")), tmp_path / "q.jsonl")
