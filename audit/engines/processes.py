"""One machine, processes: for what Python itself has to do, which threads would do one after the other."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from threading import Thread
from typing import Any, TypeVar

from loky.process_executor import BrokenProcessPool, ProcessPoolExecutor

from audit.errors import EngineError
from audit.kernels import jit

Item = TypeVar("Item")
Out = TypeVar("Out")
AHEAD = 2
"""Items in flight for each other process: enough to keep it busy, few enough to leave some for this one."""
UNTOLD = 64
"""Results that may wait for the one before them: enough for a slow item, few enough to bound memory."""


def each(function: Callable[[Item], Out], items: Iterable[Item], workers: int, ahead: int = AHEAD) -> Iterator[Out]:
    """`function` of every item, in the order of the items; function, items and results are pickled.

    `workers` - 1 processes are started. This process is a worker too: it takes the items for which they are too busy, the first ones as well, so that
    nothing waits for them to start. Each of the others has `ahead` items at most: one where items are few and long.

    Raises:
        EngineError: A process was ended from outside.
    """
    pool = _pool(function, workers - 1) if workers > 1 else None
    if pool is None:
        yield from map(function, items)
        return
    waiting: deque[Future[Out]] = deque()
    try:
        for item in items:
            running = sum(not future.done() for future in waiting)
            waiting.append(pool.submit(_work, item) if running < ahead * (workers - 1) else _done(function(item)))
            while waiting and (waiting[0].done() or len(waiting) > UNTOLD):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise EngineError("a worker process was ended, perhaps for want of memory; --workers 1 does the same work in one process") from error
    finally:
        pool.shutdown(wait=True, kill_workers=True)


def _pool(function: Callable[[Item], Out], size: int) -> ProcessPoolExecutor | None:
    """The other processes; None where the system has no semaphores for them (no /dev/shm, as in some containers)."""
    try:
        return ProcessPoolExecutor(size, initializer=_begin, initargs=(function, os.getpid()), env={"NUMBA_CACHE_DIR": jit.cache_folder()})
    except (OSError, ImportError):
        return None


def _done(value: Out) -> Future[Out]:
    future: Future[Out] = Future()
    future.set_result(value)
    return future


_functions: list[Callable[[Any], Any]] = []
"""Of a process that was started: its function alone."""


def _begin(function: Callable[[Any], Any], parent: int) -> None:
    _functions[:] = [function]
    Thread(target=_follow, args=(parent,), daemon=True).start()


def _follow(parent: int) -> None:
    """End with the process that started this one, which may have been killed; Windows does not tell."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _work(item: Any) -> Any:
    return _functions[0](item)
