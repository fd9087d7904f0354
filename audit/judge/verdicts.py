"""Counts -> verdicts: bounds compared exactly, and every outcome with its reason in words. Knows nothing of who counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from audit.judge import regression
from audit.judge.narrow import Observed
from audit.judge.regression import Run, Worsening
from audit.result import Count, Document, Group, Total, Verdict
from audit.suite.expectation import Expectation, points
from audit.tables import BY_NAME

GROUPS_AT_MOST = 50
NAMED_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What Great Expectations found: of `elements`, `missing` are null and `unexpected` against it; or why it could not (`error`)."""

    unexpected: int = 0
    elements: int = 0
    missing: int = 0
    success: bool = False
    value: float | None = None
    error: str = ""


LOST = Answer(error="Great Expectations gave no result for it")


def unasked(e: Expectation, left_out: frozenset[str], baseline: Document | None) -> Verdict | None:
    """The verdict of what this run does not ask, or None."""
    for name in (e.measure, *(item.column for item in e.where)):
        group = BY_NAME[name].group if name else ""
        if group in left_out:
            return _verdict(e, "not asked", f"{name} was not measured: --measures leaves out {group}")
    if e.regression:
        return _verdict(e, "not asked", "no baseline was given (--baseline)") if baseline is None else _incomparable(e, baseline)
    return None


def vacuous(e: Expectation, rows: int) -> Verdict | None:
    """The verdict of a corpus without articles, or None."""
    return None if rows else uncounted(e, 0)


def uncounted(e: Expectation, rows: int) -> Verdict:
    """No article counts: that is no pass."""
    if not rows:
        return unanswered(e, "the corpus holds no article")
    where = "that `where` asks about " if e.where else ""
    return unanswered(e, f"none of {rows:,} articles {where}has a value of {e.measure}")


def unanswered(e: Expectation, reason: str) -> Verdict:
    """Asked and impossible."""
    return _verdict(e, "not evaluated", reason)


def no_source(e: Expectation) -> Verdict:
    """Asked of sources, and none is large enough."""
    return _verdict(e, "not asked", f"no source has {e.min_articles:,} articles or more that count")


def of_share(e: Expectation, bad: int, counted: int, empty: int) -> Verdict:
    """A share of articles against its bounds."""
    holds = e.holds(Fraction(bad, counted))
    reason = "" if holds else f"{bad:,} of {counted:,} articles"
    return _verdict(e, _state(e, holds), reason, bad=bad, counted=counted, empty=empty)


def of_groups(e: Expectation, observed: tuple[Observed, ...], against: int) -> Verdict:
    """Sources (or the corpus, for a statistic) against the bounds; `observed` has failing ones first."""
    counted = sum(o.counted for o in observed)
    if e.min_articles is None:
        return _verdict(
            e, _state(e, not against), f"{e.statistic} is {_shown(observed[0])}" if against else "", counted=counted, value=observed[0].number
        )
    groups = tuple(Group(o.source, o.counted, o.bad, o.number, e.holds(o.value)) for o in observed[:GROUPS_AT_MOST])
    named = "; ".join(f"{o.source}: {_shown(o)}" for o in observed[: min(against, NAMED_AT_MOST)])
    reason = f"{against:,} of {len(observed):,} sources: {named}" if against else ""
    bad = None if e.statistic else sum(o.bad or 0 for o in observed)
    return _verdict(e, _state(e, not against), reason, bad=bad, counted=counted, groups=groups, n_groups=len(observed), bad_groups=against)


def of_core(e: Expectation, answer: Answer) -> Verdict:
    """A core type: where it counts articles, its `mostly` is compared exactly; else Great Expectations has decided."""
    assert e.core is not None
    if not e.core.by_article:
        said = f"{answer.value:g} was observed" if answer.value is not None else "Great Expectations says no"
        return _verdict(e, _state(e, answer.success), "" if answer.success else said, value=answer.value)
    counted = answer.elements - answer.missing
    holds = answer.unexpected <= (1 - e.core.mostly) * counted
    reason = "" if holds else f"{answer.unexpected:,} of {counted:,} articles"
    return _verdict(e, _state(e, holds), reason, bad=answer.unexpected, counted=counted)


def of_baseline(e: Expectation, bad: int, counted: int, empty: int, sources: regression.Counts, baseline: Document) -> Verdict:
    """What this run shows against the baseline: fails where it got worse by more than the margin, and not by chance."""
    total, asked = _total(e, baseline), e.regression
    assert total is not None and total.count is not None and asked is not None
    before = Run(total.count.bad, total.count.counted, {name: (c.bad, c.counted) for name, c in total.sources})
    found = regression.compare(before, Run(bad, counted, sources), asked.margin, asked.confidence)
    fails = found.fails(asked.margin)
    said = [_grown(found, before, sources, bad, counted)] if fails else []
    said += [_blunt(found)] if found.catchable > 2 * asked.margin else []
    words = (
        f"{before.bad:,} of {before.counted:,} in the baseline; {_changed(found.observed)}, margin {points(asked.margin)}; "
        f"the smallest drop caught nearly always is {_point(found.catchable)} percentage points"
    )
    groups, n_groups, worse = _ranked(before, sources, asked.margin) if fails else ((), 0, 0)
    shape: dict[str, Any] = {"bad": bad, "counted": counted, "empty": empty, "baseline": words}
    return _verdict(e, _state(e, not fails), "; ".join(said), **shape, groups=groups, n_groups=n_groups, bad_groups=worse)


def _total(e: Expectation, baseline: Document) -> Total | None:
    return next((total for total in baseline.totals if total.measure == e.measure), None)


def _incomparable(e: Expectation, baseline: Document) -> Verdict | None:
    total, ours = _total(e, baseline), BY_NAME[e.measure].definition
    renew = "renew it: `corpus-audit run` on the baseline's corpus with --out NEW, then --baseline NEW/result.json"
    if total is None or total.count is None:
        return unanswered(e, f"the baseline does not hold {e.measure} (it was left out there); {renew}")
    if total.definition != ours:
        return unanswered(e, f"the baseline has definition {total.definition} of {e.measure}, this version has {ours}: not the same measure; {renew}")
    if not total.count.counted:
        return unanswered(e, f"no article of the baseline has a value of {e.measure}; {renew}")
    return None


def _grown(found: Worsening, before: Run, sources: regression.Counts, bad: int, counted: int) -> str:
    """What failed, and the sources that carry most of it."""
    base = Fraction(before.bad, before.counted)
    carried = sorted(((Fraction(b) - base * n, name) for name, (b, n) in sources.items()), key=lambda item: (-item[0], item[1]))
    named = [name for excess, name in carried[:NAMED_AT_MOST] if excess > 0]
    most = f", most of it in {', '.join(named)}" if named and len(sources) > 1 else ""
    sure = f"surely by {_point(found.lower)} or more"
    return f"{bad:,} of {counted:,} articles, {_changed(found.observed)} than the baseline, {sure}{most}"


def _blunt(found: Worsening) -> str:
    why = f"{found.sources:,} sources that differ" if found.sources else "so few articles"
    return f"too blunt for its margin ({why}): only a drop of {_point(found.catchable)} percentage points or more is caught nearly always"


def _ranked(before: Run, sources: Mapping[str, tuple[int, int]], margin: Fraction) -> tuple[tuple[Group, ...], int, int]:
    """(the sources, those that got worse than their own baseline by more than the margin first; how many; how many got worse)."""
    groups = []
    for name, (bad, counted) in sources.items():
        was = before.sources.get(name)
        base = Count(*was).share if was else None
        held = base is None or Fraction(bad, counted) - base <= margin
        groups.append((held, -(bad - (base or 0) * counted), name, Group(name, counted, bad, None, held)))
    groups.sort(key=lambda item: item[:3])
    return tuple(item[3] for item in groups[:GROUPS_AT_MOST]), len(groups), sum(not item[0] for item in groups)


def _state(e: Expectation, holds: bool) -> str:
    if holds:
        return "passed"
    return "failed" if e.severity == "error" else "warned"


def _shown(o: Observed) -> str:
    return f"{o.bad:,} of {o.counted:,}" if o.bad is not None else f"{float(o.value):g}"


def _changed(share: Fraction) -> str:
    return f"{'worse' if share > 0 else 'better'} by {_point(abs(float(share)))} percentage points" if share else "no change"


def _point(share: float) -> str:
    return f"{share * 100:.3g}"


def _verdict(e: Expectation, state: str, reason: str, **facts: Any) -> Verdict:
    empty: dict[str, Any] = {"bad": None, "counted": None, "empty": None, "value": None, "baseline": "", "groups": (), "n_groups": 0, "bad_groups": 0}
    definition = BY_NAME[e.measure].definition if e.measure else 0
    known = (e.name, e.measure, e.severity, state, reason, e.bound)
    return Verdict(*known, **(empty | facts), expectation=e.given, definition=definition)
