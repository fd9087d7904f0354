"""Listing pages: what is one, what only looks like one, and that a batch does not matter."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.kernels import listing as kernels
from audit.kernels import signs
from audit.kernels.utf8 import pieces
from audit.measure import listing

CASES = yaml.safe_load(Path(__file__).with_name("cases").joinpath("listing.yml").read_text("utf-8"))
LINES = st.sampled_from(
    ["Storm hits the coast again", "Bridge closed until spring again", "Совет решил углубить гавань", "市议会决定疏浚旧港口", "He left."]
    + ["", " ", "\x85"]
    + ["https://coast.example/1", "- [Storm](https://coast.example/1)", "x" * 200, "Sport", "12:30", "It was late, said the mayor of the old town"]
)
TEXTS = st.one_of(st.lists(LINES, max_size=30).map("\n".join), st.text(st.characters(exclude_categories=["Cs"]), max_size=60))


BLANKS = "".join(map(chr, range(33)))
"""What is taken away before a line."""


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case):
    """A page is a listing or not, and its evidence is a line of it."""
    columns, marks = listing.measure(pa.array([case["text"]], pa.large_string()))
    assert columns["listing"].to_pylist() == [case["listing"]]
    assert len(marks) == case["listing"]
    if "first" in case:
        mark = marks[0]
        assert case["text"].splitlines()[mark.line][mark.start : mark.end] == case["first"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.none(), TEXTS), max_size=4))
def test_evidence(texts):
    """Every listing has a mark on a line of its text; null stays null; an article is measured the same alone."""
    columns, marks = listing.measure(pa.array(texts, pa.large_string()))
    found = columns["listing"].to_pylist()
    assert sorted(marks) == [row for row, listed in enumerate(found) if listed]
    for row, text in enumerate(texts):
        assert (found[row] is None) == (text is None)
        assert listing.measure(pa.array([text], pa.large_string()))[0]["listing"].to_pylist() == [found[row]]
        if row in marks:
            mark, line = marks[row], text.splitlines()[marks[row].line]
            assert line[mark.start : mark.end].strip() == line[mark.start : mark.end] != ""


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(st.sampled_from("Ab 1é王\r\x85\t-"), max_size=90), max_size=8))
def test_lines(rows):
    """A line is what stands between line feeds, if that is not blank; what it is without the white space around it counts."""
    for data, cuts, _ in pieces(pa.array(["\n".join(rows)], pa.large_string())):
        found = np.zeros((1, 6), np.int64)
        kernels.measure(data, cuts, kernels.kinds(), signs.kinds(), found)
        held = [len(row.encode()) for row in (row.lstrip(BLANKS).rstrip() for row in rows) if row]
        long = sum(size for size in held if size > kernels.LONG)
        if 2 * long <= cuts[1] - cuts[0]:
            assert found[0, [kernels.LINES, kernels.BYTES]].tolist() == [len(held), sum(held)]
