"""Titles: the headline, its repeats at the head, and what the corpus teaches about names of sites."""

import unicodedata
from pathlib import Path

import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.measure import repeats, titles
from audit.measure.article import Article
from audit.measure.titles import Affixes

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "title_repeats.yml").read_text())
PROSE = (
    "The committee said on Tuesday that the bridge over the river would be closed for two weeks while workers look at its pillars, and that "
    "buses would take another way through the old town; nobody knows yet what it will cost, or who will pay for it in the end, or when."
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_repeats(case):
    """Lines before the body that repeat the headline are counted, and what only looks like one is not."""
    lines = [line.replace("{prose}", PROSE) for line in case["lines"]]
    affixes = Affixes({case.get("source"): frozenset(case.get("known", ()))})
    found = titles.find(Article(case.get("title"), None, case.get("source"), "en", lines), affixes)
    assert found.repeats == case["repeats"]
    assert len(found.marks) >= found.repeats
    assert all(mark.check == "title_repeats" and mark.line in found.lines for mark in found.marks)


@given(st.one_of(st.text("aÉß ’“—…\xa0\u0301٣_", max_size=20), st.text(max_size=20)))
def test_squeezing(text):
    """Squeezed, a text is the letters and digits of its normal form."""
    assert repeats.squeeze(text) == "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


PIECES = st.lists(
    st.sampled_from(["Storm", "hits", "the coast", "of Bern", " | ", ": ", " - ", "WATCH: ", "Example News", "! ", "5 "]), max_size=6
).map("".join)


@settings(max_examples=300)
@given(PIECES, PIECES, PIECES)
def test_no_repeat_is_missed(title, line, below):
    """A line that a closer look takes for the headline, or for its beginning, is one that is looked at closely."""
    forms = repeats.Forms.of(title, "example.org", frozenset(["examplenews"]))
    found = forms.match(line) or repeats._wrapped([line, below], forms)[1]
    assert not found or repeats._may_repeat(repeats.squeeze(line), forms.whole)


@pytest.mark.shared
def test_the_seed_article(shared):
    """The article this project began with repeats its headline twice below it."""
    (seed,) = (shared / "seeds").glob("*.txt")
    found = titles.find(Article(None, None, None, "en", seed.read_text(encoding="utf-8").splitlines()), Affixes({}))
    assert (found.repeats, found.title_from, found.lines) == (2, "text", {0, 3, 5})


def table(values: list[str | None]) -> pa.LargeStringArray:
    return pa.array(values, pa.large_string())


def test_names_of_sites_are_learned():
    """A part that recurs in at least three and 2 % of a source's titles is learned, for that source alone."""
    mine = [f"Story number {number} | The Example" for number in range(3)] + ["Bridge | Rare"] * 2
    tally = titles.tally(table(mine + ["A | The Example"] * 2), table(["a.com"] * len(mine) + ["b.com"] * 2))
    assert titles.learn([tally]).of == {"a.com": frozenset(["theexample"])}


def test_a_rare_part_of_many_titles_is_not_learned():
    """Three of a thousand titles teach nothing."""
    values = [f"Story number {number}" for number in range(997)] + [f"Story {number} | Live" for number in range(3)]
    assert titles.learn([titles.tally(table(values), table([None] * 1000))]).of == {}


def test_tallies_add_up():
    """Batches of any size teach the same, in any order, and empty ones nothing."""
    values = [f"Story number {number} - Example {number % 3}" for number in range(40)] + [None, ""]
    sources = ["a.com", None] * 21
    whole = titles.learn([titles.tally(table(values), table(sources))])
    pieces = [titles.tally(table(values[start : start + 5]), table(sources[start : start + 5])) for start in range(0, 42, 5)]
    assert titles.learn(pieces).of == titles.learn(reversed(pieces)).of == whole.of
    assert titles.learn([]).of == {}


@pytest.mark.parametrize(
    ("title", "lines", "headline"),
    [
        (" Storm \n hits ", ["Other"], ("Storm hits", "field")),
        (None, ["", " Storm hits ", PROSE], ("Storm hits", "text")),
        ("  ", ["# Storm hits"], ("Storm hits", "text")),
        (None, [PROSE], (None, "none")),
        (None, ["", " "], (None, "none")),
        (None, [], (None, "none")),
    ],
)
def test_headline(title, lines, headline):
    """The headline is the title field, else the first line that can be one, else there is none."""
    assert titles.headline(Article(title, None, None, None, lines)) == headline


TEXT = st.text(max_size=60) | st.lists(
    st.sampled_from(["Storm", "hits", "coast", "|", "-", "—", ":", "WATCH:", "[속보]", "速報", "İ", "ß", "…", "#", "BBC"]), max_size=9
).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(TEXT | st.none(), st.lists(TEXT, max_size=10), TEXT | st.none())
def test_no_text_makes_it_raise(title, lines, source):
    """On any text the result is well-formed: repeats have marks, marks lie in their lines."""
    lines = "\n".join(lines).splitlines()
    found = titles.find(Article(title, None, source, None, lines), Affixes({source: frozenset(["bbc"])}))
    assert (found.title is None) == (found.title_from == "none")
    assert 0 <= found.repeats <= len(found.marks) <= len(found.lines) <= 4 * repeats.HEAD_LINES
    for mark in found.marks:
        assert 0 <= mark.start <= mark.end <= len(lines[mark.line])


@settings(max_examples=100, deadline=None)
@given(st.lists(TEXT | st.none(), max_size=20))
def test_any_titles_can_be_tallied(values):
    """Any titles make a tally, whose blank part counts the titles that are not empty."""
    tally = titles.tally(table(values), table([None] * len(values)))
    counted = dict(zip(tally["part"].to_pylist(), tally["titles"].to_pylist(), strict=True))
    assert counted.get("", 0) == sum(bool(value) for value in values)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from([*"aA1.| |-–—―－·•»«›‹⋆~/｜_\t\n\x1f\x85\xa0\u2003\u2028\u3000"]), max_size=8))
def test_titles_of_several_parts_are_seen(title):
    """A title that is cut into parts holds what SEVERAL says."""
    if len(repeats.parts(" ".join(title.split()))) > 1:
        assert pa.compute.match_substring_regex(table([title]), titles.SEVERAL)[0].as_py()


PIECES = [
    "Storm hits coast",
    "STORM HITS COAST",
    "storm",
    "“Storm”",
    "l’état",
    "ﬁre",
    "ẞ",
    "İ",
    "é",
    "e\u0301",
    "각",
    "王毅",
    "Σ",
    "ს",
    " - ",
    " | BBC",
    ": ",
    "WATCH",
    "x" * 90,
]
HEADS = st.lists(st.sampled_from(PIECES), max_size=4).map(" ".join)


@settings(max_examples=400, deadline=None)
@given(
    HEADS, st.lists(HEADS | st.sampled_from(["", PROSE, "a b", "\x0b", "- Storm hits coast"]), max_size=6), st.sampled_from(["\n", "\r\n", "\u2028"])
)
def test_what_a_kernel_passes_over_repeats_nothing(title, lines, end):
    """Where `repeats.may` is false, no line repeats the headline."""
    found = titles.find(Article(title, None, "bbc.com", None, lines), Affixes({"bbc.com": frozenset(["bbc"])}))
    if title.split() and found.repeats:
        assert repeats.may(table([title]), table([end.join(lines)])) == [True]


def test_most_articles_are_passed_over():
    """Or the kernel would be for nothing."""
    views = [PROSE, f"By Jane Roe\n{PROSE}", f"Città vecchia – “più”\n{PROSE}"]
    assert repeats.may(table(["Storm hits the coast"] * 3), table(views)) == [False] * 3
    assert repeats.may(table([None, "Città vecchia", "古い港"]), table([PROSE, views[2], PROSE])) == [True] * 3


def test_a_line_equal_to_the_title_always_counts():
    """Whatever the headline is, a first line equal to it repeats it, if it has letters or digits."""
    for title in ("Storm", "北京", "A", "Live", "WATCH: it", "Mr. X: a portrait | Example"):
        assert titles.find(Article(title, None, None, None, [title, PROSE]), Affixes({})).repeats == 1, title


@given(st.text(st.one_of(st.sampled_from(" \t\n\x1c\x85\xa0\u2003\u3000a"), st.characters(exclude_categories=["Cs"])), max_size=12))
def test_untidy(title: str) -> None:
    """A title that the pattern passes over is its words with single spaces."""
    untidy = pa.compute.match_substring_regex(pa.array([title]), titles.UNTIDY)[0].as_py()
    assert untidy or (title and title == " ".join(title.split()))
