"""One line on standard error while an audit runs: the stage, its rate, the time left. Nothing where that is no terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

PATIENCE = 2.0
"""Seconds before the line appears: what is done by then needs none."""
EVERY = 0.2


class Progress:
    """The line. `shown=False`, or a standard error that is no terminal, makes it silent."""

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown and sys.stderr.isatty()
        self._began = time.monotonic()
        self._last = 0.0

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._write("")

    @contextmanager
    def stage(self, name: str, total: int | Callable[[], tuple[int, int]] = 0) -> Iterator[Callable[[int], None]]:
        """A stage of `total` articles, or of bytes that `total()` gives as (done, in all); 0: unknown. Yields `advance(articles)`."""
        start, done = time.monotonic(), 0

        def advance(articles: int) -> None:
            nonlocal done
            done += articles
            now = time.monotonic()
            if now - self._last >= EVERY:
                self._last = now
                part, whole = total() if callable(total) else (done, total)
                self._write(_line(name, done, part, whole, now - start))

        advance(0)
        yield advance

    def say(self, line: str) -> None:
        """Show a line at once."""
        self._write(line, patience=0)

    def _write(self, line: str, patience: float = PATIENCE) -> None:
        if self._shown and time.monotonic() - self._began >= patience:
            sys.stderr.write(f"\r\x1b[K{line}")
            sys.stderr.flush()


def _line(name: str, done: int, part: int, whole: int, seconds: float) -> str:
    rate = f"{done / seconds:,.0f} a second" if done and seconds > 0 else ""
    share = f"{100 * part // whole} %" if whole else ""
    left = f"{seconds * (whole - part) / part:,.0f} s left" if whole and 0 < part <= whole and done else ""
    count = f"{done:,} articles" if done else ""
    return "  ".join(word for word in (name, share, count, rate, left) if word)
