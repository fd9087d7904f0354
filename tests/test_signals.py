"""What a whole corpus shows: each signal is found where it was planted, and a sound corpus shows none."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import signals
from audit.result import Gap, Signals, Stamp
from audit.tables import MEASURES

FIRST = datetime(2024, 1, 1, tzinfo=UTC)
Row = dict[str, Any]


def sound(n: int = 2_000, sources: int = 2) -> list[Row]:
    """Articles of two sources over 200 days at any hour, of usual lengths, with headlines of their own, in English."""
    dice = random.Random(1)
    rows = []
    for article in range(n):
        day, words = timedelta(days=article * 200 // n, seconds=dice.randrange(1, 86_400)), int(2 ** dice.gauss(9, 0.5))
        rows.append(
            {
                "article": article, "id": str(article), "file": "a", "line": article + 1, "source": f"s{article % sources}.example",
                "date": FIRST + day, "title": f"Headline number {article}", "title_from": "field", "empty": False, "lang": "en",
                "text_hash": article.to_bytes(16, "big"), "n_words": words, "n_chars": 6 * words + dice.randrange(6), "lang_confidence": 0.95,
            }
        )  # fmt: skip
    return rows


def collect(rows: list[Row], folder: Path) -> Signals:
    pq.write_table(pa.Table.from_pylist(rows, schema=MEASURES), folder / "measures.parquet")
    return signals.collect(folder / "measures.parquet")


def found(some: Signals) -> set[str]:
    return {field.name for field in fields(some) if getattr(some, field.name)} - {"activity"}


def gap(rows: list[Row]) -> list[Row]:
    return [row for row in rows if not (row["source"] == "s0.example" and 60 <= (row["date"] - FIRST).days < 70)]


def burst(rows: list[Row]) -> list[Row]:
    return [row | ({"date": FIRST + timedelta(days=100, seconds=n + 1)} if n % 20 == 0 else {}) for n, row in enumerate(rows)]


def stamp(rows: list[Row]) -> list[Row]:
    moment = FIRST + timedelta(days=300, hours=7)
    return [row | ({"date": moment} if n % 40 == 0 else {}) for n, row in enumerate(rows)]


def stubs(rows: list[Row]) -> list[Row]:
    empty = dict.fromkeys(("text_hash", "n_words", "n_chars", "lang", "lang_confidence")) | {"empty": True}
    return [row | (empty if n % 30 == 0 else {"n_words": 3} if n % 30 == 2 else {}) for n, row in enumerate(rows)]


def outliers(rows: list[Row]) -> list[Row]:
    return [row | ({"n_words": 40_000} if n in (7, 9) else {}) for n, row in enumerate(rows)]


def walls(rows: list[Row]) -> list[Row]:
    return [row | ({"n_chars": 1_000} if n % 20 == 0 else {}) for n, row in enumerate(rows)]


def headlines(rows: list[Row]) -> list[Row]:
    return [row | ({"title": "Subscribe to read on", "title_cluster": 10} if n in (10, 20, 30) else {}) for n, row in enumerate(rows)]


def languages(rows: list[Row]) -> list[Row]:
    return [row | ({"lang": "pt"} if n in (11, 12, 13) else {}) for n, row in enumerate(rows)]


PLANTS = (gap, burst, stamp, stubs, outliers, walls, headlines, languages)
SIGNAL = {"stubs": {"stubs", "outliers"}, "gap": {"gaps"}, "burst": {"bursts"}, "stamp": {"stamps", "bursts", "gaps"}}


def test_sound(tmp_path):
    """Nothing is seen in a corpus without defects; its activity is all of its articles."""
    seen = collect(sound(), tmp_path)
    assert found(seen) == set()
    assert [(item.source, sum(n for _, n in item.months)) for item in seen.activity] == [("s0.example", 1_000), ("s1.example", 1_000)]
    assert seen.activity[0].months[0][0] == "2024-01"


@pytest.mark.parametrize("plant", PLANTS, ids=[plant.__name__ for plant in PLANTS])
def test_planted(plant: Callable[[list[Row]], list[Row]], tmp_path):
    """The planted defect shows in its signal, and in no other that it does not cause."""
    seen = found(collect(plant(sound()), tmp_path))
    name = plant.__name__
    assert seen & {name, f"{name}s"}
    assert seen <= SIGNAL.get(name, {name})


def test_values(tmp_path):
    """A gap has its days, a stamp its moment; counts are those planted, examples articles that have it."""
    seen = collect(gap(sound()), tmp_path).gaps
    assert seen == (Gap("s0.example", "2024-03-01", "2024-03-10", 10, 50),)
    stamps = collect(stamp(sound()), tmp_path).stamps
    assert stamps == (Stamp("s0.example", "2024-10-27T07:00:00", 50, 1_000, (0, 40, 80)),)
    (wall,) = collect(walls(sound()), tmp_path).walls
    assert (wall.source, wall.chars, wall.examples) == ("s0.example", 1_000, (0, 20, 40))
    assert 100 <= wall.texts <= 110
    (headline,) = collect(headlines(sound()), tmp_path).headlines
    assert (headline.title, headline.texts, headline.articles, headline.sources) == ("Subscribe to read on", 3, 3, 1)
    strangers = {item.source: item for item in collect(languages(sound()), tmp_path).languages}
    assert strangers[None].others == (("pt", 3),)
    assert strangers["s1.example"].examples == (11, 13)
    stub = {item.source: (item.empty, item.few) for item in collect(stubs(sound()), tmp_path).stubs}
    assert stub == {None: (67, 67), "s0.example": (67, 67)}
    (far,) = collect(outliers(sound()), tmp_path).outliers
    assert (far.source, far.short, far.long, far.examples) == ("s1.example", 0, 2, (7, 9))


def test_copies_are_one_text(tmp_path):
    """Copies under one headline are no different texts, and copies of one length no wall."""
    rows = [
        row | ({"title_cluster": 10, "exact_cluster": 10, "text_hash": b"0" * 16, "n_chars": 1_000} if n % 20 == 10 else {})
        for n, row in enumerate(sound())
    ]
    seen = collect(rows, tmp_path)
    assert (seen.headlines, seen.walls) == ((), ())


def test_placeholder_dates(tmp_path):
    """The beginning of 1970 is no date, even at midnight; midnight elsewhere is a date without a time."""
    rows = [row | {"date": row["date"].replace(hour=0, minute=0, second=0)} for row in sound()]
    assert collect(rows, tmp_path).stamps == ()
    rows[5] |= {"date": datetime(1970, 1, 1, tzinfo=UTC)}
    assert [(item.moment, item.articles) for item in collect(rows, tmp_path).stamps] == [("1970-01-01T00:00:00", 1)]


VALUES = {
    "date": st.datetimes(datetime(1600, 1, 1), datetime(2300, 1, 1)).map(lambda date: date.replace(microsecond=0, tzinfo=UTC)),
    "source": st.sampled_from(["a.example", "b.example"]),
    "n_words": st.integers(0, 10**9),
    "n_chars": st.integers(0, 10**10),
    "lang": st.sampled_from(["en", "de"]),
    "title_cluster": st.just(0),
}


@settings(max_examples=50, deadline=None)
@given(rows=st.lists(st.fixed_dictionaries({name: st.one_of(st.none(), values) for name, values in VALUES.items()}), max_size=150))
def test_any(rows, tmp_path_factory):
    """No corpus makes it raise; the same corpus gives the same; nothing is asked of an empty one."""
    folder = tmp_path_factory.mktemp("any")
    plain = {"file": "a", "line": 1, "title": "x", "title_from": "field", "lang_confidence": 0.9}
    every = [plain | row | {"article": n, "id": str(n), "empty": row["n_words"] is None} for n, row in enumerate(rows)]
    seen = collect(every, folder)
    assert seen == collect(every, folder)
    assert rows or seen == Signals()
