"""The house stands as docs/architecture.md draws it: who may import whom, and one door for each big dependency."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "audit"
MODULES = sorted(path for path in PACKAGE.rglob("*.py")) if PACKAGE.is_dir() else []
DOORS = {
    "great_expectations": ("judge", "gx"),
    "numba": ("kernels",),
    "llvmlite": ("kernels",),
    "loky": ("engines.processes",),
    "ftfy": ("measure.clean",),
    "jinja2": ("show.html",),
    "typer": ("cli",),
    "fasttext": ("measure.language",),
    "datasketch": ("kernels", "across"),
}
BACK = {("result", "audit.show.notebook")}
"""The one import that goes back: a result that a notebook shows asks for its picture."""


def _steps() -> list[list[str]]:
    """The import order as docs/architecture.md states it, left to right."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    line = re.search(r"^cli -> .*$", text, re.MULTILINE)
    assert line
    return [[name.strip() for name in re.split(r"[,|]", step)] for step in line[0].split("->")]


def _imports(path: Path) -> list[str]:
    """The modules that a file imports, at run time (not for types alone)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner) for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test) for inner in ast.walk(node)
    }
    found = []
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def _name(path: Path) -> str:
    """The module's name below `audit`; "" for the package itself."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix("__init__").rstrip(".")


pytestmark = pytest.mark.skipif(not MODULES, reason="runs in a checkout, where the modules are")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: _name(path) or "audit")
def test_imports_go_one_way(path: Path) -> None:
    """A module imports only rooms to the right of its own; rooms of one step do not know each other."""
    order = _steps()
    place = {room: step for step, rooms in enumerate(order) for room in rooms}
    own = _name(path).split(".")[0]
    if not own:  # the package's public names may come from anywhere
        return
    assert own in place, f"docs/architecture.md does not place {own}"
    for name in _imports(path):
        if name.startswith("audit."):
            room = name.split(".")[1]
            assert room == own or (own, name) in BACK or place.get(room, -1) > place[own], f"{_name(path)} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: _name(path) or "audit")
def test_big_dependencies_have_one_door(path: Path) -> None:
    """Each big dependency is imported in its own room only."""
    for name in _imports(path):
        doors = DOORS.get(name.split(".")[0])
        if doors:
            assert _name(path).startswith(doors), f"{_name(path)} imports {name}; its door is {doors}"


def test_every_room_stands_in_the_order() -> None:
    """The order names no room that is not there."""
    rooms = {_name(path).split(".")[0] for path in MODULES}
    named = {room for step in _steps() for room in step}
    assert named <= rooms, named - rooms
