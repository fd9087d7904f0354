"""Lines that a source repeats, and lines that only look so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.across import ballots, recurrence
from audit.tables import LEARNED

CASES = yaml.safe_load(Path(__file__).with_name("cases").joinpath("recurrence.yml").read_text("utf-8"))
PLACES = {"head": 0, "middle": 6, "tail": 12}


def large(values: list[str | None]) -> pa.LargeStringArray:
    return pa.array(values, pa.large_string())


def letters(number: int) -> str:
    """A word without digits, another for each number."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def corpus(case: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The texts of a case and their sources."""
    texts, sources = [], []
    n = case.get("texts", 100)
    for i in range(n):
        body = [f"It was {letters(i)} who told {letters(j)} reporters about it {letters(i * 50 + j)}." for j in range(12)]
        if i < case["holds"]:
            line = case["line"].replace("%d", str(10 + i))
            line = case.get("other", line) if i % 2 else line
            body = [line] if case["place"] == "whole" else [*body[: PLACES[case["place"]]], line, *body[PLACES[case["place"]] :]]
        texts.append("\n".join(body))
        sources.append(f"source {i % case.get('sources', 1)}")
    return texts, sources


def audit(texts: list[str | None], sources: list[str | None], size: int = 4096) -> tuple[list[list[int]], pa.Table]:
    """The found lines of every article, and what was learned; every text votes."""
    batches = [(large(texts[i : i + size]), large(sources[i : i + size])) for i in range(0, len(texts), size)]
    keys = [recurrence.keys(*batch) for batch in batches]
    learned = recurrence.learn(keys, np.ones(len(texts), np.bool_))
    found, spellings = [], {}
    for batch, key in zip(batches, keys, strict=True):
        held = recurrence.holders([key], learned)
        lines, written = recurrence.find(*batch, learned, held)
        assert [bool(numbers) for numbers in lines.to_pylist()] == held.tolist()
        found += lines.to_pylist()
        recurrence.merge(spellings, written)
    return found, learned.rows(spellings)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case):
    """A line is learned, and found in exactly the articles that hold it; or it is not learned at all."""
    texts, sources = corpus(case)
    found, rows = audit(texts, sources)
    place = PLACES.get(case["place"], 0)
    expected = [[place] if case["learned"] and i < case["holds"] else [] for i in range(len(texts))]
    assert found == expected
    assert rows["articles"].to_pylist() == ([case["holds"]] if case["learned"] else [])


def test_rows():
    """What was learned is told with its counts: the source, the first of its spellings, and the distinct texts."""
    texts, sources = corpus({"line": "Follow us on the Example app", "other": "FOLLOW us on the example app", "holds": 10, "place": "tail"})
    _, rows = audit(texts, sources)
    assert rows.schema == LEARNED
    assert rows.to_pylist() == [{"source": "source 0", "text": "FOLLOW us on the example app", "articles": 10, "of": 100, "ruling": None}]


def test_one_vote_a_text():
    """Copies of a text do not make its lines boilerplate, but a learned line is found in copies too."""
    texts, sources = corpus({"line": "Follow us on the Example app", "holds": 4, "place": "tail"})
    texts, sources = texts + texts[:1] * 20, sources + sources[:1] * 20
    views, votes = large(texts), np.arange(len(texts)) < 100
    keys = recurrence.keys(views, large(sources))
    learned = recurrence.learn([keys], votes)
    assert recurrence.find(views, large(sources), learned, np.ones(120, np.bool_))[0].to_pylist() == [[]] * 120
    learned = recurrence.learn([keys], np.ones(120, np.bool_))
    assert recurrence.find(views, large(sources), learned, np.ones(120, np.bool_))[0].to_pylist()[100:] == [list(range(13))] * 20


def test_no_source():
    """Articles without a source are taken for one source; what they teach does not reach another one."""
    texts, _ = corpus({"line": "Follow us on the Example app", "holds": 10, "place": "tail"})
    found, rows = audit([*texts, texts[0]], [*[None] * 100, "elsewhere"])
    assert found[:10] == [[12]] * 10
    assert found[100] == []
    assert rows["source"].to_pylist() == [None]


def test_empty():
    """No articles, and articles without text, teach nothing and have no lines."""
    learned = recurrence.learn([], np.zeros(0, np.bool_))
    assert learned.rows({}).num_rows == 0
    assert recurrence.find(large([None, "", " \n ", "a"]), large([None, "b", "b", "b"]), learned, np.ones(4, np.bool_))[0].to_pylist() == [[]] * 4
    assert recurrence.find(large([]), large([]), learned, np.zeros(0, np.bool_))[0].to_pylist() == []


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 40), st.permutations(range(60)))
def test_batches_and_order(size, order):
    """Neither the size of batches nor the order of articles changes what is learned and found."""
    texts, sources = corpus(
        {"line": "Follow us on the Example app", "other": "FOLLOW US on the Example app", "holds": 15, "place": "tail", "texts": 60}
    )
    expected, rows = audit(texts, sources)
    found, again = audit([texts[i] for i in order], [sources[i] for i in order], size)
    assert found == [expected[i] for i in order]
    assert again == rows


def test_parts(monkeypatch):
    """Counting in many parts gives what counting in one gives."""
    texts, sources = corpus({"line": "Follow us on the Example app", "holds": 15, "place": "tail"})
    keys = [recurrence.keys(large(texts), large(sources))]
    votes = np.ones(len(texts), np.bool_)
    whole = ballots.common(ballots.Ballots(keys, votes), 2, mixed=True)
    monkeypatch.setattr(ballots, "PART", 16)
    assert ballots.common(ballots.Ballots(keys, votes), 2, mixed=True).tolist() == whole.tolist()


@pytest.mark.shared
def test_gold(shared):
    """On a corpus of blog pages, what is found in labelled articles is boilerplate by their labels."""
    import io
    import json

    import zstandard

    marked = [json.loads(line) for line in (shared / "gold" / "dev.jsonl").read_text("utf-8").splitlines()]
    marked = [row for row in marked if row["corpus"] == "windwild_blogs"]
    with (shared / "corpora" / "windwild_blogs.jsonl.zst").open("rb") as stream:
        rows = [json.loads(line) for line in io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(stream), "utf-8")] + marked
    found, _ = audit([row["text"] for row in rows], [row["source"] for row in rows])
    right = wrong = 0
    for row, lines in zip(marked, found[-len(marked) :], strict=True):
        judged = set(lines) & set(row["labels"].get("boilerplate_judged") or ())
        right += len(judged & set(row["labels"].get("boilerplate_lines") or ()))
        wrong += len(judged - set(row["labels"].get("boilerplate_lines") or ()))
    assert right >= 30
    assert wrong <= right // 20
