"""Whether a text stops before its article does, as far as the text itself says so.

From the last line upwards: what stands after an article (boilerplate, credits, notes) is looked past, markers are taken, and the
last line of the article's own is asked how it ends. A cut at a full stop without a marker leaves nothing to see here:
`across.duplicates` finds those that have a longer copy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from audit.kernels.flags import HITS, UNSEEN
from audit.measure import credits, names
from audit.measure.article import Article, Mark
from audit.measure.marks import Hit, Lexicon
from audit.measure.phrases import UNSPACED, Phrase

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
HEADING = 100
"""A headline of another article, above the beginning of it, is no longer (characters)."""
EXCERPTS = 2
"""More lines than these that end on "[…]" are excerpts of several articles."""
SENTENCE = 45
"""A last line that is shorter is a label, a name or a list's item, however it ends (characters; half of that without spaces between words)."""
TWEET, FEED = 80, 400
"""Feeds cut a text to one line of so many characters; a shorter one is a headline or a message, which need no full stop."""
BELOW = 600
"""A marker that says plainly where the rest is counts above so much of the page's own prose (characters)."""
PLAIN = 3
"""Words of a marker that says so plainly (in scripts without spaces: twice as many letters, or one more beside a slot)."""
MESSAGE = 150
"""A text of one sentence without a mark is a headline, a deck or a message if it is no longer (characters)."""
_OWNED = re.compile(r"(?<=[^\W\d_])\s?(?:['’]|&?#39;|&?#8217;)s$")
"""What may follow the last word: "the country's", and what is left of it in a feed."""
_STOP = re.compile(r"[^\W\d_]{2}[.!?][\"”»)]? +[\"“«(]?[^\W\d_]")
"""A sentence that ends inside a line."""
_PAGES = re.compile(r"\d\D{1,6}\d{1,2}(?!\d)")
"""What a headline that counts pages has."""
_DOMAIN = re.compile(r"\w\.[a-z]{2,4}$")
_ARTICLE = re.compile(r"^(?:the|der|die|das|le|la|les|el|los|il|o|a)\s", re.IGNORECASE)
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
    """The end of an article, upwards: (line number, its hits, whether it is the page's and not the article's).

    Attributes:
        lines: All lines.
        seen: Down to the article's last line, and a few thin ones above it.
        higher: Plain markers above those: (line number, hit).
    """

    lines: Sequence[str]
    seen: list[tuple[int, Sequence[Hit], bool]]
    higher: list[tuple[int, Hit]]


WHOLE = Truncation(False, None, None, frozenset(), ())


def find(article: Article, lexicon: Lexicon, boilerplate: frozenset[int], credited: frozenset[int]) -> Truncation:
    """How the text of an article ends.

    Args:
        article: The article.
        lexicon: The phrases.
        boilerplate: Its lines that are the page's.
        credited: Its lines that credit someone.
    """
    if _is_whole(article, boilerplate | credited):
        return WHOLE
    tail = _tail(article, lexicon, boilerplate | credited)
    short = article.chars <= STUB
    found = _markers(tail, short) or _paged(article, lexicon)
    kind = found[0][0] if found else None
    marks = [mark for _, mark in found]
    lines = frozenset(mark.line for mark in marks if mark.line is not None and _alone(mark, article.lines[mark.line]))
    if not found and (end := _ending(article, lexicon, tail)):
        kind, mark = end
        marks = [mark]
    return Truncation(bool(marks), kind, marks[0] if marks else None, lines, tuple(marks))


def _is_whole(article: Article, after: frozenset[int]) -> bool:
    """Whether kernels have seen that an article's own last line ends like a sentence, and no phrase stands near it: then no rule finds anything."""
    full = article.full
    if not full or full[-1] in after or not article.is_ended(full[-1]) or _PAGES.search(article.title or ""):
        return False
    below = 0
    for number in reversed(full):
        if article.may(number, HITS | UNSEEN):
            return False
        below += article.size(number)
        if below > BELOW:
            break
    return True


def _tail(article: Article, lexicon: Lexicon, after: frozenset[int]) -> _Tail:
    """The lines from the end up to the article's last one, and a few thin ones above it."""
    seen: list[tuple[int, Sequence[Hit], bool]] = []
    thin = 0
    for number in reversed(article.full):
        line = article.lines[number]
        hits = lexicon.of(article, number, False, True)
        beyond = number in after or any(hit.phrase.kind in ("note", "signoff", "republish", "advert") for hit in hits) or _is_sign(line)
        seen.append((number, hits, beyond))
        if not beyond:
            thin += 1
            if thin > THIN_LINES or not _is_thin(line, lexicon):
                break
        if len(seen) >= AFTER:
            break
    return _Tail(article.lines, seen, _higher(article, lexicon, seen))


def _higher(article: Article, lexicon: Lexicon, seen: list[tuple[int, Sequence[Hit], bool]]) -> list[tuple[int, Hit]]:
    """Plain markers above the article's last lines, which may be the page's prose that no phrase knows ("Example News is a service of ...")."""
    lines, plain = article.lines, _plain(lexicon)
    below = sum(article.size(number) for number, _, beyond in seen if not beyond)
    found: list[tuple[int, Hit]] = []
    for number in range(seen[-1][0] - 1 if seen else -1, -1, -1):
        if below > BELOW:
            break
        if article.is_full(number):
            found += [(number, hit) for hit in plain.of(article, number, False, True) if not _is_label(lines[number])]
            below += article.size(number)
    return found


@cache
def _plain(lexicon: Lexicon) -> Lexicon:
    """The plain markers alone."""
    return lexicon.only(_is_plain)


def _is_plain(phrase: Phrase) -> bool:
    """Whether a marker says in so many words that the rest is elsewhere."""
    if phrase.weak or phrase.kind not in ("truncation", "paywall"):
        return False
    letters = sum(len(word) for word in phrase.words if UNSPACED.match(word))
    return len(phrase.words) >= PLAIN or letters >= (PLAIN + 1 if len(phrase.pieces) > 1 else 2 * PLAIN)


def _is_label(line: str) -> bool:
    """Whether a line announces what was below it: links, mostly."""
    return line.rstrip().endswith((":", "："))


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
            if hit.phrase.kind not in ("paywall", "truncation"):
                continue
            mark = _mark(number, tail.lines[number], hit)
            if hit.phrase.kind == "paywall":
                if hit.phrase.weak and "newsletter" in kinds:
                    continue
                (asking if hit.phrase.weak else strong).append(("paywall", mark))
            elif "advert" not in kinds:
                label = _is_label(tail.lines[number])
                if _is_page(hit) and _is_last_page(tail.lines[number], hit):
                    continue
                if hit.phrase.weak and "source" in hit.phrase.pieces[1::2]:
                    if _is_elsewhere(tail.lines, number, hit):
                        strong.append(("marker", mark))
                elif not hit.phrase.weak and not (label and hit.phrase.match == "whole"):
                    strong.append(("marker", mark))
                elif short and (not above if hit.phrase.weak else label) and not (label and hit.phrase.weak):
                    weak.append(("marker", mark))
        above = above or not beyond
    if short or len({mark.line for _, mark in asking}) > 1:
        strong += asking
    if not strong:
        strong = [("paywall" if hit.phrase.kind == "paywall" else "marker", _mark(number, tail.lines[number], hit)) for number, hit in tail.higher]
    return strong or weak


def _is_elsewhere(lines: Sequence[str], number: int, hit: Hit) -> bool:
    """Whether the source at the end of a phrase is another outlet ("Click for more from The Daily Example"), so that the phrase hands the reader
    over to its story; else it is a link to more of the same column. It is one if the text above tells what it said, or by its name.
    """
    said = lines[number][hit.start + len(hit.phrase.pieces[0]) : hit.end].strip(" .:!)]→»")
    name = _ARTICLE.sub("", said)
    if len(name) < 3 or _is_label(lines[number]) or "’s " in name or "'s " in name:
        return False
    known = names.is_body(name.split()[-1]) or name.isupper() or name in credits.agencies() or _DOMAIN.search(name)
    told = re.compile(r"(?<![“\"‘'])" + re.escape(name))  # a column's name stands in quotation marks, an outlet's does not
    return bool(known) or any(told.search(line) for line in lines[:number])


def _paged(article: Article, lexicon: Lexicon) -> list[tuple[str, Mark]]:
    """The mark of a headline that says its page is not the last one ("... (1/3 ページ)")."""
    title = article.title or ""
    if not _PAGES.search(title):
        return []
    for hit in lexicon.hits(title, False, True):
        if hit.phrase.kind == "truncation" and _is_page(hit) and not _is_last_page(title, hit):
            return [("marker", Mark("truncated", None, 0, 0, f"truncation: {hit.phrase.text}", title))]
    return []


def _is_page(hit: Hit) -> bool:
    return hit.phrase.pieces[1::2] == ("n", "n")


def _is_last_page(line: str, hit: Hit) -> bool:
    """Whether a phrase such as "Page 3 of 3" counts to its end."""
    page, pages = re.findall(r"\d+", line[hit.start : hit.end])[:2]
    return int(page) >= int(pages)


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
    lone = len(article.full) == 1
    snippet = len(article.full) <= SNIPPET_LINES and article.chars <= SNIPPET
    if cut and _is_excerpts(article.lines, number):
        return None
    for hit in sorted(cut, key=lambda hit: hit.phrase.weak):
        before = line[: hit.start].rstrip()
        if not hit.phrase.weak or snippet or _broken(before, article.lang, lexicon) or _is_cut_word(before):
            return "teaser", _last(number, line, f"teaser: {hit.phrase.text}")
    note = _broken(line.lstrip("-*•· ") if lone else line, article.lang, lexicon)
    if not note and lone:
        note = _unended(line, article.lang, lexicon)
    if note and not cut and not _goes_on(article.lines, number):
        return "midsentence", _last(number, line, note)
    return _above_thin(article, lexicon, tail, number)


def _goes_on(lines: Sequence[str], number: int) -> bool:
    """Whether the next line continues a sentence: then lines were broken by hand, and what follows only seems to be the page's."""
    first = next((line.lstrip()[0] for line in lines[number + 1 :] if line.strip()), "")
    return first.islower() or first.isdigit()


def _above_thin(article: Article, lexicon: Lexicon, tail: _Tail, last: int) -> tuple[str, Mark] | None:
    """(kind, mark) of prose that was cut above lines that may be the page's: short ones without an end ("Sign in to see what others say")."""
    for number, _, beyond in tail.seen:
        line = article.lines[number]
        wide = UNSPACED.search(line) is not None
        if number < last and not beyond and len(line) > (SENTENCE if wide else 2 * SENTENCE):
            note = _broken(line, article.lang, lexicon)
            return ("midsentence", _last(number, line, note)) if note.startswith("ends on '") or (note and wide) else None
    return None


def _unended(line: str, lang: str | None, lexicon: Lexicon) -> str:
    """How a text of one short line breaks off, "" if it does not: whole sentences end with a mark, and the last one with a letter; or it is one
    sentence, too long for a headline or a message.
    """
    text = line.strip()
    if not TWEET <= len(text) <= FEED or lang in lexicon.endings.unmarked or UNSPACED.search(text):
        return ""
    text = _OWNED.sub("", text)
    word = text.rpartition(" ")[2]
    if not word.isalpha():
        return ""
    stop = max((each.end() for each in _STOP.finditer(text) if len(text) >= MESSAGE or each[0][2] == "."), default=None)
    if stop is not None and (word.islower() or sum(map(str.islower, text[stop:].split())) > 1):
        return "its last sentence alone has no end"
    return "a sentence without its end" if stop is None and word.islower() and len(text) >= MESSAGE else ""


def _is_count(hit: Hit) -> bool:
    """Whether a feed says how much it cut off: that is so whatever else the line is."""
    return hit.phrase.kind == "teaser" and "{n}" in hit.phrase.text


def _is_excerpts(lines: Sequence[str], number: int) -> bool:
    """Whether the cut text is other articles' beginnings: a page or list of them, or a link back that a blog shows as a comment."""
    last = lines[number]
    if last.lstrip().startswith(("[…]", "[...]")):
        return True
    if not last.rstrip().endswith(("[…]", "[...]")):
        return False
    above = [line for line in lines[:number] if line and not line.isspace()]
    headed = len(above) > SNIPPET_LINES and len(above[-1]) <= HEADING and above[-1].rstrip()[-1].isalnum()
    return headed or sum(1 for line in lines if line.rstrip().endswith(("[…]", "[...]"))) > EXCERPTS


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
