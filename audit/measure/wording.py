"""The words that bylines, agencies and headlines are known by: `expectations/marks/{byline,agency,title}.yml`, read once.

Every file maps a language (ISO 639-1; "mul" for any) to its entries, one a line, so that a reader who knows only that
language can check it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import yaml

from audit import assets


@cache
def load(name: str) -> dict[str, Any]:
    """The file `name`.yml of the folder of marks: language -> entries."""
    text = assets.folder("expectations").joinpath("marks", f"{name}.yml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  (both are safe loaders)


def entries(name: str, section: str) -> Iterator[tuple[str, str]]:
    """(language, entry) of one section of a file whose languages have sections."""
    for language, sections in load(name).items():
        for entry in sections.get(section, ()):
            yield language, entry


def every(name: str, section: str) -> tuple[str, ...]:
    """The entries of a section in all languages, each once, longest first, so that a pattern of them takes the longest."""
    return tuple(sorted({entry for _, entry in entries(name, section)}, key=lambda entry: (-len(entry), entry)))
