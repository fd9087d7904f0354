"""What a user says of lines that the corpus taught: `learned.yml` among the marks adopts a line (always boilerplate) or forbids it (never).

Lines are compared as recurrence compares them: case, white space and numbers do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from audit.errors import SuiteError
from audit.measure.fold import fold

NAME = "learned"
"""The file's name, without `.yml`."""
ADOPTED, FORBIDDEN = "adopted", "forbidden"

_DIGITS = re.compile(r"\d+")
_KEYS = frozenset(("line", "source"))


@dataclass(frozen=True, slots=True)
class Rulings:
    """Rulings on lines: `of[line as compared][source]` is ADOPTED or FORBIDDEN; the source None stands for every source."""

    of: Mapping[str, Mapping[str | None, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.of)

    def on(self, line: str, source: str | None) -> str | None:
        """The ruling on a line of a source, None without one; one on the source itself goes before one on every source."""
        found = self.of.get(_compared(line))
        return None if found is None else found.get(source, found.get(None))


def _compared(line: str) -> str:
    return _DIGITS.sub("0", fold(line))


def read(files: Iterable[tuple[object, str]]) -> Rulings:
    """The rulings of files: (content as plain data, name).

    Raises:
        SuiteError: A file has another form, or rules on a line in both ways; says the file and the entry.
    """
    of: dict[str, dict[str | None, str]] = {}
    for content, name in files:
        if not isinstance(content, dict) or not {ADOPTED, FORBIDDEN}.issuperset(content):
            raise SuiteError(f"{name}: a file of rulings has the keys {ADOPTED} and {FORBIDDEN}, each with a list of lines")
        for ruling, entries in content.items():
            if not isinstance(entries, list):
                raise SuiteError(f"{name}, {ruling}: a list of lines, not {type(entries).__name__}")
            for number, entry in enumerate(entries, 1):
                line, source = _entry(entry, f"{name}, {ruling}, entry {number}")
                if of.setdefault(_compared(line), {}).setdefault(source, ruling) != ruling:
                    raise SuiteError(f"{name}, {ruling}, entry {number}: {line[:60]!r} is {ADOPTED} and {FORBIDDEN}; leave one of them away")
    return Rulings(of)


def _entry(entry: object, said: str) -> tuple[str, str | None]:
    """The line and the source of an entry."""
    fields = {"line": entry} if isinstance(entry, str) else entry
    if not isinstance(fields, dict) or not _KEYS.issuperset(fields):
        raise SuiteError(f"{said}: an entry is a line (in quotes), or a mapping with the keys line and source")
    line, source = fields.get("line"), fields.get("source")
    if not isinstance(line, str) or not _compared(line):
        raise SuiteError(f"{said}: line is a text, not {line!r}")
    if source is not None and not isinstance(source, str):
        raise SuiteError(f"{said}: source is a text, not {source!r}")
    return line, source
