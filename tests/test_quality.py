"""The quality signals: hand-computed, and against a slow reading of their definitions."""

from __future__ import annotations

import math
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.kernels import lines, ngrams, refinedweb, signs
from audit.kernels.chars import members, word_classes
from audit.measure import quality
from audit.tables import COLUMNS

CASES = yaml.safe_load(Path(__file__).with_name("cases").joinpath("quality.yml").read_text("utf-8"))
NAMES = [column.name for column in COLUMNS if column.group == "quality"]
LETTER = members("L")
STOP, CLOSE = set(signs.ENDS), set("\"'”’»›")
PARTS = st.sampled_from(
    ["the", "The ", "to ", "be ", "a ", "b ", "go.", "\n", "\n\n", "\r\n", " ", "... ", "…", "#", "- ", "• x", '"', "”", "[1]", "[edit]", "?"]
    + ["王", "毅。", "です", "में ", "ок ", "é", "É", "!", "{", "JavaScript ", "lorem ", "ipsum", "use cookies ", "of ", "12 ", "\x85", "\u2028"]
    + ["\u3000", "x" * 31, "A. ", "ไทย", ". . ."]
    + ["\n3 likes", "1.2K views\n", "(12 COMMENTS)\n", ".5 shares", "\nsign-in", "Read more...\n", "read more…", "items in cart "]
    + ["BREAKING NEWS ", "ΝΕΑ", "٣ ", "k ", "\u212a ", "ΑΝΕΞΑΡΤΗΣΙΑ ", "ανεξαρτησια ", "[", "[2", "[[3]]"]
)
TEXTS = st.one_of(st.lists(PARTS, max_size=60).map("".join), st.text(st.characters(exclude_categories=["Cs"]), max_size=60))


def measure(texts: list[str | None], langs: list[str | None]) -> list[dict[str, Any]]:
    columns = quality.measure(pa.array(texts, pa.large_string()), pa.array(langs, pa.string()))
    assert list(columns) == NAMES
    assert [column.type for column in columns.values()] == [column.type for column in COLUMNS if column.group == "quality"]
    rows = [dict(zip(NAMES, row, strict=True)) for row in zip(*(column.to_pylist() for column in columns.values()), strict=True)]
    assert all(value is None or isinstance(value, str) or math.isfinite(value) for row in rows for value in row.values())
    return rows


@pytest.mark.parametrize("case", CASES, ids=[repr(case["text"])[:40] for case in CASES])
def test_case(case):
    """A text has the signals that were computed by hand."""
    row = measure([case["text"]], [case.get("lang")])[0]
    expected = {name: value[0] / value[1] if isinstance(value, list) else value for name, value in case.items() if name in NAMES}
    assert all(row[name] is None for name, value in expected.items() if value is None)
    said = {name: value for name, value in expected.items() if isinstance(value, str)}
    assert {name: row[name] for name in said} == said
    known = {name: value for name, value in expected.items() if value is not None and name not in said}
    assert {name: row[name] for name in known} == pytest.approx(known, rel=1e-12)


def words_of(text: str) -> list[str]:
    words, before = [], 0
    for sign in text:
        kind = int(word_classes()[ord(sign)])
        if kind == 1 and before == 1:
            words[-1] += sign
        elif kind:
            words.append(sign)
        before = kind
    return ["".join(chr(lines.cases()[ord(sign)]) for sign in word) for word in words]


def slow_words(text: str) -> dict[str, float]:
    """Gopher's signals of words, the obvious way."""
    words = words_of(text)
    n, letters = max(len(words), 1), max(sum(map(len, words)), 1)
    found = {
        "gopher_mean_word_length": sum(map(len, words)) / n,
        "gopher_hash_ratio": text.count("#") / n,
        "gopher_ellipsis_ratio": len([run for run in re.findall(r"[.…⋯](?: ?[.…⋯])*", text) if run.count(".") >= 3 or "…" in run or "⋯" in run]) / n,
        "gopher_alpha_words": sum(any(LETTER[ord(sign)] for sign in word) for word in words) / n,
    }
    for size in range(2, 11):
        grams = [tuple(words[i : i + size]) for i in range(len(words) - size + 1)]
        repeated = {gram: count for gram, count in Counter(grams).items() if count > 1}
        if size <= 4:
            count, chars = max(((count, len("".join(gram))) for gram, count in repeated.items()), default=(0, 0))
            found[f"gopher_top_{size}gram"] = min(1.0, count * chars / letters)
        else:
            covered = {i + j for i, gram in enumerate(grams) if gram in repeated for j in range(size)}
            found[f"gopher_dup_{size}gram"] = sum(len(words[i]) for i in covered) / letters
    return found


def repeats(units: list[str], sizes: list[int]) -> tuple[float, float, int]:
    """(share of units that stand before, share of characters in them, these characters)."""
    again = [i for i, unit in enumerate(units) if unit in units[:i]]
    chars = sum(sizes[i] for i in again)
    return len(again) / max(len(units), 1), chars / max(sum(sizes), 1), chars


def slow_lines(text: str) -> dict[str, float]:
    """Gopher's and FineWeb's signals of lines, the obvious way."""
    full = [line.strip() for line in text.splitlines()]
    rows = [line for line in full if line]
    paragraphs = [part.split("\n") for part in re.split(r"\n{2,}", "\n".join(full).strip("\n")) if part]
    n = max(len(rows), 1)
    same, same_chars, chars = repeats(rows, list(map(len, rows)))
    parts, part_chars, _ = repeats(["\n".join(part) for part in paragraphs], [sum(map(len, part)) for part in paragraphs])
    return {
        "gopher_bullet_lines": sum(bool(re.match(r"[•‣▶◀◦■□▪▫⁃⁌⁍∙○●◘⦾⦿·]|[-–*]\s", line)) for line in rows) / n,
        "gopher_ellipsis_lines": sum(line.endswith(("...", ". . .", "…", "⋯")) for line in rows) / n,
        "gopher_dup_lines": same,
        "gopher_dup_line_chars": same_chars,
        "gopher_dup_paragraphs": parts,
        "gopher_dup_paragraph_chars": part_chars,
        "fineweb_punctuated_lines": sum(ends(line) for line in rows) / n,
        "fineweb_short_lines": sum(len(line) <= 30 for line in rows) / n,
        "fineweb_dup_line_chars": chars / max(sum(map(len, text.splitlines())), 1),
        "fineweb_lines_per_word": sum(line != bare for line, bare in zip(text.splitlines(keepends=True), text.splitlines(), strict=True))
        / max(len(words_of(text)), 1),
    }


def closes(sign: str) -> bool:
    return sign in CLOSE or bool(members("Pe", "Pf")[ord(sign)])


def ends(line: str) -> bool:
    while line and closes(line[-1]):
        line = line[:-1]
    return bool(line) and line[-1] in STOP


def slow_c4(text: str) -> dict[str, float]:
    """C4's signals, the obvious way."""
    rows = [line.strip() for line in text.splitlines() if line.strip()]
    low = ["".join(sign.lower() if sign.isascii() else sign for sign in line) for line in rows]
    policy = re.compile("terms of use|privacy policy|cookie policy|uses cookies|use of cookies|use cookies")
    kept = sentences = 0
    for line, small in zip(rows, low, strict=True):
        bare = re.sub(r"\[[0-9]*\]|\[(?i:edit|citation needed)\]", "", line, flags=re.ASCII)
        tokens = bare.split()
        good = bare.rstrip().endswith((".", "?", "!", '"')) and not bare.rstrip().endswith("...")
        if good and len(tokens) >= 5 and max(map(len, tokens)) <= 1000 and "javascript" not in small and not policy.search(small):
            kept += 1
            sentences += sum(i == len(tokens) - 1 or (ends(token) and not re.fullmatch(r"\W*?\w\.\W*", token)) for i, token in enumerate(tokens))
    return {
        "c4_kept_lines": kept / max(len(rows), 1),
        "c4_sentences": sentences,
        "c4_javascript": any("javascript" in line for line in low),
        "c4_policy": any(policy.search(line) for line in low),
        "c4_lorem_ipsum": any("lorem ipsum" in line for line in low),
        "c4_curly_brace": "{" in text,
    }


COUNTER = re.compile(rf"[\W_]*\d[\d.,]*[kmb]?\s+(?:{'|'.join(refinedweb.COUNTED)})[\W_]*")


def slow_refinedweb(text: str) -> dict[str, float]:
    """RefinedWeb's signals, the obvious way."""
    rows = [line.strip() for line in text.splitlines() if line.strip()]
    out = words = 0
    for line in rows:
        size, small = len(words_of(line)), line.lower() if line.isascii() else "".join(sign.lower() if sign.isascii() else sign for sign in line)
        shouted = 2 * sum(bool(members("Lu")[ord(sign)]) for sign in line) > len(line)
        numeric = all(sign.isspace() or members("N")[ord(sign)] for sign in line)
        if shouted or numeric or size == 1 or COUNTER.fullmatch(small):
            out, words = out + 1, words + size
        elif size <= 10:
            words += 2 * small.startswith("sign-in") + 2 * small.endswith(("read more...", "read more…")) + 3 * small.count("items in cart")
    return {"refinedweb_removed_lines": out / max(len(rows), 1), "refinedweb_removed_words": min(1.0, words / max(len(words_of(text)), 1))}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.none(), TEXTS), max_size=3))
def test_slow(texts):
    """The kernels give what the slow reading gives; null stays null; a batch does not matter."""
    for text, row in zip(texts, measure(texts, ["en"] * len(texts)), strict=True):
        if text is None:
            assert set(row.values()) == {None}
            continue
        expected = slow_words(text) | slow_lines(text) | slow_c4(text) | slow_refinedweb(text)
        del expected["c4_sentences"]
        expected["gopher_stop_words"] = len({"the", "be", "to", "of", "and", "that", "have", "with"} & set(words_of(text)))
        assert {name: row[name] for name in expected} == pytest.approx(expected, rel=1e-12)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["He", "left", "early.", "A.", "B.", "Why?", '"No!"', "3.5", "end.)", "了。", "\n", "then...", "[1]"]), max_size=25))
def test_sentences(tokens):
    """Sentences end at a token with a terminal mark that is no initial, and with their line."""
    text = " ".join(tokens)
    row = measure([text], [None])[0]
    assert (row["c4_sentences"], row["c4_kept_lines"]) == pytest.approx((slow_c4(text)["c4_sentences"], slow_c4(text)["c4_kept_lines"]))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["z" * 1000, "é" * 500, "y", "[1]", " ", "one two three four ", "\n", "."]), max_size=10))
def test_long_words(parts):
    """A line with a word of more than 1,000 characters is none that C4 keeps, however many bytes these are and what notes stand within."""
    text = "".join(parts)
    row = measure([text], [None])[0]
    assert (row["c4_kept_lines"], row["c4_sentences"]) == pytest.approx((slow_c4(text)["c4_kept_lines"], slow_c4(text)["c4_sentences"]))


def test_slices():
    """A slice of an array is measured like a copy of it; no articles give no rows."""
    texts = ["the cat and the dog", "a\nb\na", None, "to be or not to be"]
    views, langs = pa.array(texts, pa.large_string()), pa.array(["en"] * 4, pa.string())
    columns = quality.measure(views.slice(1, 3), langs.slice(1, 3))
    assert [column.to_pylist() for column in columns.values()] == [column.to_pylist()[1:] for column in quality.measure(views, langs).values()]
    assert measure([], []) == []


def test_stop_words():
    """Every stop word is one word, and no language has more than the kernel's 63."""
    lists = yaml.safe_load(Path(quality.__file__).with_name("stopwords.yml").read_text("utf-8"))
    assert all(isinstance(word, str) and len(words_of(word)) == 1 for words in lists.values() for word in words)
    assert all(isinstance(lang, str) and len(lang) == 2 and 4 <= len(words) <= 63 for lang, words in lists.items())


def test_bounded():
    """Repeats are looked for in the first words of a very long text only, and a longer one is measured all the same."""
    row = measure(["a b c d e f " * (ngrams.AT_MOST // 4)], ["en"])[0]
    assert row["gopher_dup_10gram"] == 1
    assert row["gopher_mean_word_length"] == 1
