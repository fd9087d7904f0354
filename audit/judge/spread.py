"""How much sources differ: the factor by which that widens the variance of a share, or of the difference of two runs' shares.

Model of a difference: source s has a share w of a run's articles, and the rate of its bad ones moves between the runs by chance, with the same
variance in every source. The residual of s then has the variance V(1 - 2w) + w^2 T, where V is the sampling of its articles plus that variance times
g = w_before^2 + w_now^2, and T the sum of V (a source that is in both runs counts once, with the difference of its two residuals: Cochran,
Sampling Techniques, 3rd ed., 11.7). The variance between sources is estimated by moments of the squared residuals, its degrees of freedom after
Satterthwaite (1946) from their covariances. Closed form: no seed, the same counts give the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

DOUBT = 0.2
"""Sources are taken to be alike until they differ by more than chance would do once in five. Rarer doubt catches a little more where they are
alike, and gives too many false alarms where they differ a little and are few (benchmarks/gate.py)."""
UNTOLD = ("(no source)", "(other sources)")
EPSILON = 1e-9
STEPS = 2
"""One step catches a little more, and its false alarms come to 6 to 7 % where articles are few and sources many."""

Counts = Mapping[str, tuple[int, int]]
"""Per source (bad, counted)."""
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Run:
    """Bad and counted articles of a run, in all and per source; what `sources` leaves out counts as articles of no source."""

    bad: int
    counted: int
    sources: Counts


@dataclass(frozen=True, slots=True)
class Spread:
    """What sources add to a variance.

    Attributes:
        effect: The variance with them by that of as many articles on their own.
        freedom: Degrees of freedom of that estimate; 0 where no two sources are told apart.
        sources: How many sources it rests on.
        differ: Whether they differ beyond doubt.
    """

    effect: float = 1.0
    freedom: float = 0.0
    sources: int = 0
    differ: bool = False

    def quantile(self, share: float) -> float:
        """Student's, since the variance between sources is an estimate itself; without sources the normal one."""
        if not self.sources:
            return NormalDist().inv_cdf(share)
        from scipy.special import stdtrit  # 0.3 s, needed with a baseline alone

        return float(stdtrit(self.freedom, share))

    @property
    def settled(self) -> Spread:
        """Itself where sources differ beyond doubt; else articles count one by one."""
        return self if self.differ else Spread()


def between(before: Run, now: Run) -> Spread:
    """The spread of how each source has changed from one run to another; both have counted articles."""
    share = (before.bad + now.bad) / (before.counted + now.counted)
    single = share * (1 - share) * (1 / before.counted + 1 / now.counted)
    names = sorted((before.sources.keys() | now.sources.keys()) - set(UNTOLD))
    if len(names) < 2 or not single:
        return Spread()
    moments = _moments(before, now, names, single)
    found = _estimate(moments, 0.0)
    for _ in range(STEPS if found.differ else 0):  # the more surely sources differ, the more is each one a vote of its own, whatever its size
        found = replace(_estimate(moments, _surely(found) * single / moments.weight), differ=True)
    return replace(found, effect=max(1.0, found.effect))


def _surely(found: Spread) -> float:
    """What sources add to the variance at the least, by that of articles alone."""
    from scipy.special import chdtri

    return max(0.0, found.effect * found.freedom / float(chdtri(found.freedom, DOUBT)) - 1)


def beyond_chance(residuals: Sequence[float], weights: Sequence[float], single: float) -> Spread:
    """How sources of one run differ: each one's residual and share of the articles, beside the variance `single` of as many articles on their own.

    With source s a share w of the articles, its residual's square is w^2 (1 - 2w + sum of w^2) of the variance between sources, so a large
    source that draws the mean to itself is not taken for a steady one. Sources of unequal size count like 1 / sum of w^2 equal ones (Kish 1965).
    """
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
    return Spread(effect, freedom, len(weights), differ=True) if beyond else Spread()


@dataclass(frozen=True, slots=True)
class _Moments:
    """Per source its share `w` of the articles, the factor `g` on the variance between sources, and the residual squared; of the sampling of its
    articles the variance `v` and half the fourth cumulant `rare`, which is what makes the few bad articles of a small source tell little.
    """

    w: Numbers
    g: Numbers
    square: Numbers
    v: Numbers
    rare: Numbers
    single: float

    @property
    def weight(self) -> float:
        """What the variance between sources counts for in that of the difference."""
        return float(self.g.sum())


def _moments(before: Run, now: Run, names: list[str], single: float) -> _Moments:
    was, is_ = (np.array([run.sources.get(name, (0, 0)) for name in names], np.float64) / run.counted for run in (before, now))
    kept = (was[:, 1] > 0) | (is_[:, 1] > 0)
    was, is_ = was[kept], is_[kept]
    residual = (is_[:, 0] - now.bad / now.counted * is_[:, 1]) - (was[:, 0] - before.bad / before.counted * was[:, 1])
    unit = single / (1 / before.counted + 1 / now.counted)
    sampling = unit * (was[:, 1] / before.counted + is_[:, 1] / now.counted)
    rare = sampling / (2 * before.counted * now.counted)
    return _Moments((was[:, 1] + is_[:, 1]) / 2, was[:, 1] ** 2 + is_[:, 1] ** 2, residual * residual, sampling, rare, single)


def _estimate(m: _Moments, added: float) -> Spread:
    """The spread by moments, weighted as is best where the variance between sources is `added`; none where one source is all there is."""
    variance = m.v + added * m.g
    total = m.single + added * m.weight
    votes = m.g / (variance**2 + m.rare) if added else np.ones_like(m.g)
    votes = votes / votes.max()
    seen = votes @ (m.g * (1 - 2 * m.w) + m.w**2 * m.weight)
    if seen < EPSILON * m.weight:
        return Spread()
    sampled = votes @ (m.v * (1 - 2 * m.w) + m.w**2 * m.single)
    effect = float(1 + (votes @ m.square - sampled) / seen * m.weight / m.single)
    # twice the variance of that: the sum over pairs of sources of votes by squared covariance, which is V [the same source] - w' V - w V' + w w' T
    square, mixed = votes @ m.w**2, votes @ (m.w * variance)
    own = votes**2 @ (variance**2 - 2 * variance * (2 * m.w * variance - m.w**2 * total))
    crossed = own + 2 * square * (votes @ variance**2) + total**2 * square**2 + 2 * mixed**2 - 4 * total * square * mixed
    freedom = max(1.0, float(total**2 * seen**2 / (m.weight**2 * max(crossed, EPSILON * own))))
    found = Spread(effect, freedom, len(m.g))
    return replace(found, differ=_surely(found) > 0)
