"""Bytes in blocks, as a reader gets them, and what its items say; for the tests of readers."""

from collections.abc import Iterator

from audit.corpus.records import Bad, Record


class Blocks:
    """Bytes in blocks of one size, with the end that a broken file has."""

    plain = False

    def __init__(self, data: bytes, size: int, broken: str = "") -> None:
        self.data, self.size, self.broken = data, size, broken

    def __iter__(self) -> Iterator[bytes]:
        return (self.data[at : at + self.size] for at in range(0, len(self.data), self.size))


def said(items: Iterator[Record | Bad]) -> list[object]:
    """(line, value) of a record, a bad one as it is."""
    return [(item.line, item.value) if isinstance(item, Record) else item for item in items]
