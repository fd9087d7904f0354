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
_ANY = re.compile(f"[{re.escape(''.join(map(chr, _SAME)))}]")
_TYPESET = (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'), ("—", "-"), ("–", "-"), ("…", "..."), ("\xa0", " "))
"""What makes most English lines more than ASCII, and what `fold` makes of it."""


def fold(text: str) -> str:
    r"""`text` in NFKC, casefolded, quotes and dashes made ASCII, invisible characters dropped, runs of white space one space, trimmed.

    >>> fold("  The “QUEEN’S”\u00a0speech – live ")
    'the "queen\'s" speech - live'
    """
    plain = typed(text)
    return " ".join((plain.lower().replace("`", "'") if plain.isascii() else spelled(plain)).split())


def typed(text: str) -> str:
    """`text` with the quotes, dashes and spaces of a typewriter; it folds to the same."""
    if not text.isascii():
        for typeset, plain in _TYPESET:
            text = text.replace(typeset, plain)
    return text


def spelled(text: str) -> str:
    """`fold` with all white space as it is."""
    return _same(unicodedata.normalize("NFKC", _same(text)).casefold())


def _same(text: str) -> str:
    return text.translate(_SAME) if _ANY.search(text) else text  # which takes longer than to look for them
