"""Thrift's compact protocol, as far as Parquet's metadata need it: read into a tree, changed there, and written again.

A struct is a dict: number of the field -> (type, value). A list is (type of its members, members). Nothing is left out, known or not.
"""

from __future__ import annotations

import struct
from typing import Any, TypeAlias

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
Struct: TypeAlias = dict[int, tuple[int, Any]]


class _Reader:
    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at

    def byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def number(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def signed(self) -> int:
        value = self.number()
        return value >> 1 ^ -(value & 1)

    def take(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at]

    def value(self, kind: int) -> Any:
        if kind in (I16, I32, I64):
            return self.signed()
        if kind == BINARY:
            return self.take(self.number())
        if kind == STRUCT:
            return self.struct()
        if kind in (LIST, SET):
            return self.list()
        if kind == BYTE:
            return self.byte()
        if kind == DOUBLE:
            return struct.unpack("<d", self.take(8))[0]
        if kind == MAP:
            return self.map()
        raise ValueError(f"no thrift type {kind}")

    def struct(self) -> Struct:
        fields: Struct = {}
        number = 0
        while byte := self.byte():
            kind, step = byte & 0x0F, byte >> 4
            number = number + step if step else self.signed()
            fields[number] = (kind, kind == TRUE if kind in (TRUE, FALSE) else self.value(kind))
        return fields

    def list(self) -> tuple[int, list[Any]]:
        byte = self.byte()
        size, kind = byte >> 4, byte & 0x0F
        size = self.number() if size == 15 else size
        return kind, [self.byte() if kind in (TRUE, FALSE) else self.value(kind) for _ in range(size)]

    def map(self) -> tuple[int, list[tuple[Any, Any]]]:
        size = self.number()
        kinds = self.byte() if size else 0
        return kinds, [(self.value(kinds >> 4), self.value(kinds & 0x0F)) for _ in range(size)]


def read(data: bytes, at: int = 0) -> tuple[Struct, int]:
    """The struct that begins at `at`, and where it ends.

    Raises:
        ValueError, IndexError: There is none.
    """
    reader = _Reader(data, at)
    return reader.struct(), reader.at


def write(fields: Struct) -> bytes:
    """The bytes of a struct."""
    out = bytearray()
    before = 0
    for number, (kind, value) in fields.items():
        kind = (TRUE if value else FALSE) if kind in (TRUE, FALSE) else kind
        step = number - before
        out += bytes([step << 4 | kind]) if 0 < step < 16 else bytes([kind]) + _signed(number)
        before = number
        if kind not in (TRUE, FALSE):
            out += _value(kind, value)
    return bytes(out) + b"\0"


def _value(kind: int, value: Any) -> bytes:
    if kind in (I16, I32, I64):
        return _signed(value)
    if kind == BINARY:
        return _number(len(value)) + value
    if kind == STRUCT:
        return write(value)
    if kind in (LIST, SET):
        inner, members = value
        size = len(members)
        head = bytes([size << 4 | inner]) if size < 15 else bytes([0xF0 | inner]) + _number(size)
        return head + b"".join(bytes([member]) if inner in (TRUE, FALSE) else _value(inner, member) for member in members)
    if kind == BYTE:
        return bytes([value])
    if kind == DOUBLE:
        return struct.pack("<d", value)
    kinds, pairs = value
    members = b"".join(_value(kinds >> 4, key) + _value(kinds & 0x0F, inner) for key, inner in pairs)
    return _number(len(pairs)) + (bytes([kinds]) + members if pairs else b"")


def _number(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out) + bytes([value])


def _signed(value: int) -> bytes:
    return _number((value << 1 ^ value >> 63) & 0xFFFFFFFFFFFFFFFF)
