"""How likely a change is by chance: of a share whose sources differ, of a share of one source, of a mean; and many at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from math import erfc, exp, log, sqrt

from audit.judge import regression
from audit.judge.regression import Run
from audit.result import Count, Total

LEAST = 1e-12
"""The smallest chance that is told apart from none."""


def of_runs(old: Run, new: Run) -> float:
    """The chance of a growth as large as from `old` to `new`, either way: where the gate's own interval begins to stand above 0."""
    return _least(lambda chance: regression.compare(old, new, Fraction(0), 1 - Fraction(chance) / 2).lower)


def _least(lower: Callable[[float], float]) -> float:
    """The least chance at which the two-sided interval's nearer end still stands above 0."""
    low, high = log(LEAST), 0.0
    if lower(LEAST) > 0:
        return LEAST
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (low, middle) if lower(exp(middle)) > 0 else (middle, high)
    return exp(high)


def of_counts(before: Count, after: Count) -> float:
    """The chance of as large a difference between two shares: chi-squared with Yates's correction, which small counts need (Yates 1934)."""
    whole, bad = before.counted + after.counted, before.bad + after.bad
    if not before.counted or not after.counted or bad in (0, whole):
        return 1.0
    apart = abs(before.bad * (after.counted - after.bad) - after.bad * (before.counted - before.bad)) - whole / 2
    square = whole * max(0.0, apart) ** 2 / (before.counted * after.counted * bad * (whole - bad))
    return max(LEAST, erfc(sqrt(square / 2)))


def of_mean(change: float, error: float) -> float:
    """The chance of a change as large, either way, by its standard error."""
    return max(LEAST, erfc(abs(change) / error / sqrt(2))) if error and change else float(not change)


def variance(total: Total, mean: float) -> float:
    """The largest variance that the 64 bins of a number allow."""
    at = dict(total.quantiles)
    edges = [min(at.get("min", 0.0), total.edges[0]), *total.edges[1:-1], max(at.get("max", 0.0), total.edges[-1])]
    kept = ((max(low, at.get("min", low)), min(high, at.get("max", high))) for low, high in pairwise(edges))
    return sum(n * max((low - mean) ** 2, (high - mean) ** 2) for n, (low, high) in zip(total.bins, kept, strict=True) if n) / total.counted


def adjusted(chances: Sequence[float]) -> list[float]:
    """Benjamini's and Hochberg's step-up: each chance by its rank among all, so that those up to RATE hold RATE false ones at most.

    >>> adjusted([0.01, 0.04, 0.03])
    [0.03, 0.04, 0.04]
    """
    order = sorted(range(len(chances)), key=lambda i: chances[i], reverse=True)
    out, least = [1.0] * len(chances), 1.0
    for place, i in enumerate(order):
        least = min(least, chances[i] * len(chances) / (len(chances) - place))
        out[i] = least
    return out
