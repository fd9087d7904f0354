"""Which articles are left out: nothing goes as a copy of one that is not there."""

import itertools
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.drop import COLUMNS, GROUPS, Dropped, decide, known
from audit.errors import ConfigError

ALL = frozenset(GROUPS)


def measures(*articles: dict[str, Any]) -> pa.Table:
    rows = [{"article": n, "id": str(n), "file": "a", "line": n + 1, "n_chars": 10, "duplicate": False, **row} for n, row in enumerate(articles)]
    return pa.table({name: [row.get(name) for row in rows] for name in COLUMNS})


EXACT = {"exact_cluster": 0}
COPY = {"exact_cluster": 0, "duplicate": True, "duplicate_of": 0, "similarity": 1.0}
NEAR = {"duplicate": True, "duplicate_of": 0, "similarity": 0.9}
CASES = [
    ([{"empty": True}, {}], {"empty"}, {0: Dropped("empty")}),
    ([{"empty": True}], {"near"}, {}),
    ([{"truncated": True, "encoding_damage": True, "missing_byline": True}], {"no-byline", "damaged"}, {0: Dropped("damaged")}),
    ([EXACT, COPY, NEAR], {"exact"}, {1: Dropped("exact", 0, 1.0)}),
    ([EXACT, COPY, NEAR], {"near"}, {2: Dropped("near", 0, 0.9)}),
    ([EXACT, COPY, NEAR], {"exact", "near"}, {1: Dropped("exact", 0, 1.0), 2: Dropped("near", 0, 0.9)}),
    # two copies that are near a third: of the copies one stays unless near ones go
    ([{}, NEAR | {"exact_cluster": 1}, NEAR | {"exact_cluster": 1}], {"exact"}, {2: Dropped("exact", 1, 1.0)}),
    ([{}, NEAR | {"exact_cluster": 1}, NEAR | {"exact_cluster": 1}], {"exact", "near"}, {1: Dropped("near", 0, 0.9), 2: Dropped("near", 0, 0.9)}),
    # the kept copy is not the first
    ([COPY | {"duplicate_of": 1}, EXACT], {"exact"}, {0: Dropped("exact", 1, 1.0)}),
    # what would stand for it is not written
    ([EXACT | {"truncated": True}, NEAR], {"truncated", "near"}, {0: Dropped("truncated")}),
    ([EXACT | {"missing_byline": True}, COPY, COPY], {"no-byline", "exact"}, {0: Dropped("no-byline"), 2: Dropped("exact", 1, 1.0)}),
    ([{"n_chars": 99}, {"contained": True, "contained_in": 0, "containment": 0.95}], {"contained"}, {1: Dropped("contained", 0, 0.95)}),
    ([{"n_chars": 99, "truncated": True}, {"contained_in": 0, "containment": 0.95}], {"contained", "truncated"}, {0: Dropped("truncated")}),
    (
        [{"n_chars": 99}, {"n_chars": 50, "contained_in": 0, "containment": 0.95}, {"contained_in": 1, "containment": 1.0}],
        {"contained"},
        {1: Dropped("contained", 0, 0.95)},  # the third lies in the second, which is not written
    ),
    ([{"contained_in": 1, "containment": 1.0}, {"contained_in": 0, "containment": 1.0}], {"contained"}, {0: Dropped("contained", 1, 1.0)}),
    ([EXACT, COPY], set(), {}),
]


@pytest.mark.parametrize(("articles", "names", "dropped"), CASES)
def test_cases(articles: list[dict[str, Any]], names: set[str], dropped: dict[int, Dropped]) -> None:
    """Each reason as it is asked for, the first that holds; the kept article is named and written."""
    assert decide(measures(*articles), frozenset(names)) == dropped


def test_unknown_word() -> None:
    """A word that is not known is refused, with those that are."""
    known(ALL)
    with pytest.raises(ConfigError, match="drop is 'typos'; known: empty, truncated"):
        known(frozenset({"near", "typos"}))


ROW = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["alone", "exact", "near", "inside"]),
        "other": st.integers(0, 9),
        "empty": st.booleans(), "truncated": st.booleans(), "n_chars": st.integers(1, 3),
    }
)  # fmt: skip


@given(st.lists(ROW, min_size=1, max_size=9), st.sets(st.sampled_from(sorted(ALL))))
def test_who_stands_for_another_is_written(rows: list[dict[str, Any]], names: set[str]) -> None:
    """Whatever is dropped, the article named instead is not; and only words that were asked for are given."""
    articles = []
    for n, row in enumerate(rows):
        other = row["other"] % len(rows)
        columns = {"empty": row["empty"], "truncated": row["truncated"], "n_chars": row["n_chars"]}
        if row["kind"] == "exact":
            columns |= {"exact_cluster": row["other"] % 2}
        if row["kind"] in ("exact", "near") and other != n:
            columns |= {"duplicate": True, "duplicate_of": other, "similarity": 0.9}
        if row["kind"] == "inside" and other != n:
            columns |= {"contained_in": other, "containment": 0.95}
        articles.append(columns)
    # the audit never keeps for another an article that is itself a duplicate
    kept = {n for n, row in enumerate(articles) if not row.get("duplicate")}
    for row in articles:
        if row.get("duplicate") and row["duplicate_of"] not in kept:
            row |= {"duplicate": False, "duplicate_of": None}
    dropped = decide(measures(*articles), frozenset(names))
    assert {reason.why for reason in dropped.values()} <= names
    assert not {reason.instead for reason in dropped.values()} & dropped.keys()
    assert dropped == decide(measures(*articles), frozenset(sorted(names, reverse=True)))


def test_every_word_has_its_measures() -> None:
    """Every word alone drops what it says of one article that has all faults, if there is another to keep."""
    fault = {"empty": True, "truncated": True, "encoding_damage": True, "missing_byline": True, **COPY, "contained_in": 0, "containment": 1.0}
    for word, other in itertools.product(ALL - {"near"}, [EXACT]):
        assert decide(measures(other, fault), frozenset({word}))[1].why == word
