"""Parquet: schema, metadata, compression and row groups stay; column chunks that nothing changes are the same bytes."""

import datetime
import decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.config import Config, FieldNames
from audit.errors import ConfigError, CorpusError
from audit.measure.clean import clean
from audit.rewrite import Job, clean_corpus, thrift

CONFIG = Config(quiet=True, workers=2)
N = 500
TABLE = pa.table(
    {
        "id": [f"a{n}" for n in range(N)],
        "title": [None if n % 7 == 0 else f"Itâ€™s {n}" if n % 5 == 0 else "Title" for n in range(N)],
        "text": [f"caf&eacute; {n}\r\nmore" if n % 10 == 0 else " " if n % 9 == 1 else f"plain text {n} " * 5 for n in range(N)],
        "when": pa.array([datetime.datetime(2020, 1, 1, 12, 30, tzinfo=datetime.UTC)] * N, pa.timestamp("us", "UTC")),
        "price": pa.array([decimal.Decimal("1.50")] * N, pa.decimal128(10, 2)),
        "people": [[{"name": "Ã©", "n": n}, {"name": None, "n": None}] if n % 2 else None for n in range(N)],
        "inner": [{"body": f"Ã© {n}", "n": n} if n % 3 else None for n in range(N)],
        "kind": pa.array(["x", "Ã©"] * (N // 2)).dictionary_encode(),
        "raw": [bytes([n % 256]) for n in range(N)],
    }
).replace_schema_metadata({"made by": "a test"})


def rewrite(folder: Path, job: dict[str, Any] | None = None, config: Config = CONFIG, **how: Any) -> tuple[pq.ParquetFile, pq.ParquetFile, Any]:
    """The file before and after, and what was done."""
    pq.write_table(TABLE, folder / "a.parquet", row_group_size=150, **how)
    done = clean_corpus(Job((str(folder / "a.parquet"),), str(folder / "b.parquet"), **(job or {})), config)
    return pq.ParquetFile(folder / "a.parquet"), pq.ParquetFile(folder / "b.parquet"), done


def chunk(file: Path, meta: Any) -> bytes:
    start = min(at for at in (meta.dictionary_page_offset, meta.data_page_offset) if at)
    return file.read_bytes()[start : start + meta.total_compressed_size]


HOWS = [
    {"compression": "zstd"}, {"compression": "snappy", "write_page_index": True}, {"compression": "none", "use_dictionary": False},
    {"compression": {"text": "gzip", "title": "none"}, "data_page_version": "2.0"}, {"compression": "brotli", "write_statistics": False},
    {"compression": "lz4", "use_deprecated_int96_timestamps": True, "store_decimal_as_integer": True}, {"sorting_columns": [pq.SortingColumn(0)]},
]  # fmt: skip


@pytest.mark.parametrize("how", HOWS, ids=lambda how: str(how.get("compression")))
def test_only_text_and_title_change(tmp_path: Path, how: dict[str, Any]) -> None:
    """However the file was written: the same schema, metadata, row groups and codecs; other columns byte by byte, text and title cleaned."""
    before, after, done = rewrite(tmp_path, **how)
    assert after.schema_arrow.equals(before.schema_arrow, check_metadata=True)
    assert after.schema.equals(before.schema)
    assert after.metadata.metadata == before.metadata.metadata
    assert (after.metadata.num_rows, after.metadata.num_row_groups, after.metadata.created_by) == (N, 4, before.metadata.created_by)
    for group in range(4):
        for column in range(after.metadata.num_columns):
            old, new = (file.metadata.row_group(group).column(column) for file in (before, after))
            assert new.compression == old.compression
            if old.path_in_schema not in ("text", "title"):
                assert chunk(tmp_path / "a.parquet", old) == chunk(tmp_path / "b.parquet", new)
    got = after.read()
    for name in TABLE.column_names:
        want = [value and clean(value) for value in TABLE[name].to_pylist()] if name in ("text", "title") else before.read()[name].to_pylist()
        assert got[name].to_pylist() == want
    assert (done.records, done.written, done.quarantined) == (N, N, 0)
    assert pq.read_table(tmp_path / "b.parquet.changes.parquet")["id"].to_pylist()[:3] == ["a0", "a5", "a10"]


def test_a_file_that_nothing_changes(tmp_path: Path) -> None:
    """Of a clean file every column chunk is the same bytes."""
    table = pa.table({"text": ["fine"] * 10, "n": range(10)})
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=4)
    clean_corpus(Job((str(tmp_path / "a.parquet"),), str(tmp_path / "b.parquet")), CONFIG)
    before, after = (pq.ParquetFile(tmp_path / name) for name in ("a.parquet", "b.parquet"))
    for group in range(3):
        for column in range(2):
            assert chunk(tmp_path / "a.parquet", before.metadata.row_group(group).column(column)) == chunk(
                tmp_path / "b.parquet", after.metadata.row_group(group).column(column)
            )


def test_a_field_within_objects(tmp_path: Path) -> None:
    """A text within an object is cleaned there; what stands beside it, and where there is no object, stays."""
    before, after, _ = rewrite(tmp_path, config=Config(quiet=True, fields=FieldNames(text="inner.body")))
    assert after.read()["inner"].to_pylist() == [row and {**row, "body": clean(row["body"])} for row in before.read()["inner"].to_pylist()]
    assert after.read()["text"].equals(before.read()["text"])


@pytest.mark.parametrize("how", [HOWS[0], HOWS[3], HOWS[5]], ids=lambda how: str(how.get("compression")))
def test_dropped_rows(tmp_path: Path, how: dict[str, Any]) -> None:
    """A row group that loses rows keeps its columns' types and codecs, and the rest of its rows."""
    before, after, done = rewrite(tmp_path, {"drop": frozenset({"empty"})}, **how)
    stay = [n for n in range(N) if n % 9 != 1 or n % 10 == 0]
    assert done.dropped == (("empty", N - len(stay)),)
    assert after.schema_arrow.equals(before.schema_arrow, check_metadata=True)
    assert after.metadata.num_row_groups == 4
    assert [after.metadata.row_group(0).column(n).compression for n in range(3)] == [
        before.metadata.row_group(0).column(n).compression for n in range(3)
    ]
    old, new = before.read().take(pa.array(stay)), after.read()
    for name in TABLE.column_names:
        assert (
            new[name].to_pylist() == [value and clean(value) for value in old[name].to_pylist()]
            if name in ("text", "title")
            else old[name].to_pylist()
        )


def test_text_that_is_no_utf8(tmp_path: Path) -> None:
    """A row whose text is no UTF-8 goes to the quarantine and the others are written; a text column of bytes is one."""
    texts = [b"caf&eacute;", b"\xff\xfe", None, b"fine"]
    pq.write_table(pa.table({"text": pa.array(texts, pa.binary()), "n": range(4)}), tmp_path / "a.parquet")
    done = clean_corpus(Job((str(tmp_path / "a.parquet"),), str(tmp_path / "b.parquet")), CONFIG)
    assert pq.read_table(tmp_path / "b.parquet").to_pylist() == [{"text": "café".encode(), "n": 0}, {"text": None, "n": 2}, {"text": b"fine", "n": 3}]
    assert (done.records, done.written, done.quarantined) == (4, 3, 1)
    assert b'"line":2,"reason":"invalid UTF-8"' in (tmp_path / "b.parquet.quarantine.jsonl").read_bytes()


def test_no_rows_left(tmp_path: Path) -> None:
    """A file that loses all its rows keeps its schema."""
    pq.write_table(pa.table({"text": [" ", None], "n": [1, 2]}), tmp_path / "a.parquet")
    clean_corpus(Job((str(tmp_path / "a.parquet"),), str(tmp_path / "b.parquet"), frozenset({"empty"})), CONFIG)
    assert pq.read_table(tmp_path / "b.parquet").equals(pa.table({"text": pa.array([], pa.string()), "n": pa.array([], pa.int64())}))


def test_a_broken_file(tmp_path: Path) -> None:
    """What is no Parquet is refused by name; a row group that cannot be read is one bad record, and the rest is written."""
    (tmp_path / "a.parquet").write_bytes(b"PAR1 nothing PAR1")
    with pytest.raises(CorpusError, match=r"no Parquet|text field"):
        clean_corpus(Job((str(tmp_path / "a.parquet"),), str(tmp_path / "b.parquet")), CONFIG)
    pq.write_table(pa.table({"text": [f"{n} &amp;" for n in range(9)]}), tmp_path / "a.parquet", row_group_size=3, compression="zstd")
    meta = pq.read_metadata(tmp_path / "a.parquet").row_group(1).column(0)
    data = bytearray((tmp_path / "a.parquet").read_bytes())
    data[meta.data_page_offset : meta.data_page_offset + 10] = b"\xff" * 10
    (tmp_path / "a.parquet").write_bytes(data)
    done = clean_corpus(Job((str(tmp_path / "a.parquet"),), str(tmp_path / "b.parquet")), CONFIG)
    assert pq.read_table(tmp_path / "b.parquet")["text"].to_pylist() == [f"{n} &" for n in (0, 1, 2, 6, 7, 8)]
    assert (done.written, done.quarantined) == (6, 1)


def test_a_column_that_cannot_be_written_again(tmp_path: Path) -> None:
    """Where rows go and a column would be stored in another way, that is refused rather than done by half."""
    table = pa.table({"text": [" ", "a"], "price": pa.array([decimal.Decimal("1.5")] * 2, pa.decimal128(5, 2))})
    pq.write_table(table, tmp_path / "a.parquet", store_decimal_as_integer=True)
    before = pq.ParquetFile(tmp_path / "a.parquet").schema
    other = pa.table({"text": [" ", "a"], "price": pa.array([1.5, 2.5], pa.float32())})
    pq.write_table(other, tmp_path / "c.parquet")
    with pytest.raises(ConfigError, match="price"):
        from audit.rewrite import parquet

        parquet._same(before, pq.ParquetFile(tmp_path / "c.parquet").schema)


SCALARS = [
    (thrift.I32, st.integers(-(2**31), 2**31 - 1)), (thrift.I64, st.integers(-(2**63), 2**63 - 1)), (thrift.BINARY, st.binary(max_size=200)),
    (thrift.TRUE, st.just(True)), (thrift.FALSE, st.just(False)), (thrift.DOUBLE, st.floats(allow_nan=False)), (thrift.BYTE, st.integers(0, 255)),
    (thrift.LIST, st.tuples(st.just(thrift.I64), st.lists(st.integers(-9, 2**40), max_size=20))),
    (thrift.MAP, st.just((thrift.BINARY << 4 | thrift.I32, [(b"a", 1)]))),
]  # fmt: skip
FLAT = st.one_of([st.tuples(st.just(kind), values) for kind, values in SCALARS])
NUMBERS = st.integers(1, 90)
INNER = st.dictionaries(NUMBERS, FLAT, max_size=4).map(lambda some: dict(sorted(some.items())))
NESTED = (
    FLAT | st.tuples(st.just(thrift.STRUCT), INNER) | st.tuples(st.just(thrift.LIST), st.tuples(st.just(thrift.STRUCT), st.lists(INNER, max_size=3)))
)
STRUCTS: st.SearchStrategy[Any] = st.dictionaries(NUMBERS, NESTED, max_size=4).map(lambda some: dict(sorted(some.items())))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STRUCTS)
def test_metadata_go_round(struct: thrift.Struct) -> None:
    """What is written in Thrift's compact protocol is read as the same."""
    data = thrift.write(struct)
    assert thrift.read(data + b"more") == (struct, len(data))


def test_footers_of_other_writers_are_written_as_they_were(tmp_path: Path) -> None:
    """A footer that is read and written again is the same bytes."""
    for number, how in enumerate(HOWS):
        path = tmp_path / f"{number}.parquet"
        pq.write_table(TABLE, path, row_group_size=150, **how)
        data = path.read_bytes()
        size = int.from_bytes(data[-8:-4], "little")
        footer = data[-8 - size : -8]
        assert thrift.write(thrift.read(footer)[0]) == footer
