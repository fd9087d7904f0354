"""Has a share grown since the baseline? The worsening, how sure it is, and the smallest drop that would be caught.

Articles of one source share its fate, so a thousand articles of three sources are no thousand witnesses. What sources add to the variance
(audit.judge.spread) shrinks, as a design effect, the samples in Newcombe's interval for a difference of two shares (Newcombe 1998, method 10,
on Wilson intervals), which stands near 0 too, where a standard error alone would not; few sources tell their variance badly, hence Student's
quantiles. Where sources do not differ beyond doubt, articles count one by one; what would surely be caught is told without that ease.
Closed form: no seed, the same counts give the same answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from statistics import NormalDist

from audit.judge import spread
from audit.judge.spread import Run, Spread

POWER = 0.975
"""A drop is called catchable where it is caught so often; 0.95 is promised, and what is estimated needs room."""


@dataclass(frozen=True, slots=True)
class Worsening:
    """What came of the comparison.

    Attributes:
        observed: The share of bad articles now less that of the baseline, exact; below 0 it got better.
        lower: One-sided lower bound of the true worsening, at the confidence asked for.
        error: The standard error that the promise is about: a worsening of max(margin + 1.65 errors, 3.3 errors) is caught in 95 of 100 runs.
            What sources add is in it, and how badly few of them tell that.
        catchable: The smallest true worsening that is caught in at least 95 of 100 runs.
        known: Sources that were compared.
        sources: Those that the bound rests on; 0: they do not differ beyond doubt, and articles count one by one.
    """

    observed: Fraction
    lower: float
    error: float
    catchable: float
    known: int
    sources: int

    def fails(self, margin: Fraction) -> bool:
        """Whether it got worse by more than the margin, and not by chance."""
        return self.observed > margin and self.lower > 0


def compare(before: Run, now: Run, margin: Fraction, confidence: Fraction) -> Worsening:
    """How much worse `now` is than `before`; both have counted articles."""
    whole = spread.between(before, now)
    used, sure = whole.settled, float(confidence)
    observed = Fraction(now.bad, now.counted) - Fraction(before.bad, before.counted)
    lower = float(observed) - _half_width(*_samples(before, now, used), used.quantile(sure))
    old, new = _samples(before, now, whole)
    error = sqrt(old.variance + new.variance) * whole.quantile(sure) / NormalDist().inv_cdf(sure)
    catchable = _catchable(old, new.size, float(margin), whole.quantile(sure), whole.quantile(POWER))
    return Worsening(observed, lower, error, catchable, whole.sources, used.sources)


def _samples(before: Run, now: Run, found: Spread) -> tuple[_Sample, _Sample]:
    """Both runs, worth fewer articles by what sources add to the variance."""
    old, new = (_Sample(run.bad / run.counted, run.counted / found.effect) for run in (before, now))
    return old, new


@dataclass(frozen=True, slots=True)
class _Sample:
    """A share, and how many independent articles it is worth."""

    share: float
    size: float

    @property
    def variance(self) -> float:
        return self.share * (1 - self.share) / self.size


def _half_width(old: _Sample, new: _Sample, quantile: float) -> float:
    """Newcombe's distance from the observed difference down to its lower bound."""
    low = new.share - wilson(new.share, new.size, quantile)[0]
    high = wilson(old.share, old.size, quantile)[1] - old.share
    return sqrt(low * low + high * high)


def _catchable(old: _Sample, size: float, margin: float, sure: float, power: float) -> float:
    """The smallest true drop from `old` that a run of that size shows, in POWER of runs, as one that fails; the rest up to 1 if there is none."""

    def shown(drop: float) -> bool:
        return drop > margin and drop > _half_width(old, _Sample(old.share + drop, size), sure)

    least = _first(shown, 1 - old.share)

    def caught(drop: float) -> bool:
        return drop - power * sqrt(old.variance + _Sample(old.share + drop, size).variance) >= least

    return _first(caught, 1 - old.share)


def _first(holds: Callable[[float], bool], most: float) -> float:
    """The least number up to `most` from which it holds, to nine digits."""
    low, high = 0.0, most
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def wilson(share: float, count: float, quantile: float) -> tuple[float, float]:
    """The score interval of a share among `count` articles (Wilson 1927)."""
    square = quantile * quantile
    middle = share + square / (2 * count)
    spread = quantile * sqrt(max(0.0, share * (1 - share) / count + square / (4 * count * count)))
    return max(0.0, (middle - spread) / (1 + square / count)), min(1.0, (middle + spread) / (1 + square / count))
