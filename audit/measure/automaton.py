"""A finite regular expression as a search automaton over classes of characters, so that a kernel can run it.

The classes are asked of the regex engine itself: nothing here knows what a pattern means.
"""

from __future__ import annotations

import importlib
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

# The engine's own parser: private, but the one thing that cannot disagree with the engine.
_parser: Any = importlib.import_module("re._parser")
_compiler: Any = importlib.import_module("re._compiler")
_code: Any = importlib.import_module("re._constants")

POINTS = 0x110000
START, ACCEPT, FREE = 0, 1, 2
"""States every automaton has: before the first character, found, and any place later where nothing has begun."""

_MOST = 100_000
_SINGLE = (_code.LITERAL, _code.NOT_LITERAL, _code.IN, _code.ANY)
_ANCHORS = (_code.AT_BEGINNING, _code.AT_BEGINNING_STRING)

Sequence_ = tuple[bool, tuple[Any, ...]]
"""(anchored at the start of the text, one parsed node per character)."""


class NotFiniteError(ValueError):
    """The pattern cannot be written out as a finite list of sequences of single characters."""


@dataclass(frozen=True, slots=True)
class Automaton:
    """A deterministic search automaton.

    Attributes:
        classes: For every code point its class; uint16, shape (0x110000,).
        step: The next state by state and class; uint8. ACCEPT is never left.
        longest: Characters in the longest match: no state remembers more than longest - 1 of them.
    """

    classes: npt.NDArray[np.uint16]
    step: npt.NDArray[np.uint8]
    longest: int


def automaton(pattern: re.Pattern[str]) -> Automaton:
    """The automaton that reaches ACCEPT as soon as `pattern.search` would find something.

    Raises:
        NotFiniteError: The pattern has look-around, an unbounded repeat, case folding, or too many ways to match.
    """
    if pattern.flags & (re.IGNORECASE | re.MULTILINE | re.DOTALL | re.ASCII):
        raise NotFiniteError(f"flags {pattern.flags}")
    ways = sequences(pattern)
    if any(not nodes for _, nodes in ways):
        raise NotFiniteError("matches nothing at all")
    nodes = {repr(node): node for _, nodes in ways for node in nodes}
    member = np.stack([members(node) for node in nodes.values()])
    classes, first = classify(list(member))
    step = _smallest(_subsets(ways, dict(zip(nodes, member[:, first])), len(first)))
    columns, merged = np.unique(step, axis=1, return_inverse=True)
    if len(step) > 256:
        raise NotFiniteError(f"{len(step)} states")
    return Automaton(merged.reshape(-1)[classes].astype(np.uint16), columns.astype(np.uint8), max(len(nodes) for _, nodes in ways))


def cautious(suspects: npt.NDArray[np.bool_]) -> Automaton:
    """What stands in for a pattern that is not finite: every character of `suspects` is a match."""
    step = np.array([[FREE, ACCEPT], [ACCEPT, ACCEPT], [FREE, ACCEPT]], np.uint8)
    return Automaton(suspects.astype(np.uint16), step, 1)


def classify(columns: Sequence[npt.NDArray[Any]]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """(class of every code point, first code point of every class): points are in one class if no column tells them apart."""
    code = np.zeros(POINTS, np.int64)
    for column in columns:
        code = code * (int(column.max()) + 1) + column
        code = (np.cumsum(np.bincount(code) > 0) - 1)[code]  # without gaps; np.unique would sort a million numbers
    first = np.zeros(int(code.max()) + 1, np.int64)
    first[code[::-1]] = np.arange(POINTS)[::-1]
    return code, first


def members(node: Any) -> npt.NDArray[np.bool_]:
    """The code points that a node of a single character matches, asked of the engine; shape (0x110000,)."""
    state = _parser.State()
    state.flags, state.str = re.UNICODE, ""
    single = _compiler.compile(_parser.SubPattern(state, [node]), re.UNICODE)
    found = np.zeros(POINTS, np.bool_)
    found[[match.start() for match in single.finditer(_everything())]] = True
    return found


def sequences(pattern: re.Pattern[str]) -> list[Sequence_]:
    """Every way to match, as nodes of single characters."""
    return _ways(_parser.parse(pattern.pattern, pattern.flags & re.VERBOSE))


def _ways(nodes: Any) -> list[Sequence_]:
    ways: list[Sequence_] = [(False, ())]
    for op, value in nodes:
        more = _alternatives(op, value)
        if any(anchored for anchored, _ in more) and any(begun for _, begun in ways):
            raise NotFiniteError("an anchor that is not first")
        ways = [(a or b, left + right) for a, left in ways for b, right in more]
        if len(ways) > _MOST:
            raise NotFiniteError("too many ways")
    return ways


def _alternatives(op: Any, value: Any) -> list[Sequence_]:
    if op in _SINGLE:
        return [(False, ((op, value),))]
    if op is _code.BRANCH:
        return [way for branch in value[1] for way in _ways(branch)]
    if op is _code.SUBPATTERN and not value[1] and not value[2]:
        return _ways(value[3])
    if op in (_code.MAX_REPEAT, _code.MIN_REPEAT) and value[1] <= 64:
        inner = [nodes for anchored, nodes in _ways(value[2]) if not anchored]
        if len(inner) == 1:
            return [(False, inner[0] * times) for times in range(value[0], value[1] + 1)]
        products = [itertools.product(inner, repeat=times) for times in range(value[0], min(value[1], 4) + 1)]
        if value[1] <= 4:
            return [(False, sum(parts, ())) for product in products for parts in product]
    if op is _code.AT and value in _ANCHORS:
        return [(True, ())]
    raise NotFiniteError(f"{op} {value}")


def _subsets(ways: list[Sequence_], member: dict[str, npt.NDArray[np.bool_]], n_classes: int) -> npt.NDArray[np.int64]:
    """The subset construction: a state is the set of (way, characters matched so far). Shape (states, classes)."""
    rows = [[member[repr(node)] for node in nodes] for _, nodes in ways]
    fresh = frozenset((way, 0) for way, (anchored, _) in enumerate(ways) if not anchored)
    # Each of the first three keeps its number even if another is the same set.
    states: list[Any] = [frozenset((way, 0) for way in range(len(ways))), None, fresh]
    numbers = {fresh: FREE}
    table: list[list[int]] = []
    for state in states:  # grows as it goes
        row = [ACCEPT] * n_classes
        for label in range(n_classes) if state is not None else ():
            moved = [(way, at + 1) for way, at in state or () if rows[way][at][label]]
            if not any(at == len(rows[way]) for way, at in moved):
                target = fresh.union(moved)
                if target not in numbers:
                    numbers[target] = len(states)
                    states.append(target)
                row[label] = numbers[target]
        table.append(row)
    return np.array(table, np.int64)


def _smallest(step: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The same automaton with states that nothing tells apart made one (Moore); the first three keep their numbers."""
    group = np.minimum(np.arange(len(step)), FREE + 1)
    while True:
        finer = np.unique(np.column_stack([group, group[step]]), axis=0, return_inverse=True)[1].reshape(-1)
        if finer.max() == group.max():
            break
        group = finer
    first = np.unique(group, return_index=True)[1]
    return group[step[first]]  # groups are numbered in the order of `group`, which began with 0, 1, 2


@cache
def _everything() -> str:
    return "".join(map(chr, range(POINTS)))
