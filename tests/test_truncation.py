"""Truncation: how texts end, on cases in many scripts, on the seed article, and on hostile text."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.measure import boilerplate, marks, truncation
from audit.measure.article import Article

PROSE = (
    "The committee said on Tuesday that the bridge over the river would be closed for two weeks while workers look at its "
    "pillars, and that buses would take another way through the old town; nobody knows yet what it will cost, or who will pay for it."
)
CASES = yaml.safe_load((Path(__file__).parent / "cases" / "truncated.yml").read_text(encoding="utf-8"))


def told(line: str) -> str:
    return line.replace("{prose}", PROSE).replace("{long}", " ".join([PROSE] * 13))


def find(lines: list[str], lang: str | None = "en", credits: frozenset[int] = frozenset(), title: str | None = None) -> truncation.Truncation:
    article = Article(title, None, None, lang, [told(line) for line in lines])
    page = boilerplate.find(article, marks.load(), credits)
    return truncation.find(article, marks.load(), frozenset(page.lines), credits)


def shown(found: truncation.Truncation, lines: list[str]) -> str | None:
    """The evidence, verbatim."""
    mark = found.evidence
    return lines[mark.line][mark.start : mark.end] if mark and mark.line is not None else None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_how_a_text_ends(case):
    """A cut text is found with its kind and evidence; a text that is whole, or only seems cut, is not."""
    found = find(case["text"], case["lang"], frozenset(case.get("credits", ())), case.get("title"))
    assert (found.truncated, found.kind) == (case["kind"] is not None, case["kind"])
    if case["kind"]:
        assert shown(found, [told(line) for line in case["text"]]) == case["evidence"]


def test_a_marker_is_no_part_of_the_text():
    """A line that is nothing but a marker does not count when texts are compared; prose that was cut does."""
    assert find(["{prose}", "Continue reading"]).lines == {1}
    assert find(["{prose}", "Prices in the old town will therefore be raised from low to"]).lines == frozenset()


def test_function_words_are_of_the_language():
    """The last word of a text is no function word of another language, and proves nothing where the language is unknown."""
    lines = ["{prose}", "Prices in the old town will therefore be raised from low to"]
    assert find(lines, "en").truncated
    assert not find(lines, "de").truncated
    assert not find(lines, None).truncated


def test_a_text_without_a_line_of_its_own():
    """Nothing but boilerplate, nothing but spaces, and nothing at all are not cut."""
    for lines in (["Share this article"], ["   "], []):
        assert not find(lines).truncated


@pytest.mark.shared
def test_the_seed_article(shared):
    """The article that hands over to its author's paper is found by exactly that line."""
    text = next((shared / "seeds").glob("*.txt")).read_text(encoding="utf-8")
    lines = text.splitlines()
    found = find(lines)
    assert shown(found, lines) == "You can read the rest of Patrick Reevell’s article at"
    assert found.kind == "marker"


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.one_of(st.text(max_size=80), st.sampled_from([case["text"][-1] for case in CASES])), max_size=6),
    st.sampled_from(["en", "de", "zh", "th", None]),
)
def test_any_text_can_be_looked_at(lines, lang):
    """No text makes it raise; evidence lies in its line, and markers are lines of the text."""
    lines = "\n".join(lines).splitlines()
    found = find(lines, lang)
    assert found.truncated == (found.kind is not None) == (found.evidence is not None)
    assert all(0 <= number < len(lines) for number in found.lines)
    for mark in found.marks:
        assert mark.line is not None
        assert 0 <= mark.start <= mark.end <= len(told(lines[mark.line]))
