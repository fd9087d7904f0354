"""Plans, and pairs of articles in many scripts, each with what is said of it (cases/near.yml)."""

import unicodedata
from pathlib import Path

import pyarrow as pa
import pytest
import yaml
from corpora import LINES, compare
from datasketch import MinHashLSH

from audit.across import candidates, near, views
from audit.across.exact import group

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "near.yml").read_text(encoding="utf-8"))


def other(case: dict) -> str:
    """The second text of a case."""
    text = CASES["texts"][case.get("with", case["text"])]
    for old, new in case.get("replace", {}).items():
        assert old in text, old
        text = text.replace(old, new)
    if "keep" in case:
        unspaced = text.count(" ") * 10 < len(text)
        text = text[: case["keep"]] if unspaced else " ".join(text.split()[: case["keep"]])
    text = case.get("before", "") + text + case.get("after", "")
    text = text.upper() if case.get("upper") else text
    return unicodedata.normalize(case["form"], text) if "form" in case else text


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_case(case):
    """Two articles are what the case says they are, whichever comes first."""
    texts = [CASES["texts"][case["text"]], other(case)]
    for order in (texts, texts[::-1]):
        found = compare(order)
        kinds = found.pairs["kind"].to_pylist()
        assert kinds == ([] if case["is"] == "distinct" else [case["is"]])
        assert sum(found.duplicate.to_pylist()) == (case["is"] in ("exact", "near"))
        assert sum(found.contained.to_pylist()) == (case["is"] == "contained")


@pytest.mark.parametrize("threshold", [round(0.6 + k / 100, 2) for k in range(36)])
def test_plan_finds_what_is_just_similar_enough(threshold):
    """From 0.6 to 0.95 a pair at the threshold is proposed with probability 0.998 or more, with at most 256 permutations."""
    plan = near.plan(threshold)
    assert plan.probability(threshold) >= near.CERTAINTY
    assert plan.bands * plan.rows <= plan.permutations <= 256
    assert plan.permutations == 128 or threshold < 0.65


def test_plan_says_what_it_does():
    """The sentence for people names permutations, bands, rows and the probability."""
    assert str(near.plan(0.8)) == "128 permutations, 21 bands of 6 rows: P(candidate at 0.8) = 0.99831"


@pytest.mark.parametrize("threshold", [0.6, 0.7, 0.8, 0.9])
def test_candidates_are_datasketch_s(threshold):
    """Pairs that share a band key are those that datasketch.MinHashLSH finds in the same signatures with the same parameters."""
    from corpora import facts

    words = CASES["texts"]["en"].split()
    texts = [" ".join(words[: 30 + k] + [f"new{k % 7}"] + words[30 + k + k % 5 :]) for k in range(50)]
    array, lines, plan = pa.array(texts, pa.large_string()), pa.array([[]] * len(texts), LINES), near.plan(threshold)
    theirs = MinHashLSH(num_perm=plan.permutations, params=(plan.bands, plan.rows))
    signed = [near.lean(signature) for signature in near.signatures(array, lines, plan)]
    for number, signature in enumerate(signed):
        theirs.insert(number, signature)
    sketches = near.sketch(array, lines, plan)
    groups = group(sketches, facts(texts), "first")
    ours, _ = candidates.near(sketches, groups, groups.counts > 0, plan.bands, 1)
    left, right = candidates.halves(ours)
    found = {tuple(sorted(pair)) for pair in zip(groups.chosen[left].tolist(), groups.chosen[right].tolist(), strict=True)}
    assert found == {(a, b) for a, signature in enumerate(signed) for b in theirs.query(signature) if a < b}
    assert len(found) > 100


def test_samples_are_one_shingle_in_sixteen():
    """Of an article of 20 shingles or more 32 bits of those whose upper 4 bits are 0 are sampled, ascending, each once."""
    long = " ".join(f"w{n * n}" for n in range(20_000))
    texts = [*CASES["texts"].values(), long, "same " * 500, *(f"word{n} " * 40 for n in range(64)), " ".join(long.split()[:23]), "too short"]
    array, lines = pa.array([None, *texts], pa.large_string()), pa.array([[]] * (len(texts) + 1), LINES)
    found, every = near.sketch(array, lines, near.plan(0.8)), views.shingles(array, lines)
    for row, (start, count) in enumerate(zip(every.starts, every.counts, strict=True)):
        shingles = every.all[start : start + count].tolist() if count >= 20 else []
        samples = found.samples[found.starts[row] : found.starts[row] + found.sampled[row]]
        assert samples.tolist() == sorted({shingle >> 28 & 0xFFFFFFFF for shingle in shingles if shingle >> 60 == 0})
    assert found.sampled.max() > 1000
