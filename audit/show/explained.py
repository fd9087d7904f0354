"""One article, explained in the terminal: its measures, every finding with its text, its duplicates with what differs, what cleaning changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from audit.show import diff, learned, numbers, safe
from audit.show.evidence import said
from audit.show.paper import Paper
from audit.tables import COLUMNS, GROUPS

if TYPE_CHECKING:
    from audit.measure.clean import Change

BESIDE = 160
"""Characters of a line on either side of a mark."""
FINDINGS = 40
HUNKS = 5
CHANGES = 20
_STYLES = {diff.LEFT: "red strike", diff.RIGHT: "green underline", diff.GAP: "dim", diff.SAME: ""}
_SIGNS = {diff.LEFT: ("[-", "-]"), diff.RIGHT: ("{+", "+}"), diff.GAP: ("", ""), diff.SAME: ("", "")}


def explain(
    article: Mapping[str, Any],
    findings: Sequence[Mapping[str, Any]],
    text_lines: Sequence[str],
    twins: Sequence[Mapping[str, Any]],
    changes: Sequence[Change],
) -> str:
    """The article, for the terminal.

    Args:
        article: Its row of measures.
        findings: Its rows of findings.
        text_lines: The lines of its text as read; empty for an empty article.
        twins: Its rows of pairs, each with the row of measures of the other article as `other` and that one's text as `text` (None: gone).
        changes: What cleaning changes, in order.
    """
    paper = Paper()
    paper.line((article["title"] or "no headline", "bold"))
    where = [article["source"], str(article["date"].date()) if article["date"] is not None else None, f"{article['file']}:{article['line']}"]
    paper.line((" · ".join([*filter(None, where), f"id {article['id']}", f"article {article['article']}"]), "dim"))
    _measures(article, paper)
    _findings(findings, text_lines, article["source"], paper)
    _twins(article, twins, "\n".join(text_lines), paper)
    _changes(changes, paper)
    return paper.text


def _heading(title: str, paper: Paper) -> None:
    paper.line("")
    paper.line((title, "bold underline"))


def _measures(article: Mapping[str, Any], paper: Paper) -> None:
    """Every measure that says something, in the order of the groups, and the names of those that do not."""
    _heading("Measures", paper)
    told = [c for c in COLUMNS if c.definition and article[c.name] is not None]
    told.sort(key=lambda column: ("", *GROUPS).index(column.group))
    paper.table([(c.name, _value(article[c.name]) + (" (counted from 0)" if c.name in _LINES and article[c.name] != [] else "")) for c in told])
    unsaid = [c.name for c in COLUMNS if c.definition and article[c.name] is None]
    if unsaid:
        paper.line((f"nothing to say: {', '.join(unsaid)}", "dim"), indent=2)


_LINES = ("byline_line", "boilerplate_lines")
"""Measures that are line numbers; everywhere else a line is counted from 1, as editors count."""


def _value(value: Any) -> str:
    return ", ".join(str(item) for item in value) or "none" if isinstance(value, list) else said(value)


def _findings(findings: Sequence[Mapping[str, Any]], lines: Sequence[str], source: str | None, paper: Paper) -> None:
    """Every finding: its check, its rule, and its line with the mark in it."""
    _heading(numbers.count(len(findings), "finding"), paper)
    for row in findings[:FINDINGS]:
        place = f"line {row['line'] + 1}" if row["line"] is not None else "a field of the record"
        paper.line((row["check"], "yellow"), (f"  {place}  {row['note'] or ''}", "dim"), indent=2)
        number: int | None = row["line"]
        whole: str = lines[number] if number is not None and number < len(lines) else row["evidence"]
        before, mark, after = whole.partition(row["evidence"]) if row["evidence"] and row["evidence"] in whole else ("", row["evidence"], "")
        before = "…" + before[-BESIDE:] if len(before) > BESIDE else before
        paper.line(before, ("»", "dim"), (mark, "bold reverse"), ("«", "dim"), safe.clip(after, BESIDE), indent=4)
    if len(findings) > FINDINGS:
        paper.line((f"and {len(findings) - FINDINGS} more in findings.parquet", "dim"), indent=2)
    plate = [lines[row["line"]].strip() for row in findings[:FINDINGS] if row["check"] == "boilerplate_lines" and row["line"] < len(lines)]
    if plate:
        paper.line(("no boilerplate? keep the entry for your learned.yml (--marks), and run again:", "dim"), indent=2)
        for line in learned.ruling(learned.FORBID, ((line, source) for line in dict.fromkeys(plate))).splitlines():
            paper.line(line, indent=4)


def _twins(article: Mapping[str, Any], twins: Sequence[Mapping[str, Any]], text: str, paper: Paper) -> None:
    """The article's pairs, each with what differs."""
    _heading(numbers.count(len(twins), "duplicate"), paper)
    for pair in twins:
        other = pair["other"]
        measured = f"{pair['kind']}, similarity {numbers.similarity(pair['jaccard'])}, containment {numbers.similarity(pair['containment'])}"
        paper.line((measured, "yellow"), (f"  {other['file']}:{other['line']}  id {other['id']}  ", "dim"), other["title"] or "", indent=2)
        paper.line((_kept(article, other), "green"), indent=2)
        if pair["text"] is None:
            paper.line(("its text cannot be read again", "dim"), indent=4)
            continue
        hunks = diff.words(text, "\n".join(pair["text"].splitlines()))
        for hunk in hunks[:HUNKS]:
            _hunk(hunk, "word", paper)
        more = len(hunks) - HUNKS
        paper.line((f"and {numbers.count(more, 'place')} more" if more > 0 else "" if hunks else "no word differs", "dim"), indent=4)


def _kept(article: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    for row, name in ((article, "this article"), (other, "the other one")):
        if row["duplicate"]:
            return f"{name} is the copy; article {row['duplicate_of']} is kept"
        if row["contained"]:
            return f"{name} stands almost whole in article {row['contained_in']}"
    return "both are kept"


def _hunk(hunk: diff.Hunk, unit: str, paper: Paper) -> None:
    if hunk.skipped:
        paper.line((f"{numbers.count(hunk.skipped, unit)} the same", "dim"), indent=4)
    for sign, side, own in (("- ", hunk.left, diff.LEFT), ("+ ", hunk.right, diff.RIGHT)):
        paper.line((sign, _STYLES[own].split()[0]), *(_piece(piece) for piece in side), indent=4)


def _piece(piece: diff.Piece) -> tuple[str, str]:
    opens, closes = _SIGNS[piece.kind]
    return f"{opens}{piece.text.replace(chr(10), '↵ ')}{closes}", _STYLES[piece.kind]


def _changes(changes: Sequence[Change], paper: Paper) -> None:
    """What cleaning changed, piece by piece."""
    _heading(f"Cleaning makes {numbers.count(len(changes), 'change')}", paper)
    for change in changes[:CHANGES]:
        paper.line((", ".join(change.fixes), "yellow"), (f"  line {change.line + 1}", "dim"), indent=2)
        for hunk in diff.characters(change.before, change.after)[:HUNKS]:
            _hunk(hunk, "character", paper)
    if len(changes) > CHANGES:
        paper.line((f"and {len(changes) - CHANGES} more", "dim"), indent=2)
