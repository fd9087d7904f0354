"""The token, shingle and MinHash kernels against slow, obvious references, on every script."""

import unicodedata

import numpy as np
import pyarrow as pa
import pytest
from datasketch import MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.across import near, views
from audit.kernels.chars import word_classes
from audit.kernels.folds import folds
from audit.kernels.jit import kernel
from audit.kernels.minhash import band_key, permutations
from audit.kernels.shingles import digest
from audit.kernels.tokens import text_tokens

SCRIPTS = (
    "abcXYZ 019_-'’“”—.,;!\n\r\t\x0b\x0c\x1c\x85\u2028\u2029\u00ad\u200b"
    "éÉñÑßẞİıſKÅÅﬁǰΐΰΐΆΑ\u0345ςσΣ≠≯<>=;`´"
    "ёЁйЙ Її שָׁ לּ العَرَبِيَّة آأ हिन्दी ज़ ऩ বাংলা কো தமிழ் கொ മലയാളം ไทย ภาษา ລາວ ខ្មែរ မြန်မာ ဦ"
    "漢字かなカナガがﾊﾞ々〇豈樂 한국어 각ᄀ\u1161\u11a8 𝐀𝟗 🙂👩‍👩‍👧 𐐀𐐨 Ꭰꭰ"
    "\u0300\u0301\u0323\u0327\u0338\u0331\u05b0\u05c1\u093c\u3099\u302a"
)
CHARS = st.one_of(st.sampled_from(sorted(set(SCRIPTS))), st.characters(codec="utf-8"))
TEXTS = st.text(CHARS, max_size=60) | st.text(st.sampled_from("abé漢 \n"), max_size=200)
CLASSES = word_classes()


@kernel
def _hashes(text, skip, table, room, out, counts):  # type: ignore[no-untyped-def]
    data, cuts, rows, ready = text
    lines, line_cuts = skip
    page, entries, marks, long, scratch = table
    for k in range(rows.shape[0]):
        row = rows[k]
        counts[row] = text_tokens(
            data, cuts[k], cuts[k + 1], lines, line_cuts[row], line_cuts[row + 1], out[row], page, entries, marks, long, scratch, ready
        )


def hashes(texts: list[str | None], skip: list[list[int]] | None = None) -> list[list[int]]:
    """The kernel's token hashes of each text."""
    array = pa.array(texts, pa.large_string())
    longest = max((len(text.encode()) * 3 for text in texts if text), default=0)
    out, counts = np.zeros((len(texts), longest + 8), np.uint64), np.zeros(len(texts), np.int64)
    lines = pa.array(skip or [[] for _ in texts], pa.list_(pa.int32()))
    views.each(array, lines, counts, lambda text, skip, table, room: _hashes(text, skip, table, room, out, counts))
    return [row[:count].tolist() for row, count in zip(out, counts, strict=True)]


def reference(text: str) -> list[str]:
    """The folded tokens of a text, one character at a time."""
    tokens, word = [], ""
    for char in unicodedata.normalize("NFC", text):
        kind = CLASSES[ord(char)]
        folded = char if "\uac00" <= char < "\ud7a4" else unicodedata.normalize("NFD", char.casefold())
        if kind == 1:
            word += folded
            continue
        tokens += [word] if word else []
        word = ""
        tokens += [folded] if kind == 2 else []
    return [*tokens, word] if word else tokens


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXTS, max_size=6))
def test_tokens_are_those_of_the_reference(texts):
    """Hashes of the kernel are equal exactly where the reference's tokens are, in texts of every script."""
    seen: dict[int, str] = {}
    names: dict[str, int] = {}
    for text, found in zip(texts, hashes(list(texts)), strict=True):
        expected = reference(text)
        assert len(found) == len(expected), text
        for value, token in zip(found, expected, strict=True):
            assert seen.setdefault(value, token) == token
            assert names.setdefault(token, value) == value


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_form_and_case_of_letters_do_not_matter(text):
    """NFC and NFD of a text, and of its casefolded form, have the same tokens."""
    text = unicodedata.normalize("NFC", text)
    nfc, nfd = hashes([text, unicodedata.normalize("NFD", text)])
    assert nfc == nfd
    upper = text.upper()
    if reference(upper) == reference(text):  # not so for letters that have no single capital, such as ı
        assert hashes([upper])[0] == nfc


def test_quotes_and_dashes_do_not_matter():
    """Punctuation parts words and is nothing itself; digits and letters in one word stay together."""
    plain, curly = hashes(['It\'s a "well-known" fact -- 3,500 A4 pages', "It’s a “well–known” fact — 3,500 a4 PAGES"])
    assert plain == curly
    assert len(plain) == 10


@pytest.mark.parametrize("size", [1, 7, 8, 9, 15, 16, 17, 32, 33, 63, 64, 65, 500, 767, 768, 769, 5000])
@pytest.mark.parametrize("letter", ["a", "é", "ж", "𐐨"])
def test_words_of_any_length_differ_from_their_neighbours(size, letter):
    """A word's hash is of all of it, and that of its capitals is the same, however long it is."""
    word = letter * size
    mixed = "abc" + word
    found = hashes([word, word.upper(), word + letter, "x " + word, mixed, mixed.upper(), mixed[:-1] + "z"])
    assert found[0] == found[1] == found[3][1:]
    assert found[4] == found[5]
    assert len({found[0][0], found[2][0], found[4][0], found[6][0]}) == 4


def test_text_in_one_buffer_does_not_leak_into_another():
    """Slices, nulls and neighbours leave a text's tokens as they are."""
    texts = ["ab", None, "cd é", "", "ef漢", "gh" * 40]
    array = pa.array(["xx", *texts, "yy"], pa.large_string()).slice(1, len(texts))
    counts = np.zeros(len(texts), np.int64)
    out = np.zeros((len(texts), 64), np.uint64)
    lines = pa.array([[]] * (len(texts) + 2), pa.list_(pa.int32())).slice(1, len(texts))
    views.each(array, lines, counts, lambda text, skip, table, room: _hashes(text, skip, table, room, out, counts))
    assert [row[:count].tolist() for row, count in zip(out, counts, strict=True)] == [hashes([text])[0] for text in texts]


LINES = st.text(st.sampled_from("ab é漢\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029Â¨\u2027"), max_size=40)


@settings(max_examples=300, deadline=None)
@given(LINES, st.sets(st.integers(0, 12)))
def test_skipped_lines_are_those_of_splitlines(text, skip):
    """Tokens without some lines are those of the other lines of str.splitlines."""
    left = "\n".join(line for number, line in enumerate(text.splitlines()) if number not in skip)
    assert hashes([text], [sorted(skip)])[0] == hashes([left])[0]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(st.sampled_from("ab c"), max_size=60), min_size=1, max_size=4))
def test_shingles_are_every_five_tokens_in_a_row(texts):
    """Shingles are equal exactly where the five tokens are; fewer than five tokens are one shingle, none are none."""
    lines = pa.array([[]] * len(texts), pa.list_(pa.int32()))
    found = views.shingles(pa.array(texts, pa.large_string()), lines)
    seen: dict[int, tuple[str, ...]] = {}
    for row, text in enumerate(texts):
        words = tuple(text.split())
        grams = [words[k : k + 5] for k in range(max(1, len(words) - 4))] if words else []
        values = found.all[found.starts[row] :][: found.counts[row]].tolist()
        assert len(values) == len(grams)
        for value, gram in zip(values, grams, strict=True):
            assert seen.setdefault(value, gram) == gram
    assert len(set(seen.values())) == len(seen)


def test_folds_know_every_character():
    """The table has the class of every character that a text can hold."""
    table = folds()
    points = np.arange(0x110000)
    entries = table.entries[table.page[points >> 8].astype(np.int64) * 256 + (points & 255)]
    assert np.array_equal(entries >> np.uint64(62), CLASSES.astype(np.uint64) * ((points < 0xD800) | (points >= 0xE000)))


@kernel
def _digest(values):  # type: ignore[no-untyped-def]
    return digest(values, values.shape[0])


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 2**64 - 1), max_size=20), st.randoms())
def test_digest_does_not_see_order(values, random):
    """The digest of shingles is of a multiset."""
    mixed = values.copy()
    random.shuffle(mixed)
    assert _digest(np.array(values, np.uint64)) == _digest(np.array(mixed, np.uint64))
    assert _digest(np.array([*values, 7], np.uint64)) != _digest(np.array(values, np.uint64))


ARTICLES = ["one two three four five six seven eight", "Ein anderer Text, der länger ist als fünf Wörter", "kurz", "", "漢字かな混じり文です"]
NONE = pa.array([[]] * len(ARTICLES), pa.list_(pa.int32()))


@pytest.mark.parametrize("threshold", [0.6, 0.8])
def test_signature_is_datasketch_s(threshold):
    """A signature equals that of datasketch.MinHash fed with the low halves of the same shingles, bit for bit."""
    texts = pa.array(ARTICLES, pa.large_string())
    plan = near.plan(threshold)
    found = views.shingles(texts, NONE)
    for row, signature in enumerate(near.signatures(texts, NONE, plan)):
        theirs = MinHash(num_perm=plan.permutations, seed=1, scheme="affine32", hashfunc=lambda shingle: int(shingle) & 0xFFFFFFFF)
        for shingle in found.all[found.starts[row] :][: found.counts[row]]:
            theirs.update(shingle)
        assert np.array_equal(theirs.hashvalues, signature)
        assert near.lean(signature).jaccard(theirs) == 1.0


def test_permutations_are_datasketch_s():
    """A and b are those that datasketch draws, for any number of permutations."""
    for count in (128, 256):
        assert np.array_equal(MinHash(num_perm=count, seed=1, scheme="affine32").permutations, permutations(count))


@kernel
def _key(signature, band, rows):  # type: ignore[no-untyped-def]
    return band_key(signature, band, rows)


def test_sketch_keys_are_of_the_signature():
    """The fused kernel gives the band keys of the signature, the shingles' number and digest; an article without tokens has none."""
    texts, plan = pa.array(ARTICLES, pa.large_string()), near.plan(0.8)
    sketches, signed, found = near.sketch(texts, NONE, plan), near.signatures(texts, NONE, plan), views.shingles(texts, NONE)
    assert sketches.counts.tolist() == found.counts.tolist()
    assert sketches.counts[3] == 0
    for row in np.flatnonzero(found.counts):
        assert sketches.keys[row].tolist() == [_key(signed[row], band, plan.rows) for band in range(plan.bands)]
        assert sketches.digests[row] == _digest(found.all[found.starts[row] :][: found.counts[row]].copy())
