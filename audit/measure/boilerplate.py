"""Lines that are the page's, not the article's: what the source repeats, phrases of the lexicon, shapes such as a bare date, and their neighbours.

Headlines, credits, captions, bios and corrections belong to the article and are none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from audit.kernels.flags import BULLET as BULLETED
from audit.kernels.flags import FIGURE, HITS, LOOSE, PROSE, SHAPE, UNSEEN
from audit.measure import blocks, shapes
from audit.measure.article import Article, Mark
from audit.measure.blocks import BULLET, HEAD, SENTENCE_END, TAIL, Page
from audit.measure.marks import BOILERPLATE, REMEMBERED, SHORT, Hit, Lexicon
from audit.measure.phrases import Phrase
from audit.measure.rulings import ADOPTED, FORBIDDEN, Rulings

LABEL = 60
"""A weak phrase is boilerplate in a line that is no longer: then the line is hardly more than a label (characters)."""
SENTENCE = 160
"""A sentence under a label for links that is no longer tells what a link leads to (characters)."""
LINK = 200
"""A line under "Related" that is longer is prose, not a link (characters)."""
TAG = 40
"""A line under "Tags" that is longer is none (characters)."""
PLEA = 240
"""A line that asks for something is no longer (characters)."""
NOWHERE = -2
"""No place in an article, and next to none."""

_NOTES = {
    "advert": "label of an advertisement", "comments": "prompt to comment", "cookie": "notice on cookies or privacy", "copyright": "notice of rights",
    "markup": "left of the page's code", "media": "label of a picture or player", "navigation": "link or button", "newsletter": "prompt to sign up",
    "paywall": "prompt to pay or log in", "related": "link to other stories", "republish": "where the text came from", "section": "name of a section",
    "share": "prompt to share or follow", "tags": "list of subjects", "truncation": "hands over to the rest",
}  # fmt: skip
_KINDS = frozenset((*BOILERPLATE, "paywall", "truncation"))
_UNDER, _PLEA = "under a label for links", "asks to sign up or follow"
_PAGE = frozenset(note for kind, note in _NOTES.items() if kind not in ("advert", "media", "republish", "section")) | {
    "nothing but links", "tells of another story", _UNDER, _PLEA,
}  # fmt: skip
"""After one of these, and the article's last paragraph, a page goes on with its own; behind an advertisement the article may."""
_CLOSING = frozenset((_NOTES["comments"], _NOTES["share"], _NOTES["navigation"], "nothing but links"))
_QUOTES = ("“", "„", "«", "»", "‘", '"')
_REFERENCE = re.compile(r"\((?:19|20)\d\d[a-z]?\)|\bISBN\b|\bdoi[:.]|\bpp?\. \d")
_FACT = re.compile(r"(?:[-–—*•·]\s*)?[^\W\d][^:]{0,24}\s?:\s?\S")
_NO_CREDIT = frozenset((_NOTES["media"], _NOTES["copyright"]))


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


NOTHING = Boilerplate((), 0.0, ())


def find(article: Article, lexicon: Lexicon, keep: frozenset[int]) -> Boilerplate:
    """The lines of an article that are boilerplate.

    Args:
        article: The article; its `recurrent` lines are taken.
        lexicon: The phrases.
        keep: Lines that are none whatever they look like, headlines and credits; a label of rights or of a picture's source is no credit.
    """
    if _is_quiet(article, lexicon, keep):
        return NOTHING
    forbidden: set[int] = set()
    if lexicon.rulings:
        ruled = _ruled(article, lexicon.rulings)
        adopted, forbidden = ({number for number, said in ruled.items() if said == ruling} for ruling in (ADOPTED, FORBIDDEN))
        page = blocks.Page(article, article.full, (keep | forbidden) - adopted, dict.fromkeys(adopted, "adopted in learned.yml"))
    else:
        page = blocks.Page(article, article.full, keep)
    _speaking(article, page, lexicon)
    blocks.links(page)
    blocks.before(page)
    blocks.again(page)
    blocks.teasers(page, _CLOSING)
    blocks.after(page, _PAGE, lexicon)
    blocks.crumbs(page)
    blocks.figures(page)
    for number in forbidden:
        page.notes.pop(number, None)
    return _result(article, page.notes) if page.notes else NOTHING


def _is_quiet(article: Article, lexicon: Lexicon, keep: frozenset[int]) -> bool:
    """Whether kernels have seen that no line speaks for itself, the last one is prose and the article's, and nothing stands above the headline:
    then no rule finds anything.
    """
    full, looks = article.full, article.looks
    if article.seen & (HITS | SHAPE | FIGURE | BULLETED) or looks is None or not full or article.recurrent or lexicon.rulings:
        return False
    if not looks[full[-1]] & PROSE or keep - {full[0]} or (keep and article.may(full[0], UNSEEN)):
        return False
    return not article.seen & LOOSE or sum(1 for look in looks if look & LOOSE) < 2


def _ruled(article: Article, rulings: Rulings) -> dict[int, str]:
    """The user's rulings on the lines of an article."""
    said = {number: rulings.on(line, article.source) for number, line in enumerate(article.lines) if line and not line.isspace()}
    return {number: ruling for number, ruling in said.items() if ruling is not None}


def _speaking(article: Article, page: Page, lexicon: Lexicon) -> None:
    """Note the lines that speak for themselves, and those under a label."""
    end, label, size = len(page.full), NOWHERE, 0  # the last line under a label, and how long such lines are
    titled = bulleted = False  # whether that line is a headline that a sentence may tell of; begins with a bullet
    waiting = _heard(article, page)[::-1]
    while waiting:
        place = waiting.pop()
        number = page.full[place]
        line = article.lines[number]
        note, opens = _note(article, number, lexicon, place < HEAD, place >= end - TAIL)
        if note == shapes.TIME and (_is_dated_heading(line, place, end) or _is_told(page, place)):
            note = ""
        if note and len(line) > SHORT and 2 * len(line) > article.chars:
            note, opens = "", 0  # most of the article, and the page's own words among them
        if number in page.keep:
            if note in _NO_CREDIT or (note == shapes.PATHS and article.title is None):
                page.notes[number] = note
            label = NOWHERE
            continue
        if not note and number in article.recurrent:
            note = "the source repeats it"
        bullet = label == place - 1 and BULLET.match(line) is not None
        if not note and label == place - 1 and bullet >= bulleted and (_is_link(line, size, bullet) or (titled and len(line) <= SENTENCE)):
            note, opens = _UNDER, size
            if _REFERENCE.search(line):  # a list of sources is the article's
                page.notes.pop(page.full[place - 1], None)
                note, opens = "", 0
        titled = note == shapes.DOUBLE or (note == _UNDER and size == LINK and not bullet and _is_link(line, LINK, bullet))
        bulleted = note == _UNDER and bullet
        if note:
            page.notes.setdefault(number, note)
            label, size = (place, opens) if opens else (NOWHERE, 0)
            if opens and place + 1 < end and place + 1 not in waiting[-1:]:
                waiting.append(place + 1)


def _heard(article: Article, page: Page) -> list[int]:
    """Places of the lines that may speak for themselves, that are the article's own, and that the source repeats."""
    looks, others = article.looks, page.keep | article.recurrent
    if looks is None:
        return list(range(len(page.full)))
    return [place for place, number in enumerate(page.full) if looks[number] & (HITS | SHAPE) or number in others]


def _note(article: Article, number: int, lexicon: Lexicon, head: bool, tail: bool) -> tuple[str, int]:
    """Why a line is boilerplate, "" if it is not; and how long the lines are that stand under it (characters), 0 where it is no label."""
    line = article.lines[number]
    if article.may(number, HITS):
        said = (_known if len(line) <= REMEMBERED else _told)(line, lexicon, head, tail)
        if said[0]:
            return said
    note = shapes.shape(line, lexicon.dates) if article.may(number, SHAPE) else ""
    return note, LINK if note == shapes.DOUBLE else 0


def _told(line: str, lexicon: Lexicon, head: bool, tail: bool) -> tuple[str, int]:
    """`_note` as far as phrases say it."""
    found, opens, kinds = "", 0, set[str]()
    for hit in lexicon.hits(line, head, tail):
        kind = hit.phrase.kind
        kinds.add(kind)
        if kind in _KINDS and _counts(hit, line, head, tail):
            found, opens = found or _NOTES[kind], max(opens, _opens(hit, line))
    if found:
        return found, opens
    if "ask" in kinds and "channel" in kinds and len(line) <= PLEA and line.lstrip()[:1] not in _QUOTES and "“" not in line:
        return _PLEA, 0
    return "", 0


_known = lru_cache(maxsize=16_384)(_told)  # most lines of a page stand on every page


def _opens(hit: Hit, line: str) -> int:
    """How long the lines are that a label announces, 0 if it is none."""
    stripped = line.strip()
    if len(stripped) > LABEL:
        return 0
    if hit.phrase.kind == "related" and (hit.end >= len(line.rstrip()) - 1 or (_is_heading(hit) and ":" not in line[hit.end :].rstrip(" :"))):
        return LINK
    return TAG if hit.phrase.kind == "tags" and hit.end >= len(line.rstrip()) - 1 else 0


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
        return line[:1] in _QUOTES or (small and phrase.text[:1].isupper())
    if phrase.match == "whole":
        return line.endswith((".", ",")) and not line.endswith("..") and (small or " " not in line)
    return phrase.weak and (small or line.endswith((".", ",")))


def _is_link(line: str, longest: int, bullet: bool) -> bool:
    """Whether a line under a label may be one of its links: as short as a headline or a subject, and no sentence."""
    stripped = line.strip()
    return len(stripped) <= longest and (not stripped.endswith((*SENTENCE_END, ":")) or (bullet and longest == LINK))


def _is_dated_heading(line: str, place: int, end: int) -> bool:
    """Whether a line that says when is the heading of what happened then: in the middle, and without a clock or label."""
    return blocks.ABOVE <= place < end - TAIL and ":" not in line


def _is_told(page: Page, place: int) -> bool:
    """Whether a line that says when is one of several facts that are told in a row, such as "Time: 2-4 pm", "Price: $40"."""
    if not _FACT.match(page.line(place)):
        return False
    return any(0 <= near < len(page.full) and _FACT.match(page.line(near)) and not page.prose[near] for near in (place - 1, place + 1, place - 2))


def _result(article: Article, notes: dict[int, str]) -> Boilerplate:
    lines, total = article.lines, article.chars
    found = tuple(sorted(notes))
    share = sum(len(lines[number]) for number in found) / total if total else 0.0
    marks = []
    for number in found:
        line = lines[number]
        marks.append(Mark("boilerplate_lines", number, len(line) - len(line.lstrip()), len(line.rstrip()), notes[number]))
    return Boilerplate(found, share, tuple(marks))
