"""Does `no_worse_than_baseline` keep its promise? A seeded simulation: false alarms without a change, and catches of a worsening.

    python benchmarks/gate.py [--runs 400] [--seed 1] [--margin 0.005] [--full]

Sources have sizes that fall as 1/rank, and rates of their own (Beta, articles of one source correlated at 0.05). `steady`: a source keeps its
rate from one run to the next; `drifting`: each run draws it anew, which is as correlated as articles get. A worsening lifts every rate so
that the share grows by max(margin + 1.65 SE, 3.3 SE), SE being the standard deviation of the observed difference in the simulation itself.
Promised: at most 5 % false alarms, at least 95 % caught. `printed`: the median of the drops that verdicts call surely caught.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np
import numpy.typing as npt

from audit.judge.regression import Run, Worsening, compare

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
    """Shares of runs that failed, without a change and with the worsening `drop`."""

    false_alarms: float
    caught: float
    drop: float
    printed: float


def main() -> None:
    """Print a line per world and the worst of each column."""
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
    print("world     base  articles  sources  false alarms  caught    drop  printed")
    tried = []
    for steady, base, n, k in product((True, False), bases, articles, sources):
        tried.append(attempt(World(base, n, k, steady), given.runs, given.margin, rng))
        line = tried[-1]
        name = "steady" if steady else "drifting"
        print(f"{name:8} {base:6.1%} {n:9,} {k:8,} {line.false_alarms:13.1%} {line.caught:7.1%} {line.drop:7.2%} {line.printed:8.2%}", flush=True)
    mean = np.mean([t.false_alarms for t in tried]), np.mean([t.caught for t in tried])
    print(f"worst: {max(t.false_alarms for t in tried):.1%} false alarms, {min(t.caught for t in tried):.1%} caught")
    print(f"mean:  {mean[0]:.1%} false alarms, {mean[1]:.1%} caught")


def attempt(world: World, runs: int, margin: Fraction, rng: np.random.Generator) -> Tried:
    """Both shares of a world; the drop is found in two steps, since a higher share spreads more."""
    quiet = [once(world, 0.0, margin, rng) for _ in range(runs)]
    drop = wanted(quiet, margin)
    drop = wanted([once(world, drop, margin, rng) for _ in range(runs)], margin)
    worse = [once(world, drop, margin, rng) for _ in range(runs)]
    alarms, caught = (float(np.mean([w.fails(margin) for w in tried])) for tried in (quiet, worse))
    return Tried(alarms, caught, drop, float(np.median([w.catchable for w in worse])))


def wanted(tried: list[Worsening], margin: Fraction) -> float:
    """The worsening that the promise is about."""
    error = float(np.std([float(w.observed) for w in tried]))
    return max(float(margin) + 1.65 * error, 3.3 * error)


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
