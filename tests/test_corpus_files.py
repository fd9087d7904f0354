"""Which files are found, under which labels, and in which order."""

import itertools
import os
from pathlib import Path

import pytest

from audit.corpus.files import find
from audit.errors import CorpusError

ROW = '{"text": "a"}\n'


def write(folder: Path, *names: str, text: str = ROW) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_folders_are_read_whole(tmp_path: Path) -> None:
    """A folder gives all files of known kinds in it, by path, without hidden ones and without results of ours."""
    write(tmp_path, "b.jsonl", "a/x.txt", "a/y.csv.gz", "z.md", ".hidden.jsonl", ".git/a.jsonl", "out/run.json", "out/quarantine.jsonl", "A.PARQUET")
    assert [file.label for file in find([tmp_path])] == ["A.PARQUET", "a/x.txt", "a/y.csv.gz", "b.jsonl"]


def test_order_of_arguments(tmp_path: Path) -> None:
    """The order of arguments changes nothing, also where labels are equal: then the content decides, and labels stay unique."""
    write(tmp_path, "one/a.jsonl", text=ROW)
    write(tmp_path, "two/a.jsonl", text=ROW * 2)
    write(tmp_path, "three/b.jsonl")
    folders = [tmp_path / name for name in ("one", "two", "three")]
    found = {tuple((file.label, file.path) for file in find(order)) for order in itertools.permutations(folders)}
    assert len(found) == 1
    assert [label for label, _ in found.pop()] == ["a.jsonl", "a.jsonl#2", "b.jsonl"]


def test_a_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is given twice, inside a folder too, or by a link, is read once, under the longer label."""
    write(tmp_path, "c/d/a.jsonl")
    (tmp_path / "c" / "link.jsonl").symlink_to(tmp_path / "c" / "d" / "a.jsonl")
    monkeypatch.chdir(tmp_path)
    for order in itertools.permutations(["c", "c/d/a.jsonl", str(tmp_path / "c" / "d"), "c/link.jsonl"]):
        assert [file.label for file in find(order)] == ["d/a.jsonl"]


REFUSED = [
    (["missing.jsonl"], "does not exist"),
    (["notes.md"], "of no known kind"),
    (["empty"], "holds no file"),
    (["only-md"], "known extensions: .jsonl"),
    (["result"], "result of an audit"),
    (["loop"], "link to a folder that holds it"),
    (["self.jsonl"], "cannot read"),
    (["dangling.jsonl"], "cannot read"),
    (["pipe.jsonl"], "no regular file"),
    ([], "no input"),
]


@pytest.mark.parametrize(("arguments", "said"), REFUSED)
def test_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str) -> None:
    """What cannot be a corpus is refused with a sentence that says why."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "notes.md", "only-md/notes.md", "result/run.json", "result/a.jsonl", "loop/a.jsonl")
    (tmp_path / "empty").mkdir()
    (tmp_path / "loop" / "again").symlink_to(tmp_path / "loop")
    (tmp_path / "self.jsonl").symlink_to(tmp_path / "self.jsonl")
    (tmp_path / "dangling.jsonl").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.jsonl")
    with pytest.raises(CorpusError, match=said):
        find(arguments)


def test_names_that_are_no_utf8(tmp_path: Path) -> None:
    """A file name of any bytes gives a label that is valid text."""
    (tmp_path / os.fsdecode(b"caf\xe9.jsonl")).write_text(ROW)
    assert [file.label for file in find([tmp_path])] == ["caf�.jsonl"]
