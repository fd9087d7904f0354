"""Boilerplate: which lines are the page's, on cases in many scripts, on the seed article, and on hostile text."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.measure import boilerplate, marks
from audit.measure.article import Article

PROSE = (
    "The committee said on Tuesday that the bridge over the river would be closed for two weeks while workers look at its "
    "pillars, and that buses would take another way through the old town; nobody knows yet what it will cost, or who will pay for it."
)
CASES = yaml.safe_load((Path(__file__).parent / "cases" / "boilerplate_lines.yml").read_text(encoding="utf-8"))


def find(
    lines: list[str], keep: frozenset[int] = frozenset(), title: str | None = None, recurrent: frozenset[int] = frozenset()
) -> boilerplate.Boilerplate:
    article = Article(title, None, None, "en", [line.replace("{prose}", PROSE) for line in lines], recurrent)
    return boilerplate.find(article, marks.load(), keep)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_which_lines_are_the_page(case):
    """Lines of the page are found; what belongs to the article is left alone."""
    found = find(case["text"], frozenset(case.get("keep", ())), case.get("title"), frozenset(case.get("recurrent", ())))
    assert list(found.lines) == case["lines"]


def test_the_share_is_of_characters():
    """The share is the characters of these lines over the characters of all, 0.0 without any."""
    assert find([PROSE, "", "Advertisement"]).share == 13 / (len(PROSE) + 13)
    assert find([]).share == 0.0
    assert find(["", " "]).share == 0.0


def test_every_line_has_its_mark():
    """Each line has one finding, without the space around it, that says why."""
    (mark,) = find([PROSE, "  Advertisement "]).marks
    assert (mark.check, mark.line, mark.start, mark.end, mark.note) == ("boilerplate_lines", 1, 2, 15, "label of an advertisement")


@pytest.mark.shared
def test_the_seed_article(shared):
    """Of the seed article the prompt to share and the marker that holds nothing else are the page's."""
    lines = next((shared / "seeds").glob("*.txt")).read_text(encoding="utf-8").splitlines()
    headline = frozenset(number for number, line in enumerate(lines) if line == lines[0])
    assert [lines[number] for number in find(lines, headline).lines] == [
        "You can read the rest of Patrick Reevell’s article at",
        "Share this article",
    ]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.one_of(st.text(max_size=80), st.sampled_from([line for case in CASES for line in case["text"]])), max_size=8),
    st.frozensets(st.integers(0, 7)),
    st.frozensets(st.integers(0, 7)),
)
def test_any_text_can_be_looked_at(lines, keep, recurrent):
    """No text makes it raise; lines ascend, are lines that hold something, and the share lies between 0 and 1."""
    lines = "\n".join(lines).splitlines()
    found = find(lines, keep, None, recurrent)
    assert list(found.lines) == sorted(set(found.lines)) == [mark.line for mark in found.marks]
    assert all(lines[number].strip() for number in found.lines)
    assert 0.0 <= found.share <= 1.0


def test_time_is_linear():
    """A long line, and a text of very many lines, are looked at without a pattern that turns back on itself."""
    for lines in (["- [" * 50_000], ["https://" + "a.-" * 50_000], [" > " * 50_000], ["a" * 200_000 + "@"], ["- x"] * 20_000):
        assert find(lines).share <= 1.0
