"""The comparison with a baseline: exact where counts decide, and its interval against published and obvious values."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.judge.regression import compare, wilson
from audit.judge.spread import UNTOLD, Run

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


@given(SOURCES, SOURCES, st.fractions(0, Fraction(1, 2)), st.sampled_from([Fraction(8, 10), SURE, Fraction(99, 100)]))
def test_no_counts_break_it(before: dict[str, tuple[int, int]], now: dict[str, tuple[int, int]], margin: Fraction, confidence: Fraction) -> None:
    """Any counts give a bound below what was observed and a catchable drop from 0 to 1; the difference is exact."""
    found = compare(run(before), run(now), margin, confidence)
    assert found.observed == Fraction(run(now).bad, run(now).counted) - Fraction(run(before).bad, run(before).counted)
    assert found.lower <= found.observed
    assert 0 <= found.catchable <= 1


@given(SOURCES, st.fractions(0, Fraction(1, 2)))
def test_the_same_run_never_fails(sources: dict[str, tuple[int, int]], margin: Fraction) -> None:
    """A run against itself is no worse, whatever the margin."""
    assert not compare(run(sources), run(sources), margin, SURE).fails(margin)


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
