"""Bylines: who is credited in the text and in the field, on cases in many scripts and on hostile text."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.measure import bylines, names, signatures
from audit.measure.article import Article

CASES = Path(__file__).parent / "cases"
PROSE = (
    "the committee said on Tuesday that the bridge over the river would be closed for two weeks while workers look at its "
    "pillars, and that buses would take another way through the old town; nobody knows yet what it will cost, or who will pay for it in the end."
)


def article(lines: list[str], lang: str | None = "en", field: str | None = None, source: str | None = None) -> Article:
    return Article(None, field, source, lang, [line.replace("{prose}", PROSE) for line in lines])


@pytest.mark.parametrize("case", yaml.safe_load((CASES / "byline.yml").read_text()), ids=lambda case: case["name"])
def test_credit_in_the_text(case):
    """The credit of a text is found, with its kind and names verbatim, and false friends are none."""
    found = bylines.find(article(case["text"], case.get("lang", "en"), case.get("field"), case.get("source")), frozenset())
    assert (found.kind, found.byline) == (case["kind"], case.get("byline"))


@pytest.mark.parametrize("case", yaml.safe_load((CASES / "field_byline.yml").read_text()), ids=lambda case: str(case["field"])[:30])
def test_kind_of_the_field(case):
    """A byline field is told apart: person, agency, staff, outlet, junk or none."""
    assert bylines.field_kind(case["field"], case.get("source")) == case["kind"]


@given(st.text("aB.!?“ +()[]（）【】。", max_size=24))
def test_where_a_sign_off_is_looked_for(text):
    """Looking from the last bracket or stop on finds what looking at everything finds."""
    for fast, slow in ((signatures.bracketed(text), signatures._SIGNED.search(text)), (signatures.ended(text), signatures._CLOSED_BY.search(text))):
        assert (fast and fast.span()) == (slow and slow.span())


@given(st.integers(50, 70), st.sampled_from([" (AFP) - ", " /AFP/ - ", "(AFP): ", "  /AFP/ -", " (a) (AFP) - ", ") (AFP) -"]))
def test_where_a_dateline_is_looked_for(size, sign):
    """Where the bracket or slash stands too far behind for a city, no dateline of ASCII is known by it."""
    head = "B" * size + sign + "The river rose."
    match = signatures._DATELINE.match(head)
    assert signatures._is_placed(head) or match is None or match["agency2"]


def test_the_mark_is_the_credit():
    """The finding's span holds the names, on the line that is reported."""
    found = bylines.find(article(["Storm hits", "By Jane Roe", "{prose}"]), frozenset([0]))
    (mark,) = found.marks
    assert (mark.check, mark.line, found.line) == ("byline", 1, 1)
    assert "By Jane Roe"[mark.start : mark.end] == "By Jane Roe"


def test_headline_lines_are_skipped():
    """A line that is the headline is no credit, even if it looks like one."""
    lines = ["By Jane Roe", "{prose}"]
    assert bylines.find(article(lines), frozenset([0])).kind == "none"
    assert bylines.find(article(lines), frozenset()).kind == "person"


def test_credits_hold_all_lines_that_credit():
    """Editors, thanks to more hands, pictures and bios are credits, so that truncation looks past them; prose is none."""
    lines = [
        "By Jane Roe", "{prose}", "{prose}", "John Doe contributed to this report.", "Editing by Ann Carter", "Photo by Ben Miller",
        "Jane Roe is a reporter at the Daily Example.",
    ]  # fmt: skip
    assert bylines.find(article(lines), frozenset()).credits == {0, 3, 4, 5, 6}


@pytest.mark.parametrize("space", ["\u2009", "\u3000", "\x1f"])
def test_a_line_of_quotes_and_space_is_no_credit(space):
    """Of what may stand around a credit, and white space of any kind, nothing is read."""
    assert bylines.find(Article(None, None, None, "en", [f"”{space}"]), frozenset()).credits == frozenset()


def test_a_dateline_does_not_make_its_paragraph_a_credit():
    """A paragraph that begins with a dateline or ends with initials is still text."""
    found = bylines.find(article(["LONDON (Reuters) - {prose}"]), frozenset())
    assert (found.kind, found.credits) == ("agency", frozenset())


@pytest.mark.parametrize(
    ("field", "text", "lacks"),
    [("none", "none", True), ("junk", "none", True), ("outlet", "none", False), ("person", "none", False), ("junk", "agency", False)],
)
def test_missing(field, text, lacks):
    """Nobody is credited where the field is empty or junk and the text is silent; an outlet is a credit."""
    assert bylines.missing(field, text) is lacks


def test_names_stay_verbatim():
    """A name is handed back as it is written, its white space made single."""
    assert names.leading("Jane  van  der Roe, CNN") == (("Jane van der Roe",), ", CNN")


WORDS = st.sampled_from(
    ["By", "Von", "Par", "(Reporting by", "Editing by", "Jane Roe", "Ärzte", "记者", "기자", "بقلم", "Автор:", "—", "(", ")", "【", "】", "©",
     "|", ";", "/", "AP", "dpa", "2020", "and", "de", "'", "\u200d", "\ufeff", "新华社北京3月3日电（记者", "(서울=연합뉴스)", "=", ":", ".", "\x00",
     "İ", "ß", "ﬁ", "\ud7a3"]
)  # fmt: skip
LINES = st.lists(st.one_of(st.lists(WORDS, max_size=8).map(" ".join), st.lists(WORDS, max_size=8).map("".join), st.text(max_size=80)), max_size=14)


@settings(max_examples=300, deadline=None)
@given(LINES, st.one_of(st.none(), st.text(max_size=60)), st.sampled_from([None, "en", "de", "ko", "zh", "ja", "ar", "ru", "xx"]))
def test_no_text_makes_it_raise(lines, field, lang):
    """On any text the result is well-formed: the kind is one of four, names come with a credit, spans lie in their lines."""
    lines = "\n".join(lines).splitlines()
    found = bylines.find(Article(None, field, "example.com", lang, lines), frozenset())
    assert found.kind in ("person", "agency", "staff", "none")
    assert (found.kind == "none") == (found.line is None) == (not found.marks)
    assert found.field_kind in ("person", "agency", "staff", "outlet", "junk", "none")
    for mark in found.marks:
        assert 0 <= mark.start <= mark.end <= len(lines[mark.line])
    assert all(0 <= line < len(lines) for line in found.credits)


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, max_size=10).map(" ".join) | st.text(max_size=100))
def test_any_field_has_a_kind(field):
    """A field of any text has a kind, and it is none exactly where the field is blank."""
    assert (bylines.field_kind(field, None) == "none") == (not field.split())
