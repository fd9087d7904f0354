"""Judging: exact counts, honest states, and Great Expectations kept quiet and in its place."""

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import gate, judge, suite
from audit.judge.narrow import statistic
from audit.result import Count, Document, Gate, Total, Verdict
from audit.tables import BY_NAME

Ask = Callable[..., Verdict]


def table(rows: int, **columns: Any) -> pa.Table:
    """Measures of so many sound articles, with these columns instead."""
    known = {"empty": [False] * rows, "source": ["s"] * rows} | columns
    return pa.table({name: pa.array(values, BY_NAME[name].type) for name, values in known.items()})


def total(measure: str, bad: int, counted: int, sources: Mapping[str, tuple[int, int]] | None = None, definition: int = 0) -> Total:
    """A baseline's total of a yes/no."""
    each = tuple((name, Count(*count)) for name, count in (sources or {}).items())
    return Total(measure, definition or BY_NAME[measure].definition, counted, count=Count(bad, counted), sources=each)


def baseline(*totals: Total) -> Document:
    """A result that holds these totals."""
    none: Any = ()
    return Document(1, "s", "", none, none, none, 0, 0, 0, 0, none, totals, none, none, none, "", none, none, none, Gate(True, 0, "error", ""))


@pytest.fixture
def many(tmp_path: Path) -> Callable[..., tuple[Verdict, ...]]:
    """Judges a table by entries."""

    def ask(
        entries: list[dict[str, Any]], measures: pa.Table, left_out: tuple[str, ...] = (), against: Document | None = None
    ) -> tuple[Verdict, ...]:
        path = tmp_path / "ours.yml"
        path.write_text(yaml.safe_dump({"expectations": entries}), encoding="utf-8")
        loaded = suite.load(str(path))
        return judge.judge(
            loaded, measures.select([name for name in judge.columns(loaded) if name in measures.column_names]), frozenset(left_out), against
        )

    return ask


@pytest.fixture
def ask(many: Callable[..., tuple[Verdict, ...]]) -> Ask:
    """Judges a table by one entry."""
    return lambda entry, measures, left_out=(), against=None: many([entry], measures, left_out, against)[0]


def bad(count: int, rows: int) -> list[bool]:
    """So many true of so many rows."""
    return [i < count for i in range(rows)]


@pytest.mark.parametrize(("count", "state"), [(58, "passed"), (59, "passed"), (60, "failed")])
def test_the_boundary_is_exact(ask: Ask, count: int, state: str) -> None:
    """59 of 1,000 is at most 0.059, which a floating `mostly` denies; 60 is not."""
    verdict = ask({"measure": "truncated", "at_most": 0.059}, table(1000, truncated=bad(count, 1000)))
    assert (verdict.state, verdict.bad, verdict.counted, verdict.empty) == (state, count, 1000, 0)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60), st.integers(0, 100), st.integers(0, 9)), min_size=1, max_size=20))
def test_counts_and_bounds_are_exact(tmp_path_factory: pytest.TempPathFactory, asked: list[tuple[int, int, int, int]]) -> None:
    """Any counts against any two-digit bound: the verdict is that of whole numbers, nulls left out."""
    path = tmp_path_factory.getbasetemp() / "exact.yml"
    for count, counted, per_cent, nulls in asked[:2]:
        count = min(count, counted)
        path.write_text(f"expectations: [{{measure: truncated, at_most: {per_cent / 100}}}]", encoding="utf-8")
        values = [*bad(count, counted), *[None] * nulls]
        verdict = judge.judge(suite.load(str(path)), table(len(values), truncated=values), frozenset(), None)[0]
        assert (verdict.bad, verdict.counted) == (count, counted)
        assert (verdict.state == "passed") == (100 * count <= per_cent * counted)


@pytest.mark.parametrize(("severity", "state"), [("error", "failed"), ("warning", "warned"), ("info", "warned")])
def test_severity_makes_the_state(ask: Ask, severity: str, state: str) -> None:
    """An error fails, a warning and an info warn."""
    assert ask({"measure": "truncated", "at_most": 0, "severity": severity}, table(2, truncated=[True, False])).state == state


def test_verdicts_come_in_the_order_of_the_suite(many: Callable[..., tuple[Verdict, ...]]) -> None:
    """Whatever order results come in, and where columns are shared."""
    names = ["truncated", "retitled", "duplicate", "contained", "missing_byline"]
    entries = [{"name": f"{name} {bound}", "measure": name, "at_most": bound} for bound in (0.5, 0, 1) for name in names]
    made = table(4, **{name: bad(i, 4) for i, name in enumerate(names)})
    verdicts = many(entries, made)
    assert [v.name for v in verdicts] == [entry["name"] for entry in entries]
    assert [v.bad for v in verdicts] == [0, 1, 2, 3, 4][: len(names)] * 3


@pytest.mark.parametrize(
    ("entry", "count"),
    [
        ({"measure": "n_words", "below": 10}, 2),
        ({"measure": "n_words", "below": 9.5}, 2),
        ({"measure": "n_words", "above": 10}, 1),
        ({"measure": "n_words", "above": 10.5}, 1),
        ({"measure": "n_words", "below": 5, "above": 10}, 2),
        ({"measure": "boilerplate_share", "above": 0.3}, 1),
        ({"measure": "boilerplate_share", "below": 0.3}, 2),
        ({"measure": "lang", "not_in": ["en"]}, 2),
        ({"measure": "lang", "not_in": ["en", "no", "de"]}, 0),
    ],
)
def test_numbers_and_categories_become_yes_or_no(ask: Ask, entry: dict[str, Any], count: int) -> None:
    """A value equal to `below` or `above` is good, floating numbers as the decimals they stand for; null does not count."""
    made = table(5, n_words=[3, 9, 10, 11, None], boilerplate_share=[0.3, 3 / 10, 0.1, 0.9, 0.0], lang=["en", "no", "de", "en", None])
    verdict = ask(entry | {"at_most": 0}, made)
    assert verdict.bad == count
    assert verdict.counted == (5 if entry["measure"] == "boilerplate_share" else 4)


@pytest.mark.parametrize(
    ("where", "counted"),
    [
        ({"lang": "en"}, 2),
        ({"lang": {"in": ["en", "de"]}}, 3),
        ({"lang": {"not_in": ["en"]}}, 2),
        ({"truncated": True}, 1),
        ({"n_words": 10}, 1),
        ({"n_words": {"at_least": 9, "below": 11}}, 2),
        ({"n_words": {"above": 9, "at_most": 11}}, 2),
        ({"n_words": {"not_in": [3, 9.5]}}, 3),
        ({"boilerplate_share": 0.3}, 2),
        ({"lang": "en", "n_words": {"above": 5}}, 1),
    ],
)
def test_where_chooses_articles(ask: Ask, where: dict[str, Any], counted: int) -> None:
    """Only articles that meet all of it count; null meets nothing."""
    made = table(
        5,
        n_words=[3, 9, 10, 11, None],
        boilerplate_share=[0.3, 3 / 10, 0.1, 0.9, 0.0],
        lang=["en", "no", "de", "en", None],
        truncated=[True, False, False, None, False],
        duplicate=[False] * 5,
    )
    assert ask({"measure": "duplicate", "at_most": 1, "where": where}, made).counted == counted


def test_empty_articles_are_shown_apart(ask: Ask) -> None:
    """Articles without text do not count, and the verdict says how many they are."""
    verdict = ask({"measure": "truncated", "at_most": 0}, table(3, truncated=[False, None, None], empty=[False, True, True]))
    assert (verdict.state, verdict.bad, verdict.counted, verdict.empty) == ("passed", 0, 1, 2)


@pytest.mark.parametrize(
    ("values", "name", "expected"),
    [
        ([1, 2, 3, 4], "median", Fraction(5, 2)),
        ([1, 2, 10], "median", Fraction(2)),
        ([1, 2, 2], "mean", Fraction(5, 3)),
        ([5, 1, 9], "min", Fraction(1)),
        ([5, 1, 9], "max", Fraction(9)),
        (list(range(100)), "p05", Fraction(5)),
        (list(range(100)), "p99", Fraction(99)),
        ([7], "p50", Fraction(7)),
        ([0.1, 0.1, 0.1], "mean", Fraction(1, 10)),
        ([0.1, 0.3], "median", Fraction(1, 5)),
    ],
)
def test_statistics_are_exact(values: list[float], name: str, expected: Fraction) -> None:
    """Each statistic as expectations/README.md defines it."""
    assert statistic(np.array(values), name) == expected or float(expected) == pytest.approx(float(statistic(np.array(values), name)), abs=1e-16)


def test_a_statistic_is_judged_and_shown(ask: Ask) -> None:
    """The value is in the verdict, and compared exactly."""
    made = table(4, n_words=[100, 101, 200, None])
    assert ask({"measure": "n_words", "statistic": "median", "at_least": 101}, made).state == "passed"
    verdict = ask({"measure": "n_words", "statistic": "mean", "at_least": 133.67}, made)
    assert (verdict.state, verdict.value, verdict.counted, verdict.bad) == ("failed", pytest.approx(401 / 3), 3, None)


def test_every_source_is_judged_by_itself(ask: Ask) -> None:
    """Failing sources come first, small ones and articles without a source are left out, fifty are shown."""
    sources = [f"s{i % 60:02}" for i in range(3000)] + ["small"] * 49 + [None] * 100
    truncated = [source in ("s07", "s33", "small", None) for source in sources]
    verdict = ask({"measure": "truncated", "at_most": 0.5, "per": "source"}, table(len(sources), source=sources, truncated=truncated))
    assert (verdict.state, verdict.n_groups, verdict.bad_groups, len(verdict.groups)) == ("failed", 60, 2, 50)
    assert [(g.source, g.bad, g.counted, g.passed) for g in verdict.groups[:3]] == [
        ("s07", 50, 50, False),
        ("s33", 50, 50, False),
        ("s00", 0, 50, True),
    ]
    assert "2 of 60 sources: s07: 50 of 50" in verdict.reason


def test_a_statistic_of_every_source(ask: Ask) -> None:
    """A source's statistic is its own."""
    made = table(6, source=["a", "b", "a", "b", "a", None], n_words=[1, 10, 2, 20, 3, 0])
    verdict = ask({"measure": "n_words", "statistic": "median", "at_least": 5, "per": "source", "min_articles": 2}, made)
    assert [(g.source, g.value, g.passed) for g in verdict.groups] == [("a", 2.0, False), ("b", 15.0, True)]


@pytest.mark.parametrize(
    "entry",
    [
        {"measure": "truncated", "at_most": 1},
        {"measure": "n_words", "below": 5, "at_most": 1},
        {"measure": "n_words", "statistic": "max", "at_most": 9},
        {"measure": "lang", "not_in": ["en"], "at_most": 1},
        {"measure": "truncated", "at_most": 1, "per": "source"},
        {"measure": "n_words", "statistic": "min", "at_least": 0, "per": "source"},
        {"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "lang", "value_set": ["en"]}},
        {"type": "expect_column_distinct_values_to_be_in_set", "kwargs": {"column": "lang", "value_set": ["en"]}},
        {"type": "expect_column_mean_to_be_between", "kwargs": {"column": "n_words", "min_value": 0}},
    ],
)
@pytest.mark.parametrize("rows", [0, 60])
def test_what_holds_of_nothing_is_not_evaluated(ask: Ask, entry: dict[str, Any], rows: int) -> None:
    """An empty corpus and a column of nulls pass nothing, although Great Expectations says success."""
    none = [None] * rows
    verdict = ask(entry | {"severity": "info"}, table(rows, truncated=none, n_words=none, lang=none))
    assert verdict.state == "not evaluated"
    assert ("no article" in verdict.reason) if not rows else ("60" in verdict.reason)
    assert gate.decide([verdict], "error").code == 3


def test_a_where_that_nothing_meets_is_not_evaluated(ask: Ask) -> None:
    """A misspelt language must not pass for ever."""
    verdict = ask({"measure": "truncated", "at_most": 1, "where": {"lang": "english"}}, table(1, truncated=[False], lang=["en"]))
    assert (verdict.state, "where" in verdict.reason) == ("not evaluated", True)


def test_no_source_large_enough_is_not_asked(ask: Ask) -> None:
    """Small sources are no evidence either way."""
    verdict = ask({"measure": "truncated", "at_most": 0, "per": "source"}, table(49, truncated=[True] * 49))
    assert (verdict.state, "50" in verdict.reason) == ("not asked", True)


@pytest.mark.parametrize("entry", [{"measure": "truncated", "at_most": 0}, {"measure": "empty", "at_most": 0, "where": {"truncated": True}}])
def test_what_was_left_out_is_not_asked(ask: Ask, entry: dict[str, Any]) -> None:
    """A measure, or a column of `where`, that --measures leaves out needs no column."""
    verdict = ask(entry, table(3), ("truncation",))
    assert (verdict.state, "--measures" in verdict.reason) == ("not asked", True)


@pytest.mark.parametrize(
    ("name", "kwargs", "state"),
    [
        ("expect_column_values_to_be_between", {"column": "n_words", "min_value": 50, "mostly": 0.941}, "passed"),
        ("expect_column_values_to_be_between", {"column": "n_words", "min_value": 50, "mostly": 0.942}, "failed"),
        ("expect_column_values_to_be_in_set", {"column": "truncated", "value_set": [False], "mostly": 0.941}, "passed"),
        ("expect_column_values_to_be_in_set", {"column": "lang", "value_set": ["en"]}, "failed"),
        ("expect_column_values_to_not_be_in_set", {"column": "lang", "value_set": ["xx"]}, "passed"),
        ("expect_column_values_to_not_be_null", {"column": "lang", "mostly": 0.5}, "passed"),
        ("expect_column_values_to_be_null", {"column": "lang"}, "failed"),
        ("expect_column_distinct_values_to_be_in_set", {"column": "lang", "value_set": ["en", "de"]}, "passed"),
        ("expect_column_distinct_values_to_contain_set", {"column": "lang", "value_set": ["fr"]}, "failed"),
        ("expect_column_most_common_value_to_be_in_set", {"column": "lang", "value_set": ["en"]}, "passed"),
        ("expect_column_unique_value_count_to_be_between", {"column": "lang", "min_value": 3}, "failed"),
        ("expect_column_min_to_be_between", {"column": "n_words", "min_value": 10, "max_value": 10}, "passed"),
        ("expect_column_max_to_be_between", {"column": "n_words", "max_value": 99}, "failed"),
        ("expect_column_mean_to_be_between", {"column": "n_words", "max_value": 100, "strict_max": True}, "passed"),
        ("expect_column_median_to_be_between", {"column": "n_words", "min_value": 100}, "passed"),
        ("expect_column_stdev_to_be_between", {"column": "n_words", "min_value": 1000}, "failed"),
        ("expect_column_sum_to_be_between", {"column": "n_words", "min_value": 1}, "passed"),
        ("expect_table_row_count_to_be_between", {"min_value": 1000, "max_value": 1000}, "passed"),
    ],
)
def test_every_core_type_judges(ask: Ask, name: str, kwargs: dict[str, Any], state: str) -> None:
    """Each listed type gives the verdict that its definition says, `mostly` compared exactly."""
    words, langs = [10] * 59 + [100] * 941, ["en"] * 600 + ["de"] * 100 + [None] * 300
    verdict = ask({"type": name, "kwargs": kwargs}, table(1000, n_words=words, lang=langs, truncated=bad(59, 1000)))
    assert verdict.state == state, verdict.reason
    assert bool(verdict.reason) == (state == "failed")


def test_an_expectation_that_raises_is_not_evaluated(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Great Expectations raises inside, and keeps the severity info; we do not call that a warning."""
    monkeypatch.setattr(judge, "_raw", lambda column, frames: judge._flags("articles", {"other": np.zeros(3, np.bool_)}))
    verdict = ask(
        {"type": "expect_column_mean_to_be_between", "kwargs": {"column": "n_words", "min_value": 1}, "severity": "info"}, table(3, n_words=[1, 2, 3])
    )
    assert (verdict.state, "raised" in verdict.reason) == ("not evaluated", True)


def test_an_expectation_that_is_lost_is_not_evaluated(many: Callable[..., tuple[Verdict, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Great Expectations drops one without a word, its verdict says so, and the others stand."""
    whole = judge._validated
    monkeypatch.setattr(judge, "_validated", lambda gx, context, frame, expectations: whole(gx, context, frame, expectations[1:]))
    first, second = many(
        [{"measure": "truncated", "at_most": 1}, {"measure": "duplicate", "at_most": 1}], table(2, truncated=[True, False], duplicate=[False, True])
    )
    assert (first.state, "no result" in first.reason) == ("not evaluated", True)
    assert second.state == "passed"


def test_a_users_context_and_logger_stay_as_they_were(ask: Ask) -> None:
    """The process-wide context and the log level are the user's."""
    import great_expectations as gx
    from great_expectations.data_context.data_context.context_factory import project_manager

    theirs = gx.get_context(mode="ephemeral")
    logging.getLogger("great_expectations").setLevel(logging.INFO)
    try:
        ask({"measure": "truncated", "at_most": 0}, table(1, truncated=[True]))
        assert project_manager.get_current_project() is theirs
        assert logging.getLogger("great_expectations").level == logging.INFO
    finally:
        project_manager.set_project(None)
        logging.getLogger("great_expectations").setLevel(logging.NOTSET)


QUIET = """
import sys
seen = []
def hook(event, args):
    probe = event == "socket.bind" and args[1][0] == "::1"  # urllib3, at import: is there IPv6?
    if event.startswith("socket.") and event != "socket.__new__" and not probe:
        seen.append((event, str(args)))
    if event == "open" and isinstance(args[0], str) and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        seen.append((event, args[0]))
sys.addaudithook(hook)
import pyarrow as pa
import pyarrow.parquet as pq
from audit import judge, suite
early = {"great_expectations", "pandas", "scipy"} & set(sys.modules)
assert not early, early
verdicts = judge.judge(suite.load(sys.argv[1]), pa.table({"empty": [True, False], "source": ["a", "b"]}), frozenset(), None)
assert verdicts[-1].bad == 1
assert not seen, seen
"""


def test_judging_is_quiet_and_alone(tmp_path: Path) -> None:
    """No socket, no file written, no word on either stream, no home needed; Great Expectations is imported by judging alone."""
    path = tmp_path / "one.yml"
    path.write_text("expectations: [{measure: empty, at_most: 1}]")
    env = {"HOME": "/nonexistent", "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", QUIET, str(path)], capture_output=True, text=True, env=env, cwd=tmp_path, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [item.name for item in tmp_path.iterdir()] == ["one.yml"]


def test_warm_may_run_beside(ask: Ask) -> None:
    """The import in a thread changes nothing."""
    from threading import Thread

    thread = Thread(target=judge.warm)
    thread.start()
    assert ask({"measure": "truncated", "at_most": 0}, table(1, truncated=[False])).state == "passed"
    thread.join()


SAME = {"measure": "truncated", "no_worse_than_baseline": {"margin": 0.01}}


def test_without_a_baseline_nothing_is_asked(ask: Ask) -> None:
    """No --baseline: shown, never fails."""
    assert ask(SAME, table(1, truncated=[True])).state == "not asked"


@pytest.mark.parametrize(("count", "state"), [(10, "passed"), (5, "passed"), (20, "passed"), (60, "failed")])
def test_worse_than_the_baseline(ask: Ask, count: int, state: str) -> None:
    """It fails where it grew beyond the margin and beyond chance, and says from what, by how much and what it can see."""
    verdict = ask(SAME, table(1000, truncated=bad(count, 1000)), (), baseline(total("truncated", 10, 1000)))
    assert (verdict.state, verdict.bad) == (state, count)
    assert verdict.baseline.startswith("10 of 1,000 in the baseline; ")
    assert "caught nearly always" in verdict.baseline
    assert "too blunt for its margin" in verdict.reason


def test_within_the_margin_passes_however_sure(ask: Ask) -> None:
    """A growth that is certain but at most the margin is let pass; exactly the margin too."""
    made = table(100_000, truncated=bad(2000, 100_000))
    assert ask(SAME, made, (), baseline(total("truncated", 1000, 100_000))).state == "passed"


def test_the_worst_sources_are_named(ask: Ask) -> None:
    """A failed comparison names the sources that carry it, worst first."""
    sources = [f"s{i % 20:02}" for i in range(4000)]
    now = [(i // 20) % 4 == 0 or source == "s03" for i, source in enumerate(sources)]
    before = {f"s{i:02}": (0, 200) for i in range(20)}
    verdict = ask(SAME, table(4000, source=sources, truncated=now), (), baseline(total("truncated", 0, 4000, before)))
    assert verdict.state == "failed"
    assert "most of it in s03" in verdict.reason
    assert verdict.groups[0].source == "s03"
    assert verdict.n_groups == 0  # the corpus was judged, not each source


def test_one_source_is_one_witness(ask: Ask) -> None:
    """All of the growth in one source of forty is no proof about the corpus, although its articles are many."""
    sources = [f"s{i % 40:02}" for i in range(8000)]
    before = {f"s{i:02}": (0, 200) for i in range(40)}
    verdict = ask(
        SAME, table(8000, source=sources, truncated=[source == "s03" for source in sources]), (), baseline(total("truncated", 0, 8000, before))
    )
    assert verdict.state == "passed"
    assert "sources that differ" in verdict.reason


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (baseline(total("truncated", 1, 10, definition=99)), "definition 99"),
        (baseline(total("duplicate", 1, 10)), "does not hold truncated"),
        (baseline(), "does not hold truncated"),
        (baseline(total("truncated", 0, 0)), "no article of the baseline"),
    ],
)
def test_what_cannot_be_compared_is_not_evaluated(ask: Ask, document: Document, says: str) -> None:
    """Another definition, no total, or nothing counted: not evaluated, with the command that renews the baseline."""
    verdict = ask(SAME, table(10, truncated=bad(0, 10)), (), document)
    assert verdict.state == "not evaluated"
    assert says in verdict.reason
    assert "corpus-audit run" in verdict.reason


def sound(rows: int = 300) -> dict[str, list[Any]]:
    """Every column that news looks at, of articles without a fault."""
    columns: dict[str, list[Any]] = {name: [False] * rows for name in judge.columns(suite.load("news"))}
    columns |= {"source": [f"s{i % 5}" for i in range(rows)], "n_words": [400 + i for i in range(rows)], "boilerplate_share": [0.01] * rows}
    return columns | {"title_from": ["field"] * rows, "field_byline_kind": ["person"] * rows}


DEFECTS = {
    "truncated": "articles are complete",
    "missing_byline": "articles are credited",
    "repeated_title": "headlines are not repeated in the text",
    "encoding_damage": "characters are undamaged",
    "duplicate": "articles are there once",
}


def test_sound_articles_pass_news() -> None:
    """300 sound articles pass every expectation that is asked."""
    verdicts = judge.judge(suite.load("news"), table(300, **sound()), frozenset(), None)
    assert {v.state for v in verdicts} == {"passed", "not asked"}
    assert all("baseline" in v.reason for v in verdicts if v.state == "not asked")
    assert gate.decide(verdicts, "error").code == 0


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_single_defect_fails_its_own_expectation(defect: str) -> None:
    """5 % of one defect fails exactly the expectation that is about it."""
    verdicts = judge.judge(suite.load("news"), table(300, **sound() | {defect: bad(15, 300)}), frozenset(), None)
    assert [v.name for v in verdicts if v.state == "failed"] == [DEFECTS[defect]]
    assert gate.decide(verdicts, "error").code == 1


@pytest.mark.parametrize("name", suite.shipped())
def test_a_shipped_suite_evaluates_all_of_one_sound_article(name: str) -> None:
    """Nothing that a shipped suite asks is impossible for a single article with text."""
    loaded = suite.load(name)
    columns = {
        column: [{"bool": False, "string": "en"}.get(str(BY_NAME[column].type), 1)] for column in judge.columns(loaded) if column not in ("source",)
    }
    assert not [v.name for v in judge.judge(loaded, table(1, **columns), frozenset(), None) if v.state == "not evaluated"]


def test_verdicts_are_plain_and_the_same(many: Callable[..., tuple[Verdict, ...]]) -> None:
    """No numpy number leaves in a verdict, and the same input gives the same verdicts."""
    from dataclasses import asdict

    entries = [{"measure": "n_words", "statistic": "mean", "at_least": 1, "per": "source"}, {"measure": "truncated", "at_most": 0}, SAME]
    made = table(120, source=["a", "b"] * 60, n_words=[3] * 120, truncated=bad(1, 120))
    once = many(entries, made, (), baseline(total("truncated", 1, 100)))
    assert json.loads(json.dumps([asdict(v) for v in once])) == [
        json.loads(json.dumps(asdict(v))) for v in many(entries, made, (), baseline(total("truncated", 1, 100)))
    ]


def test_a_file_is_judged_as_its_table(tmp_path: Path) -> None:
    """Column by column from Parquet, dictionaries in several row groups included, the verdicts are those of the table."""
    draw = np.random.default_rng(3)
    words = draw.integers(1, 500, 1000).tolist()
    made = table(
        1000,
        truncated=(draw.random(1000) < 0.1).tolist(),
        missing_byline=[None if i % 7 == 0 else i % 5 == 0 for i in range(1000)],
        n_words=[None if i % 11 == 0 else n for i, n in enumerate(words)],
        lang=[("en", "de", None)[i // 300 % 3] for i in range(1000)],
        source=[None if i % 13 == 0 else f"s{i % 9 + i // 500}" for i in range(1000)],
    )
    entries = [
        {"measure": "truncated", "at_most": 0.1, "where": {"lang": "en", "n_words": {"above": 100}}},
        {"measure": "missing_byline", "at_most": 0.1, "where": {"lang": {"not_in": ["en"]}}},
        {"measure": "lang", "not_in": ["en"], "at_most": 0.1},
        {"measure": "n_words", "below": 50, "at_most": 0.05},
        {"measure": "n_words", "statistic": "median", "at_least": 300, "per": "source"},
        {"measure": "n_words", "statistic": "mean", "at_least": 100},
        {"measure": "truncated", "at_most": 0.05, "per": "source"},
        {"measure": "truncated", "no_worse_than_baseline": {"margin": 0.01}},
    ]
    (tmp_path / "ours.yml").write_text(yaml.safe_dump({"expectations": entries}), encoding="utf-8")
    pq.write_table(made, tmp_path / "measures.parquet", row_group_size=128)
    loaded = suite.load(str(tmp_path / "ours.yml"))
    against = baseline(total("truncated", 5, 1000, {"s1": (5, 500), "s2": (0, 500)}))
    with pq.ParquetFile(tmp_path / "measures.parquet", read_dictionary=["source", "lang"]) as file:
        of_file = judge.judge(loaded, file, frozenset(), against)
    assert of_file == judge.judge(loaded, made, frozenset(), against)
    assert [v.state for v in of_file].count("not evaluated") == 0


def test_what_is_not_needed_is_left_alone():
    """Great Expectations is imported without charts and distributions, makes no digest of our frames, and goes back to its own ways."""
    code = (
        "import sys; from audit import judge; from audit.judge import door; judge.warm(); assert 'scipy.stats._stats_py' not in sys.modules\n"
        "from great_expectations.execution_engine import pandas_execution_engine as engine; size = engine.HASH_THRESHOLD\n"
        "with door.private_context(): assert engine.HASH_THRESHOLD == 0\n"
        "assert engine.HASH_THRESHOLD == size > 0; import scipy.stats; assert scipy.stats.norm.cdf(0) == 0.5"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
