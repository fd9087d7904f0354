"""The Great Expectations core types that may stand in a suite, with the arguments each may have: an allow-list, as data.

Left out on purpose: `row_condition`, `condition_parser` and query types run code; pattern types take patterns of strangers (and there is
no text column here to match); index lists cost 20 microseconds an article.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

from audit.errors import SuiteError

ALL = ("yes/no", "number", "category")
NUMBER = ("number",)
RANGE = ("min_value", "max_value", "strict_min", "strict_max")


@dataclass(frozen=True, slots=True)
class Core:
    """One expectation by type: `kwargs` as Great Expectations takes them, without `mostly`, which is kept as an exact share."""

    type: str
    column: str | None
    kwargs: tuple[tuple[str, Any], ...]
    mostly: Fraction = Fraction(1)

    @property
    def by_article(self) -> bool:
        """Whether it counts articles against it, so that its bound is compared exactly; else Great Expectations decides."""
        return self.type.startswith("expect_column_values_")


@dataclass(frozen=True, slots=True)
class Rule:
    """The kinds of column a type looks at (none: the table), and its arguments beside `column`."""

    kinds: tuple[str, ...]
    arguments: tuple[str, ...]


TYPES: dict[str, Rule] = {
    "expect_column_values_to_be_between": Rule(NUMBER, (*RANGE, "mostly")),
    "expect_column_values_to_be_in_set": Rule(ALL, ("value_set", "mostly")),
    "expect_column_values_to_not_be_in_set": Rule(ALL, ("value_set", "mostly")),
    "expect_column_values_to_be_null": Rule(ALL, ("mostly",)),
    "expect_column_values_to_not_be_null": Rule(ALL, ("mostly",)),
    "expect_column_distinct_values_to_be_in_set": Rule(ALL, ("value_set",)),
    "expect_column_distinct_values_to_contain_set": Rule(ALL, ("value_set",)),
    "expect_column_most_common_value_to_be_in_set": Rule(ALL, ("value_set", "ties_okay")),
    "expect_column_unique_value_count_to_be_between": Rule(ALL, RANGE),
    "expect_column_min_to_be_between": Rule(NUMBER, RANGE),
    "expect_column_max_to_be_between": Rule(NUMBER, RANGE),
    "expect_column_mean_to_be_between": Rule(NUMBER, RANGE),
    "expect_column_median_to_be_between": Rule(NUMBER, RANGE),
    "expect_column_stdev_to_be_between": Rule(NUMBER, RANGE),
    "expect_column_sum_to_be_between": Rule(NUMBER, RANGE),
    "expect_table_row_count_to_be_between": Rule((), RANGE),
}


def build(name: str, kwargs: Mapping[str, Any], kind: Callable[[str], str]) -> Core:
    """The expectation of type `name`; `kind` gives a column's kind, or raises SuiteError.

    Raises:
        SuiteError: The type or an argument is not in the list, or of the wrong kind.
    """
    if name not in TYPES:
        close = get_close_matches(name, TYPES, 1)
        meant = f"did you mean {close[0]}? " if close else ""
        raise SuiteError(f"the type {name!r} is not among those that may stand in a suite; {meant}known: {', '.join(sorted(TYPES))}")
    rule = TYPES[name]
    known = ("column", *rule.arguments) if rule.kinds else rule.arguments
    for key in kwargs:
        if key not in known:
            why = ", which would run code," if key in ("row_condition", "condition_parser") else ""
            raise SuiteError(f"kwargs: {key!r}{why} is refused for {name}; known: {', '.join(known)}")
    column = _column(name, rule, kwargs.get("column"), kind) if rule.kinds else None
    values = {key: _argument(key, value, kind(column) if column else "number") for key, value in kwargs.items() if key != "column"}
    _complete(name, rule, values)
    mostly = values.pop("mostly", Fraction(1))
    return Core(name, column, tuple(sorted(values.items())), mostly)


def _column(name: str, rule: Rule, column: Any, kind: Callable[[str], str]) -> str:
    if not isinstance(column, str):
        raise SuiteError(f"kwargs: {name} needs `column`, the name of a measure")
    if kind(column) not in rule.kinds:
        raise SuiteError(f"kwargs: {column} is a {kind(column)} column; {name} looks at a {' or '.join(rule.kinds)} column")
    return column


def _argument(key: str, value: Any, kind: str) -> Any:
    if key == "value_set":
        return _value_set(value, kind)
    if key in ("strict_min", "strict_max", "ties_okay"):
        if not isinstance(value, bool):
            raise SuiteError(f"kwargs: {key} is {value!r}; it is true or false")
        return value
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise SuiteError(f"kwargs: {key} is {value!r}; it is a number")
    if key == "mostly":
        if not 0 <= value <= 1:
            raise SuiteError(f"kwargs: mostly is {value}; it is a share of articles from 0 to 1, such as 0.95")
        return Fraction(value)
    return value if isinstance(value, int) else float(value)


def _value_set(value: Any, kind: str) -> tuple[Any, ...]:
    fits = {"yes/no": bool, "number": (int, Decimal), "category": str}[kind]
    whole = isinstance(value, list) and 0 < len(value) <= 1000
    if not whole or not all(isinstance(item, fits) and (kind == "yes/no" or not isinstance(item, bool)) for item in value):
        what = {"yes/no": "true and false", "number": "numbers", "category": "text"}[kind]
        raise SuiteError(f"kwargs: value_set is a list of 1 to 1,000 values; for a {kind} column of {what}")
    return tuple(float(item) if isinstance(item, Decimal) else item for item in value)


def _complete(name: str, rule: Rule, values: Mapping[str, Any]) -> None:
    if "value_set" in rule.arguments and "value_set" not in values:
        raise SuiteError(f"kwargs: {name} needs `value_set`")
    if "min_value" not in rule.arguments:
        return
    low, high = values.get("min_value"), values.get("max_value")
    if low is None and high is None:
        raise SuiteError(f"kwargs: {name} needs `min_value`, `max_value` or both")
    if low is not None and high is not None and low > high:
        raise SuiteError(f"kwargs: min_value {low} is above max_value {high}: nothing would pass")
