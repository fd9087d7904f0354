"""JSON Lines in blocks: what kernels find is what orjson would, wherever a block ends, and odd lines lose nothing."""

import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.config import Config, FieldNames
from audit.corpus import open_corpus
from audit.corpus import source as sources
from audit.measure.clean import clean
from audit.rewrite import Job, clean_corpus

ODD = [
    b'{"text": "caf\\u00c3\\u00a9", "n": 1e5}',  # an exponent: Python's to judge
    b'{"te\\u0078t": "caf\\u00c3\\u00a9"}',  # a key with an escape
    b'{"text": "one", "text": "caf\\u00c3\\u00a9"}',  # the last one counts
    b'{"text": "\\ud83d\\ude00 caf\\u00c3\\u00a9"}',
    b'{"text": "\\ud83d half"}',
    b'{"text": "a"}{"text": "b &amp; c"} {"text": "d"}',
    b'\xef\xbb\xbf{"text": "behind a byte order mark &amp;"}',
    b'  {"text" : "spaces" }\t\r',
    b"\x0b",
    b"",
    b'{"text": 1}',
    b'{"text": null, "title": "&eacute;"}',
    b'{"text": "x", "title": ["&eacute;"]}',
    b'{"title": "&eacute;"}',
    b'{"text": "\xff"}',
    b'{"text": "a\tb"}',
    b'{"text": "y", "deep": ' + b"[" * 70 + b"]" * 70 + b"}",
    b'{"text": "z", "deep": ' + b"[" * 2000 + b"]" * 2000 + b"}",
    b'{"text": "w", "n": 01}',
    b"[1]",
    b'{"text": "' + b"long " * 60 + b'"}',
    b'{"text": "cut',
]


def expected(path: Path, config: Config) -> tuple[list[bytes], int]:
    """The records as they are to be written, and how many are bad: the slow way, one by one."""
    corpus = open_corpus(str(path), config, path.with_suffix(".quarantine"))
    out = []
    for entry in corpus.entries():
        raw = entry.record.raw
        assert raw is not None
        record: Any = orjson.loads(raw)
        fields = {role: entry.fields.paths[role] for role in ("text", "title") if role in entry.fields.paths}
        new = {}
        for role, name in fields.items():
            value = entry.fields.value(role, record)
            if isinstance(value, str) and clean(value) != value:
                new[name] = clean(value)
        for name, text in new.items():
            inner = record
            for part in name[:-1]:
                inner = inner[part]
            inner[name[-1]] = text
        out.append(orjson.dumps(record) if new else raw)
    return out, sum(some.quarantined for some in corpus.inputs())


def check(folder: Path, data: bytes, config: Config) -> None:
    """The output is what the slow way gives; of records that changed the meaning is compared."""
    (folder / "a.jsonl").write_bytes(data)
    done = clean_corpus(Job((str(folder / "a.jsonl"),), str(folder / "b.jsonl")), config)
    want, bad = expected(folder / "a.jsonl", config)
    got = (folder / "b.jsonl").read_bytes().split(b"\n")[:-1]
    assert len(got) == len(want) == done.written
    assert all(one == two or orjson.loads(one) == orjson.loads(two) for one, two in zip(got, want, strict=True))
    assert done.quarantined == bad


@pytest.mark.parametrize("block", [4, 7, 64, 300, 1 << 20])
@pytest.mark.parametrize("most", [100, 1 << 20])
def test_odd_lines_in_blocks_of_any_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int, most: int) -> None:
    """Odd lines among plain ones come out as read one by one, whatever the block and the largest record."""
    monkeypatch.setattr(sources.How.of.__func__, "__defaults__", (block, None))
    lines = [b'{"text": "plain"}', *(line for odd in ODD for line in (odd, b'{"text": "plain &amp; simple"}'))]
    config = Config(quiet=True, workers=2, max_record=most)
    check(tmp_path, b"\n".join(lines), config)
    check(tmp_path, b"\n".join(lines) + b"\n", config)


def test_a_field_within_objects(tmp_path: Path) -> None:
    """A text within objects is found there; where a list or a number stands in its way the record is bad or without text."""
    lines = [
        b'{"a": {"b": "caf\\u00c3\\u00a9"}, "b": "caf\\u00c3\\u00a9"}', b'{"a": {"b": null}}',
        b'{"a": 1}', b'{"a": [{"b": "x"}]}', b'{"a": {"b": 1}}',
        b'{"a": {"b": "x"}, "a": {}}',
    ]  # fmt: skip
    check(tmp_path, b"\n".join(lines), Config(quiet=True, workers=1, fields=FieldNames(text="a.b")))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
RECORDS = st.dictionaries(st.sampled_from(["text", "title", "id", "x", "é"]), VALUES | st.text('aé&;#Ã©\n\r\\"/\u2019😀', max_size=30), max_size=5)


@settings(max_examples=60, deadline=None)
@given(st.lists(RECORDS, min_size=1, max_size=8), st.booleans(), st.data())
def test_any_records(tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, Any]], escaped: object, data: st.DataObject) -> None:
    """Any records, one of them broken at some byte, come out as the slow way has them."""
    lines = [json.dumps(record, ensure_ascii=bool(escaped)).encode() for record in [{"text": "first"}, *records]]
    which = data.draw(st.integers(1, len(lines) - 1))
    at = data.draw(st.integers(0, max(len(lines[which]) - 1, 0)))
    lines[which] = lines[which][:at] + data.draw(st.sampled_from([b"", b"\x00", b'"', b"\\", b"}", b"\xc3", b"1", b" "])) + lines[which][at + 1 :]
    folder = tmp_path_factory.mktemp("any")
    check(folder, b"\n".join(lines), Config(quiet=True, workers=1))
