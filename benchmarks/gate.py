"""Does `no_worse_than_baseline` keep its promise? A seeded simulation: false alarms without a change, and catches of a worsening.

    python benchmarks/gate.py [--runs 400] [--seed 1] [--margin 0.005] [--full]

Sources have sizes that fall as 1/rank, and rates of their own (Beta, articles of one source correlated at 0.05). `steady`: a source keeps its
rate from one run to the next; `drifting`: each run draws it anew, which is as correlated as articles get. A worsening lifts every rate alike.

Promised: without a change at most 5 % of runs fail (`alarms`); a worsening of max(margin + 1.65 SE, 3.3 SE) is caught in at least 95 % (`caught`),
SE being the standard error that the verdict itself counts with (the root mean square of `Worsening.error`): what sources add is in it, and how badly
few of them tell that. `printed`: the same for the median of the drops that verdicts call caught nearly always.

`plain` is what is caught of a worsening with the standard deviation of the observed difference as SE, which no verdict can know. There the
two promises cannot hold together where sources are few, for any test. Let k equal sources differ by a normal variance s^2 that a test is not told,
so that their mean X has the error 1 and their spread S^2 has k - 1 degrees of freedom. A test that keeps its false alarms at 5 % whatever s is, keeps
them where s is s1 too; and of such tests Neyman and Pearson's likelihood ratio between (no change, s1) and (3.3, s) catches most.
`at most` is what that one catches, the least over s1 (for k sources of unequal size it is less): 87 % of 5 sources, 94 % of 20, 95 % of 100.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import product

import numpy as np
import numpy.typing as npt

from audit.judge.regression import Worsening, compare
from audit.judge.spread import Run

CORRELATION = 0.05
CONFIDENCE = Fraction(95, 100)
Rates = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class World:
    """What is simulated: the share of bad articles, articles and sources of a run, and whether sources keep their rates."""

    base: float
    articles: int
    sources: int
    steady: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """Shares of runs that failed: without a change, with the worsening `drop`, with the printed one, and with that of the plain error."""

    alarms: float
    drop: float
    caught: float
    printed: float
    caught_printed: float
    caught_plain: float


def main() -> None:
    """Print a line per world, then the worst and the mean of each column."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=400)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--margin", type=Fraction, default=Fraction(5, 1000))
    options.add_argument("--full", action="store_true", help="every base rate and size, not the ends alone")
    given = options.parse_args()
    rng = np.random.default_rng(given.seed)
    bases = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2) if given.full else (0.005, 0.05, 0.2)
    articles = (500, 1_000, 5_000, 20_000, 50_000) if given.full else (500, 5_000, 50_000)
    sources = (5, 10, 20, 50, 100, 500) if given.full else (5, 20, 100, 500)
    print("world     base  articles  sources  alarms    drop  caught  printed  caught   plain  at most")
    tried: dict[World, Tried] = {}
    for steady, base, n, k in product((True, False), bases, articles, sources):
        world = World(base, n, k, steady)
        line = tried[world] = attempt(world, given.runs, given.margin, rng)
        name = "steady" if steady else "drifting"
        print(
            f"{name:8} {base:6.1%} {n:9,} {k:8,} {line.alarms:7.1%} {line.drop:7.2%} {line.caught:7.1%} {line.printed:8.2%} "
            f"{line.caught_printed:7.1%} {line.caught_plain:7.1%} {most(k):8.1%}",
            flush=True,
        )
    summary("all worlds", [*tried.values()])
    for k in sources:
        summary(f"{k} sources", [line for world, line in tried.items() if world.sources == k])


def summary(name: str, tried: list[Tried]) -> None:
    """Print the worst and the mean of some worlds."""
    columns = {"alarms": "alarms", "caught": "caught", "printed": "caught_printed", "plain": "caught_plain"}
    worst = {label: (max if label == "alarms" else min)(getattr(t, key) for t in tried) for label, key in columns.items()}
    mean = {label: float(np.mean([getattr(t, key) for t in tried])) for label, key in columns.items()}
    print(f"{name}: " + ", ".join(f"{label} {worst[label]:.1%} at worst, {mean[label]:.1%} on average" for label in columns))


def attempt(world: World, runs: int, margin: Fraction, rng: np.random.Generator) -> Tried:
    """A world without and with a worsening; the drop is found in two steps, since a higher share spreads more."""

    def ran(drop: float) -> list[Worsening]:
        return [once(world, drop, margin, rng) for _ in range(runs)]

    def caught(tried: list[Worsening]) -> float:
        return float(np.mean([w.fails(margin) for w in tried]))

    quiet = ran(0.0)
    drop = wanted(told(ran(wanted(told(quiet), margin))), margin)
    plain = wanted(true(ran(wanted(true(quiet), margin))), margin)
    printed = float(np.median([w.catchable for w in quiet]))
    return Tried(caught(quiet), drop, caught(ran(drop)), printed, caught(ran(printed)), caught(ran(plain)))


def told(tried: list[Worsening]) -> float:
    """The standard error that verdicts count with."""
    return float(np.sqrt(np.mean([w.error**2 for w in tried])))


def true(tried: list[Worsening]) -> float:
    """The standard deviation of the observed difference."""
    return float(np.std([float(w.observed) for w in tried]))


def wanted(error: float, margin: Fraction) -> float:
    """The worsening that the promise is about."""
    return max(float(margin) + 1.65 * error, 3.3 * error)


@cache
def most(sources: int, draws: int = 200_000) -> float:
    """What the best test of so many equal sources can catch of 3.3 standard errors."""
    rng = np.random.default_rng(0)
    mean, square = rng.standard_normal(draws), rng.chisquare(sources - 1, draws)

    def caught(wide: float) -> float:
        def ratio(x: Rates, spread: Rates) -> Rates:
            return (x * x + spread) / wide - (x - 3.3) ** 2 - spread

        return float(np.mean(ratio(mean + 3.3, square) > np.quantile(ratio(mean * wide**0.5, square * wide), float(CONFIDENCE))))

    return min(caught(wide) for wide in np.linspace(1, 1 + 3 * 3.3**2 / sources, 25))


def once(world: World, drop: float, margin: Fraction, rng: np.random.Generator) -> Worsening:
    """A baseline and a run after it, compared."""
    sizes = 1 / np.arange(1, world.sources + 1)
    sizes /= sizes.sum()
    before = rates(world, rng)
    after = before if world.steady else rates(world, rng)
    lifted = after + drop * (1 - after) / (1 - world.base)
    return compare(sampled(world, sizes, before, rng), sampled(world, sizes, np.clip(lifted, 0, 1), rng), margin, CONFIDENCE)


def rates(world: World, rng: np.random.Generator) -> Rates:
    """A rate for each source: Beta with the world's mean."""
    strength = (1 - CORRELATION) / CORRELATION
    return rng.beta(world.base * strength, (1 - world.base) * strength, world.sources)


def sampled(world: World, sizes: Rates, rate: Rates, rng: np.random.Generator) -> Run:
    """A run's counts."""
    counted = rng.multinomial(world.articles, sizes)
    bad = rng.binomial(counted, rate)
    per_source = {f"s{i}": (int(b), int(n)) for i, (b, n) in enumerate(zip(bad, counted, strict=True)) if n}
    return Run(int(bad.sum()), world.articles, per_source)


if __name__ == "__main__":
    main()
