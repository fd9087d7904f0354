"""A suite: a file of expectations, read, checked against expectations/schema.json and for sense, before anything is measured.

A suite may come from a pull request of a stranger: it is plain data (audit.suite.plain), and nothing in it becomes code or a pattern.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import xxhash

from audit.assets import folder
from audit.errors import SuiteError
from audit.suite import plain
from audit.suite.expectation import Expectation, build

REFUSED = {
    "row_condition": "it would run code; use `where`",
    "condition_parser": "it would run code; use `where`",
    "query": "it would run code; use `where`",
    "template_dict": "it would run code; use `where`",
    "unexpected_rows_query": "it would run code; use `where`",
    "mostly": "it is a rounded share of the good; use `at_most`, an exact share of the bad",
}
NONE = "none"
"""The suite without an expectation: measures and pairs alone. A file without one is a mistake."""
_SHIPPED = re.compile(r"[a-z][a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite's name, the xxh3-128 of its bytes as hex, and its expectations in order."""

    name: str
    digest: str
    expectations: tuple[Expectation, ...]


def shipped() -> list[str]:
    """The names of the suites that come with the tool."""
    return sorted(item.name.removesuffix(".yml") for item in folder("expectations").iterdir() if item.name.endswith(".yml"))


def load(name_or_path: str) -> Suite:
    """The shipped suite of that name, else the suite in the file at that path.

    Raises:
        SuiteError: There is none, or it is no suite: says the file, the expectation, the mistake, and what would work.
    """
    if name_or_path == NONE:
        return Suite(NONE, xxhash.xxh3_128_hexdigest(b""), ())
    name, data = _bytes(str(name_or_path))
    entries = plain.read(data, name)
    if not isinstance(entries, dict):
        raise SuiteError(f"{name} holds {'nothing' if entries is None else 'no mapping'}; {_schema()['description']}")
    _check(name, entries)
    made = [_built(name, number, entry) for number, entry in enumerate(entries["expectations"], 1)]
    _distinct(name, made)
    return Suite(entries.get("name", Path(name).stem), xxhash.xxh3_128_hexdigest(data), tuple(made))


def _bytes(name: str) -> tuple[str, bytes]:
    """(what to call it in messages, its bytes)."""
    if _SHIPPED.fullmatch(name) and name in shipped():
        return f"{name}.yml", folder("expectations").joinpath(f"{name}.yml").read_bytes()
    try:
        path = Path(name)
        if path.is_file():
            with path.open("rb") as stream:
                return str(path), stream.read(plain.BYTES_AT_MOST + 1)
    except (OSError, ValueError) as error:
        raise SuiteError(f"cannot read the suite {name!r}: {error}; shipped: {', '.join(shipped())}; or give a path") from error
    raise SuiteError(f"no suite {name!r}; shipped: {', '.join(shipped())}; or {NONE}, or give the path of a file")


@cache
def _schema() -> dict[str, Any]:
    return json.loads(folder("expectations").joinpath("schema.json").read_bytes())


def _check(name: str, entries: dict[str, Any]) -> None:
    """Raise for the first place (from the top) where the schema does not accept the entries."""
    from jsonschema import Draft202012Validator

    errors = sorted(Draft202012Validator(_schema()).iter_errors(entries), key=lambda e: [str(part).rjust(6, "0") for part in e.absolute_path])
    if errors:
        raise SuiteError(f"{_place(name, entries, errors[0].absolute_path)}: {_mistake(errors[0])}")


def _place(name: str, entries: dict[str, Any], path: Iterable[str | int]) -> str:
    """Where a mistake is: the file, which expectation, which key."""
    parts = list(path)
    if len(parts) < 2 or parts[0] != "expectations":
        return name
    return _numbered(name, int(parts[1]) + 1, entries["expectations"][parts[1]])


def _numbered(name: str, number: int, entry: Any) -> str:
    called = entry.get("name", entry.get("measure", entry.get("type"))) if isinstance(entry, dict) else None
    return f"{name}, expectation {number}" + (f" ({called[:60]!r})" if isinstance(called, str) else "")


def _mistake(error: Any) -> str:
    """A schema error in the words of the suite: what is there, and what belongs there."""
    path = [str(part) for part in error.absolute_path]
    key = ".".join(path[2:] if path[:1] == ["expectations"] and len(path) > 1 else path)
    inside = f" in `{key}`" if key else ""
    if error.validator == "additionalProperties":
        return _unknown(inside, next(name for name in error.instance if name not in error.schema["properties"]), sorted(error.schema["properties"]))
    if error.validator == "required":
        missing = next(name for name in error.validator_value if name not in error.instance)
        return f"`{missing}` is missing{inside}: {error.schema['properties'][missing]['description']}"
    shown = {list: "a list", dict: "a mapping"}.get(type(error.instance), repr(error.instance)[:80])
    shown = shown if error.instance not in ([], {}) else "empty"
    about = error.schema.get("description", error.message)
    return f"`{key}` is {shown}; it is {about}" if key else f"here is {shown}; {about}"


def _unknown(inside: str, key: str, known: list[str]) -> str:
    if key in REFUSED:
        return f"the key {key!r} is refused: {REFUSED[key]}"
    close = get_close_matches(key, known, 1)
    return f"no key {key[:60]!r}{inside}; {f'did you mean {close[0]}? ' if close else ''}known: {', '.join(known)}"


def _built(name: str, number: int, entry: dict[str, Any]) -> Expectation:
    try:
        return build(entry)
    except SuiteError as error:
        raise SuiteError(f"{_numbered(name, number, entry)}: {error}") from error


def _distinct(name: str, made: list[Expectation]) -> None:
    """Raise if two expectations have one name: reports and CI tell them apart by it."""
    seen: dict[str, int] = {}
    for number, expectation in enumerate(made, 1):
        if expectation.name in seen:
            raise SuiteError(
                f"{name}: expectations {seen[expectation.name]} and {number} are both named {expectation.name!r}; give each a `name` of its own"
            )
        seen[expectation.name] = number
