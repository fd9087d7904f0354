"""A suite and the measures -> verdicts, through Great Expectations; the only door to it beside gx.py.

Great Expectations counts, we compare: its own `mostly` is a floating share, which fails 59 of 1,000 at 0.059, and calls an empty corpus a
success. Every expectation becomes yes/no columns without nulls (whose nulls would make it copy the frame for each one), all of them
in one suite that is validated once; a core type that a suite names gets its column as it is.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from audit.errors import EngineError
from audit.judge import baseline, door, narrow, seen, verdicts
from audit.judge.baseline import Sourced
from audit.judge.narrow import ARTICLES, GROUPS, Articles, Frames, Observed
from audit.judge.spread import Run
from audit.judge.verdicts import Answer
from audit.result import Document, Verdict
from audit.suite import Suite
from audit.suite.expectation import Expectation

_LOCK = threading.Lock()  # Great Expectations keeps one current project a process


def columns(suite: Suite) -> list[str]:
    """The columns of measures.parquet that judging the suite needs."""
    return narrow.columns(suite.expectations)


def warm() -> None:
    """Import Great Expectations (2 s, 200 MB), so that judging need not wait; for a thread beside kernels. Never raises."""
    with suppress(Warning, EngineError):  # Warning: where warnings are errors; judge() filters them and imports again
        door.imported()


def asks(suite: Suite, left_out: frozenset[str]) -> bool:
    """Whether an expectation asks about measures that are computed: nothing is judged otherwise, and Great Expectations not needed."""
    return any(verdicts.unasked(e, left_out) is None for e in suite.expectations)


def judge(
    suite: Suite,
    measures: pa.Table | pq.ParquetFile,
    left_out: frozenset[str],
    before: Document | None,
    settings: Mapping[str, str] | None = None,
) -> tuple[Verdict, ...]:
    """A verdict for every expectation, in the order of the suite.

    Args:
        suite: What is expected.
        measures: At least `columns(suite)` of the measures table; one row per article, any number of rows. Of measures.parquet itself one
            column is read at a time.
        left_out: Groups of measures that were not computed: what needs them is not asked.
        before: The baseline, an earlier result, for `no_worse_than_baseline`; None: that is not asked.
        settings: This run's settings as in result.json; where the baseline's differ in what changes a measure, that is not evaluated.

    Raises:
        EngineError: Great Expectations cannot be imported.
    """
    articles = Articles(measures)
    frames = Frames(articles.rows)
    against = Against(before, settings or {})
    importing = threading.Thread(target=warm)
    if asks(suite, left_out):
        importing.start()  # the columns are read meanwhile
    plans = [_planned(e, articles, frames, left_out, against) for e in suite.expectations]
    if importing.ident is not None:
        importing.join()
    answers = _answers(frames)
    return tuple(_told(plan, articles, frames, answers, before) for plan in plans)


@dataclass(frozen=True, slots=True)
class Against:
    """The baseline, and this run's settings."""

    baseline: Document | None
    settings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """An expectation: the columns of the frames that answer it, and what was observed of groups; or its verdict, where nothing is to be counted.

    `run`: this run's counts by source, for a comparison, now or by the next run.
    """

    expectation: Expectation
    bad: str = ""
    counted: str = ""
    empty: int = 0
    observed: tuple[Observed, ...] = ()
    sourced: tuple[Sourced, ...] = ()
    run: Run | None = None
    verdict: Verdict | None = None


def _planned(e: Expectation, articles: Articles, frames: Frames, left_out: frozenset[str], against: Against) -> Plan:
    """The plan of an expectation, its columns added to the frames."""
    open_ = verdicts.unasked(e, left_out)
    if open_:
        return Plan(e, verdict=open_)
    if e.regression:
        return _compared(e, articles, frames, against)
    plan = verdicts.vacuous(e, articles.rows) or _counted(e, articles, frames)
    return plan if isinstance(plan, Plan) else Plan(e, verdict=plan)


def _compared(e: Expectation, articles: Articles, frames: Frames, against: Against) -> Plan:
    """The plan of a comparison with the baseline."""
    bad, counted = articles.against(e)
    run = articles.run(bad, counted)
    open_ = baseline.unasked(e, against.baseline, against.settings) or (None if run.counted else verdicts.uncounted(e, articles.rows))
    if open_ or not against.baseline:
        return Plan(e, run=run, verdict=open_)
    if e.min_articles is not None:
        sourced = tuple(baseline.by_source(e, run.sources, against.baseline))
        flags = np.array([row.fails for row in sourced])
        return Plan(e, frames.add(GROUPS, flags), sourced=sourced, run=run) if sourced else Plan(e, run=run, verdict=baseline.no_source(e))
    return Plan(e, frames.add(ARTICLES, bad), frames.add(ARTICLES, counted), articles.empty(e, counted), run=run)


def _counted(e: Expectation, articles: Articles, frames: Frames) -> Plan | Verdict:
    if e.core:
        return _of_type(e, articles, frames)
    if e.min_articles is not None:
        return _by_source(e, articles, frames)
    if e.statistic:
        whole = articles.corpus(e)
        return _grouped(e, [whole], frames) if whole else verdicts.uncounted(e, articles.rows)
    bad, counted = articles.against(e)
    return Plan(e, frames.add(ARTICLES, bad), frames.add(ARTICLES, counted), articles.empty(e, counted))


def _of_type(e: Expectation, articles: Articles, frames: Frames) -> Plan | Verdict:
    if e.measure:
        column = articles.column(e.measure)
        if column.null_count == len(column) and not e.bound.startswith(("expect_column_values_to_be_null", "expect_column_values_to_not_be_null")):
            return verdicts.uncounted(e, articles.rows)  # Great Expectations calls most of them a success
        frames.raw[e.measure] = column
    frames.cores.setdefault(e.measure, {})[e.name] = e
    return Plan(e, e.name)


def _by_source(e: Expectation, articles: Articles, frames: Frames) -> Plan | Verdict:
    observed = articles.by_source(e)
    if observed:
        return _grouped(e, observed, frames)
    return verdicts.no_source(e) if articles.counted(e).any() else verdicts.uncounted(e, articles.rows)


def _grouped(e: Expectation, observed: list[Observed], frames: Frames) -> Plan:
    """Failing groups first, then the largest; one row each says whether it is against the bound."""
    ranked = sorted(observed, key=lambda o: (e.holds(o.value), -o.counted, o.source))
    return Plan(e, frames.add(GROUPS, np.array([not e.holds(o.value) for o in ranked])), observed=tuple(ranked))


def _told(plan: Plan, articles: Articles, frames: Frames, answers: Mapping[str, Answer], before: Document | None) -> Verdict:
    """The verdict of a plan, with what can be said of its figure."""
    flags, run = frames.flags[ARTICLES], plan.run
    if run is None and plan.counted:
        run = articles.run(flags[plan.bad], flags[plan.counted])
    return seen.told(_settled(plan, articles, answers, before), plan.expectation, articles, run, before)


def _settled(plan: Plan, articles: Articles, answers: Mapping[str, Answer], before: Document | None) -> Verdict:
    """The verdict of a plan; with the counts that the next run needs and finds nowhere else."""
    made = plan.verdict or _answered(plan, articles, answers, before)
    return baseline.kept(made, plan.run) if plan.run is not None and not plan.expectation.plain else made


def _answered(plan: Plan, articles: Articles, answers: Mapping[str, Answer], before: Document | None) -> Verdict:
    e, bad = plan.expectation, answers.get(plan.bad, verdicts.LOST)
    counted = answers.get(plan.counted, verdicts.LOST) if plan.counted else Answer()
    if bad.error or counted.error:
        return verdicts.unanswered(e, bad.error or counted.error)
    if e.core:
        return verdicts.of_core(e, bad)
    if plan.sourced:
        return baseline.of_sources(e, plan.sourced, bad.unexpected)
    if plan.observed:
        return verdicts.of_groups(e, plan.observed, bad.unexpected)
    if not counted.unexpected:
        return verdicts.uncounted(e, articles.rows)
    if plan.run is not None and before is not None:
        return baseline.of_corpus(e, Run(bad.unexpected, counted.unexpected, plan.run.sources), plan.empty, before)
    return verdicts.of_share(e, bad.unexpected, counted.unexpected, plan.empty)


def _answers(frames: Frames) -> dict[str, Answer]:
    """What Great Expectations says of every column of the frames, by the column's (or core expectation's) name."""
    if not any(frames.flags.values()) and not frames.cores:
        return {}
    with _LOCK, door.private_context() as (gx, context):
        out: dict[str, Answer] = {}
        for name, flags in frames.flags.items():
            out |= _validated(gx, context, _flags(name, flags), [_in_set(gx, column) for column in flags]) if flags else {}
        for column, asked in frames.cores.items():
            out |= _validated(gx, context, _raw(column, frames), [_core(gx, name, e) for name, e in asked.items()])
    return out


def _flags(frame: str, flags: Mapping[str, np.ndarray]) -> Any:
    """The yes/no columns as one data frame; those of groups have as many rows as each has groups, filled up with no."""
    import pandas as pd

    rows = max(len(column) for column in flags.values())
    padded = flags if frame == ARTICLES else {name: np.pad(column, (0, rows - len(column))) for name, column in flags.items()}
    return pd.DataFrame(padded, copy=False)


def _raw(column: str, frames: Frames) -> Any:
    """A measure as a data frame of one column, as Great Expectations expects it: category, nullable boolean or number."""
    import pandas as pd

    if not column:
        return pd.DataFrame({"rows": np.zeros(frames.rows, np.int8)})
    values = frames.raw[column]
    if pa.types.is_boolean(values.type):
        return pd.DataFrame({column: values.to_pandas(types_mapper={pa.bool_(): pd.BooleanDtype()}.get)})
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        return pd.DataFrame({column: values.dictionary_encode().to_pandas()})
    return pd.DataFrame({column: values.to_pandas()})


def _in_set(gx: Any, column: str) -> Any:
    return gx.expectations.ExpectColumnValuesToBeInSet(column=column, value_set=[False], meta={"answers": column})


def _core(gx: Any, name: str, e: Expectation) -> Any:
    from great_expectations.expectations.registry import get_expectation_impl

    assert e.core is not None
    kwargs: dict[str, Any] = {key: list(value) if isinstance(value, tuple) else value for key, value in e.core.kwargs}
    if e.core.column:
        kwargs["column"] = e.core.column
    return get_expectation_impl(e.core.type)(**kwargs, meta={"answers": name})


def _validated(gx: Any, context: Any, frame: Any, expectations: list[Any]) -> dict[str, Answer]:
    """One suite, one validation, counts alone. Results come in an order of their own and are known by their meta."""
    asset = context.data_sources.add_or_update_pandas("corpus").add_dataframe_asset("measures")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch(batch_parameters={"dataframe": frame})
    suite = gx.ExpectationSuite(name="suite", expectations=expectations)
    results = batch.validate(suite, result_format={"result_format": "BASIC", "partial_unexpected_count": 0}).results
    return {result.expectation_config.meta["answers"]: _answer(result) for result in results}


def _answer(result: Any) -> Answer:
    found, raised = result.result, result.exception_info or {}
    for info in [raised] if "raised_exception" in raised else raised.values():
        if info.get("raised_exception"):
            return Answer(error=f"Great Expectations raised: {' '.join(str(info.get('exception_message')).split())[:300]}")
    observed = found.get("observed_value")
    return Answer(
        unexpected=int(found.get("unexpected_count") or 0),
        elements=int(found.get("element_count") or 0),
        missing=int(found.get("missing_count") or 0),
        success=bool(result.success),
        value=float(observed) if isinstance(observed, int | float | np.number) else None,
    )
