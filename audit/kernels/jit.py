"""The one way a kernel is compiled: no GIL, no bounds checks, cached in a folder that is the user's own.

A kernel takes arrays and numbers only (uint8 data, int64 offsets), never Python objects, and has one signature.
The cache stands in the user's cache folder, else in a private temporary one (design.md, law 7); an environment variable
NUMBA_CACHE_DIR wins. numba's own setting is put back after each decoration: a host program may have its own.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numba
from numba import types
from numba.core import config as settings

OPTIONS: dict[str, Any] = {"nogil": True, "cache": True, "boundscheck": False, "error_model": "numpy"}
_INNER: dict[str, Any] = {"nogil": True, "boundscheck": False, "error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def _private(path: Path) -> bool:
    """Make the folder `path` for this user alone; false where that cannot be had (code is loaded from it)."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = path.stat()
        if not hasattr(os, "getuid"):
            return os.access(path, os.W_OK)
        mine = state.st_uid == os.getuid() and not stat.S_IMODE(state.st_mode) & 0o022
        return mine and os.access(path, os.W_OK | os.X_OK)
    except (OSError, RuntimeError):
        return False


@cache
def _version() -> str:
    """Of all kernels together: numba looks at the file a kernel stands in only, and not at those that it calls into."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def _made(path: Path) -> Path:
    path.mkdir(mode=0o700, exist_ok=True)
    return path


@cache
def cache_folder() -> str:
    """The folder that holds compiled kernels."""
    given = os.environ.get("NUMBA_CACHE_DIR")
    if given:
        return given
    homes = [os.environ.get("XDG_CACHE_HOME"), os.environ.get("LOCALAPPDATA")]
    with suppress(RuntimeError):  # there is no home
        homes.append(str(Path.home() / ".cache"))
    for home in homes:
        if home and _private(Path(home) / "corpus-audit" / "kernels"):
            return str(_made(Path(home) / "corpus-audit" / "kernels" / _version()))
    own = tempfile.mkdtemp(prefix="corpus-audit-kernels-")
    atexit.register(shutil.rmtree, own, ignore_errors=True)
    return own


def note(name: str) -> None:
    """Remember in the folder of compiled kernels that those of this name are compiled."""
    with suppress(OSError):
        Path(cache_folder(), f"{name}.{_version()}").touch()


def is_noted(name: str) -> bool:
    """Whether the kernels of this name are compiled; false after any kernel was changed."""
    return Path(cache_folder(), f"{name}.{_version()}").exists()


def kernel(function: Callable[..., Any], **more: Any) -> Any:
    """Compile `function` when it is first called; later processes load it from the cache."""
    before = settings.CACHE_DIR
    settings.CACHE_DIR = cache_folder()
    try:
        return numba.njit(**{**OPTIONS, **more})(function)  # type: ignore[call-overload]
    finally:
        settings.CACHE_DIR = before


def bare_kernel(function: Callable[..., Any]) -> Any:
    """A kernel that makes no arrays, so that nobody has to count who holds one: counting took most of the time of one with many small functions."""
    return kernel(function, _nrt=False)


def inline(function: Callable[..., Any]) -> Any:
    """A small function that kernels call, inlined by LLVM. Python cannot call it: making an entry point for it took as long as itself, and more
    for every array that it is given. `kernel(function.py_func)` is one that Python can call.
    """
    return _unliteral(numba.njit(**_INNER)(function))  # type: ignore[call-overload]


def bare(function: Callable[..., Any]) -> Any:
    """An inline function that makes no arrays, for a `bare_kernel`."""
    return _unliteral(numba.njit(**_INNER, _nrt=False)(function))  # type: ignore[call-overload]


def _unliteral(function: Any) -> Any:
    """The function without a version of its own for every constant it is called with; LLVM puts constants where it inlines."""
    template = function.get_call_template

    def plain(args: Sequence[Any], kws: dict[str, Any]) -> Any:
        return template([types.unliteral(arg) for arg in args], {name: types.unliteral(arg) for name, arg in kws.items()})

    function.get_call_template = plain
    return function
