"""audit.show.terminal: a summary to read in ten seconds, and one article explained; no text of a corpus acts on the terminal."""

import io
import re
import sys
from types import SimpleNamespace

import pytest

from audit.show import terminal
from tests import made
from tests.attacks import ALL


def explained(result, article=0):
    rows, texts = result.measures().to_pylist(), result.examples().to_pylist()
    twins = [
        {**pair, "other": rows[pair["right"]], "text": texts[pair["right"]]["text"] if pair["right"] == 1 else None}
        for pair in result.pairs().to_pylist()
        if pair["left"] == article
    ]
    changes = [SimpleNamespace(line=3, before="GroÃŸ\r\n", after="Groß\n", fixes=("fix_encoding", "fix_line_breaks"))]
    found = [row for row in result.findings().to_pylist() if row["article"] == article]
    return terminal.explain(rows[article], found, (texts[article]["text"] or "").splitlines(), twins, changes)


def test_summary_says_verdict_worst_and_report(tmp_path):
    """The verdict first, what is worst with its evidence, the path of the report last."""
    result = made.folder(tmp_path)
    lines = terminal.summary(result).splitlines()
    assert lines[0] == "✗ Failed: of 9 expectations 4 failed, 2 warned, 1 could not be evaluated"
    text = "\n".join(lines)
    assert "“You can read the rest of Anna Feld’s article at”\n  corpus.jsonl:1" in text
    assert "3 of 7 articles, 95 % interval 15.8 – 75.0 %" in text
    assert "Against the baseline: 1 worse, 1 better, 3 figures without clear change." in text
    assert str(tmp_path) in "".join(lines[-3:]).replace("\n", "")
    assert len(lines) < 40


def test_no_colours_without_a_terminal(tmp_path):
    """Standard output is no terminal here, so there are no colours."""
    result = made.folder(tmp_path)
    assert "\x1b" not in terminal.summary(result) + explained(result)


def test_explained_shows_marks_duplicates_and_changes(tmp_path):
    """One article: every measure, its findings marked in their lines, its duplicates with what differs, what cleaning changes."""
    text = explained(made.folder(tmp_path))
    for words in (
        "truncated",
        "»You can read the rest of Anna Feld’s article at«",
        "[-Tuesday-]",
        "{+Wednesday+}",
        "article 0 is kept",
        "Gro[-ÃŸ⟦U+000D⟧-]",
    ):
        assert words in text
    assert "cannot be read again" in text


def test_every_article_can_be_explained(tmp_path):
    """The empty one too, and those in other scripts."""
    result = made.folder(tmp_path)
    assert all(explained(result, article) for article in range(len(made.TEXTS)))


@pytest.mark.parametrize("form", ["summary", "explained"])
def test_attacks_do_not_act(tmp_path, form):
    """No escape sequence, override or runner's command is in the output; rich's markup is text."""
    result = made.folder(tmp_path, lambda text: f"{ALL} {text}" if len(text) < 40 else text)
    text = terminal.summary(result) if form == "summary" else explained(result)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert not re.search(r"::(error|set-output)|##\[", text)
    assert "[red]rich" in text.replace("\n", "") or form == "summary"


class Terminal(io.StringIO):
    """A standard output that says it is a terminal."""

    def isatty(self):
        """It is one."""
        return True


def test_colours_on_a_terminal(tmp_path, monkeypatch):
    """On a terminal there are colours, and still no escape of the corpus."""
    result = made.folder(tmp_path, lambda text: "\x1b[5m\x1b]0;x\x07" + text)
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "stdout", Terminal())
    text = terminal.summary(result)
    assert "\x1b[1;31m" in text
    assert "\x1b[5m" not in text
    assert "\x1b]0" not in text


def test_what_came_and_went_is_said(tmp_path):
    """With a baseline, new and vanished sources and fields are named, in the terminal and in the Markdown."""
    from dataclasses import replace

    from audit.result import Names, Turnover
    from audit.show import markdown
    from audit.show.shelf import Shelf

    result = made.folder(tmp_path)
    turnover = Turnover(sources=Names(("new.example",), ("old.example",), 1, 12), fields=Names((), ("byline from author",), 0, 1))
    result = replace(result, document=replace(result.document, turnover=turnover))
    text = " ".join(terminal.summary(result).split())
    for said in ("1 new source: new.example", "12 vanished sources: old.example and 11 more", "1 vanished field: byline from author"):
        assert f"since the baseline {said}" in text
        assert f"<code>{said}</code>" in markdown.summary(Shelf(result))
