"""Lines that the corpus taught, as the entries of `learned.yml` with which a user adopts or forbids them (expectations/README.md)."""

from __future__ import annotations

from collections.abc import Iterable

ADOPT = "adopted"
FORBID = "forbidden"
_PLAIN = {'"': '\\"', "\\": "\\\\"}


def ruling(word: str, lines: Iterable[tuple[str, str | None]]) -> str:
    r"""The file that says `word` (ADOPT, FORBID) of (line, source); without a source of every source. Nothing in a line is more than its text.

    >>> print(ruling(FORBID, [("Walk with us", "example.org"), ('The "best"', None)]))
    forbidden:
      - {line: "Walk with us", source: "example.org"}
      - "The \"best\""
    """
    entries = (f"{{line: {_quoted(line)}, source: {_quoted(source)}}}" if source is not None else _quoted(line) for line, source in lines)
    return "\n".join([f"{word}:", *(f"  - {entry}" for entry in entries)])


def _quoted(text: str) -> str:
    """A text in YAML's double quotes."""
    return '"' + "".join(_PLAIN.get(char) or (char if char.isprintable() else f"\\U{ord(char):08x}") for char in text) + '"'
