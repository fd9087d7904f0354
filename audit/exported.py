"""A suite of ours -> a suite of Great Expectations over measures.parquet, in core types alone: it runs in any project of theirs without us.

What core types cannot say (`per: source`, percentiles, comparisons with a baseline) is left out, and `meta` says so with the reason. Shares
stay exact: `mostly` is the number nearest to one less the bound, and Great Expectations divides the same counts to the same number.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from audit import suite
from audit.suite.expectation import Expectation, Filter, kind

SEVERITY = {"error": "critical", "warning": "warning", "info": "info"}
STATISTICS = ("mean", "median", "min", "max")
_OPERATORS = {"below": "<", "above": ">", "at_least": ">=", "at_most": "<="}


def export_suite(name_or_path: str) -> dict[str, Any]:
    """The suite as Great Expectations writes its own (`json.dump` makes the file of it).

    Beside the expectations stand guards: an empty table, or a column without a value, passes whatever is asked of it there, and fails here.
    `meta["corpus_audit"]["left_out"]` names the expectations that core types cannot say, each with the reason.

    Raises:
        SuiteError: There is no such suite, or it is none.
    """
    asked = suite.load(name_or_path)
    made, left_out, columns = [], [], []
    for e in asked.expectations:
        reason = _unsaid(e)
        if reason:
            left_out.append({"name": e.name, "reason": reason})
            continue
        made += [_entry(kind, kwargs, SEVERITY[e.severity], {"name": e.name, "bound": e.bound}) for kind, kwargs in _said(e)]
        columns += [e.measure] if e.measure and e.measure not in columns else []
    made += [_entry("expect_table_row_count_to_be_between", {"min_value": 1}, "critical", {"name": "there are articles"})]
    for column in columns:
        guard = {"name": f"some article has a value of {column}"}
        made.append(_entry("expect_column_unique_value_count_to_be_between", {"column": column, "min_value": 1}, "critical", guard))
    meta = {"corpus_audit": {"suite": asked.name, "digest": asked.digest, "left_out": left_out}}
    return {"name": f"corpus-audit {asked.name}", "expectations": made, "meta": meta}


def _entry(name: str, kwargs: dict[str, Any], severity: str, about: dict[str, str]) -> dict[str, Any]:
    return {"type": name, "kwargs": kwargs, "severity": severity, "meta": {"corpus_audit": about}}


def _unsaid(e: Expectation) -> str:
    """Why core types cannot say it; "" if they can."""
    if e.regression:
        return "it compares with a baseline"
    if e.min_articles is not None:
        return "it asks every source"
    if e.statistic and e.statistic not in STATISTICS:
        return f"{e.statistic} is counted differently there"
    if e.at_least is not None and not e.statistic and kind(e.measure) != "yes/no":
        return "it asks for a least share of values out of bounds"
    return ""


def _said(e: Expectation) -> list[tuple[str, dict[str, Any]]]:
    """(type, kwargs) of what is asked; two where a share is bounded on both sides."""
    if e.core:
        exact = {"mostly": float(e.core.mostly)} if e.core.by_article else {}
        column = {"column": e.core.column} if e.core.column else {}
        return [(e.core.type, column | {key: list(value) if isinstance(value, tuple) else value for key, value in e.core.kwargs} | exact)]
    where = {"row_condition": _condition(e.where)} if e.where else {}
    if e.statistic:
        return [(f"expect_column_{e.statistic}_to_be_between", {"column": e.measure} | _range(e.at_least, e.at_most) | where)]
    out = []
    if e.at_most is not None:
        name, kwargs = _good(e)
        out.append((name, {"column": e.measure} | kwargs | {"mostly": float(1 - e.at_most)} | where))
    if e.at_least is not None:
        out.append(("expect_column_values_to_be_in_set", {"column": e.measure, "value_set": [True], "mostly": float(e.at_least)} | where))
    return out


def _good(e: Expectation) -> tuple[str, dict[str, Any]]:
    """(type, kwargs) of a good value."""
    if kind(e.measure) == "number":
        return "expect_column_values_to_be_between", _range(e.below, e.above)
    return "expect_column_values_to_be_in_set", {"value_set": list(e.not_in) if e.not_in else [False]}


def _range(low: Fraction | None, high: Fraction | None) -> dict[str, Any]:
    return {key: _number(value) for key, value in (("min_value", low), ("max_value", high)) if value is not None}


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def _condition(where: tuple[Filter, ...]) -> dict[str, Any]:
    """`where` as Great Expectations writes a condition; null meets none of ours, so it is ruled out by name."""
    parts = [part for item in where for part in ({"type": "nullity", "column": {"name": item.column}, "is_null": False}, _comparison(item))]
    return {"type": "and", "conditions": parts}


def _comparison(item: Filter) -> dict[str, Any]:
    values = [_number(value) if isinstance(value, Fraction) else value for value in item.values]
    many = {"in": "IN", "not_in": "NOT_IN"}.get(item.op)
    operator, parameter = (many, values) if many else (_OPERATORS[item.op], values[0])
    return {"type": "comparison", "column": {"name": item.column}, "operator": operator, "parameter": parameter}
