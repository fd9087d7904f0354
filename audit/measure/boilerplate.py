"""Lines that are the page's, not the article's: what the source repeats, phrases of the lexicon, and shapes such as a bare date or address.

Headlines, credits, captions, bios and corrections belong to the article and are none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from audit.measure.article import Article, Mark
from audit.measure.fold import fold
from audit.measure.marks import BOILERPLATE, Hit, Lexicon

HEAD, TAIL = 3, 4
"""Non-empty lines at the head and the tail of an article, where weak phrases count."""
LABEL = 60
"""A weak phrase is boilerplate in a line that is no longer: then the line is hardly more than a label (characters)."""
PATH, PATH_LINES = 45, 8
"""A path of links at the head ("- Home", "- News") has lines no longer (characters), and fewer of them; more are a list."""
FIGURE = 16
"""A bare figure is no longer (characters)."""
LINK = 200
"""A line under "Related" that is longer is prose, not a link (characters)."""
NOWHERE = -2
"""No place in an article, and next to none."""
STAMP = 80
"""A line that only says when is no longer (characters)."""

_NOTES = {
    "advert": "label of an advertisement", "comments": "prompt to comment", "cookie": "notice on cookies or privacy", "copyright": "notice of rights",
    "markup": "left of the page's code", "media": "label of a picture or player", "navigation": "link or button", "newsletter": "prompt to sign up",
    "paywall": "prompt to pay or log in", "related": "link to other stories", "republish": "where the text came from", "section": "name of a section",
    "share": "prompt to share or follow", "tags": "list of subjects", "truncation": "hands over to the rest",
}  # fmt: skip
_KINDS = frozenset((*BOILERPLATE, "paywall", "truncation"))
_ADDRESS = re.compile(r"[\s\-–—*•·>»(\[]*(?:https?://|www\.)\S+[\s)\]]*|[\s\-–—*•·]*[\w.+-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,60}){1,5}\s*", re.ASCII)
_LINKS = re.compile(r"[\s\-*•·|,]*(?:!?\[[^\[\]]{0,200}\]\([^()\s]{1,500}\)[\s\-*•·|,]*)+")
_BULLET = re.compile(r"\s*[-–—*•·►▶■»>]+\s")
_NO_DATE = re.compile(r"[\d_\s!-/:-@\[-`{-~·•–—|\u200e\u200f]+")
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d|\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|(?:19|20)\d\d")
_ARROW = re.compile(r"\s*(?:>>|»|▶|►|→|➡|👉|☞)\ufe0f?\s")
_FIGURE = re.compile(r"\s*(?:[-*•·#]\s*)?#?\d[\d.,:%]{0,8}\s?[kKmM]?\s*|\s*[-–•·,|/»«\\]{1,2}\s*")
_ARROWS = frozenset(">»▶►→➡👉☞")
_NO_CREDIT = frozenset((_NOTES["media"], _NOTES["copyright"]))
_SENTENCE_END = (".", "!", "?", "。", "！", "？", "।", "۔", "؟", '."', ".”", "!”", "?”", ".»", ".)")


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """The boilerplate of an article.

    Attributes:
        lines: Numbers of its lines, ascending.
        share: Of the characters of all lines, 0-1; 0.0 for a text without characters.
        marks: One per line, check "boilerplate_lines".
    """

    lines: tuple[int, ...]
    share: float
    marks: tuple[Mark, ...]


def find(article: Article, lexicon: Lexicon, keep: frozenset[int]) -> Boilerplate:
    """The lines of an article that are boilerplate.

    Args:
        article: The article; its `recurrent` lines are taken.
        lexicon: The phrases.
        keep: Lines that are none whatever they look like, headlines and credits; a label of rights or of a picture's source is no credit.
    """
    lines = article.lines
    full = [number for number, line in enumerate(lines) if line and not line.isspace()]
    head, tail = frozenset(full[:HEAD]), frozenset(full[-TAIL:])
    notes: dict[int, str] = {}
    label = NOWHERE  # the last line, while it is under a label such as "Related"
    for place, number in enumerate(full):
        line = lines[number]
        note, opens = _note(line, lexicon, number in head, number in tail)
        if number in keep:
            if note in _NO_CREDIT:
                notes[number] = note
            label = NOWHERE
            continue
        if not note and number in article.recurrent:
            note = "the source repeats it"
        if not note and label == place - 1 and _is_link(line):
            note, opens = "under a label for links", True
        if note:
            notes[number] = note
            label = place if opens else NOWHERE
    _edges(lines, full, keep, notes)
    return _result(lines, notes)


def _edges(lines: list[str], full: list[int], keep: frozenset[int], notes: dict[int, str]) -> None:
    """Add what only its place at the head or tail makes boilerplate: a path of links, figures of no text, a label whose links were lost."""
    path = []
    for number in full[:PATH_LINES]:
        if number in keep or not _BULLET.match(lines[number]) or len(lines[number]) > PATH:
            break
        path.append(number)
    if 1 < len(path) < PATH_LINES:
        notes.update(dict.fromkeys((number for number in path if number not in notes), "a path of links"))
    figures = [number for number in full if len(lines[number]) <= FIGURE and _FIGURE.fullmatch(lines[number])]
    if 3 * len(figures) < len(full):  # more of them are a table
        notes.update(dict.fromkeys((number for number in figures if number not in notes and number not in keep), "a bare figure or bullet"))
    last = full[-1] if full else 0
    if full and last not in notes and last not in keep and len(lines[last]) <= LABEL and lines[last].rstrip().endswith((":", "：")):
        notes[last] = "a label whose links were lost"


def _note(line: str, lexicon: Lexicon, head: bool, tail: bool) -> tuple[str, bool]:  # noqa: FBT001
    """Why a line is boilerplate, "" if it is not; and whether it is a label that links stand under."""
    for hit in lexicon.hits(line, head, tail):
        kind = hit.phrase.kind
        if kind in _KINDS and _counts(hit, line, head, tail):
            alone = len(line.strip()) <= LABEL and hit.end >= len(line.rstrip()) - 1
            return _NOTES[kind], kind == "related" and hit.phrase.match != "in" and alone
    return _shape(line, lexicon), False


def _counts(hit: Hit, line: str, head: bool, tail: bool) -> bool:
    """Whether a phrase makes its line boilerplate."""
    phrase = hit.phrase
    if phrase.kind in ("truncation", "paywall") and (phrase.kind == "truncation" or phrase.weak):
        return len(line.strip()) <= 2 * LABEL and (phrase.match == "whole" or 2 * (hit.end - hit.start) >= len(line.strip()))
    if phrase.weak:
        return len(line.strip()) <= LABEL and (phrase.match != "whole" or head or tail)
    return True


def _shape(line: str, lexicon: Lexicon) -> str:
    """Why a line is boilerplate by its shape alone, "" if it is not."""
    if ("://" in line or "www." in line or "@" in line) and len(line) <= 600:
        if _ADDRESS.fullmatch(line):
            return "a bare address"
        if "](" in line and _LINKS.fullmatch(line):
            return "nothing but links"
    if line.lstrip()[:1] in _ARROWS and len(line) <= LINK and _ARROW.match(line):
        return "a link with an arrow"
    if len(line) <= STAMP and _is_stamp(line, lexicon.dates):
        return "a bare time"
    return ""


def _is_stamp(line: str, dates: frozenset[str]) -> bool:
    """Whether a line says when, and nothing else."""
    if not _CLOCK.search(line) and not any(map(str.isdigit, line)):
        return False
    words = _NO_DATE.sub(" ", fold(line)).split()
    return dates.issuperset(words) and (len(words) > 1 or (bool(words) and words[0].isalpha() and len(words[0]) > 2) or bool(_CLOCK.search(line)))


def _is_link(line: str) -> bool:
    """Whether a line under a label for links may be one of them: as short as a headline, and no sentence."""
    stripped = line.strip()
    return len(stripped) <= LINK and (not stripped.endswith(_SENTENCE_END) or bool(_BULLET.match(line)) or len(stripped) <= 2 * LABEL)


def _result(lines: list[str], notes: dict[int, str]) -> Boilerplate:
    total = sum(map(len, lines))
    found = tuple(sorted(notes))
    share = sum(len(lines[number]) for number in found) / total if total else 0.0
    marks = []
    for number in found:
        line = lines[number]
        marks.append(Mark("boilerplate_lines", number, len(line) - len(line.lstrip()), len(line.rstrip()), notes[number]))
    return Boilerplate(found, share, tuple(marks))
