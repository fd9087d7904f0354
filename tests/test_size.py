"""Code points, words and lines."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.kernels.chars import word_classes
from audit.measure import size

CASES = yaml.safe_load(Path(__file__).with_name("cases").joinpath("size.yml").read_text("utf-8"))
COLUMNS = ("n_chars", "n_words", "n_lines")


def sizes(texts: list[str | None]) -> list[tuple[int | None, ...]]:
    columns = size.measure(pa.array(texts, pa.large_string()))
    assert tuple(columns) == COLUMNS
    return list(zip(*(columns[name].to_pylist() for name in COLUMNS), strict=True))


def slow(text: str) -> tuple[int, int, int]:
    """The same, the obvious way."""
    classes = [int(word_classes()[ord(c)]) for c in text]
    words = sum(kind == 2 or (kind == 1 and before != 1) for before, kind in zip([0, *classes], classes, strict=False))
    return len(text), words, sum(bool(line.strip()) for line in text.splitlines())


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[repr(text) for text, _ in CASES])
def test_case(text, expected):
    """A text has the size that was counted by hand."""
    assert sizes([text]) == [tuple(expected)]


LONG = st.text(st.sampled_from("aB1 \n\n\t.'\r\x1cé’王"), min_size=50, max_size=300)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.none(), LONG, st.text(st.one_of(st.sampled_from(" \n\r\x1c\x1f\x85\u2028aé1王ก가.\u0301"), st.characters(exclude_categories=["Cs"])))
        ),
        max_size=5,
    )
)
def test_slow(texts):
    """The kernel counts what the obvious way counts; null stays null; a slice is like a copy."""
    expected = [slow(text) if text is not None else (None, None, None) for text in texts]
    assert sizes(texts) == expected
    sliced = pa.array(["before", *texts, "after"], pa.large_string()).slice(1, len(texts))
    assert list(zip(*(column.to_pylist() for column in size.measure(sliced).values()), strict=True)) == expected
