"""Counts -> the geometry of small plain charts; the template draws them as SVG. Each says in a sentence what it shows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from audit.result import Total
from audit.show import numbers

WIDTH, HEIGHT = 400, 120
BARS = 100
"""Columns of a chart, at most."""
TICKS = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """A column: place and size in the chart's units, and what it says."""

    x: float
    y: float
    width: float
    height: float
    says: str


@dataclass(frozen=True, slots=True)
class Chart:
    """`ticks`: (x, label, anchor) under the axis; `says`: the chart in words; `rows`: its numbers, for who cannot see it."""

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str, str], ...]
    says: str
    rows: tuple[tuple[str, str], ...]
    width: int = WIDTH
    height: int = HEIGHT


def lengths(total: Total) -> Chart | None:
    """How a number is spread: its bins from the first to the last that holds something; None where nothing was counted."""
    filled = [i for i, n in enumerate(total.bins) if n]
    if not filled:
        return None
    first, last = filled[0], filled[-1]
    counts = total.bins[first : last + 1]
    names = [f"{numbers.number(total.edges[i])} to {numbers.number(total.edges[i + 1])}" for i in range(first, last + 1)]
    edges = [numbers.number(total.edges[i]) for i in range(first, last + 2)]
    at = dict(total.quantiles)
    spread = ", ".join(f"{label} {numbers.number(at[key])}" for key, label in _SAID if key in at)
    return _chart(counts, names, edges, f"{numbers.count(total.counted, 'article')}: {spread}")


_SAID = (("min", "least"), ("p05", "5 % below"), ("p50", "median"), ("p95", "95 % below"), ("max", "most"))


def dates(counts: Sequence[tuple[str, int]]) -> Chart | None:
    """Articles over time: a column a month, or as many years as it takes to have at most BARS; None without dates."""
    months: Counter[int] = Counter()
    for date, n in counts:
        if found := re.fullmatch(r"(\d{1,6})(?:-(\d\d))?", date):
            months[12 * int(found[1]) + int(found[2] or 1) - 1] += n
    if not months:
        return None
    first, last = min(months), max(months)
    yearly = last - first >= BARS or all("-" not in date for date, _ in counts)
    size = 12 * -(-(last // 12 - first // 12 + 1) // BARS) if yearly else 1
    start = first - first % 12 if yearly else first
    held = [0] * ((last - start) // size + 1)
    for month, n in months.items():
        held[(month - start) // size] += n
    edges = [_month(start + size * i, yearly=yearly) for i in range(len(held) + 1)]
    names = [edge if size in (1, 12) else f"{edge} to {_month(start + size * (i + 1) - 12, yearly=True)}" for i, edge in enumerate(edges[:-1])]
    says = f"{numbers.count(sum(held), 'dated article')}, {names[0]} to {names[-1]}, most in {names[held.index(max(held))]}"
    return _chart(held, names, edges, says)


def _month(month: int, *, yearly: bool) -> str:
    return f"{month // 12:04d}" if yearly else f"{month // 12:04d}-{month % 12 + 1:02d}"


def _chart(counts: Sequence[int], names: Sequence[str], edges: Sequence[str], says: str) -> Chart:
    step, most = WIDTH / len(counts), max(counts)
    gap = 1.0 if step > 3 else 0.2
    bars = []
    for i, (n, name) in enumerate(zip(counts, names, strict=True)):
        height = max(1.5, (HEIGHT - 6) * n / most) if n else 0.0
        says_bar = f"{name}: {numbers.count(n, 'article')}"
        bars += [Bar(round(i * step, 2), round(HEIGHT - height, 2), round(step - gap, 2), round(height, 2), says_bar)] if n else []
    every = max(1, -(-len(counts) // TICKS))
    ticks = [(round(i * step, 2), edges[i], "start" if not i else "middle") for i in range(0, len(counts) - every + 1, every)]
    ticks.append((float(WIDTH), edges[-1], "end"))
    rows = tuple((name, numbers.count(n)) for name, n in zip(names, counts, strict=True) if n)
    return Chart(tuple(bars), tuple(ticks), says, rows)
