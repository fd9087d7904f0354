"""A file's bytes: decompressed, counted, hashed, and as UTF-8 whatever the byte order mark says. Memory is bounded by the block size.

What cannot be decompressed ends the stream; `Stream.broken` then says why, and the reader makes it one bad record.
"""

from __future__ import annotations

import codecs
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

import xxhash

from audit.corpus.unpack import MAGIC, Broken, Guard, unpack
from audit.errors import CorpusError

BLOCK = 4 << 20
MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


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


class Stream:
    """The bytes of `path` (None: standard input) in blocks, decompressed and as UTF-8 without a byte order mark.

    Attributes:
        broken: After the last block: why the rest could not be decompressed; "" if all is well.
        marked: After the first block: whether it stood behind a byte order mark of UTF-8.
        plain: After the first block: whether the blocks are the very bytes of a file.

    Raises:
        CorpusError: The file cannot be opened or read.
    """

    def __init__(self, path: Path | None, packing: str, meter: Meter, block: int = BLOCK, guard: Guard | None = None) -> None:
        self.broken, self.marked, self.plain = "", False, False
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
        self.plain = not (self._path is None or packing or first.startswith(MARKS))
        blocks = _chain(first, stored)
        if packing:
            blocks = unpack(blocks, packing, self._guard, self._block)
        try:
            yield from utf8(self._noted(blocks))
        except Broken as error:
            self.broken = str(error)
        for _ in stored:  # the digest is that of the whole file
            pass

    def _noted(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        first = next(blocks, b"")
        self.marked = first.startswith(codecs.BOM_UTF8)
        yield from _chain(first, blocks)

    def _stored(self, stream: BinaryIO) -> Iterator[bytes]:
        while data := stream.read(max(self._block, 4)):
            self._meter.update(data)
            yield data


class Blocks(Protocol):
    """What a reader reads: blocks of bytes, and what open.Stream says of them."""

    @property
    def broken(self) -> str: ...  # noqa: D102

    @property
    def plain(self) -> bool: ...  # noqa: D102

    def __iter__(self) -> Iterator[bytes]: ...


class Replay:
    """A stream that can be looked at before it is read: an iteration begins at the start each time; after `rest`, one more."""

    def __init__(self, stream: Stream) -> None:
        self._stream, self._blocks = stream, iter(stream)
        self._seen: list[bytes] = []
        self._looking = True

    @property
    def broken(self) -> str:
        """As Stream has it."""
        return self._stream.broken

    @property
    def plain(self) -> bool:
        """As Stream has it."""
        return self._stream.plain

    @property
    def marked(self) -> bool:
        """As Stream has it."""
        return self._stream.marked

    def __iter__(self) -> Iterator[bytes]:
        if self._looking:
            yield from self._seen
        while self._seen and not self._looking:
            yield self._seen.pop(0)
        for block in self._blocks:
            if self._looking:
                self._seen.append(block)
            yield block

    def rest(self) -> Replay:
        """The stream again, for its last reading: no block is held on to."""
        self._looking = False
        return self


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
