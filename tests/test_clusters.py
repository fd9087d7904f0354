"""Law 3: nothing is removed but in favour of a kept article that it is itself similar to, and nothing similar is kept twice."""

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from corpora import all_near, compare, expanded, near, sets
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.across.clusters import Verified, keep

WORDS = [f"{a}{b}" for a in ("ba", "ko", "mi", "ru") for b in ("lan", "ter", "sig", "dom", "vek")]


@st.composite
def corpora(draw):
    """Texts of which some are edits, copies, heads and chains of edits of others; some are short, some empty."""
    random = draw(st.randoms(use_true_random=False))
    texts = ["", "kurz", "only three words"]
    for _ in range(draw(st.integers(1, 4))):
        words = [random.choice(WORDS) + str(random.randrange(40)) for _ in range(random.randrange(30, 160))]
        texts.append(" ".join(words))
        for _ in range(random.randrange(6)):
            words = words.copy()  # each edits the one before: a chain that drifts
            for _ in range(random.randrange(4)):
                words[random.randrange(len(words))] = "edited" + str(random.randrange(1000))
            texts.append(random.choice([" ".join, lambda w: ", ".join(w).upper(), lambda w: " ".join(w[: len(w) // 2])])(words))
    texts += random.choices(texts, k=3)
    random.shuffle(texts)
    return texts


@settings(max_examples=40, deadline=None)
@given(corpora(), st.sampled_from([0.6, 0.8, 0.9]), st.sampled_from(["longest", "first"]))
def test_kept_and_removed(texts, threshold, policy):
    """Each removed article is as similar to its kept one as is said, and enough; no two kept ones are."""
    found, shingled = compare(texts, threshold, policy), sets(texts)
    removed = {i: of for i, of in enumerate(found.duplicate_of.to_pylist()) if of is not None}
    for article, kept in removed.items():
        assert kept not in removed
        one, other = shingled[article], shingled[kept]
        if texts[article] != texts[kept]:
            assert near(one, other, threshold)
            assert found.similarity[article].as_py() == len(one & other) / len(one | other)
        else:
            assert found.similarity[article].as_py() == 1.0
        assert found.near_cluster[article].as_py() == found.near_cluster[kept].as_py() == kept
    for one, other in all_near(texts, threshold) & expanded(found):
        assert one in removed or other in removed
    assert found.duplicate.to_pylist() == [(i in removed) if text else None for i, text in enumerate(texts)]


@settings(max_examples=40, deadline=None)
@given(corpora(), st.sampled_from([0.7, 0.8]))
def test_pairs_are_those_of_the_slow_truth(texts, threshold):
    """Every pair is one of the exact join of all with all; and none is missed but by the chance that the plan names."""
    found, truth = expanded(compare(texts, threshold)), all_near(texts, threshold)
    assert found <= truth
    assert len(truth - found) <= 1 + len(truth) // 50


@settings(max_examples=30, deadline=None)
@given(corpora(), st.randoms(use_true_random=False), st.sampled_from(["longest", "newest"]))
def test_order_batches_and_workers_do_not_matter(texts, random, policy):
    """The same articles in another order, in other batches and by more threads leave the same texts, by the same pairs."""
    dates = [len(text) % 5 for text in texts]
    order = list(range(len(texts)))
    random.shuffle(order)
    one = compare(texts, keep=policy, date=dates)
    other = compare([texts[i] for i in order], keep=policy, date=[dates[i] for i in order], batch=random.randrange(1, 9), workers=3)
    assert {(order[i], order[j]) if order[i] < order[j] else (order[j], order[i]) for i, j in expanded(other)} == expanded(one)
    assert _by_text(other, [texts[i] for i in order]) == _by_text(one, texts)


def _by_text(found, texts):
    """What is said of each text, with texts for article numbers: copies of a text change places when their order does."""
    names = ("duplicate_of", "contained_in", "similarity", "containment", "cut")
    columns = [getattr(found, name).to_pylist() for name in names]
    named = [[None if to is None else texts[to] for to in column] for column in columns[:2]]
    return Counter(zip(texts, *named, *columns[2:], strict=True))


def test_a_chain_is_not_one_cluster():
    """A is like b and b like c, but a not like c: both ends are kept, and b goes with the one it is more similar to."""
    pairs = Verified(*(np.array(x) for x in ([0, 1], [1, 2], [80, 90], [100, 100], [90, 100])))
    kept = keep(pairs, 3)
    assert kept.kept.tolist() == [True, False, True]
    assert kept.by.tolist() == [0, 2, 2]
    assert kept.similarity[1] == float(Fraction(90, 110))


TEXT = " ".join(f"{word}{n}" for n, word in enumerate(WORDS * 4))


@pytest.mark.parametrize(("policy", "kept"), [("longest", 1), ("first", 0), ("newest", 2)])
def test_keep_policy(policy, kept):
    """The longest, the first or the newest article of a cluster stays; one without a date is older than all."""
    texts = [TEXT, TEXT + " and more", TEXT.replace("balan0", "other"), TEXT.upper()]
    found = compare(texts, keep=policy, date=[5, 6, 7, -(2**63)])
    assert found.near_cluster.to_pylist() == [kept] * 4
    assert found.duplicate_of.to_pylist() == [None if i == kept else kept for i in range(4)]


def test_longest_is_without_boilerplate():
    """The size that decides is the given one: characters less boilerplate."""
    assert compare([TEXT, TEXT + " and more"], size=[100, 90]).duplicate_of.to_pylist() == [None, 0]
