"""audit.show.markdown: a summary that a renderer of Markdown shows as it is meant, whatever is in it."""

import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from audit.show import markdown
from audit.show.shelf import Shelf
from tests import made
from tests.attacks import ALL


@pytest.fixture(scope="module")
def summary(tmp_path_factory):
    return markdown.summary(Shelf(made.folder(tmp_path_factory.mktemp("result"))))


def test_verdict_comes_first(summary):
    """The first line is the verdict, with counts."""
    assert summary.splitlines()[0] == "## ✗ Failed: of 9 expectations 4 failed, 2 warned, 1 could not be evaluated"


def test_every_expectation_is_a_row(summary, tmp_path):
    """Every expectation has a row that says its state, bound and counts."""
    rows = [line for line in summary.splitlines() if line.startswith("| ")][2:]
    assert len(rows) == len(made.document().verdicts)
    assert rows[0].startswith("| ✗ failed | <code>articles are complete</code> | <code>at most 1 %</code> | 42.9 % | 3 of 7 articles;")


def test_examples_have_place_and_evidence(summary):
    """What failed has real examples, verbatim, with their place."""
    assert "- <code>続きを読む</code> in <code>古い港は春まで閉鎖</code> (<code>corpus.jsonl:7</code>; kind <code>marker</code>)" in summary


def test_attacks_stay_text(tmp_path):
    """Rendered, a summary full of attacks has our tags only, and no link or image."""
    shown = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(
        markdown.summary(Shelf(made.folder(tmp_path, lambda text: f"{text} {ALL}")))
    )
    assert set(re.findall(r"</?([a-z]\w*)", shown)) == {"h2", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "strong", "ul", "li"}
    assert all(row.count("<td") == 5 for row in re.findall(r"<tr>\n<td.*?</tr>", shown, re.DOTALL))


def test_it_fits_a_comment(tmp_path):
    """A comment on a pull request holds 65,536 characters."""
    assert len(markdown.summary(Shelf(made.folder(tmp_path, lambda text: text + "<x>" * 5_000 if len(text) > 60 else text)))) < 65_536


def test_a_long_suite_fits_too(tmp_path):
    """Five hundred expectations with the longest names, each against: it is cut at a line, and says so."""
    result = made.folder(tmp_path)
    many = tuple(made.verdict("<" * 120, "truncated", "failed", 3, bound="&" * 5_000, reason="@" * 5_000, baseline="#" * 500) for _ in range(500))
    text = markdown.summary(Shelf(replace(result, document=replace(result.document, verdicts=many))))
    assert len(text) < 65_536
    assert text.endswith("There is more than a comment holds: see report.html\n")
    assert text.count("<code>") == text.count("</code>")
