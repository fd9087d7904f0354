"""The documents say what is so."""

import importlib.util
import inspect
import re
from pathlib import Path

import pytest

from audit import errors

ROOT = Path(__file__).resolve().parent.parent


def _classes() -> list[type]:
    return [c for _, c in inspect.getmembers(errors, inspect.isclass) if c.__module__ == errors.__name__]


def test_every_error_is_explained() -> None:
    """docs/errors.md has one section for each slug, and no other."""
    sections = re.findall(r"^## (\S+)$", (ROOT / "docs" / "errors.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(sections) == sorted({c.slug for c in _classes()})


def test_the_tree_names_every_error() -> None:
    """The tree in the docstring of audit.errors draws every class."""
    assert all(c.__name__ in (errors.__doc__ or "") for c in _classes())


def test_the_command_line_page_is_current() -> None:
    """docs/cli.md is what `make docs` writes."""
    spec = importlib.util.spec_from_file_location("cli_page", ROOT / "docs" / "cli.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == module.page()


@pytest.mark.parametrize("name", ["make run", "make test", "uv tool install", "pip install"])
def test_the_readme_starts_with_the_commands(name: str) -> None:
    """The first screen of the README has the commands that a newcomer types."""
    assert name in "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:40])
