"""audit.show.numbers: what is shown is never mistaken for none, all, or the bound."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.show import numbers

COUNTED = st.integers(1, 10**9)


@given(st.data(), COUNTED)
def test_none_and_all_are_said_of_none_and_all(data, counted):
    """0 % and 100 % are shown exactly where nothing or everything is bad."""
    bad = data.draw(st.integers(0, counted))
    shown = numbers.share(bad, counted)
    assert (shown == "0 %") == (bad == 0)
    assert (shown == "100 %") == (bad == counted)
    assert not shown.startswith(("0.0 ", "100.0 "))


@given(st.data(), COUNTED)
def test_share_is_near(data, counted):
    """What is shown is within a rounding of what is."""
    bad = data.draw(st.integers(0, counted))
    shown = numbers.share(bad, counted)
    if shown[0] not in "<>":
        assert abs(Fraction(shown.removesuffix(" %")) - Fraction(100 * bad, counted)) <= Fraction(1, 20)


@pytest.mark.parametrize(
    ("bad", "counted", "bound", "shown"),
    [
        (101, 10_000, "0.01", "1.01 %"),
        (100, 10_000, "0.01", "1.0 %"),
        (99, 10_000, "0.01", "0.99 %"),
        (1, 3, "0.01", "33.3 %"),
        (10_001, 1_000_000, "0.01", "1.0001 %"),
        (3, 10_000, None, "<0.1 %"),
        (9_997, 10_000, None, ">99.9 %"),
        (1, 1_000, None, "0.1 %"),
        (0, 0, None, "–"),
    ],
)
def test_share_is_told_from_its_bound(bad, counted, bound, shown):
    """A share that is over a bound does not look like it."""
    assert numbers.share(bad, counted, None if bound is None else Fraction(bound)) == shown


@given(st.floats(0, 1))
def test_similarity_is_cut(value):
    """Only equals have similarity 1, and no similarity is rounded up over a threshold."""
    shown = float(numbers.similarity(value))
    assert shown <= value + 1e-9
    assert (shown == 1) == (value == 1)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_has_a_form(value):
    """Every finite number can be shown."""
    assert numbers.number(value)
