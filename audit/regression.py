"""Has a share grown since the baseline? The worsening, how sure it is, and the smallest drop that would be caught.

Articles of one source share its fate, so a thousand articles of three sources are no thousand witnesses. The variance of the
difference is linearised over sources (Cochran, Sampling Techniques, 3rd ed., 11.7; a source that is in both runs counts once, with the
difference of its two residuals), and as a design effect shrinks the samples in Newcombe's interval for a difference of two shares
(Newcombe 1998, method 10, on Wilson intervals), which stands near 0 too, where a standard error alone would not.
Closed form: no seed, the same counts give the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from statistics import NormalDist

SOURCES_AT_LEAST = 10
ARTICLES_AT_LEAST = 20
"""With fewer sources of so many articles (both runs together), how sources differ cannot be told: articles count one by one."""
POWER = NormalDist().inv_cdf(0.95)
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
        error: The standard error that the bound amounts to (its distance from `observed` by the normal quantile).
        catchable: The smallest true worsening that is caught in at least 95 of 100 runs.
        sources: Sources the standard error rests on; 0: articles counted one by one.
    """

    observed: Fraction
    lower: float
    error: float
    catchable: float
    sources: int

    def fails(self, margin: Fraction) -> bool:
        """Whether it got worse by more than the margin, and not by chance."""
        return self.observed > margin and self.lower > 0


def compare(before: Run, now: Run, margin: Fraction, confidence: Fraction) -> Worsening:
    """How much worse `now` is than `before`; both have counted articles."""
    normal = NormalDist().inv_cdf(float(confidence))
    single = _half_width(before, now, normal, 1.0)
    effect, effective = _design_effect(before, now)
    half = single
    if effective >= SOURCES_AT_LEAST:
        half = max(single, _half_width(before, now, student(normal, effective - 1), effect))
    observed = Fraction(now.bad, now.counted) - Fraction(before.bad, before.counted)
    error = half / normal if normal else half
    catchable = max(float(margin) + POWER * error, (normal + POWER) * error)
    return Worsening(observed, float(observed) - half, error, catchable, int(effective) if effective >= SOURCES_AT_LEAST else 0)


def _half_width(before: Run, now: Run, quantile: float, effect: float) -> float:
    """Newcombe's distance from the observed difference down to its lower bound, the samples shrunk by the design effect."""
    old, new = before.bad / before.counted, now.bad / now.counted
    low = new - wilson(new, now.counted / effect, quantile)[0]
    high = wilson(old, before.counted / effect, quantile)[1] - old
    return sqrt(low * low + high * high)


def wilson(share: float, count: float, quantile: float) -> tuple[float, float]:
    """The score interval of a share among `count` articles (Wilson 1927)."""
    square = quantile * quantile
    middle = share + square / (2 * count)
    spread = quantile * sqrt(max(0.0, share * (1 - share) / count + square / (4 * count * count)))
    return max(0.0, (middle - spread) / (1 + square / count)), min(1.0, (middle + spread) / (1 + square / count))


def _design_effect(before: Run, now: Run) -> tuple[float, float]:
    """(variance of the difference over sources by that over articles, at least 1; the effective number of sources).

    Sources of unequal size weigh like fewer equal ones: 1 / sum of squared shares of articles (Kish 1965).
    """
    p_old, p_new = before.bad / before.counted, now.bad / now.counted
    single = p_old * (1 - p_old) / before.counted + p_new * (1 - p_new) / now.counted
    known = _known(before, now)
    if not known or not single:
        return 1.0, 0.0
    residuals, weights = [], []
    for (bad_old, n_old), (bad_new, n_new) in known:
        residuals.append((bad_new - p_new * n_new) / now.counted - (bad_old - p_old * n_old) / before.counted)
        weights.append(n_new / now.counted + n_old / before.counted)
    total = sum(weights)
    effective = total * total / sum(weight * weight for weight in weights)
    if effective <= 1:
        return 1.0, effective
    clustered = effective / (effective - 1) * sum(residual * residual for residual in residuals)
    return max(1.0, (clustered + single * (1 - total / 2)) / single), effective


def _known(before: Run, now: Run) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Per source that has enough articles in both runs together: its counts before and now. Sorted, so that sums are the same."""
    names = sorted((before.sources.keys() | now.sources.keys()) - set(UNTOLD))
    pairs = [(before.sources.get(name, (0, 0)), now.sources.get(name, (0, 0))) for name in names]
    return [(old, new) for old, new in pairs if old[1] + new[1] >= ARTICLES_AT_LEAST]


def student(normal: float, freedom: float) -> float:
    """Student's quantile at that normal quantile, for at least 9 degrees of freedom to three digits (Abramowitz and Stegun 26.7.5)."""
    z = normal
    terms = ((z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96, (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384)
    return z + sum(term / freedom**power for power, term in enumerate(terms, 1))
