"""The gate: states and severities -> passed, the exit code, and one sentence."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from audit import gate
from audit.result import STATES, Verdict

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "gate.yml").read_text(encoding="utf-8"))
SEVERITIES = ("error", "warning", "info")


def verdict(text: str, number: int = 0) -> Verdict:
    """The verdict of "state severity"."""
    state, severity = text.rsplit(" ", 1)
    return Verdict(f"expectation {number}", "empty", severity, state, "", "", None, None, None, None, "", (), 0, 0, "{}", 1)


VERDICTS = st.lists(
    st.builds(lambda state, severity: verdict(f"{state} {severity}"), st.sampled_from(STATES), st.sampled_from(SEVERITIES)), max_size=8
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["fact"])
@pytest.mark.parametrize("fail_on", ["error", "warning", "never"])
def test_the_exit_code_follows_the_table(case: dict[str, Any], fail_on: str) -> None:
    """Passed and code are those of design.md, for every --fail-on."""
    decided = gate.decide([verdict(text, number) for number, text in enumerate(case["verdicts"])], fail_on)
    assert [decided.passed, decided.code] == case[fail_on]
    assert decided.fail_on == fail_on
    assert decided.why.endswith(".")


@given(VERDICTS, st.sampled_from(["error", "warning", "never"]))
def test_order_does_not_matter(verdicts: list[Verdict], fail_on: str) -> None:
    """The same verdicts in another order give the same outcome."""
    there, back = gate.decide(verdicts, fail_on), gate.decide(verdicts[::-1], fail_on)
    assert (there.passed, there.code) == (back.passed, back.code)


@given(VERDICTS, st.sampled_from(["error", "warning", "never"]))
def test_one_more_failure_never_helps(verdicts: list[Verdict], fail_on: str) -> None:
    """What is failed or open cannot turn a gate that did not pass into one that does."""
    for more in ("failed error", "not evaluated info"):
        assert not gate.decide([*verdicts, verdict(more)], fail_on).passed


@given(VERDICTS)
def test_never_changes_the_code_alone(verdicts: list[Verdict]) -> None:
    """--fail-on never: the code is 0, and `passed` is what it is with error."""
    never = gate.decide(verdicts, "never")
    assert never.code == 0
    assert never.passed == gate.decide(verdicts, "error").passed


def test_the_sentence_names_what_failed() -> None:
    """The first five are named, the rest counted."""
    why = gate.decide([verdict("failed error", number) for number in range(7)], "error").why
    assert why.startswith("7 of 7 expectations failed: expectation 0, ")
    assert why.endswith("expectation 4 and 2 more.")
