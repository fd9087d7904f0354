"""JSON files: an array of objects, one object, or several of either one after the other. Read as a stream; orjson says what an object is.

The splitter only finds where an element ends: it counts brackets outside of strings. `line` is the number of the element in its file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import orjson

from audit.corpus.open import Blocks
from audit.corpus.records import (
    BROKEN,
    KEPT,
    NO_OBJECT,
    NOT_CLOSED,
    NOT_UTF8,
    SURROGATE,
    TOO_DEEP,
    TOO_LARGE,
    Bad,
    Item,
    Items,
    Record,
)

_BETWEEN = re.compile(rb"[\s,]*+")
_BRACKET = re.compile(rb'["{}\[\]]')
_IN_STRING = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
_SCALAR = re.compile(rb'[^\s,"{}\[\]]*+')


class Splitter:
    """The elements of a JSON text that comes in blocks. No more than `most` bytes of an element are held.

    Elements are the members of arrays at the top, and other values at the top; with `flat` every value at the top, arrays too.
    Commas and white space between them are not looked at.
    """

    def __init__(self, most: int, *, flat: bool = False) -> None:
        self.in_array = False
        self._most, self._flat = most, flat
        self._held: list[bytes] = []
        self._size = 0
        self._depth = 0
        self._quoted = False  # in a string
        self._escaped = False  # the last byte of the block before was a backslash in a string
        self._scalar = False  # in a number or word

    def feed(self, block: bytes) -> Iterator[tuple[bytes, bool]]:
        """The elements that end in `block`: their bytes, and whether they are too large (then only the first bytes)."""
        at = 0
        while at < len(block):
            start = at
            if not self._size:
                start = at = _BETWEEN.match(block, at).end()  # type: ignore[union-attr] (it matches anywhere)
                if at == len(block):
                    return
                at = self._enter(block, at)
                if at < 0:
                    at = start + 1
                    continue
            end = self._end(block, at)
            self._hold(block[start:] if end < 0 else block[start:end])
            if end < 0:
                return
            yield self._take()
            at = end

    def rest(self) -> tuple[bytes, bool] | None:
        """The element in which the text ends, whole if it is a number or word; None if it ends between elements."""
        return self._take() if self._size else None

    def _enter(self, block: bytes, at: int) -> int:
        """Begin an element; -1 for a bracket of the array that holds the elements."""
        lead = block[at : at + 1]
        if not self._flat and lead == (b"]" if self.in_array else b"["):
            self.in_array = lead == b"["
            return -1
        self._depth = int(lead in b"{[")
        self._quoted = lead == b'"'
        self._scalar = not self._depth and not self._quoted and lead not in b"}]"
        return at + (not self._scalar)

    def _end(self, block: bytes, at: int) -> int:
        """Where the element ends; -1 if not in this block."""
        if self._scalar:
            end = _SCALAR.match(block, at).end()  # type: ignore[union-attr]
            return end if end < len(block) else -1
        if self._escaped:
            at, self._escaped = at + 1, False
        while self._depth or self._quoted:
            if self._quoted:
                at = self._after_string(block, at)
            elif found := _BRACKET.search(block, at):
                at = found.end()
                self._quoted = found[0] == b'"'
                self._depth += (found[0] in b"{[") - (found[0] in b"}]")
            else:
                at = -1
            if at < 0:
                return -1
        return at

    def _after_string(self, block: bytes, at: int) -> int:
        end = _IN_STRING.match(block, at).end()  # type: ignore[union-attr]
        if end == len(block):
            return -1
        if block[end] == 0x5C:  # a backslash: the byte that it escapes is in the next block
            self._escaped = True
            return -1
        self._quoted = False
        return end + 1

    def _hold(self, part: bytes) -> None:
        self._size += len(part)
        self._held.append(part)
        if self._size > self._most:
            self._held = [b"".join(self._held)[:KEPT]]

    def _take(self) -> tuple[bytes, bool]:
        data, large = b"".join(self._held), self._size > self._most
        self._held, self._size, self._depth, self._quoted, self._scalar = [], 0, 0, False, False
        return data, large


def pieces(data: bytes) -> list[bytes]:
    """The JSON values that stand in `data` one after the other; what is left at the end, as it is."""
    splitter = Splitter(len(data), flat=True)
    found = [piece for piece, _ in splitter.feed(data)]
    rest = splitter.rest()
    return found if rest is None else [*found, rest[0]]


def read(stream: Blocks, max_record: int) -> Items:
    """The records of a JSON file."""
    splitter, number = Splitter(max_record), 0
    for block in stream:
        for data, large in splitter.feed(block):
            number += 1
            yield _item(number, data, large=large)
    rest = splitter.rest()
    if stream.broken:
        yield Bad(number + 1, stream.broken, rest[0][:KEPT] if rest else b"")
    elif rest is not None:
        yield _item(number + 1, rest[0], large=rest[1])
    elif splitter.in_array:
        yield Bad(number + 1, NOT_CLOSED)


def _item(number: int, data: bytes, *, large: bool) -> Item:
    if large:
        return Bad(number, TOO_LARGE, data)
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        return Bad(number, reason(data, error), data[:KEPT])
    return Record(number, value, data) if type(value) is dict else Bad(number, NO_OBJECT, data[:KEPT])


def reason(data: bytes, error: orjson.JSONDecodeError) -> str:
    """Why orjson does not take `data`, in one of the quarantine's words."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return NOT_UTF8
    said = str(error)
    if "surrogate" in said:
        return SURROGATE
    return TOO_DEEP if "depth" in said or "recursion" in said else BROKEN
