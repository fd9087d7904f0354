"""The signals on the page and in one line: every kind is shown, with its articles, and nothing is said where there is none."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from audit.result import Gap, Signals
from audit.show import signals
from audit.show.shelf import Shelf
from tests import made


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    return Shelf(made.folder(tmp_path_factory.mktemp("result")))


def test_every_kind(shelf):
    """Each kind of signal has a table of as many columns as it has heads; activity is drawn by itself."""
    tables = signals.tables(shelf.result.document, shelf)
    assert len(tables) == len(fields(Signals)) - 1
    assert all(len(row.cells) == len(table.heads) for table in tables for row in table.rows)
    assert [source for source, _ in signals.activity(shelf.result.document)] == ["coast.example", "gasse.example"]


def test_examples(shelf):
    """An article is named by its headline, with the command that explains it; by its id where it has none."""
    stubs = next(table for table in signals.tables(shelf.result.document, shelf) if table.name.startswith("Empty"))
    assert [title for title, _ in stubs.rows[0].examples] == ["古い港は春まで閉鎖", "empty"]
    assert all("explain" in command for _, command in stubs.rows[0].examples)


def test_line(shelf):
    """The graver kinds are counted in one line; a corpus without any has none."""
    said = signals.line(shelf.result.document)
    assert said.startswith("2 gaps in the dates, 1 burst, 1 date that many articles share")
    assert signals.line(replace(shelf.result.document, signals=Signals())) == ""


def test_more(shelf):
    """Rows beyond those shown are counted."""
    many = Signals(gaps=tuple(Gap("a", "2024-01-01", "2024-01-09", 9, n) for n in range(signals.ROWS + 3)))
    (table,) = signals.tables(replace(shelf.result.document, signals=many), shelf)
    assert (len(table.rows), table.more) == (signals.ROWS, 3)
