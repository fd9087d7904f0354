"""The same headline over several articles, and the same text under several headlines."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.across import retitled

LONG_ENOUGH = [
    "Obama's speech", "three words here", "王毅会见德国外长", "首相が会見を開く", "대통령 신년 기자회견",
    "Президент посетил Казань", "وصول الرئيس إلى القاهرة",
    "प्रधानमंत्री ने दिया भाषण", "Der Bundestag tagt wieder", "ประชุมสภา",
]  # fmt: skip
TOO_SHORT = [
    "",
    "Editorial",
    "Live",
    "Letters",
    "Daily briefing",
    "社説",
    "社論",
    "오피니언",
    "Новости дня",
    "الأخبار",
    "आज",
    "-- ...",
    "ข่าว",
    "The  Editor",
    "Q&A",
    "2022!",
    "«Мнение»",
]


def hashes(values: list[int | None]) -> pa.FixedSizeBinaryArray:
    return pa.array([None if value is None else value.to_bytes(16, "big") for value in values], pa.binary(16))


def audit(titles: list[str | None], texts: list[int | None]) -> tuple[list[int | None], list[bool | None]]:
    keys = retitled.keys(pa.array(titles, pa.large_string()))
    clusters, others = retitled.cluster(keys, hashes(texts))
    assert (clusters.type, others.type) == (pa.int64(), pa.bool_())
    return clusters.to_pylist(), others.to_pylist()


@pytest.mark.parametrize("title", LONG_ENOUGH)
def test_tells(title):
    """A headline of three words or six signs has a key."""
    assert retitled.keys(pa.array([title], pa.large_string()))[0] > 0


@pytest.mark.parametrize("title", TOO_SHORT)
def test_too_short(title):
    """The name of a column is no headline that tells articles apart."""
    assert retitled.keys(pa.array([title], pa.large_string())).tolist() == [0]


def test_same_headline():
    """Articles with the same headline, however written, name the first of them; one that is alone names none."""
    titles = [
        "Fed raises rates again",
        "Another story of today",
        "FED RAISES RATES – AGAIN!",
        None,
        "“Fed raises rates again”",
        "Editorial",
        "Editorial",
    ]
    assert audit(titles, list(range(7))) == ([0, None, 0, None, 0, None, None], [False] * 7)


def test_retitled():
    """A text under two headlines is retitled wherever it stands; one without a headline is no reason, and is not."""
    titles = ["Fed raises rates again", "Rates go up again", "fed raises rates again", None, "Unrelated story of today", "Unrelated story of today"]
    assert audit(titles, [1, 1, 1, 1, 2, 2]) == ([0, None, 0, None, 4, 4], [True, True, True, False, False, False])


def test_empty():
    """Articles without text are in no group."""
    assert audit(["Fed raises rates again"] * 3, [None, 1, 2]) == ([None, 1, 1], [None, False, False])
    assert audit(["Fed raises rates again"], [None]) == ([None], [None])
    assert audit([], []) == ([], [])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([None, "a b c", "b c d", "c d e"]), st.sampled_from([None, 1, 2, 3])), max_size=12))
def test_slow(rows):
    """Both columns are what comparing every two articles gives."""
    titles, texts = [row[0] for row in rows], [row[1] for row in rows]
    expected = []
    for title, text in rows:
        alike = [i for i, row in enumerate(rows) if title and row[0] == title and row[1]] if text else []
        other = any(row[1] == text and row[0] and title and row[0] != title for row in rows) if text else None
        expected.append((alike[0] if len(alike) > 1 else None, other))
    assert list(zip(*audit(titles, texts), strict=True)) == expected


def test_keys_join():
    """Keys of batches joined are the keys of the whole."""
    titles = pa.array([*LONG_ENOUGH, None, *TOO_SHORT], pa.large_string())
    assert np.concatenate([retitled.keys(titles[:5]), retitled.keys(titles[5:])]).tolist() == retitled.keys(titles).tolist()
