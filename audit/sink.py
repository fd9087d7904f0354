"""Where a rewritten corpus goes: one file, a folder with a file for each input, or standard output.

A file grows in a place to work in, beside the output, and is renamed at the end. What was written before a process was
killed is taken up again only if its bytes are what they were.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import xxhash
import zstandard

from audit.corpus.files import FORMS, KNOWN, File, kind
from audit.errors import ConfigError, OutputError

WRITTEN = ("jsonl", "csv", "tsv", "parquet", "txt")
JOINED = ("jsonl",)
"""Kinds of which several files become one."""
LEVEL = 3
JOURNAL, LOCK, OUT = "journal.json", "lock", "out"
_READ = 1 << 20


def pack(data: bytes | memoryview, packing: str) -> bytes | memoryview:
    """The bytes as a gzip member or zstd frame of their own; a file may be many of them."""
    if packing == "gz":
        engine = zlib.compressobj(6, zlib.DEFLATED, 31)
        return engine.compress(data) + engine.flush()
    return zstandard.ZstdCompressor(LEVEL).compress(data) if packing == "zst" else data


class Growing:
    """A file that bytes are added to. `mark()` says its size and digest; `resumed` takes it up where it was so."""

    def __init__(self, path: Path) -> None:
        self.size = 0
        self._digest = xxhash.xxh3_128()
        self._stream: BinaryIO = path.open("wb", buffering=0)

    @classmethod
    def resumed(cls, path: Path, mark: Sequence[Any]) -> Growing | None:
        """The file cut back to what it was at `mark`; None if it is not that any more."""
        if not path.is_file() or path.stat().st_size < mark[0]:
            return None
        self = cls.__new__(cls)
        self._stream, self._digest, self.size = path.open("r+b", buffering=0), xxhash.xxh3_128(), 0
        while self.size < mark[0] and (data := self._stream.read(min(_READ, mark[0] - self.size))):
            self._digest.update(data)
            self.size += len(data)
        if self.mark() != list(mark):
            self.close()
            return None
        self._stream.truncate(self.size)
        return self

    def write(self, data: bytes | memoryview) -> None:
        """Add bytes."""
        left = memoryview(data)
        while left:
            left = left[self._stream.write(left) :]
        self._digest.update(data)
        self.size += len(data)

    def mark(self) -> list[Any]:
        """Size and xxh3-128."""
        return [self.size, self._digest.hexdigest()]

    def close(self) -> None:
        """End it."""
        self._stream.close()


class Sink:
    """Takes the files of a corpus one after the other.

    Attributes:
        path: What is written meanwhile; None: standard output, or nothing in a dry run.
        size: Bytes of the file at hand.
    """

    def __init__(self, path: Path | None, packing: str | None, stream: BinaryIO | None) -> None:
        """`packing` of the one file; None: a folder, where each file is packed as its name says."""
        self.path, self.size = path, 0
        self._packing, self._stream = packing, stream
        self._file: Growing | None = None
        self._label = ""
        self._chain = ""  # digest of the digests of the files that are whole

    @property
    def folder(self) -> bool:
        """Whether each input has a file of its own."""
        return self._packing is None

    def packing(self, label: str) -> str:
        """How the file of `label` is packed."""
        return (kind(label.partition("#")[0]) or ("", ""))[1] if self._packing is None else self._packing

    def open(self, label: str) -> None:
        """The next file begins; where all are one, only the first opens it."""
        self._label = label
        if self.path is None:
            self.size = 0
        elif self.folder:
            self._file, self.size = Growing(self._place(label)), 0
        elif self._file is None:
            self._file = Growing(self.path)

    def write(self, data: bytes | memoryview) -> None:
        """Packed bytes of the file."""
        if self._file is not None:
            self._file.write(data)
        elif self._stream is not None:
            self._stream.write(data)
        self.size += len(data)

    def close(self, *, last: bool) -> None:
        """The file is whole; `last` says that it was the last of all. A packed one is no file before it has a first part."""
        if (self.folder or last) and not self.size and (packing := self.packing(self._label)):
            self.write(pack(b"", packing))
        if last and self._stream is not None:
            self._stream.flush()
        if self._file is not None and (self.folder or last):
            self._chain = _chained(self._chain, self._file)
            self._file.close()
            self._file = None

    def abandon(self) -> None:
        """Let go of the file at hand."""
        if self._file is not None:
            self._file.close()

    def mark(self) -> list[Any]:
        """What was written so far."""
        return [self._chain, self._file.mark() if self._file is not None else None]

    def resume(self, mark: Sequence[Any], labels: Sequence[str], label: str) -> bool:
        """Go on behind `mark`, when the files of `labels` were whole and that of `label` is at hand; false if what is there is not that."""
        assert self.path is not None  # what else is not resumed
        chain, at_hand = mark
        for whole in labels if self.folder else ():
            file = _whole(self._place(whole))
            if file is None:
                return False
            self._chain = _chained(self._chain, file)
        if at_hand is not None:
            self._file = Growing.resumed(self._place(label) if self.folder else self.path, at_hand)
            self._label, self.size = label, at_hand[0]
        return self._chain == chain and (at_hand is None or self._file is not None)

    def _place(self, label: str) -> Path:
        assert self.path is not None
        path = self.path / _name(label)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


def _chained(chain: str, file: Growing) -> str:
    return xxhash.xxh3_128_hexdigest(f"{chain} {file.mark()}".encode())


def _whole(path: Path) -> Growing | None:
    """A file with its size and digest, as it stands."""
    try:
        size = path.stat().st_size
        digest = xxhash.xxh3_128()
        with path.open("rb") as stream:
            while data := stream.read(_READ):
                digest.update(data)
    except OSError:
        return None
    file = Growing.resumed(path, [size, digest.hexdigest()])
    if file is not None:
        file.close()
    return file


@contextmanager
def workplace(out: str, *, dry_run: bool) -> Iterator[Path]:
    """A folder to work in, beside the output where there is one. It is gone at the end, but for a journal to go on from.

    Raises:
        OutputError: There is no place for it, or another process works in it.
    """
    if dry_run or out == "-":
        with tempfile.TemporaryDirectory(prefix="corpus-audit-") as name:
            yield Path(name)
        return
    path = Path(out)
    if not path.parent.is_dir():
        raise OutputError(f"{path.parent} is no folder; choose another place with --out")
    folder = path.with_name(f".{path.name}.part")
    folder.mkdir(exist_ok=True)
    with _locked(folder / LOCK, out):
        try:
            yield folder
        except BaseException:
            if not (folder / JOURNAL).is_file():
                shutil.rmtree(folder, ignore_errors=True)
            raise
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(path: Path, out: str) -> Iterator[None]:
    """One process at a time; the lock goes with the process, however it ends."""
    with path.open("ab") as stream:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise OutputError(f"another process is writing {out}; wait for it, or choose another place with --out") from error
        yield


def sink(found: Sequence[File], out: str, path: Path, *, dry_run: bool) -> Sink:
    """The sink for the files of `found`, which is later moved from `path` to `out`.

    Raises:
        ConfigError: The input is of a kind that cannot be written, or `out` is none for it.
        OutputError: `out` is there and must not be overwritten.
    """
    forms = sorted({file.form for file in found})
    if other := [form for form in forms if form not in WRITTEN]:
        raise ConfigError(f"clean reads and writes {', '.join(WRITTEN)}; the input is {' and '.join(other)}")
    if out == "-":
        if len(found) > 1 and forms != ["jsonl"]:
            raise ConfigError("several files do not fit on standard output, but for JSON Lines; give a folder with --out")
        return Sink(None, "", None if dry_run else sys.stdout.buffer)
    packing = _checked(found, forms, Path(out))
    return Sink(None if dry_run else path, packing, None)


def _checked(found: Sequence[File], forms: Sequence[str], out: Path) -> str | None:
    """The packing that the name of `out` asks for; None if it names a folder."""
    asked = kind(out.name)
    if asked is None and PurePosixPath(out.name).suffix and not out.is_dir() and len(found) == 1:
        raise ConfigError(f"{out} is of no known kind; known: {KNOWN}; or give a folder without an extension, or - for standard output")
    if asked is not None and forms != [asked[0]]:
        raise ConfigError(
            f"{out} is a name for {asked[0]}, the input is {' and '.join(forms)}; clean writes what it reads; give another name or a folder"
        )
    if asked is not None and len(found) > 1 and asked[0] not in JOINED:
        raise ConfigError(f"{out} names a file; several {asked[0]} files are written into a folder")
    if any(file.path is not None and os.path.realpath(file.path) == os.path.realpath(out) for file in found):
        raise OutputError(f"{out} is one of the inputs; choose another place with --out")
    if out.is_dir() and (asked is not None or any(out.iterdir())):
        raise OutputError(f"{out} is a folder{' that is not empty' if asked is None else ''}; choose another place with --out")
    if asked is None and out.exists() and not out.is_dir():
        raise OutputError(f"{out} is a file; without one of the extensions {', '.join(FORMS)} it names a folder")
    return asked[1] if asked else None


def publish(folder: Path, out: Path, beside: Mapping[str, str]) -> None:
    """Move what is ready to its final names, the corpus last; what a killed process moved already is not looked for."""
    for name, final in beside.items():
        if (folder / name).is_file():
            (folder / name).replace(out.with_name(final))
    if (folder / OUT).exists():
        if out.is_dir():
            out.rmdir()  # it is empty, as `sink` saw; not every system renames onto a folder
        (folder / OUT).replace(out)


def _name(label: str) -> str:
    """The name of a file by its label, with the number of a label that is there twice before the extension, so that it is one still."""
    path, _, number = label.rpartition("#")
    if kind(label) is not None or not number.isdecimal():
        return label
    whole = PurePosixPath(path)
    stem, *rest = whole.name.split(".")
    return str(whole.with_name(".".join((f"{stem}#{number}", *rest))))
