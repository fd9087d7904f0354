"""audit.engines.processes: the same results in the same order, whoever did the work."""

import os
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


def test_what_a_user_can_mend_comes_through() -> None:
    """An error of another process is the same error here."""
    with pytest.raises(CorpusError, match="the file was changed"):
        list(processes.each(refuse, iter([0, 3, 3, 3]), 2))


def test_a_process_that_is_ended_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a hang, and no article is lost in silence."""
    monkeypatch.setenv("CORPUS_AUDIT_TEST_PARENT", str(os.getpid()))
    with pytest.raises(EngineError, match="--workers 1"):
        list(processes.each(die, range(400), 2))


def test_tables_are_those_of_one_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Law 2: the same bytes with other processes as without."""
    monkeypatch.setattr("audit.passes.ENOUGH", 1)
    monkeypatch.setattr("audit.corpus.rows.BATCH_ROWS", 7)
    for workers in (1, 3):
        run.run([Path(__file__).parent.parent / "seeds"], Config(out=tmp_path / str(workers), workers=workers, quiet=True))
    for name in ("measures.parquet", "findings.parquet", "learned.parquet", "result.json", "report.html"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "3" / name).read_bytes(), name
