"""Columns of values to batches of tables.ARTICLES, for readers that make no object of a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from audit.corpus import dates
from audit.corpus.fields import Chosen, host, look, plain
from audit.corpus.places import PLACED
from audit.corpus.records import Item
from audit.tables import ARTICLES, TEXT

BLANK = r"^[\t-\r\x1c-\x20\x{85}\p{Z}]*$"
"""What str.isspace() holds to be white space, in RE2's words."""


Part: TypeAlias = pa.RecordBatch | Item
"""Articles (places.PLACED) that need no look at their records, or one item, in the order of the file."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is taken of a file: its label, its fields, the largest record, and the names of the members that are wanted."""

    label: str
    fields: Chosen
    most: int
    names: tuple[str, ...]

    @classmethod
    def of(cls, label: str, fields: Chosen, most: int) -> Plan:
        """The plan for these fields, whose text stands at the top of a record."""
        return cls(label, fields, most, tuple(dict.fromkeys(path[0] for path in fields.paths.values())))


@dataclass(frozen=True, slots=True)
class Cells:
    """The values of a field.

    Attributes:
        strings: large_string; null where the value is missing or no string.
        others: Row -> a value that is no string.
    """

    strings: pa.LargeStringArray
    others: Mapping[int, Any] = field(default_factory=dict)

    def values(self) -> list[Any]:
        """One value per row, None where it is missing."""
        values = self.strings.to_pylist()
        for row, value in self.others.items():
            values[row] = value
        return values


def batch(
    label: str, lines: pa.Int64Array, fields: Chosen, cells: Mapping[str, Cells], places: tuple[pa.Int64Array, pa.Int64Array] | None = None
) -> pa.RecordBatch:
    """The articles of a file, with the places of their texts (corpus.places).

    Args:
        label: The file.
        lines: The number of each record.
        fields: Whose roles `cells` has; the text is at the top of its record.
        cells: The name of a field at the top of a record -> its values.
        places: `at` and `size`, where they are known.
    """
    n = len(lines)
    said = {role: _said(cells[path[0]], path[1:]) for role, path in fields.paths.items() if role not in ("text", "date")}
    none = pa.nulls(n, TEXT)
    text = cells[fields.paths["text"][0]].strings if "text" in fields.paths else none
    url = said.get("url", none)
    known = {
        "article": pa.array(range(n), pa.int64()), "id": _ids(said.get("id", none), label, lines), "file": pa.repeat(pa.scalar(label, TEXT), n),
        "line": lines, "source": _sources(said.get("source", none), url), "url": url, "date": _dates(fields, cells, n),
        "lang": said.get("lang", none).cast(pa.string()), "title": said.get("title", none), "byline": said.get("byline", none), "text": text,
    }  # fmt: skip
    at, size = places or (pa.nulls(n, pa.int64()),) * 2
    return pa.record_batch([*(known[name] for name in ARTICLES.names), at, size], schema=PLACED)


def _said(cells: Cells, rest: tuple[str, ...]) -> pa.LargeStringArray:
    """What the values say (fields.plain); at the path `rest` in them, if there is one."""
    if rest:
        return pa.array([plain(look(value, rest)) if isinstance(value, (Mapping, list)) else None for value in cells.values()], TEXT)
    strings = cells.strings
    if cells.others:
        strings = pa.array([plain(value) for value in cells.values()], TEXT)
    blank = pc.match_substring_regex(strings, BLANK)
    return pc.if_else(blank, pa.scalar(None, TEXT), strings) if pc.any(blank).as_py() else strings


def _ids(ids: pa.LargeStringArray, label: str, lines: pa.Int64Array) -> pa.LargeStringArray:
    if not ids.null_count:
        return ids
    return pc.coalesce(ids, pc.binary_join_element_wise(pa.scalar(label, TEXT), lines.cast(TEXT), pa.scalar(":", TEXT)))


def _sources(sources: pa.LargeStringArray, urls: pa.LargeStringArray) -> pa.LargeStringArray:
    if not sources.null_count or urls.null_count == len(urls):
        return sources
    given = zip(sources.to_pylist(), urls.to_pylist(), strict=True)
    return pa.array([source or (host(url) if url else None) for source, url in given], TEXT)


def _dates(fields: Chosen, cells: Mapping[str, Cells], n: int) -> pa.Array:
    kind = ARTICLES.field("date").type
    path = fields.paths.get("date")
    if path is None:
        return pa.nulls(n, kind)
    values = cells[path[0]].values()
    return pa.array([dates.seconds(look(value, path[1:]) if path[1:] else value) for value in values], kind)
