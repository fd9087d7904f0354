"""The quality signals of the literature, by its names, each in the plain reading of its paper where implementations differ.

Words are those of `n_words` (runs of letters, marks and digits, case folded; Han, Kana, Thai, Lao, Khmer and Myanmar sign by sign),
lines are those that are not blank, without white space around them, paragraphs are runs of lines without a blank one between.
A share over nothing is 0: a text without words has 0 in every column. Thresholds are made for English; per-sign scripts reach other
values (heuristics of the field: FineWeb-2 fits them by language).

- Gopher (Rae et al. 2021, arXiv 2112.11446, A.1.1). Mean word length counts the characters of words only. Number signs and
  ellipses are each divided by the words. `top_n`: the most frequent n-gram that occurs at least twice, the longest of equals, its
  occurrences times its letters by the letters of all words, at most 1. `dup_n`: letters of all words that an n-gram with at least two
  occurrences covers, each once, the first occurrence too. Duplicate lines and paragraphs count repeats, not the first.
- C4 (Raffel et al. 2020, JMLR 21(140), 2.2): a line is kept that ends in . ? ! or ", not in "...", has five words or more, none
  over 1,000 characters, and no mention of javascript or a policy; "[1]", "[edit]" and "[citation needed]" are passed over. Sentences are
  counted by their ends (a terminal mark before white space or the end of the line, no initial), not by a trained splitter.
- FineWeb (Penedo et al. 2024, arXiv 2406.17557, 3.6): a closing quote or bracket after terminal punctuation does not hide it.
- FineWeb 2 (Penedo et al. 2025, arXiv 2506.20920): its bounds by language, over the columns above (fineweb2.py).
- RefinedWeb (Penedo et al. 2023, arXiv 2306.01116, G.2): a line is taken out that is mainly capitals (more than half of its characters),
  only numbers, a counter ("3 likes"), or one word; of a line of at most ten words "sign-in" at the start, "Read more..." at the end and
  "items in cart" are edited out. The words of all these by all words are `refinedweb_removed_words`; its pipeline drops a text above 0.05.
  The paper names no list of counters and few patterns: these are DCLM's (Li et al. 2024, arXiv 2406.11794), capitals or not.

tests/test_datatrove.py shows where these equal datatrove's own numbers, and names each difference.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import yaml

from audit.kernels import c4, layout, lines, ngrams, planes, refinedweb, spans
from audit.kernels.utf8 import Bytes, Offsets, buffers, pieces
from audit.measure import fineweb2
from audit.tables import BY_NAME

_OF_WORDS = {
    "gopher_mean_word_length": ngrams.MEAN,
    "gopher_hash_ratio": ngrams.HASHES,
    "gopher_ellipsis_ratio": ngrams.ELLIPSES,
    "gopher_alpha_words": ngrams.ALPHA,
    **{f"gopher_top_{n}gram": ngrams.TOP + n - 2 for n in (2, 3, 4)},
    **{f"gopher_dup_{n}gram": ngrams.COVERED + n - 5 for n in range(5, 11)},
}
_OF_LINES = {
    "gopher_bullet_lines": layout.BULLETED,
    "gopher_ellipsis_lines": layout.TRAILING,
    "gopher_dup_lines": layout.LINES_AGAIN,
    "gopher_dup_line_chars": layout.LINE_CHARS,
    "gopher_dup_paragraphs": layout.PARAGRAPHS_AGAIN,
    "gopher_dup_paragraph_chars": layout.PARAGRAPH_CHARS,
    "fineweb_punctuated_lines": layout.PUNCTUATED,
    "fineweb_short_lines": layout.SHORT,
    "fineweb_dup_line_chars": layout.CHARS_AGAIN,
}


def measure(views: pa.LargeStringArray, lang: pa.StringArray) -> dict[str, pa.Array]:
    """Every column of the group "quality" (audit.tables), one row per article; null for a null view.

    Args:
        views: The texts.
        lang: ISO 639-1 of each, null if unsure: `gopher_stop_words` is null then, as for a language without a list.
    """
    lists = _lists(lang)
    parts = [_rows(data, cuts, lists[first : first + len(cuts) - 1]) for data, cuts, first in pieces(views)]
    of_words, found, of_lines, of_c4, taken, sizes, count = (np.concatenate(rows) for rows in zip(*parts, strict=True))
    stops, words, count = found[:, 0], np.maximum(found[:, 1], 1), np.maximum(count, 1)
    columns: dict[str, Any] = {name: of_words[:, at] for name, at in _OF_WORDS.items()} | {name: of_lines[:, at] for name, at in _OF_LINES.items()}
    columns |= _c4(of_c4, count) | {"fineweb_lines_per_word": sizes[:, spans.BREAKS] / words} | _refinedweb(taken, count, words)
    null = views.is_null().to_numpy(zero_copy_only=False)
    again = of_words[:, ngrams.AGAIN :] / np.maximum(sizes[:, spans.CHARS, None], 1)
    judged = fineweb2.measure(columns | {"gopher_stop_words": np.where(lists < 0, -1, stops)}, again, words, lang)
    arrays = {name: pa.array(np.ascontiguousarray(values), BY_NAME[name].type, mask=null) for name, values in columns.items()}
    arrays["gopher_stop_words"] = pa.array(np.ascontiguousarray(stops), pa.int32(), mask=null | (lists < 0))
    arrays |= {name: pc.if_else(pa.array(null), pa.scalar(None, values.type), values) for name, values in judged.items()}
    return {name: arrays[name] for name in BY_NAME if name in arrays}


def _rows(data: Bytes, cuts: Offsets, lists: npt.NDArray[np.int64]) -> tuple[npt.NDArray[Any], ...]:
    """What each rule counts in every text: one row a text."""
    bits = planes.planes(data, cuts)
    rows = spans.spans(data, cuts, bits)
    of_words, found = ngrams.measure(data, cuts, bits, stop_words()[1:], lists)
    of_lines = layout.measure(data, bits, rows), c4.measure(data, cuts, bits, rows), refinedweb.measure(data, bits, rows)
    return of_words, found, *of_lines, rows.sizes, np.diff(rows.firsts)


def _c4(rows: npt.NDArray[np.int64], count: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[Any]]:
    found = rows[:, c4.FOUND]
    return {
        "c4_sentences": np.minimum(rows[:, c4.SENTENCES], np.iinfo(np.int32).max).astype(np.int32),
        "c4_kept_lines": rows[:, c4.KEPT] / count,
        "c4_javascript": found & c4.JAVASCRIPT > 0,
        "c4_policy": found & c4.POLICY > 0,
        "c4_lorem_ipsum": found & c4.LOREM > 0,
        "c4_curly_brace": found & c4.BRACE > 0,
    }


def _refinedweb(rows: npt.NDArray[np.int64], count: npt.NDArray[np.int64], words: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[np.float64]]:
    return {
        "refinedweb_removed_lines": rows[:, refinedweb.FLAGGED] / count,
        "refinedweb_removed_words": np.minimum(1.0, rows[:, refinedweb.WORDS] / words),
    }


def _lists(lang: pa.StringArray) -> npt.NDArray[np.int64]:
    """Per article the place of its language among the lists of stop words, -1 without one."""
    places = pc.index_in(lang, value_set=pa.array(stop_words()[0], pa.string()))
    return pc.fill_null(places, -1).to_numpy().astype(np.int64)


def _hashes(words: list[str]) -> npt.NDArray[np.uint64]:
    """The hashes of the words, ascending."""
    hashes = np.empty(len(words), np.uint64)
    ngrams.word_hashes(*buffers(pa.array(words, pa.large_string())), lines.cases(), hashes)
    return np.unique(hashes)


@cache
def stop_words() -> tuple[tuple[str, ...], npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """The languages that have a list, the hashes of their words (ascending within a language), and where each language begins."""
    lists: dict[str, list[str]] = yaml.safe_load(files("audit.measure").joinpath("stopwords.yml").read_text("utf-8"))
    hashed = [_hashes(words) for words in lists.values()]
    return tuple(lists), np.concatenate(hashed), np.cumsum([0, *map(len, hashed)])
