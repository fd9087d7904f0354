"""A result as a notebook shows it: the verdict, what is worst, and where the whole report is. A table, with no script and no outside resource."""

from __future__ import annotations

from html import escape

from audit.result import Result
from audit.show import safe, verdicts
from audit.show.contents import facts
from audit.show.markdown import headline
from audit.show.shelf import Shelf
from audit.show.verdicts import SIGNS, Judged

ROWS = 12
"""Expectations that are shown, those that are not met first."""
COLOURS = {"failed": "#b3261e", "not evaluated": "#b3261e", "warned": "#8a5a00", "passed": "#1c683d", "not asked": "#6b6b6b"}
"""Readable on the white and on the dark page of a notebook: bold, and beside a sign that says the same."""


def card(result: Result) -> str:
    """The result as HTML; every string of a corpus or a suite is text in it."""
    document = result.document
    every = sorted(verdicts.judged(Shelf(result), 0), key=lambda item: verdicts.STATE[item.verdict.state])
    rows = "".join(map(_row, every[:ROWS]))
    rest = f"<p>and {len(every) - ROWS} more</p>" if len(every) > ROWS else ""
    head = "".join(f'<th style="text-align:left">{name}</th>' for name in ("", "expectation", "asked", "observed", "95 % interval", "baseline"))
    said = ", ".join(f"{value} {label}" for label, value in facts(document) if label != "dates")
    return (
        f"<div><p><b>{_text(headline(document))}</b><br>{_text(said)}</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{rest}"
        f"<p>report: <code>{_text(str(result.folder / 'report.html'))}</code></p></div>"
    )


def _row(item: Judged) -> str:
    verdict = item.verdict
    state = f'<b style="color:{COLOURS[verdict.state]}">{SIGNS[verdict.state]} {verdict.state}</b>'
    seen = f"{item.share} ({item.observed})" if item.observed and item.share not in item.observed else item.observed or verdict.reason
    was = ", ".join(filter(None, (item.change, item.before)))
    cells = (verdict.name, verdict.bound, seen, item.interval, was)
    return f'<tr><td style="text-align:left">{state}</td>' + "".join(f'<td style="text-align:left">{_text(cell)}</td>' for cell in cells) + "</tr>"


def _text(words: str) -> str:
    """The words on one line, cut, as text of HTML."""
    return escape(safe.clip(safe.line(words), 240))
