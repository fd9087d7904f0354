"""An expectation, this run's counts and a baseline -> a verdict: how much worse it got, or why that cannot be said.

The totals of a baseline hold each yes/no over the corpus and by source. A share that `where`, `below`, `above` or `not_in` makes is in no total:
its counts are kept in the expectation's own verdict, so the next run finds them under the same question.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from audit import again
from audit.judge import regression
from audit.judge.regression import Worsening
from audit.judge.spread import UNTOLD, Counts, Run
from audit.judge.verdicts import GROUPS_AT_MOST, NAMED_AT_MOST, state, unanswered, verdict
from audit.result import NO_SOURCE, OTHER_SOURCES, SOURCES_AT_MOST, Count, Document, Group, Total, Verdict
from audit.suite.expectation import Expectation, points
from audit.tables import BY_NAME

QUESTION = ("measure", "below", "above", "not_in", "where")
"""The keys of an entry that say which articles are bad and which count; the others say what is asked of their share."""

ASKED = ("name", "severity", "at_most", "at_least", "no_worse_than_baseline")


@dataclass(frozen=True, slots=True)
class Sourced:
    """A source that both runs have enough of: its counts then and now, and what came of comparing them."""

    source: str
    before: Count
    now: Count
    found: Worsening
    fails: bool


def unasked(e: Expectation, baseline: Document | None, settings: Mapping[str, str]) -> Verdict | None:
    """The verdict where there is nothing to compare with, or None; `settings` are this run's, as in result.json."""
    if baseline is None:
        return verdict(e, "not asked", "no baseline was given (--baseline)")
    reason = _incomparable(e, baseline, settings)
    return unanswered(e, f"{reason}; {again.renewal(baseline)}") if reason else None


def of_corpus(e: Expectation, now: Run, empty: int, baseline: Document) -> Verdict:
    """What this run shows against the baseline: fails where it got worse by more than the margin, and not by chance."""
    before, asked = run(e, baseline), e.regression
    assert before is not None and asked is not None
    found = regression.compare(before, now, asked.margin, asked.confidence)
    fails = found.fails(asked.margin)
    said = [_grown(found, before, now)] if fails else []
    said += [_blunt(found)] if found.catchable > 2 * asked.margin else []
    words = (
        f"{before.bad:,} of {before.counted:,} in the baseline; {_changed(found.observed)}, margin {points(asked.margin)}; "
        f"the smallest drop caught nearly always is {_point(found.catchable)} percentage points"
    )
    groups = _worse(before, now.sources, asked.margin) if fails else ()
    shape: dict[str, Any] = {"bad": now.bad, "counted": now.counted, "empty": empty, "baseline": words}
    return verdict(e, state(e, not fails), "; ".join(said), **shape, groups=groups)


def by_source(e: Expectation, sources: Counts, baseline: Document) -> list[Sourced]:
    """Every source with at least `min_articles` in both runs, failing ones first.

    Of a hundred sources that did not change, five would show a growth at 95 % confidence: each is compared at a confidence so much higher that
    all of them together keep the one that was asked for (Bonferroni).
    """
    before, asked, least = run(e, baseline), e.regression, e.min_articles or 1
    assert before is not None and asked is not None
    names = [name for name, (_, n) in sources.items() if n >= least and before.sources.get(name, (0, 0))[1] >= least and name not in UNTOLD]
    each = 1 - (1 - asked.confidence) / max(1, len(names))
    rows = []
    for name in names:
        was, is_ = before.sources[name], sources[name]
        found = regression.compare(Run(*was, {}), Run(*is_, {}), asked.margin, each)
        rows.append(Sourced(name, Count(*was), Count(*is_), found, found.fails(asked.margin)))
    return sorted(rows, key=lambda row: (not row.fails, -row.found.observed * row.now.counted, row.source))


def no_source(e: Expectation) -> Verdict:
    """Asked of sources, and none is large enough in both runs."""
    return verdict(e, "not asked", f"no source has {e.min_articles:,} articles or more that count in both runs")


def of_sources(e: Expectation, rows: Sequence[Sourced], against: int) -> Verdict:
    """Sources against their own baselines; `rows` has failing ones first."""
    asked = e.regression
    assert asked is not None
    named = "; ".join(f"{row.source}: {_shown(row.before)} before, {_shown(row.now)} now" for row in rows[: min(against, NAMED_AT_MOST)])
    said = [f"{against:,} of {len(rows):,} sources: {named}"] if against else []
    blunt = sum(row.found.catchable > 2 * asked.margin for row in rows)
    said += [f"too blunt for its margin in {blunt:,} of {len(rows):,} sources: they have too few articles"] if blunt else []
    low, high = (choose(row.found.catchable for row in rows) for choose in (min, max))
    words = f"{len(rows):,} sources in both runs, margin {points(asked.margin)}; the smallest drop caught nearly always is {_point(low)} to "
    groups = tuple(Group(row.source, row.now.counted, row.now.bad, None, not row.fails) for row in rows[:GROUPS_AT_MOST])
    counts: dict[str, Any] = {"bad": sum(row.now.bad for row in rows), "counted": sum(row.now.counted for row in rows)}
    shape: dict[str, Any] = counts | {"baseline": f"{words}{_point(high)} percentage points"}
    return verdict(e, state(e, not against), "; ".join(said), **shape, groups=groups, n_groups=len(rows), bad_groups=against)


def kept(judged: Verdict, now: Run) -> Verdict:
    """The verdict with this run's counts by source, for the next run to compare with: the largest sources, the rest pooled, as in a total."""
    ranked = sorted(now.sources.items(), key=lambda item: (-item[1][1], item[0]))
    pooled = [counts for _, counts in ranked[SOURCES_AT_MOST:]]
    rest = [(OTHER_SOURCES, (sum(b for b, _ in pooled), sum(n for _, n in pooled)))] if pooled else []
    alone = (now.bad - sum(b for b, _ in now.sources.values()), now.counted - sum(n for _, n in now.sources.values()))
    rest += [(NO_SOURCE, alone)] if alone[1] else []
    return replace(judged, sources=tuple((name, Count(*counts)) for name, counts in [*ranked[:SOURCES_AT_MOST], *rest]))


def _incomparable(e: Expectation, baseline: Document, settings: Mapping[str, str]) -> str:
    """Why the baseline cannot be compared with; "" where it can."""
    for name in (e.measure, *(item.column for item in e.where)):
        total, ours = _total(name, baseline), BY_NAME[name].definition
        if total is not None and total.definition != ours:
            return f"the baseline has definition {total.definition} of {name}, this version has {ours}: not the same measure"
        if total is None and ours:
            return f"the baseline does not hold {name} (it was left out there)"
    now, then = settings.get("threshold"), dict(baseline.settings).get("threshold")
    if BY_NAME[e.measure].group == "duplicates" and now and then and now != then:
        return f"the baseline calls articles duplicates from a similarity of {then}, this run from {now}"
    before = run(e, baseline)
    if before is None:
        return "the baseline was not asked this (the same measure, `where` and limits), so it did not count it"
    return "" if before.counted else f"no article of the baseline{' that `where` asks about' if e.where else ''} has a value of {e.measure}"


def _total(measure: str, baseline: Document) -> Total | None:
    return next((total for total in baseline.totals if total.measure == measure), None)


def run(e: Expectation, baseline: Document) -> Run | None:
    """What the baseline shows of a share, by source; None where it did not count it."""
    total = _total(e.measure, baseline)
    if e.plain:
        return Run(total.count.bad, total.count.counted, _counts(total.sources)) if total is not None and total.count is not None else None
    question = _question(e.given)
    for then in baseline.verdicts:
        if then.measure == e.measure and then.sources and _question(then.expectation) == question:
            return Run(sum(c.bad for _, c in then.sources), sum(c.counted for _, c in then.sources), _counts(then.sources))
    return None


def same_question(e: Expectation, baseline: Document) -> Verdict | None:
    """The baseline's verdict on the same figure, whatever bounds it was given; None where it was not asked, or measured otherwise."""
    definition = BY_NAME[e.measure].definition if e.measure else 0
    asked = _figure(e.given)
    same = (then for then in baseline.verdicts if then.measure == e.measure and then.definition == definition and _figure(then.expectation) == asked)
    return next(same, None)


def _counts(sources: Sequence[tuple[str, Count]]) -> dict[str, tuple[int, int]]:
    return {name: (count.bad, count.counted) for name, count in sources}


def _question(given: str) -> Any:
    """What of an entry says which articles are meant, whatever its bounds, its name and the order of its lists are."""
    try:
        entry = json.loads(given)
    except ValueError:
        return None
    return _sorted({key: entry[key] for key in QUESTION if key in entry}) if isinstance(entry, dict) else None


def _figure(given: str) -> Any:
    """What of an entry says which figure is meant, whatever its name and its bounds are."""
    try:
        entry = json.loads(given)
    except ValueError:
        return None
    return _sorted({key: value for key, value in entry.items() if key not in ASKED}) if isinstance(entry, dict) else None


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(item) for key, item in value.items()}
    return sorted(value, key=str) if isinstance(value, list) else value


def _grown(found: Worsening, before: Run, now: Run) -> str:
    """What failed, and the sources that carry most of it; those that the baseline does not have are called new."""
    base = Fraction(before.bad, before.counted)
    carried = sorted(((Fraction(b) - base * n, name) for name, (b, n) in now.sources.items()), key=lambda item: (-item[0], item[1]))
    named = [name if name in before.sources else f"{name} (new)" for excess, name in carried[:NAMED_AT_MOST] if excess > 0]
    most = f", most of it in {', '.join(named)}" if named and len(now.sources) > 1 else ""
    sure = f"surely by {_point(found.lower)} or more"
    return f"{now.bad:,} of {now.counted:,} articles, {_changed(found.observed)} than the baseline, {sure}{most}"


def _blunt(found: Worsening) -> str:
    few = f"so few articles of {found.known:,} sources" if found.known else "so few articles"
    why = f"{found.sources:,} sources that differ" if found.sources else few
    return f"too blunt for its margin ({why}): only a drop of {_point(found.catchable)} percentage points or more is caught nearly always"


def _worse(before: Run, sources: Counts, margin: Fraction) -> tuple[Group, ...]:
    """The sources that got worse than their own baseline by more than the margin, or are new and worse than all of it; most of it first."""
    whole = Fraction(before.bad, before.counted)
    groups = []
    for name, (bad, counted) in sources.items():
        was = before.sources.get(name)
        base = Fraction(*was) if was is not None and was[1] else whole
        if Fraction(bad, counted) - base > margin:
            groups.append((-(bad - base * counted), name, Group(name, counted, bad, None, False)))
    groups.sort(key=lambda item: item[:2])
    return tuple(item[2] for item in groups[:GROUPS_AT_MOST])


def _shown(count: Count) -> str:
    return f"{count.bad:,} of {count.counted:,}"


def _changed(share: Fraction) -> str:
    return f"{'worse' if share > 0 else 'better'} by {_point(abs(float(share)))} percentage points" if share else "no change"


def _point(share: float) -> str:
    return f"{share * 100:.3g}"
