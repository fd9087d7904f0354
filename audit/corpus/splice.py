"""Put another string in the place of one field of a JSON record; every other byte stays as it is written."""

from __future__ import annotations

import json
import re

import orjson

from audit.corpus.fields import Path

_SPACE = re.compile(rb"[ \t\r\n]*+")
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"')
_WORD = re.compile(rb"[^,\]}\s]++")
_NEXT = re.compile(rb'(?:[^"{}\[\]]++|"(?:[^"\\]++|\\.)*+")*+')


def replaced(raw: bytes, path: Path, text: str) -> bytes:
    r"""`raw`, a record that orjson took, with `text` in place of the string at `path`; ASCII stays ASCII.

    Where a key is there more than once the last one counts, as for orjson.

    >>> replaced(b'{"n": 1.50, "a":{"b" :"x"}}', ("a", "b"), "é")
    b'{"n": 1.50, "a":{"b" :"\\u00e9"}}'
    """
    start, end = place(raw, path)
    return raw[:start] + written(text, ascii=raw.isascii()) + raw[end:]


def place(raw: bytes, path: Path) -> tuple[int, int]:
    """Where the value at `path` stands in `raw`, a record that orjson took.

    Raises:
        KeyError: It has no such value.
    """
    start, end = 0, len(raw)
    for name in path:
        start, end = _member(raw, start, name)
    return start, end


def written(text: str, *, ascii: bool) -> bytes:
    """A string as JSON; with `ascii` everything else is escaped."""
    return json.dumps(text).encode() if ascii else orjson.dumps(text)


def _member(raw: bytes, at: int, name: str) -> tuple[int, int]:
    """Where the value of `name` stands, in the object that begins at or behind `at`."""
    found = None
    at = _skip(raw, at) + 1
    while raw[at := _skip(raw, at)] != 0x7D:  # }
        key_end = _end(_STRING, raw, at)
        start = _skip(raw, _skip(raw, key_end) + 1)  # behind the colon
        end = _value_end(raw, start)
        if orjson.loads(raw[at:key_end]) == name:
            found = (start, end)
        at = _skip(raw, end)
        at += raw[at] == 0x2C  # a comma
    if found is None:
        raise KeyError(name)
    return found


def _value_end(raw: bytes, at: int) -> int:
    if raw[at] == 0x22:
        return _end(_STRING, raw, at)
    if raw[at] not in b"{[":
        return _end(_WORD, raw, at)
    depth = 0
    while True:
        at = _end(_NEXT, raw, at)
        depth += 1 if raw[at] in b"{[" else -1
        at += 1
        if not depth:
            return at


def _skip(raw: bytes, at: int) -> int:
    return _end(_SPACE, raw, at)


def _end(pattern: re.Pattern[bytes], raw: bytes, at: int) -> int:
    match = pattern.match(raw, at)
    assert match is not None  # orjson took the record
    return match.end()
