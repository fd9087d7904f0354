"""The whole comparison: the table of pairs, nulls, bounds that are hit, and real text."""

import json
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
import zstandard
from corpora import LINES, all_near, compare, expanded, near, sets
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from audit.across import candidates, duplicates
from audit.tables import BY_NAME

BASE = " ".join(f"word{n}" for n in range(80))


def test_columns_are_those_of_the_tables():
    """Arrays have the types of tables.COLUMNS and are null for an empty article."""
    found = compare([BASE, "", BASE])
    for name in ("exact_cluster", "near_cluster", "duplicate", "duplicate_of", "similarity", "contained", "contained_in", "containment"):
        assert getattr(found, name).type == BY_NAME[name].type
        assert getattr(found, name)[1].as_py() is None
    assert found.exact_cluster.to_pylist() == [0, None, 0]
    assert found.near_cluster.to_pylist() == [0, None, 0]
    assert found.duplicate.to_pylist() == [False, None, True]
    assert found.duplicate_of.to_pylist() == [None, None, 0]
    assert found.similarity.to_pylist() == [None, None, 1.0]
    assert found.cut.to_pylist() == [False] * 3


@pytest.mark.parametrize("texts", [[], [""], ["", ""], ["!!!", "???"], ["one"]])
def test_nothing_to_compare(texts):
    """No articles, empty ones and ones without words are no duplicates of each other."""
    found = compare(texts)
    assert found.pairs.num_rows == 0
    assert not any(found.duplicate.to_pylist())


def test_rows_of_pairs():
    """A pair of distinct texts stands there once, by their first articles; a copy with its first; equal shingles as near with 1."""
    edit = BASE.replace("word40", "new")
    found = compare([BASE, edit, BASE, BASE.upper(), edit, BASE.upper()])
    rows = [(row["left"], row["right"], row["kind"]) for row in found.pairs.to_pylist()]
    assert rows == [(0, 1, "near"), (0, 2, "exact"), (0, 3, "near"), (1, 4, "exact"), (3, 5, "exact")]
    assert found.pairs["jaccard"].to_pylist() == [71 / 81, 1.0, 1.0, 1.0, 1.0]
    assert found.pairs["containment"].to_pylist() == [71 / 76, 1.0, 1.0, 1.0, 1.0]
    assert expanded(found) == set(combinations(range(6), 2))


def test_many_equal_stubs_are_few_rows():
    """Three thousand equal stubs are 2,999 rows, and nobody is told of a bound."""
    found = compare(["No media source currently available"] * 3000)
    assert found.pairs.num_rows == 2999
    assert found.notes == ()
    assert sum(found.duplicate.to_pylist()) == 2999


def test_skipped_lines_do_not_count():
    """Articles that share boilerplate only are distinct without it; the same article under other boilerplate is near."""
    frame = " ".join(f"menu{n}" for n in range(100))
    texts = [frame + "\n" + " ".join(f"a{k}" for k in range(15)), frame + "\n" + " ".join(f"b{k}" for k in range(15)), frame]
    assert compare(texts).pairs.num_rows > 0
    assert compare(texts, skip=[[0], [0], [0]]).pairs.num_rows == 0
    assert compare([frame[:200] + "\n" + BASE, BASE + "\n" + frame[-50:]], skip=[[0], [1]]).pairs["jaccard"].to_pylist() == [1.0]


def test_copies_of_a_text_are_exact_whatever_lines_count():
    """Copies of a text in two sources, one of which has its boilerplate learned, are still copies."""
    found = compare([BASE + "\nmore from us", BASE + "\nmore from us"], skip=[[], [1]])
    assert found.pairs["kind"].to_pylist() == ["exact"]
    assert found.similarity.to_pylist() == [None, 1.0]


def _mutual(count: int) -> list[str]:
    words = BASE.split()
    return [" ".join([*words[: n % 70], f"new{n}", *words[n % 70 + 1 :]]) for n in range(count)]


def test_giant_keys_are_bounded_and_said():
    """Hundreds of near copies are one cluster by a few pairs each, and a note says so."""
    found = compare(_mutual(400), 0.7)
    assert len(set(found.near_cluster.to_pylist())) == 1
    assert found.pairs.num_rows <= 400 * candidates.HUBS * 23
    assert found.notes and "64 texts" in found.notes[0]


def test_kept_articles_of_giant_keys_are_compared_again():
    """No two kept articles are near where all share keys: what the preferred ones do not cover is compared in further turns."""
    words = BASE.split()
    texts = []
    for family in range(40):  # families are 0.7 alike, members of one 0.87
        own = [f"f{family}" if k % 40 == 20 else word for k, word in enumerate(words)]
        texts += [" ".join([*own[:70], f"m{member}", *own[71:]]) for member in range(5)]
    found, shingled = compare(texts), sets(texts)
    kept = [i for i, gone in enumerate(found.duplicate.to_pylist()) if not gone]
    assert not any(near(shingled[a], shingled[b]) for a, b in combinations(kept, 2))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40) | st.sampled_from(["a b c d e f", "A b c d e f", "漢字かな交じり", "\x00", "\ud7ff\ue000"]), max_size=12))
def test_no_text_is_too_odd(texts):
    """Any texts are compared; pairs are those of the exact join."""
    texts = [text.encode("utf-8", "ignore").decode() for text in texts]
    found = compare(texts)
    assert expanded(found) == all_near(texts)


def test_portions_do_not_matter(monkeypatch):
    """Verification in many small portions gives what one gives."""
    texts = [BASE.replace(f"word{n}", "x", 1) for n in range(40)] + _mutual(20)
    whole = compare(texts)
    monkeypatch.setattr("audit.across.verify.AT_ONCE", 400)
    assert compare(texts, workers=2).pairs.equals(whole.pairs)


def _exact_join(texts: list[str], threshold: float) -> set[tuple[int, int]]:
    """All near pairs of real text: the product of the matrix of articles and shingles with itself counts what every two share."""
    found = sets(texts)
    cuts = np.cumsum([0, *map(len, found)])
    _, columns = np.unique(np.array([shingle for one in found for shingle in one], np.uint64), return_inverse=True)
    matrix = csr_array((np.ones(len(columns), np.int32), columns, cuts))
    shared = (matrix @ matrix.T).tocoo()
    some = (shared.row < shared.col) & (3 * shared.data > np.minimum(*(np.diff(cuts)[side] for side in (shared.row, shared.col))))
    pairs = zip(shared.row[some].tolist(), shared.col[some].tolist(), strict=True)
    return {(a, b) for a, b in pairs if near(found[a], found[b], threshold)}


def _real(shared, name: str, most: int) -> list[str]:
    with zstandard.open(shared / "corpora" / f"{name}.jsonl.zst", "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] or "" for _, line in zip(range(most), lines, strict=False)]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["reuters21578", "allsides_dev", "cctv_zh", "jawikinews", "fomc"])
def test_real_pairs_are_those_of_an_exact_join(shared, name):
    """On real text the pairs at 0.8 are exactly those of a join of all with all."""
    texts = _real(shared, name, 1500)
    assert expanded(compare(texts)) == _exact_join(texts, 0.8)


def test_door_has_what_the_passes_call():
    """plan, sketch and compare are the door, and a fetched table may be chunked."""
    array = pa.array([BASE, BASE.upper()], pa.large_string())
    lines, plan = pa.array([[], []], LINES), duplicates.plan(0.9)
    sketches = duplicates.Pile(plan)
    for i in (0, 1):
        sketches.add(duplicates.sketch(array.slice(i, 1), lines.slice(i, 1), plan))

    def fetch(articles):
        parts = [pa.table({"article": [i], "view": array.slice(i, 1), "skip": lines.slice(i, 1)}) for i in articles.tolist()]
        return pa.concat_tables(parts)

    zeros = np.zeros(2, np.int64)
    facts = duplicates.Facts(np.arange(32, dtype=np.uint8).reshape(2, 16), np.zeros(2, np.bool_), zeros, zeros, zeros, zeros)
    found = duplicates.compare(sketches.sketches(), facts, lambda _: fetch, plan, "newest", 2)
    assert found.pairs["kind"].to_pylist() == ["near"]
