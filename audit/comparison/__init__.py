"""Two results side by side: what each measure changed by, how sure that is, and what came and went. Computes; `show.compared` lays it out.

Looking at forty measures at once, two look changed at 95 % by chance alone: what is called changed here is held to a false discovery rate
(Benjamini and Hochberg 1995), so that of all that is called changed about one in twenty is not. Sources are looked at the same way, as a
family of their own. The gate does not use any of this: a suite asks few things, and each with its own confidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import sqrt
from statistics import NormalDist

from audit import again
from audit.comparison import chance
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


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in one result: its `mean` over `counted` articles."""

    counted: int
    mean: float


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
        moved: The sources whose share changed, those with most articles to it first, at most SOURCES of `moved_all`.
        reason: Why it was not compared; "" if it was. `renewable`: a first result made anew would help.
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
    renewable: bool = False

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
    renewal = again.renewal(before) if any(row.renewable for row in rows) else ""
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
        return [Row(name, before=_seen(then), after=_seen(now), reason=reason, renewable=now is not None)]
    for which, total in (("first", then), ("second", now)):
        if not total.counted:
            return [Row(name, before=_seen(then), after=_seen(now), reason=f"no article of the {which} result has a value")]
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
    return ""


def _seen(total: Total | None) -> Count | Amount | None:
    if total is None or total.count is not None:
        return total.count if total is not None else None
    return _amount(total) if total.edges and total.counted else None


def _amount(total: Total) -> Amount:
    return Amount(total.counted, (total.sum or 0.0) / total.counted)


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
    likely = (chance.of_runs(old, new) if change > 0 else chance.of_runs(new, old)) if change else 1.0
    return replace(row, change=change, low=up.lower, high=-down.lower, chance=likely, sources=up.sources)


def _mean(name: str, then: Total, now: Total) -> Row:
    """The change of a mean. A result holds no variance: the largest that its 64 bins allow is taken, so the interval is rather too wide."""
    old, new = _amount(then), _amount(now)
    change, error = new.mean - old.mean, sqrt(chance.variance(then, old.mean) / then.counted + chance.variance(now, new.mean) / now.counted)
    half = NormalDist().inv_cdf(float(1 - (1 - CONFIDENCE) / 2)) * error
    return Row(name, "", old, new, change, change - half, change + half, chance.of_mean(change, error))


def _adjusted(rows: Sequence[Row]) -> list[Row]:
    looked = [row for row in rows if not row.reason]
    chances = iter(chance.adjusted([row.chance for row in looked]))
    return [row if row.reason else replace(row, chance=next(chances)) for row in rows]


def _moved(measures: Iterable[tuple[str, Total, Total]]) -> dict[str, tuple[Moved, ...]]:
    """Measure -> the sources of both results whose share changed, those with most articles to it first."""
    found: list[tuple[str, Moved]] = []
    for name, then, now in measures:
        old = dict(then.sources)
        for source, after in now.sources:
            before = old.get(source)
            if before is not None and source not in UNTOLD and (before.bad or after.bad):
                found.append((name, Moved(source, before, after, chance.of_counts(before, after))))
    chances = chance.adjusted([moved.chance for _, moved in found])
    by: dict[str, list[Moved]] = {}
    for (name, moved), likely in zip(found, chances, strict=True):
        if likely <= RATE:
            by.setdefault(name, []).append(replace(moved, chance=likely))
    return {name: tuple(sorted(rows, key=lambda row: (-abs(_excess(row)), row.source))) for name, rows in by.items()}


def _excess(row: Moved) -> Fraction:
    """Articles more than the source would have had at its earlier share."""
    return row.after.bad - (row.before.share or Fraction(0)) * row.after.counted
