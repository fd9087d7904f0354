"""Verdicts -> pass or fail, and the exit code: pure, and nothing that was asked and could not be answered passes.

Exit codes (design.md, section 3): 0 passed; 1 an expectation failed on evidence; 3 nothing failed, but something that was asked could not
be evaluated. 2 never comes from here: bad usage, suites and baselines are errors.
"""

from __future__ import annotations

from collections.abc import Sequence

from audit.result import Gate, Verdict


def decide(verdicts: Sequence[Verdict], fail_on: str) -> Gate:
    """The gate of `fail_on`: error, warning (warnings fail too), or never (the code is 0 whatever came; `passed` is true or false all the same).

    An `info` never fails. What is "not asked" never counts; what is "not evaluated" never passes, whatever its severity.
    """
    failed = [v for v in verdicts if _fails(v, fail_on)]
    open_ = [v for v in verdicts if v.state == "not evaluated"]
    code = 1 if failed else 3 if open_ else 0
    return Gate(code == 0, 0 if fail_on == "never" else code, fail_on, _why(verdicts, failed, open_))


def _fails(verdict: Verdict, fail_on: str) -> bool:
    return verdict.state == "failed" or (fail_on == "warning" and verdict.state == "warned" and verdict.severity == "warning")


def _why(verdicts: Sequence[Verdict], failed: Sequence[Verdict], open_: Sequence[Verdict]) -> str:
    """One sentence."""
    asked = sum(v.state != "not asked" for v in verdicts)
    if failed:
        return f"{len(failed)} of {_expectations(asked)} failed: {_names(failed)}."
    if open_:
        return f"{len(open_)} of {_expectations(asked)} could not be evaluated: {_names(open_)}."
    if not verdicts:
        return "Nothing was expected: there is nothing to judge."
    if not asked:
        return "Nothing was asked: every expectation of the suite needs what this run leaves out."
    warned = sum(v.state == "warned" for v in verdicts)
    return f"{asked - warned} of {_expectations(asked)} held, {warned} warned." if warned else f"{_expectations(asked)} held."


def _expectations(count: int) -> str:
    return f"{count} expectation" + ("s" if count != 1 else "")


def _names(verdicts: Sequence[Verdict]) -> str:
    shown = ", ".join(v.name for v in verdicts[:5])
    return shown + (f" and {len(verdicts) - 5} more" if len(verdicts) > 5 else "")
