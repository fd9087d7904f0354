"""Verdicts as a reader sees them: what was seen in words and in per cent, where it is most, and which are worst."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audit.result import Group, Total, Verdict
from audit.show import against, evidence, numbers
from audit.show.shelf import Shelf
from audit.tables import BY_NAME

WORST = 5
SOURCES = 10
"""Sources of an expectation."""
SEVERITY = {"error": 0, "warning": 1, "info": 2}
SIGNS = {"passed": "✓", "failed": "✗", "warned": "!", "not asked": "–", "not evaluated": "?"}
STATE = {"failed": 0, "not evaluated": 1, "warned": 2, "passed": 3, "not asked": 4}


@dataclass(frozen=True, slots=True)
class Share:
    """`bad` of `counted` as text, and as the width of a bar (0-100)."""

    name: str
    bad: str
    counted: str
    share: str
    width: float
    heat: int = 0


@dataclass(frozen=True, slots=True)
class Judged:
    """One verdict, with what it looks like.

    Attributes:
        anchor: Its name on the page.
        observed: What was seen, in words.
        share: What was seen, in per cent, as a statistic, or as sources against it.
        width: The same as the width of a bar, 0-100; `limit`: the bound on this bar, None where it has none.
        about: What the measure says.
        sources: Where it is most, of `sources_all`.
        groups: Sources that were judged one by one, with what was seen in each.
        cards: Examples.
    """

    anchor: str
    verdict: Verdict
    observed: str
    share: str
    width: float
    limit: float | None
    about: str
    sources: tuple[Share, ...]
    sources_all: int
    groups: tuple[tuple[Group, str], ...]
    cards: tuple[evidence.Card, ...]


def judged(shelf: Shelf, examples: int = evidence.CARDS) -> tuple[Judged, ...]:
    """Every verdict, in the order of the suite, with at most so many examples each."""
    totals = {total.measure: total for total in shelf.result.document.totals}
    every = shelf.result.document.verdicts
    chosen = [evidence.choose(verdict, shelf, examples) for verdict in every]
    shelf.know(article for articles in chosen for article in articles)
    cards = [tuple(evidence.card(article, verdict.measure, shelf) for article in articles) for verdict, articles in zip(every, chosen, strict=True)]
    return tuple(_judged(number, verdict, card, totals) for number, (verdict, card) in enumerate(zip(every, cards, strict=True), 1))


def _judged(number: int, verdict: Verdict, cards: tuple[evidence.Card, ...], totals: dict[str, Total]) -> Judged:
    total = totals.get(verdict.measure)
    every = total.sources if total is not None and total.count is not None and against.plain(verdict) else ()
    worst = sorted(((name, count) for name, count in every if count.bad), key=lambda item: (-item[1].bad, item[1].counted, item[0]))
    return Judged(
        anchor=f"e{number}",
        verdict=verdict,
        observed=observed(verdict),
        share=seen(verdict),
        width=_width(*_counts(verdict)),
        limit=_limit(verdict),
        about=BY_NAME[verdict.measure].about if verdict.measure in BY_NAME else "",
        sources=tuple(share(name, count.bad, count.counted) for name, count in worst[:SOURCES]),
        sources_all=len(worst),
        groups=tuple((group, _group(group, verdict)) for group in verdict.groups[:SOURCES]),
        cards=cards,
    )


def observed(verdict: Verdict) -> str:
    """What was seen, in words: "3 of 10,000 articles", "median 120", "2 of 9 sources"; "" where nothing was looked at."""
    if verdict.n_groups:
        return f"{numbers.count(verdict.bad_groups)} of {numbers.count(verdict.n_groups, 'source')}"
    if verdict.bad is not None and verdict.counted is not None:
        return f"{numbers.count(verdict.bad)} of {numbers.count(verdict.counted, 'article')}"
    if verdict.value is None:
        return ""
    return f"{against.entry(verdict).get('statistic', 'value')} {numbers.number(verdict.value)}"


def seen(verdict: Verdict) -> str:
    """The share in per cent, the statistic, or how many sources are against it; "–" where there is none of these."""
    if verdict.n_groups:
        return f"{numbers.count(verdict.bad_groups)} of {numbers.count(verdict.n_groups)}"
    if verdict.bad is not None and verdict.counted is not None:
        return numbers.share(verdict.bad, verdict.counted, against.bound(verdict))
    return "–" if verdict.value is None else numbers.number(verdict.value)


def _counts(verdict: Verdict) -> tuple[int | None, int | None]:
    """What the bar is of: sources where these were judged, else articles."""
    return (verdict.bad_groups, verdict.n_groups) if verdict.n_groups else (verdict.bad, verdict.counted)


def _limit(verdict: Verdict) -> float | None:
    bound = against.bound(verdict)
    return None if bound is None or verdict.n_groups or not verdict.counted else round(float(100 * bound), 2)


def _group(group: Group, verdict: Verdict) -> str:
    if group.bad is not None:
        return f"{numbers.share(group.bad, group.counted, against.bound(verdict))} ({group.bad:,} of {group.counted:,})"
    return "–" if group.value is None else numbers.number(group.value)


def _width(bad: int | None, counted: int | None) -> float:
    """Per cent as the width of a bar; what is there can be seen."""
    return max(0.7, round(100 * bad / counted, 1)) if bad and counted else 0.0


def share(name: str, bad: int, counted: int) -> Share:
    """A share with its bar and its heat, 0 (none) to 4 (half or more)."""
    heat = sum(100 * bad >= percent * counted for percent in (1, 5, 20, 50)) if bad else 0
    return Share(name, numbers.count(bad), numbers.count(counted), numbers.share(bad, counted), _width(bad, counted), heat)


def worst(every: Sequence[Judged]) -> tuple[Judged, ...]:
    """What is wrong most: failed before warned, errors before warnings, the larger share first."""
    wrong = [item for item in every if item.verdict.state in ("failed", "warned")]
    wrong.sort(key=lambda item: (STATE[item.verdict.state], SEVERITY.get(item.verdict.severity, 3), -item.width))
    return tuple(wrong[:WORST])
