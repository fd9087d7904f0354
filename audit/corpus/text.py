"""Text files: a file is an article, its text whole; a headline is taken from the text later. `line` is 1."""

from __future__ import annotations

from audit.corpus.open import Blocks
from audit.corpus.records import KEPT, NOT_UTF8, TOO_LARGE, Bad, Items, Record


def read(stream: Blocks, max_record: int, label: str) -> Items:
    """The one record of a text file: `text`, and its path as `id`."""
    held: list[bytes] = []
    size = 0
    for block in stream:
        size += len(block)
        held = [*held, block] if size <= max_record else [b"".join((*held, block))[:KEPT]]
    data = b"".join(held)
    if size > max_record or stream.broken:
        yield Bad(1, stream.broken or TOO_LARGE, data[:KEPT])
        return
    try:
        yield Record(1, {"id": label, "text": data.decode()}, data)
    except UnicodeDecodeError:
        yield Bad(1, NOT_UTF8, data[:KEPT])
