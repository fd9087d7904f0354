"""What was observed, told more fully: how sure the figure is, in which sources it is worst, and what it was in the baseline.

An interval says where the figure would lie, 95 times in 100, were the corpus a fair sample of what its sources publish. Articles of one
source share its fate, so the variance is taken over sources where these differ beyond chance (audit.judge.spread), and shrinks the sample in
Wilson's interval for a share; an interval for a quantile is Wilson's for the share of articles up to it, read off the sorted values (Woodruff
1952); one for a mean is Student's. Closed form, rounded to six digits: no seed, the same counts give the same answer.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil, floor, hypot, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from audit.judge import baseline, regression
from audit.judge.narrow import Articles
from audit.judge.spread import UNTOLD, Run, Spread, beyond_chance
from audit.result import NO_SOURCE, Before, Count, Document, Interval, Verdict
from audit.suite.expectation import Expectation

CONFIDENCE = Fraction(95, 100)
BOTH_SIDES = float(1 - (1 - CONFIDENCE) / 2)
WORST_AT_MOST = 10
ANSWERED = ("passed", "failed", "warned")


def told(judged: Verdict, e: Expectation, articles: Articles, run: Run | None, before: Document | None) -> Verdict:
    """The verdict with its interval, its worst sources and what the baseline shows; as it is where nothing was counted.

    `run`: for a share of articles, this run's counts.
    """
    if judged.state not in ANSWERED:
        return judged
    if e.core or (e.min_articles is not None):
        return replace(judged, before=_before(judged, None, e, before))
    if e.statistic:
        judged = replace(judged, interval=_of_statistic(e, articles))
        return replace(judged, before=_before(judged, None, e, before))
    assert run is not None
    worst = _worst(run) if e.at_least is None else ()
    judged = replace(judged, interval=share(run), worst=worst[:WORST_AT_MOST], n_worst=len(worst))
    return replace(judged, before=_before(judged, run, e, before))


def share(run: Run) -> Interval | None:
    """The interval of the share of bad articles, of which some count; None where sources differ and too few of them have weight to say how much."""
    spread = _spread(run)
    if _blind(spread):
        return None
    low, high = _around(run.bad / run.counted, run.counted, spread)
    return Interval(_short(low), _short(high), spread.sources)


def _spread(run: Run) -> Spread:
    part = run.bad / run.counted
    counts = [(b, n) for name, (b, n) in run.sources.items() if name not in UNTOLD]
    residuals = [(b - part * n) / run.counted for b, n in counts]
    return beyond_chance(residuals, [n / run.counted for _, n in counts], part * (1 - part) / run.counted)


def _blind(spread: Spread) -> bool:
    """Whether sources differ, but count like less than two: any share could then be theirs."""
    return spread.sources > 0 and spread.freedom < 1


def _around(part: float, counted: int, spread: Spread) -> tuple[float, float]:
    return regression.wilson(part, counted / spread.effect, spread.quantile(BOTH_SIDES))


def _of_statistic(e: Expectation, articles: Articles) -> Interval | None:
    """The interval of a median, mean or percentile; None for the least and the most, of which a sample says nothing."""
    values, codes = articles.numbers(e)
    if e.statistic in ("min", "max"):
        return None
    if e.statistic == "mean":
        return mean(values, codes)
    return quantile(values, codes, 0.5 if e.statistic == "median" else int(e.statistic[1:]) / 100)


def quantile(values: npt.NDArray, codes: npt.NDArray[np.int64], point: float) -> Interval | None:
    """The interval of a quantile of at least one value; `codes`: each one's source, -1 for none."""
    count = len(values)
    rank = min(int(point * count), count - 1)
    at = np.partition(values, rank)[rank]
    below = values <= at
    known = codes >= 0
    totals, under = np.bincount(codes[known]), np.bincount(codes[known & below], minlength=int(codes.max(initial=-1)) + 1)
    sources = {str(code): (int(under[code]), int(totals[code])) for code in np.flatnonzero(totals)}
    spread = _spread(Run(int(below.sum()), count, sources))
    if _blind(spread):
        return None
    ends = _around(point, count, spread)
    low, high = max(floor(ends[0] * count), 0), min(ceil(ends[1] * count) - 1, count - 1)
    ordered = np.partition(values, sorted({low, high}))
    return Interval(_short(ordered[low]), _short(ordered[high]), spread.sources)


def mean(values: npt.NDArray, codes: npt.NDArray[np.int64]) -> Interval | None:
    """The interval of the mean of at least one value; `codes`: each one's source, -1 for none."""
    count, middle = len(values), float(values.mean())
    single = float(values.var()) / count
    known = codes >= 0
    totals, sums = np.bincount(codes[known]), np.bincount(codes[known], weights=values[known])
    here = np.flatnonzero(totals)
    residuals = ((sums[here] - middle * totals[here]) / count).tolist()
    spread = beyond_chance(residuals, (totals[here] / count).tolist(), single)
    if _blind(spread):
        return None
    half = spread.quantile(BOTH_SIDES) * sqrt(single * spread.effect)
    low, high = max(middle - half, float(values.min())), min(middle + half, float(values.max()))  # no mean lies beyond its values
    return Interval(_short(low), _short(high), spread.sources)


def _worst(run: Run) -> tuple[tuple[str, Count], ...]:
    """The sources with bad articles, those with most of them first; articles of no source as one."""
    rest = run.bad - sum(b for b, _ in run.sources.values()), run.counted - sum(n for _, n in run.sources.values())
    every = [*run.sources.items(), (NO_SOURCE, rest)]
    ranked = sorted(((name, Count(*counts)) for name, counts in every if counts[0]), key=lambda item: (-item[1].bad, item[1].counted, item[0]))
    return tuple(ranked)


def _before(judged: Verdict, run: Run | None, e: Expectation, document: Document | None) -> Before | None:
    """The same figure of the baseline, and whether this one is better or worse; None where the baseline does not hold it."""
    if document is None:
        return None
    then = baseline.run(e, document) if run is not None else None
    if then is not None and run is not None and then.counted:
        return Before(then.bad, then.counted, None, share(then), _sign(e, _beyond(then, run)))
    same = baseline.same_question(e, document)
    if same is None or same.state not in ANSWERED:
        return None
    if judged.n_groups:
        return Before(same.bad_groups, same.n_groups, None, None, "") if same.n_groups else None
    figures = _figure(same), _figure(judged)
    if None in figures:
        return None
    return Before(same.bad, same.counted if same.bad is not None else None, same.value, same.interval, _sign(e, _apart(same, judged)))


def _beyond(then: Run, now: Run) -> int:
    """1 if the share grew beyond chance, -1 if it shrank, else 0; as sure as the gate is by default, so that both say the same."""
    if regression.compare(then, now, Fraction(0), CONFIDENCE).lower > 0:
        return 1
    return -1 if regression.compare(now, then, Fraction(0), CONFIDENCE).lower > 0 else 0


def _apart(then: Verdict, now: Verdict) -> int:
    """The same of two figures of which the intervals alone are known (Newcombe 1998, method 10, squares and adds their arms)."""
    if then.interval is None or now.interval is None:
        return 0
    old, new = _figure(then) or 0.0, _figure(now) or 0.0
    if new - old - hypot(new - now.interval.low, then.interval.high - old) > 0:
        return 1
    return -1 if new - old + hypot(now.interval.high - new, old - then.interval.low) < 0 else 0


def _figure(verdict: Verdict) -> float | None:
    return verdict.bad / verdict.counted if verdict.bad is not None and verdict.counted else verdict.value


def _sign(e: Expectation, change: int) -> str:
    """A change as the expectation sees it: better, worse, or "" where it may be chance; up or down where both ends are bounded."""
    if not change:
        return ""
    if e.at_most is not None and e.at_least is not None:
        return "up" if change > 0 else "down"
    return "worse" if (change > 0) == (e.at_least is None) else "better"


def _short(value: Any) -> float:
    """Six digits: what lies beyond may differ between machines."""
    return float(f"{float(value):.6g}")
