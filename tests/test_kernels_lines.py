"""The keys of lines against str.splitlines and a slow reading of what a key forgives."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from audit.kernels import keys as kernels
from audit.kernels import lines
from audit.kernels.chars import members
from audit.kernels.utf8 import buffers

SMALL = {chr(c): chr(c).casefold() for c in np.flatnonzero(members("Lu", "Lt")).tolist() if len(chr(c).casefold()) == 1}
DIGITS = {chr(c) for c in np.flatnonzero(members("Nd")).tolist()}
LETTERS = {chr(c) for c in np.flatnonzero(members("L")).tolist()}
ALPHABET = st.sampled_from([*" \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2003\u2028\u2029\u3000", *"aAbB09.!?…", *"éÉßİǅя٣अ王。？ｆ\U0001d7d8𐐀"])
TEXTS = st.lists(st.text(st.one_of(ALPHABET, st.characters(exclude_categories=["Cs"])), max_size=60), max_size=6)


def keyed(texts: list[str | None]) -> list[list[tuple[int, int, int, str, int]]]:
    """Per text its keyed lines: number, key, traits, the characters that the key is of, and how many characters the line has."""
    data, cuts = buffers(pa.array(texts, pa.large_string()))
    n = lines.count_breaks(data, cuts)
    numbers, keys, traits, spans = np.zeros(n, np.int32), np.zeros(n, np.uint64), np.zeros(n, np.uint8), np.zeros((n, 3), np.int64)
    ends = kernels.line_keys(data, cuts, lines.folds(), lines.kinds(), numbers, keys, traits, spans)
    rows = [
        (int(number), int(key), int(trait), str(data[first:last].tobytes(), "utf-8"), int(chars))
        for number, key, trait, (first, last, chars) in zip(numbers, keys, traits, spans, strict=True)
    ]
    return [rows[a:b] for a, b in pairwise(ends.tolist())]


def normal(line: str) -> str:
    """What a key is of: white space, case and the length of numbers do not matter."""
    line = " ".join(line.split())
    line = "".join("0" if c in DIGITS else SMALL.get(c, c) for c in line)
    return re.sub("0+", "0", line)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
@example(["a\r\nb\rc\n\rd", "\u2028a\x85b", "a\n", "é\n\x1fB"])
@example([f"{'é' * 20}{'a' * n}{end}{'b' * 70}{end}{'é' * 33}c" for n in range(15, 28) for end in ("\n", "\r\n", "\x85", "\u2028", "\r\r\n")])
def test_lines(texts):
    """The keyed lines are those of str.splitlines that hold a letter, and equal keys are equal lines but for what is forgiven."""
    seen: dict[str, int] = {}
    for text, rows in zip(texts, keyed(texts), strict=True):
        split = text.splitlines()
        assert [row[0] for row in rows] == [i for i, line in enumerate(split) if any(c in LETTERS for c in line)]
        for number, key, _, part, chars in rows:
            assert part.strip() == split[number].strip()
            assert chars == len(split[number])
            assert seen.setdefault(normal(split[number]), key) == key
    assert len(set(seen.values())) == len(seen)


PROSE = st.text(st.sampled_from([*"aBz09  .!?;-\t", "é", "…", "٣", "\U0001d7d8"]), min_size=20, max_size=98)


@settings(max_examples=300, deadline=None)
@given(PROSE, st.sampled_from(["\n", "\r\n", "\u2028"]), st.randoms(use_true_random=False))
def test_long_lines(line, end, random):
    """Characters taken 64 at a time give the key and the traits of the same line written otherwise, and of one that is not normal another."""
    # the other may be twice as long: within LONG, or it has no key
    other = "".join("  " if c == " " else c.swapcase() if c.isascii() else c + c if c in DIGITS else c for c in line)
    changed = list(normal(line) or "-")
    changed[random.randrange(len(changed))] = "q"
    text = end.join(["a", "a", "a", line, "\t " + other, "".join(changed), *"aaaa"])
    rows = {number: (key, trait & ~int(kernels.BULK), words) for number, key, trait, words, _ in keyed([text])[0]}
    if 3 in rows:
        assert rows[3][0] == rows[4][0]
        assert rows[3][1] & ~int(kernels.SHORT) == rows[4][1] & ~int(kernels.SHORT)
        assert (rows[3][0] == rows[5][0]) == (normal(line) == normal("".join(changed)))
        assert bool(rows[3][1] & kernels.NUMBERS) == (len(re.findall("0+", normal(line))) > 1)
        words = len(re.findall(r"[^\W_]+", line))
        assert bool(rows[3][1] & kernels.SHORT) == (words <= 3)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.sampled_from(["Go", "go now then friend", "x" * 201, "y" * 200, "", "***", "is it?", "王毅参加会见。", "1 of 2 in all"]), max_size=14)
)
def test_traits(parts):
    """Traits say the place, the end, the size and the numbers of a line; long lines in the middle have no key."""
    text = "\n".join(parts)
    split = text.splitlines()
    full = [i for i, line in enumerate(split) if line.strip()]
    expected = {}
    for rank, i in enumerate(full):
        line, head, tail = split[i], rank < 3, len(full) - rank <= 4
        if line == "***" or (len(line) > 200 and not head and not tail):
            continue
        expected[i] = {
            kernels.HEAD: head, kernels.TAIL: tail, kernels.SHORT: len(line.split()) <= 3, kernels.SENTENCE: line.endswith("。"),
            kernels.QUESTION: line.endswith("?"), kernels.NUMBERS: "1" in line, kernels.BULK: 2 * len(line) > sum(map(len, split)),
        }  # fmt: skip
    found = {row[0]: row[2] for row in keyed([text])[0]}
    assert {i: {trait: bool(traits & int(trait)) for trait in expected[i]} for i, traits in found.items()} == expected


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.integers(0, 5), max_size=12), max_size=5))
def test_distinct(texts):
    """Of equal keys of a text the first is kept, and it is said that there are more."""
    keys = np.array([key << 61 for text in texts for key in text], np.uint64)
    traits = np.zeros(len(keys), np.uint8)
    starts = kernels.distinct(np.cumsum([0, *map(len, texts)]), keys, traits)
    for text, a, b in zip(texts, starts, starts[1:], strict=False):
        assert [int(key) >> 61 for key in keys[a:b]] == list(dict.fromkeys(text))
        assert [bool(trait & kernels.AGAIN) for trait in traits[a:b]] == [text.count(key) > 1 for key in dict.fromkeys(text)]
