"""Two texts compared word by word: what only the one has, what only the other has, and a little of what both have around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, LEFT, RIGHT, GAP = "same", "left", "right", "gap"
BESIDE_WORDS, BESIDE_CHARACTERS = 16, 48
"""Tokens (words and what stands between them; or characters) that are shown beside a change."""
LONGEST = 70
"""A change of more than twice as many tokens is shown by its two ends."""
AT_MOST = 2_000
"""Tokens of each text, after the common head and tail, that are compared: difflib is not linear."""

# Scripts that are written without spaces are compared character by character.
_ALONE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{_ALONE}]|[^\W{_ALONE}]+|\s+|[^\w\s]")

Run = tuple[list[str], list[str], bool]
"""Tokens of the one, tokens of the other, whether they are the same."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text; `kind`: same, left (only in the one), right (only in the other), or gap (an ellipsis for what is left out)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Hunk:
    """One place where the texts differ, as each of them has it; `skipped`: tokens but white space before it, since the last one, that both have."""

    skipped: int
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]


def words(left: str, right: str) -> tuple[Hunk, ...]:
    """The places where the two texts differ, word by word; none for equal texts."""
    return tuple(_hunks(_runs(_TOKEN.findall(left), _TOKEN.findall(right)), BESIDE_WORDS))


def characters(left: str, right: str) -> tuple[Hunk, ...]:
    """The places where the two texts differ, character by character."""
    return tuple(_hunks(_runs(list(left), list(right)), BESIDE_CHARACTERS))


def _runs(left: list[str], right: list[str]) -> list[Run]:
    """The two texts as runs that are the same and runs that differ."""
    shorter = min(len(left), len(right))
    head = next((i for i in range(shorter) if left[i] != right[i]), shorter)
    tail = next((i for i in range(shorter - head) if left[-1 - i] != right[-1 - i]), shorter - head)
    middle = left[head : len(left) - tail], right[head : len(right) - tail]
    runs: list[Run] = [(left[:head], left[:head], True), *_compared(*(part[:AT_MOST] for part in middle))]
    rest = middle[0][AT_MOST:], middle[1][AT_MOST:]
    if any(rest):
        runs.append((*rest, False))
    runs.append((left[len(left) - tail :], right[len(right) - tail :], True))
    return _joined([run for run in runs if run[0] or run[1]])


def _compared(left: list[str], right: list[str]) -> Iterator[Run]:
    for tag, a, b, c, d in SequenceMatcher(None, left, right).get_opcodes():
        yield left[a:b], right[c:d], tag == "equal"


def _joined(runs: Sequence[Run]) -> list[Run]:
    """The runs, where a difference takes in the next one if only white space is between them."""
    out: list[Run] = []
    for number, (left, right, same) in enumerate(runs):
        between = same and 0 < number < len(runs) - 1 and "".join(left).isspace()
        if out and (between or not same) and not out[-1][2]:
            out[-1] = (out[-1][0] + left, out[-1][1] + right, False)
        else:
            out.append((left, right, same))
    return out


def _hunks(runs: Sequence[Run], beside: int) -> Iterator[Hunk]:
    """Differences with their context, so many tokens; those with little between them are one hunk."""
    pieces: tuple[list[Piece], list[Piece]] = ([], [])
    skipped = 0
    for number, (left, right, same) in enumerate(runs):
        if not same:
            for side, kind, tokens in ((0, LEFT, left), (1, RIGHT, right)):
                pieces[side].extend(_ends(kind, tokens))
            continue
        last = number == len(runs) - 1
        if number and (last or len(left) > 2 * beside):
            for side in pieces:
                side.extend(_head(left, beside))
            yield Hunk(skipped, tuple(pieces[0]), tuple(pieces[1]))
            pieces = ([], [])
        if not number or len(left) > 2 * beside:
            skipped = sum(not token.isspace() for token in (left[:-beside] if not number else left[beside:-beside]))
            for side in pieces:
                side.extend(_tail(left, beside))
        elif not last:
            for side in pieces:
                side.append(Piece(SAME, "".join(left)))
    if runs and not runs[-1][2]:
        yield Hunk(skipped, tuple(pieces[0]), tuple(pieces[1]))


def _head(tokens: list[str], most: int) -> list[Piece]:
    shown = Piece(SAME, "".join(tokens[:most]))
    return [shown, Piece(GAP, "…")] if len(tokens) > most else [shown]


def _tail(tokens: list[str], most: int) -> list[Piece]:
    shown = Piece(SAME, "".join(tokens[-most:]))
    return [Piece(GAP, "…"), shown] if len(tokens) > most else [shown]


def _ends(kind: str, tokens: list[str]) -> list[Piece]:
    """A difference, or its two ends if it is long."""
    if len(tokens) <= 2 * LONGEST:
        return [Piece(kind, "".join(tokens))] if tokens else []
    left_out = sum(not token.isspace() for token in tokens[LONGEST:-LONGEST])
    return [Piece(kind, "".join(tokens[:LONGEST])), Piece(GAP, f" … {left_out:,} words … "), Piece(kind, "".join(tokens[-LONGEST:]))]
