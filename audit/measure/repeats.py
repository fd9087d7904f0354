"""Whether a line repeats a headline: in other case and punctuation, without the site's name, with an alert word, or over several lines.

Lines and headlines are compared squeezed to letters and digits. A half of a headline counts only where it is enough of it
("EXECUTIVE ORDER" is none of "Executive Order: Protecting the Coast").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from audit.kernels import repeats as kernels
from audit.kernels.utf8 import buffers
from audit.measure import wording
from audit.measure.fold import fold, typed

_SITE = re.compile(r"\s+[|\-–—―－·•»«›‹⋆~/]{1,2}(?:\s+|$)|\s*[|｜]\s*|--|_(?=[^\s_])")
"""What stands between a headline and the name of a site or section. A dash or slash counts only with space around it."""
_CLAUSE = re.compile(r"\s*[:：]\s*|—+|(?<=[.!?])\s+")
"""What may also stand between two halves of a headline, so a half of it proves less."""
_ALERT = re.compile(
    r"\s*(?:[\[(【〈［（]([^\W\d][^\])】〉］）]{0,19})[\])】〉］）]|([^\W\d][^:：|｜!！….\-–—／/]{0,24}?)(?:\s*\d)?(?:\s*[:：|｜!！…]+|\.{1,3}\s|\s*[-–—／/]))\s*"
)
"""A word in brackets or before a mark, which may be an alert."""
_WIDE = re.compile("[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\uff00-\uff60]")
_SENTENCE_END = (".", "。", "।", "۔", ".”", '."', "。」")

_SMALL = bytes(range(256)).lower()
_SIGNS = bytes(byte for byte in range(128) if not chr(byte).isalnum())
_EQUAL, _BARE, _PART = "equals the headline", "the headline without the name of the site", "a part of the headline"

HEAD_LINES = 12
"""Non-empty lines that are looked at: navigation and dates may stand before the headline, not a page of them."""
PARAGRAPH = 240
"""A line longer than this is no headline (characters)."""
PROSE = 80
"""A line of this many characters that ends like a sentence begins the body."""
WRAPPED = 4
"""Lines that a hard-wrapped headline may take."""
LEAST = 8
"""A form that is only a part of a line has so many letters and digits."""
SITE_CHARS = 60
"""A part longer than this is no name of a site."""
BOUND = (2, SITE_CHARS)
"""A line of more than so many times the characters of the headline and so many is none."""
PARTS = 6
"""Parts of a headline that are looked at; more are a list, not names of sites."""


@dataclass(frozen=True, slots=True)
class Forms:
    """The spellings of a headline that a line may repeat, squeezed to letters and digits: form -> how it differs from the title."""

    whole: str
    forms: dict[str, str]

    @staticmethod
    def of(title: str, source: str | None, known: frozenset[str]) -> Forms:
        """The forms of a title; `known`: names of sites that the corpus teaches for its source."""
        whole = squeeze(title)
        forms = {whole: _EQUAL}
        for form, note in _shorter(title, squeeze(source or ""), known):
            forms.setdefault(form, note)
        if (plain := _without_alert(title)) != title:
            forms.setdefault(squeeze(plain), "the headline without its alert word")
        forms.pop("", None)
        return Forms(whole, forms)

    def match(self, line: str) -> str | None:
        """How the line repeats the headline, None if it does not."""
        squeezed = squeeze(line)
        note = self.forms.get(squeezed)
        if note or len(self.whole) < LEAST or len(squeezed) > 2 * len(self.whole):
            return note
        line = " ".join(line.split())
        for form, how in self.forms.items():
            if how == _PART or len(form) < LEAST or 2 * len(form) < len(squeezed):
                continue
            if squeezed.startswith(form) and (10 * len(form) >= 7 * len(squeezed) or any(squeeze(part) == form for part in parts(line))):
                return "the headline and more"
            if squeezed.endswith(form) and squeeze(_without_alert(line)) == form:
                return "the headline with an alert word"
            if squeezed.endswith(form) and any(squeeze(part) == form for part in (*parts(line), *_after_colon(line))):
                return "the headline with something before it"
        return None


def _after_colon(line: str) -> Iterator[str]:
    """What follows the first colon: the headline itself may have colons."""
    for mark in (":", "："):
        _, found, rest = line.partition(mark)
        if found:
            yield rest


def _shorter(title: str, host: str, known: frozenset[str]) -> Iterator[tuple[str, str]]:
    """(squeezed form, note): the headline without names of sites, and parts of it that can stand for it."""
    pieces = parts(title)[:PARTS]
    squeezed = [squeeze(piece) for piece in pieces]
    sites = [_names_site(form, host, known) for form in squeezed]
    for start in range(len(pieces)):
        for end in range(start + 1, len(pieces) + 1):
            form = "".join(squeezed[start:end])
            outside = sites[:start] + sites[end:]
            rest = sum(map(len, squeezed)) - len(form)
            if outside and (all(outside) or (any(outside) and not any(sites[start:end]) and len(form) > rest)):
                yield form, _BARE
            elif outside and _stands_for(" ".join(pieces[start:end]), len(form), rest, apart=True):
                yield form, _PART
            if end == start + 1:
                yield from _halves(pieces[start], form, host)


def _halves(part: str, form: str, host: str) -> Iterator[tuple[str, str]]:
    """What stands before or after a colon, a long dash or the end of a sentence."""
    for cut in islice(_CLAUSE.finditer(part), PARTS):
        halves = [(half, squeeze(half)) for half in (part[: cut.start()], part[cut.end() :])]
        for (half, squeezed), (_, other) in (halves, halves[::-1]):
            if len(other) >= 4 and other in host:
                yield squeezed, _BARE
            elif _stands_for(half, len(squeezed), len(form) - len(squeezed), apart=False):
                yield squeezed, _PART


def _names_site(squeezed: str, host: str, known: frozenset[str]) -> bool:
    """Whether a part is learned, or the source's name in other writing ("Radio Maryja" of radiomaryja.pl)."""
    if squeezed in known:
        return True
    return len(squeezed) >= 3 and bool(host) and (squeezed in host or (len(host) >= 4 and host in squeezed))


def _stands_for(text: str, kept: int, dropped: int, *, apart: bool) -> bool:
    """Whether a part is so much of the headline that a line of it alone is a repeat ("EXECUTIVE ORDER" of a long one is not).

    `kept`, `dropped`: letters and digits in the part and beside it; `apart`: a separator stands between them that is no mark of a sentence.
    """
    count, share = len(text.split()), kept / max(1, kept + dropped)
    if 2 * sum(map(str.isdigit, text)) > kept:
        return False  # a date
    many = count >= 4 or (apart and count == 3) or (kept >= 8 and not text.isascii() and count <= 2)
    return share >= 0.6 or (many and (apart or share >= 0.4)) or (apart and count == 2 and share >= 0.3)


def hits(lines: Sequence[str], full: list[int], title: str, source: str | None, known: frozenset[str]) -> Iterator[tuple[tuple[int, ...], str]]:
    """Runs of lines before the body that repeat the headline, with how; `full`: numbers of the lines that are not blank."""
    numbers = full[:HEAD_LINES]
    forms, whole, at = None, squeeze(title), 0
    while at < len(numbers):
        text = bare(lines[numbers[at]])
        took, note = 1, None
        # Longer ones hold too much else. Most articles begin with such a line, or with one that is about something else, and cost nothing more.
        if len(text) <= BOUND[0] * len(title) + BOUND[1] and _may_repeat(squeezed := squeeze(text), whole):
            note = _EQUAL if squeezed == whole else None
            if note is None:
                forms = forms or Forms.of(title, source, known)
                note = forms.match(text)
                if note is None:
                    took, note = _wrapped([text, *(lines[number] for number in numbers[at + 1 : at + WRAPPED])], forms)
        if note is not None:
            yield tuple(numbers[at : at + took]), note
        elif is_body(text):
            return
        at += took


def may(titles: pa.LargeStringArray, views: pa.LargeStringArray) -> list[bool]:
    """Per text whether `hits` can find anything: a kernel has compared the beginnings and ends of lines with its headline; true without one."""
    out, room = np.zeros(len(views), np.uint8), np.empty((2, kernels.ROOM), np.uint32)
    kernels.look(*buffers(titles), *buffers(views), _squeezed(), np.array([HEAD_LINES, PROSE, PARAGRAPH, *BOUND]), room, out)
    return out.astype(np.bool_).tolist()


@cache
def _squeezed() -> npt.NDArray[np.uint32]:
    """What `squeeze` makes of each code point before those of East Asia, as kernels.repeats wants it."""
    table = np.zeros(0x3000, np.uint32)
    for point in range(len(table)):
        sign, form = chr(point), squeeze(chr(point))
        alone = len(form) < 2 and not 0x1100 <= point < 0x1200 and not unicodedata.category(sign).startswith("M")
        table[point] = (ord(form) if form else 0) if alone else kernels.WILD
    return table


def _may_repeat(squeezed: str, whole: str) -> bool:
    """Whether a line may be half a form of a headline or more, or a form's beginning: all forms are parts of the squeezed headline."""
    least = max(LEAST, (len(squeezed) + 1) // 2)
    return squeezed != "" and (squeezed[:least] in whole or squeezed[-least:] in whole)


def _wrapped(texts: list[str], forms: Forms) -> tuple[int, str | None]:
    """How many of the lines together are the headline, and the note; (1, None) if they are not."""
    if len(texts[0]) > PARAGRAPH or len(joined := squeeze(texts[0])) < 4 or not any(form.startswith(joined) for form in forms.forms):
        return 1, None
    for count, text in enumerate(texts[1:], 2):
        joined += squeeze(text[:PARAGRAPH])
        if joined in forms.forms:
            return count, "the headline over several lines"
    return 1, None


def is_body(text: str) -> bool:
    """Whether a line is running text, so that the body has begun or the line is no headline. Wide letters count twice."""
    length = len(text)
    if length <= PARAGRAPH and length > PROSE // 2 and not text.isascii():
        length += len(_WIDE.findall(text))
    return length > PARAGRAPH or (length > PROSE and text.endswith(_SENTENCE_END))


def bare(line: str) -> str:
    """A line without white space and Markdown around it."""
    text = line.strip().strip("#*|>•").strip()
    return text[2:].lstrip() if text.startswith("- ") else text


def squeeze(text: str) -> str:
    """Only letters and digits, in NFKC and casefolded; vowel signs of Indic scripts go too, on both sides of a comparison."""
    plain = typed(text)
    if plain.isascii():
        return plain.encode().translate(_SMALL, _SIGNS).decode()
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def parts(title: str) -> list[str]:
    """The title cut where a name of a site may begin or end."""
    return [part for part in _SITE.split(title) if part]


@cache
def _alerts() -> frozenset[str]:
    return frozenset(fold(alert) for entries in wording.load("title").values() for alert in entries)


def _without_alert(text: str) -> str:
    """A headline without "WATCH:", "[속보]", "EN DIRECT." and their like before it."""
    for _ in range(3):
        match = _ALERT.match(text)
        if match is None or fold(match[1] or match[2]) not in _alerts():
            break
        text = text[match.end() :]
    return text
