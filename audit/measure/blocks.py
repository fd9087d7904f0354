"""Lines that are the page's for what stands around them: above the headline, in lists of links, behind the article's last paragraph.

`boilerplate` finds the lines that speak for themselves; here they are asked what their neighbours are. A Page holds what both know of one article.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

from audit.kernels import flags as looked
from audit.measure import shapes, wording
from audit.measure.article import Article
from audit.measure.fold import fold
from audit.measure.marks import Lexicon
from audit.measure.phrases import UNSPACED

HEAD, TAIL = 3, 4
"""Non-empty lines at the head and the tail of an article, where weak phrases count."""
PATH, PATH_LINES = 45, 8
"""A path of links at the head ("- Home", "- News") has lines no longer (characters), and fewer of them; more are a list."""
FIGURE = 16
"""A bare figure is no longer (characters)."""
FEW = 4
"""So many bare figures are no table."""
ABOVE = 12
"""Non-empty lines in which a headline may stand."""
SHORT_LABEL = 60
"""A label beside the page's own lines is no longer (characters)."""
PROSE = 100
"""A line of this many characters that ends like a sentence is the article's prose."""
DENSE = looked.FEW
"""The same in a script without spaces between words."""
TEASER = looked.MANY
"""What tells of another story under its headline is no longer (characters)."""
HEADLINE = 160
"""The headline of another story is no longer (characters)."""
WORDS, RUN = 6, 3
"""Headlines that stand in a row without a label have so many words on average, and there are so many of them at least."""
LONG = 260
"""A longer line is a paragraph however it ends: the text may be cut (characters)."""
PARAGRAPHS = 3
"""So many paragraphs of prose make an article that something can follow."""

BULLET = re.compile(r"\s*[-–—*•·►▶■»>]+\s")
SENTENCE_END = (".", "!", "?", "。", "！", "？", "।", "۔", "؟", '."', ".”", ".“", "!”", "?”", ".»", ".)", "。」", '!"', '?"')
_FIGURE = re.compile(r"\s*(?:[-*•·#]\s*)?#?\d[\d.,:%]{0,8}\s?[kKmM]?\s*|\s*[-–•·,|/»«]{1,2}\s*")
SPREAD = 10
"""A link that is written over several lines has fewer (non-empty lines)."""
_DATED = re.compile(
    r"(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d|(?:19|20)\d\d(?:年|[./-])\d{1,2}(?:月|[./-])\d{1,2}日?|\d{1,2}\.? [^\W\d]{3,10}\.? (?:19|20)\d\d"
    r"|[^\W\d]{3,10} \d{1,2}, (?:19|20)\d\d)(?:[ ,]*\d{1,2}:\d\d)?\W{0,3}$"
)
_NO_CRUMB = re.compile(r"\W*\d+ [^\W\d]|.*[\"“”„«»:]")
_NO_HEADLINE = frozenset("={}|<>\\#\t")
_APART = re.compile(r"\s[|–—•·»-]\s|\s*｜\s*")


@dataclass(frozen=True)  # with a dict, for what is remembered once it is asked for
class Page:
    """One article and what is known of its lines.

    Attributes:
        article: It.
        full: Numbers of those that are not blank; a *place* is an index into it.
        keep: Numbers of lines that belong to the article, headlines and credits.
        notes: Number of a line -> why it is the page's. The functions of this module add to it.
    """

    article: Article
    full: list[int]
    keep: frozenset[int]
    notes: dict[int, str] = field(default_factory=dict)

    @cached_property
    def prose(self) -> list[bool]:
        """Per place, whether the line is a paragraph: long, and ending like a sentence."""
        lines, looks, sizes = self.article.lines, self.article.looks, self.article.sizes
        if looks is None or sizes is None:
            return [is_prose(lines[number]) for number in self.full]
        return [looks[number] & looked.PROSE != 0 or (sizes[number] > LONG and is_prose(lines[number])) for number in self.full]

    @cached_property
    def is_article(self) -> bool:
        """Whether so many paragraphs make an article that something can follow; a text of few may have lost its letters."""
        return sum(self.prose) >= PARAGRAPHS

    @property
    def lines(self) -> Sequence[str]:
        """The article's lines."""
        return self.article.lines

    @property
    def title(self) -> str | None:
        """The title field."""
        return self.article.title

    def free(self, place: int) -> bool:
        """Whether nothing is known of the line yet."""
        number = self.full[place]
        return number not in self.notes and number not in self.keep

    def line(self, place: int) -> str:
        """The line at a place, without the space around it."""
        return self.lines[self.full[place]].strip()


def is_prose(line: str) -> bool:
    """Whether a line is a paragraph: long, and ending like a sentence; or so long that it is one however it ends, but no row of a table."""
    if len(line) < DENSE:
        return False
    if line.rstrip().endswith(SENTENCE_END):
        return len(line) >= PROSE or UNSPACED.search(line) is not None
    return len(line) > LONG and "|" not in line[:2]


def before(page: Page) -> None:
    """Add what stands above the headline, and labels beside the page's own lines before the article's prose begins."""
    kept = [place for place, number in enumerate(page.full[:ABOVE]) if number in page.keep] if page.title and page.keep else []
    if kept and kept != [0]:
        title = fold(page.title or "")
        for place in range(next((place for place in kept if _repeats(page.line(place), title)), 0)):
            if page.free(place):
                page.notes[page.full[place]] = "above the headline"
    if not page.notes:
        return
    seen = frozenset(page.notes)
    for place in range(next((place for place, prose in enumerate(page.prose) if prose), 0)):
        line = page.line(place)
        if not page.free(place) or len(line) > SHORT_LABEL or line.startswith("#") or line.endswith((*SENTENCE_END, ":", "：", "…")):
            continue
        if not place and line.count(" ") > 3:
            continue  # a headline
        if (place and page.full[place - 1] in seen) or page.full[place + 1] in seen:
            page.notes[page.full[place]] = "among the page's own lines"


def _repeats(line: str, title: str) -> bool:
    """Whether a line is the headline, or most of it; a site's name in the title aside."""
    folded = fold(line[:HEADLINE])
    if len(folded) <= 10 or folded not in title:
        return False
    return 2 * len(folded) > len(title) or folded in _APART.split(title)


def crumbs(page: Page) -> None:
    """Add a path of links at the head, one a line; it may end with the headline as a link."""
    if not page.article.seen & looked.BULLET:
        return
    path: list[int] = []
    for number in page.full[:PATH_LINES]:
        if not page.article.may(number, looked.BULLET):
            break
        bullet = BULLET.match(page.lines[number])
        if bullet and path and number in page.keep and page.title:
            path.append(number)
        if not bullet or (number in page.keep and page.title) or len(page.lines[number]) > PATH or _NO_CRUMB.match(page.lines[number]):
            break
        path.append(number)
    if 1 < len(path) < PATH_LINES:
        page.notes.update(dict.fromkeys((number for number in path if number not in page.notes), shapes.PATHS))


def figures(page: Page) -> None:
    """Add figures and signs that hold no text; where they are many, or a third of the lines, they are a table or code."""
    if not page.article.seen & looked.FIGURE:
        return
    found = [
        number
        for number in page.full
        if page.article.may(number, looked.FIGURE)
        and len(page.lines[number]) <= FIGURE
        and _FIGURE.fullmatch(page.lines[number])
        and not _is_wrapped(page.lines, number)
    ]
    if 3 * len(found) < len(page.full) and (len(found) <= FEW or 10 * len(found) < len(page.full)):
        found = [n for n in found if n not in page.notes and n not in page.keep and (page.is_article or _is_beside(page, n))]
        page.notes.update(dict.fromkeys(found, "a bare figure or bullet"))


def _is_beside(page: Page, number: int) -> bool:
    """Whether a line stands beside one of the page's own."""
    place = bisect_left(page.full, number)
    return any(near in page.notes for near in page.full[max(0, place - 1) : place + 2])


def _is_wrapped(lines: Sequence[str], number: int) -> bool:
    """Whether a line ends the sentence of the line right above it: text that was wrapped by hand."""
    above = lines[number - 1].rstrip() if number else ""
    return len(above) > SHORT_LABEL // 2 and above[-1].isalnum()


def teasers(page: Page, closing: frozenset[str]) -> None:
    """Add stories that are told of in two lines each: a headline, and a sentence that ends in a link or stands before one of the page's own lines.

    Args:
        page: The page.
        closing: Notes of lines that close such a story: the number of its comments, a link to it.
    """
    if not page.notes and not page.article.seen & looked.LOOSE:
        return
    for places in (list(_linked(page)), list(_closed(page, closing))):
        if len(places) > 1 and page.is_article:  # a single one may be the article's last paragraph
            for place in (at for pair in places for at in pair):
                if page.free(place):
                    page.notes[page.full[place]] = "tells of another story"


def again(page: Page) -> None:
    """Add lines that stand several times in the article, each time beside one of the page's own; paragraphs only where they are between two."""
    if not page.notes:
        return
    near: dict[int, int] = {}
    for number in sorted(page.notes):
        place = bisect_left(page.full, number)
        near[place - 1] = near.get(place - 1, 0) + 1
        near[place + 1] = 1
    beside: dict[str, list[int]] = {}
    for place, count in near.items():
        if 0 <= place < len(page.full) and page.free(place) and count > page.prose[place]:
            beside.setdefault(page.line(place), []).append(page.full[place])
    for line, numbers in beside.items():
        if len(numbers) > 1 and any(map(str.isalpha, line)):  # else it parts sections, or begins code
            page.notes.update(dict.fromkeys(numbers, "again and again beside the page's own lines"))


def links(page: Page) -> None:
    """Add links of Markdown that are written over several lines."""
    if not page.article.seen & looked.SHAPE:
        return
    looks, first = page.article.looks, -1
    for place, number in enumerate(page.full):
        if first < 0 and looks is not None and not looks[number] & looked.SHAPE:
            continue
        line = page.lines[number]
        if first < 0 and line.startswith("[") and "]" not in line.rstrip("]"):
            first = place
        elif first >= 0 and "](" in line:
            if place - first < SPREAD and line.rstrip().endswith(")"):
                page.notes.update((page.full[at], "nothing but links") for at in range(first, place + 1) if page.free(at))
            first = -1


def _linked(page: Page) -> Iterator[tuple[int, ...]]:
    """Places of sentences with a link's word behind them ("... nobody knows. More"), each with the headline above it."""
    looks = page.article.looks
    loose = [place for place, number in enumerate(page.full) if looks is None or looks[number] & looked.LOOSE]
    if len(loose) < 2:
        return  # a single one is none
    more = _more()
    for place in loose:
        number = page.full[place]
        if page.prose[place] or not DENSE < page.article.size(number) <= TEASER or not page.free(place):
            continue
        line = page.lines[number]
        end = max(map(line.rstrip().rfind, ".!?。…"))
        linked = 0 < end > len(line) - 24 and fold(line[end + 1 :].strip(" .»>›→[]()")) in more
        if linked and place and _is_headline(page.line(place - 1)):
            yield (place - 1, place)


@cache
def _more() -> frozenset[str]:
    return frozenset(fold(word) for words in wording.load("more").values() for word in words)


def _closed(page: Page, closing: frozenset[str]) -> Iterator[tuple[int, ...]]:
    """Places of a headline and a sentence that one of the page's own lines closes, where such threes follow each other."""
    if not page.notes or closing.isdisjoint(page.notes.values()):
        return
    last = -4
    for place in range(2, len(page.full)):
        if page.notes.get(page.full[place]) not in closing or not (page.free(place - 1) and page.free(place - 2)):
            continue
        above, sentence = page.line(place - 2), page.line(place - 1)
        if len(sentence) <= TEASER and sentence.endswith(SENTENCE_END) and _is_headline(above) and not above.endswith(SENTENCE_END[:1]):
            if place - last <= 4:
                yield (last - 2, last - 1)
                yield (place - 2, place - 1)
            last = place


def _is_headline(line: str) -> bool:
    """Whether a line may be the headline of another story."""
    return 4 <= len(line) <= HEADLINE and _NO_HEADLINE.isdisjoint(line) and not line.endswith((".", ",", ";", ":", "："))


def after(page: Page, own: frozenset[str], lexicon: Lexicon) -> None:
    """Add what follows the page's own lines once the article's prose is over; corrections and other notes are the article's.

    Args:
        page: The page.
        own: Notes after which a page goes on with its own.
        lexicon: The phrases that notes are known by.
    """
    end = len(page.full)
    last = next((place for place in range(end - 1, -1, -1) if page.prose[place] and page.free(place) and not _among(page, place, own)), -1)
    if last < 0:
        return  # no prose at all: a list, a poem, a table
    if last + 1 == end:
        return
    start = next((place for place in range(last + 1, end) if page.notes.get(page.full[place]) in own), end) if page.notes else end
    again = _repeating(page, last + 1, start)
    if len(again) == 1 and page.is_article:  # more of them are captions
        start = again[0]
    for place in range(_row(page, last + 1, start), end):
        line = page.line(place)
        if not page.free(place) or "|" in line or line.startswith("#"):
            continue
        if not any(hit.phrase.kind == "note" for hit in lexicon.hits(line, False, True)):
            page.notes[page.full[place]] = "after the page's own lines"


def _repeating(page: Page, first: int, end: int) -> list[int]:
    """Places of the lines that are the headline."""
    lengths = [(place, page.article.size(page.full[place])) for place in range(first, end)] if page.title else []
    long = [place for place, size in lengths if size > DENSE // 2]
    title = fold(page.title or "") if long else ""
    return [place for place in long if _again(page.line(place), title)]


def _among(page: Page, place: int, own: frozenset[str]) -> bool:
    """Whether a sentence stands among the page's own lines: it tells what a link leads to."""
    if not page.notes or len(page.line(place)) > TEASER:
        return False
    near = [page.notes.get(number) in own for number in page.full[max(0, place - 3) : place + 4]]
    return sum(near[:3]) > 1 and sum(near[-3:]) > 0


def _again(line: str, title: str) -> bool:
    """Whether a line is the headline: behind the article it is a link, or a button's text."""
    return DENSE // 2 < len(line) <= HEADLINE and title.startswith(folded := fold(line)) and (folded == title or folded == _APART.split(title)[0])


def _row(page: Page, first: int, end: int) -> int:
    """Where a row of other stories' headlines begins that no label announces, between the article's prose and `end`; `end` if there is none."""
    if end - first < RUN or not page.is_article:
        return end
    run: list[int] = []
    for place in range(first, end):
        line = page.line(place)
        if not (page.free(place) and _is_headline(line) and " " in line):
            run = []
            continue
        run.append(place)
    if len(run) < RUN or run[-1] != end - 1:
        return end
    lines = [page.line(place) for place in run]
    if len(set(lines)) < len(lines):  # captions
        return end
    if all(_DATED.search(line) for line in lines):
        return run[0]
    plain = not any(BULLET.match(line) or _DATED.search(line) or line[:1].islower() or line.endswith(SENTENCE_END[:1]) for line in lines)
    wordy = sum(line.count(" ") + 1 for line in lines) >= WORDS * len(lines) and all(line.count(" ") > 2 for line in lines)
    return run[0] if plain and wordy else end
