"""audit.comparison: what changed between two results, and that chance alone seldom looks like a change."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import comparison
from audit.comparison import RATE, Row, chance, compare
from audit.comparison.chance import adjusted
from audit.result import Count, Document, Total
from audit.tables import BY_NAME
from tests.test_judge import baseline, total

YES_NO = ("empty", "truncated", "missing_byline", "repeated_title", "retitled", "encoding_damage", "lost_letters", "contained", "c4_policy")


def rows(before: Document, after: Document) -> dict[str, Row]:
    return {f"{row.measure} {row.value}".strip(): row for row in compare(before, after).rows}


def number(measure: str, values: list[float]) -> Total:
    """A number's total, as tally makes it."""
    ordered = np.sort(np.array(values, float))
    edges = tuple(float(edge) for edge in np.linspace(0, 640, 65))
    bins = tuple(int(n) for n in np.bincount(np.clip(np.searchsorted(edges, ordered, "right") - 1, 0, 63), minlength=64))
    points = (("p50", float(ordered[len(ordered) // 2])), ("min", float(ordered[0])), ("max", float(ordered[-1])))
    return Total(measure, 1, len(ordered), sum=float(ordered.sum()), edges=edges, bins=bins, quantiles=points)


def test_a_change_is_found_with_its_interval() -> None:
    """A share that doubled is changed and worse, its interval holds the change and not zero, its sources are named."""
    then = {f"s{i}": (10, 200) for i in range(10)}
    now = then | {"s3": (90, 200), "s4": (40, 200)}
    row = rows(baseline(total("truncated", 100, 2000, then)), baseline(total("truncated", 210, 2000, now)))["truncated"]
    assert row.change == pytest.approx(0.055)
    assert row.low < row.change < row.high
    assert [moved.source for moved in row.moved] == ["s3", "s4"]
    assert row.moved[0].before == Count(10, 200)


def test_worse_and_better() -> None:
    """More of a defect is worse, less is better; of a category or a number neither."""
    then = (total("truncated", 100, 2000), total("duplicate", 300, 2000), number("n_words", [100.0] * 500 + [101.0] * 500))
    now = (total("truncated", 300, 2000), total("duplicate", 100, 2000), number("n_words", [200.0] * 500 + [201.0] * 500))
    made = rows(baseline(*then), baseline(*now))
    assert {name: (row.changed, row.worse) for name, row in made.items()} == {
        "truncated": (True, True), "duplicate": (True, False), "n_words": (True, None),
    }  # fmt: skip


def test_the_same_result_did_not_change() -> None:
    """A result beside itself has no change, no turnover, and nothing is called changed."""
    document = baseline(total("truncated", 5, 100, {"a": (5, 100)}), number("n_words", [1.0, 50.0, 600.0]))
    made = compare(document, document)
    assert not any(row.changed or row.change for row in made.rows)
    assert made.turnover == comparison.Turnover()


@settings(deadline=None)
@given(st.tuples(st.integers(0, 50), st.integers(1, 200)), st.tuples(st.integers(0, 50), st.integers(1, 200)))
def test_there_and_back(a: tuple[int, int], b: tuple[int, int]) -> None:
    """Seen from the other side, the change and its interval are the same with the other sign; the change lies in it."""
    documents = [baseline(total("truncated", min(bad, n), n)) for bad, n in (a, b)]
    there, back = (rows(*pair)["truncated"] for pair in (documents, documents[::-1]))
    assert (there.change, there.low, there.high) == pytest.approx((-back.change, -back.high, -back.low))
    assert there.chance == pytest.approx(back.chance)
    assert there.low <= there.change <= there.high
    assert -1 - 1e-9 <= there.low <= there.high <= 1 + 1e-9


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_adjusted_holds_the_false_discovery_rate(chances: list[float]) -> None:
    """What is called changed is what Benjamini's and Hochberg's step-up rejects; no chance gets smaller, none passes 1."""
    made = adjusted(chances)
    ranked = sorted(chances)
    rejected = max((k for k in range(1, len(ranked) + 1) if ranked[k - 1] <= RATE * k / len(ranked) * (1 - 1e-12)), default=0)
    assert sum(chance <= RATE for chance in made) >= rejected
    assert all(b * (1 - 1e-12) <= a <= 1 for a, b in zip(made, chances, strict=True))
    assert [a for _, a in sorted(zip(chances, made, strict=True))] == sorted(made)


def test_chance_alone_seldom_looks_like_a_change() -> None:
    """Nine measures, drawn twice from one corpus, 200 times: something is called changed in at most one time of twenty, or little more."""
    random, fired = np.random.default_rng(60), 0
    for _ in range(200):
        drawn = random.binomial(3_000, [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.02, 0.05, 0.1], (2, 9)).tolist()
        before, after = (baseline(*(total(name, n, 3_000) for name, n in zip(YES_NO, row, strict=True))) for row in drawn)
        fired += any(row.changed for row in compare(before, after).rows)
    assert fired <= 200 * RATE + 6  # one standard deviation is 3


def test_an_interval_of_a_mean_is_no_too_narrow_one() -> None:
    """The interval that a histogram allows holds the true change of a mean at least as often as it says."""
    random, held = np.random.default_rng(61), 0
    for _ in range(200):
        before, after = (baseline(number("n_words", random.gamma(2, 50 + 5 * shift, 400).tolist())) for shift in (0, 1))
        row = rows(before, after)["n_words"]
        held += row.low <= 10 <= row.high
    assert held >= 190


@pytest.mark.parametrize(
    ("then", "now", "says"),
    [
        (total("truncated", 1, 10, definition=7), total("truncated", 1, 10), f"definition 7 and definition {BY_NAME['truncated'].definition}"),
        (total("truncated", 1, 10, definition=7), total("truncated", 0, 0), "definition 7"),
        (None, total("truncated", 1, 10), "the first result does not hold it"),
    ],
)
def test_what_differs_is_not_evaluated(then: Total | None, now: Total, says: str) -> None:
    """Another definition, or left out: said, with the command that renews the first result, and never called changed."""
    made = compare(baseline(*([then] if then else [])), baseline(now))
    assert says in made.rows[0].reason
    assert not made.rows[0].changed
    assert "corpus-audit run" in made.renewal


@pytest.mark.parametrize(("then", "now", "says"), [(0, 10, "first"), (10, 0, "second")])
def test_no_value_is_nothing_to_compare(then: int, now: int, says: str) -> None:
    """Where no article has a value, that is said; another first result would not help."""
    made = compare(baseline(total("truncated", 0, then)), baseline(total("truncated", 0, now)))
    assert f"no article of the {says} result" in made.rows[0].reason
    assert made.renewal == ""


def test_duplicates_of_another_threshold_are_others() -> None:
    """With another threshold, duplicates are not compared; truncation still is. The setting is named."""
    documents = [
        replace(baseline(total("duplicate", n, 100), total("truncated", n, 100)), settings=(("threshold", s),)) for n, s in ((1, "0.8"), (9, "0.9"))
    ]
    made = compare(*documents)
    assert {row.measure: bool(row.reason) for row in made.rows} == {"duplicate": True, "truncated": False}
    assert made.settings == (("threshold", "0.8", "0.9"),)


def test_values_of_a_category() -> None:
    """Each value is a share; one that the other result does not have is none there."""
    then, now = (Total("lang", 1, 1000, values=values) for values in ((("en", 900), ("de", 100)), (("en", 500), ("fr", 500))))
    made = rows(baseline(then), baseline(now))
    assert made["lang fr"].before == Count(0, 1000)
    assert all(made[f"lang {value}"].changed for value in ("en", "de", "fr"))


def test_what_came_and_went_is_named() -> None:
    """New and vanished sources, languages and fields, the largest first; articles without a source are none."""
    before, after = (
        replace(
            baseline(total("empty", 0, 9, sources), Total("lang", 1, 9, values=tuple((lang, 9) for lang in langs))), fields=(("text", text), *more)
        )
        for sources, langs, text, more in (
            ({"a": (0, 5), "b": (0, 3), "(no source)": (0, 1)}, ("en",), "body", (("byline", "author"),)),
            ({"a": (0, 1), "c": (0, 2), "d": (0, 6)}, ("en", "de"), "content", ()),
        )
    )
    found = comparison.turnover(before, after)
    assert (found.sources.new, found.sources.vanished) == (("d", "c"), ("b",))
    assert (found.languages.new, found.languages.n_vanished) == (("de",), 0)
    assert (found.fields.new, found.fields.vanished) == (("text from content",), ("byline from author", "text from body"))


def test_many_names_are_counted() -> None:
    """Fifty names are kept, all are counted; where a result pools its sources, that is said."""
    before, after = (baseline(total("empty", 0, 9, {f"{letter}{i}": (0, 1) for i in range(2_000)})) for letter in "ab")
    found = comparison.turnover(before, after)
    assert (len(found.sources.new), found.sources.n_new, found.pooled) == (50, 2_000, True)


@settings(deadline=None)
@given(st.tuples(st.integers(0, 30), st.integers(1, 30)), st.tuples(st.integers(0, 30), st.integers(1, 30)))
def test_a_source_is_no_more_sure_than_an_exact_test(a: tuple[int, int], b: tuple[int, int]) -> None:
    """The corrected chi-squared does not call changed what Fisher's exact test finds likely."""
    from scipy.stats import fisher_exact

    before, after = (Count(min(bad, n), n) for bad, n in (a, b))
    likely = chance.of_counts(before, after)
    exact = fisher_exact([[before.bad, before.counted - before.bad], [after.bad, after.counted - after.bad]]).pvalue
    assert likely <= 1
    assert likely >= exact / 20 or exact < 1e-3
    assert Fraction(0) <= (before.share or Fraction(0)) <= 1
