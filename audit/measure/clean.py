"""Cleaning: ftfy's own result, line by line, on every input; most lines are proven clean without asking ftfy.

A *segment* is what ftfy looks at in one piece: up to and with a line feed. The scan (`kernels/scan.py`) flags the segments that
ftfy could change; whole kinds of change are made without it where the outcome is proven; ftfy decides about the rest.
The only module that imports ftfy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import ftfy
import ftfy.badness
import ftfy.chardata
import ftfy.fixes
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from audit.errors import ConfigError
from audit.kernels import scan
from audit.kernels.utf8 import buffers, numbers
from audit.kernels.utf8 import texts as column
from audit.measure import repair, rules

CONFIG = ftfy.TextFixerConfig(
    unescape_html="auto",  # here: off for the whole article if it holds "<" anywhere, so that line order does not matter
    remove_terminal_escapes=True,  # colours of a terminal are no text
    fix_encoding=True,  # mojibake is the damage that scraping does most
    restore_byte_a0=True,  # "Ã la" is "à la": a no-break space became a space on the way
    replace_lossy_sequences=True,  # what is lost becomes one U+FFFD instead of debris
    decode_inconsistent_utf8=True,  # pages are put together from pieces of different encodings
    fix_c1_controls=True,  # Windows-1252 quotes and dashes that were read as Latin-1
    fix_latin_ligatures=False,  # what an author or a typesetter wrote stays
    fix_character_width=False,  # full-width forms are how Japanese and Chinese are written
    uncurl_quotes=False,  # curly quotes are typography, not damage
    fix_line_breaks=True,  # one kind of line end
    fix_surrogates=True,  # halves of a character are none
    remove_control_chars=True,  # they show nothing and break other programs
    normalization="NFC",  # equal text, equal bytes; compatibility forms would change meaning (10³ is not 103)
    max_decode_length=1_000_000,  # ftfy's own; longer lines are cut there, as ftfy.fix_text does
    explain=True,  # without it ftfy 6.3.1 ignores the four options of fix_encoding
)
"""The configuration where nothing else is asked for. `clean` equals ftfy.fix_and_explain with it, segment by segment as ftfy.fix_text makes them."""

_IN_ORDER = (
    "unescape_html", "fix_encoding", "restore_byte_a0", "replace_lossy_sequences", "decode_inconsistent_utf8", "fix_c1_controls",
    "fix_latin_ligatures", "fix_character_width", "uncurl_quotes", "fix_line_breaks", "fix_surrogates", "remove_terminal_escapes",
    "remove_control_chars",
)  # fmt: skip
_LOCAL = ("fix_c1_controls", "fix_latin_ligatures", "fix_character_width", "uncurl_quotes", "fix_surrogates", "remove_terminal_escapes")
STEPS = (*_IN_ORDER, *sorted(set(ftfy.FIXERS) - set(_IN_ORDER)), "normalize")
"""The words of `fixes`, in the order in which ftfy takes these steps. fix_encoding: encoded and decoded again."""

_ALONE = re.compile("(?<![ ?\x1a\x80-\U0010ffff])[\x80-\ufffc\ufffe-\U0010ffff](?![ ?\x1a\x80-\U0010ffff])")
"""A character beyond ASCII between ASCII ones that no repair of bytes takes for part of a sequence: in every single-byte encoding that has
it, it is a byte that UTF-8 cannot hold there."""

SETTINGS = tuple(name for name in CONFIG._fields if name != "explain")
_KINDS = {
    "unescape_html": "auto, true or false", "normalization": "NFC, NFD, NFKC, NFKD or none", "max_decode_length": "a number of characters",
}  # fmt: skip

_BIT = {name: 1 << bit for bit, name in enumerate(STEPS)}
_PLAIN = re.compile(r"[\t\n\f -%'-~]*")  # ASCII that no step touches


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned column.

    Attributes:
        text: large_string, what ftfy makes of each text; null stays null. The very column where nothing changed.
        view: large_string, line i of it is the cleaned counterpart of line i of `text.splitlines()` as read.
        fixes: list<string>, the steps that changed something, in ftfy's order, each once; null for a null text.
        changed: The lines that changed; None where none did.
    """

    text: pa.LargeStringArray
    view: pa.LargeStringArray
    fixes: pa.ListArray
    changed: repair.Repair | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What cleaning changed in one segment.

    Attributes:
        line: The line of the text as read in which it begins, 0-based.
        before, after: The segment verbatim, with its line end.
        fixes: The steps, in ftfy's order, each once.
    """

    line: int
    before: str
    after: str
    fixes: tuple[str, ...]


def configured(settings: Mapping[str, Any]) -> ftfy.TextFixerConfig:
    """CONFIG with other settings, by ftfy's names for them.

    Raises:
        ConfigError: A name or a value is none of ftfy's.
    """
    for name, value in settings.items():
        if name not in SETTINGS:
            raise ConfigError(f"no setting of cleaning {name!r}; known: {', '.join(SETTINGS)}")
        if not _fits(name, value):
            raise ConfigError(f"{name} is {value!r}; {_KINDS.get(name, 'true or false')} is known")
    return CONFIG._replace(**settings)


def _fits(name: str, value: object) -> bool:
    if name == "normalization":
        return value in (None, "NFC", "NFD", "NFKC", "NFKD")
    if name == "max_decode_length":
        return type(value) is int and value > 0
    return isinstance(value, bool) or (name == "unescape_html" and value == "auto")


def clean(text: str, config: ftfy.TextFixerConfig | None = None) -> str:
    r"""The cleaned text; the same object where nothing changes. Lone surrogates are taken too.

    >>> clean("The mayorâ€™s cafÃ© &amp; bar\r\n")
    'The mayor’s café & bar\n'
    """
    if _PLAIN.fullmatch(text):
        return text
    config = config or CONFIG
    unescape = _unescapes(text, config)
    return "".join(_fix(segment, unescape, config)[0] for segment in segments(text))


def _unescapes(text: str, config: ftfy.TextFixerConfig) -> bool:
    return "<" not in text if config.unescape_html == "auto" else bool(config.unescape_html)


def steps(text: str) -> list[Change]:
    """What cleaning changes, segment by segment; empty where it changes nothing."""
    changes, line, unescape = [], 0, "<" not in text
    for segment in segments(text):
        after, mask = _fix(segment, unescape, CONFIG)
        if after != segment:
            changes.append(Change(line, segment, after, tuple(name for name in STEPS if mask & _BIT[name])))
        line += len(segment.splitlines())
    return changes


def clean_batch(texts: pa.LargeStringArray, config: ftfy.TextFixerConfig | None = None) -> Cleaned:
    """Clean a column; `Cleaned` says what comes out. Texts that are clean are not touched by Python.

    With a `config` that differs from CONFIG in more than what single characters become, ftfy itself does all the work.
    """
    config = config or CONFIG
    cleaner = ftfy_rules(config)
    tables = _tables(config)
    data, offsets = buffers(texts)
    if _proven(config):
        lines = repair.flagged(data, offsets, tables, cleaner.limit)
    else:
        lines = repair.every(data, offsets, None if config.unescape_html == "auto" else bool(config.unescape_html))
    masks = np.zeros(len(texts), np.int64)
    changed = repair.repair(data, lines, tables, cleaner)
    if not changed.mask.size:
        return Cleaned(texts, texts, _fixes(masks, texts))
    np.bitwise_or.at(masks, changed.lines.article, changed.mask)
    text = repair.spliced(texts, changed, changed.text)
    same = np.array_equal(changed.text, changed.view)
    return Cleaned(text, text if same else repair.spliced(texts, changed, changed.view), _fixes(masks, texts), changed)


def changes(texts: pa.LargeStringArray, cleaned: Cleaned) -> Iterator[tuple[int, str, str, str]]:
    """What cleaning changed in a column, line by line: row, the line before and after with its end, and ftfy's steps joined by ", "."""
    changed = cleaned.changed
    if changed is None:
        return
    data, pieces = buffers(texts)[0].data, changed.pieces.data
    lines, words = changed.lines, {int(mask): ", ".join(name for name in STEPS if mask & _BIT[name]) for mask in np.unique(changed.mask)}
    for row, start, end, first, last, mask in zip(
        lines.article.tolist(), lines.start.tolist(), lines.end.tolist(), *changed.text.tolist(), changed.mask.tolist(), strict=True
    ):
        yield row, str(data[start:end], "utf-8"), str(pieces[first:last], "utf-8"), words[mask]


def looks_bad(text: str) -> list[tuple[int, int]]:
    """The spans that ftfy's heuristic of mojibake objects to, in order."""
    return [match.span() for match in ftfy.badness.BADNESS_RE.finditer(text)]


def keeps_encoding(text: str) -> bool:
    """Whether it is proven that fix_encoding leaves a text without C1 controls alone: it is UTF-8 in no encoding, and no part of it is."""
    return ftfy.chardata.UTF8_DETECTOR_RE.search(text) is None and _ALONE.search(text) is not None  # the first is soon found in mojibake


def unescape(text: str) -> str:
    """The text with its entities decoded, as ftfy does it."""
    return ftfy.fixes.unescape_html(text)


def _proven(config: ftfy.TextFixerConfig) -> bool:
    """Whether the scan and its repairs know what this configuration does."""
    free = {*_LOCAL, "max_decode_length"} - {"fix_c1_controls"}  # fix_encoding mends C1 controls too: without that step the scan would not see them
    return config._replace(**{name: getattr(CONFIG, name) for name in free}) == CONFIG


@cache
def ftfy_rules(config: ftfy.TextFixerConfig = CONFIG) -> rules.Rules:
    """What the scan and its repairs rest on: the patterns and functions of the installed ftfy that the configuration turns on."""
    asked = config._asdict()
    return rules.Rules(
        version=f"ftfy {ftfy.__version__} {config}",
        badness=ftfy.badness.BADNESS_RE,
        entity=ftfy.chardata.HTML_ENTITY_RE,
        unescape=ftfy.fixes.unescape_html,
        breaks=ftfy.fixes.fix_line_breaks,
        controls=ftfy.fixes.remove_control_chars,
        others=tuple(ftfy.FIXERS[name] for name in _LOCAL if asked[name]),
        keeps=keeps_encoding,
        fix=partial(_fix, config=config),
        bits=_BIT,
        limit=config.max_decode_length,
    )


@cache
def _tables(config: ftfy.TextFixerConfig = CONFIG) -> scan.Tables:
    return rules.tables(ftfy_rules(config))


def _fixes(masks: npt.NDArray[np.int64], texts: pa.LargeStringArray) -> pa.ListArray:
    """The words of the steps of every text; null for a null text."""
    article, step = np.nonzero((masks[:, None] >> np.arange(len(STEPS))) & 1)
    offsets = np.append(0, np.cumsum(np.bincount(article, minlength=len(texts))))
    nulls = texts.is_null() if texts.null_count else None
    return pa.ListArray.from_arrays(numbers(offsets).cast(pa.int32()), column(STEPS).cast(pa.string()).take(numbers(step)), mask=nulls)


def segments(text: str) -> Iterator[str]:
    """The text up to and with each line feed."""
    at = 0
    while at < len(text):
        end = text.find("\n", at) + 1 or len(text)
        yield text[at:end]
        at = end


def _fix(segment: str, unescape: bool, config: ftfy.TextFixerConfig) -> tuple[str, int]:
    """(ftfy's result, mask of steps) of a segment, cut as ftfy.fix_text cuts what is too long; the mask is 0 where nothing changed."""
    config = config._replace(unescape_html=unescape)
    out, mask = [], 0
    for at in range(0, len(segment), config.max_decode_length):
        before = segment[at : at + config.max_decode_length]
        after, plan = ftfy.fix_and_explain(before, config)
        out.append(after)
        for action, name in (plan or ()) if after != before else ():
            mask |= _BIT["fix_encoding" if action in ("encode", "decode") else "normalize" if action == "normalize" else name]
    return "".join(out), mask
