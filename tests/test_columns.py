"""Cleaning for other pipelines: Arrow columns of every kind, pandas, and batches as Spark hands them over."""

import functools
import pickle
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import audit

TEXTS = ["cafÃ©", None, "fine", "one\r\ntwo &amp; three", "", "fine"]
CLEANED = ["café", None, "fine", "one\ntwo & three", "", "fine"]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())], ids=str)
def test_a_column_keeps_its_type(kind: pa.DataType) -> None:
    """Every Arrow type of strings comes back as itself, whole, sliced and in chunks, with what changed."""
    column = pa.array(TEXTS, pa.string()).cast(kind)
    cleaned, changes = audit.clean_batch(column)
    assert (cleaned.type, cleaned.to_pylist()) == (kind, CLEANED)
    assert changes.to_pylist() == [
        {"row": 0, "step": "fix_encoding", "before": "cafÃ©", "after": "café"},
        {"row": 3, "step": "fix_line_breaks", "before": "one\r\n", "after": "one\n"},
        {"row": 3, "step": "unescape_html", "before": "two &amp; three", "after": "two & three"},
    ]
    chunks = pa.chunked_array([column, column.slice(3, 2)])
    cleaned, changes = audit.clean_batch(chunks)
    assert (cleaned.type, cleaned.to_pylist()) == (kind, [*CLEANED, *CLEANED[3:5]])
    assert changes["row"].to_pylist() == [0, 3, 3, 6, 6]


def test_other_settings() -> None:
    """A setting of ftfy's holds for one text and for a column; what ftfy does not know is refused."""
    assert audit.clean("“so” &amp;", uncurl_quotes=True) == '"so" &'
    assert audit.clean_batch(pa.array(["“so” &amp;"]), unescape_html=False)[0].to_pylist() == ["“so” &amp;"]
    with pytest.raises(audit.ConfigError, match="no setting of cleaning 'quotes'"):
        audit.clean("x", quotes=True)


def test_nothing_to_clean() -> None:
    """A clean column is handed back itself; empty and null columns are taken; others are refused."""
    column = pa.array(["fine", None])
    assert audit.clean_batch(column)[0] is column
    assert audit.clean_batch(pa.nulls(2))[0].to_pylist() == [None, None]
    assert audit.clean_batch(pa.array([], pa.string()))[1].num_rows == 0
    with pytest.raises(TypeError, match="not one of int64"):
        audit.clean_batch(pa.array([1]))
    with pytest.raises(ValueError, match="UTF8"):
        audit.clean_batch(pa.Array.from_buffers(pa.string(), 1, pa.array(["ab"]).buffers()[:2] + [pa.py_buffer(b"\xff\xfe")]))


@pytest.mark.parametrize("kind", [object, "string", "str", pd.ArrowDtype(pa.string()), "category"], ids=str)
def test_a_pandas_column(kind: object) -> None:
    """A column of any dtype of strings keeps dtype, index, name and gaps."""
    column = pd.Series(TEXTS, index=list("abcdef"), name="body", dtype=kind)  # type: ignore[arg-type]
    cleaned = audit.clean_series(column)
    assert cleaned.dtype == (column.dtype if kind != "category" else pd.CategoricalDtype(["", "café", "fine", "one\ntwo & three"]))
    assert list(cleaned.index) == list("abcdef")
    assert cleaned.name == "body"
    assert [None if pd.isna(text) else text for text in cleaned] == CLEANED


def test_what_is_no_string_stays() -> None:
    """Numbers and gaps of a mixed column stay; half a character is mended as ftfy does it."""
    column = pd.Series([1, "Ã©", np.nan, "x\ud83d\ude00", None], dtype=object)
    cleaned = audit.clean_series(column).tolist()
    assert cleaned[:2] + cleaned[3:4] == [1, "é", "x😀"]
    assert pd.isna(cleaned[2])
    assert pd.isna(cleaned[4])


def run_as_spark_does(function: object, batches: Iterator[pa.RecordBatch]) -> pa.Table:
    """What mapInArrow does: the function is pickled, sent, and called with an iterator."""
    return pa.Table.from_batches(pickle.loads(pickle.dumps(function))(batches))


def test_batches_as_in_map_in_arrow() -> None:
    """The function goes through pickle, takes an iterator of batches lazily, and gives the same schema."""
    schema = pa.schema([pa.field("text", pa.string(), metadata={"a": "b"}), pa.field("n", pa.int64(), False), pa.field("body", pa.large_string())])
    batch = pa.record_batch([pa.array(TEXTS), pa.array(range(6)), pa.array(TEXTS, pa.large_string())], schema=schema)
    made = run_as_spark_does(audit.clean_batches, iter([batch, batch.slice(2, 2)]))
    assert made.schema.equals(schema, check_metadata=True)
    assert made["text"].to_pylist() == [*CLEANED, *CLEANED[2:4]]
    assert made["body"].to_pylist() == [*TEXTS, *TEXTS[2:4]]
    both = run_as_spark_does(functools.partial(audit.clean_batches, columns=["text", "body"]), iter([batch]))
    assert both["body"].to_pylist() == CLEANED
    endless = audit.clean_batches(batch for _ in iter(int, 1))
    assert next(endless).num_rows == 6
    with pytest.raises(KeyError, match="there are: text, n, body"):
        next(audit.clean_batches(iter([batch]), ["title"]))
