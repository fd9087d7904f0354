"""What a byline field holds: a person, an agency, a desk, an outlet, or nothing that credits anyone."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from audit.measure import credits, names, wording
from audit.measure.fold import fold
from audit.measure.repeats import squeeze

_TAG = re.compile(r"<[^<>]{0,400}>")
_URL = re.compile(r"(?:https?:|www\.)\S*", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DOMAIN = re.compile(
    r"(?:[\w-]+\.)+(?:com|org|net|in|co|uk|de|fr|es|it|ru|tv|news|info|io|eu|au|ca|us|nl|se|no|dk|fi|pl|cz|at|ch|be|br|mx|ar|jp|kr|cn|tw|hk|id|vn|za|ng|ke|pk|bd|lk|np|my|sg|ph|nz|ie|gr|ro|hu|ua|tr|il|ae|sa|biz|live|online|site|media)(?:\.\w{2})?",
    re.IGNORECASE,
)
_RESIDUE = re.compile(r"[{}\[\]<>\\]|&\w+;|\"@?\w+\":|^\W*$")
_LIST = re.compile(r"\[ ?(?:['\"][^'\"{}\[\]<>]{2,80}['\"](?: ?, ?|(?= ?\])))+ ?\]")
_BEFORE = re.compile(
    r"^\s*(?:(?:more|all posts|posts|view all posts|articles|stories|written|posted|published|story|reported|edited|compiled|submitted|reviewed"
    r"|text|opinion|analysis|perspective|commentary|review|column|interview|words)?\s*by[:\s]+"
    r"|(?:author|autor|autorin|auteur|autore|автор|por|par|von|di|door|oleh|penulis|av|af|text|texto)\s*[:\s]\s*)",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:[;|,/•\n]|\s[-–—]\s|\band\b|\bund\b|\bet\b|\by\b|\bfor\b|&)\s*")
_REDAKTION = re.compile(r"redaktion(?:en)?(?![^\s-])")
_DATE = re.compile(r"\d{1,4}(?:[-/.: ]\d{1,4})+|\b(?:19|20)\d\d\b|\d+ (?:hours?|days?|minutes?|mins?|hrs?) ago|^\s*\d+\s*$", re.IGNORECASE)


@cache
def _junk() -> frozenset[str]:
    return frozenset(map(fold, wording.every("byline", "junk")))


@cache
def _desk() -> frozenset[str]:
    return frozenset(map(fold, wording.every("byline", "desk")))


@cache
def _also_people() -> frozenset[str]:
    return frozenset(fold(name) for name in wording.load("agency")["also_people"])


def field_kind(byline: str | None, source: str | None) -> str:
    """person, agency, staff, outlet, junk (URLs, JSON, "View All Posts", "null", dates, "Anonymous": credits no one) or none (empty).

    A dirty field that names a person credits one ("By Jane Roe", "Jane Roe, CNN Contributor", a name in an HTML link).
    Of several kinds the first of person, agency, staff, outlet counts.

    >>> [field_kind(value, "bbc.com") for value in ("By Jane Roe", "AFP", "Web Desk", "BBC", "https://x.com/bbc", "", None)]
    ['person', 'agency', 'staff', 'outlet', 'junk', 'none', 'none']
    """
    return _kind((byline or "").strip()[:2_000], (source or "")[:200])


@lru_cache(maxsize=16_384)  # authors write more than once
def _kind(byline: str, source: str) -> str:
    text = " ".join(byline.split())
    if not text:
        return "none"
    text = _TAG.sub(" ", text) if "<" in text else text
    text = (_URL.sub(" ", text) if ":" in text or "." in text else text).replace("&amp;", "&").strip()
    if _RESIDUE.search(text):
        return _listed(text, source)
    text = _BEFORE.sub("", text.strip(" \u200d\u200b")).strip(" \u200d\u200b")
    if fold(text) in _junk():
        return "junk"
    if _whole_kind(text) == "agency":
        return "agency"
    kinds: set[str] = set()
    for piece in _SPLIT.split(names.unglue(text)):
        if piece.strip():
            kinds.add(_piece(piece, source))
            if "person" in kinds:
                break
    for kind in ("person", "agency", "staff", "outlet"):
        if kind in kinds:
            return kind
    return "junk"


def _listed(text: str, source: str | None) -> str:
    """A list in its source form ("['Jane Roe', 'AFP']") credits who is in it; JSON objects and other residue credit no one."""
    if _LIST.fullmatch(text):
        return field_kind("; ".join(re.findall(r"['\"]([^'\"]+)['\"]", text)), source)
    return "junk"


def _whole_kind(text: str) -> str | None:
    folded = fold(text)
    if text in credits.agencies() or (folded in credits.folded_agencies() and (folded not in _also_people() or text.isupper())):
        return "agency"
    return None


def _piece(piece: str, source: str | None) -> str:
    """The kind of one of the field's pieces."""
    piece = piece.strip(" .:-–—*\u200d\u200b'\"()")
    folded = fold(piece)
    figured = any(map(str.isdigit, piece))
    if not piece or folded in _junk() or (figured and _DATE.search(piece) and not names.whole(piece)):
        return "junk"
    if agency := _whole_kind(piece):
        return agency
    if "@" in piece and (mail := _EMAIL.fullmatch(piece)):
        return "person" if re.fullmatch(r"[a-z]{2,}[._][a-z]{2,}@.*", mail[0], re.IGNORECASE) else "junk"
    words = re.split(r"[\s\-]+", folded)
    if not _desk().isdisjoint(words) or folded in credits.staff() or _REDAKTION.search(folded):
        return "staff"
    if figured and not names.lists().never.isdisjoint(words):
        return "junk"  # a date
    if ("." in piece and _DOMAIN.fullmatch(piece)) or of_source(piece, source):
        return "outlet"
    if len(words) > 1 and any(piece.startswith(name + " ") for name in ("AP", "AFP", "Reuters", "PTI", "ANI", "IANS", "dpa")):
        return "agency"
    if names.whole(piece) and not names.is_body(piece):
        return "person"
    return _unnamed(piece)


@lru_cache(maxsize=4_096)
def _host(source: str) -> str:
    return squeeze(source.removeprefix("www."))


def may_be_source(line: str, source: str | None) -> bool:
    """Whether a line that is not blank may be `of_source`, by its first letter."""
    initial, host = line.lstrip()[0], _host(source or "")
    return bool(host) and (not initial.isascii() or initial.lower() == host[0])


def of_source(piece: str, source: str | None) -> bool:
    """Whether a piece is the source's name in other writing ("LA NACION" of www.lanacion.com.ar)."""
    squeezed, host = squeeze(piece), _host(source or "")
    return (
        len(squeezed) >= 2
        and bool(host)
        and (squeezed == host or (host.startswith(squeezed) and len(squeezed) >= 3) or (len(host) >= 4 and squeezed.startswith(host)))
    )


def _unnamed(piece: str) -> str:
    """One word or no name's shape: a mononym or a user's name is a person, capitals and words of bodies an outlet."""
    words = piece.split()
    letters = sum(map(str.isalpha, piece))
    if letters < 2 or not any(map(str.isalpha, piece)):
        return "junk"
    if (
        names.is_body(piece)
        or (piece.isupper() and len(words) == 1 and len(piece) <= 6)
        or any(word.lower() in ("the", "of", "with", "for", "and", "to") for word in words[1:])
    ):
        return "outlet"
    if len(words) == 1:
        return "person" if len(piece) <= 25 else "outlet"
    if names.is_heading(piece) or piece.split()[0].lower() in names.lists().never:
        return "outlet"
    return "person" if len(words) <= 5 and len(piece) <= 60 else "junk"
