"""The keys of lines against str.splitlines and a slow reading of what a key forgives."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from audit.kernels import lines
from audit.kernels.chars import members
from audit.kernels.utf8 import buffers

SMALL = {chr(c): chr(c).casefold() for c in np.flatnonzero(members("Lu", "Lt")).tolist() if len(chr(c).casefold()) == 1}
DIGITS = {chr(c) for c in np.flatnonzero(members("Nd")).tolist()}
LETTERS = {chr(c) for c in np.flatnonzero(members("L")).tolist()}
ALPHABET = st.sampled_from([*" \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2003\u2028\u2029\u3000", *"aAbB09.!?…", *"éÉßİǅя٣अ王。？ｆ\U0001d7d8𐐀"])
TEXTS = st.lists(st.text(st.one_of(ALPHABET, st.characters(exclude_categories=["Cs"])), max_size=60), max_size=6)


def keyed(texts: list[str | None]) -> list[list[tuple[int, int, int, str]]]:
    """Per text its keyed lines: number, key, traits, and the characters that the key is of."""
    data, cuts = buffers(pa.array(texts, pa.large_string()))
    n = lines.count_breaks(data, cuts)
    numbers, keys, traits, spans = np.zeros(n, np.int32), np.zeros(n, np.uint64), np.zeros(n, np.uint8), np.zeros((n, 3), np.int64)
    ends = lines.line_keys(data, cuts, lines.folds(), lines.kinds(), numbers, keys, traits, spans)
    rows = [
        (int(number), int(key), int(trait), str(data[first:last].tobytes(), "utf-8"))
        for number, key, trait, (first, last, _) in zip(numbers, keys, traits, spans, strict=True)
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
def test_lines(texts):
    """The keyed lines are those of str.splitlines that hold a letter, and equal keys are equal lines but for what is forgiven."""
    seen: dict[str, int] = {}
    for text, rows in zip(texts, keyed(texts), strict=True):
        split = text.splitlines()
        assert [row[0] for row in rows] == [i for i, line in enumerate(split) if any(c in LETTERS for c in line)]
        for number, key, _, part in rows:
            assert part.strip() == split[number].strip()
            assert seen.setdefault(normal(split[number]), key) == key
    assert len(set(seen.values())) == len(seen)


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
            lines.HEAD: head, lines.TAIL: tail, lines.SHORT: len(line.split()) <= 3, lines.SENTENCE: line.endswith("。"),
            lines.QUESTION: line.endswith("?"), lines.NUMBERS: "1" in line, lines.BULK: 2 * len(line) > sum(map(len, split)),
        }  # fmt: skip
    found = {row[0]: row[2] for row in keyed([text])[0]}
    assert {i: {trait: bool(traits & int(trait)) for trait in expected[i]} for i, traits in found.items()} == expected


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.integers(0, 5), max_size=12), max_size=5))
def test_distinct(texts):
    """Of equal keys of a text the first is kept, and it is said that there are more."""
    keys = np.array([key << 61 for text in texts for key in text], np.uint64)
    traits = np.zeros(len(keys), np.uint8)
    starts = lines.distinct(np.cumsum([0, *map(len, texts)]), keys, traits)
    for text, a, b in zip(texts, starts, starts[1:], strict=False):
        assert [int(key) >> 61 for key in keys[a:b]] == list(dict.fromkeys(text))
        assert [bool(trait & lines.AGAIN) for trait in traits[a:b]] == [text.count(key) > 1 for key in dict.fromkeys(text)]
