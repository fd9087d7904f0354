"""Where a rewritten corpus goes: one JSON Lines file, one text file, a folder of text files, or standard output."""

from __future__ import annotations

import gzip
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import BinaryIO

import zstandard

from audit.corpus.files import File, kind
from audit.errors import ConfigError, OutputError

FORMS = ("jsonl", "txt")
LEVEL = 3


class Sink:
    """Takes records one by one. `path` is what is written meanwhile (None: nothing, or standard output); it is whole after `with`."""

    def __init__(self, path: Path | None, packing: str, stream: BinaryIO | None, *, end: bytes, folder: bool) -> None:
        self.path = path
        self._packing, self._stream, self._end, self._folder = packing, stream, end, folder
        self._open = ExitStack()

    def __enter__(self) -> Sink:
        if self.path is not None and self._folder:
            self.path.mkdir()
        elif self.path is not None:
            self._stream = _opened(self._open, self.path, self._packing)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._open.close()
        if self.path is None and self._stream is not None:
            self._stream.flush()

    def write(self, label: str, data: bytes) -> None:
        """A record of the file `label`."""
        if self.path is not None and self._folder:
            path = self.path / _name(label)
            path.parent.mkdir(parents=True, exist_ok=True)
            found = kind(path.name)
            with ExitStack() as stack:
                _opened(stack, path, found[1] if found else "").write(data)
        elif self._stream is not None:
            self._stream.write(data + self._end)


@contextmanager
def workplace(out: str, *, dry_run: bool) -> Iterator[Path]:
    """A folder to work in, beside the output where there is one, gone at the end."""
    if dry_run or out == "-":
        with tempfile.TemporaryDirectory(prefix="corpus-audit-") as name:
            yield Path(name)
        return
    path = Path(out)
    if not path.parent.is_dir():
        raise OutputError(f"{path.parent} is no folder; choose another place with --out")
    folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sink(found: Sequence[File], out: str, path: Path, *, dry_run: bool) -> Sink:
    """The sink for the records of `found`, which is later moved from `path` to `out`.

    Raises:
        ConfigError: The input is of a kind that cannot be written, or `out` is none for it.
        OutputError: `out` is there and must not be overwritten.
    """
    forms = sorted({file.form for file in found})
    if len(forms) > 1 or forms[0] not in FORMS:
        raise ConfigError(f"clean reads and writes JSON Lines or text files, one kind at a time; the input is {' and '.join(forms)}")
    lines, packing = forms[0] == "jsonl", ""
    folder = not lines and not (len(found) == 1 and out != "-" and (kind(out) or ("",))[0] == "txt")
    if out == "-":
        if not lines and len(found) > 1:
            raise ConfigError("several text files do not fit on standard output; give a folder with --out")
        folder = False
    else:
        packing = _checked(found, Path(out), lines=lines, folder=folder)
    if dry_run:
        return Sink(None, "", None, end=b"", folder=False)
    stream = sys.stdout.buffer if out == "-" else None
    return Sink(None if out == "-" else path, packing, stream, end=b"\n" if lines else b"", folder=folder)


def _checked(found: Sequence[File], out: Path, *, lines: bool, folder: bool) -> str:
    """The packing that the name of `out` asks for."""
    asked = kind(out.name)
    if lines and (asked is None or asked[0] != "jsonl"):
        raise ConfigError(f"{out} is no name for JSON Lines; end it in .jsonl, .jsonl.gz or .jsonl.zst, or give - for standard output")
    if folder and asked is not None:
        raise ConfigError(f"{out} names a file; several text files are written into a folder")
    if any(file.path is not None and os.path.realpath(file.path) == os.path.realpath(out) for file in found):
        raise OutputError(f"{out} is one of the inputs; choose another place with --out")
    if out.is_dir() and (not folder or any(out.iterdir())):
        raise OutputError(f"{out} is a folder{' that is not empty' if folder else ''}; choose another place with --out")
    if folder and out.exists() and not out.is_dir():
        raise OutputError(f"{out} is a file; several text files are written into a folder")
    return asked[1] if asked else ""


def _opened(stack: ExitStack, path: Path, packing: str) -> BinaryIO:
    stream: BinaryIO = stack.enter_context(path.open("wb"))
    if packing == "gz":
        return stack.enter_context(gzip.GzipFile("", "wb", fileobj=stream, mtime=0))  # type: ignore[return-value] (it writes bytes)
    if packing == "zst":
        return stack.enter_context(zstandard.ZstdCompressor(LEVEL).stream_writer(stream, closefd=False))  # type: ignore[return-value]
    return stream


def _name(label: str) -> str:
    """The name of a file by its label, with the number of a label that is there twice before the extension, so that it is one still."""
    path, _, number = label.rpartition("#")
    if kind(label) is not None or not number.isdecimal():
        return label
    whole = PurePosixPath(path)
    stem, *rest = whole.name.split(".")
    return str(whole.with_name(".".join((f"{stem}#{number}", *rest))))
