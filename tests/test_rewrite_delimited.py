"""CSV and TSV: only cells of text and title change; quotes, line ends, byte order mark and all other cells stay as they are written."""

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.config import Config
from audit.measure.clean import clean
from audit.rewrite import Job, Rewritten, clean_corpus

CONFIG = Config(quiet=True, workers=1)


def rewrite(folder: Path, data: bytes, name: str = "a.csv", drop: frozenset[str] = frozenset()) -> tuple[bytes, Rewritten]:
    (folder / name).write_bytes(data)
    done = clean_corpus(Job((str(folder / name),), str(folder / f"out.{name.partition('.')[2]}"), drop), CONFIG)
    return (folder / f"out.{name.partition('.')[2]}").read_bytes(), done


CASES = [
    ("id,text\r\n1,cafÃ©\r\n2,fine", "id,text\r\n1,café\r\n2,fine"),
    ('text,n\n"cafÃ©, ""so""",01.50\n', 'text,n\n"café, ""so""",01.50\n'),
    ("text,n\n&quot;so&quot;,1\n", 'text,n\n"""so""",1\n'),
    ("text,n\na&#44; b,1\n", 'text,n\n"a, b",1\n'),
    ("text,n\na &quot;b&quot;,1\n", 'text,n\na "b",1\n'),
    ('text,n\n"two\r\nlines &amp; more",1\n', 'text,n\n"two\nlines & more",1\n'),
    ('\ufefftext,n\n"x &amp; y",1\n', '\ufefftext,n\n"x & y",1\n'),
    ("text,text\n&lt;1,&amp;2\n&lt;3\n", "text,text\n&lt;1,&2\n<3\n"),
    ('n,text\n"1",cafÃ©\n\n   \n"2","fine"\n', 'n,text\n"1",café\n"2","fine"\n'),
    ('title,text\nItâ€™s,"a"b"\n', 'title,text\nIt’s,"a"b"\n'),
    ("text,n\ncafÃ©,1,2\ncafÃ©,1,\n", "text,n\ncafé,1,\n"),
    ("text\n", "text\n"),
]


@pytest.mark.parametrize(("before", "after"), CASES)
def test_cells(tmp_path: Path, before: str, after: str) -> None:
    """Each table becomes what it should, byte by byte."""
    out, done = rewrite(tmp_path, before.encode())
    assert out.decode() == after
    assert done.records == done.written + done.quarantined


def test_tabs_and_packing(tmp_path: Path) -> None:
    """A TSV file stays one, and its cells are quoted where a tab comes into them; a packed file stays packed."""
    assert rewrite(tmp_path, b"text\tn\na&#9;b, c\t1\n", "a.tsv")[0] == b'text\tn\n"a\tb, c"\t1\n'
    assert gzip.decompress(rewrite(tmp_path, gzip.compress(b"text,n\na &amp; b,1\n"), "a.csv.gz")[0]) == b"text,n\na & b,1\n"


def test_dropped_rows(tmp_path: Path) -> None:
    """A row that is left out takes its line with it; the last line of the rest ends as it did."""
    out, done = rewrite(tmp_path, b"id,text\n1,one\n2, \n3,three", drop=frozenset({"empty"}))
    assert out == b"id,text\n1,one\n3,three"
    assert done.dropped == (("empty", 1),)


CELLS = st.text(st.sampled_from('aé,"\n\t;&#39Ã©. '), max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=6),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_any_table(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], quoting: int, end: str) -> None:
    """Any table read again has its text cleaned and every other cell as it was."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
    writer.writerows([("n", "text", "x"), *(("1" + n, body, x) for n, body, x in rows)])
    out, done = rewrite(tmp_path_factory.mktemp("table"), text.getvalue().encode())
    assert list(csv.reader(io.StringIO(out.decode(), newline=""))) == [["n", "text", "x"], *(["1" + n, clean(body), x] for n, body, x in rows)]
    if not done.changed:
        assert out == text.getvalue().encode()
