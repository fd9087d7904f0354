"""One entry of a suite -> an Expectation: what is wrong with it is said here, in words of the suite, before anything is measured.

Bounds are exact fractions: 0.059 in a suite is 59/1000, and 59 of 1,000 is at most that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from typing import Any

import pyarrow as pa

from audit.errors import SuiteError
from audit.suite import core
from audit.suite.core import Core
from audit.tables import BY_NAME, COLUMNS

MIN_ARTICLES = 50
CONFIDENCE = Fraction(95, 100)
CATEGORIES = frozenset({"title_from", "lang", "truncation_kind", "byline_kind", "field_byline_kind", "script", "fineweb2_rule", "source"})
PLACES = frozenset({"article", "line", "title_cluster", "byline_line", "exact_cluster", "near_cluster", "duplicate_of", "contained_in"})
"""Numbers that name an article or a line: no quantities, so nothing to judge."""

Value = str | bool | Fraction


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition of `where`: `op` is in, not_in, below, above, at_least or at_most; `values` is one value but for in and not_in."""

    column: str
    op: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Regression:
    """No worse than the baseline by more than `margin` (a share), at `confidence`."""

    margin: Fraction
    confidence: Fraction


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is asked of one measure.

    Attributes:
        name: What a reader sees, unique in the suite.
        measure: The column; "" for a core type that looks at the table.
        severity: error, warning or info.
        bound: What is asked, in words.
        given: The entry as given, as JSON.
        at_most, at_least: Bounds on the share of bad articles, or on the statistic.
        below, above, not_in: What makes an article bad, where the measure is no yes/no.
        statistic: mean, median, min, max or p01 to p99; "" for a share of articles.
        min_articles: With `per: source`, the least articles of a source that is looked at; else None.
        where: Only articles that meet all of these are looked at.
        regression: For no_worse_than_baseline.
        core: For a Great Expectations type.
    """

    name: str
    measure: str
    severity: str
    bound: str
    given: str
    at_most: Fraction | None = None
    at_least: Fraction | None = None
    below: Fraction | None = None
    above: Fraction | None = None
    not_in: tuple[str, ...] = ()
    statistic: str = ""
    min_articles: int | None = None
    where: tuple[Filter, ...] = ()
    regression: Regression | None = None
    core: Core | None = None

    @property
    def plain(self) -> bool:
        """Whether it counts the articles for which its measure is true, all of them: what the measure's total in result.json holds."""
        return not (self.where or self.not_in) and self.below is None and self.above is None

    def holds(self, observed: Fraction) -> bool:
        """Whether the share or statistic is within the bounds, exactly."""
        return (self.at_most is None or observed <= self.at_most) and (self.at_least is None or observed >= self.at_least)


def kind(measure: str) -> str:
    """yes/no, number or category.

    Raises:
        SuiteError: There is no such measure, or none that can be judged.
    """
    if measure not in BY_NAME:
        close = get_close_matches(measure, KINDS, 3)
        meant = f"did you mean {' or '.join(close)}? " if close else ""
        raise SuiteError(f"no measure {measure!r}; {meant}known: {', '.join(KINDS)}")
    if measure not in KINDS:
        raise SuiteError(f"{measure} cannot be judged: it is no yes/no, number or category; those are {', '.join(KINDS)}")
    return KINDS[measure]


def _kind(name: str, column: pa.DataType) -> str:
    if pa.types.is_boolean(column):
        return "yes/no"
    if name in CATEGORIES:
        return "category"
    return "number" if name not in PLACES and (pa.types.is_integer(column) or pa.types.is_floating(column)) else ""


KINDS = {c.name: _kind(c.name, c.type) for c in COLUMNS if _kind(c.name, c.type)}
"""Every measure an expectation can look at, in the order of the table: yes/no, number or category."""


def build(entry: Mapping[str, Any]) -> Expectation:
    """The expectation of an entry that schema.json accepts.

    Raises:
        SuiteError: The entry asks for what cannot be: says what, and what would work; the caller adds where.
    """
    given = json.dumps(entry, ensure_ascii=False, default=float)
    severity = entry.get("severity", "error")
    if "type" in entry:
        made = core.build(entry["type"], entry["kwargs"], kind)
        bound = " ".join([made.type, *(f"{key} {_words(value)}" for key, value in entry["kwargs"].items())])
        return Expectation(entry.get("name", bound[:120]), made.column or "", severity, bound, given, core=made)
    measure = entry["measure"]
    _fitting(entry, measure, kind(measure))
    where = tuple(item for column, value in entry.get("where", {}).items() for item in _filters(column, value))
    bound = _bound(entry)
    bounds: dict[str, Any] = {key: Fraction(entry[key]) for key in ("at_most", "at_least", "below", "above") if key in entry}
    return Expectation(
        entry.get("name", f"{measure} {bound}"[:120]),
        measure,
        severity,
        bound,
        given,
        **bounds,
        not_in=tuple(entry.get("not_in", ())),
        statistic=entry.get("statistic", ""),
        min_articles=entry.get("min_articles", MIN_ARTICLES) if "per" in entry else None,
        where=where,
        regression=_regression(entry["no_worse_than_baseline"]) if "no_worse_than_baseline" in entry else None,
    )


def _regression(entry: Mapping[str, Any]) -> Regression:
    return Regression(Fraction(entry["margin"]), Fraction(entry.get("confidence", CONFIDENCE)))


def _fitting(entry: Mapping[str, Any], measure: str, form: str) -> None:
    """Raise if the keys of the entry do not fit each other or a measure of this kind."""
    makers = [key for key in ("below", "above", "not_in", "statistic") if key in entry]
    fit = {"yes/no": (), "number": ("below", "above", "statistic"), "category": ("not_in",)}[form]
    for key in makers:
        if key not in fit:
            right = f"; use {' or '.join(fit)}" if fit else f"; `at_most: 0.05` alone says that at most 5 % may be {measure}"
            raise SuiteError(f"`{key}` does not fit {measure}, a {form} measure{right}")
    if "statistic" in makers and len(makers) > 1:
        raise SuiteError(f"`statistic` and `{makers[0]}` in one expectation: one bounds a number, the other a share; make two of it")
    if not {"at_most", "at_least", "no_worse_than_baseline"} & set(entry):
        raise SuiteError("nothing is asked: add `at_most`, `at_least` or `no_worse_than_baseline`")
    if form != "yes/no" and not makers:
        need = "`below` or `above` (articles that are bad) or `statistic`" if form == "number" else "`not_in`, the list of good values"
        raise SuiteError(f"{measure} is a {form} measure; it needs {need} beside the bound")
    if "min_articles" in entry and "per" not in entry:
        raise SuiteError("`min_articles` needs `per: source` beside it")
    return _shares(entry) if "no_worse_than_baseline" in entry else _bounds(entry)


def _shares(entry: Mapping[str, Any]) -> None:
    """Raise where a baseline is asked for what it cannot show."""
    if "statistic" in entry:
        raise SuiteError("`statistic` beside `no_worse_than_baseline`: it compares shares of articles; use `below` or `above`")
    extra = [key for key in ("at_most", "at_least") if key in entry]
    if extra:
        raise SuiteError(f"`{extra[0]}` beside `no_worse_than_baseline`: one is a bound, the other a comparison; make a second expectation of it")


def _bounds(entry: Mapping[str, Any]) -> None:
    low, high = entry.get("at_least"), entry.get("at_most")
    for key, value in (("at_least", low), ("at_most", high)):
        if value is not None and "statistic" not in entry and not 0 <= value <= 1:
            hint = f"; write {_decimal(Fraction(value) / 100)} for {value} %" if 1 < value <= 100 else ""
            raise SuiteError(f"`{key}` is {value}; a share of articles lies from 0 to 1{hint}")
    if low is not None and high is not None and low > high:
        raise SuiteError(f"`at_least` {low} is above `at_most` {high}: nothing would pass")


def _filters(column: str, value: Any) -> list[Filter]:
    form = kind(column)
    conditions = value if isinstance(value, dict) else {"in": [value]}
    return [Filter(column, op, _filtered(column, form, op, wanted)) for op, wanted in conditions.items()]


def _filtered(column: str, form: str, op: str, wanted: Any) -> tuple[Value, ...]:
    if op not in ("in", "not_in") and form != "number":
        raise SuiteError(f"where: `{op}` needs a number; {column} is a {form} column: write {column}: value, or use in or not_in")
    values = wanted if isinstance(wanted, list) else [wanted]
    fits = {"yes/no": bool, "number": (int, Decimal), "category": str}[form]
    for item in values:
        if not isinstance(item, fits) or (form == "number" and isinstance(item, bool)):
            right = {"yes/no": "true or false", "number": "a number", "category": "text (quote it)"}[form]
            raise SuiteError(f"where: {column} is compared with {item!r}; it is a {form} column, so write {right}")
    return tuple(Fraction(item) if form == "number" else item for item in values)


def percent(share: Fraction) -> str:
    """A share that came from a suite, as an exact percentage: 59/1000 is "5.9 %"."""
    return f"{_decimal(share * 100)} %"


def points(share: Fraction) -> str:
    """A difference of shares that came from a suite: 5/1000 is "0.5 percentage points"."""
    return f"{_decimal(share * 100)} percentage point" + ("s" if share != Fraction(1, 100) else "")


def _decimal(number: Fraction) -> str:
    return f"{(Decimal(number.numerator) / Decimal(number.denominator)).normalize():f}"


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_words(item) for item in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _bound(entry: Mapping[str, Any]) -> str:
    """What is asked, in words: "at most 1 %", "at most 2 % below 50", "median at least 150 in every source of at least 50 articles"."""
    show = str if "statistic" in entry else lambda value: percent(Fraction(value))
    parts = [entry["statistic"]] if "statistic" in entry else []
    parts.append(" and ".join(f"{key.replace('_', ' ')} {show(entry[key])}" for key in ("at_least", "at_most") if key in entry))
    if "no_worse_than_baseline" in entry:
        asked = _regression(entry["no_worse_than_baseline"])
        parts.append(f"no worse than the baseline by more than {points(asked.margin)}, at {percent(asked.confidence)} confidence")
        parts += [f"of {entry['measure']}"] if {"below", "above", "not_in"} & set(entry) else []
    parts += [" or ".join(f"{key} {entry[key]}" for key in ("below", "above") if key in entry)]
    parts += [f"not in {_words(entry['not_in'])}" if "not_in" in entry else ""]
    parts += [f"in every source of at least {entry.get('min_articles', MIN_ARTICLES)} articles" if "per" in entry else ""]
    conditions = (value.items() if isinstance(value, dict) else [("is", value)] for value in entry.get("where", {}).values())
    where = [f"{column} {op} {_words(value)}" for column, pairs in zip(entry.get("where", {}), conditions, strict=True) for op, value in pairs]
    parts += ["where " + " and ".join(where).replace("_", " ") if where else ""]
    return " ".join(part for part in parts if part)
