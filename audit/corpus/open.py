"""A file's bytes: decompressed, counted, hashed, and as UTF-8 whatever the byte order mark says. Memory is bounded by the block size.

What cannot be decompressed ends the stream; `Stream.broken` then says why, and the reader makes it one bad record.
"""

from __future__ import annotations

import codecs
import io
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import xxhash
import zstandard

from audit.corpus.records import BOMB, CORRUPT, CUT
from audit.errors import CorpusError

BLOCK = 4 << 20
FEED = {"gz": 64 << 10, "zst": 2 << 10}
"""Compressed bytes at a time. A zstd block of 4 bytes can stand for 128 KiB, so 2 KiB can become 64 MiB and no more."""
PIECE = 1 << 20
MAGIC = {b"\x1f\x8b": "gz", b"\x28\xb5\x2f\xfd": "zst"}


@dataclass(frozen=True, slots=True)
class Guard:
    """When a compressed file is taken for a bomb: it gave more than `floor` bytes and more than `ratio` for each byte read.

    News compresses 3 to 10 times, the same article over and over some 100 times; a bomb 1,000 times and more.
    """

    floor: int = 256 << 20
    ratio: int = 300


@dataclass(slots=True)
class Meter:
    """What went through: bytes as stored, and their xxh3-128."""

    size: int = 0
    state: xxhash.xxh3_128 = field(default_factory=xxhash.xxh3_128)

    def update(self, data: bytes) -> None:
        """Let `data` through."""
        self.size += len(data)
        self.state.update(data)

    def clear(self) -> None:
        """As if nothing went through."""
        self.size = 0
        self.state.reset()


class Broken(Exception):  # noqa: N818 (never leaves this module: it ends a stream)
    """The compressed bytes end too soon or mean nothing; the message is a reason of audit.corpus.records."""


class Stream:
    """The bytes of `path` (None: standard input) in blocks, decompressed and as UTF-8 without a byte order mark.

    Attributes:
        broken: After the last block: why the rest could not be decompressed; "" if all is well.

    Raises:
        CorpusError: The file cannot be opened or read.
    """

    def __init__(self, path: Path | None, packing: str, meter: Meter, block: int = BLOCK, guard: Guard | None = None) -> None:
        self.broken = ""
        self._path, self._packing, self._meter = path, packing, meter
        self._block, self._guard = block, guard or Guard()

    def __iter__(self) -> Iterator[bytes]:
        try:
            if self._path is None:
                yield from self._decoded(sys.stdin.buffer)
            else:
                with open(self._path, "rb") as stream:
                    yield from self._decoded(stream)
        except OSError as error:
            raise CorpusError(f"cannot read {self._path or 'standard input'}: {error.strerror or error}") from error

    def _decoded(self, stream: BinaryIO) -> Iterator[bytes]:
        stored = self._stored(stream)
        first = next(stored, b"")
        packing = self._packing or next((kind for magic, kind in MAGIC.items() if first.startswith(magic)), "")
        blocks = _chain(first, stored)
        if packing:
            blocks = _gather(_UNPACK[packing](blocks, self._guard), self._block)
        try:
            yield from utf8(blocks)
        except Broken as error:
            self.broken = str(error)
        for _ in stored:  # the digest is that of the whole file
            pass

    def _stored(self, stream: BinaryIO) -> Iterator[bytes]:
        while data := stream.read(max(self._block, 4)):
            self._meter.update(data)
            yield data


def digest(path: Path, meter: Meter) -> str:
    """The xxh3-128 of a file's bytes, in hex; `meter` may have seen them already, else they go through it now.

    Raises:
        CorpusError: The file cannot be read.
    """
    try:
        with open(path, "rb") as stream:
            if meter.size != stream.seek(0, io.SEEK_END):
                meter.clear()
                stream.seek(0)
                while data := stream.read(BLOCK):
                    meter.update(data)
    except OSError as error:
        raise CorpusError(f"cannot read {path}: {error.strerror or error}") from error
    return meter.state.hexdigest()


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


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


def _gunzip(blocks: Iterator[bytes], guard: Guard) -> Iterator[bytes]:
    return _watched(_members(_feeds(blocks, FEED["gz"])), guard)


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


def _unzstd(blocks: Iterator[bytes], guard: Guard) -> Iterator[bytes]:
    return _watched(_frames(_feeds(blocks, FEED["zst"])), guard)


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


_UNPACK = {"gz": _gunzip, "zst": _unzstd}


def utf8(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """UTF-8 without its byte order mark; UTF-16 with one, as UTF-8. Nothing is checked: invalid input gives invalid UTF-8."""
    first = b""
    while len(first) < 3 and (block := next(blocks, b"")):
        first += block
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield from _utf16(_chain(first, blocks))
        return
    yield from _chain(first.removeprefix(codecs.BOM_UTF8), blocks)


def _utf16(blocks: Iterator[bytes]) -> Iterator[bytes]:
    # A lone surrogate becomes three bytes that no UTF-8 decoder takes, half a code unit at the end a byte that none takes:
    # the record that holds it goes to the quarantine, and no other.
    decoder = codecs.getincrementaldecoder("utf-16")("surrogatepass")
    for block in blocks:
        yield decoder.decode(block).encode("utf-8", "surrogatepass")
    try:
        rest = decoder.decode(b"", final=True).encode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        rest = b"\xff"
    if rest:
        yield rest
