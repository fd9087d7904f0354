"""The door to Great Expectations: how it is imported, and a context of our own in it."""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType
from typing import Any

from audit.errors import EngineError


class _Later(MetaPathFinder):
    """Finds modules that are loaded when something of theirs is first asked for (importlib.util.LazyLoader)."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """As importlib's own finder, for the modules named."""
        spec = PathFinder.find_spec(name, path, target) if name in self._names else None
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


_UNUSED = frozenset(("altair", "scipy.stats"))
"""What Great Expectations imports for charts and one test of distributions: a third of the time that its import takes."""


@contextmanager
def _without_unused() -> Iterator[None]:
    finder = _Later(_UNUSED)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


def imported() -> Any:
    """The package.

    Raises:
        EngineError: It ends the process instead of being imported.
    """
    try:
        with _without_unused():
            import great_expectations as gx
    except SystemExit as error:  # pyspark 4.3 without grpcio ends the process where __main__ has no file
        raise EngineError("great_expectations cannot be imported: pyspark is there without grpcio; install pyspark[connect]") from error
    return gx


@contextmanager
def private_context() -> Iterator[tuple[Any, Any]]:
    """(great_expectations, a context of our own): no files, no progress bars, nothing logged; the user's context comes back after."""
    log = logging.getLogger("great_expectations")
    level = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            gx = imported()
            from great_expectations.data_context.data_context.context_factory import project_manager

            before = _current(project_manager)
            context = _context()
            project_manager.set_project(context)
            try:
                with _without_fingerprints():
                    yield gx, context
            finally:
                project_manager.set_project(before)
    finally:
        log.setLevel(level)


@contextmanager
def _without_fingerprints() -> Iterator[None]:
    """No digest of every frame, which nobody reads: a second at a million rows. Great Expectations makes none of frames above a size."""
    from great_expectations.execution_engine import pandas_execution_engine as engine

    size = getattr(engine, "HASH_THRESHOLD", None)
    if size is None:  # another version
        yield
        return
    engine.HASH_THRESHOLD = 0
    try:
        yield
    finally:
        engine.HASH_THRESHOLD = size


def _current(manager: Any) -> Any:
    from great_expectations.exceptions.exceptions import DataContextRequiredError

    try:
        return manager.get_current_project()
    except DataContextRequiredError:
        return None


def _context() -> Any:
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext
    from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults, ProgressBarsConfig

    stores = InMemoryStoreBackendDefaults(init_temp_docs_sites=False)  # the docs site alone would make a temporary folder
    bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    return EphemeralDataContext(project_config=DataContextConfig(store_backend_defaults=stores, progress_bars=bars, analytics_enabled=False))
