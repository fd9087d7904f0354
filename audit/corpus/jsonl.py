"""JSON Lines: one object a line; orjson says what is one. `line` is the physical line, blank lines counted."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator

import orjson

from audit.corpus.json import pieces, reason
from audit.corpus.lines import Line, lines
from audit.corpus.open import Blocks
from audit.corpus.records import CUT, KEPT, NO_OBJECT, TOO_LARGE, Bad, Item, Items, Record


def read(stream: Blocks, max_record: int) -> Items:
    """The records of a JSON Lines file."""
    yield from items(lines(stream, max_record), stream)


def items(some: Iterable[Line], stream: Blocks, number: int = 0) -> Items:
    """The records of the last lines of a file, those behind line `number`."""
    for line in some:
        number = line.number
        if line.large:
            yield Bad(number, TOO_LARGE, line.data)
        elif not line.ended and stream.broken:
            yield from last(line, stream.broken)
            return
        else:
            yield from parse(number, line.data)
    if stream.broken:
        yield Bad(number + 1, stream.broken)


def parse(number: int, data: bytes) -> Iterator[Item]:
    """The record of a line: none if it is blank, several if objects are glued together without a line feed between them."""
    if not data or data.isspace():
        return
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        yield from _odd(number, data, error)
        return
    yield Record(number, value, data) if type(value) is dict else Bad(number, NO_OBJECT, data[:KEPT])


def _odd(number: int, data: bytes, error: orjson.JSONDecodeError) -> Iterator[Item]:
    """A line that orjson does not take: a byte order mark of a file that was appended, glued objects, or a bad record."""
    if data.startswith(codecs.BOM_UTF8):
        yield from parse(number, data[len(codecs.BOM_UTF8) :])
        return
    glued: list[Item] = []
    for piece in pieces(data):
        try:
            value = orjson.loads(piece)
        except orjson.JSONDecodeError:
            value = None
        if type(value) is not dict:  # the boundary is certain only where each part is an object
            yield Bad(number, reason(data, error), data[:KEPT])
            return
        glued.append(Record(number, value, piece))
    yield from glued


def last(line: Line, broken: str) -> Iterator[Item]:
    """The line in which a broken file ends: a record if it is whole, else part of what is lost."""
    whole = list(parse(line.number, line.data))
    if broken == CUT and whole and all(isinstance(item, Record) for item in whole):
        yield from whole
        yield Bad(line.number + 1, broken)
    else:
        yield Bad(line.number, broken, line.data[:KEPT])
