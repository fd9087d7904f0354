"""One way to compare text for people: width, case, quotes, dashes, invisible characters and spaces do not matter."""

from __future__ import annotations

import re
import unicodedata

_SAME = str.maketrans(
    {
        **dict.fromkeys("’‘‛ʼ`´′＇", "'"),
        **dict.fromkeys("“”„‟″«»〝〞＂", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"),
    }
)
_SPACES = re.compile(r"\s+")


def fold(text: str) -> str:
    r"""`text` in NFKC, casefolded, quotes and dashes made ASCII, invisible characters dropped, runs of white space one space, trimmed.

    >>> fold("  The “QUEEN’S”\u00a0speech – live ")
    'the "queen\'s" speech - live'
    """
    if text.isascii():
        return " ".join(text.lower().replace("`", "'").split())
    return _SPACES.sub(" ", spelled(text)).strip()


def spelled(text: str) -> str:
    """`fold` with all white space as it is."""
    return unicodedata.normalize("NFKC", text.translate(_SAME)).casefold().translate(_SAME)


def words(text: str) -> str:
    """The letters, marks and digits of `fold(text)`, everything else one space: punctuation does not matter either.

    >>> words("WATCH: Obama's speech!")
    'watch obama s speech'
    """
    folded = fold(text)
    if folded.isascii():
        return " ".join(re.findall(r"[a-z0-9]+", folded))
    return " ".join(folded.translate(_WORDS).split())


class _Words(dict[int, int]):
    """Code point -> itself if it is part of a word, else a space; filled as it is asked."""

    def __missing__(self, point: int) -> int:
        char = chr(point)
        kept = self[point] = point if char.isalnum() or unicodedata.category(char)[0] == "M" else 0x20
        return kept


_WORDS = _Words()
