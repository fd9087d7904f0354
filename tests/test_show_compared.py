"""audit.show.compared: two results side by side, legible and harmless."""

import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from audit.comparison import compare
from audit.result import Count, Document
from audit.show import compared
from tests import made
from tests.attacks import ALL


def later(document: Document) -> Document:
    """The made result with more truncation, another source, and one measure of another definition."""
    totals = {total.measure: total for total in document.totals}
    totals["truncated"] = replace(totals["truncated"], counted=700, count=Count(650, 700))
    totals["duplicate"] = replace(totals["duplicate"], definition=2)
    totals["empty"] = replace(totals["empty"], sources=(("new.example", Count(0, 9)), *totals["empty"].sources[1:]))
    return replace(document, totals=tuple(totals.values()), settings=(("keep", "first"), ("threshold", "0.8")))


def earlier(document: Document) -> Document:
    """The made result, as of more articles."""
    totals = {total.measure: total for total in document.totals}
    totals["truncated"] = replace(totals["truncated"], counted=700, count=Count(70, 700))
    return replace(document, totals=tuple(totals.values()))


@pytest.fixture(scope="module")
def comparison():
    return compare(earlier(made.document()), later(made.document()))


def test_the_terminal_says_what_changed_first(comparison):
    """Both results are named, what changed comes first with numbers and interval, then the rest, then what came and went."""
    text = compared.terminal(comparison, ("monday", "tuesday"))
    lines = text.splitlines()
    assert lines[0].startswith("A  monday")
    assert lines[1].startswith("B  tuesday")
    assert "1 of 5 measures changed: 1 worse" in text
    row = next(line for line in lines if line.startswith("✗"))
    assert re.search(r"✗ +truncated +10\.0 % +92\.9 % +\+82\.9 pp +\+79\.\d to \+85\.\d", row)
    assert text.index("✗") < text.index("No change beyond chance") < text.index("Not evaluated")
    assert "duplicate: definition 1 and definition 2: not the same measure" in text
    assert "1 new source: new.example" in text
    assert "1 vanished source: coast.example" in text
    assert "setting keep: longest in A, first in B" in text
    assert "renew the baseline: `corpus-audit run corpus.jsonl" in text


def test_markdown_holds_the_same(comparison):
    """The Markdown has every row, in tables."""
    shown = MarkdownIt("gfm-like", {"linkify": False}).render(compared.markdown(comparison, ("monday", "tuesday")))
    assert shown.count("<tr>") == 2 + sum(not row.reason for row in comparison.rows)
    assert "vanished source" in shown


def test_attacks_stay_text():
    """Full of attacks, the Markdown has our tags only, the terminal no control character and no command."""
    hostile = lambda text: f"{text} {ALL}"  # noqa: E731
    before, after = (made._hostile(change(made.document()), hostile) for change in (earlier, later))
    found = compare(before, after)
    shown = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(compared.markdown(found, (ALL, ALL)))
    assert set(re.findall(r"</?([a-z]\w*)", shown)) <= {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "strong", "ul", "li"}
    assert "<code>" in shown
    text = compared.terminal(found, (ALL, ALL))
    assert "\x1b" not in text
    assert "::" not in text


@pytest.mark.parametrize(("change", "said"), [(0.0, "0"), (0.00001, "+<0.01"), (-0.25, "−25.0"), (0.012, "+1.20")])
def test_a_difference_never_looks_like_none(change, said):
    """Points with their sign; what is there is not rounded away."""
    assert compared._points(change) == said
