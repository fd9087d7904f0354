"""The summary that `run` prints: the verdict, what is worst with an example each, where the report is. Ten seconds' reading."""

from __future__ import annotations

from audit.result import Result
from audit.show import history, numbers, safe, signals, verdicts
from audit.show.compared import turned
from audit.show.contents import facts
from audit.show.explained import explain
from audit.show.markdown import headline
from audit.show.paper import Paper
from audit.show.shelf import Shelf
from audit.show.verdicts import SIGNS, Judged

__all__ = ["explain", "summary"]

SOURCES = 3
"""Sources where it is most."""
COLOURS = {"passed": "green", "failed": "bold red", "warned": "yellow", "not evaluated": "bold red", "not asked": "dim"}


def summary(result: Result) -> str:
    """The result in a screenful; coloured where standard output is a terminal."""
    document, paper = result.document, Paper()
    every = verdicts.judged(Shelf(result), 1)
    paper.line((headline(document), "bold green" if document.gate.passed else "bold red"))
    paper.line((" · ".join(value if label == "dates" else f"{value} {label}" for label, value in facts(document) if value != "0"), "dim"))
    if said := history.against(document, every):
        paper.line(said)
    worst = verdicts.worst(every)
    for item in worst:
        paper.line("")
        _wrong(item, paper)
    rest = [item for item in every if item.verdict.state in ("failed", "warned", "not evaluated") and item not in worst]
    if rest:
        paper.line("")
        paper.line(("and ", "dim"), *_joined(rest))
    paper.line("")
    for words in turned(document.turnover) if document.turnover is not None else []:
        paper.line("since the baseline  ", (words, "dim"))
    if document.fields:
        paper.line("fields  ", (", ".join(role if role == name else f"{role} from {name}" for role, name in document.fields), "dim"))
    if document.learned:
        repeated = numbers.count(len(document.learned), "line")
        paper.line("learned ", (f"{repeated} that sources repeat (learned.parquet); to adopt or forbid one: report.html#boilerplate", "dim"))
    if seen := signals.line(document):
        paper.line("signals ", (seen, "dim"))
    paper.line("report  ", (str(result.folder / "report.html"), "bold"))
    return paper.text


def _wrong(item: Judged, paper: Paper) -> None:
    """An expectation that is not met: what it is, how much, and an example."""
    verdict = item.verdict
    colour = COLOURS[verdict.state]
    paper.line((f"{SIGNS[verdict.state]} ", colour), (verdict.name, "bold"), "  ", (item.share, colour), (f"  asked: {verdict.bound}", "dim"))
    seen = [
        item.observed,
        f"95 % interval {item.interval}" if item.interval else "",
        verdict.baseline or (f"was {item.before}" if item.before else ""),
    ]
    paper.line(", ".join(filter(None, seen)), *([(f", {item.change}", "bold")] if item.change else []), indent=2)
    where = [f"{group.source} {said}" for group, said in item.groups[:SOURCES] if not group.passed]
    where = where or [f"{row.name} {row.share}" for row in item.sources[:SOURCES]]
    if where:
        paper.line(("most in ", "dim"), ", ".join(where), indent=2)
    for card in item.cards:
        marked = card.quotes[0].marked if card.quotes else card.title or card.head
        told = [] if card.quotes else [f"{name} {value}" for name, value in card.facts]
        paper.line((f"“{safe.clip(safe.line(marked), 140)}”", "italic"), indent=2)
        paper.line((" · ".join([card.place, *told]), "dim"), indent=2)


def _joined(rest: list[Judged]) -> list[tuple[str, str]]:
    """The other expectations that are not met, in one line."""
    parts: list[tuple[str, str]] = []
    for number, item in enumerate(rest[:8]):
        parts.append((f"{', ' if number else ''}{SIGNS[item.verdict.state]} {item.verdict.name} {item.share}", COLOURS[item.verdict.state]))
    return parts if len(rest) <= 8 else [*parts, (f" and {len(rest) - 8} more", "dim")]
