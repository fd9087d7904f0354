"""Lines that are the page's, not the article's: what the source repeats, phrases of the lexicon, and shapes such as a bare date or address.

Headlines, credits, captions, bios and corrections belong to the article and are none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from audit.measure import shapes
from audit.measure.article import Article, Mark
from audit.measure.fold import fold
from audit.measure.marks import BOILERPLATE, Hit, Lexicon
from audit.measure.phrases import UNSPACED, Phrase

HEAD, TAIL = 3, 4
"""Non-empty lines at the head and the tail of an article, where weak phrases count."""
LABEL = 60
"""A weak phrase is boilerplate in a line that is no longer: then the line is hardly more than a label (characters)."""
PATH, PATH_LINES = 45, 8
"""A path of links at the head ("- Home", "- News") has lines no longer (characters), and fewer of them; more are a list."""
FIGURE = 16
"""A bare figure is no longer (characters)."""
ABOVE = 12
"""Non-empty lines in which a headline may stand."""
SHORT_LABEL = 60
"""A label beside the page's own lines is no longer (characters)."""
PROSE = 100
"""A line of this many characters that ends like a sentence is the article's prose."""
DENSE = 40
"""The same in a script without spaces between words."""
TEASER = 160
"""A sentence under such a label that is no longer tells what a link leads to (characters)."""
LINK = 200
"""A line under "Related" that is longer is prose, not a link (characters)."""
NOWHERE = -2
"""No place in an article, and next to none."""

_NOTES = {
    "advert": "label of an advertisement", "comments": "prompt to comment", "cookie": "notice on cookies or privacy", "copyright": "notice of rights",
    "markup": "left of the page's code", "media": "label of a picture or player", "navigation": "link or button", "newsletter": "prompt to sign up",
    "paywall": "prompt to pay or log in", "related": "link to other stories", "republish": "where the text came from", "section": "name of a section",
    "share": "prompt to share or follow", "tags": "list of subjects", "truncation": "hands over to the rest",
}  # fmt: skip
_KINDS = frozenset((*BOILERPLATE, "paywall", "truncation"))
_BULLET = re.compile(r"\s*[-–—*•·►▶■»>]+\s")
_FIGURE = re.compile(r"\s*(?:[-*•·#]\s*)?#?\d[\d.,:%]{0,8}\s?[kKmM]?\s*|\s*[-–•·,|/»«\\]{1,2}\s*")
_UNDER = "under a label for links"
_PAGE = frozenset(note for kind, note in _NOTES.items() if kind not in ("media", "republish", "section")) | {
    "nothing but links",
    _UNDER,
}
"""After one of these, and the article's last paragraph, a page goes on with its own."""
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
    titled, label = False, NOWHERE  # the last line, while it is under a label such as "Related"
    for place, number in enumerate(full):
        line = lines[number]
        note, opens = _note(line, lexicon, number in head, number in tail)
        if note == shapes.TIME and ABOVE <= place < len(full) - TAIL and ":" not in line:
            note = ""  # a date in the middle is a heading
        if number in keep:
            if note in _NO_CREDIT or (note == shapes.PATHS and article.title is None):
                notes[number] = note
            label = NOWHERE
            continue
        if not note and number in article.recurrent:
            note = "the source repeats it"
        if not note and label == place - 1 and (_is_link(line) or (titled and len(line) <= TEASER)):
            note, opens = _UNDER, True
        titled = note == shapes.DOUBLE or (note == _UNDER and _is_link(line) and not _BULLET.match(line))  # a sentence may tell of it
        if note:
            notes[number] = note
            label = place if opens else NOWHERE
    _before(article, full, keep, notes)
    _after(lines, full, keep, notes, lexicon)
    _edges(article, full, keep, notes)
    return _result(lines, notes)


def _before(article: Article, full: list[int], keep: frozenset[int], notes: dict[int, str]) -> None:
    """Add what stands above the headline, and labels beside the page's own lines before the article's prose begins."""
    lines = article.lines
    title = fold(article.title) if article.title else ""
    headline = next((place for place, number in enumerate(full[:ABOVE]) if number in keep and _repeats(lines[number], title)), 0)
    for number in full[:headline]:
        if number not in notes and number not in keep:
            notes[number] = "above the headline"
    seen = frozenset(notes)
    prose = next((place for place, number in enumerate(full) if _is_prose(lines[number])), 0)
    for place, number in enumerate(full[:prose]):
        line = lines[number].strip()
        if number in seen or number in keep or len(line) > SHORT_LABEL or line.startswith("#") or line.endswith((*_SENTENCE_END, ":", "：")):
            continue
        if (place and full[place - 1] in seen) or (place + 1 < len(full) and full[place + 1] in seen):
            notes[number] = "among the page's own lines"


def _is_prose(line: str) -> bool:
    """Whether a line is a paragraph: long, and ending like a sentence."""
    return len(line) >= DENSE and line.rstrip().endswith(_SENTENCE_END) and (len(line) >= PROSE or UNSPACED.search(line) is not None)


def _repeats(line: str, title: str) -> bool:
    """Whether a line is the headline, or most of it."""
    folded = fold(line[:LINK])
    return len(folded) > 10 and 2 * len(folded) > len(title) and folded in title


def _after(lines: list[str], full: list[int], keep: frozenset[int], notes: dict[int, str], lexicon: Lexicon) -> None:
    """Add what follows the page's own lines once the article's prose is over; corrections and other notes are the article's."""
    start = len(full)
    for place in range(len(full) - 1, -1, -1):
        number = full[place]
        if number not in notes and number not in keep and _is_prose(lines[number]):
            break
        if notes.get(number) in _PAGE:
            start = place
    else:
        return  # no prose at all: a list, a poem, a table
    for number in full[start:]:
        line = lines[number]
        if (
            number not in notes
            and number not in keep
            and "|" not in line
            and not line.startswith("#")
            and not any(hit.phrase.kind == "note" for hit in lexicon.hits(line, False, True))
        ):
            notes[number] = "after the page's own lines"


def _edges(article: Article, full: list[int], keep: frozenset[int], notes: dict[int, str]) -> None:
    """Add what only its place at the head or tail makes boilerplate: a path of links, figures of no text."""
    lines, path = article.lines, []
    for number in full[:PATH_LINES]:
        if (number in keep and article.title) or not _BULLET.match(lines[number]) or len(lines[number]) > PATH:
            break
        path.append(number)
    if 1 < len(path) < PATH_LINES:
        notes.update(dict.fromkeys((number for number in path if number not in notes), shapes.PATHS))
    figures = [number for number in full if len(lines[number]) <= FIGURE and _FIGURE.fullmatch(lines[number]) and not _is_wrapped(lines, number)]
    if 3 * len(figures) < len(full):  # more of them are a table
        notes.update(dict.fromkeys((number for number in figures if number not in notes and number not in keep), "a bare figure or bullet"))


def _is_wrapped(lines: list[str], number: int) -> bool:
    """Whether a line ends the sentence of the line right above it: text that was wrapped by hand."""
    above = lines[number - 1].rstrip() if number else ""
    return len(above) > LABEL // 2 and above[-1].isalnum()


def _note(line: str, lexicon: Lexicon, head: bool, tail: bool) -> tuple[str, bool]:
    """Why a line is boilerplate, "" if it is not; and whether it is a label that links stand under."""
    for hit in lexicon.hits(line, head, tail):
        kind = hit.phrase.kind
        if kind in _KINDS and _counts(hit, line, head, tail):
            return _NOTES[kind], kind == "related" and len(line.strip()) <= LABEL and (hit.end >= len(line.rstrip()) - 1 or _is_heading(hit))
    note = shapes.shape(line, lexicon.dates)
    return note, note == shapes.DOUBLE


def _is_heading(hit: Hit) -> bool:
    """Whether a phrase begins a heading ("More from ..."), not a link ("READ MORE: ...")."""
    return hit.phrase.match in ("prefix", "whole") and not hit.phrase.text.rstrip().endswith((":", "：", "|", "-"))


def _counts(hit: Hit, line: str, head: bool, tail: bool) -> bool:
    """Whether a phrase makes its line boilerplate."""
    phrase = hit.phrase
    if _is_running(phrase, line.strip()):
        return False
    if phrase.kind in ("truncation", "paywall") and (phrase.kind == "truncation" or phrase.weak):
        return len(line.strip()) <= 2 * LABEL and (phrase.match == "whole" or 2 * (hit.end - hit.start) >= len(line.strip()))
    if phrase.weak:
        return len(line.strip()) <= LABEL and (phrase.match != "whole" or head or tail)
    return True


def _is_running(phrase: Phrase, line: str) -> bool:
    """Whether a line is a piece of running text, broken by hand, that a phrase fits by chance: "share." is no button."""
    small = line[:1].islower()
    if phrase.match == "prefix":
        return small and phrase.text[:1].isupper()
    if phrase.match == "whole":
        return line.endswith((".", ",")) and not line.endswith("..") and (small or " " not in line)
    return phrase.weak and (small or line.endswith((".", ",")))


def _is_link(line: str) -> bool:
    """Whether a line under a label for links may be one of them: as short as a headline, and no sentence."""
    stripped = line.strip()
    return len(stripped) <= LINK and (not stripped.endswith(_SENTENCE_END) or _BULLET.match(line) is not None)


def _result(lines: list[str], notes: dict[int, str]) -> Boilerplate:
    total = sum(map(len, lines))
    found = tuple(sorted(notes))
    share = sum(len(lines[number]) for number in found) / total if total else 0.0
    marks = []
    for number in found:
        line = lines[number]
        marks.append(Mark("boilerplate_lines", number, len(line) - len(line.lstrip()), len(line.rstrip()), notes[number]))
    return Boilerplate(found, share, tuple(marks))
