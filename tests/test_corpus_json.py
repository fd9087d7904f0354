"""JSON Lines and JSON: where records end, and that orjson decides what they are."""

import json
from collections.abc import Iterator

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.corpus import json as arrays
from audit.corpus import jsonl
from audit.corpus.lines import Line, lines
from audit.corpus.records import BROKEN, CUT, KEPT, NO_OBJECT, NOT_CLOSED, NOT_UTF8, SURROGATE, TOO_DEEP, TOO_LARGE, Bad
from tests.blocks import Blocks, said

LINES = [
    (b'{"a": 1}\n{"a": 2}', [(1, {"a": 1}), (2, {"a": 2})]),
    (b'{"a": 1}\r\n\r\n \n{"a": 2}\r\n', [(1, {"a": 1}), (4, {"a": 2})]),
    (b"", []),
    (b"\n\n", []),
    (b'{"a": 1\n{"a": 2}', [Bad(1, BROKEN, b'{"a": 1'), (2, {"a": 2})]),
    (b'7\n[1]\n"x"\nnull\ntrue', [Bad(n + 1, NO_OBJECT, part) for n, part in enumerate([b"7", b"[1]", b'"x"', b"null", b"true"])]),
    (b'{"a": NaN}', [Bad(1, BROKEN, b'{"a": NaN}')]),
    (b'{"a": "\xff"}', [Bad(1, NOT_UTF8, b'{"a": "\xff"}')]),
    (b'{"a": "\\ud800"}', [Bad(1, SURROGATE, b'{"a": "\\ud800"}')]),
    (b'{"a": "\x00"}', [Bad(1, BROKEN, b'{"a": "\x00"}')]),
    (b'{"a": "\\u0000"}', [(1, {"a": "\x00"})]),
    (b'{"a": 123456789012345678901234567890}', [(1, {"a": 123456789012345678901234567890.0})]),
    (b'{"a": 1, "a": 2}', [(1, {"a": 2})]),
    (b'{"a": 1}{"a": 2} {"a": "}{"}', [(1, {"a": 1}), (1, {"a": 2}), (1, {"a": "}{"})]),
    (b'{"a": 1}{"a": 2', [Bad(1, BROKEN, b'{"a": 1}{"a": 2')]),
    (b'{"a": 1}}', [Bad(1, BROKEN, b'{"a": 1}}')]),
    (b'{"a": 1}[2]', [Bad(1, BROKEN, b'{"a": 1}[2]')]),
    (b'{"a": 1}\n\xef\xbb\xbf{"a": 2}', [(1, {"a": 1}), (2, {"a": 2})]),
    (b"\xef\xbb\xbf\xef\xbb\xbf", []),
    (b"[" * 2000, [Bad(1, TOO_DEEP, b"[" * 2000)]),
    (b'{"a": "' + b"x" * 5000 + b'"}\n{"a": 1}', [Bad(1, TOO_LARGE, b'{"a": "' + b"x" * 4993), (2, {"a": 1})]),
]


@pytest.mark.parametrize("size", [1, 3, 64, 1 << 20])
@pytest.mark.parametrize(("data", "found"), LINES)
def test_json_lines(monkeypatch: pytest.MonkeyPatch, data: bytes, found: list[object], size: int) -> None:
    """A line is a record if orjson holds it to be an object; else it is bad, and the next line is read."""
    monkeypatch.setattr("audit.corpus.lines.KEPT", 5_000)
    assert said(jsonl.read(Blocks(data, size), 4_000)) == found


ARRAYS = [
    (b'[{"a": 1}, {"a": 2}]', [(1, {"a": 1}), (2, {"a": 2})]),
    (b'{"a": 1}', [(1, {"a": 1})]),
    (b'{"a": [1, {"b": "]}"}]}', [(1, {"a": [1, {"b": "]}"}]})]),
    (b'[{"a": 1}][{"a": 2}]{"a": 3}\n{"a": 4}', [(n, {"a": n}) for n in (1, 2, 3, 4)]),
    (b"[]", []),
    (b"", []),
    (b'[[1], 7, "x", null, {}]', [*(Bad(n + 1, NO_OBJECT, part) for n, part in enumerate([b"[1]", b"7", b'"x"', b"null"])), (5, {})]),
    (b"7", [Bad(1, NO_OBJECT, b"7")]),
    (b'[{"a": 1}, {"a": }, {"a": 3}]', [(1, {"a": 1}), Bad(2, BROKEN, b'{"a": }'), (3, {"a": 3})]),
    (b'[{"a": 1} {"a": 2}]', [(1, {"a": 1}), (2, {"a": 2})]),
    (b'[{"a": "\xff"}, {"a": "\\"}"}]', [Bad(1, NOT_UTF8, b'{"a": "\xff"}'), (2, {"a": '"}'})]),
    (b'[{"a": 1}, {"a": "x', [(1, {"a": 1}), Bad(2, BROKEN, b'{"a": "x')]),
    (b'[{"a": 1}', [(1, {"a": 1}), Bad(2, NOT_CLOSED)]),
    (b'[{"a": 1}]]', [(1, {"a": 1}), Bad(2, BROKEN, b"]")]),
    (b"[NaN]", [Bad(1, BROKEN, b"NaN")]),
    (b"[" + b'{"a": "' + b"x" * 5000 + b'"}, {"a": 1}]', [Bad(1, TOO_LARGE, b'{"a": "' + b"x" * 4993), (2, {"a": 1})]),
    (b"[" + b"[" * 2000 + b"]" * 2000 + b', {"a": 1}]', [Bad(1, TOO_DEEP, b"[" * 2000 + b"]" * 2000), (2, {"a": 1})]),
]


@pytest.mark.parametrize("size", [1, 3, 64, 1 << 20])
@pytest.mark.parametrize(("data", "found"), ARRAYS)
def test_json(monkeypatch: pytest.MonkeyPatch, data: bytes, found: list[object], size: int) -> None:
    """The elements of arrays and the values at the top are records if orjson holds them to be objects, and no element hides another."""
    monkeypatch.setattr("audit.corpus.json.KEPT", 5_000)
    assert said(arrays.read(Blocks(data, size), 4_500)) == [item._replace(data=item.data[:KEPT]) if isinstance(item, Bad) else item for item in found]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
SPACE = st.sampled_from(["", " ", "\n", "\r\n\t"])


@given(st.lists(VALUES, max_size=6), st.integers(1, 9), st.booleans(), st.sampled_from([None, 1, 4]))
def test_elements_equal_json(values: list[object], size: int, ascii_only: object, indent: int | None) -> None:
    """The elements of an array are those that the standard library sees, however the bytes are cut and laid out."""
    data = json.dumps(values, ensure_ascii=bool(ascii_only), indent=indent).encode()
    splitter = arrays.Splitter(1 << 20)
    found = [orjson.loads(piece) for block in Blocks(data, size) for piece, _ in splitter.feed(block)]
    assert found == values
    assert splitter.rest() is None
    assert not splitter.in_array


@given(st.lists(st.sampled_from([b"{", b"}", b"[", b"]", b'"', b"\\", b",", b"a", b" ", b"\n", b'{"a":1}', b"\xff"]), max_size=30), st.integers(1, 5))
def test_cuts_do_not_matter(parts: list[bytes], size: int) -> None:
    """Garbage is cut into the same records whatever the block size, by both readers, and nothing raises."""
    data = b"".join(parts)
    for read in (jsonl.read, arrays.read):
        assert list(read(Blocks(data, size), 12)) == list(read(Blocks(data, 1 << 20), 12))


@given(st.lists(st.sampled_from([b"\n", b"a", b"bc", b"\r\n", b"0123456789" * 3]), max_size=30), st.integers(1, 40), st.integers(1, 20))
def test_lines(parts: list[bytes], size: int, most: int) -> None:
    """Lines are those of bytes.split, a large one by its first bytes."""
    data = b"".join(parts)
    plain = data.split(b"\n")
    last = len(plain)
    expected = [Line(n, line, len(line) > most, n < last) for n, line in enumerate(plain, 1) if n < last or line]
    assert list(lines(Blocks(data, size), most)) == expected


def test_a_line_is_not_held() -> None:
    """Of a line that is too large no more is held than the largest record and one block."""
    held = 0

    def blocks() -> Iterator[bytes]:
        nonlocal held
        for _ in range(2_000):
            yield b"x" * 1_000
            held = max(held, sum(map(len, waiting.gi_frame.f_locals["held"])))

    waiting = lines(blocks(), 100_000)
    assert [(line.number, len(line.data), line.large) for line in waiting] == [(1, KEPT, True)]
    assert held <= 101_000


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b'{"a": 1}\n{"a": 2', [(1, {"a": 1}), Bad(2, CUT, b'{"a": 2')]),
        (b'{"a": 1}\n{"a": 2}', [(1, {"a": 1}), (2, {"a": 2}), Bad(3, CUT)]),
        (b'{"a": 1}\n', [(1, {"a": 1}), Bad(2, CUT)]),
        (b"", [Bad(1, CUT)]),
    ],
)
def test_broken_files(data: bytes, found: list[object]) -> None:
    """What is lost of a broken file is one bad record; a last line that is whole is read."""
    assert said(jsonl.read(Blocks(data, 4, CUT), 4_000)) == found
    assert said(arrays.read(Blocks(data, 4, CUT), 4_000)) == found
