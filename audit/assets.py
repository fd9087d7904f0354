"""Where the data folders are: packed into the wheel as `audit/<name>`, beside the package in a checkout."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


def folder(name: str) -> Traversable:
    """The data folder `expectations` or `reports`, from a wheel, a zip or a checkout."""
    packed = files("audit").joinpath(name)
    if packed.is_dir():
        return packed
    beside = Path(__file__).resolve().parent.parent / name
    if beside.is_dir():
        return beside
    raise FileNotFoundError(f"the data folder {name!r} is neither in the package nor beside it: the installation is broken")
