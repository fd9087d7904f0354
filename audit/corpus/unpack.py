"""gzip and zstd, in bounded memory: what can be had of a broken file is handed on, a bomb is stopped."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import zstandard

from audit.corpus.records import BOMB, CORRUPT, CUT

MAGIC = {b"\x1f\x8b": "gz", b"\x28\xb5\x2f\xfd": "zst"}
FEED = {"gz": 64 << 10, "zst": 2 << 10}
"""Compressed bytes at a time. A zstd block of 4 bytes can stand for 128 KiB, so 2 KiB can become 64 MiB and no more."""
PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Guard:
    """When a compressed file is taken for a bomb: it gave more than `floor` bytes and more than `ratio` for each byte read.

    News compresses 3 to 10 times, the same article over and over some 100 times; a bomb 1,000 times and more.
    """

    floor: int = 256 << 20
    ratio: int = 300


class Broken(Exception):  # noqa: N818 (open.Stream catches it)
    """The compressed bytes end too soon or mean nothing; the message is a reason of audit.corpus.records."""


def unpack(blocks: Iterator[bytes], packing: str, guard: Guard, size: int) -> Iterator[bytes]:
    """The bytes behind compressed `blocks`, in blocks of at least `size` bytes.

    Raises:
        Broken: They end too soon, mean nothing, or are a bomb; what came before was handed on.
    """
    parts = {"gz": _members, "zst": _frames}[packing](_feeds(blocks, FEED[packing]))
    yield from _gather(_watched(parts, guard), size)


def _gather(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    """Pieces joined to blocks of at least `size` bytes; what came before a break is handed on."""
    held: list[bytes] = []
    n = 0
    try:
        for piece in pieces:
            held.append(piece)
            n += len(piece)
            if n >= size:
                yield b"".join(held)
                held, n = [], 0
    except Broken:
        yield b"".join(held)
        raise
    yield b"".join(held)


def _watched(pieces: Iterator[tuple[bytes, int]], guard: Guard) -> Iterator[bytes]:
    """The pieces of (bytes, compressed bytes that they took), until they look like a bomb."""
    taken = given = 0
    for piece, cost in pieces:
        taken += cost
        given += len(piece)
        if given > guard.floor and given > guard.ratio * taken:
            raise Broken(BOMB)
        if piece:
            yield piece


def _feeds(blocks: Iterator[bytes], size: int) -> Iterator[bytes]:
    for block in blocks:
        for at in range(0, len(block), size):
            yield block[at : at + size]


def _members(feeds: Iterator[bytes]) -> Iterator[tuple[bytes, int]]:
    """The members of a gzip file one after the other; zero bytes behind a member are padding."""
    engine, begun = zlib.decompressobj(31), False
    for feed in feeds:
        cost = len(feed)
        while feed and (begun or (feed := feed.lstrip(b"\0"))):
            before, begun = engine.copy(), True
            try:
                piece = engine.decompress(feed, PIECE)
            except zlib.error as error:
                yield _salvaged(before, feed), cost
                raise Broken(CORRUPT) from error
            feed = engine.unused_data if engine.eof else engine.unconsumed_tail
            yield piece, cost
            cost = 0
            if engine.eof:
                engine, begun = zlib.decompressobj(31), False
    if begun:
        while piece := engine.decompress(b"", PIECE):
            yield piece, 0
        raise Broken(CUT)


def _salvaged(engine: zlib._Decompress, feed: bytes) -> bytes:
    """What can be had of a feed before the byte that breaks it."""
    pieces: list[bytes] = []
    try:
        for at in range(len(feed)):
            pieces.append(engine.decompress(feed[at : at + 1], PIECE))
    except zlib.error:
        pass
    return b"".join(pieces)


def _frames(feeds: Iterator[bytes]) -> Iterator[tuple[bytes, int]]:
    """The frames of a zstd file one after the other."""
    source = zstandard.ZstdDecompressor()
    engine, begun = source.decompressobj(), False
    for feed in feeds:
        cost = len(feed)
        while feed:
            begun = True
            try:
                piece = engine.decompress(feed)
            except zstandard.ZstdError as error:
                raise Broken(CORRUPT) from error
            feed = engine.unused_data if engine.eof else b""
            yield piece, cost
            cost = 0
            if engine.eof:
                engine, begun = source.decompressobj(), False
    if begun:
        raise Broken(CUT)
