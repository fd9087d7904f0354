"""Scripts: one case each, and what no table may miss."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from audit.kernels import scripts
from audit.kernels.chars import members
from audit.measure import language

CASES = yaml.safe_load(Path(__file__).with_name("cases").joinpath("script.yml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[repr(case["text"])[:30] for case in CASES])
def test_case(case):
    """A text has the script of most of its letters."""
    found = {name: values.to_pylist()[0] for name, values in language.script(pa.array([case["text"]], pa.large_string())).items()}
    assert found["script"] == case["script"]
    share = case.get("share")
    assert found["script_share"] == (pytest.approx(share[0] / share[1]) if share else None)


@given(st.lists(st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]))), max_size=5))
def test_letters(texts):
    """There is a script where there is a letter among the first characters, and a share above 0; alone or in a batch."""
    columns = language.script(pa.array(texts, pa.large_string()))
    letters = members("L")
    for text, script, share in zip(texts, columns["script"].to_pylist(), columns["script_share"].to_pylist(), strict=True):
        assert (script is not None) == any(letters[ord(sign)] for sign in text or "")
        assert script is None or 0 < share <= 1
        assert language.script(pa.array([text], pa.large_string()))["script"].to_pylist() == [script]


def slow(text: str) -> tuple[str | None, float | None]:
    """The script and its share, the obvious way."""
    counts, size = Counter(), 0
    for sign in text:
        if size < scripts.READ and scripts.table()[ord(sign)]:
            counts[scripts.NAMES[scripts.table()[ord(sign)] - 1]] += 1
        size += len(sign.encode())
    if 20 * counts["Jpan"] >= counts["Jpan"] + counts["Hani"]:
        counts["Jpan"] += counts.pop("Hani", 0)
    most = max(scripts.NAMES, key=lambda name: counts[name])
    return (most, counts[most] / counts.total()) if counts.total() else (None, None)


SIGNS = st.sampled_from("abZ é1 \nЖ王古か가ا\u0301\U00020000")


@given(st.lists(st.one_of(st.text(SIGNS, max_size=200), st.text(SIGNS, min_size=1, max_size=9).map(lambda text: text * 200)), max_size=4))
def test_slow(texts):
    """The kernel counts what the obvious way counts, of the first READ bytes."""
    columns = language.script(pa.array(texts, pa.large_string()))
    assert list(zip(columns["script"].to_pylist(), columns["script_share"].to_pylist(), strict=True)) == [slow(text) for text in texts]


def test_table():
    """Every letter has a script or is of another one; nothing else has; no block is named twice."""
    table = scripts.table()
    assert np.array_equal(table > 0, members("L"))
    # Cuneiform, hieroglyphs and the like are left.
    assert (table[members("L")] < len(scripts.NAMES)).mean() > 0.85
    ranges = sorted(span for _, *spans in scripts.BLOCKS for span in spans)
    assert all(last < first for (_, last), (first, _) in pairwise(ranges))
