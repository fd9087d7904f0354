"""Numbers as a reader sees them. A share never looks like none, all, or its bound, unless it is exactly that."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

_DIGITS = 6


def share(bad: int, counted: int, bound: Fraction | None = None) -> str:
    """`bad` of `counted` in per cent, with one decimal; as many more as tell it from `bound`.

    >>> share(3, 10_000), share(0, 7), share(9_999, 10_000), share(0, 0)
    ('<0.1 %', '0 %', '>99.9 %', '–')
    >>> share(101, 10_000, Fraction(1, 100))
    '1.01 %'
    """
    if not counted:
        return "–"
    exact = Fraction(bad, counted)
    if exact in (0, 1):
        return f"{int(exact) * 100} %"
    digits = 1
    while bound is not None and exact != bound and _fixed(exact, digits) == _fixed(bound, digits) and digits < _DIGITS:
        digits += 1
    if digits == 1 and exact < Fraction(1, 1000):
        return "<0.1 %"
    if digits == 1 and exact > Fraction(999, 1000):
        return ">99.9 %"
    return f"{_fixed(exact, digits)} %"


def _fixed(part: Fraction, digits: int) -> str:
    """A share as per cent with so many decimals, in exact arithmetic."""
    scaled = round(part * 100 * 10**digits)
    return f"{scaled // 10**digits:,}.{scaled % 10**digits:0{digits}d}"


def shares(low: float, high: float) -> str:
    """Two shares as a range in per cent, with one decimal; with two significant digits where that would say nothing of the upper one.

    >>> shares(0.124, 0.2561), shares(0.0, 0.00017), shares(0.00001, 0.0049), shares(0.5, 1.0)
    ('12.4 – 25.6 %', '0 – 0.017 %', '<0.01 – 0.49 %', '50.0 – 100 %')
    """
    digits = 1
    while digits < _DIGITS and (0 < high * 100 < 10 ** (1 - digits) or f"{low * 100:.{digits}f}" == f"{high * 100:.{digits}f}" != "0.0"):
        digits += 1
    least = 10.0**-digits
    ends = (
        f"{end * 100:.0f}" if end in (0, 1) else f"<{least:.{digits}f}" if end * 100 < least / 2 else f"{end * 100:.{digits}f}" for end in (low, high)
    )
    return f"{' – '.join(ends)} %"


def count(number: int, noun: str = "") -> str:
    """A count with its noun in the right number.

    >>> count(1, "article"), count(12_000, "article"), count(2, "copy"), count(3)
    ('1 article', '12,000 articles', '2 copies', '3')
    """
    if not noun:
        return f"{number:,}"
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{number:,} {noun}s"


def number(value: float) -> str:
    """A quantity with three significant digits, all of them where it is whole.

    >>> number(412.0), number(1234.56), number(0.12345), number(12.0)
    ('412', '1,235', '0.123', '12')
    """
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def similarity(value: float) -> str:
    """A similarity of 0-1 with three decimals, cut and not rounded: 1 is said of equals alone.

    >>> similarity(0.99996), similarity(1.0), similarity(0.8)
    ('0.999', '1', '0.800')
    """
    return f"{int(value)}" if value in (0, 1) else str(Decimal(repr(value)).quantize(Decimal("0.001"), ROUND_DOWN))
