"""CSV and TSV: rows as Python's csv reads them, found without holding the file."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.corpus import delimited
from audit.corpus.records import BROKEN_ROW, CUT, MORE_CELLS, NO_HEADER, NOT_UTF8, TOO_LARGE, Bad, Record
from tests.blocks import Blocks, said

CASES = [
    (b"text,title\na,b\n", [(2, {"text": "a", "title": "b"})]),
    (b'text,title\r\n"a,\r\nb ""c""",d\r\ne,f', [(2, {"text": 'a,\r\nb "c"', "title": "d"}), (4, {"text": "e", "title": "f"})]),
    (b"text,title\n\na\n", [(3, {"text": "a"})]),
    (b"text\na,,\n", [(2, {"text": "a"})]),
    (b"text\na,b\nc", [Bad(2, MORE_CELLS, b"a,b"), (3, {"text": "c"})]),
    (b"text\n\xff\nc", [Bad(2, NOT_UTF8, b"\xff"), (3, {"text": "c"})]),
    (b'text\n5" pipe\nc', [(2, {"text": '5" pipe'}), (3, {"text": "c"})]),  # a quote within a cell is a quote
    (b'text,n\na,"5" x\nc,"d', [(2, {"text": "a", "n": "5 x"}), Bad(3, BROKEN_ROW, b'c,"d')]),
    (b'text\n"a\nb\nc', [Bad(2, BROKEN_ROW, b'"a\nb\nc')]),
    (b"\xfftext\na\n", [Bad(1, NOT_UTF8, b"\xfftext"), Bad(2, NO_HEADER, b"a")]),
    (b"text\na\x00b", [(2, {"text": "a\x00b"})]),
    (b"text\na\rb", [Bad(2, BROKEN_ROW, b"a\rb")]),
    (b"", []),
    (b"text\n", []),
    (b"text\n" + b"x" * 99 + b"\nb", [Bad(2, TOO_LARGE, b"x" * 99), (3, {"text": "b"})]),
    (b'text\n"' + b"xxxxxxxxx\n" * 9 + b'"\nb', [Bad(2, TOO_LARGE, b'"' + b"xxxxxxxxx\n" * 9 + b'"'), (12, {"text": "b"})]),
]


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
@pytest.mark.parametrize(("data", "found"), CASES)
def test_rows(data: bytes, found: list[object], size: int) -> None:
    """Rows are records under the header; what is no row is bad, and the next row is read."""
    assert said(delimited.read(Blocks(data, size), 50, ",")) == found


def test_tabs() -> None:
    """TSV is cut at tabs."""
    assert said(delimited.read(Blocks(b"text\ttitle\na,b\tc", 9), 50, "\t")) == [(2, {"text": "a,b", "title": "c"})]


@given(
    st.lists(st.lists(st.text(st.sampled_from('ab",\n\r\té '), max_size=6), min_size=2, max_size=2), max_size=6),
    st.integers(1, 9),
    st.sampled_from(",\t"),
)
def test_what_csv_writes_is_read(cells: list[list[str]], size: int, delimiter: str) -> None:
    """Whatever Python's csv writes is read back, and every row is found."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([["text", "n"], *cells])
    found = list(delimited.read(Blocks(out.getvalue().encode(), size), 1 << 20, delimiter))
    assert [list(item.value.values()) for item in found if isinstance(item, Record)] == cells


@given(st.text(st.sampled_from('ab",\n'), max_size=40), st.integers(1, 9))
def test_rows_end_where_csv_says(text: str, size: int) -> None:
    """On any text the rows are those of Python's csv, but for one whose last cell is open."""
    text = "h,i,j,k,l,m,n,o,p\n" + text
    expected = [row for row in csv.reader(io.StringIO(text, newline="")) if any(row) or len(row) > 1]
    found = list(delimited.read(Blocks(text.encode(), size), 1 << 20, ","))
    rows = [row for item in found if isinstance(item, Record) and (any(row := list(item.value.values())) or len(row) > 1)]
    if found and isinstance(found[-1], Bad) and found[-1].reason == BROKEN_ROW:
        assert expected[1:-1][: len(rows)] == rows[: len(expected) - 2]
    elif all(isinstance(item, Record) for item in found):
        assert expected[1:] == rows


def test_broken_file() -> None:
    """The row in which a broken file ends is bad: nobody knows whether it is whole."""
    assert said(delimited.read(Blocks(b"text\na\nb", 3, CUT), 50, ",")) == [(2, {"text": "a"}), Bad(3, CUT, b"b")]
    assert said(delimited.read(Blocks(b"text\na\n", 3, CUT), 50, ",")) == [(2, {"text": "a"}), Bad(3, CUT)]
