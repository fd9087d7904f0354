"""Rulings: a user's word on a line goes before everything else, and a mistake in the file is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.errors import SuiteError
from audit.measure import boilerplate, marks, rulings
from audit.measure.article import Article

PROSE = "The committee said on Tuesday that the bridge over the river would be closed for two weeks while workers look at its pillars."
LINES = [PROSE, "Walk with us", "Share this article", "What happened in 2020", PROSE]
FILE = """\
adopted:
  - Walk with us
  - {line: "What happened in 1999", source: the-example.org}
forbidden:
  - share  THIS article
"""


def found(tmp_path: Path, content: str, source: str | None, recurrent: frozenset[int] = frozenset()) -> list[int]:
    """The boilerplate of LINES under the rulings."""
    path = tmp_path / "learned.yml"
    path.write_text(content, encoding="utf-8")
    return list(boilerplate.find(Article(None, None, source, "en", LINES, recurrent), marks.load((path,)), frozenset()).lines)


def test_a_ruling_goes_before_everything(tmp_path):
    """An adopted line is boilerplate, a forbidden one is not; case, spaces and numbers do not matter; a source's ruling is for that source."""
    assert found(tmp_path, FILE, "the-example.org") == [1, 3]


def test_a_ruling_of_a_source_is_of_that_source(tmp_path):
    """In another source the line is what it was."""
    assert found(tmp_path, FILE, "elsewhere.org") == [1]
    assert found(tmp_path, FILE.replace("What happened in 1999", "x"), None) == [1]


def test_a_line_that_the_source_repeats_can_be_forbidden(tmp_path):
    """Recurrence does not overrule the user."""
    assert found(tmp_path, "forbidden: [What happened in 3]\n", None, frozenset({3})) == [2]


def test_rulings_stand_beside_phrases(tmp_path):
    """A folder of marks may hold `learned.yml`; its phrases are read as ever."""
    (tmp_path / "learned.yml").write_text(FILE, encoding="utf-8")
    (tmp_path / "related.yml").write_text("en: [Worth a walk]\n", encoding="utf-8")
    lexicon = marks.load((tmp_path,))
    assert lexicon.rulings.on("WALK WITH US", None) == rulings.ADOPTED
    assert lexicon.hits("Worth a walk", False, False)
    assert not marks.load().rulings


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("accepted: [a]\n", "has the keys adopted and forbidden"),
        ("adopted: a\n", "adopted: a list of lines, not str"),
        ("adopted: [{text: a}]\n", "adopted, entry 1: an entry is a line (in quotes), or a mapping"),
        ("adopted: [' ']\n", "adopted, entry 1: line is a text, not ' '"),
        ("adopted: [{line: a, source: 3}]\n", "entry 1: source is a text, not 3"),
        ("adopted: [Walk 1]\nforbidden: [b, walk 2]\n", "forbidden, entry 2: 'walk 2' is adopted and forbidden"),
    ],
)
def test_a_mistake_is_named(tmp_path, content, said):
    """An error says the file, the entry, and what would work."""
    path = tmp_path / "learned.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SuiteError) as error:
        marks.load((path,))
    assert said in str(error.value)
    assert "learned.yml" in str(error.value)


@given(st.text(min_size=1).filter(lambda line: any(map(str.isalnum, line))), st.sampled_from([rulings.ADOPTED, rulings.FORBIDDEN]))
def test_every_line_can_be_ruled_on(line, ruling):
    """A line that holds a letter or figure is found again as it stands."""
    assert rulings.read([({ruling: [line]}, "learned.yml")]).on(line, "any") == ruling
