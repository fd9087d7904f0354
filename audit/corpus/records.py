"""What every reader hands on: a record, or a record that is none and why. Readers know formats; they know no fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

KEPT = 64 << 10
"""Bytes of a bad record that the quarantine keeps."""

BROKEN = "broken JSON"
NO_OBJECT = "no object"
TOO_LARGE = "too large"
TOO_DEEP = "nested too deep"
NOT_UTF8 = "invalid UTF-8"
SURROGATE = "lone surrogate"
NO_STRING = "text is no string"
NO_HEADER = "no header"
MORE_CELLS = "more cells than the header"
BROKEN_ROW = "broken row"
NOT_CLOSED = "array is not closed"
CUT = "compressed file cut short"
CORRUPT = "corrupt compressed file"
BOMB = "decompression bomb"
CORRUPT_PARQUET = "corrupt Parquet"
"""The reasons; they are in quarantine.jsonl and result.json, so a word stays what it is."""


class Record(NamedTuple):
    """A record: its number in the file, its fields, and its bytes where the format has them (JSON without white space around it)."""

    line: int
    value: Mapping[str, Any]
    raw: bytes | None = None


class Bad(NamedTuple):
    """What should be a record and is none: its number, a reason of this module, and the first `KEPT` bytes."""

    line: int
    reason: str
    data: bytes = b""


Item: TypeAlias = Record | Bad
Items: TypeAlias = Iterator[Item]
