"""Verdicts as a reader sees them: what was seen in words and in per cent, where it is most, and which are worst."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from audit.result import Before, Group, Interval, Verdict
from audit.show import against, evidence, numbers
from audit.show.shelf import Shelf
from audit.tables import BY_NAME

WORST = 5
GROUPS = 12
"""Sources of an expectation that judges them one by one."""
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
class Bullet:
    """What was seen beside its bound, on a scale of its own, 0-100: the `bar`, the `limit`, and the ends of the interval; None: there is none."""

    bar: float
    limit: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Judged:
    """One verdict, with what it looks like.

    Attributes:
        anchor: Its name on the page.
        observed: What was seen, in words.
        share: What was seen, in per cent, as a statistic, or as sources against it.
        interval: How sure that is, "12.4 – 25.6 %"; "" where nobody can say. `rests`: what it rests on, in words.
        bullet: The same drawn; None where nothing was counted.
        before: What the baseline shows; "" without one. `change`: better, worse, up or down; "" if that may be chance.
        about: What the measure says.
        sources: Where it is most, of `sources_all`.
        groups: Sources that were judged one by one, with what was seen in each.
        cards: Examples.
    """

    anchor: str
    verdict: Verdict
    observed: str
    share: str
    interval: str
    rests: str
    bullet: Bullet | None
    before: str
    change: str
    about: str
    sources: tuple[Share, ...]
    sources_all: int
    groups: tuple[tuple[Group, str], ...]
    cards: tuple[evidence.Card, ...]


def judged(shelf: Shelf, examples: int = evidence.CARDS) -> tuple[Judged, ...]:
    """Every verdict, in the order of the suite, with at most so many examples each."""
    every = shelf.result.document.verdicts
    chosen = [evidence.choose(verdict, shelf, examples) for verdict in every]
    shelf.know(article for articles in chosen for article in articles)
    cards = [tuple(evidence.card(article, verdict.measure, shelf) for article in articles) for verdict, articles in zip(every, chosen, strict=True)]
    return tuple(_judged(number, verdict, card) for number, (verdict, card) in enumerate(zip(every, cards, strict=True), 1))


def _judged(number: int, verdict: Verdict, cards: tuple[evidence.Card, ...]) -> Judged:
    return Judged(
        anchor=f"e{number}",
        verdict=verdict,
        observed=observed(verdict),
        share=seen(verdict),
        interval=_interval(verdict.interval, verdict),
        rests=_rests(verdict.interval),
        bullet=bullet(verdict),
        before=_before(verdict.before, verdict),
        change=verdict.before.change if verdict.before is not None else "",
        about=BY_NAME[verdict.measure].about if verdict.measure in BY_NAME else "",
        sources=tuple(share(name, count.bad, count.counted) for name, count in verdict.worst),
        sources_all=verdict.n_worst,
        groups=tuple((group, _group(group, verdict)) for group in verdict.groups[:GROUPS]) if verdict.n_groups else (),
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


def _interval(interval: Interval | None, verdict: Verdict) -> str:
    if interval is None:
        return ""
    ends = (interval.low, interval.high)
    return numbers.shares(*ends) if verdict.bad is not None else " – ".join(map(numbers.number, ends))


def _rests(interval: Interval | None) -> str:
    if interval is None:
        return ""
    return f"over {numbers.count(interval.sources, 'source')} that differ" if interval.sources else "articles counted one by one"


def _before(before: Before | None, verdict: Verdict) -> str:
    """The baseline's figure, as `seen` and `observed` say this run's."""
    if before is None:
        return ""
    if before.value is not None:
        return numbers.number(before.value)
    bad, counted = before.bad or 0, before.counted or 0
    if verdict.n_groups:
        return f"{numbers.count(bad)} of {numbers.count(counted)}"
    return f"{numbers.share(bad, counted)} ({numbers.count(bad)} of {numbers.count(counted)})"


def bullet(verdict: Verdict) -> Bullet | None:
    """The figure on a scale that reaches a little beyond it, its interval and its bound; of sources, beyond their number."""
    bound = against.limit(verdict)
    if verdict.n_groups:
        return Bullet(_part(verdict.bad_groups, verdict.n_groups), None, None, None)
    figure = verdict.bad / verdict.counted if verdict.bad is not None and verdict.counted else verdict.value
    if figure is None or figure < 0:
        return None
    ends = (verdict.interval.low, verdict.interval.high) if verdict.interval is not None else (None, None)
    most = 1.08 * max(figure, bound or 0, ends[1] or 0)
    low, high = (None if end is None else _part(max(0, end), most) for end in ends)
    return Bullet(_part(figure, most), None if bound is None else _part(bound, most), low, high)


def _part(value: float, of: float) -> float:
    """Per cent of a scale; what is there can be seen."""
    return round(max(0.4, 100 * value / of), 2) if value and of else 0.0


def _group(group: Group, verdict: Verdict) -> str:
    if group.bad is not None:
        return f"{numbers.share(group.bad, group.counted, against.bound(verdict))} ({group.bad:,} of {group.counted:,})"
    return "–" if group.value is None else numbers.number(group.value)


def _width(bad: int | None, counted: int | None) -> float:
    """Per cent as the width of a bar; what is there can be seen."""
    return max(0.7, round(100 * bad / counted, 1)) if bad and counted else 0.0


def share(name: str, bad: int, counted: int, most: int = 0) -> Share:
    """A share with its heat, 0 (none) to 4 (half or more), and its bar: of `counted`, or of `most`, the largest of several."""
    heat = sum(100 * bad >= percent * counted for percent in (1, 5, 20, 50)) if bad else 0
    return Share(name, numbers.count(bad), numbers.count(counted), numbers.share(bad, counted), _width(bad, most or counted), heat)


def _gravity(verdict: Verdict) -> float:
    """The share of articles, or of sources, that are against it."""
    bad, of = (verdict.bad_groups, verdict.n_groups) if verdict.n_groups else (verdict.bad, verdict.counted)
    return bad / of if bad and of else 0.0


def worst(every: Sequence[Judged]) -> tuple[Judged, ...]:
    """What is wrong most: failed before warned, errors before warnings, the larger share first."""
    wrong = [item for item in every if item.verdict.state in ("failed", "warned")]
    wrong.sort(key=lambda item: (STATE[item.verdict.state], SEVERITY.get(item.verdict.severity, 3), -_gravity(item.verdict)))
    return tuple(wrong[:WORST])
