"""One machine, threads: kernels give up the GIL, so batches run side by side; results come back in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import pyarrow as pa

from audit.errors import AuditError, EngineError

Out = TypeVar("Out")
AHEAD = 2
"""Batches in flight for each worker: enough to keep it busy, few enough to bound memory."""


def each(function: Callable[[pa.RecordBatch], Out], batches: Iterable[pa.RecordBatch], workers: int) -> Iterator[Out]:
    """`function` of every batch, in the order of the batches; at most `AHEAD` * `workers` batches are held.

    Raises:
        EngineError: `function` failed; names the file and line of the first article on which it fails alone.
    """
    run = partial(blamed, function)
    if workers == 1:
        yield from map(run, batches)
        return
    with ThreadPoolExecutor(workers, "audit") as pool:
        waiting: deque[Future[Out]] = deque()
        try:
            for batch in batches:
                waiting.append(pool.submit(run, batch))
                if len(waiting) >= AHEAD * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def blamed(function: Callable[[pa.RecordBatch], Out], batch: pa.RecordBatch) -> Out:
    """`function` of the batch.

    Raises:
        EngineError: As for `each`.
    """
    try:
        return function(batch)
    except (AuditError, MemoryError):
        raise
    except Exception as error:
        raise EngineError(_blame(function, batch, error)) from error


def _blame(function: Callable[[pa.RecordBatch], Out], batch: pa.RecordBatch, error: Exception) -> str:
    """Which article of the batch `function` fails on, found by trying them one by one."""
    said = f"{type(error).__name__}: {error}"
    for row in range(batch.num_rows):
        try:
            function(batch.slice(row, 1))
        except Exception as alone:
            place = f"{batch['file'][row]}:{batch['line'][row]}"
            return f"measuring the article at {place} failed ({type(alone).__name__}: {alone}); this is a bug of corpus-audit"
    first, last = (f"{batch['file'][row]}:{batch['line'][row]}" for row in (0, batch.num_rows - 1))
    return f"measuring the articles from {first} to {last} failed ({said}); this is a bug of corpus-audit"
