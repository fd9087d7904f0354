"""The summary for a pull request or a CI job: the verdict, a table of expectations; for each that is not met the drop, where, three examples."""

from __future__ import annotations

from itertools import accumulate

from audit.result import Document
from audit.show import numbers, safe, signals, verdicts
from audit.show.compared import turned
from audit.show.contents import facts
from audit.show.evidence import Card
from audit.show.shelf import Shelf
from audit.show.verdicts import SIGNS, STATE, Judged

EXAMPLES = 3
SHOWN = 20
"""Expectations with examples."""
LENGTH = 65_000
"""Characters: a comment on a pull request holds 65,536."""
ROWS = 100
WRONG = ("failed", "warned", "not evaluated")
SOURCES = 5
"""Sources of an expectation."""


def summary(shelf: Shelf) -> str:
    """The shelf's result as GitHub-flavoured Markdown; nothing from a corpus or a suite is markup, a link or a mention in it."""
    document, every = shelf.result.document, verdicts.judged(shelf, EXAMPLES)
    lines = [f"## {headline(document)}", "", _facts(document), "", *_table(every)]
    wrong = sorted((item for item in every if item.verdict.state in WRONG), key=lambda item: STATE[item.verdict.state])
    for item in wrong[:SHOWN]:
        lines += ["", *_wrong(item)]
    if len(wrong) > SHOWN:
        lines += ["", f"and {len(wrong) - SHOWN} more: see report.html"]
    seen = signals.line(document)
    lines += ["", f"Signals of the whole corpus, no verdicts: {seen}; see report.html."] if seen else []
    said = turned(document.turnover) if document.turnover is not None else []
    lines += ["", "**Since the baseline**", "", *(f"- {safe.markdown(words)}" for words in said)] if said else []
    return _fitting(lines)


def _fitting(lines: list[str]) -> str:
    """The lines that a comment holds, and that there are more."""
    sizes = accumulate(len(line) + 1 for line in lines)
    fitting = [line for line, size in zip(lines, sizes, strict=True) if size <= LENGTH]
    return "\n".join(fitting if len(fitting) == len(lines) else [*fitting, "", "There is more than a comment holds: see report.html"]) + "\n"


def _wrong(item: Judged) -> list[str]:
    """An expectation that is not met: by how much, against what, most of it where, and examples."""
    verdict = item.verdict
    seen = "not evaluated" if not item.observed else item.observed if verdict.n_groups else f"{item.share}, {item.observed}"
    lines = [f"{SIGNS[verdict.state]} **{safe.markdown(verdict.name)}**: {seen}", ""]
    lines += [f"- {safe.markdown(verdict.baseline)}"] if verdict.baseline else []
    lines += [f"- {safe.markdown(safe.clip(verdict.reason, 600))}"] if verdict.reason and (verdict.baseline or not item.observed) else []
    named = [(row.name, f"{row.share} ({row.bad} of {row.counted})") for row in item.sources[:SOURCES]]
    named = [(group.source, said) for group, said in item.groups if not group.passed][:SOURCES] or named
    lines += ["- most in " + ", ".join(f"{safe.markdown(safe.clip(name, 80))} {said}" for name, said in named)] if named else []
    return [*lines, *map(_example, item.cards)]


def headline(document: Document) -> str:
    """The verdict in one line, in words of ours alone."""
    asked = [verdict for verdict in document.verdicts if verdict.state != "not asked"]
    if not asked:
        return f"– {document.gate.why}"
    counts = {state: sum(verdict.state == state for verdict in asked) for state in ("failed", "warned", "not evaluated")}
    said = [f"{n} {state}" if state != "not evaluated" else f"{n} could not be evaluated" for state, n in counts.items() if n]
    state = "✓ Passed" if document.gate.passed else "? Not passed" if document.gate.code == 3 else "✗ Failed"
    return f"{state}: of {numbers.count(len(asked), 'expectation')} {', '.join(said) or 'none failed'}"


def _facts(document: Document) -> str:
    said = ", ".join(f"{value} {label}" for label, value in facts(document) if label != "dates")
    return f"{said}. Suite {safe.markdown(document.suite)}."


def _table(every: tuple[Judged, ...]) -> list[str]:
    lines = ["| | Expectation | Asked | Observed | |", "| --- | --- | --- | ---: | --- |"]
    for item in every[:ROWS]:
        verdict = item.verdict
        state = f"{SIGNS[verdict.state]} {verdict.state}"
        unsaid = verdict.reason if verdict.state in ("passed", "not asked", "not evaluated") else ""
        said = [safe.markdown(safe.clip(words, 200)) for words in (verdict.baseline, unsaid) if words]
        more = "; ".join([item.observed, *said] if item.observed else said)
        lines.append(f"| {state} | {safe.markdown(verdict.name)} | {safe.markdown(safe.clip(verdict.bound, 200))} | {item.share} | {more} |")
    return lines if len(every) <= ROWS else [*lines, f"| | and {len(every) - ROWS} more | | | |"]


def _example(card: Card) -> str:
    """One article, as an item of a list: what was seen, in which article, where."""
    seen = card.quotes[0].marked if card.quotes else card.head
    parts = [safe.markdown(safe.clip(part, 200)) for part in (seen, card.title) if part]
    told = ", ".join(f"{name} {safe.markdown(safe.clip(value, 80))}" for name, value in card.facts)
    return f"- {' in '.join(parts) or 'no text'} ({safe.markdown(card.place)}{'; ' + told if told else ''})"
