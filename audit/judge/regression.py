"""Has a share grown since the baseline? The worsening, how sure it is, and the smallest drop that would be caught.

Articles of one source share its fate, so a thousand articles of three sources are no thousand witnesses. The variance of the
difference is linearised over sources (Cochran, Sampling Techniques, 3rd ed., 11.7; a source that is in both runs counts once, with the
difference of its two residuals), and as a design effect shrinks the samples in Newcombe's interval for a difference of two shares
(Newcombe 1998, method 10, on Wilson intervals), which stands near 0 too, where a standard error alone would not.
Closed form: no seed, the same counts give the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from statistics import NormalDist

DOUBT = 0.05
"""Sources are taken to be alike until they differ by more than chance would do once in twenty (benchmarks/gate.py: at 0.01 the gate fires
too often on small corpora of few sources)."""
EPSILON = 1e-9
POWER = 0.975
"""A drop is called catchable where it is caught so often; 0.95 is promised, and what is estimated needs room."""
UNTOLD = ("(no source)", "(other sources)")

Counts = Mapping[str, tuple[int, int]]
"""Per source (bad, counted)."""


@dataclass(frozen=True, slots=True)
class Run:
    """Bad and counted articles of a run, in all and per source; what `sources` leaves out counts as articles of no source."""

    bad: int
    counted: int
    sources: Counts


@dataclass(frozen=True, slots=True)
class Worsening:
    """What came of the comparison.

    Attributes:
        observed: The share of bad articles now less that of the baseline, exact; below 0 it got better.
        lower: One-sided lower bound of the true worsening, at the confidence asked for.
        catchable: The smallest true worsening that is caught in about 95 of 100 runs; fewer where sources are few (benchmarks/gate.py).
        sources: Sources that the bound rests on; 0: they do not differ beyond chance, and articles count one by one.
    """

    observed: Fraction
    lower: float
    catchable: float
    sources: int

    def fails(self, margin: Fraction) -> bool:
        """Whether it got worse by more than the margin, and not by chance."""
        return self.observed > margin and self.lower > 0


def compare(before: Run, now: Run, margin: Fraction, confidence: Fraction) -> Worsening:
    """How much worse `now` is than `before`; both have counted articles."""
    spread = _spread(before, now)
    sure, power = (spread.quantile(float(share)) for share in (confidence, POWER))
    old, new = (_Sample(run.bad / run.counted, run.counted / spread.effect) for run in (before, now))
    observed = Fraction(now.bad, now.counted) - Fraction(before.bad, before.counted)
    half = _half_width(old, new, sure)
    return Worsening(observed, float(observed) - half, _catchable(old, new.size, float(margin), sure, power), spread.sources)


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


@dataclass(frozen=True, slots=True)
class Spread:
    """How sources differ: the `effect` on the variance, its degrees of `freedom`, and the `sources`; 1, 0 and 0 where that is left out."""

    effect: float = 1.0
    freedom: float = 0.0
    sources: int = 0

    def quantile(self, share: float) -> float:
        """Student's, since the variance between sources is an estimate itself; else the normal one."""
        if not self.sources:
            return NormalDist().inv_cdf(share)
        from scipy.special import stdtrit  # 0.3 s, needed with a baseline alone

        return float(stdtrit(self.freedom, share))


def _spread(before: Run, now: Run) -> Spread:
    """The variance of the difference over sources, by that over articles.

    With source s a share w of the articles, its residual's square is w^2 (1 - 2w + sum of w^2) of the variance between sources, so a large
    source that draws the mean to itself is not taken for a steady one. Sources of unequal size count like 1 / sum of w^2 equal ones (Kish 1965).
    """
    old, new = before.bad / before.counted, now.bad / now.counted
    single = old * (1 - old) / before.counted + new * (1 - new) / now.counted
    names = sorted((before.sources.keys() | now.sources.keys()) - set(UNTOLD))
    pairs = [(before.sources.get(name, (0, 0)), now.sources.get(name, (0, 0))) for name in names]
    weights = [(was[1] / before.counted + is_[1] / now.counted) / 2 for was, is_ in pairs]
    residuals = [(is_[0] - new * is_[1]) / now.counted - (was[0] - old * was[1]) / before.counted for was, is_ in pairs]
    return beyond_chance(residuals, weights, single)


def beyond_chance(residuals: Sequence[float], weights: Sequence[float], single: float) -> Spread:
    """How sources differ: each one's residual and its share of the articles, beside the variance `single` of as many articles on their own."""
    known = sum(weights)
    if len(weights) < 2 or not single or not known:
        return Spread()
    weights = [weight / known for weight in weights]
    squares = sum(weight * weight for weight in weights)
    clustered = single * (1 - known)  # articles without a source stand for themselves
    clustered += sum(residual * residual / max(1 - 2 * weight + squares, EPSILON) for residual, weight in zip(residuals, weights, strict=True))
    from scipy.special import chdtri

    effect, freedom = clustered / single, 1 / squares - 1
    beyond = effect > 1 and freedom > 0 and effect * freedom > chdtri(freedom, DOUBT)
    return Spread(effect, freedom, len(weights)) if beyond else Spread()
