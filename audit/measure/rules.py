"""What the cleaner does, and the scan's tables, derived from its own patterns and functions: nothing is typed in by hand.

`measure/clean.py` hands them over as `Rules`; a new release of the cleaner has another `version` and is derived anew.
"""

from __future__ import annotations

import os
import re
import sys
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import xxhash

from audit.kernels import scan
from audit.kernels.jit import cache_folder
from audit.measure import automaton
from audit.measure.automaton import ACCEPT, FREE, POINTS, START, Automaton, NotFiniteError

_LAYOUT = 1  # raised when the tables of an equal ftfy would be others
_ESCAPE = 0x1B  # begins a terminal escape, which is more than one character
_SURROGATES = range(0xD800, 0xE000)


@dataclass(frozen=True, slots=True)
class Rules:
    """What cleaning does, as far as the scan and the repairs must know it.

    Attributes:
        version: Of the cleaner and its configuration.
        badness: Finds what looks like mojibake; never in ASCII.
        entity: Finds what may be an entity.
        unescape, breaks, controls: The functions that decode entities, mend line breaks, drop control characters.
        others: All further functions that may change a single character.
        keeps: Whether it is proven that a segment that only looks like mojibake stays as it is.
        fix: Segment and whether entities are decoded -> what the whole cleaner makes of it, and the steps as bits.
        bits: Step -> its bit.
        limit: Code points that it takes at once.
    """

    version: str
    badness: re.Pattern[str]
    entity: re.Pattern[str]
    unescape: Callable[[str], str]
    breaks: Callable[[str], str]
    controls: Callable[[str], str]
    others: tuple[Callable[[str], str], ...]
    keeps: Callable[[str], bool]
    fix: Callable[[str, bool], tuple[str, int]]
    bits: Mapping[str, int]
    limit: int


def tables(rules: Rules) -> scan.Tables:
    """The tables, from the kernels' cache folder where they are; derived otherwise (a few seconds)."""
    parts = (rules.version, rules.badness.pattern, rules.entity.pattern, sys.version, unicodedata.unidata_version, str(_LAYOUT))
    path = Path(cache_folder()) / f"scan-{xxhash.xxh3_128_hexdigest(chr(0).join(parts).encode())}.npz"
    try:
        with np.load(path, allow_pickle=False) as kept:
            return scan.Tables(**{name: kept[name] for name in scan.Tables._fields})
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        made = derive(rules)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            np.savez_compressed(file, **made._asdict())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)  # a cache that cannot be written is only slower
    return made


def derive(rules: Rules) -> scan.Tables:
    """The tables, made from the rules and the running Python's Unicode."""
    badness, entity = _badness(rules.badness), _entity(rules.entity)
    flags = _flags(rules)
    combining, composing, pairs, not_nfc = _normal_form()
    flags[not_nfc] |= scan.NFC
    flags[(combining != 0) | (composing & 1 != 0)] |= scan.COMBINING
    classes, first = automaton.classify([badness.classes, flags, combining, composing])
    step = badness.step[:, badness.classes[first]]
    quiet = _quiet(step, classes)
    dull = quiet[step[quiet]].all(axis=0)
    plain = (flags[:128] == 0) & (np.arange(128) != scan.AMPERSAND)
    entered = entity.step[:, entity.classes[:128]].copy()
    entered[START] = entered[entity.step[FREE, entity.classes[scan.AMPERSAND]]]
    blocks = not (scan.skipped_in_blocks() & ~plain).any()
    return scan.Tables(
        classes=classes.astype(np.uint16),
        traits=(flags[first] | np.where(dull, scan.DULL, 0)).astype(np.uint16),
        step=step.astype(np.uint8),
        quiet=quiet.astype(np.uint8),
        combining=combining[first],
        composing=composing[first],
        pairs=pairs,
        entity=entered.astype(np.uint8),
        plain=plain.astype(np.uint8),
        longest=np.array([badness.longest - 1, entity.longest, blocks], np.int64),
    )


def _badness(pattern: re.Pattern[str]) -> Automaton:
    """The pattern's automaton; if it is not finite, or finds something in ASCII, every other character is suspected."""
    try:
        made = automaton.automaton(pattern)
        _quiet(made.step, made.classes)
    except NotFiniteError:
        return automaton.cautious(np.arange(POINTS) >= 0x80)
    return made


def _entity(pattern: re.Pattern[str]) -> Automaton:
    try:
        made = automaton.automaton(pattern)
    except NotFiniteError:
        made = automaton.cautious(np.arange(POINTS) < POINTS)  # every "&" that something follows
    return made


def _quiet(step: npt.NDArray[np.uint8], classes: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
    """The states that ASCII can lead to; bool (states,).

    Raises:
        NotFiniteError: ASCII alone is found, which the cleaner never looks at.
    """
    ascii_classes = np.unique(classes[:128])
    quiet = np.zeros(len(step), np.bool_)
    reached = np.array([START, FREE])
    while not quiet[reached].all():
        quiet[reached] = True
        reached = np.unique(step[np.ix_(quiet.nonzero()[0], ascii_classes)])
    if quiet[ACCEPT]:
        raise NotFiniteError("found in ASCII")
    return quiet


def _flags(rules: Rules) -> npt.NDArray[np.uint16]:
    """For every code point the flags that it sets off by itself; uint16 (0x110000,)."""
    flags = np.zeros(POINTS, np.uint16)
    for point, after in _changed(rules.breaks):
        flags[point] |= scan.BREAK if after == "\n" else scan.OTHER
    for point, after in _changed(rules.controls):
        # A line of the text as read may end at a character that is dropped: then lines have to be aligned.
        kept_lines = after == "" and len(f"a{chr(point)}b".splitlines()) == 1
        flags[point] |= scan.CONTROL if kept_lines and point != _ESCAPE else scan.OTHER
    for function in rules.others:
        for point, _ in _changed(function):
            flags[point] |= scan.OTHER
    return flags


def _changed(function: Callable[[str], str]) -> list[tuple[int, str]]:
    """The characters that a function changes when they stand alone, and into what."""
    changed = []
    for page in range(0, POINTS, 256):
        block = "".join(map(chr, range(page, page + 256)))
        if function(block) != block:
            changed += [(ord(char), function(char)) for char in block if function(char) != char]
    return changed


def _normal_form() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8], npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """(combining class, 1 composes | 2 decomposes, pairs, changed by NFC) of every code point, as scan.Tables has them."""
    chars = list(map(chr, range(POINTS)))
    combining = np.fromiter(map(unicodedata.combining, chars), np.uint8, POINTS)
    changed, composing = np.zeros(POINTS, np.bool_), np.zeros(POINTS, np.uint8)
    pairs = []
    for point, char in enumerate(chars):
        if point in _SURROGATES:
            continue
        apart = unicodedata.normalize("NFD", char)
        if apart == char:
            continue
        composing[point] |= 2
        changed[point] = unicodedata.normalize("NFC", char) != char
        # The last step of the decomposition is the pair: Hangul and accents that are stacked have more than two parts.
        first = unicodedata.normalize("NFC", apart[:-1])
        if not changed[point] and len(first) == 1 and unicodedata.normalize("NFC", first + apart[-1]) == char:
            pairs.append((ord(apart[-1]) << 21) | ord(first))
        pairs += _given(char)
    composing[[pair >> 21 for pair in pairs]] |= 1
    return combining, composing, np.unique(np.array(pairs, np.int64)), changed


def _given(char: str) -> list[int]:
    """The pair that Unicode's data name as the decomposition of `char`, if NFC makes them `char` again."""
    parts = unicodedata.decomposition(char).split()
    if len(parts) != 2 or parts[0].startswith("<"):
        return []
    first, second = (int(part, 16) for part in parts)
    return [(second << 21) | first] if unicodedata.normalize("NFC", chr(first) + chr(second)) == char else []
