"""Planes of bits, lines found in them, and hashes, against slow readings of what they say."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.kernels import digest, lines, planes, signs, spans
from audit.kernels.chars import members, word_classes
from audit.kernels.jit import kernel
from audit.kernels.planes import BREAK, CAPITAL, ENDING, LEAD, LETTER, PART, SPACE, START
from audit.kernels.sizes import BREAKS
from audit.kernels.utf8 import Bytes, pieces
from audit.kernels.wide import BLOCK

DIGEST, FOLDED = kernel(digest.digest.py_func), kernel(digest.folded_digest.py_func)
TEXTS = st.lists(
    st.one_of(
        st.text(st.sampled_from("aB1 \n\n\t.\r\x1c\x85é’王 \u2028\U0001d400ab?\"]'"), max_size=200),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
        st.sampled_from(["", "a" * 64, "é" * 32, "a" * 63 + "王b", " " * 64 + "\n", "x" * 63 + "\r\n"]),
    ),
    max_size=5,
)


def column(texts: list[str]) -> pa.LargeStringArray:
    return pa.array(texts, pa.large_string())


def slow_planes(text: str) -> list[set[int]]:
    """Per plane the offsets of the bytes that are in it."""
    found: list[set[int]] = [set() for _ in range(planes.PLANES)]
    letters, capitals, marks, at, before = members("L"), members("Lu"), signs.kinds(), 0, 0
    for point, size in ((ord(sign), len(sign.encode())) for sign in text):
        kind = int(word_classes()[point])
        whole = {PART: kind == 1, SPACE: marks[point] & signs.SPACE, ENDING: marks[point] & (signs.STOP | signs.CLOSER)}
        first = {
            START: kind == 2 or (kind == 1 and before != 1),
            LETTER: letters[point],
            CAPITAL: capitals[point],
            BREAK: point in BREAKS,
            LEAD: True,
        }
        for plane in (plane for plane, held in whole.items() if held):
            found[plane].update(range(at, at + size))
        for plane in (plane for plane, held in first.items() if held):
            found[plane].add(at)
        at, before = at + size, kind
    return found


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_planes(texts):
    """Every byte is in the planes of its character, and bits behind a text are 0."""
    for data, cuts, first in pieces(column(texts)):
        made = planes.planes(data, cuts)
        for i, text in enumerate(texts[first : first + len(cuts) - 1]):
            begin, size = int(cuts[i] + made.shifts[i]), len(text.encode())
            rows = made.bits[begin // BLOCK : (begin + size) // BLOCK + 1]
            bits = np.unpackbits(np.ascontiguousarray(rows.T).view(np.uint8), axis=1, bitorder="little")
            assert begin % BLOCK == 0
            assert [set(np.flatnonzero(plane).tolist()) for plane in bits] == slow_planes(text)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_spans(texts):
    """Lines are those of `str.splitlines`, without white space around them, where anything is left."""
    for data, cuts, first in pieces(column(texts)):
        found = spans.spans(data, cuts, planes.planes(data, cuts))
        for i, text in enumerate(texts[first : first + len(cuts) - 1]):
            full, ended = text.splitlines(), text.splitlines(keepends=True)
            rows = range(found.firsts[i], found.firsts[i + 1])
            held = [(int(found.numbers[row]), data[slice(*found.spans[row])].tobytes().decode()) for row in rows]
            assert held == [(number, line.strip()) for number, line in enumerate(full) if line.strip()]
            assert found.sizes[i].tolist() == [len(text), sum(map(len, full)), sum(map(str.__ne__, ended, full))]


def folded(word: str) -> str:
    return "".join(chr(lines.cases()[ord(sign)]) for sign in word)


def padded(word: str) -> Bytes:
    return np.frombuffer(word.encode() + bytes(80), np.uint8)


WORDS = st.one_of(
    st.text(st.sampled_from("aAkK\u212azZ09éÉsſßẞİiİΣσς𝐀Ⱥⱥ"), min_size=1, max_size=40),
    st.text(st.characters(categories=["L"]), min_size=1, max_size=20),
)


@settings(max_examples=300, deadline=None)
@given(WORDS, WORDS)
def test_digest(word, other):
    """Words are hashed alike if and only if they are alike but for case; ASCII is read eight letters at a time and says the same."""
    found = [FOLDED(padded(each), 0, len(each.encode()), lines.cases()) for each in (word, other, folded(word))]
    assert (found[0] == found[1]) == (folded(word) == folded(other))
    assert found[0] == found[2] == DIGEST(padded(folded(word)), 0, len(folded(word).encode()), digest.EXACT)
    if word.isascii():
        assert found[0] == DIGEST(padded(word), 0, len(word), digest.SMALL)


def test_signs_have_no_case():
    """A sign that is a word by itself is hashed as it stands."""
    alone = word_classes() == 2
    assert (lines.cases()[alone] == np.flatnonzero(alone)).all()
