"""Counts -> verdicts: bounds compared exactly, and every outcome with its reason in words. Knows nothing of who counted."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from audit.judge.narrow import Observed
from audit.result import Group, Verdict
from audit.suite.expectation import Expectation
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


def unasked(e: Expectation, left_out: frozenset[str]) -> Verdict | None:
    """The verdict of what this run does not ask, or None."""
    for name in (e.measure, *(item.column for item in e.where)):
        group = BY_NAME[name].group if name else ""
        if group in left_out:
            return verdict(e, "not asked", f"{name} was not measured: --measures leaves out {group}")
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
    return verdict(e, "not evaluated", reason)


def no_source(e: Expectation) -> Verdict:
    """Asked of sources, and none is large enough."""
    return verdict(e, "not asked", f"no source has {e.min_articles:,} articles or more that count")


def of_share(e: Expectation, bad: int, counted: int, empty: int) -> Verdict:
    """A share of articles against its bounds."""
    holds = e.holds(Fraction(bad, counted))
    reason = "" if holds else f"{bad:,} of {counted:,} articles"
    return verdict(e, state(e, holds), reason, bad=bad, counted=counted, empty=empty)


def of_groups(e: Expectation, observed: tuple[Observed, ...], against: int) -> Verdict:
    """Sources (or the corpus, for a statistic) against the bounds; `observed` has failing ones first."""
    counted = sum(o.counted for o in observed)
    if e.min_articles is None:
        return verdict(
            e, state(e, not against), f"{e.statistic} is {_shown(observed[0])}" if against else "", counted=counted, value=observed[0].number
        )
    groups = tuple(Group(o.source, o.counted, o.bad, o.number, e.holds(o.value)) for o in observed[:GROUPS_AT_MOST])
    named = "; ".join(f"{o.source}: {_shown(o)}" for o in observed[: min(against, NAMED_AT_MOST)])
    reason = f"{against:,} of {len(observed):,} sources: {named}" if against else ""
    bad = None if e.statistic else sum(o.bad or 0 for o in observed)
    return verdict(e, state(e, not against), reason, bad=bad, counted=counted, groups=groups, n_groups=len(observed), bad_groups=against)


def of_core(e: Expectation, answer: Answer) -> Verdict:
    """A core type: where it counts articles, its `mostly` is compared exactly; else Great Expectations has decided."""
    assert e.core is not None
    if not e.core.by_article:
        said = f"{answer.value:g} was observed" if answer.value is not None else "Great Expectations says no"
        return verdict(e, state(e, answer.success), "" if answer.success else said, value=answer.value)
    counted = answer.elements - answer.missing
    holds = answer.unexpected <= (1 - e.core.mostly) * counted
    reason = "" if holds else f"{answer.unexpected:,} of {counted:,} articles"
    return verdict(e, state(e, holds), reason, bad=answer.unexpected, counted=counted)


def state(e: Expectation, holds: bool) -> str:
    """What an expectation is that holds, or does not."""
    if holds:
        return "passed"
    return "failed" if e.severity == "error" else "warned"


def _shown(o: Observed) -> str:
    return f"{o.bad:,} of {o.counted:,}" if o.bad is not None else f"{float(o.value):g}"


def verdict(e: Expectation, said: str, reason: str, **facts: Any) -> Verdict:
    """A verdict of the state `said`; facts are those of Verdict, empty where they are not given."""
    empty: dict[str, Any] = {"bad": None, "counted": None, "empty": None, "value": None, "baseline": "", "groups": (), "n_groups": 0, "bad_groups": 0}
    definition = BY_NAME[e.measure].definition if e.measure else 0
    known = (e.name, e.measure, e.severity, said, reason, e.bound)
    return Verdict(*known, **(empty | facts), expectation=e.given, definition=definition)
