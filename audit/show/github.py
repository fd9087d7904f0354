"""What GitHub shows beside a job by itself: an annotation for each expectation that is not met, as workflow commands on standard output.

GitHub shows ten errors, ten warnings and ten notices of a step and drops the rest without a word; so the last of ten says how many there are more.
Nothing from a corpus or a suite can be a command of its own: a message is one line, and what ends a property or a value is escaped.
"""

from __future__ import annotations

from audit.result import Document, Verdict
from audit.show import places, safe, verdicts
from audit.show.shelf import Shelf
from audit.show.verdicts import Judged

AT_MOST = 10
"""Annotations of a level."""
_LENGTH = 400


def commands(shelf: Shelf) -> str:
    """The workflow commands, a line each; "" where every expectation is met."""
    document = shelf.result.document
    by: dict[str, list[str]] = {"error": [], "warning": [], "notice": []}
    for item in verdicts.judged(shelf, 1):
        if item.verdict.state in ("failed", "warned", "not evaluated"):
            by[_level(item.verdict, document)].append(_command(item, _level(item.verdict, document), shelf))
    return "".join(line + "\n" for level, lines in by.items() for line in _capped(level, lines))


def _level(verdict: Verdict, document: Document) -> str:
    """An error is what the job fails for; with --fail-on never there is none."""
    if verdict.state == "warned" and verdict.severity == "info":
        return "notice"
    fails = verdict.state != "warned" or document.gate.fail_on == "warning"
    return "error" if fails and document.gate.fail_on != "never" else "warning"


def _command(item: Judged, level: str, shelf: Shelf) -> str:
    """`::error file=...,line=...,title=...::message`; the place is that of an example."""
    properties = [f"title={safe.command(safe.clip(safe.line(item.verdict.name), 120))}"]
    if item.cards:
        row = shelf.facts(item.cards[0].article)
        properties = [f"file={safe.command(places.path(shelf.result, row['file']))}", f"line={max(1, row['line'])}", *properties]
    return f"::{level} {','.join(properties)}::{safe.message(safe.clip(_said(item), _LENGTH))}"


def _said(item: Judged) -> str:
    """What was seen, what was asked, and an example."""
    verdict = item.verdict
    more = verdict.reason.removeprefix(item.observed).lstrip(":; ")
    parts = [item.observed if verdict.n_groups else f"{item.share} ({item.observed})" if item.observed else "", f"asked {verdict.bound}", more]
    parts += [verdict.baseline]
    for card in item.cards:
        seen = card.quotes[0].marked if card.quotes else card.title
        parts.append(f"such as {card.place}" + (f": {safe.clip(safe.line(seen), 120)}" if seen else ""))
    return safe.line("; ".join(filter(None, parts)))


def _capped(level: str, lines: list[str]) -> list[str]:
    if len(lines) <= AT_MOST:
        return lines
    return [*lines[: AT_MOST - 1], f"::{level} title=corpus-audit::{len(lines) - AT_MOST + 1} more expectations are not met: see the job summary"]
