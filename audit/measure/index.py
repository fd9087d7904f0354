"""What is known by its words, compiled for `kernels.looks`: phrases, dates, credits, roles, and what characters are to the rules.

The rules themselves stand where they are; a table here only has to hold all that they look for. `tests/test_glance.py` compares.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from audit.kernels import filed
from audit.kernels.chars import members
from audit.kernels.folds import MAY_JOIN, folds
from audit.kernels.sizes import SPACES
from audit.measure import blocks, credits, fold, names, phrases, shapes, signatures
from audit.measure.marks import Lexicon
from audit.measure.phrases import Phrase

_MASK = (1 << 64) - 1
_MOST = 4
"""A character that folds to more is left to Python."""
_SELF = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xAC00, 0xD7A4), (0xE000, 0xF900), (0x20000, 0x2F800), (0x2FA20, 0x110000))
"""Blocks whose characters fold to themselves: Han, Hangul, private use and what is unassigned."""


_UNSPACED = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF))
_EAST = ((0x1100, 0x11FF), (0x2E80, 0x9FFF), (0xA960, 0xA97F), (0xAC00, 0xD7FF), (0xF900, 0xFAFF), (0xFF5F, 0xFFDF), (0x20000, 0x3FFFF))
_BULLETS = "-–—*•·►▶■»>"


def key(domain: np.uint64, points: Iterable[int]) -> int:
    """The key of code points, as kernels.lines.mixed chains them."""
    state = int(domain)
    for point in points:
        state = (state ^ point) * 0x9E3779B97F4A7C15 & _MASK
        state ^= state >> 32
    return state


def _key(domain: np.uint64, text: str) -> int:
    return key(domain, map(ord, text))


def word(text: str) -> int:
    """The key of a word, as kernels.filed.word makes it."""
    state = eight = size = 0
    for size, char in enumerate(text, 1):
        eight = eight >> 8 | (ord(char) & 0xFF) << 56
        if size % 8 == 0:
            state = key(np.uint64(state), [eight])
    return key(np.uint64(state ^ size), [eight])


def _told(domain: np.uint64, first: str) -> int:
    return key(domain, [word(first)])


def _whole(words: Iterable[str]) -> int:
    return key(filed.WHOLE, map(word, words))


@cache
def folding() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int32]]:
    """(`fold`, `longer`) of filed.Words."""
    table = np.arange(0x110000, dtype=np.uint32)
    tables = folds()
    marks = tables.marks.reshape(-1, 256)[tables.page].reshape(-1)
    weight, joins = (marks & 0xFF).astype(np.uint32), (marks & MAY_JOIN) != 0
    longer = [0]
    selves = np.zeros(0x110000, np.bool_)
    for first, last in _SELF:
        selves[first:last] = True
    unknown = members("Cn")
    for point in np.flatnonzero(~selves & ~unknown & ~members("Cs")).tolist():
        char = chr(point)
        form = fold.spelled(char)
        if form == char:
            continue
        points = list(map(ord, form))
        if len(points) == 1 and not joins[points[0]]:
            table[point] = points[0]
        elif len(points) > _MOST or joins[points].any() or any(weight[points]):
            table[point] = filed.UNSURE | filed.LONG
        else:
            table[point] = filed.LONG | len(longer)
            longer += [len(points), *points]
    table |= weight << filed.WEIGHT
    table[joins | unknown] |= filed.UNSURE
    table[0x2BC] |= filed.UNSURE  # an apostrophe to `fold`, a letter to everyone else
    table[list(SPACES)] = filed.SPACE
    return table, np.array(longer, np.int32)


def _points(text: Iterable[str]) -> list[int]:
    return [ord(char) for char in text]


@cache
def _kinds() -> npt.NDArray[np.uint32]:
    """What characters are to every lexicon."""
    kinds = np.zeros(0x110000, np.uint32)
    kinds[members("L", "N")] |= filed.ALNUM
    kinds[members("Nd")] |= filed.DIGIT | filed.DATELESS
    for first, last in _UNSPACED:
        kinds[first : last + 1] |= filed.UNSPACED
    for first, last in _EAST:
        kinds[first : last + 1] |= filed.EAST
    dateless = [point for point in (*range(0x80), *_points("·•–—\u200e\u200f")) if not chr(point).isalpha()]
    credit = {*credits.EDGE, *fold.fold(credits.EDGE)}
    for chars, kind in (
        (phrases.LEAD, filed.LEAD), (phrases.TRAIL, filed.TRAIL), (map(chr, dateless), filed.DATELESS), (credit, filed.EDGE),
        (shapes.ARROWS, filed.ARROW), (shapes.CRUMB, filed.CRUMB), ({*names.LEAD, *credits.EDGE}, filed.NAME_LEAD),
        (signatures.CLOSED, filed.CLOSED), (".!?:", filed.STOP), ("–—―~", filed.DASH), (_BULLETS, filed.BULLETS),
    ):  # fmt: skip
        kinds[_points(chars)] |= kind
    return kinds


class Filing:
    """Keys and the phrases that are filed under them, while they are collected."""

    def __init__(self) -> None:
        self.posts: defaultdict[int, list[tuple[str, int, int]]] = defaultdict(list)

    def know(self, *keys: int) -> None:
        """Add keys that say all by themselves."""
        for each in keys:
            self.posts.setdefault(each, [])

    def file(self, at: int, needle: str, how: int, offset: int = -1) -> None:
        """Add a phrase under a key, which stands at `offset` in it."""
        self.posts[at].append((needle, how, offset))

    def table(self) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64], npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """keys, sieve, posts, needles, letters of filed.Words."""
        size = 1 << max(4, (4 * len(self.posts)).bit_length())
        keys, posts, sieve = np.zeros(size, np.uint64), np.zeros((size, 2), np.int32), np.zeros(1024, np.uint64)
        needles: list[tuple[int, int, int, int]] = []
        letters: list[int] = []
        for each, found in self.posts.items():
            slot = (each >> 20) & (size - 1)
            while keys[slot]:
                slot = (slot + 1) & (size - 1)
            keys[slot], posts[slot] = each, (len(needles), len(needles) + len(found))
            sieve[(each >> 46) & 1023] |= np.uint64(1 << ((each >> 40) & 63))
            for needle, how, offset in found:
                needles.append((len(letters), len(letters) + len(needle), how, offset))
                letters += map(ord, needle)
        return keys, sieve, posts, np.array(needles, np.int32).reshape(-1, 4), np.array(letters, np.int32)


@cache
def words(lexicon: Lexicon) -> filed.Words:
    """The tables of a lexicon."""
    filing = Filing()
    kinds = _kinds().copy()
    for token, found in lexicon.words.items():
        for phrase in found:
            how, (at, place) = _how(phrase), _under(token.decode(), phrase)
            filing.file(at, phrase.needle, how, place if how & filed.APART else -1)
    filing.know(*(_whole(whole.decode().split()) for whole in lexicon.wholes))
    for found in lexicon.pairs.values():
        for phrase in found:
            at, pair = _pair(phrase)
            filing.file(_key(filed.NEXT, pair), phrase.needle, _how(phrase), at)
    for sign in lexicon.signs:
        kinds[ord(sign.needle[0])] |= filed.PAIR
        filing.file(_key(filed.NEXT, sign.needle[:1] if len(sign.needle) == 1 else sign.needle[:2]), sign.needle, _how(sign), 0)
    filing.know(*(_key(filed.DATE, word) for word in lexicon.dates))
    for chars, kind in ((lexicon.endings.terminal, filed.TERMINAL), (lexicon.endings.closers, filed.CLOSER), (lexicon.endings.openers, filed.OPENER)):
        kinds[_points(chars)] |= kind
    filing.know(*(_key(filed.END, end) for end in blocks.SENTENCE_END))
    _credits(filing)
    helped = signatures.helped_after()
    literals = [literal.encode() for literal in (*helped, *signatures.POSTED)]
    table, longer = folding()
    keys, sieve, posts, needles, letters = filing.table()
    every = (phrase for found in (lexicon.words, lexicon.pairs) for each in found.values() for phrase in each)
    window = max((_reach(phrase) for phrase in every if phrase.match == "prefix"), default=0)
    return filed.Words(
        table, longer, kinds, keys, sieve, np.array([window, len(helped)]), posts, needles, letters,
        np.frombuffer(b"".join(literals), np.uint8).copy(), np.cumsum([0, *map(len, literals)]).astype(np.int64),
    )  # fmt: skip


def _pair(phrase: Phrase) -> tuple[int, str]:
    """(place in the needle, -1 if it is in another literal; the first letter of a script without spaces and what follows it, NUL if nothing does)."""
    for literal in sorted(phrase.pieces[::2], key=len, reverse=True):
        if match := phrases.UNSPACED.search(literal):
            at = match.start()
            return (at if literal == phrase.needle else -1), (literal[at : at + 2] if at + 1 < len(literal) else "")
    raise AssertionError(phrase.text)


def _under(token: str, phrase: Phrase) -> tuple[int, int]:
    """(the key that a phrase with a word is filed under, where its last word stands in the needle or -1): that of the word and its neighbour,
    because many a word of a phrase is in every other line; or its own, if the neighbour may be part of a longer one in a line.
    """
    alone = len(phrase.pieces) == 1
    sound = [
        (first, second)
        for piece in phrase.pieces[::2]
        for first, second in pairwise(_words(piece))
        if token in (first[0], second[0])
        and (alone or (first.start() > 0 and second.end() < len(piece)))
        and not phrases.UNSPACED.search(first[0] + second[0])
    ]
    if not sound:
        return word(token), next((match.start() for match in _words(phrase.needle) if match[0] == token), -1)
    first, second = max(sound, key=lambda pair: len(pair[0][0]) + len(pair[1][0]))
    return key(np.uint64(word(first[0])), [word(second[0])]), second.start()


def _words(text: str) -> Iterator[re.Match[str]]:
    return re.finditer(r"[^\W_]+", text)


def _reach(phrase: Phrase) -> int:
    """So many characters of a line a phrase can take, from its beginning to the end of its last literal."""
    widths = [phrases.WIDEST[piece] if number % 2 else len(piece) for number, piece in enumerate(phrase.pieces)]
    return sum(widths if phrase.pieces[-1] else widths[:-2])


def _how(phrase: Phrase) -> int:
    """How the needle of a phrase sits in a line, as far as `Phrase.find` asks for it."""
    how = filed.PREFIX if phrase.match == "prefix" else filed.LATE if phrase.match in ("suffix", "in") else 0
    how |= filed.OF_LINE if phrase.where == "line" else 0
    how |= filed.ASKS if phrase.kind == "ask" else filed.NAMES if phrase.kind == "channel" else filed.ENOUGH
    alone, first = len(phrase.pieces) == 1, phrase.pieces[0]
    if alone:
        how |= filed.APART
    if phrase.match in ("prefix", "whole") and phrase.needle == first and first[:1] not in phrases.LEAD:
        how |= filed.AT_START
    if phrase.match == "suffix" and alone and first[-1:] not in phrases.TRAIL:
        how |= filed.AT_END
    return how


def _credits(filing: Filing) -> None:
    """What bylines look for."""
    for first, entries in credits.beginnings().items():
        for entry, _, _ in entries:
            filing.file(_key(filed.CREDIT, first), entry, filed.AT_START | filed.ENOUGH)
            filing.file(_key(filed.CREDIT, first + ":"), entry, filed.AT_START | filed.ENOUGH)
    for entry in (*credits.staff(), *credits.folded_agencies()):
        filing.know(key(np.uint64(_whole(phrases.split(entry))), [int(filed.DESK)]))
    for domain, entries in ((filed.AGENCY, credits.folded_agencies()), (filed.BIO, set(signatures.about()))):
        for entry in entries:
            first = phrases.split(entry)[0]
            filing.file(_told(domain, first), entry, filed.ENOUGH, entry.index(first))
    filing.know(*(_key(filed.NEVER, word) for word in names.lists().never if word.isascii()))
    filing.know(*(_key(filed.PARTICLE, word) for word in names.lists().particle if word.isascii()))
    filing.know(*(_key(filed.WITHIN, word.strip(".'")) for word in names.lists().particle | names.lists().joins if word.isascii()))
    filing.know(*(_key(filed.ROLE, match[0]) for word in names.lists().role if (match := re.match("[a-z]+", word))))
    filing.know(*(_key(filed.TELLS, word.strip("'")) for word in signatures.tells() if word.isascii()))
