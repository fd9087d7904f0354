"""What one line says about who made an article: authors, agencies, desks, more hands, editors.

A line is read by the words it begins with, by its end, and by its shape; the words are data (expectations/marks/byline.yml,
agency.yml). Reading a line knows nothing of its place: `bylines` decides what a credit at that place is worth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from audit.measure import east, names, wording
from audit.measure.fold import fold

LONG = 200
"""A longer line is a paragraph: it holds a credit at its very beginning or end, not as a whole."""
GLANCE = 40
"""A longer line is no desk or agency alone."""
_SHORT = 120
"""A longer line is not a name with a role."""
EDGE = ' \t\u00a0-–—―*•|_#>~[]{}（）()【】〔〕«»"“”'
"""What may stand around a credit."""
_MARK = " \t\u00a0:：=＝|｜/／・—–-"
_PICTURES = ("Foto", "Photo", "Bild", "Picture", "Images", "Illustration", "Video")
_FULL_DATE = re.compile(r"\s*(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2})(?:[\s,]+\d{1,2}[:.h]\d\d.{0,10})?$")
_WORD_END = re.compile(r"[:：|/=＝]")
_DOMAIN = re.compile(r"(?:https?://)?(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-zA-Z]{2,10}(?:/\S*)?")
_DATED = re.compile(
    r"[\s,|•·\-–—/]*(?:\d|\W*(?:Published|Updated|Posted|Last|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
    r"|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit on a line.

    Attributes:
        kind: person, agency or staff; none for a line that credits, but no author ("Editing by ...").
        names: Verbatim.
        part: author, given (who let it be printed), reporting (a sign-off's reporters), bio, helped or edited.
        start, end: Code points in the line.
        rule: In a few words, how it was seen.
    """

    kind: str
    names: tuple[str, ...]
    part: str
    start: int
    end: int
    rule: str


@cache
def beginnings() -> dict[str, list[tuple[str, str, frozenset[str]]]]:
    """First word, folded -> [(phrase folded, section, languages)], longest first."""
    found: dict[tuple[str, str], set[str]] = {}
    for section in _ORDER:
        for language, entry in wording.entries("byline", section):
            found.setdefault((fold(entry), section), set()).add(language)
    by_first: dict[str, list[tuple[str, str, frozenset[str]]]] = {}
    for (phrase, section), languages in found.items():
        by_first.setdefault(phrase.split()[0].rstrip(":"), []).append((phrase, section, frozenset(languages)))
    for entries in by_first.values():
        entries.sort(key=lambda entry: (-len(entry[0]), _ORDER.index(entry[1])))
    return by_first


_ORDER = ("by", "given", "reporting", "helped", "edited", "label", "by_alone", "source", "by_own")


@cache
def agencies() -> frozenset[str]:
    """Names of agencies, as they are written."""
    return frozenset(name for language, entries in wording.load("agency").items() if language != "also_people" for name in entries)


@cache
def folded_agencies() -> frozenset[str]:
    """Names of agencies, folded."""
    return frozenset(map(fold, agencies()))


@cache
def staff() -> frozenset[str]:
    """Phrases that credit a desk, folded."""
    return frozenset(map(fold, wording.every("byline", "staff")))


@cache
def _nobody() -> frozenset[str]:
    return frozenset(map(fold, wording.every("byline", "junk")))


@cache
def _places() -> frozenset[str]:
    return frozenset(map(fold, wording.every("byline", "place")))


def glance(line: str) -> bool:
    """Whether a line that is not blank may begin with a credit or a name; most lines are prose and need no more than this look."""
    if len(line) <= GLANCE:
        return True
    words = line.split(None, 2)
    first = _first(words[0][:GLANCE])
    return first is None or (first and _second(words[1][:GLANCE] if len(words) > 1 else ""))


@lru_cache(maxsize=65_536)  # words repeat
def _first(word: str) -> bool | None:
    """Whether a line's first word may begin a name; None if it may be a word of credit, or no word that tells."""
    lowered = word.lower()
    if not word[0].isalpha() or lowered == word.upper() or lowered.rstrip(":") in beginnings() or _WORD_END.search(word):
        return None
    return (word[0].isupper() or word in names.lists().particle) and lowered not in names.lists().never


@lru_cache(maxsize=65_536)
def _second(word: str) -> bool:
    return names.may_follow(word)


def read(line: str, lang: str | None) -> Credit | None:
    """The credit that a line is as a whole, or begins with; None if it is none. `lang`: ISO 639-1, None if unsure."""
    return (_known if len(line) <= LONG else _read)(line, lang)


def _read(line: str, lang: str | None) -> Credit | None:
    text = line.lstrip(EDGE)
    if not text or text.isspace():
        return None
    start = len(line) - len(text)
    text = text.rstrip()
    credit = _prefixed(text, lang) or (_other(text, line) if len(text) <= LONG else None)
    return replace(credit, start=start + credit.start, end=min(len(line), start + credit.end)) if credit else None


_known = lru_cache(maxsize=16_384)(_read)  # many lines of credit stand under every article of an author, or a site


def _prefixed(text: str, lang: str | None) -> Credit | None:
    """A credit that begins with words of credit."""
    first = text[:40].split(None, 1)[0]
    entries = beginnings().get((first.lower() if first.isascii() else fold(first)).rstrip(":"))
    if entries is None and (cut := _WORD_END.search(first)):
        entries = beginnings().get(fold(first[: cut.start()]))
    for phrase, section, languages in entries or ():
        head = fold(text[: len(phrase) + 4])
        if not head.startswith(phrase) or (section == "by_own" and lang not in languages):
            continue
        rest = text[len(phrase) :] if fold(text[: len(phrase)]) == phrase else text[len(phrase) + 1 :]
        if rest[:1].isalnum() and phrase[-1:].isalnum():
            continue
        credit = _behind(phrase, section, rest, text, lang)
        if credit is not None:
            return credit
    return None


def _behind(phrase: str, section: str, rest: str, text: str, lang: str | None) -> Credit | None:
    """What the words behind a phrase of credit say."""
    marked = bool(rest) and rest.lstrip()[:1] in tuple(":：=＝|｜/／・")
    if section == "by_alone" and not marked and not names.whole(rest):
        return None
    if section in ("label", "source") and not marked:
        return None
    named = rest.lstrip(_MARK).rstrip(" )]）】")
    if not named:
        return None
    if section == "edited":
        short = len(text) <= LONG and (marked or phrase.endswith(("by", "von", "de", "par", "di")) or names.leading(named)[0])
        return Credit("none", (), "edited", 0, len(text), "others credited") if short else None
    part = section if section in ("reporting", "helped", "given") else "author"
    if len(text) <= LONG and (kind := outlet(named, strict=section != "source" or lang in ("en", None))):
        return Credit(kind[0], kind[1], part, 0, len(text), f'after "{phrase}"')
    if len(named) <= LONG and _DOMAIN.fullmatch(named) and not named.startswith("http") and section != "helped":
        return Credit("agency", (named,), part, 0, len(text), f'after "{phrase}"')
    if section == "source":
        return None
    people, tail = _people(named)
    if text[0].islower() and " " not in phrase and not _DATED.match(tail) and tail.strip(" .,:|_*") and section != "label":
        return None  # "by" within a sentence that a line's end broke
    if fold(named.rstrip(".")) in _nobody():
        return None
    loose = section in ("label", "by", "given") and (marked or phrase != "by")
    told = section in ("by", "given") and phrase.count(" ") >= 2 and tail[:1] in (".", ",")  # "This article was written by Jane Roe, ..."
    if people and (told or _ends(tail, loose=loose, size=len(text))):
        kind = "agency" if all(map(names.is_body, people)) else "person"
        return Credit(kind, people, part, 0, len(text) - len(tail) if len(text) > LONG else len(text), f'after "{phrase}"')
    alone = named.rstrip(".")
    if not people and len(alone) <= 30 and part == "author" and (one := names.whole(alone, single=True)):
        return Credit("person", one, part, 0, len(text), f'after "{phrase}"')
    return None


def _people(text: str) -> tuple[tuple[str, ...], str]:
    """Names at the beginning, behind words of a role ("Associated Press writers A and B")."""
    text = names.unglue(text[:400])
    people, tail = names.leading(text)
    if people and people[0] not in agencies():
        role, _, rest = tail.lstrip().partition(" ")
        behind = names.leading(rest) if names.has_role(role) else ((), "")
        return behind if behind[0] else (people, tail)
    words = text.split(" ")
    for skip in range(1, min(6, len(words))):
        if names.has_role(words[skip - 1]) or words[skip - 1].rstrip(".") in ("Dr", "Prof", "Mr", "Ms", "Mrs"):
            people, tail = names.leading(" ".join(words[skip:]))
            if people:
                return people, tail
    return (), text


def outlet(text: str, *, strict: bool) -> tuple[str, tuple[str, ...]] | None:
    """(agency or staff, names) if all of the text is that; `strict` is false where a body is bound to follow."""
    bare = text.strip(EDGE + " .,;:")
    folded = fold(bare)
    if folded in staff() or (folded.startswith(("the editors", "staff ", "our ", "unser", "onze ")) and len(folded) < 60):
        return "staff", (bare,)
    pieces = [piece.strip(" .*") for piece in re.split(r"\s*(?:,|;|/|&|\band\b|\bund\b|\by\b|\bet\b|\be\b|\bи\b)\s*", bare) if piece.strip(" .*")]
    if pieces and all(piece in agencies() or (len(piece) > 4 and fold(piece) in folded_agencies()) for piece in pieces):
        return "agency", tuple(pieces)
    if bare in agencies():
        return "agency", (bare,)
    if not strict and 2 <= len(bare) <= 60 and not _DOMAIN.match(bare) and bare[:1].isalpha() and (not bare[0].islower() or bare.isascii()):
        return "agency", tuple(piece for piece in pieces if not any(map(str.isdigit, piece))) or (bare,)
    return None


def _ends(tail: str, *, loose: bool, size: int) -> bool:
    """Whether what stands behind the names may stand there in a byline."""
    rest = tail.strip(' \t\u00a0*_"”)')
    if not rest or rest in (".", ",", ":", ";"):
        return True
    if rest.startswith(_PICTURES):
        return size <= LONG
    if rest[0] in ":：" or rest[:1] in "|｜•·@(（[/":
        return size <= LONG or rest[0] in ":："
    if size > LONG:
        return False
    first = fold(rest.lstrip(" ,.;-–—").split(" ", 1)[0].rstrip(".,:"))
    if first in _places() or names.has_role(rest[:60]) or _DATED.match(rest):
        return len(rest) <= (60 if rest.endswith((".", "!", "?")) else 120)
    if rest[0] in ",;-–—./":
        return len(rest) <= (100 if loose else 60) and (loose or not (rest.endswith(".") and len(rest.split()) > 6))
    return loose and rest[0] in ",;"


def _other(text: str, line: str) -> Credit | None:
    """A short line that is a credit by its shape."""
    bare = text.strip(EDGE + " .:")
    if len(bare) <= 40 and (" " in bare or not bare.isascii()) and fold(bare) in staff():
        return Credit("staff", (bare,), "author", 0, len(text), "a desk")
    if bare in agencies():
        return Credit("agency", (bare,), "author", 0, len(text), "an agency alone")
    if len(bare) <= 30 and bare.lower().endswith("redaktion") and " " not in bare:
        return Credit("staff", (bare,), "author", 0, len(text), "a desk")
    if text[0] == "©" and (holder := re.split(r"[,;|(]", text[1:])[0].strip(" 0123456789")) in agencies():
        return Credit("agency", (holder,), "author", 0, len(text), "an agency's copyright")
    if not text.isascii() and (found := east.reporter(line.strip())):
        return Credit("person", found[0], "author", 0, len(text), found[1])
    if len(text) > _SHORT or not names.may_begin(text) or line.lstrip()[0] == "(":  # "(Jane Roe/Example Agency)" is a picture's
        return None
    people, tail = names.leading(names.unglue(text))
    if people and tail.strip() and len(tail) <= 60 and _is_titled(people[0], tail) and not names.is_heading(people[0]):
        return Credit("person", people, "author", 0, len(text), "name and role, agency or date")
    return None


def _is_titled(name: str, tail: str) -> bool:
    """Whether what stands behind a name makes it a credit: a role, an agency, a date."""
    return _titled(tail) or (_FULL_DATE.match(tail) is not None and not names.uncased(name[0]))


def _titled(tail: str) -> bool:
    """Whether a role, an agency or a date stands behind a name: ", Staff Writer", " / AFP", " | March 3"."""
    behind = tail.strip().lstrip(",|/•·-–—(").strip(" )")
    if not behind or tail.count("|") > 1 or behind.endswith((".", "!", "?")):
        return False
    if tail.lstrip()[0] in ",|/•·-–—(":
        dated = is_date(behind) and (tail.lstrip()[0] in "|•·" or behind[0].isalpha())
        return names.has_role(behind) or behind in agencies() or dated
    return names.has_role(behind.split(" ", 1)[0]) and len(behind.split()) <= 4


def is_date(text: str) -> bool:
    """Whether a line begins like a date or a time ("March 3, 2020", "Updated ...", "2 days ago")."""
    return bool(_DATED.match(text))
