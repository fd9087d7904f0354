"""Articles in longer ones: what is found, what is left alone, and what is called cut."""

from itertools import combinations

import numpy as np
import pytest
from corpora import compare

from audit.across import candidates
from audit.across.contained import SIGN_OFF
from audit.across.exact import Groups
from audit.across.near import Sketches

SENTENCES = [" ".join(f"w{n}x{k}" for k in range(9)) + "." for n in range(40)]
WHOLE, HEAD, MIDDLE = " ".join(SENTENCES), " ".join(SENTENCES[:14]), " ".join(SENTENCES[9:30])
OTHER = " ".join(f"v{n}" for n in range(300))


def test_head_and_middle_are_contained():
    """The head and any other part of a longer article are found, with the share of them that it holds; the whole is neither."""
    found = compare([HEAD, OTHER, WHOLE, MIDDLE])
    assert found.contained.to_pylist() == [True, False, False, True]
    assert found.contained_in.to_pylist() == [2, None, None, 2]
    assert found.containment.to_pylist() == [1.0, None, None, 1.0]
    assert found.duplicate.to_pylist() == [False] * 4
    assert {(row["left"], row["right"], row["kind"]) for row in found.pairs.to_pylist()} >= {(0, 2, "contained"), (2, 3, "contained")}


@pytest.mark.parametrize(
    ("short", "facts", "is_cut"),
    [
        (HEAD, {"source": [1, 1]}, True),
        (HEAD, {"title": [1, 1]}, True),
        (HEAD, {"source": [1, 2], "title": [3, 3]}, True),
        (HEAD, {"source": [1, 2], "title": [3, 4]}, False),
        (HEAD, {}, False),  # nothing is known of source and headline
        (HEAD[:-6] + "…", {"source": [1, 1]}, True),  # cut in a word
        ("LONDON (AP) - " + HEAD, {"source": [1, 1]}, True),
        (HEAD + "\n Reuter", {"source": [1, 1]}, False),
        (HEAD + "\n\n-30-", {"source": [1, 1]}, False),
        (HEAD + " (ENDS)", {"source": [1, 1]}, False),
        (HEAD + "\n###", {"source": [1, 1]}, False),
        (MIDDLE, {"source": [1, 1]}, False),
        (" ".join(SENTENCES[:33]), {"source": [1, 1]}, False),  # near, not contained
        (" ".join(SENTENCES[:2]), {"source": [1, 1]}, False),  # 18 words: too short
        (OTHER, {"source": [1, 1]}, False),
    ],
)
def test_cut(short, facts, is_cut):
    """Only the head of a longer article of the same source or headline is cut, and not if it signs off."""
    for order in ([0, 1], [1, 0]):
        texts = [[short, WHOLE][i] for i in order]
        found = compare(texts, **{name: [values[i] for i in order] for name, values in facts.items()})
        assert [found.cut[order.index(0)].as_py(), found.cut[order.index(1)].as_py()] == [is_cut, False]


def test_best_container():
    """An article goes with the one that holds most of it, then with the longest; all its copies do; and it may be cut off another one."""
    longer = OTHER + " " + WHOLE
    found = compare([WHOLE, HEAD, longer, HEAD, HEAD.replace("w3x3", "new").replace("w7x1", "new")], source=[1] * 5)
    assert found.contained_in.to_pylist()[1] == found.contained_in.to_pylist()[3] == 2
    assert found.contained_in.to_pylist()[4] == 2
    assert found.contained_in.to_pylist()[0] == 2
    assert found.cut.to_pylist()[:4] == [False, True, False, True]


def test_boilerplate_that_many_share_contains_nothing():
    """A hundred articles that share a paragraph are not contained in each other, and are not paired."""
    shared = " ".join(SENTENCES[:3])
    texts = [" ".join(f"a{n}b{k}" for k in range(60)) + " " + shared for n in range(100)]
    found = compare(texts)
    assert found.pairs.num_rows == 0
    assert not any(found.contained.to_pylist())


@pytest.mark.parametrize(
    "end", ["\nReuter", "\n REUTER\n\x03", "\n Reuter\n&#3;", " (ENDS)", "\n- 30 -", "-30-", " - Reuters", "\n***END***", "\nAP", "\n###", " ##"]
)
def test_sign_offs(end):
    """A story that signs off is complete."""
    assert SIGN_OFF.search("The dollar rose." + end)


@pytest.mark.parametrize("end", ["", " he told Reuters", " in the end", " at 30", " the AP.", "\nThe show ends", " #1"])
def test_no_sign_offs(end):
    """The same words in a sentence are none."""
    assert not SIGN_OFF.search("The dollar rose" + end)


def proposed(sizes, heads, samples, kept):
    """The pairs that candidates.contained proposes, by comparing everything with everything."""
    keys = [
        {*((0, which, key) for which, key in enumerate(row) if key), *((1, key) for key in some)} for row, some in zip(heads, samples, strict=True)
    ]
    holders = {key: [n for n in range(len(keys)) if key in keys[n]] for key in set().union(*keys)}

    def leads(key, one, other):
        few = len(holders[key]) <= candidates.SHARED
        return few or (kept[one] and kept[other] and sum(map(bool, kept[holders[key]])) <= candidates.SHARED)

    for one, other in combinations(range(len(keys)), 2):
        short = one if sizes[one] <= sizes[other] else other
        shared = len(set(samples[one]) & set(samples[other]))
        if 2 * shared >= len(samples[short]) and any(leads(key, one, other) for key in keys[one] & keys[other]):
            yield one, other


@pytest.mark.parametrize("seed", range(12))
def test_proposals_are_those_of_the_slow_way(seed):
    """Few classes, or few kept ones, have a key that proposes pairs, half of whose shorter one's samples agree."""
    draw = np.random.default_rng(seed)
    n, words = int(draw.integers(2, 90)), int(draw.integers(5, 400))
    vocabulary = np.unique(draw.integers(0, 1 << 32, words, dtype=np.uint32))
    samples = [np.sort(draw.choice(vocabulary, int(draw.integers(0, min(9, len(vocabulary)) + 1)), replace=False)) for _ in range(n)]
    heads = draw.integers(0, 12, (n, 3)).astype(np.uint32)
    sizes, kept = draw.integers(20, 40, n), draw.random(n) < 0.5
    numbers = np.arange(n)
    sampled = np.array([len(some) for some in samples])
    keys, digests, values = np.zeros((n, 0), np.uint32), np.zeros(n, np.uint64), np.concatenate([vocabulary[:0], *samples])
    sketches = Sketches(sizes, digests, keys, heads, values, np.cumsum(sampled) - sampled, sampled)
    found = candidates.contained(sketches, Groups(numbers, numbers, numbers, numbers, numbers, sizes), kept, 1)
    left, right = candidates.halves(found)
    assert list(zip(left.tolist(), right.tolist(), strict=True)) == list(proposed(sizes, heads, samples, kept))
