"""Which articles FineWeb 2's filters would drop, by the bounds of their language (fineweb2.yml), and the rule that does it first.

The order is the pipeline's: Gopher's repetition (lines, n-grams), FineWeb's quality (punctuated lines, characters in repeated lines, line
ends), Gopher's quality (words, their length, symbols, bullets, ellipses, letters, stop words). The values are the other columns of the
group "quality"; repeated n-grams alone are counted as datatrove does, on which the bounds were fitted: from the second occurrence on, by
the length of the text (by our plain reading of Gopher four times as many articles would break them). Its words were those of splitters
that take punctuation marks for words; ours are not.
Chinese and Japanese count sign by sign here: of them no n-gram, length or share of words is judged. Stop words are those of
`gopher_stop_words`, true function words, and not the frequent words of Wikipedia (which are "year" and "month" too).
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

SIGNWISE = ("zh", "ja")
WORDS = (50, 100_000)
SYMBOLS, BULLETS, ELLIPSES, STOPS, CHARS = 0.1, 0.9, 0.3, 2, 0.1
"""Bounds that are the same for every language."""
TOP, DUP = tuple(f"gopher_top_{n}gram" for n in (2, 3, 4)), tuple(f"gopher_dup_{n}gram" for n in range(5, 11))
FREE, NONE = np.inf, -np.inf
"""A bound that nothing breaks: from above, from below."""


def measure(
    columns: dict[str, npt.NDArray[Any]], again: npt.NDArray[np.float64], words: npt.NDArray[np.int64], lang: pa.StringArray
) -> dict[str, pa.Array]:
    """`fineweb2_rule` and `fineweb2_dropped` of every article.

    Args:
        columns: The other columns of the group, by name; `gopher_stop_words` is -1 where the language has no list.
        again: Letters in 5- to 10-grams from their second occurrence on, by the code points of the text; shape (articles, 6).
        words: Words of each article.
        lang: ISO 639-1 of each; both columns are null where it has no bounds. The caller sets null for what is empty.
    """
    rows = pc.fill_null(pc.index_in(lang, value_set=pa.array(languages(), pa.string())), -1).to_numpy()
    bound = {name: values[rows] for name, values in bounds().items()}
    stops, length = columns["gopher_stop_words"], columns["gopher_mean_word_length"]
    broken = (
        ("gopher_dup_lines", columns["gopher_dup_lines"] > bound["lines"]),
        *((name, columns[name] > bound[name]) for name in TOP),
        *((name, again[:, at] > bound[name]) for at, name in enumerate(DUP)),
        ("fineweb_punctuated_lines", columns["fineweb_punctuated_lines"] < bound["punctuated"]),
        ("fineweb_dup_line_chars", columns["fineweb_dup_line_chars"] > CHARS),
        ("fineweb_lines_per_word", columns["fineweb_lines_per_word"] > bound["breaks"]),
        ("n_words", (words < WORDS[0]) | (words > WORDS[1])),
        ("gopher_mean_word_length", (length < bound["shortest"]) | (length > bound["longest"])),
        ("gopher_hash_ratio", columns["gopher_hash_ratio"] > SYMBOLS),
        ("gopher_ellipsis_ratio", columns["gopher_ellipsis_ratio"] > SYMBOLS),
        ("gopher_bullet_lines", columns["gopher_bullet_lines"] > BULLETS),
        ("gopher_ellipsis_lines", columns["gopher_ellipsis_lines"] > ELLIPSES),
        ("gopher_alpha_words", columns["gopher_alpha_words"] < bound["alpha"]),
        ("gopher_stop_words", (stops >= 0) & (stops < STOPS)),
    )
    first = np.full(len(rows), len(broken))
    for place, (_, wrong) in reversed(tuple(enumerate(broken))):
        first[wrong] = place
    unknown = rows < 0
    rule = pa.DictionaryArray.from_arrays(pa.array(first, mask=unknown | (first == len(broken))), pa.array([name for name, _ in broken]))
    return {"fineweb2_dropped": pa.array(first < len(broken), mask=unknown), "fineweb2_rule": rule.cast(pa.string())}


@cache
def languages() -> tuple[str, ...]:
    """The languages that have bounds."""
    return tuple(_read())


@cache
def bounds() -> dict[str, npt.NDArray[np.float64]]:
    """Bound -> its value for each of `languages()`, and one more that nothing breaks."""
    rows: list[dict[str, float]] = []
    for lang, given in _read().items():
        row = {"lines": given["lines"], "punctuated": given["punctuated"], "breaks": given["breaks"]}
        if lang not in SIGNWISE:
            row |= dict(zip((*TOP, *DUP), (*given["top"], *given["dup"]), strict=True))
            row |= {"shortest": given["length"][0], "longest": given["length"][1], "alpha": given["alpha"]}
        rows.append(row)
    below = ("punctuated", "shortest", "alpha")
    return {name: np.array([row.get(name, NONE if name in below else FREE) for row in (*rows, {})]) for name in rows[0]}


def _read() -> dict[str, dict[str, Any]]:
    return yaml.safe_load(files("audit.measure").joinpath("fineweb2.yml").read_text("utf-8"))
