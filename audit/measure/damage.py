"""Damage to the characters of an article: mojibake, U+FFFD, undecoded entities, C1 controls, and letters that are gone.

Everything is looked for in the text as read. Nearly every article is healthy, so each rule starts from a character that
C code finds (`in`, or a pattern that begins with a literal); only then does a pattern look closely.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from string import ascii_letters

from audit.kernels.hurts import CONTRACTIONS, SOME
from audit.measure import clean
from audit.measure.article import Article, Mark

Span = tuple[int, int]
"""Start and end in the lines as read, joined by "\\n"."""

MOST = 10
"""Marks of one rule in one article: evidence, not an inventory."""
CONTEXT = 24

_RECODED = frozenset({"fix_encoding", "decode_inconsistent_utf8", "restore_byte_a0", "replace_lossy_sequences", "fix_c1_controls"})
_LEADS = ("Ã", "Â", "Ð", "â€")  # what most UTF-8 begins with when it is read as Latin-1 or Windows-1252
_FOREIGN = ("├", "┬", "√", "Г")
"""What it begins with when it is read as the tables of DOS, the Mac, or Windows' Cyrillic one."""
_MISREAD = re.compile(r"[├┬][¡-¿áéíóúñÑªºα-σ║╝╗╣⌐½¼]|┬┐(?=\w)|(?<=[A-Za-zÀ-ž])√[®©†∂±ßπ≤≠≥º§°¨ü∏´]|(?<=[A-Za-z])Г[ -¿†‡…]")

_ACCENTED = bytes(range(0xC0, 0x100))
_LETTERS = ascii_letters.encode()

_ENTITY = re.compile(r"&#?[0-9A-Za-z]{1,24};")
# Without a semicolon only names that nobody writes after an ampersand, and not the parameter of a URL (&amp=1).
_OPEN_ENTITY = re.compile(r"&(?:amp|nbsp|quot|apos|[lr][sd]quo|[mn]dash|hellip|[aeiou](?:acute|grave|circ|uml)|#\d{2,5})(?![\w;]*[;=])")
# Without its ampersand, as in "Intel #39;s" and "quot;We will win".
_HEADLESS = re.compile(
    r";(?:(?<=[^&;\w]quot;)|(?<=[^&;\w]nbsp;)|(?<=[^&;\w]amp;)|(?<=[^&;\w]lt;)|(?<=[^&;\w]gt;)"
    r"|(?<=[^&;\w]#\d\d;)|(?<=[^&;\w]#\d{3};)|(?<=[^&;\w]#\d{4};))"
)

# Each begins with its "?", so that nothing else is looked at.
_QUERY = re.compile(r"\?(?:\w|\?|(?<=[,.]\?)\s| (?:und|oder|bzw|sowie)\b)")
_CONTRACTION = re.compile(r"\?(?<=[a-z]\?)(?:s|t|re|ve|ll|d|m)\b")
_INSIDE = re.compile(r"\?(?:(?<=[^\W\d_]\?)(?=[^\W\d_])|(?<=\w-\?)(?=\w))")
_HYPHEN = re.compile(r"\?(?<=[a-zäöüß]\?) (?:und|oder|bzw\.|sowie) (?=\w)")  # German: "In- und Ausland"
_OPENING = re.compile(r"\?(?<!\S\?)(?=[^\W\d_])")
_CLOSING = re.compile(r"\?(?<=[,.]\?)(?!\S)")
_ONLY = re.compile(r"\?(?<!\S\?)\?+[.,:;!]?(?:[^\S\n]+\?+[.,:;!]?)+(?!\S)")
_ADDRESS = re.compile(r"[/=&@\\<>{}()\[\]|_]|www\.")  # in such a token "?" is a query or code

_LONE = frozenset([".", ",", ":", ";", "!", "?", "()", "(", ")", ",,", "..", "-,", "),", ").", "(),", "'", "''", "' '", "-"])
_OTHER_SCRIPT = re.compile("[\u0370-\u1eff\u2c00-\ufaff]")

_CONTRACTED = re.compile(rf"\b(?:{'|'.join(CONTRACTIONS)})\b", re.IGNORECASE)
_APOSTROPHE = re.compile(r"['’‘ʼ`´?\ufffd](?<=[A-Za-z].)[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Damage:
    """What was found.

    Attributes:
        encoding_damage: Mojibake, U+FFFD, undecoded entities, C1 controls, or letters lost.
        lost_letters: Letters deleted, or replaced by question marks.
        marks: Evidence, on lines of the text as read; at most MOST of one rule.
    """

    encoding_damage: bool
    lost_letters: bool
    marks: tuple[Mark, ...]


HEALTHY = Damage(False, False, ())


def find(raw: Sequence[str], article: Article, fixes: Sequence[str]) -> Damage:
    """The damage to an article.

    Args:
        raw: The lines of the text as read.
        article: The same article, cleaned.
        fixes: The steps that cleaning took (`clean.STEPS`).
    """
    text = "\n".join(raw)
    broken = list(_broken(text, raw, article, fixes))
    if not broken and not _RECODED.isdisjoint(fixes):  # what was mended broke a line of the text as read (U+0085)
        broken = [("mojibake", _opening(text))]
    lost = list(_lost(text, article))
    if not broken and not lost:
        return HEALTHY
    place = _places(raw, text)
    marks = [place("encoding_damage", span, note) for note, span in broken]
    marks += [place(check, span, note) for note, span in lost for check in ("encoding_damage", "lost_letters")]
    return Damage(True, bool(lost), tuple(marks))


def _broken(text: str, raw: Sequence[str], article: Article, fixes: Sequence[str]) -> Iterator[tuple[str, Span]]:
    """What is there but garbled."""
    if fixes and not _RECODED.isdisjoint(fixes):
        yield from _most("mojibake", _recoded(raw, article.lines))
    if not text.isascii():
        if "\ufffd" in text:
            yield from _most("replacement character", _every(re.compile("\ufffd+"), text))
        if any(lead in text for lead in _LEADS):
            yield from _most("mojibake that cannot be mended", _unmended(article.lines, raw))
        if any(lead in text for lead in _FOREIGN):
            yield from _most("read with the wrong table", _every(_MISREAD, text))
        if _wrong_table(text):
            yield "read with the wrong table", _opening(text)
    if "&" in text:
        yield from _most("entity", (span for span in _every(_ENTITY, text) if clean.unescape(text[slice(*span)]) != text[slice(*span)]))
        yield from _most("entity without its end", _every(_OPEN_ENTITY, text))
    if ";" in text:
        yield from _most("entity without its ampersand", _every(_HEADLESS, text))


def _opening(text: str) -> Span:
    """The span of the first line that is not blank, 120 characters at the most: evidence of what a text is as a whole."""
    start = len(text) - len(text.lstrip())
    end = text.find("\n", start)
    return start, min(start + 120, end if end >= 0 else len(text))


def _recoded(raw: Sequence[str], lines: Sequence[str]) -> Iterator[Span]:
    """The spans of lines that cleaning decoded anew."""
    start = 0
    for before, after in zip(raw, lines):
        if before != after and not before.isascii():
            spans = clean.looks_bad(before)
            if spans:
                yield from ((start + first, start + last) for first, last in spans)
        start += len(before) + 1


def _unmended(lines: Sequence[str], raw: Sequence[str]) -> Iterator[Span]:
    """The spans of lines that still look like mojibake after cleaning; one alone may be a word of its own ("d'œ u v r e")."""
    start = 0
    for before, after in zip(raw, lines):
        if before == after and any(lead in after for lead in _LEADS):
            spans = clean.looks_bad(after)
            if len(spans) > 1:
                yield from ((start + first, start + last) for first, last in spans)
        start += len(before) + 1


def _wrong_table(text: str) -> bool:
    """Whether nearly all letters are accented Latin ones: another script, read as Latin-1 ("Ïðèâåò"). No language writes so."""
    try:
        data = text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    accented = len(data) - len(data.translate(None, _ACCENTED))
    return accented > 20 and accented > 3 * (len(data) - len(data.translate(None, _LETTERS)))


def _lost(text: str, article: Article) -> Iterator[tuple[str, Span]]:
    """What is not there any more."""
    if "?" in text and _QUERY.search(text):
        yield from _questions(text, article)
    if _stripped(text, article.title):
        yield "letters deleted", _opening(text)
    if article.lang == "en" and len(text) > 200 and not _APOSTROPHE.search(text):
        words = list(_every(_CONTRACTED, text))
        if len({text[slice(*span)].lower() for span in words}) >= SOME:
            yield from _most("apostrophes deleted", words)


def _questions(text: str, article: Article) -> Iterator[tuple[str, Span]]:
    """Question marks that stand for letters, apostrophes or hyphens."""
    inside = [span for span in _every(_INSIDE, text) if not _ADDRESS.search(_token(text, span))]
    contracted = [span for span in _every(_CONTRACTION, text) if not _ADDRESS.search(_token(text, span))]
    if contracted:
        yield from _most("apostrophe became ?", contracted)
    elif sum(_is_letter(text, span) for span in inside) > 1 or any(text[span[0] - 1] == "-" for span in inside):
        yield from _most("? inside a word", inside)
    opening, closing = list(_every(_OPENING, text)), list(_every(_CLOSING, text))
    if opening and closing:
        yield from _most("quotation mark became ?", sorted(opening + closing))
    hyphens = list(_every(_HYPHEN, text)) if article.lang in ("de", None) else []
    if len(hyphens) > 1:
        yield from _most("hyphen became ?", hyphens)
    yield from _most("letters became ?", (span for span in _every(_ONLY, text) if text.count("?", *span) > 4))


def _is_letter(text: str, span: Span) -> bool:
    """Whether the ? stands where a letter would: between small letters ("S?o" too), or between Han where ？ is written as well."""
    before, after = text[span[0] - 1], text[span[1]]
    if before >= "\u2e80" or after >= "\u2e80":
        return before >= "\u2e80" and after >= "\u2e80" and "？" in text
    return after.islower()


def _stripped(text: str, title: str | None) -> bool:
    """Whether the letters of a script were deleted and its punctuation stayed: ". ( . . , , - .)"."""
    sample = (text[:300] + " " + text[-300:]).split()
    lone = sum(map(_LONE.__contains__, sample))
    if lone < 2:
        return False
    if title is not None and not title.isascii() and _OTHER_SCRIPT.search(title) and not _OTHER_SCRIPT.search(text):
        return lone - sample.count("-") >= max(2, 0.05 * len(sample))  # the headline has the script, the text has none of it
    if lone < 0.15 * len(sample):
        return False
    tokens = text.split()
    lone = sum(map(_LONE.__contains__, tokens))
    return lone >= 5 and tokens.count(".") + tokens.count(",") >= 4 and lone >= 0.3 * len(tokens)


def _every(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    return (match.span() for match in pattern.finditer(text))


def _most(note: str, spans: Iterator[Span] | list[Span]) -> Iterator[tuple[str, Span]]:
    return ((note, span) for _, span in zip(range(MOST), spans))


def _token(text: str, span: Span) -> str:
    """The run without white space around a span."""
    start, end = span
    head = text[max(0, start - 200) : start].split()
    tail = text[end : end + 200].split()
    before = head[-1] if head and not text[start - 1].isspace() else ""
    return before + text[start:end] + (tail[0] if tail and not text[end : end + 1].isspace() else "")


def _places(raw: Sequence[str], text: str) -> Callable[[str, Span, str], Mark]:
    """Turns a span of the joined text into a mark on its line, with a little context, cut at white space."""
    starts = list(accumulate((len(line) + 1 for line in raw), initial=0))

    def place(check: str, span: Span, note: str) -> Mark:
        line = bisect_right(starts, span[0], hi=len(raw)) - 1
        words, start, end = raw[line], span[0] - starts[line], min(span[1] - starts[line], len(raw[line]))
        first, last = max(0, start - CONTEXT), min(len(words), end + CONTEXT)
        while 0 < first < start and not words[first - 1].isspace():
            first += 1
        while end < last < len(words) and not words[last].isspace():
            last -= 1
        return Mark(check, line, first, last, note)

    return place
