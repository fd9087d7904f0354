"""Whether a text stops before its article does, as far as the text itself says so.

From the last line upwards: what stands after an article (boilerplate, credits, notes) is looked past, markers are taken, and the
last line of the article's own is asked how it ends. A cut at a full stop without a marker leaves nothing to see here:
`across.duplicates` finds those that have a longer copy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from audit.measure.article import Article, Mark
from audit.measure.marks import Hit, Lexicon
from audit.measure.phrases import UNSPACED

AFTER = 40
"""Non-empty lines that may stand after an article's last one and are looked past."""
THIN = 120
"""A line that ends without a mark and is no longer may be a page's too, so a marker above it still counts (characters)."""
LABEL = 40
"""However it ends, a line this short may be a page's."""
THIN_LINES = 8
STUB = 3_000
"""A text that is longer is no teaser: there a weak marker is a link among links (characters)."""
SNIPPET = 1_000
"""An ellipsis at the end of a text this short is the feed's, not the writer's (characters)."""
SNIPPET_LINES = 5
SHOWN = 80
"""So much of the line that was cut is evidence (characters)."""
EXCERPTS = 2
"""More lines than these that end on "[…]" are excerpts of several articles."""
SENTENCE = 45
"""A last line that is shorter is a label, a name or a list's item, however it ends (characters; half of that without spaces between words)."""
TWEET, FEED = 80, 400
"""Feeds cut a text to one line of so many characters; a shorter one is a headline or a message, which need no full stop."""
_STOP = re.compile(r"[^\W\d_]{2}[.!?][\"”»)]? +[\"“«(]?[^\W\d_]")
"""A sentence that ends inside a line."""
_ENTITY = re.compile(r"&#?\w{1,31};$")
LIST = ("-", "*", "•", "·", "|", "#", ">")


@dataclass(frozen=True, slots=True)
class Truncation:
    """How a text ends.

    Attributes:
        truncated: Whether it stops before the article does.
        kind: marker, paywall, teaser or midsentence; None if it does not.
        evidence: The mark that shows it best.
        lines: Lines that are nothing but a marker: they are no part of the text when texts are compared.
        marks: All marks, check "truncated".
    """

    truncated: bool
    kind: str | None
    evidence: Mark | None
    lines: frozenset[int]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class _Tail:
    """The end of an article, upwards: (line number, its hits, whether it is the page's and not the article's)."""

    lines: list[str]
    seen: list[tuple[int, list[Hit], bool]]


def find(article: Article, lexicon: Lexicon, boilerplate: frozenset[int], credits: frozenset[int]) -> Truncation:
    """How the text of an article ends.

    Args:
        article: The article.
        lexicon: The phrases.
        boilerplate: Its lines that are the page's.
        credits: Its lines that credit someone.
    """
    tail = _tail(article, lexicon, boilerplate | credits)
    short = sum(map(len, article.lines)) <= STUB
    found = _markers(tail, short)
    kind = found[0][0] if found else None
    marks = [mark for _, mark in found]
    lines = frozenset(mark.line for mark in marks if mark.line is not None and _alone(mark, article.lines[mark.line]))
    if not found and (end := _ending(article, lexicon, tail)):
        kind, mark = end
        marks = [mark]
    return Truncation(bool(marks), kind, marks[0] if marks else None, lines, tuple(marks))


def _tail(article: Article, lexicon: Lexicon, after: frozenset[int]) -> _Tail:
    """The lines from the end up to the article's last one, and a few thin ones above it."""
    seen: list[tuple[int, list[Hit], bool]] = []
    thin = 0
    for number in range(len(article.lines) - 1, -1, -1):
        line = article.lines[number]
        if not line or line.isspace():
            continue
        hits = lexicon.hits(line, False, True)
        beyond = number in after or any(hit.phrase.kind in ("note", "signoff", "republish", "advert") for hit in hits) or _is_sign(line)
        seen.append((number, hits, beyond))
        if not beyond:
            thin += 1
            if thin > THIN_LINES or not _is_thin(line, lexicon):
                break
        if len(seen) >= AFTER:
            break
    return _Tail(article.lines, seen)


def _is_sign(line: str) -> bool:
    """Whether a line has no letter or digit, and no ellipsis."""
    return len(line) <= 40 and not any(map(str.isalnum, line)) and "…" not in line and ".." not in line


def _is_thin(line: str, lexicon: Lexicon) -> bool:
    end = line.rstrip().rstrip(lexicon.endings.closers)
    return len(line) <= LABEL or (len(line) <= THIN and not (end and end[-1] in lexicon.endings.terminal))


def _markers(tail: _Tail, short: bool) -> list[tuple[str, Mark]]:
    """(kind, mark) of the phrases that hand the reader over, the last of the text first, strong ones before weak."""
    strong, weak, asking = [], [], []
    above = False  # whether the line stands above one of the article's own
    for number, hits, beyond in tail.seen:
        kinds = {hit.phrase.kind for hit in hits}
        for hit in sorted(hits, key=lambda hit: (hit.phrase.kind != "paywall", hit.start - hit.end)):
            mark = _mark(number, tail.lines[number], hit)
            if hit.phrase.kind == "paywall":
                (asking if hit.phrase.weak else strong).append(("paywall", mark))
            elif hit.phrase.kind == "truncation" and "advert" not in kinds:
                label = tail.lines[number].rstrip().endswith((":", "："))
                if not hit.phrase.weak and not (label and hit.phrase.match == "whole"):
                    strong.append(("marker", mark))
                elif short and (not above if hit.phrase.weak else label) and not (label and hit.phrase.weak):
                    weak.append(("marker", mark))
        above = above or not beyond
    if short or len({mark.line for _, mark in asking}) > 1:
        strong += asking
    return strong or weak


def _mark(number: int, line: str, hit: Hit) -> Mark:
    """The mark of a phrase: the whole line where that is short, else from the phrase's sentence on."""
    start, end = len(line) - len(line.lstrip()), len(line.rstrip())
    if end - start > 200:
        start = max(
            start, hit.start - 100, *(line.rfind(stop, 0, hit.start) + len(stop) for stop in (". ", "! ", "? ", "。") if stop in line[: hit.start])
        )
    return Mark("truncated", number, start, end, f"{hit.phrase.kind}: {hit.phrase.text}")


def _alone(mark: Mark, line: str) -> bool:
    return mark.end - mark.start == len(line.strip()) and len(line.strip()) <= 200


def _ending(article: Article, lexicon: Lexicon, tail: _Tail) -> tuple[str, Mark] | None:
    """(kind, mark) where the article's own last line was cut."""
    own = next(((number, hits) for number, hits, beyond in tail.seen if not beyond or any(map(_is_count, hits))), None)
    if own is None:
        return None
    number, hits = own
    line = article.lines[number]
    cut = [hit for hit in hits if hit.phrase.kind == "teaser"]
    note = _broken(line, article.lang, lexicon)
    snippet = sum(map(len, article.lines)) <= SNIPPET and sum(1 for each in article.lines if each.strip()) <= SNIPPET_LINES
    if cut and _is_excerpts(article.lines, line):
        return None
    for hit in sorted(cut, key=lambda hit: hit.phrase.weak):
        before = line[: hit.start].rstrip()
        if not hit.phrase.weak or snippet or _broken(before, article.lang, lexicon) or _is_cut_word(before):
            return "teaser", _last(number, line, f"teaser: {hit.phrase.text}")
    if not note and sum(1 for each in article.lines if each.strip()) == 1:
        note = _unended(line, article.lang, lexicon)
    if note and not cut:
        return "midsentence", _last(number, line, note)
    return None


def _unended(line: str, lang: str | None, lexicon: Lexicon) -> str:
    """How a text of one short line breaks off: its sentences end with a mark, and the last one with a letter. "" if it does not."""
    text = line.strip()
    if not TWEET <= len(text) <= FEED or lang in lexicon.endings.unmarked or UNSPACED.search(text):
        return ""
    word = text.rpartition(" ")[2]
    return "its last sentence alone has no end" if text[-1].islower() and word.isalpha() and _STOP.search(text) else ""


def _is_count(hit: Hit) -> bool:
    """Whether a feed says how much it cut off: that is so whatever else the line is."""
    return hit.phrase.kind == "teaser" and "{n}" in hit.phrase.text


def _is_excerpts(lines: list[str], last: str) -> bool:
    """Whether the cut text is a page of other articles' beginnings, or a link back that a blog shows as a comment."""
    if last.lstrip().startswith(("[…]", "[...]")):
        return True
    return last.rstrip().endswith(("[…]", "[...]")) and sum(1 for line in lines if line.rstrip().endswith(("[…]", "[...]"))) > EXCERPTS


def _last(number: int, line: str, note: str) -> Mark:
    """The end of a line, from the beginning of a word on."""
    begin, end = len(line) - len(line.lstrip()), len(line.rstrip())
    if end - begin > SHOWN:
        begin = end - SHOWN
        begin = max(begin, line.find(" ", begin, end - SHOWN // 2) + 1)
    return Mark("truncated", number, begin, end, note)


def _is_cut_word(before: str) -> bool:
    """Whether a line breaks off after the first letter of a word."""
    return len(before) > 2 and before[-2].isspace() and before[-1].isalpha() and before[-1].islower() and before[-1] not in "aàeiouyоиавсук"


def _broken(line: str, lang: str | None, lexicon: Lexicon) -> str:
    """How a line of prose breaks off in the middle of a sentence, "" if it does not."""
    text = line.rstrip()
    if not text or text.lstrip().startswith(LIST) or len(text) < (SENTENCE // 2 if UNSPACED.search(text) else SENTENCE):
        return ""
    endings = lexicon.endings
    if text[-1] in endings.openers:
        return "ends on an opening bracket"
    bare = text.rstrip(endings.closers + " ")
    if not bare or bare[-1] in endings.terminal or bare[-1] in endings.terminal_of.get(lang or "", ""):
        return ""
    if bare[-1] in endings.dangling and bare[-2:-1].isalpha() and not _ENTITY.search(bare):
        return "ends on a comma or hyphen"
    before, _, word = bare.rpartition(" ")
    if lang not in endings.unmarked and before and word in endings.function_words.get(lang or "", ()):
        return f"ends on {word!r}"
    if len(word) == 1 and word.isalpha() and before.endswith(",") and not UNSPACED.match(word):
        return "ends on the first letter of a word"
    return ""
