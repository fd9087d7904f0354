"""What a person's name looks like, in cased scripts, in Han and Hangul, and in other scripts without case.

A name is read from its shape and from short lists of words that are none (expectations/marks/byline.yml); there is no list
of names, so a rare one is read like a common one. Names are handed back verbatim.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from audit.measure import wording
from audit.measure.fold import fold

MOST = 12
"""Names in one credit at most; more are a list of something else."""
LONGEST = 1_000
"""Characters that are read; a longer list of names is something else."""
REMEMBERED = 200
"""What is said of a longer text is not remembered (characters)."""
WORD = 40
"""What a longer word is to a name is not remembered (characters)."""
_EDGE = '*_"“”„«»[]{}<>|•·'
_AROUND = _EDGE + ",;:"
LEAD = _EDGE + " \t\u00a0-–—~(#"
"""What may stand before a name."""
_UNDER = ("Staff", "Special to", "Senior", "Reporter", "Editor", "Contributor", "Columnist", "Correspondent", "Associated", "Published", "Updated",
          "Written", "CNN")  # fmt: skip
_GLUED = re.compile(rf"(?<=[a-zà-ž])(?=(?:{'|'.join(_UNDER)}))")
"""Where a scraper lost the space between a name and what stood under it: "Jane RoeStaff Writer"."""
_SLASHED = re.compile(r"(?<=[^\W\d_A-Z])[|/](?=[^\W\d_a-z]+[^\W\d_]+ [^\W\d_a-z]|Published|Updated)")
"""A bar or slash without spaces: "Jane Roe/John Doe"."""
_TOKEN = re.compile(r"\S+")
_HAN = "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_NO_WORK = "".join(f"(?<!{work})" for work in ("报道", "報道", "报导", "報導", "摄影", "攝影", "撮影", "编辑", "編集", "記者", "记者"))
"""A name of five Han letters is Japanese; in Chinese the last two say what someone did."""
_EAST = re.compile(
    rf"[{_HAN}]{{1,3}}[ 　][{_HAN}]{{1,3}}(?![{_HAN}])|[{_HAN}]{{5}}(?![{_HAN}]){_NO_WORK}|[{_HAN}]{{2,4}}"
    rf"|[{_HAN}]{{1,4}}[ 　][{_HAN}\u3040-\u30ff]{{1,5}}"
    rf"|[{_HAN}]{{1,3}}[\u3040-\u30ff]{{1,4}}|[\uac00-\ud7a3]{{2,4}}|[\u30a1-\u30ff]{{2,8}}(?:[・·＝=][\u30a1-\u30ff]{{1,10}})+"
    rf"|[{_HAN}]{{2,6}}·[{_HAN}]{{1,6}}"
)
_EAST_JOIN = re.compile(r"\s*[、,，;；/／・·ㆍ和與与及&]\s*")


@dataclass(frozen=True, slots=True)
class _Lists:
    never: frozenset[str]
    heading: frozenset[str]
    body: frozenset[str]
    particle: frozenset[str]
    joins: frozenset[str]
    role: frozenset[str]


@cache
def lists() -> _Lists:
    """The lists of words, folded."""
    folded = {
        key: frozenset(fold(entry) for entry in wording.every("byline", key))
        for key in ("no_name", "heading", "org", "particle", "and", "role", "staff")
    }
    role = folded["role"] | {word for entry in folded["role"] for word in entry.split() if len(word) >= 6 and word != "service"}
    return _Lists(folded["no_name"], folded["heading"], folded["org"], folded["particle"], folded["and"], role - folded["particle"])


def unglue(text: str) -> str:
    """A space where a scraper lost one between a name and a role, and around a bar or slash between names; the text itself where it did not."""
    return (_unglued if len(text) <= REMEMBERED else _unglue)(text)


def _unglue(text: str) -> str:
    if any(word in text for word in _UNDER):
        text = _GLUED.sub(" ", text)
    if "|" in text or "/" in text:
        text = _SLASHED.sub(", ", text)
    return text


def leading(text: str) -> tuple[tuple[str, ...], str]:
    """The names that `text` begins with, and what follows the last of them; no names, the text.

    >>> leading("Jane van der Roe and J. R. Doe, Washington")
    (('Jane van der Roe', 'J. R. Doe'), ', Washington')
    """
    return (_led if len(text) <= REMEMBERED else _leading)(text)


def _leading(text: str) -> tuple[tuple[str, ...], str]:
    lead = text.lstrip(_EDGE + " ")
    if not may_begin(lead):
        return (), text
    if uncased(lead[0]):
        return _leading_uncased(lead)
    names: list[str] = []
    start = end = -1  # of the name that is being read
    kept = 0  # what of `lead` is behind us
    joined = True  # whether a name may begin here
    for token in _TOKEN.finditer(lead, 0, LONGEST):
        raw = token[0]
        word = (_known if len(raw) <= WORD else _word)(raw)
        if start >= 0 and word.joins and (word.joins > 1 or _whole(lead[start:end])):
            if not _whole(lead[start:end]):
                break
            names.append(_clean(lead[start:end]))
            kept, start, joined = end, -1, True
            continue
        if not (start >= 0 or joined) or not word.part:
            break
        if start >= 0 and word.role and _whole(lead[start:end]):
            break
        if start < 0:
            start = token.start() + word.first
        end = token.start() + word.last
        if word.closes:
            if not _whole(lead[start:end]):
                break
            names.append(_clean(lead[start:end]))
            kept, start, joined = end, -1, word.goes_on
            if not joined:
                break
    if start >= 0 and _whole(lead[start:end]):
        names.append(_clean(lead[start:end]))
        kept = end
    return (tuple(names[:MOST]), lead[kept:]) if names else ((), text)


_unglued = lru_cache(maxsize=16_384)(_unglue)  # several rules ask for the names of a line, and of a byline
_led = lru_cache(maxsize=16_384)(_leading)


class _Word(NamedTuple):
    """What a word is to a name, and what stands around it.

    Attributes:
        joins: 2 for a word or sign that joins names ("and"), 1 for a letter that may be an initial, 0 for others.
        part: Whether it can be part of a name.
        role: Whether it says what someone is.
        first, last: Where it begins and ends in what it stands in, signs aside.
        closes: Whether a sign behind it ends a name.
        goes_on: Whether another name may follow that.
    """

    joins: int
    part: bool
    role: bool
    first: int
    last: int
    closes: bool
    goes_on: bool


def _word(raw: str) -> _Word:
    """What a run without white space is to a name."""
    word = raw.strip(_AROUND)
    low = word.lower()
    joins = 0 if low not in lists().joins else 2 if len(low) > 1 or low == "&" else 1
    last = len(raw.rstrip(_AROUND))
    if raw[-1] == "." and sum(map(str.isalpha, word)) >= 4:
        last = len(raw) - 1  # the end of a sentence, no initial
    sign = raw.rstrip(_EDGE)[-1:]
    closes = (last < len(raw) and raw[-1] == ".") or sign in (",", ";", ":") or raw[-1] in "|•·"
    part = _part(word) and (word[0] == "(") == (word[-1] == ")")
    return _Word(joins, part, low in lists().role, len(raw) - len(raw.lstrip(_EDGE)), last, closes, sign in (",", ";"))


_known = lru_cache(maxsize=65_536)(_word)  # words repeat


def may_begin(line: str) -> bool:
    """Whether the first two words can begin a name: most lines are prose and need no more than this look."""
    return _may_begin(line[:60])


@lru_cache(maxsize=16_384)
def _may_begin(line: str) -> bool:
    words = line.lstrip(LEAD).split(None, 2)
    if not words or not words[0][0].isalpha():
        return False
    if not words[0][0].isupper():
        return uncased(words[0][0]) or (len(words) > 1 and words[0] in lists().particle)
    if len(words) < 2 or words[0].lower() in lists().never:
        return False
    return may_follow(words[1])


def may_follow(word: str) -> bool:
    """Whether a word can be the second one of a name: capitalised, an initial, or a particle."""
    word = word.lstrip("(\"“'‘*_")
    return not word or not word[0].islower() or word.lower().rstrip(",") in lists().particle or word[1:2] in ("'", "’", "-") or word[2:3] == "-"


def whole(text: str, *, single: bool = False) -> tuple[str, ...]:
    """The names if `text` is nothing but names, else none; `single`: one word alone may be a name.

    >>> whole("Jane Roe & John Doe"), whole("Storm hits coast"), whole("Plato", single=True)
    (('Jane Roe', 'John Doe'), (), ('Plato',))
    """
    bare = text.strip(_EDGE + " .,;:")
    names, rest = leading(bare)
    if names and not rest.strip(_EDGE + " .,;:"):
        return names
    if single and " " not in bare and 2 <= len(bare) <= 20 and _part(bare) and not uncased(bare[0]) and bare.lower() not in lists().heading:
        return (_clean(bare),)
    return ()


def is_body(text: str) -> bool:
    """Whether a word of `text` names an outlet, a firm or another body ("University", "News", "GmbH")."""
    return any(word.strip(".,").lower() in lists().body for word in text.split())


def is_heading(text: str) -> bool:
    """Whether a word of `text` is one of headings and links ("Related Videos")."""
    heading = lists().heading
    return any(word.strip(".,:").lower() in heading for word in text.split())


def has_role(text: str) -> bool:
    """Whether a word of `text` says what an author is ("Staff Writer")."""
    role = lists().role
    return any(word.strip(".,:()").lower() in role for word in text.split())


def _clean(name: str) -> str:
    return " ".join(name.strip(_EDGE + " ,;:").split())


def uncased(char: str) -> bool:
    """Whether a letter is of a script without case."""
    return char.isalpha() and char.lower() == char.upper()


def _part(word: str) -> bool:
    """Whether a word can be part of a name in a cased script: capitalised letters, an initial, or a particle behind the first word."""
    if not word or len(word) > 25:
        return False
    if word.isalpha() and word[0].isupper():  # most words of names
        return word.lower() not in lists().never
    inner = word.strip("()'’\"“”")
    low = inner.lower()
    if inner == low and low in lists().particle:
        return True
    if low in lists().never or low.rstrip(".") in lists().never or inner.endswith(("'s", "’s")):
        return False
    letters = (
        inner.replace(".", "")
        .replace("-", "")
        .replace("'", "")
        .replace("’", "")
        .replace("‘", "")
        .replace("`", "")
        .replace("\u200d", "")
        .replace("ʻ", "")
    )
    if not letters.isalpha() or uncased(letters[0]):
        return False
    prefixed = (low[:2] in ("d'", "d’", "o'") and inner[2:3].isupper()) or (low[:3] in ("al-", "el-") and inner[3:4].isupper())
    return prefixed or inner[0].isupper()


@lru_cache(maxsize=16_384)  # and so do names
def _whole(name: str) -> bool:
    """Whether the words read so far are a whole name: two to six of them, two with a capital, none of a role, not all short."""
    words = name.strip(_EDGE + " ,;:").split()
    if not 2 <= len(words) <= 6:
        return False
    if any(word.lower().strip(".,()") in lists().role for word in words[1:]):
        return False
    capital = [word for word in words if word.strip("('\"“").rstrip(")")[:1].isupper() or "-" in word]
    last = words[-1]
    return len(capital) >= 2 and any(sum(map(str.isalpha, word)) >= 2 for word in capital) and last.lower() not in lists().particle


def _leading_uncased(text: str) -> tuple[tuple[str, ...], str]:
    if _EAST.match(text):
        names: list[str] = []
        at = 0
        while (match := _EAST.match(text, at)) and len(names) < MOST and match[0] not in lists().role:
            names.append(match[0])
            at = match.end()
            join = _EAST_JOIN.match(text, at)
            if not join or join.end() == at or not _EAST.match(text, join.end()):
                break
            at = join.end()
        return (tuple(names), text[at:]) if names else ((), text)
    piece = re.split(r"[،,;؛|/()\[\]–—:।]| - |\s{2,}", text, maxsplit=1)[0].strip()
    words = piece.split()
    if 2 <= len(words) <= 4 and len(piece) <= 40 and all(_letters(word) for word in words) and not any(word in lists().never for word in words):
        return (piece,), text[len(piece) :]
    return (), text


def _letters(word: str) -> bool:
    return all(c.isalpha() or (not c.isascii() and not c.isdigit()) for c in word) and any(map(str.isalpha, word))
