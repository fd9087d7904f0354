"""Which articles are against an expectation, as a filter of the measures table: to pick examples, never to count."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from audit.result import Verdict
from audit.tables import BY_NAME

_OPS: Mapping[str, Callable[[Any, Any], Any]] = {
    "below": operator.lt,
    "above": operator.gt,
    "at_least": operator.ge,
    "at_most": operator.le,
}


def entry(verdict: Verdict) -> dict[str, Any]:
    """The entry of the suite, as given; empty if it is none."""
    try:
        given = json.loads(verdict.expectation)
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}


def bound(verdict: Verdict) -> Fraction | None:
    """The bound on the share of articles, for showing a share that is not mistaken for it; None for other bounds."""
    given = entry(verdict)
    if "statistic" in given:
        return None
    limit = given.get("at_most", given.get("at_least"))
    return Fraction(str(limit)) if isinstance(limit, int | float) and not isinstance(limit, bool) else None


def limit(verdict: Verdict) -> float | None:
    """The bound on the share or the statistic, for drawing; None where there is none."""
    given = entry(verdict)
    bound = given.get("at_most", given.get("at_least"))
    return float(bound) if isinstance(bound, int | float) and not isinstance(bound, bool) else None


def direction(verdict: Verdict) -> str:
    """Where the worst of a number lies: ascending (small is bad) or descending."""
    return "ascending" if "below" in entry(verdict) else "descending"


def columns(verdict: Verdict) -> set[str]:
    """The columns of measures.parquet that `articles` looks at."""
    return {verdict.measure, "source", *_where(entry(verdict))}


def articles(verdict: Verdict) -> Any:
    """An Arrow expression over measures.parquet that holds for the articles against it; None where no single article is at fault.

    Where sources are judged one by one, it holds for articles of those that fail.
    """
    given, name = entry(verdict), verdict.measure
    if name not in BY_NAME or "statistic" in given or "type" in given:
        return None
    parts = [_bad(given, name)]
    for column, wanted in _where(given).items():
        parts += _conditions(column, wanted)
    if any(part is None for part in parts):
        return None
    failing = [group.source for group in verdict.groups if not group.passed]
    parts += [pc.field("source").isin(pa.array(failing, pa.large_string()))] if failing else []
    whole = parts[0]
    for part in parts[1:]:
        whole = whole & part
    return whole


def _where(given: Mapping[str, Any]) -> Mapping[str, Any]:
    where = given.get("where", {})
    return where if isinstance(where, dict) else {}


def _bad(given: Mapping[str, Any], name: str) -> Any:
    column = pc.field(name)
    kind = str(BY_NAME[name].type)
    if kind == "bool":
        return ~column if "at_least" in given and "at_most" not in given else column
    if isinstance(given.get("not_in"), list):
        return column.is_valid() & ~column.isin([str(value) for value in given["not_in"]])
    parts = [_OPS[op](column, given[op]) for op in ("below", "above") if isinstance(given.get(op), int | float)]
    return (parts[0] | parts[1] if len(parts) == 2 else parts[0]) if parts else None


def _conditions(name: str, wanted: Any) -> list[Any]:
    if name not in BY_NAME:
        return [None]
    column = pc.field(name)
    return [_condition(column, op, value) for op, value in (wanted.items() if isinstance(wanted, dict) else [("in", wanted)])]


def _condition(column: Any, op: str, value: Any) -> Any:
    if op in ("in", "not_in"):
        found = column.isin(value if isinstance(value, list) else [value])
        return found if op == "in" else column.is_valid() & ~found
    return _OPS[op](column, value) if op in _OPS and isinstance(value, int | float) else None
