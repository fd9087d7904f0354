"""The shipped suites rule by rule: a value at a rule's limit is good, one beyond it is bad, and only for the articles that the rule is about."""

from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest

from audit import judge, suite
from audit.assets import folder
from audit.suite.expectation import Expectation, kind
from audit.tables import BY_NAME
from tests.test_judge import bad, table

ROWS = 200
SPACED = ("zh", "ja", "th", "lo", "km", "my")


def sound(name: str) -> dict[str, Any]:
    """Every column that the suite looks at, of English articles that keep every rule."""
    loaded, columns = suite.load(name), {}
    for column in judge.columns(loaded):
        form = kind(column) if column != "source" else "category"
        good = {"yes/no": False, "category": "en" if column == "lang" else "field", "number": 0}[form]
        columns[column] = [good] * ROWS
    for e in loaded.expectations:
        if kind(e.measure) == "number" and e.below is not None:
            columns[e.measure] = [_fits(e.measure, e.below)] * ROWS
        elif kind(e.measure) == "number" and e.statistic and e.at_least is not None:
            columns[e.measure] = [_fits(e.measure, max(e.at_least, Fraction(str(columns[e.measure][0]))))] * ROWS
        elif e.not_in:
            columns[e.measure] = [e.not_in[0]] * ROWS
    return columns | {"lang": ["en"] * ROWS} if "lang" in columns else columns


def _fits(measure: str, number: Fraction) -> int | float:
    return float(number) if pa.types.is_floating(BY_NAME[measure].type) else int(number)


RULES = [
    (name, e, side)
    for name in suite.shipped()
    for e in suite.load(name).expectations
    for side in ("below", "above")
    if getattr(e, side) is not None and not e.regression
]


@pytest.mark.parametrize("name", suite.shipped())
def test_sound_articles_pass(name: str) -> None:
    """Articles at the limit of every rule pass every expectation that is asked."""
    verdicts = judge.judge(suite.load(name), table(ROWS, **sound(name)), frozenset(), None)
    assert [(v.name, v.reason) for v in verdicts if v.state not in ("passed", "not asked")] == []
    assert all("baseline" in v.expectation for v in verdicts if v.state == "not asked")


@pytest.mark.parametrize(("name", "e", "side"), RULES, ids=[f"{name}: {e.name} ({side})" for name, e, side in RULES])
def test_one_step_beyond_a_limit_is_bad(name: str, e: Expectation, side: str) -> None:
    """The least step beyond a limit makes an article bad for this expectation; in a language that it leaves out it does not."""
    limit = getattr(e, side)
    step = Fraction(1, 1000) if pa.types.is_floating(BY_NAME[e.measure].type) else 1
    columns = sound(name)
    columns[e.measure] = [_fits(e.measure, limit - step if side == "below" else limit + step)] * 150 + columns[e.measure][150:]
    judged = {v.name: v for v in judge.judge(suite.load(name), table(ROWS, **columns), frozenset(), None)}[e.name]
    assert (judged.state, judged.bad, judged.counted) == ("failed" if e.severity == "error" else "warned", 150, ROWS)
    if "lang" in {condition.column for condition in e.where}:
        elsewhere = columns | {"lang": ["zh"] * 150 + ["en"] * 50}
        judged = {v.name: v for v in judge.judge(suite.load(name), table(ROWS, **elsewhere), frozenset(), None)}[e.name]
        assert (judged.bad, judged.counted) == (0, 50)


@pytest.mark.parametrize("name", suite.shipped())
def test_every_yes_or_no_fails_its_own(name: str) -> None:
    """Half of the articles with one defect fail an expectation about it, in every shipped suite."""
    loaded = suite.load(name)
    for measure in dict.fromkeys(e.measure for e in loaded.expectations if kind(e.measure) == "yes/no" and not e.regression):
        verdicts = judge.judge(loaded, table(ROWS, **sound(name) | {measure: bad(ROWS // 2, ROWS)}), frozenset(), None)
        assert {v.measure for v in verdicts if v.state in ("failed", "warned")} == {measure}


@pytest.mark.parametrize("name", ["pretraining", "strict"])
def test_every_expectation_has_its_source(name: str) -> None:
    """Each entry says where it comes from: a paper's name or a comment beside it; what has not grown comes from the baseline."""
    text = folder("expectations").joinpath(f"{name}.yml").read_text(encoding="utf-8")
    names = [line for line in text.splitlines() if line.startswith("  - name: ")]
    known = ("#", "Gopher:", "C4:", "FineWeb", "RefinedWeb", "grown")
    assert [line for line in names if not any(word in line for word in known)] == []
    assert len(names) == len(suite.load(name).expectations)
