"""One field of a record is replaced; every other byte stays."""

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.corpus.splice import replaced

CASES = [
    (b'{"text":"a"}', ("text",), "b", b'{"text":"b"}'),
    (b' { "n" : 1.50 , "text" : "a\\"}" , "z" : [1, {"text": 2}] } ', ("text",), "b", b' { "n" : 1.50 , "text" : "b" , "z" : [1, {"text": 2}] } '),
    (b'{"text":"a","text":"c"}', ("text",), "b", b'{"text":"a","text":"b"}'),  # the last one counts
    (b'{"a":{"text":"x"},"text":"y"}', ("a", "text"), "b", b'{"a":{"text":"b"},"text":"y"}'),
    (b'{"t\\u0065xt":"a"}', ("text",), "b", b'{"t\\u0065xt":"b"}'),
    ('{"text":"é"}'.encode(), ("text",), "ü", '{"text":"ü"}'.encode()),
    (b'{"text":"\\u00e9"}', ("text",), "ü", b'{"text":"\\u00fc"}'),  # ASCII stays ASCII
    (b'{"n":1e5,"b":true,"x":null,"e":{},"l":[],"text":"a"}', ("text",), "", b'{"n":1e5,"b":true,"x":null,"e":{},"l":[],"text":""}'),
]


@pytest.mark.parametrize(("raw", "path", "text", "after"), CASES)
def test_cases(raw: bytes, path: tuple[str, ...], text: str, after: bytes) -> None:
    """The string is replaced where orjson reads it; numbers, spaces and order are as they were."""
    assert replaced(raw, path, text) == after


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=3), VALUES, max_size=4), st.text(max_size=3), st.text(max_size=9), st.booleans(), st.sampled_from([None, 1]))
def test_only_the_field_changes(record: dict[str, object], name: str, text: str, escaped: object, indent: int | None) -> None:
    """What orjson reads afterwards is the same record but for the field, for any record and layout."""
    record = {**record, name: "before"}
    raw = json.dumps(record, ensure_ascii=bool(escaped), indent=indent).encode()
    assert orjson.loads(replaced(raw, (name,), text)) == orjson.loads(raw) | {name: text}
    nested = json.dumps({"o": record, "p": 1.0}, ensure_ascii=bool(escaped)).encode()
    assert orjson.loads(replaced(nested, ("o", name), text)) == {"o": orjson.loads(raw) | {name: text}, "p": 1.0}
