"""audit.engines.processes: the same results in the same order, whoever did the work."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from audit import run
from audit.config import Config
from audit.engines import processes
from audit.errors import CorpusError, EngineError


def who(item: int) -> tuple[int, int]:
    time.sleep(0.02)
    return item, os.getpid()


def refuse(item: int) -> int:
    if item == 3:
        raise CorpusError("the file was changed")
    return item


def die(item: int) -> int:
    if os.getpid() != int(os.environ["CORPUS_AUDIT_TEST_PARENT"]):
        os._exit(9)
    time.sleep(0.05)
    return item


def test_order_and_both_at_work() -> None:
    """Results come in the order of the items; this process and the other both had some."""
    found = list(processes.each(who, range(200), 2))
    assert [item for item, _ in found] == list(range(200))
    assert os.getpid() in {pid for _, pid in found}
    assert len({pid for _, pid in found}) == 2


def test_one_worker_is_this_process() -> None:
    assert {pid for _, pid in processes.each(who, range(3), 1)} == {os.getpid()}


def test_a_system_without_semaphores(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work is done all the same."""

    def refused(*_: object, **__: object) -> None:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(processes, "ProcessPoolExecutor", refused)
    assert [item for item, _ in processes.each(who, range(3), 2)] == [0, 1, 2]


def test_what_a_user_can_mend_comes_through() -> None:
    """An error of another process is the same error here."""
    with pytest.raises(CorpusError, match="the file was changed"):
        list(processes.each(refuse, iter([0, 3, 3, 3]), 2))


def test_a_process_that_is_ended_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a hang, and no article is lost in silence."""
    monkeypatch.setenv("CORPUS_AUDIT_TEST_PARENT", str(os.getpid()))
    with pytest.raises(EngineError, match="--workers 1"):
        list(processes.each(die, range(400), 2))


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_a_killed_run_leaves_nobody_behind(tmp_path: Path) -> None:
    """The other processes end with the one that started them, however it ended."""
    code = "import test_processes as t; [print(*one, flush=True) for one in t.processes.each(t.who, range(100000), 2)]"
    tests = Path(__file__).parent
    env = {**os.environ, "PYTHONPATH": f"{tests}:{tests.parent}"}
    started = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=env, cwd=tmp_path)
    assert started.stdout
    other = next(pid for pid in (int(line.split()[1]) for line in started.stdout) if pid != started.pid)
    started.kill()
    started.communicate()
    for _ in range(100):
        if not Path(f"/proc/{other}").exists():
            return
        time.sleep(0.1)
    raise AssertionError(f"process {other} is still there")


def test_tables_are_those_of_one_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Law 2: the same bytes with other processes as without."""
    monkeypatch.setattr("audit.passes.ENOUGH", 1)
    monkeypatch.setattr("audit.corpus.rows.BATCH_ROWS", 7)
    for workers in (1, 3):
        run.run([Path(__file__).parent.parent / "seeds"], Config(out=tmp_path / str(workers), workers=workers, quiet=True))
    for name in ("measures.parquet", "findings.parquet", "learned.parquet", "result.json", "report.html"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "3" / name).read_bytes(), name
