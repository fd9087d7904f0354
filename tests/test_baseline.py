"""audit.judge.baseline: shares of some articles, sources one by one, and baselines that cannot be compared with."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import judge, result, suite
from audit.result import Document, Verdict
from audit.suite import Suite
from tests.test_judge import bad, baseline, table, total

ENGLISH = {"measure": "truncated", "where": {"lang": "en"}, "no_worse_than_baseline": {"margin": 0.01}}
SHORT = {"measure": "n_words", "below": 50, "no_worse_than_baseline": {"margin": 0.01}}
EACH = {"measure": "truncated", "per": "source", "no_worse_than_baseline": {"margin": 0.01}}


@pytest.fixture
def loaded(tmp_path: Path) -> Any:
    """Loads a suite of these entries."""

    def load(*entries: dict[str, Any]) -> Suite:
        path = tmp_path / "ours.yml"
        path.write_text(yaml.safe_dump({"expectations": list(entries)}), encoding="utf-8")
        return suite.load(str(path))

    return load


def english(cut: int, of: int, others: int = 500) -> pa.Table:
    """So many cut articles of `of` English ones, beside German ones that are all cut."""
    columns = {"lang": ["en"] * of + ["de"] * others, "truncated": bad(cut, of) + [True] * others}
    return table(of + others, **columns, n_words=[400] * (of + others), source=[f"s{i % 7}" for i in range(of + others)])


def document(verdicts: tuple[Verdict, ...], *totals: Any) -> Document:
    """A baseline with these verdicts, that knows its languages and lengths."""
    known = [replace(total(name, 0, 1), count=None) for name in ("lang", "n_words")]
    return replace(baseline(*totals, *known), verdicts=verdicts)


def judged(asked: Suite, measures: pa.Table, before: Document | None = None, **given: str) -> tuple[Verdict, ...]:
    return judge.judge(asked, measures, frozenset(), before, given)


@pytest.mark.parametrize(("cut", "state"), [(10, "passed"), (14, "passed"), (60, "failed")])
def test_where_is_compared_with_where(loaded: Any, cut: int, state: str) -> None:
    """Only the articles that `where` lets through are compared, with the counts that the baseline's own verdict kept."""
    first = judged(loaded(ENGLISH), english(10, 1000))
    assert first[0].state == "not asked"
    assert sum(count.counted for _, count in first[0].sources) == 1000
    before = document(first, total("truncated", 510, 1500))
    verdict = judged(loaded(ENGLISH | {"name": "edited", "no_worse_than_baseline": {"margin": 0.005}}), english(cut, 1000), before)[0]
    assert (verdict.state, verdict.bad, verdict.counted) == (state, cut, 1000)
    assert verdict.baseline.startswith("10 of 1,000 in the baseline")


def test_a_limit_makes_a_share(loaded: Any) -> None:
    """A number with `below` is compared as the share of articles below it."""
    short = [table(1000, n_words=[10] * n + [400] * (1000 - n)) for n in (5, 5, 90)]
    before = document(judged(loaded(SHORT), short[0]))
    assert [judged(loaded(SHORT), made, before)[0].state for made in short[1:]] == ["passed", "failed"]


@pytest.mark.parametrize(
    ("entry", "settings_now", "says"),
    [
        (ENGLISH | {"where": {"lang": "de"}}, {}, "was not asked this"),
        (SHORT | {"below": 51}, {}, "was not asked this"),
        (ENGLISH | {"where": {"title_from": "text"}}, {}, "was not asked this"),
        ({"measure": "retitled", "no_worse_than_baseline": {"margin": 0}}, {}, "does not hold retitled"),
        ({"measure": "duplicate", "no_worse_than_baseline": {"margin": 0}}, {"threshold": "0.9"}, "similarity of 0.8, this run from 0.9"),
    ],
)
def test_another_question_is_not_evaluated(loaded: Any, entry: dict[str, Any], settings_now: dict[str, str], says: str) -> None:
    """What the baseline was not asked is not guessed: not evaluated, with the command that renews it."""
    measures = english(5, 100).append_column("duplicate", pa.array([False] * 600)).append_column("retitled", pa.array([False] * 600))
    measures = measures.append_column("title_from", pa.array(["text"] * 600))
    first = judged(loaded(ENGLISH, SHORT), measures)
    before = replace(document(first, total("truncated", 5, 100), total("duplicate", 0, 600)), settings=(("threshold", "0.8"), ("keep", "longest")))
    verdict = judged(loaded(entry), measures, before, **settings_now)[0]
    assert verdict.state == "not evaluated"
    assert says in verdict.reason
    assert "corpus-audit run INPUT... --suite SUITE --fail-on never --out corpus-audit-baseline" in verdict.reason


def test_the_definition_of_where_counts(loaded: Any) -> None:
    """Where languages are told otherwise now, English articles are others: not evaluated."""
    first = judged(loaded(ENGLISH), english(5, 100))
    before = replace(baseline(total("truncated", 5, 100), replace(total("lang", 0, 1, definition=99), count=None)), verdicts=first)
    verdict = judged(loaded(ENGLISH), english(5, 100), before)[0]
    assert (verdict.state, "definition 99 of lang" in verdict.reason) == ("not evaluated", True)


def sources(worse: int, each: int = 200, count: int = 20) -> pa.Table:
    """Sources with one cut article in twenty, but `worse` in s03."""
    names = [f"s{i:02}" for i in range(count) for _ in range(each)]
    return table(len(names), source=names, truncated=[flag for i in range(count) for flag in bad(worse if i == 3 else each // 20, each)])


@pytest.mark.parametrize(("worse", "state"), [(10, "passed"), (18, "passed"), (80, "failed")])
def test_each_source_has_its_own_baseline(loaded: Any, worse: int, state: str) -> None:
    """A source that breaks fails and is named, though the corpus as a whole is within chance."""
    before = baseline(total("truncated", 200, 4000, {f"s{i:02}": (10, 200) for i in range(20)}))
    verdict = judged(loaded(EACH), sources(worse), before)[0]
    assert (verdict.state, verdict.n_groups, verdict.bad_groups) == (state, 20, int(state == "failed"))
    assert ("s03: 10 of 200 before, 80 of 200 now" in verdict.reason) == (state == "failed")
    assert "20 sources in both runs" in verdict.baseline


def test_only_sources_of_both_runs_are_compared(loaded: Any) -> None:
    """A source that is new, gone or small in one run is not looked at; where all are, nothing is asked."""
    before = baseline(total("truncated", 20, 440, {"s00": (10, 200), "s01": (10, 200), "gone": (0, 40)}))
    assert judged(loaded(EACH), sources(10), before)[0].n_groups == 2
    assert judged(loaded(EACH | {"min_articles": 300}), sources(10), before)[0].state == "not asked"


def test_chance_fires_seldom_among_many_sources(loaded: Any) -> None:
    """A hundred sources that did not change: all together they fail in at most one run of twenty, not each of them."""
    import numpy as np

    random, asked, fired = np.random.default_rng(6), loaded(EACH), 0
    from audit.judge import baseline as judging

    for _ in range(100):
        then, now = random.binomial(200, 0.05, (2, 100)).tolist()
        before = baseline(total("truncated", sum(then), 20_000, {f"s{i}": (n, 200) for i, n in enumerate(then)}))
        rows = judging.by_source(asked.expectations[0], {f"s{i}": (n, 200) for i, n in enumerate(now)}, before)
        fired += any(row.fails for row in rows)
    assert fired <= 5


def test_new_sources_are_called_new(loaded: Any) -> None:
    """Where the growth sits in a source that the baseline does not have, the reason says so."""
    entry = {"measure": "truncated", "no_worse_than_baseline": {"margin": 0}}
    names = [f"s{i}" for i in range(40) for _ in range(100)]
    made = table(4000, source=names, truncated=[flag for i in range(40) for flag in bad(70 if i >= 20 else 20, 100)])
    before = baseline(total("truncated", 40, 2000, {f"s{i}": (2, 100) for i in range(20)}))
    verdict = judged(loaded(entry), made, before)[0]
    assert verdict.state == "failed"
    assert "(new)" in verdict.reason


COUNTS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(COUNTS, st.integers(0, 5))
def test_kept_counts_add_up(counts: list[tuple[int, int]], alone: int) -> None:
    """What a verdict keeps by source is the whole, whatever is pooled and whoever has no source."""
    from audit.judge import baseline as judging
    from audit.judge.spread import Run
    from tests import made

    each = {f"s{i}": (min(b, n), n) for i, (b, n) in enumerate(counts) if n}
    run = Run(sum(b for b, _ in each.values()) + alone, sum(n for _, n in each.values()) + alone, each)
    for most in (3, 2_000):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(judging, "SOURCES_AT_MOST", most)
            kept = judging.kept(made.verdict("x", "truncated", "passed", 1), run).sources
        assert (sum(c.bad for _, c in kept), sum(c.counted for _, c in kept)) == (run.bad, run.counted)
        assert len(kept) <= most + 2


def test_results_of_before_are_read(tmp_path: Path) -> None:
    """A result.json that was written before verdicts kept counts is a baseline still."""
    from tests import made

    entries = asdict(made.document())
    del entries["turnover"]
    for entry in entries["verdicts"]:
        del entry["sources"]
    (tmp_path / "result.json").write_text(json.dumps(entries), encoding="utf-8")
    assert result.read(tmp_path) == made.document()
