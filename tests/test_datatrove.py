"""Our quality signals against datatrove's own numbers: equal where both read the paper alike, and every difference named.

The numbers are in cases/datatrove.json, computed by datatrove (tests/datatrove_values.py). Where we differ:

- *Words.* Its tokens are spaCy's, so that punctuation marks are words of the symbol, letter and line-end ratios; ours are runs of letters,
  marks and digits (a tenth of good news would fail the rule on letters otherwise). On text of words alone both count the same.
- *Case.* It compares words as they are written; we fold case, as the paper's "duplicate" is about words. So only small letters are compared.
- *Lines.* It leaves white space around them, and takes a closing quote or bracket for the end of a line, not for what follows one.
- *Denominators.* Its shares of characters are by the length of the text with spaces and line ends, ours by what was counted: letters by
  letters, characters of lines by characters of lines. So the numerators are compared.
- *The top n-gram.* It has one where every n-gram is unique too, counts the spaces within, and of equally frequent ones takes the first; the
  paper's "most frequent n-gram" of a text that repeats none is no repetition, and of equals we take the longest.
- *Duplicate n-grams.* It counts an n-gram from its second occurrence on and jumps over it; the paper's "contained in duplicate n-grams" counts
  every occurrence. So ours is never less, and both are 0 together. FineWeb 2's bounds alone are held against its way of counting.
- *C4.* It ends a line at "'" too and asks for 3 words and 5 sentences, as an early preprint does; the published paper has 5 words, 3 sentences.
"""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from audit.kernels import ngrams, planes
from audit.kernels.utf8 import pieces
from audit.measure import quality, size

HELD = json.loads(Path(__file__).with_name("cases").joinpath("datatrove.json").read_text("utf-8"))
ROWS = [(row["text"], row["values"]) for row in HELD["rows"]]
SPOKEN = [(text, seen) for text, seen in ROWS if re.fullmatch(r"[a-z\s]+", text) and seen["tokens"] == len(text.split())]


def measure(text: str) -> dict[str, Any]:
    views = pa.array([text], pa.large_string())
    return {name: column[0].as_py() for name, column in (quality.measure(views, pa.array(["en"])) | size.measure(views)).items()}


def again(text: str) -> list[float]:
    """Letters in repeated 5- to 10-grams, as FineWeb 2's bounds mean them."""
    ((data, cuts, _),) = pieces(pa.array([text], pa.large_string()))
    none = np.zeros(1, np.uint64), np.zeros(2, np.int64)
    return ngrams.measure(data, cuts, planes.planes(data, cuts), none, np.full(1, -1))[0][0, ngrams.AGAIN :].tolist()


def letters(text: str) -> int:
    return len(re.sub(r"\W", "", text))


def test_texts():
    """There are texts of every kind: running text, words alone, repeats, none."""
    assert len(ROWS) >= 25
    assert len(SPOKEN) >= 6
    assert sum(any(seen["dup"].values()) for _, seen in SPOKEN) >= 2


@pytest.mark.parametrize(("text", "seen"), ROWS, ids=[text[:30] for text, _ in ROWS])
def test_lines(text, seen):
    """Of lines: repeats, short ones, bullets, ellipses, ends."""
    row, n = measure(text), max(seen["lines"], 1)
    chars = sum(map(len, text.splitlines()))
    assert row["n_lines"] == seen["lines"]
    assert row["gopher_dup_lines"] == pytest.approx(seen["dup_lines"] / n)
    assert row["gopher_dup_line_chars"] * chars == pytest.approx(seen["dup_line_chars"])
    assert row["fineweb_dup_line_chars"] == pytest.approx(seen["dup_line_chars"] / max(len(text.replace("\n", "")), 1))
    assert row["gopher_dup_paragraphs"] == pytest.approx(seen["dup_paragraphs"] / seen["paragraphs"])
    if seen["dup_paragraphs"]:
        assert row["gopher_dup_paragraph_chars"] * chars == pytest.approx(seen["dup_paragraph_chars"])
    assert row["fineweb_short_lines"] == pytest.approx(seen["short"] / n)
    assert row["gopher_bullet_lines"] == pytest.approx(seen["bullets"] / n)
    assert row["gopher_ellipsis_lines"] == pytest.approx(seen["trailing"] / n)
    if not re.search(r"[\"'”’)\]…]$", text, re.MULTILINE):
        assert row["fineweb_punctuated_lines"] == pytest.approx(seen["punctuated"] / n)
    assert row["fineweb_lines_per_word"] * row["n_words"] == pytest.approx(seen["breaks"])


@pytest.mark.parametrize(("text", "seen"), ROWS, ids=[text[:30] for text, _ in ROWS])
def test_c4(text, seen):
    """Of C4: the lines that it keeps, with the paper's five words; the pages that it drops."""
    row, n = measure(text), max(seen["lines"], 1)
    assert (seen["c4"] == "lorem_ipsum") == row["c4_lorem_ipsum"]
    assert (seen["c4"] == "curly_bracket") == row["c4_curly_brace"]
    if seen["c4"] is None and not re.search(r"'$", text, re.MULTILINE):
        assert row["c4_kept_lines"] == pytest.approx(seen["c4_lines"] / n)


@pytest.mark.parametrize(("text", "seen"), SPOKEN, ids=[text[:30] for text, _ in SPOKEN])
def test_words(text, seen):
    """Of words alone: how many, how long, letters, stop words, line ends."""
    row = measure(text)
    assert row["n_words"] == seen["words"] == seen["tokens"]
    assert row["gopher_mean_word_length"] == pytest.approx(seen["letters"] / seen["words"])
    assert row["gopher_alpha_words"] == pytest.approx(seen["alpha"] / seen["tokens"])
    assert row["gopher_stop_words"] == seen["stop_words"]
    assert row["fineweb_lines_per_word"] == pytest.approx(seen["breaks"] / seen["tokens"])


@pytest.mark.parametrize(("text", "seen"), SPOKEN, ids=[text[:30] for text, _ in SPOKEN])
def test_grams(text, seen):
    """Of n-grams: the most frequent one where it repeats and is alone; repeated ones where there are any."""
    row, whole = measure(text), letters(text)
    for n in ("2", "3", "4"):
        first, *rest = [*seen["top"][n], ["", 0]]
        if first[1] < 2:
            assert row[f"gopher_top_{n}gram"] == 0
        elif rest[0][1] < first[1]:
            assert row[f"gopher_top_{n}gram"] == pytest.approx(min(1.0, first[1] * letters(first[0]) / whole))
    assert again(text) == list(seen["dup"].values())
    for n, repeated in seen["dup"].items():
        assert row[f"gopher_dup_{n}gram"] * whole >= repeated - 1e-9
        assert (row[f"gopher_dup_{n}gram"] > 0) == (repeated > 0)


def test_known_differences():
    """The differences that the head of this file names, each on a text that shows it."""
    values = dict(ROWS)
    twice = "a b c d e f g h i j a b c d e f g h i j"
    assert (measure(twice)["gopher_dup_5gram"], values[twice]["dup"]["5"]) == (1.0, 10)  # every occurrence; from the second on
    unique = "no repeated pair of words stands in this little text"
    assert (measure(unique)["gopher_top_2gram"], values[unique]["top"]["2"][0][1]) == (0, 1)  # no repetition; the first n-gram
    marks = "# # one two three four five"
    assert (measure(marks)["gopher_hash_ratio"], values[marks]["hashes"] / values[marks]["tokens"]) == (2 / 5, 2 / 7)  # by words; by tokens


@pytest.mark.skipif(find_spec("datatrove") is None, reason="datatrove is not installed: pip install 'corpus-audit[peers]'")
def test_values_are_datatroves():
    """The numbers in the file are what the installed datatrove gives."""
    from datatrove_values import values

    assert [seen for _, seen in ROWS] == [values(text) for text, _ in ROWS]
