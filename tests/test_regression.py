"""The comparison with a baseline: exact where counts decide, and its interval against published and obvious values."""

import importlib.util
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.judge.regression import compare, wilson
from audit.judge.spread import UNTOLD, Run, between

_SPEC = importlib.util.spec_from_file_location("gate_simulation", Path(__file__).resolve().parent.parent / "benchmarks" / "gate.py")
assert _SPEC
assert _SPEC.loader
gate = sys.modules["gate_simulation"] = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(gate)

SURE = Fraction(95, 100)
COUNTS = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
SOURCES = st.dictionaries(st.sampled_from([*"abcdefghij", *UNTOLD]), COUNTS, min_size=1)


def run(sources: dict[str, tuple[int, int]]) -> Run:
    """A run of these sources alone."""
    return Run(sum(b for b, _ in sources.values()), sum(n for _, n in sources.values()), sources)


def test_wilson_is_the_score_interval() -> None:
    """Newcombe 1998, table I: 81 of 263, 95 % two-sided, is 0.2553 to 0.3662; 0 of 20 is 0 to 0.1611."""
    assert wilson(81 / 263, 263, 1.959964) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0.0, 20, 1.959964) == pytest.approx((0.0, 0.1611), abs=5e-5)


def test_the_difference_is_newcombes() -> None:
    """Newcombe 1998, method 10: 56 of 70 against 48 of 80 has the two-sided 95 % lower limit 0.0524."""
    found = compare(Run(48, 80, {}), Run(56, 70, {}), Fraction(0), Fraction(975, 1000))
    assert found.lower == pytest.approx(0.0524, abs=5e-5)
    assert found.observed == Fraction(1, 5)


@settings(deadline=None)  # the first call imports scipy
@given(SOURCES, SOURCES, st.fractions(0, Fraction(1, 2)), st.sampled_from([Fraction(8, 10), SURE, Fraction(99, 100)]))
def test_no_counts_break_it(before: dict[str, tuple[int, int]], now: dict[str, tuple[int, int]], margin: Fraction, confidence: Fraction) -> None:
    """Any counts give a bound below what was observed and a catchable drop from 0 to 1; the difference is exact."""
    found = compare(run(before), run(now), margin, confidence)
    assert found.observed == Fraction(run(now).bad, run(now).counted) - Fraction(run(before).bad, run(before).counted)
    assert found.lower <= found.observed
    assert 0 <= found.catchable <= 1


@settings(deadline=None)  # the first call imports scipy
@given(SOURCES, st.fractions(0, Fraction(1, 2)))
def test_the_same_run_never_fails(sources: dict[str, tuple[int, int]], margin: Fraction) -> None:
    """A run against itself is no worse, whatever the margin."""
    assert not compare(run(sources), run(sources), margin, SURE).fails(margin)


@settings(deadline=None)  # the first call imports scipy
@given(SOURCES, SOURCES)
def test_the_order_of_sources_does_not_matter(before: dict[str, tuple[int, int]], now: dict[str, tuple[int, int]]) -> None:
    """The same counts in another order give the very same numbers."""
    turned = [dict(reversed(list(sources.items()))) for sources in (before, now)]
    assert compare(run(before), run(now), Fraction(0), SURE) == compare(run(turned[0]), run(turned[1]), Fraction(0), SURE)


def test_sources_that_differ_widen_the_bound() -> None:
    """The same counts in all are less sure where each source went its own way than where all went the same."""
    before = {f"s{i}": (10, 100) for i in range(20)}
    alike = compare(run(before), run({f"s{i}": (20, 100) for i in range(20)}), Fraction(0), SURE)
    apart = compare(run(before), run({f"s{i}": (40 * (i % 2), 100) for i in range(20)}), Fraction(0), SURE)
    assert alike.observed == apart.observed
    assert (alike.sources, apart.sources) == (0, 20)
    assert apart.lower < alike.lower
    assert apart.catchable > alike.catchable


def test_sources_that_keep_their_ways_do_not() -> None:
    """Sources may be as unlike as they like: only how each has changed matters."""
    before = {f"s{i}": (90 * (i % 2), 100) for i in range(20)}
    now = {f"s{i}": (90 * (i % 2) + 5, 100) for i in range(20)}
    assert compare(run(before), run(now), Fraction(0), SURE).sources == 0


def test_more_articles_see_more() -> None:
    """The catchable drop shrinks with the corpus, down to about the margin."""
    drops = [compare(Run(n // 50, n, {}), Run(n // 50, n, {}), Fraction(5, 1000), SURE).catchable for n in (500, 5_000, 50_000, 5_000_000)]
    assert drops == sorted(drops, reverse=True)
    assert drops[-1] == pytest.approx(0.005, abs=0.001)


def test_a_drop_that_cannot_be_seen_is_all() -> None:
    """Of ten articles, nothing less than everything is called catchable."""
    assert compare(Run(5, 10, {}), Run(5, 10, {}), Fraction(1, 100), Fraction(9999, 10_000)).catchable == pytest.approx(0.5)


def test_few_sources_promise_less() -> None:
    """Of as many articles, fewer sources leave a larger error and catchable drop, also where they do not differ."""
    errors, drops = [], []
    for k in (5, 20, 100):
        before, now = ({f"s{i}": (bad // k, 10_000 // k) for i in range(k)} for bad in (500, 600))
        found = compare(run(before), run(now), Fraction(0), SURE)
        assert (found.known, found.sources) == (k, 0)
        errors.append(found.error)
        drops.append(found.catchable)
    alone = compare(Run(500, 10_000, {}), Run(600, 10_000, {}), Fraction(0), SURE)
    assert errors == sorted(errors, reverse=True)
    assert drops == sorted(drops, reverse=True)
    assert errors[-1] > alone.error == pytest.approx((0.05 * 0.95 / 10_000 + 0.06 * 0.94 / 10_000) ** 0.5)


def test_freedom_is_that_of_equal_sources() -> None:
    """K equal sources that surely differ leave about k - 1 degrees of freedom, and the effect is that of a plain variance between them."""
    rng, k, n = np.random.default_rng(5), 40, 1000
    rates = rng.uniform(0.1, 0.5, (2, k))
    before, now = ({f"s{i}": (round(rate * n), n) for i, rate in enumerate(row)} for row in rates)
    found = between(run(before), run(now))
    changes = np.array([now[name][0] - before[name][0] for name in before]) / n
    share = rates.mean()
    assert found.differ
    assert found.freedom == pytest.approx(k - 1, rel=0.01)
    assert found.effect == pytest.approx(changes.var(ddof=1) / k / (2 * share * (1 - share) / (n * k)), rel=0.02)


def test_a_large_source_is_heard_as_one() -> None:
    """A source with a third of the articles that changes as the others do, is no reason for doubt; where it alone changes, the bound says so."""
    before = {"big": (500, 5000)} | {f"s{i}": (50 + i % 3, 500) for i in range(20)}
    together = {"big": (1000, 5000)} | {f"s{i}": (100 + i % 3, 500) for i in range(20)}
    alone = before | {"big": (1500, 5000)}
    assert compare(run(before), run(together), Fraction(0), SURE).sources == 0
    assert compare(run(before), run(alone), Fraction(0), SURE).sources == 21


@pytest.mark.parametrize(("sources", "steady"), [(5, False), (5, True), (50, False), (50, True)])
def test_promises_hold_in_simulation(sources: int, steady: bool) -> None:
    """Seeded, 400 runs: at most 5 % false alarms, at least 95 % of the drop that verdicts print are caught (three standard errors let by)."""
    world, rng, margin = gate.World(0.05, 2000, sources, steady), np.random.default_rng(11), Fraction(5, 1000)
    quiet = [gate.once(world, 0.0, margin, rng) for _ in range(400)]
    printed = float(np.median([w.catchable for w in quiet]))
    worse = [gate.once(world, printed, margin, rng) for _ in range(400)]
    assert sum(w.fails(margin) for w in quiet) <= 400 * 0.05 + 3 * (400 * 0.05 * 0.95) ** 0.5
    assert sum(w.fails(margin) for w in worse) >= 400 * 0.95 - 3 * (400 * 0.05 * 0.95) ** 0.5


def test_no_test_catches_more() -> None:
    """The bound on what can be caught of 3.3 errors grows with the sources to that of a known error, and Student's test is just below it."""
    caught = [gate.most(k) for k in (5, 20, 100)]
    assert caught == sorted(caught)
    assert caught == pytest.approx([0.865, 0.938, 0.949], abs=0.004)
