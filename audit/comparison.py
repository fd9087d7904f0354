"""Two results side by side: what each measure changed by, how sure that is, and what came and went. Computes; `show.compared` lays it out.

Looking at forty measures at once, two look changed at 95 % by chance alone: what is called changed here is held to a false discovery rate
(Benjamini and Hochberg 1995), so that of all that is called changed about one in twenty is not. Sources are looked at the same way, as a
family of their own. The gate does not use any of this: a suite asks few things, and each with its own confidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import erfc, exp, log, sqrt
from statistics import NormalDist

from audit import again
from audit.judge import regression
from audit.judge.spread import UNTOLD, Run
from audit.result import SOURCES_AT_MOST, Count, Document, Names, Total, Turnover
from audit.tables import BY_NAME

CONFIDENCE = Fraction(95, 100)
"""Of an interval, two-sided."""
RATE = 0.05
"""The share of what is called changed that may be chance."""
NAMED = 50
VALUES = 20
"""Values of a category that are compared, the most frequent ones."""
VALUES_KEPT = 200
"""Values of a category that a result names."""
SOURCES = 5
"""Sources of a measure that are named."""
LEAST = 1e-12
"""The smallest chance that is told apart from none."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in one result: over `counted` articles its `mean` and its `median`."""

    counted: int
    mean: float
    median: float


@dataclass(frozen=True, slots=True)
class Moved:
    """A source whose share changed: its counts in both results; `chance` as in Row."""

    source: str
    before: Count
    after: Count
    chance: float


@dataclass(frozen=True, slots=True)
class Row:
    """A measure (for a category: one `value` of it) in both results.

    Attributes:
        measure, value: What is compared.
        before, after: Articles that have it, or the number; None where the result does not hold it.
        change: After less before: of the share, or of the mean.
        low, high: The interval of the change at CONFIDENCE.
        chance: The probability of as large a change by chance, as adjusted for all that is looked at; called changed up to RATE.
        sources: Sources that the interval rests on, because articles of one source share its fate; 0: articles count one by one.
        moved: Where it changed, the sources that changed, the most articles first, at most SOURCES of `moved_all`.
        reason: Why it was not compared; "" if it was.
    """

    measure: str
    value: str = ""
    before: Count | Amount | None = None
    after: Count | Amount | None = None
    change: float = 0.0
    low: float = 0.0
    high: float = 0.0
    chance: float = 1.0
    sources: int = 0
    moved: tuple[Moved, ...] = ()
    moved_all: int = 0
    reason: str = ""

    @property
    def changed(self) -> bool:
        """Whether it changed by more than chance, all that is looked at considered."""
        return not self.reason and self.chance <= RATE and self.change != 0

    @property
    def worse(self) -> bool | None:
        """Whether it got worse (better: False); None for a category or a number, of which more is neither."""
        return None if isinstance(self.after, Amount) or self.value or self.change == 0 else self.change > 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two results; `settings` are those that differ (name, before, after); `renewal` says how to make the first one again, where that is needed."""

    before: Document
    after: Document
    rows: tuple[Row, ...]
    turnover: Turnover
    settings: tuple[tuple[str, str, str], ...]
    renewal: str


def compare(before: Document, after: Document) -> Comparison:
    """Everything that two results tell of each other, in the order of the tables."""
    then, now = ({total.measure: total for total in document.totals} for document in (before, after))
    settings = tuple((name, value, dict(after.settings).get(name, "")) for name, value in before.settings if dict(after.settings).get(name) != value)
    names = [name for name in BY_NAME if name in then or name in now]
    thresholds = [(old, new) for name, old, new in settings if name == "threshold"]
    rows = [row for name in names for row in _rows(name, then.get(name), now.get(name), thresholds)]
    rows = _adjusted(rows)
    moved = _moved([(row.measure, then[row.measure], now[row.measure]) for row in rows if not row.reason and isinstance(row.after, Count)])
    rows = [replace(row, moved=moved[row.measure][:SOURCES], moved_all=len(moved[row.measure])) if row.measure in moved else row for row in rows]
    renewal = again.renewal(before) if any(row.reason for row in rows) else ""
    return Comparison(before, after, tuple(rows), turnover(before, after), settings, renewal)


def turnover(before: Document, after: Document) -> Turnover:
    """The sources, languages and fields that only one of the results has."""
    sources = [_sources(document) for document in (before, after)]
    languages = [{value: n for total in document.totals if total.measure == "lang" for value, n in total.values} for document in (before, after)]
    fields = [dict.fromkeys((f"{role} from {name}" for role, name in document.fields), 1) for document in (before, after)]
    pooled = any(len(names) >= SOURCES_AT_MOST for names in sources)
    return Turnover(_names(*sources), _names(*languages), _names(*fields), pooled)


def _sources(document: Document) -> dict[str, int]:
    """Source -> its articles."""
    total = next((total for total in document.totals if total.measure == "empty"), None)
    return {name: count.counted for name, count in total.sources if name not in UNTOLD} if total is not None else {}


def _names(before: dict[str, int], after: dict[str, int]) -> Names:
    new, vanished = (sorted(set(a) - set(b), key=lambda name: (-a[name], name)) for a, b in ((after, before), (before, after)))
    return Names(tuple(new[:NAMED]), tuple(vanished[:NAMED]), len(new), len(vanished))


def _rows(name: str, then: Total | None, now: Total | None, thresholds: Sequence[tuple[str, str]]) -> list[Row]:
    reason = _incomparable(name, then, now, thresholds)
    if reason or then is None or now is None:
        return [Row(name, before=_seen(then), after=_seen(now), reason=reason)]
    if then.count is not None and now.count is not None:
        return [_share(Row(name, before=then.count, after=now.count), Run(*_pair(then.count), _each(then)), Run(*_pair(now.count), _each(now)))]
    if then.edges and now.edges:
        return [_mean(name, then, now)]
    return [_share(row, Run(*_pair(row.before), {}), Run(*_pair(row.after), {})) for row in _values(name, then, now)]


def _incomparable(name: str, then: Total | None, now: Total | None, thresholds: Sequence[tuple[str, str]]) -> str:
    """Why a measure cannot be compared; "" where it can."""
    if then is None or now is None:
        return f"{'the first' if then is None else 'the second'} result does not hold it (it was left out there)"
    if then.definition != now.definition:
        return f"definition {then.definition} and definition {now.definition}: not the same measure"
    if thresholds and BY_NAME[name].group == "duplicates":
        return "duplicates from a similarity of {} and of {}: not the same measure".format(*thresholds[0])
    if not then.counted or not now.counted:
        return f"no article of {'the first' if not then.counted else 'the second'} result has a value"
    return ""


def _seen(total: Total | None) -> Count | Amount | None:
    if total is None or total.count is not None:
        return total.count if total is not None else None
    return _amount(total) if total.edges and total.counted else None


def _amount(total: Total) -> Amount:
    return Amount(total.counted, (total.sum or 0.0) / total.counted, dict(total.quantiles).get("p50", 0.0))


def _pair(count: object) -> tuple[int, int]:
    assert isinstance(count, Count)
    return count.bad, count.counted


def _each(total: Total) -> dict[str, tuple[int, int]]:
    return {name: (count.bad, count.counted) for name, count in total.sources}


def _values(name: str, then: Total, now: Total) -> list[Row]:
    """A row for each of the most frequent values; one that a result may hold but does not name is left out."""
    old, new = dict(then.values), dict(now.values)
    known = [value for value in old.keys() | new.keys() if all(value in a or len(a) < VALUES_KEPT for a in (old, new))]
    ranked = sorted(known, key=lambda value: (-max(old.get(value, 0) / then.counted, new.get(value, 0) / now.counted), value))
    return [Row(name, value, Count(old.get(value, 0), then.counted), Count(new.get(value, 0), now.counted)) for value in ranked[:VALUES]]


def _share(row: Row, old: Run, new: Run) -> Row:
    """The row with the change of its share: the gate's own interval, from both sides."""
    sure = 1 - (1 - CONFIDENCE) / 2
    up, down = regression.compare(old, new, Fraction(0), sure), regression.compare(new, old, Fraction(0), sure)
    change = float(up.observed)
    lower = _lower(old, new) if change > 0 else _lower(new, old)
    return replace(row, change=change, low=up.lower, high=-down.lower, chance=_chance(lower) if change else 1.0, sources=up.sources)


def _lower(old: Run, new: Run) -> Callable[[float], float]:
    return lambda chance: regression.compare(old, new, Fraction(0), 1 - Fraction(chance) / 2).lower


def _chance(lower: Callable[[float], float]) -> float:
    """The least chance at which the two-sided interval's nearer end still stands above 0."""
    low, high = log(LEAST), 0.0
    if lower(LEAST) > 0:
        return LEAST
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (low, middle) if lower(exp(middle)) > 0 else (middle, high)
    return exp(high)


def _mean(name: str, then: Total, now: Total) -> Row:
    """The change of a mean. A result holds no variance: the largest that its 64 bins allow is taken, so the interval is rather too wide."""
    old, new = _amount(then), _amount(now)
    change, error = new.mean - old.mean, sqrt(_variance(then, old) / then.counted + _variance(now, new) / now.counted)
    half = NormalDist().inv_cdf(float(1 - (1 - CONFIDENCE) / 2)) * error
    chance = max(LEAST, erfc(abs(change) / error / sqrt(2))) if error and change else float(not change)
    return Row(name, "", old, new, change, change - half, change + half, chance)


def _variance(total: Total, seen: Amount) -> float:
    at = dict(total.quantiles)
    edges = [min(at.get("min", 0.0), total.edges[0]), *total.edges[1:-1], max(at.get("max", 0.0), total.edges[-1])]
    kept = ((max(low, at.get("min", low)), min(high, at.get("max", high))) for low, high in pairwise(edges))
    return sum(n * max((low - seen.mean) ** 2, (high - seen.mean) ** 2) for n, (low, high) in zip(total.bins, kept, strict=True) if n) / total.counted


def adjusted(chances: Sequence[float]) -> list[float]:
    """Benjamini's and Hochberg's step-up: each chance by its rank among all, so that those up to RATE hold RATE false ones at most.

    >>> adjusted([0.01, 0.04, 0.03])
    [0.03, 0.04, 0.04]
    """
    order = sorted(range(len(chances)), key=lambda i: chances[i], reverse=True)
    out, least = [1.0] * len(chances), 1.0
    for place, i in enumerate(order):
        least = min(least, chances[i] * len(chances) / (len(chances) - place))
        out[i] = least
    return out


def _adjusted(rows: Sequence[Row]) -> list[Row]:
    looked = [row for row in rows if not row.reason]
    chances = iter(adjusted([row.chance for row in looked]))
    return [row if row.reason else replace(row, chance=next(chances)) for row in rows]


def _moved(measures: Iterable[tuple[str, Total, Total]]) -> dict[str, tuple[Moved, ...]]:
    """Measure -> the sources of both results whose share changed, those with most articles to it first."""
    found: list[tuple[str, Moved]] = []
    for name, then, now in measures:
        old = dict(then.sources)
        for source, after in now.sources:
            before = old.get(source)
            if before is not None and source not in UNTOLD and (before.bad or after.bad):
                found.append((name, Moved(source, before, after, _two_shares(before, after))))
    chances = adjusted([moved.chance for _, moved in found])
    by: dict[str, list[Moved]] = {}
    for (name, moved), chance in zip(found, chances, strict=True):
        if chance <= RATE:
            by.setdefault(name, []).append(replace(moved, chance=chance))
    return {name: tuple(sorted(rows, key=lambda row: (-abs(_excess(row)), row.source))) for name, rows in by.items()}


def _excess(row: Moved) -> Fraction:
    """Articles more than the source would have had at its earlier share."""
    return row.after.bad - (row.before.share or Fraction(0)) * row.after.counted


def _two_shares(before: Count, after: Count) -> float:
    """The chance of as large a difference between two shares: chi-squared with Yates's correction, which small counts need (Yates 1934)."""
    whole, bad = before.counted + after.counted, before.bad + after.bad
    if not before.counted or not after.counted or bad in (0, whole):
        return 1.0
    apart = abs(before.bad * (after.counted - after.bad) - after.bad * (before.counted - before.bad)) - whole / 2
    square = whole * max(0.0, apart) ** 2 / (before.counted * after.counted * bad * (whole - bad))
    return max(LEAST, erfc(sqrt(square / 2)))
