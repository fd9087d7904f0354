"""A run that is killed is taken up by the next one, which ends in the same bytes; what cannot be written or read leaves nothing half-made."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from audit import rewrite, sink
from audit.config import Config
from audit.corpus import source as sources
from audit.errors import CorpusError, OutputError
from audit.rewrite import Job, clean_corpus, tasks

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that share the compiled kernels")
CONFIG = Config(quiet=True, workers=2)
RECORDS = [{"id": f"a{n}", "title": "It&rsquo;s", "text": f"caf&eacute; {n} " + "word " * (n % 7), "n": n} for n in range(60)]


def in_child(act: Callable[[], object]) -> int:
    """Do it in a process of its own; the signal that killed it, or its exit code negated."""
    child = os.fork()
    if not child:
        code = 1
        try:
            act()
            code = 0
        except OutputError:
            code = 7
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status)


def killed_at(event: int, act: Callable[[], object]) -> int:
    """Do it in a child that is killed in the middle of its `event`th write or renaming."""

    def run() -> None:
        left = event
        real_write, real_replace = sink.Growing.write, Path.replace

        def count() -> bool:
            nonlocal left
            left -= 1
            return left == 0

        def write(self: sink.Growing, data: bytes) -> None:
            if count():
                real_write(self, bytes(data)[: len(data) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            real_write(self, data)

        def replace(self: Path, target: Any) -> Path:
            if count():
                os.kill(os.getpid(), signal.SIGKILL)
            moved = real_replace(self, target)
            if count():
                os.kill(os.getpid(), signal.SIGKILL)
            return moved

        sink.Growing.write, Path.replace = write, replace  # type: ignore[method-assign]
        act()

    return in_child(run)


def contents(folder: Path, name: str) -> dict[str, bytes]:
    """All files of an output and beside it."""
    return {str(path.relative_to(folder)).removeprefix(name): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def lines(folder: Path) -> tuple[str, str]:
    (folder / "a.jsonl").write_bytes(b"\n".join([*map(orjson.dumps, RECORDS), b"broken"]))
    return "a.jsonl", "o.jsonl"


def packed(folder: Path) -> tuple[str, str]:
    return lines(folder)[0], "o.jsonl.zst"


def table(folder: Path) -> tuple[str, str]:
    rows = "\n".join(f"{record['id']},{record['title']},{record['text']}" for record in RECORDS)
    (folder / "a.csv").write_text(f"id,title,text\n{rows}\n")
    return "a.csv", "o.csv"


def parquet(folder: Path) -> tuple[str, str]:
    pq.write_table(pa.Table.from_pylist(RECORDS), folder / "a.parquet", row_group_size=9)
    return "a.parquet", "o.parquet"


def many(folder: Path) -> tuple[str, str]:
    (folder / "in").mkdir()
    for n, record in enumerate(RECORDS[:6]):
        (folder / "in" / f"{n}.txt").write_text(record["text"])
    lines(folder)
    (folder / "a.jsonl").rename(folder / "in" / "3a.jsonl")
    table(folder)
    (folder / "a.csv").rename(folder / "in" / "z.csv")
    return "in", "o"


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of a few records, and a journal that is written after each."""
    monkeypatch.setattr(sources.How.of.__func__, "__defaults__", (600, None))
    monkeypatch.setattr(tasks.delimited, "ROWS", 7)
    monkeypatch.setattr(rewrite, "EVERY", 0.0)


@pytest.mark.parametrize("make", [lines, packed, table, parquet, many])
def test_killed_at_any_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], tuple[str, str]]) -> None:
    """Killed at each of its writes and renamings, a run is finished by the next one with the same bytes, and finished parts are not redone."""
    source, name = make(tmp_path)
    whole = tmp_path / "whole"
    whole.mkdir()
    done: list[int] = []
    real = tasks.work if make is not parquet else tasks.parquet.work
    monkeypatch.setattr(tasks if make is not parquet else tasks.parquet, "work", lambda *given: (done.append(1), real(*given))[1])
    clean_corpus(Job((str(tmp_path / source),), str(whole / name)), CONFIG)
    blocks, want = len(done), contents(whole, name)
    assert blocks > 5
    event, redone = 1, []
    while True:
        out = tmp_path / f"out{event}"
        out.mkdir()
        job = Job((str(tmp_path / source),), str(out / name))
        ended = killed_at(event, lambda job=job: clean_corpus(job, CONFIG))
        if ended == 0:
            break
        assert ended == signal.SIGKILL
        done.clear()
        clean_corpus(job, CONFIG)
        redone.append(len(done))
        assert contents(out, name) == want, event
        event += 1 if event < 30 else 3
    assert event > 40
    assert redone[-1] == 0
    assert 0 < min(redone[len(redone) // 2 : -12] or [1]) < blocks


def test_killed_again_and_again(tmp_path: Path) -> None:
    """A run that is killed every few steps gets to its end all the same."""
    source, name = lines(tmp_path)
    for folder in ("whole", "out"):
        (tmp_path / folder).mkdir()
    clean_corpus(Job((str(tmp_path / source),), str(tmp_path / "whole" / name)), CONFIG)
    job = Job((str(tmp_path / source),), str(tmp_path / "out" / name))
    times = 0
    while killed_at(14, lambda: clean_corpus(job, CONFIG)) == signal.SIGKILL:
        times += 1
        assert times < 100
    assert times > 3
    assert contents(tmp_path / "out", name) == contents(tmp_path / "whole", name)


def stopped(folder: Path, event: int = 40) -> Job:
    """A job that was killed on the way."""
    source, name = lines(folder)
    job = Job((str(folder / source),), str(folder / name))
    assert killed_at(event, lambda: clean_corpus(job, CONFIG)) == signal.SIGKILL
    assert (folder / ".o.jsonl.part" / "journal.json").is_file()
    return job


def test_another_job_begins_anew(tmp_path: Path) -> None:
    """What was left by a job with another input is not taken up."""
    job = stopped(tmp_path)
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "all new"}\n')
    assert clean_corpus(job, CONFIG).written == 1
    assert (tmp_path / "o.jsonl").read_bytes() == b'{"text": "all new"}\n'


@pytest.mark.parametrize("name", ["out", "changes.arrow", "quarantine.jsonl", "journal.json"])
def test_what_a_power_cut_spoilt_is_made_anew(tmp_path: Path, name: str) -> None:
    """Where what was written is not what it was, the work begins from nothing."""
    job = stopped(tmp_path)
    part = tmp_path / ".o.jsonl.part" / name
    part.write_bytes(bytes(len(part.read_bytes())))
    done = clean_corpus(job, CONFIG)
    assert (done.records, done.written, done.quarantined) == (61, 60, 1)
    assert b"\0" not in (tmp_path / "o.jsonl").read_bytes()
    assert b"\0" not in (tmp_path / "o.jsonl.quarantine.jsonl").read_bytes()
    assert len((tmp_path / "o.jsonl").read_bytes().splitlines()) == 60


def test_a_full_disk(tmp_path: Path) -> None:
    """Where a file cannot grow there is an error and nothing under the final name; with room again the same command goes on."""
    import resource

    source, name = lines(tmp_path)
    job = Job((str(tmp_path / source),), str(tmp_path / name))

    def cramped() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, 4_000))
        clean_corpus(job, CONFIG)

    assert in_child(cramped) == -7
    assert sorted(path.name for path in tmp_path.iterdir()) == [".o.jsonl.part", "a.jsonl"]
    assert clean_corpus(job, CONFIG).written == 60
    assert not (tmp_path / ".o.jsonl.part").exists()


def test_two_at_once(tmp_path: Path) -> None:
    """A second process with the same output is refused while the first works."""
    source, name = lines(tmp_path)
    job = Job((str(tmp_path / source),), str(tmp_path / name))
    with sink.workplace(job.out, dry_run=False):
        assert in_child(lambda: clean_corpus(job, CONFIG)) == -7


def test_a_target_that_takes_nothing(tmp_path: Path) -> None:
    """A folder of the system that takes no files gives an error."""
    source, _ = lines(tmp_path)
    if not Path("/proc/self").is_dir():
        pytest.skip("a system without such a folder")
    with pytest.raises(OutputError, match="cannot write"):
        clean_corpus(Job((str(tmp_path / source),), "/proc/o.jsonl"), CONFIG)


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
def test_an_input_that_breaks_off(tmp_path: Path, name: str) -> None:
    """A file that cannot be read is an error that names it, and nothing is left behind."""
    if not Path("/proc/self/mem").exists():
        pytest.skip("a system without a file that cannot be read")
    (tmp_path / name).symlink_to("/proc/self/mem")
    with pytest.raises(CorpusError, match=name):
        clean_corpus(Job((str(tmp_path / name),), str(tmp_path / f"o.{name[2:]}")), CONFIG)
    assert [path.name for path in tmp_path.iterdir()] == [name]
