"""audit.judge.seen: how sure a figure is, where it is worst, what it was in the baseline."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from audit import judge, suite
from audit.judge import seen
from audit.judge.spread import Run
from audit.result import Count, Document, Gate, Interval, Total, Verdict
from audit.tables import BY_NAME

Ask = Callable[..., Verdict]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Judges columns by one entry."""

    def ask(entry: dict[str, Any], before: Document | None = None, **columns: Any) -> Verdict:
        path = tmp_path / "ours.yml"
        path.write_text(yaml.safe_dump({"expectations": [entry]}), encoding="utf-8")
        rows = len(next(iter(columns.values())))
        known = {"empty": [False] * rows, "source": [f"s{i % 40}" for i in range(rows)]} | columns
        table = pa.table({name: pa.array(values, BY_NAME[name].type) for name, values in known.items()})
        return judge.judge(suite.load(str(path)), table, frozenset(), before)[0]

    return ask


def document(*totals: Total, verdicts: tuple[Verdict, ...] = ()) -> Document:
    """A baseline that holds these."""
    none: Any = ()
    return Document(1, "s", "", none, none, none, 0, 0, 0, 0, none, totals, none, none, none, "", none, none, verdicts, Gate(True, 0, "error", ""))


def test_a_share_of_articles_alike_has_wilsons_interval():
    """Where sources do not differ, the interval is Wilson's (10 of 100: 5.5 % to 17.4 %), and rests on no source."""
    even = {f"s{i}": (1, 10) for i in range(10)}
    assert seen.share(Run(10, 100, even)) == Interval(0.0552291, 0.174366, 0)
    reference = stats.binomtest(10, 100).proportion_ci(method="wilson")
    assert seen.share(Run(10, 100, {})).low == pytest.approx(reference.low, abs=1e-6)


def test_sources_that_differ_make_it_wider():
    """A share that a few sources carry is less sure than the same share in all of them."""
    uneven = {f"s{i}": (90 if i == 0 else 0, 100) for i in range(10)}
    wide, plain = seen.share(Run(90, 1000, uneven)), seen.share(Run(90, 1000, {}))
    assert wide is not None
    assert plain is not None
    assert wide.sources == 10
    assert wide.low < plain.low < 0.09 < plain.high < wide.high


def test_one_heavy_source_is_no_sample():
    """Where one source outweighs the rest and they differ, nothing is promised rather than everything."""
    assert seen.share(Run(5, 1010, {"big": (0, 1000), "a": (5, 5), "b": (0, 5)})) is None


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=30).filter(lambda rows: any(b + g for b, g in rows)))
def test_the_interval_holds_the_share(rows):
    """Whatever the counts, the observed share is within, and both ends are shares."""
    sources = {str(i): (b, b + g) for i, (b, g) in enumerate(rows)}
    bad, counted = sum(b for b, _ in sources.values()), sum(n for _, n in sources.values())
    found = seen.share(Run(bad, counted, sources))
    assert found is None or 0 <= found.low <= bad / counted + 1e-6
    assert found is None or bad / counted - 1e-6 <= found.high <= 1


def test_it_covers_what_it_promises():
    """Of corpora drawn from sources that differ, the interval of about 95 in 100 holds the true share; Wilson's alone far fewer."""
    draw, caught, naive = np.random.default_rng(5), 0, 0
    for _ in range(400):
        sizes = draw.integers(20, 200, 40)
        bad = draw.binomial(sizes, draw.beta(1, 9, 40))
        sources = {str(i): (int(b), int(n)) for i, (b, n) in enumerate(zip(bad, sizes, strict=True))}
        found, alone = (seen.share(Run(int(bad.sum()), int(sizes.sum()), given)) for given in (sources, {}))
        caught += found.low <= 0.1 <= found.high
        naive += alone.low <= 0.1 <= alone.high
    assert caught >= 0.93 * 400
    assert naive < 0.7 * 400


def test_a_mean_of_articles_alike_has_students_interval():
    """Where sources do not differ, the interval of a mean is the usual one."""
    values = np.tile(np.arange(50), 40)
    found = seen.mean(values, np.repeat(np.arange(40), 50))
    half = 1.959964 * values.std() / len(values) ** 0.5
    assert (found.low, found.high) == (pytest.approx(24.5 - half, rel=1e-5), pytest.approx(24.5 + half, rel=1e-5))


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=200), st.sampled_from([0.01, 0.05, 0.5, 0.95, 0.99]))
def test_the_interval_of_a_quantile_is_of_its_values(values, point):
    """Both ends are values that occur, in order, around the quantile."""
    array = np.array(values)
    found = seen.quantile(array, np.arange(len(values)) % 7, point)
    at = np.sort(array)[min(int(point * len(values)), len(values) - 1)]
    if found is not None:
        assert {found.low, found.high} <= {float(value) for value in values}
        assert found.low <= at <= found.high


def test_a_median_is_caught_by_its_interval():
    """Of samples of a known law, the interval of about 95 in 100 holds its median."""
    draw, caught = np.random.default_rng(6), 0
    for _ in range(400):
        values = draw.lognormal(6, 1, 500)
        found = seen.quantile(values, draw.integers(0, 30, 500), 0.5)
        caught += found.low <= np.exp(6) <= found.high
    assert 0.92 * 400 <= caught <= 400


def test_the_worst_sources_are_told(ask):
    """A share says where it is worst, also one that `below` makes; articles without a source are one of them."""
    told = ask({"measure": "n_words", "below": 10, "at_most": 0.5}, n_words=[5, 5, 5, 50], source=["a", "a", None, "b"])
    assert told.worst == (("a", Count(2, 2)), ("(no source)", Count(1, 1)))
    assert told.n_worst == 2


def test_what_is_not_evaluated_has_no_figure(ask):
    """Nothing counted, nothing told."""
    told = ask({"measure": "truncated", "at_most": 0.5}, truncated=[None, None])
    assert (told.state, told.interval, told.worst, told.before) == ("not evaluated", None, (), None)


@pytest.mark.parametrize(("bad", "change"), [(300, "worse"), (102, ""), (20, "better")])
def test_a_share_is_compared_with_its_total(ask, bad, change):
    """A plain share is compared with the baseline's total of the measure, whether or not the baseline's suite asked for it."""
    before = document(Total("truncated", 1, 1000, count=Count(100, 1000), sources=tuple((f"s{i}", Count(2 + i % 2, 25)) for i in range(40))))
    told = ask({"measure": "truncated", "at_most": 0.5}, before, truncated=[i < bad for i in range(1000)], source=[f"s{i % 40}" for i in range(1000)])
    assert told.before is not None
    assert (told.before.bad, told.before.counted, told.before.change) == (100, 1000, change)
    assert told.before.interval is not None


@pytest.mark.parametrize(
    ("entry", "then", "now", "change"),
    [
        ({"measure": "n_words", "below": 10, "at_most": 0.5}, [5] * 100 + [50] * 900, [5] * 300 + [50] * 700, "worse"),
        ({"measure": "n_words", "statistic": "median", "at_least": 5}, list(range(1000)), list(range(500, 1500)), "better"),
        ({"measure": "n_words", "statistic": "mean", "at_most": 5}, list(range(1000)), list(range(500, 1500)), "worse"),
        ({"measure": "n_words", "statistic": "mean", "at_least": 5, "at_most": 9}, list(range(1000)), list(range(500, 1500)), "up"),
        ({"measure": "n_words", "statistic": "median", "at_least": 5}, list(range(1000)), list(range(2, 1002)), ""),
    ],
)
def test_other_figures_are_compared_with_the_same_question(ask, entry, then, now, change):
    """A share that `below` makes, or a statistic, is compared with the baseline's verdict on it, whatever its bounds and name were."""
    draw = np.random.default_rng(1)
    was = ask(entry | {"at_least": 1} if "at_most" not in entry else entry | {"name": "another"}, n_words=draw.permutation(then).tolist())
    told = ask(entry, document(verdicts=(was,)), n_words=draw.permutation(now).tolist())
    assert told.before is not None
    assert told.before.change == change


def test_another_definition_is_not_compared(ask):
    """A figure of another definition of the measure is no history of this one."""
    entry = {"measure": "n_words", "below": 10, "at_most": 0.5}
    was = ask(entry, n_words=[5, 50])
    assert ask(entry, document(verdicts=(replace(was, definition=9),)), n_words=[5, 50]).before is None
    assert ask(entry, document(verdicts=(replace(was, expectation=json.dumps(entry | {"below": 11})),)), n_words=[5, 50]).before is None


def test_sources_judged_one_by_one_are_counted_before_and_now(ask):
    """How many sources were against it in the baseline."""
    entry = {"measure": "truncated", "at_most": 0.5, "per": "source", "min_articles": 2}
    columns = {"source": ["a", "a", "b", "b"], "truncated": [True, True, False, False]}
    told = ask(entry, document(verdicts=(ask(entry, **columns),)), **columns)
    assert told.before is not None
    assert (told.before.bad, told.before.counted) == (1, 2)
