"""Which field of a record is the text, the headline, the byline ...: the one that was named, else the usual names, file by file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from audit.config import FieldNames

Path: TypeAlias = tuple[str, ...]

ROLES = ("text", "title", "byline", "id", "url", "source", "date", "lang")
USUAL: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "content", "body", "article", "maintext", "full text", "article text", "article body", "raw content"),
    "title": ("title", "headline"),
    "byline": ("byline", "author", "authors", "creator"),
    "id": ("id", "article id", "doc id", "uuid", "guid"),
    "url": ("url", "link", "source url", "canonical url", "permalink"),
    "date": (
        "date", "date publish", "published", "published at", "date published", "publish date", "publication date", "pub date",
        "datetime", "timestamp",
    ),
    "source": ("source", "source domain", "domain", "publisher", "source name", "site name", "site", "outlet"),
    "lang": ("lang", "language"),
}  # fmt: skip
"""Role -> the names that feeds, scrapers and published corpora use, the likeliest first; case, "_" and "-" do not matter."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Role -> the path of its field in a record; a role without a field is not in it."""

    paths: Mapping[str, Path]

    def said(self, role: str) -> str:
        """The field of a role, as a person writes it."""
        return ".".join(self.paths[role])

    def value(self, role: str, record: Mapping[str, Any]) -> Any:
        """The value of a role in a record; None if it is missing."""
        path = self.paths.get(role)
        return None if path is None else record.get(path[0]) if len(path) == 1 else look(record, path)


def key(name: str) -> str:
    """A field's name as names are compared.

    >>> key("publishedAt") == key("Published_At")
    True
    """
    return re.sub(r"[\s_-]", "", name).casefold()


def wanted(names: FieldNames) -> frozenset[str]:
    """The keys of all fields at the top of a record that a role may come from."""
    usual = (key(name) for listed in USUAL.values() for name in listed)
    given = (name for role in ROLES if (name := getattr(names, role)))
    return frozenset({*usual, *(key(part) for name in given for part in (name, name.split(".")[0]))})


def choose(records: Sequence[Mapping[str, Any]], names: FieldNames) -> Chosen:
    """The fields of a file whose first records are given. A named field that is not there is left out, not replaced by a usual one."""
    tops = list(dict.fromkeys(name for record in records for name in record))
    paths = {role: _given(getattr(names, role), records, tops) if getattr(names, role) else _usual(role, records, tops) for role in ROLES}
    return Chosen({role: path for role, path in paths.items() if path is not None})


def _given(name: str, records: Sequence[Mapping[str, Any]], tops: Sequence[str]) -> Path | None:
    if name in tops:
        return (name,)
    path = tuple(name.split("."))
    if any(_has(record, path) for record in records):
        return path
    folded = [there for there in dotted(records) if there.casefold() == name.casefold()]
    return tuple(folded[0].split(".")) if folded else None


def _usual(role: str, records: Sequence[Mapping[str, Any]], tops: Sequence[str]) -> Path | None:
    """The first usual name that says something in these records; else the first that is there at all."""
    keyed: dict[str, str] = {}
    for name in tops:
        keyed.setdefault(key(name), name)
    there = [keyed[key(usual)] for usual in USUAL[role] if key(usual) in keyed]
    ranked = sorted(there, key=lambda name: min(_rank(role, record.get(name)) for record in records))
    return (ranked[0],) if ranked else None


def _rank(role: str, value: Any) -> int:
    """How well a value serves: 0 it says something, 1 it is missing or blank, 2 it is of another type."""
    if role == "text" and not isinstance(value, (str, bytes)):
        return 1 if value is None else 2
    if role == "date":
        return 0 if value not in (None, "") else 1
    return 0 if plain(value) else 1


def _has(record: Any, path: Path) -> bool:
    for name in path:
        if isinstance(record, Sequence) and not isinstance(record, (str, bytes)):
            record = next((part for part in record if isinstance(part, Mapping)), None)
        if not isinstance(record, Mapping) or name not in record:
            return False
        record = record[name]
    return True


def look(value: Any, path: Path) -> Any:
    """The value at a path; of a list, the values in its members."""
    for at, name in enumerate(path):
        if isinstance(value, Mapping):
            value = value.get(name)
        elif isinstance(value, (list, tuple)):
            return [look(part, path[at:]) for part in value]
        else:
            return None
    return value


def plain(value: Any) -> str | None:
    """A value as one string, None if it says nothing: names of a list joined by "; ", of an object its "name".

    >>> plain([{"name": "Ada Lovelace"}, "Charles Babbage", None])
    'Ada Lovelace; Charles Babbage'
    """
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    if isinstance(value, Mapping):
        name = value.get("name")
        return plain(name) if not isinstance(name, Mapping) else None
    if isinstance(value, bytes):
        return plain(value.decode(errors="replace"))
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (list, tuple)) or hasattr(value, "tolist"):
        listed = value.tolist() if hasattr(value, "tolist") else value  # a list column of a data frame is a numpy array
        parts = listed if isinstance(listed, (list, tuple)) else [str(listed)]
        return "; ".join(said for part in parts if not isinstance(part, (list, tuple)) and (said := plain(part))) or None
    return str(value)


def dotted(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """The fields of records as dotted paths, in the order of their appearance, objects two levels deep."""
    found: dict[str, None] = {}
    for record in records:
        for name, value in record.items():
            if isinstance(value, Mapping) and value:
                found.update(dict.fromkeys(f"{name}.{inner}" for inner in value))
            else:
                found[name] = None
    return list(found)


_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//(?:[^/?#@\s]*@)?([^/?#:\[\]\s@]+\.[^/?#:\[\]\s@]+)", re.IGNORECASE)


@lru_cache(maxsize=4096)
def host(url: str) -> str | None:
    """The host of a URL in lower case without "www."; None if there is none.

    >>> host("https://www.BBC.co.uk/news?x=1"), host("www.lemonde.fr/a"), host("no url")
    ('bbc.co.uk', 'lemonde.fr', None)
    """
    found = _HOST.match(url.strip() if "//" in url[:64] else "//" + url.strip())
    return found[1].lower().removeprefix("www.").rstrip(".") or None if found else None
