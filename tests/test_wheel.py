"""What is installed is whole: data files, light start, public names; from a wheel, and in a checkout."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import audit
from audit.assets import folder

DATA = {
    "expectations": ("news.yml", "web.yml", "pretraining.yml", "strict.yml", "schema.json", "README.md", "marks/truncation.yml", "marks/byline.yml"),
    "reports": ("report.html.j2", "report.css", "report.js", "result.schema.json", "README.md"),
}
HEAVY = ("great_expectations", "pandas", "pyarrow", "numba", "numpy", "ftfy", "jinja2", "yaml")


@pytest.mark.parametrize(("name", "file"), [(name, file) for name, files in DATA.items() for file in files])
def test_data_files_are_there(name: str, file: str) -> None:
    """Each data file that the package needs is found."""
    found = folder(name)
    for part in file.split("/"):
        found = found.joinpath(part)
    assert found.is_file()


def test_types_are_shipped() -> None:
    """The package says that it is typed."""
    assert (Path(audit.__file__).parent / "py.typed").is_file()


def test_public_names() -> None:
    """`__all__` is complete, sorted, and every name is there and documented."""
    assert sorted(audit.__all__) == audit.__all__
    for name in audit.__all__:
        assert getattr(audit, name).__doc__, name


def _python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env={**os.environ, **environment})


def test_help_is_light() -> None:
    """`--help` imports nothing heavy, and takes little CPU: at most 0.3 s."""
    code = f"""
import json, resource, sys
from audit import cli
try:
    cli.main(["--help"])
except SystemExit as end:
    assert end.code == 0, end.code
used = resource.getrusage(resource.RUSAGE_SELF)
print("\\n" + json.dumps([[name for name in {HEAVY!r} if name in sys.modules], used.ru_utime + used.ru_stime]))
"""
    done = _python(code)
    heavy, seconds = json.loads(done.stdout.splitlines()[-1])
    assert heavy == []
    assert seconds <= 0.3


def test_importing_the_package_is_light() -> None:
    """`import audit` imports nothing heavy."""
    done = _python(f"import audit, sys; print([name for name in {HEAVY!r} if name in sys.modules])")
    assert done.stdout.strip() == "[]", done.stderr
