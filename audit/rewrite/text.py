"""Text files for rewriting: one record, all of it text."""

from __future__ import annotations

from collections.abc import Iterator

from audit.corpus import text
from audit.corpus.fields import Chosen, Path
from audit.corpus.open import Stream
from audit.rewrite.block import Block, Chunk, Form, of_items


def _cut(stream: Stream, most: int, label: str) -> Iterator[Chunk]:
    yield Chunk(items=tuple(text.read(stream, most, label)))


def _block(chunk: Chunk, fields: Chosen, most: int) -> Block:
    return of_items(chunk, fields, b"")


def _place(record: bytes, names: tuple[str, ...], path: Path) -> tuple[int, int]:
    return 0, len(record)


def _written(text: str, before: bytes, record: bytes) -> bytes:
    return text.encode()


FORM = Form(_cut, _block, _place, _written)
