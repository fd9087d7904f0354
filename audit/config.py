"""Options and corpus-audit.toml joined into one frozen Config; options win, then the file, then the defaults here."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from audit.errors import ConfigError

FILE = "corpus-audit.toml"
KEEP = ("longest", "first", "newest")
FAIL_ON = ("error", "warning", "never")


@dataclass(frozen=True, slots=True)
class FieldNames:
    """The names of a record's fields, as dotted paths; None: found by the usual names."""

    title: str | None = None
    text: str | None = None
    byline: str | None = None
    id: str | None = None
    url: str | None = None
    source: str | None = None
    date: str | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """How an audit is run.

    Attributes:
        out: Folder for the results.
        suite: Name of a shipped suite, or a path.
        baseline: An earlier result.json or its folder.
        fail_on: The least severity that gives exit code 1.
        threshold: Jaccard similarity of near duplicates, 0.6-0.95.
        keep: Which article of a cluster stays.
        measures: Groups of measures to compute (audit.tables.GROUPS); None: all.
        limit: Read at most so many articles; None: all.
        sample: Share of articles that is audited, chosen by text hash; None: all.
        fields: Names of the record's fields.
        marks: Files or folders with a user's own marks, beside the shipped ones.
        workers: Threads.
        max_record: Largest record in bytes; a larger one is quarantined.
        quiet: No progress line, no summary.
        signatures: Write signatures.parquet too, the MinHash signature of every article.
    """

    out: Path = Path("corpus-audit-out")
    suite: str = "news"
    baseline: Path | None = None
    fail_on: str = "error"
    threshold: float = 0.8
    keep: str = "longest"
    measures: tuple[str, ...] | None = None
    limit: int | None = None
    sample: float | None = None
    fields: FieldNames = field(default_factory=FieldNames)
    marks: tuple[Path, ...] = ()
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    max_record: int = 64 << 20
    quiet: bool = False
    signatures: bool = False

    def __post_init__(self) -> None:
        _one_of("fail-on", self.fail_on, FAIL_ON)
        _one_of("keep", self.keep, KEEP)
        _between("threshold", self.threshold, 0.6, 0.95)
        _between("workers", self.workers, 1, 1024)
        _between("max-record", self.max_record, 1, 1 << 31)
        if self.sample is not None and not 0 < self.sample <= 1:
            raise ConfigError(f"sample is {self.sample}; it is a share above 0 and at most 1")
        if self.limit is not None and self.limit < 1:
            raise ConfigError(f"limit is {self.limit}; it is a number of articles, at least 1")

    def computes(self, group: str) -> bool:
        """Whether the group of measures is asked for."""
        return self.measures is None or group in self.measures


def _one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ConfigError(f"{name} is {value!r}; known: {', '.join(known)}")


def _between(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise ConfigError(f"{name} is {value}; it lies between {low} and {high}")


def load(options: Mapping[str, Any], names: Mapping[str, str | None] | None = None, file: Path | None = None) -> Config:
    """The Config of `options` and field `names` (None: not given) over corpus-audit.toml in the working folder, if it is there."""
    path = file or Path(FILE)
    base = _read(path) if path.is_file() else Config()
    given = {key: value for key, value in options.items() if value is not None}
    chosen = {key: value for key, value in (names or {}).items() if value is not None}
    return replace(base, **given, fields=replace(base.fields, **chosen))


def _read(path: Path) -> Config:
    try:
        with open(path, "rb") as stream:
            entries = tomllib.load(stream)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    names = entries.pop("fields", {})
    known = {f.name.replace("_", "-") for f in fields(Config)} - {"fields"}
    _known(path, "", entries, known)
    _known(path, "fields.", names, {f.name for f in fields(FieldNames)})
    values = {key.replace("-", "_"): _typed(path, key, value) for key, value in entries.items()}
    for key, value in names.items():
        if not isinstance(value, str):
            raise ConfigError(f"{path}: fields.{key} is {value!r}; it is a field's name, such as {key!r} or 'meta.{key}'")
    return replace(Config(), **values, fields=FieldNames(**names))


def _known(path: Path, prefix: str, entries: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(set(entries) - known)
    if unknown:
        raise ConfigError(f"{path}: no setting {prefix}{unknown[0]}; known: {', '.join(prefix + name for name in sorted(known))}")


_TYPES: dict[str, type | tuple[type, ...]] = {
    "out": str, "suite": str, "baseline": str, "fail-on": str, "threshold": (int, float), "keep": str, "measures": list,
    "limit": int, "sample": (int, float), "marks": list, "workers": int, "max-record": int, "quiet": bool,
    "signatures": bool,
}  # fmt: skip


def _typed(path: Path, key: str, given: Any) -> Any:
    """The value of a setting as Config holds it; paths in the file are relative to the file."""
    kind = _TYPES[key]
    if not isinstance(given, kind) or (isinstance(given, bool) and kind is not bool):
        wanted = "/".join(k.__name__ for k in kind) if isinstance(kind, tuple) else kind.__name__
        raise ConfigError(f"{path}: {key} is {given!r}; it is of type {wanted}")
    value: Any = given
    if kind is list:
        if not all(isinstance(part, str) for part in value):
            raise ConfigError(f"{path}: {key} is a list of strings")
        return tuple(path.parent / part for part in value) if key == "marks" else tuple(value)
    return path.parent / value if key in ("out", "baseline") else value
