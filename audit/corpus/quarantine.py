"""quarantine.jsonl: every record that could not be read, where it was, why, and its first bytes."""

from __future__ import annotations

import base64
from collections import Counter
from pathlib import Path
from types import TracebackType

import orjson

from audit.corpus.records import KEPT, Bad
from audit.errors import OutputError


class Quarantine:
    """The file; it is there, empty, also if nothing is bad. `reasons` counts."""

    def __init__(self, path: Path) -> None:
        self.reasons: Counter[str] = Counter()
        self._path = path
        try:
            path.write_bytes(b"")
        except OSError as error:
            raise OutputError(f"cannot write {path}: {error.strerror or error}") from error

    def __enter__(self) -> Quarantine:
        self._stream = open(self._path, "ab")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stream.close()

    def add(self, file: str, bad: Bad) -> None:
        """Write one row: file, line, reason, bytes, and whether bytes are base64 because they are no UTF-8."""
        self.reasons[bad.reason] += 1
        try:
            self._stream.write(row(file, bad))
        except OSError as error:
            raise OutputError(f"cannot write {self._path}: {error.strerror or error}") from error


def row(file: str, bad: Bad) -> bytes:
    """A bad record as a line of quarantine.jsonl."""
    text, packed = _shown(bad.data[:KEPT])
    return orjson.dumps({"file": file, "line": bad.line, "reason": bad.reason, "bytes": text, "base64": packed}) + b"\n"


def _shown(data: bytes) -> tuple[str, bool]:
    try:
        return data.decode(), False
    except UnicodeDecodeError as error:
        if len(data) == KEPT and error.start >= KEPT - 3 and "end of data" in error.reason:
            return data[: error.start].decode(), False  # cut within a character, by us
        return base64.b64encode(data).decode(), True
