"""Which files are the corpus, and in what order: by path relative to the argument, then by content. The order of arguments does not matter."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path, PurePath

from audit.corpus.open import Meter, digest
from audit.errors import CorpusError

FORMS = {
    ".jsonl": "jsonl", ".jl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".csv": "csv", ".tsv": "tsv", ".parquet": "parquet", ".txt": "txt",
}  # fmt: skip
PACKINGS = {".gz": "gz", ".zst": "zst"}
KNOWN = f"{', '.join(FORMS)}, each but .parquet also with {' or '.join(PACKINGS)}"
STDIN = "-"
RESULT = "run.json"
"""A folder that holds it is a result of ours, no input."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of the corpus.

    Attributes:
        label: Its path relative to its argument, with "/"; unique: a second file of one label has "#2" behind it.
        path: Where it is; None is standard input.
        form: jsonl, json, csv, tsv, parquet or txt.
        packing: gz, zst or "".
        size: Bytes as stored; 0 if unknown.
    """

    label: str
    path: Path | None
    form: str
    packing: str = ""
    size: int = 0


def find(arguments: Sequence[str | Path]) -> tuple[File, ...]:
    """The files of all arguments, each file once, in the order of the corpus.

    Raises:
        CorpusError: A file is missing, unreadable or of no known kind; a folder holds none, or is a result of ours.
    """
    if not arguments:
        raise CorpusError("no input; give a file, a folder, or - for standard input")
    found: dict[str, File] = {}
    for argument in sorted({os.fspath(argument) for argument in arguments}):
        for file in [File(STDIN, None, "jsonl")] if argument == STDIN else _of(Path(argument)):
            real = os.path.realpath(file.path) if file.path else STDIN
            found[real] = min(found.get(real, file), file, key=_preference)
    return _ordered(found.values())


def one(path: Path, label: str) -> File:
    """The file at `path`.

    Raises:
        CorpusError: It cannot be read, or its extension is not known.
    """
    form = kind(path.name)
    if form is None:
        raise CorpusError(f"{path} is of no known kind; known: {KNOWN}")
    try:
        state = path.stat()
    except OSError as error:
        raise CorpusError(f"cannot read {path}: {error.strerror}") from error
    if not stat.S_ISREG(state.st_mode):
        raise CorpusError(f"{path} is no regular file; give a pipe as - (JSON Lines on standard input)")
    if not os.access(path, os.R_OK):
        raise CorpusError(f"cannot read {path}: permission denied")
    return File(label, path, *form, state.st_size)


def kind(name: str) -> tuple[str, str] | None:
    """(form, packing) by the extension of a file's name; None if it is not known.

    >>> kind("News.JSONL.gz"), kind("a.parquet.gz"), kind("notes.md")
    (('jsonl', 'gz'), None, None)
    """
    path = PurePath(name.lower())
    packing = PACKINGS.get(path.suffix, "")
    form = FORMS.get(PurePath(path.stem).suffix if packing else path.suffix)
    return None if form is None or (packing and form == "parquet") else (form, packing)


def _preference(file: File) -> tuple[int, str, str]:
    """Of several labels of one file: the one with most folders, then the first."""
    return (-file.label.count("/"), file.label, str(file.path))


def _of(argument: Path) -> Iterable[File]:
    if not argument.is_dir():
        if not os.path.lexists(argument):
            raise CorpusError(f"{argument} does not exist; give a file or a folder ({KNOWN})")
        return [one(argument, _label(argument.name))]
    if (argument / RESULT).exists():
        raise CorpusError(f"{argument} is the result of an audit (it holds {RESULT}), no corpus; give the corpus itself")
    files = [one(path, _label(path.relative_to(argument).as_posix())) for path in _walk(argument, ())]
    if not files:
        raise CorpusError(f"{argument} holds no file to read; known extensions: {KNOWN}")
    return files


def _walk(folder: Path, above: tuple[str, ...]) -> Iterator[Path]:
    """The readable kinds of files in a folder and the folders in it; hidden ones and results of ours left out."""
    real = os.path.realpath(folder)
    if real in above:
        raise CorpusError(f"{folder} is a link to a folder that holds it; remove the link or give the folders one by one")
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        if any(entry.name == RESULT for entry in entries):
            return
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                yield from _walk(Path(entry.path), (*above, real))
            elif kind(entry.name) is not None:
                yield Path(entry.path)
    except OSError as error:
        raise CorpusError(f"cannot read {error.filename or folder}: {error.strerror}") from error


def _label(name: str) -> str:
    """A path as text: bytes of a name that are no UTF-8 are shown as U+FFFD."""
    return os.fsencode(name).decode("utf-8", "replace")


def _ordered(files: Iterable[File]) -> tuple[File, ...]:
    ordered: list[File] = []
    for label, same in groupby(sorted(files, key=lambda file: file.label), key=lambda file: file.label):
        ties = list(same)
        if len(ties) > 1:
            ties.sort(key=lambda file: digest(file.path, Meter()) if file.path else "")
        ordered += [file if number == 1 else replace(file, label=f"{label}#{number}") for number, file in enumerate(ties, 1)]
    return tuple(ordered)
