"""Lines for a terminal: styled where standard output is one, plain where it is not; any text made harmless on the way."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from audit.show import safe

WIDTH = 100
"""Columns where standard output is no terminal."""


class Paper:
    """Collects lines; `text` gives them. A line is made of (words, style); rich's own markup has no meaning in them."""

    def __init__(self) -> None:
        shown = sys.stdout.isatty()
        width = min(shutil.get_terminal_size().columns, 120) if shown else WIDTH
        self._out = io.StringIO()
        self._console = Console(file=self._out, force_terminal=shown, width=width, highlight=False, emoji=False, markup=False, legacy_windows=False)

    def line(self, *parts: str | tuple[str, str], indent: int = 0) -> None:
        """A line, wrapped at the width; its parts are words, or words with a style."""
        self._console.print(Padding(styled(*parts), (0, 0, 0, indent)))

    def table(self, rows: list[tuple[str, str]], indent: int = 2) -> None:
        """Names and values, in two columns."""
        table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
        table.add_column(style="cyan", no_wrap=True)
        table.add_column(overflow="fold")
        for name, value in rows:
            table.add_row(Text(safe.terminal(name)), Text(safe.terminal(value)))
        self._console.print(Padding(table, (0, 0, 0, indent)))

    def grid(self, heads: Sequence[str], rows: Sequence[Sequence[tuple[str, str]]], numbers: frozenset[int] = frozenset()) -> None:
        """Rows of (words, style) under heads; columns in `numbers` stand to the right."""
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
        for at, head in enumerate(heads):
            table.add_column(head, justify="right" if at in numbers else "left", overflow="fold", no_wrap=at not in numbers)
        for row in rows:
            table.add_row(*(styled(cell) for cell in row))
        self._console.print(table)

    @property
    def text(self) -> str:
        """Everything so far, without white space at the ends of lines."""
        return "".join(line.rstrip() + "\n" for line in self._out.getvalue().splitlines())


def styled(*parts: str | tuple[str, str]) -> Text:
    """The parts as one text; runs of white space and what is not printable are made harmless, spaces at the ends of a part stay."""
    text = Text(overflow="fold")
    for part in parts:
        words, style = part if isinstance(part, tuple) else (part, "")
        before, after = words[: len(words) - len(words.lstrip(" "))], words[len(words.rstrip(" ")) :]
        text.append(f"{before}{safe.terminal(words)}{after}" if words.strip() else words.replace("\n", " "), style)
    return text
