"""The lexicons of phrases in `expectations/marks/`: loaded once, and found in lines without running a pattern over them.

A phrase that is its whole line is looked up by its words. Every other one is filed under its longest word (in scripts without spaces: its first
two letters), so that a line which has none of those words costs one look at a set. `bylines` and `titles` read files of their own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import chain
from operator import add
from pathlib import Path
from typing import Any, TypeVar

import yaml

from audit import assets
from audit.errors import SuiteError
from audit.kernels.flags import HITS, UNSEEN
from audit.measure import phrases, rulings
from audit.measure.article import Article
from audit.measure.fold import fold, typed
from audit.measure.phrases import MATCHES, UNSPACED, Phrase, split
from audit.measure.rulings import Rulings
from audit.suite import plain

BOILERPLATE = (
    "advert", "comments", "cookie", "copyright", "markup", "media", "navigation", "newsletter", "related", "republish", "section", "share", "tags",
)  # fmt: skip
KINDS = (*sorted((*BOILERPLATE, "ask", "channel", "note", "paywall", "signoff", "teaser", "truncation")),)
"""The files of phrases, by name."""
OTHERS = ("agency", "byline", "dates", "more", "punctuation", "title")
"""Files of other forms in the same folder."""

SHORT = 160
"""A longer line is prose: only the first and last lines of an article are looked at then, and only their ends (characters)."""
REMEMBERED = 600
"""What is said of a longer line is not kept for the next such line (characters): hostile ones would fill the memory."""
ENDS = 240
"""So much of a long line's end, and of its beginning, is looked at (characters)."""
_FIRST, _LAST = ("prefix",), ("suffix", "in")
"""How a phrase sits that is looked for at the beginning, and at the end of a long line."""
WHOLE = 16
"""No phrase that is a whole line has more words."""

_WORDS = bytes(byte + 32 if 65 <= byte <= 90 else byte if chr(byte).isalnum() and byte < 128 else 32 for byte in range(256))
"""Capitals small, everything that is neither letter nor digit a space."""

Key = TypeVar("Key", bytes, str)


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase that was found: its place in the line, in code points."""

    phrase: Phrase
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Endings:
    """How sentences end (`expectations/marks/punctuation.yml` says what each set is)."""

    terminal: frozenset[str]
    terminal_of: Mapping[str, str]
    closers: str
    openers: frozenset[str]
    dangling: frozenset[str]
    unmarked: frozenset[str]
    function_words: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """Phrases, filed so that they are found fast.

    Attributes:
        wholes: Words of a line -> phrases that are such a line.
        words, pairs: A word, or two letters of a script without spaces -> phrases that have it.
        keys: Of `words`.
        signs: Phrases without a letter.
        endings: How sentences end.
        dates: Words that a line which only says when is made of, folded.
        rulings: What the user says of lines that a corpus taught.
    """

    wholes: Mapping[bytes, tuple[Phrase, ...]]
    words: Mapping[bytes, tuple[Phrase, ...]]
    keys: frozenset[bytes]
    pairs: Mapping[str, tuple[Phrase, ...]]
    signs: tuple[Phrase, ...]
    endings: Endings
    dates: frozenset[str]
    rulings: Rulings

    def hits(self, line: str, head: bool, tail: bool) -> Sequence[Hit]:
        """The phrases in a line; `head`, `tail`: it is among the first or last lines of its article."""
        if len(line) > SHORT and not (head or tail):
            return []
        found = (_known if len(line) <= REMEMBERED else Lexicon.find)(self, line)
        if (head and tail) or not found:
            return found
        return [hit for hit in found if hit.phrase.where in ("any", "line") or (head if hit.phrase.where == "head" else tail)]

    def find(self, line: str) -> Sequence[Hit]:
        """The phrases in a line, wherever in its article it is."""
        if len(line) <= SHORT:
            return self._in(line, 0, MATCHES)
        if len(line) <= ENDS:
            found = sorted(self._in(line, 0, (*_FIRST, *_LAST)), key=lambda hit: hit.phrase.match not in _FIRST)
        else:
            found = self._in(line[:ENDS], 0, _FIRST) + self._in(line[-ENDS:], len(line) - ENDS, _LAST)
        return [hit for hit in found if hit.phrase.where != "line"]

    def only(self, chosen: Callable[[Phrase], bool]) -> Lexicon:
        """The lexicon of some of the phrases: many a line has none of their words."""
        wholes, pairs = _chosen(self.wholes, chosen), _chosen(self.pairs, chosen)
        words = _chosen(self.words, chosen)
        return replace(self, wholes=wholes, words=words, keys=frozenset(words), pairs=pairs, signs=tuple(filter(chosen, self.signs)))

    def of(self, article: Article, number: int, head: bool, tail: bool) -> Sequence[Hit]:
        """The phrases in a line of an article; none is looked for where a kernel has seen that there is none."""
        return self.hits(article.lines[number], head, tail) if article.may(number, HITS | UNSEEN) else []

    def _in(self, line: str, base: int, matches: Sequence[str]) -> list[Hit]:
        """The hits in a line or a part of one that begins at `base`, of phrases that sit in one of the ways."""
        plain_line = typed(line)
        if plain_line.isascii():
            tokens = plain_line.encode().translate(_WORDS).split()
            folded = _fold_ascii(plain_line)
        else:
            folded = fold(plain_line)
            tokens = [token.encode() for token in split(folded)]
        wholes = self.wholes.get(b" ".join(tokens), ()) if len(tokens) <= WHOLE and "whole" in matches else ()
        spans: list[tuple[Phrase, tuple[int, int] | None]] = [(phrase, (0, len(folded))) for phrase in wholes]  # punctuation does not matter to them
        filed = chain.from_iterable(map(self.words.__getitem__, sorted(self.keys.intersection(tokens))))
        for phrase in chain(filed, self._paired(folded), self.signs):
            if phrase.needle in folded and phrase.match in matches:
                spans.append((phrase, phrase.find(folded)))
        hits = []
        for phrase, span in spans:
            if span:
                start, end = _unfolded(line, plain_line, folded, *span)
                hits.append(Hit(phrase, base + start, base + end))
        return hits

    def _paired(self, folded: str) -> Iterable[Phrase]:
        """The phrases that are filed under two letters of a line."""
        if folded.isascii() or not UNSPACED.search(folded):
            return ()
        return chain.from_iterable(self.pairs.get(pair, ()) for pair in dict.fromkeys(map(add, folded, folded[1:])))


_SIMPLE = re.compile("[!-_a-~]+(?: [!-_a-~]+)*")
"""The beginning of a line that is as long when it is folded."""
_known = lru_cache(maxsize=16_384)(Lexicon.find)  # most lines of a page stand on every page, and two detectors ask for them


def _fold_ascii(line: str) -> str:
    """`fold` of a line of ASCII, fast where its spaces are single."""
    small = line.lower().strip()
    return small if small.isprintable() and "  " not in small and "`" not in small else fold(line)


def _unfolded(line: str, plain: str, folded: str, start: int, end: int) -> tuple[int, int]:
    """The span in `line` of a span in `folded`, its folded form; `plain`: the line as it is typed."""
    if len(line) == len(folded):
        return start, end
    reaching = _reaching_typed if plain.isascii() and len(plain.strip()) == len(folded) else _reaching
    return reaching(line, start + 1) - 1, reaching(line, end)


def _reaching_typed(line: str, size: int) -> int:
    """`_reaching` of a line that is only typed otherwise and trimmed when it is folded: "…" alone becomes longer, by two."""
    size += len(line) - len(line.lstrip())
    at = line.find("…")
    while 0 <= at < size:
        if size <= at + 3:
            return at + 1
        size -= 2
        at = line.find("…", at + 1)
    return size + line[size - 1].isspace()  # which alone would be trimmed


def _reaching(line: str, size: int) -> int:
    """The shortest beginning of a line that is `size` long when folded."""
    match = _SIMPLE.match(line)
    simple = max(0, match.end() - 1) if match else 0  # the next character may combine with the last one
    if size <= simple:
        return size + (line[size - 1] == " ")  # which alone would be trimmed
    while simple and line[simple] == " ":
        simple -= 1
    low, high = simple, len(line)
    while low < high:
        middle = (low + high) // 2
        if simple + len(fold(line[simple:middle])) < size:
            low = middle + 1
        else:
            high = middle
    return low


@cache
def load(extra: tuple[Path, ...] = ()) -> Lexicon:
    """The shipped phrases and the user's own.

    Args:
        extra: Files named `<kind>.yml` or `learned.yml` (audit.measure.rulings), or folders of such files; a folder's files of other forms
            (`bylines` reads those) are passed over.

    Raises:
        SuiteError: A file that cannot be read, of no known kind, or with an entry that is no phrase; says the file and the entry.
    """
    folder = assets.folder("expectations").joinpath("marks")
    known = {name: _shipped(folder.joinpath(f"{name}.yml").read_text(encoding="utf-8")) for name in (*KINDS, "dates", "punctuation")}
    every = [phrase for kind in KINDS for phrase in phrases.read(known[kind], kind, f"{kind}.yml")]
    files = [file for path in extra for file in _files(path)]
    for file in files:
        if file.stem != rulings.NAME:
            every += phrases.read(_own(file), file.stem, str(file))
    ruled = rulings.read((_own(file), str(file)) for file in files if file.stem == rulings.NAME)
    return _filed(every, _endings(known["punctuation"]), frozenset(fold(word) for words in known["dates"].values() for word in words), ruled)


def none() -> Lexicon:
    """No phrases, for runs without a detector: they need not be read then."""
    return _filed((), Endings(frozenset(), {}, "", frozenset(), frozenset(), frozenset(), {}), frozenset(), rulings.read(()))


def _shipped(text: str) -> dict[str, Any]:
    """Plain strings only: `no` is a language here, `on` a word."""
    return yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)) or {}  # noqa: S506  (builds nothing but strings, lists, mappings)


def _files(path: Path) -> Iterator[Path]:
    """The files of phrases at `path`."""
    names = ", ".join(f"{kind}.yml" for kind in KINDS)
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.suffix in (".yml", ".yaml") and file.stem not in OTHERS)
    elif path.is_file():
        files = [path]
    else:
        raise SuiteError(f"no marks at {path}: give a file or folder of {names}")
    for file in files:
        if file.stem not in (*KINDS, rulings.NAME):
            raise SuiteError(f"{file}: no kind of phrase is called {file.stem!r}; a file is one of {names}, or {rulings.NAME}.yml")
        yield file


def _own(file: Path) -> Any:
    try:
        return plain.read(file.read_bytes(), str(file)) or {}
    except OSError as error:
        raise SuiteError(f"{file} cannot be read: {error.strerror}") from error


def _endings(content: Mapping[str, Any]) -> Endings:
    return Endings(
        frozenset(content["terminal"]),
        content["terminal_of"],
        content["closers"],
        frozenset(content["openers"]),
        frozenset(content["dangling"]),
        frozenset(content["unmarked"]),
        {lang: frozenset(map(fold, words)) for lang, words in content["function_words"].items()},
    )


def _filed(every: Iterable[Phrase], endings: Endings, dates: frozenset[str], ruled: Rulings) -> Lexicon:
    """Phrases under the words they are found by."""
    wholes, words, pairs = defaultdict[bytes, list[Phrase]](list), defaultdict[bytes, list[Phrase]](list), defaultdict[str, list[Phrase]](list)
    signs = []
    for phrase in every:
        tokens = phrase.words
        spaced = [token for token in tokens if not UNSPACED.search(token)]
        if not tokens:
            signs.append(phrase)
        elif phrase.match == "whole" and len(phrase.pieces) == 1:
            wholes[" ".join(tokens).encode()].append(phrase)
        elif spaced:
            words[max(spaced, key=len).encode()].append(phrase)
        else:
            pairs[max(tokens, key=len)[:2]].append(phrase)
    return Lexicon(_frozen(wholes), _frozen(words), frozenset(words), _frozen(pairs), tuple(signs), endings, dates, ruled)


def _chosen(filed: Mapping[Key, tuple[Phrase, ...]], chosen: Callable[[Phrase], bool]) -> dict[Key, tuple[Phrase, ...]]:
    return {key: some for key, of in filed.items() if (some := tuple(filter(chosen, of)))}


def _frozen(filed: Mapping[Key, list[Phrase]]) -> dict[Key, tuple[Phrase, ...]]:
    return {key: tuple(of) for key, of in filed.items()}
