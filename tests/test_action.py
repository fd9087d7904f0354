"""action.yml: the repository as a GitHub Action, as far as one machine can tell: its form, and its scripts run."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml

from tests import workflows

ROOT = Path(__file__).resolve().parent.parent
ACTION = ROOT / "action.yml"
SEED = "000_1491e66843456e8e.txt"
pytestmark = pytest.mark.skipif(not ACTION.is_file(), reason="runs in a checkout, where the action is")


@pytest.fixture(scope="module")
def action():
    return yaml.safe_load(ACTION.read_text(encoding="utf-8"))


def step(action, name):
    return next(step for step in action["runs"]["steps"] if step.get("id") == name)


def test_it_is_a_composite_action(action):
    """It has what GitHub asks of an action: a name, a description, described inputs and outputs, and steps that are scripts or actions."""
    assert action["runs"]["using"] == "composite"
    assert all(entry["description"] for entry in (action, *action["inputs"].values(), *action["outputs"].values()))
    assert all(("run" in step) != ("uses" in step) for step in action["runs"]["steps"])
    assert all(step["shell"] == "bash" for step in action["runs"]["steps"] if "run" in step)
    assert all("@v" in step["uses"] for step in action["runs"]["steps"] if "uses" in step)


def test_no_input_is_pasted_into_a_script(action):
    """Scripts hold no expression; inputs come as environment variables, and every input is used."""
    assert not [found for step in action["runs"]["steps"] for found in workflows.expressions(step.get("run", ""))]
    used = {value for step in action["runs"]["steps"] for value in step.get("env", {}).values()}
    assert used >= {f"${{{{ inputs.{name} }}}}" for name in action["inputs"]}


def test_every_input_is_documented(action):
    """docs/ci.md names every input and output."""
    text = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    assert [name for name in (*action["inputs"], *action["outputs"]) if f"`{name}`" not in text] == []


def test_the_key_is_that_of_the_code(action, tmp_path):
    """The cache's key changes with the code of the tool, and not with the day."""
    keys = []
    for number, more in enumerate(("", "", "# changed\n")):
        there = tmp_path / str(number)
        (there / "audit" / "kernels").mkdir(parents=True)
        (there / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
        (there / "audit" / "kernels" / "a b.py").write_text(f"x = 1\n{more}", encoding="utf-8")
        done = workflows.run(step(action, "key"), there, tmp_path, GITHUB_ACTION_PATH=str(there), GITHUB_OUTPUT=str(there / "outputs"))
        assert done.returncode == 0, done.stderr
        keys.append(workflows.outputs(there / "outputs")["key"])
    assert keys[0] == keys[1] != keys[2]


def test_it_installs_the_repository(action, tmp_path):
    """The step that installs makes an environment and installs the action's own folder into it."""
    (tmp_path / "python").write_text('#!/bin/sh\necho "$@" >> "$HOME/said"\nmkdir -p "$3/bin"\ncp "$0" "$3/bin/python"\n', encoding="utf-8")
    (tmp_path / "python").chmod(0o755)
    install = next(step for step in action["runs"]["steps"] if "PYTHON" in step.get("env", {}))
    done = workflows.run(install, tmp_path, tmp_path, PYTHON=str(tmp_path / "python"), GITHUB_ACTION_PATH="/there/it is")
    assert done.returncode == 0, done.stderr
    said = (tmp_path / "said").read_text(encoding="utf-8").splitlines()
    assert said == [f"-m venv {tmp_path}/.corpus-audit", "-m pip install --quiet --disable-pip-version-check /there/it is"]


@pytest.fixture
def listening(tmp_path):
    """A home whose corpus-audit writes its arguments to `said` and ends with $CODE."""
    place = tmp_path / ".corpus-audit" / "bin"
    place.mkdir(parents=True)
    (place / "corpus-audit").write_text('#!/bin/sh\nfor a in "$@"; do printf "%s\\0" "$a"; done > "$HOME/said"\nexit "$CODE"\n', encoding="utf-8")
    (place / "corpus-audit").chmod(0o755)
    return tmp_path


def said(home):
    return (home / "said").read_text(encoding="utf-8").split("\0")[:-1]


def test_inputs_become_arguments(action, listening):
    """Each line is one argument, whatever is in it; what is not given is left out; paths cannot be options."""
    given = {"CORPUS": "data/a b.jsonl\n\n--help\n$(touch owned) `id`; &\n", "OUT": "out", "OPTIONS": "--text-field\nbody text\n", "SUITE": "strict"}
    done = workflows.run(step(action, "audit"), listening, listening, CODE="0", GITHUB_OUTPUT=str(listening / "outputs"), **given)
    assert done.returncode == 0, done.stderr
    assert said(listening) == [
        "run", "--out", "out", "--suite", "strict", "--text-field", "body text", "--", "data/a b.jsonl", "--help", "$(touch owned) `id`; &",
    ]  # fmt: skip
    assert not (listening / "owned").exists()


@pytest.mark.parametrize("code", [0, 1, 2, 3])
def test_the_code_is_handed_on(action, listening, code):
    """The step ends as the audit ended, and says so with the places of what was written."""
    given = {"CORPUS": "a.jsonl", "OUT": "there", "BASELINE": "old.json", "FAIL_ON": "warning"}
    done = workflows.run(step(action, "audit"), listening, listening, CODE=str(code), GITHUB_OUTPUT=str(listening / "outputs"), **given)
    assert done.returncode == code
    assert workflows.outputs(listening / "outputs") == {
        "code": str(code), "report": "there/report.html", "result": "there/result.json", "sarif": "there/results.sarif",
    }  # fmt: skip
    assert said(listening) == ["run", "--out", "there", "--baseline", "old.json", "--fail-on", "warning", "--", "a.jsonl"]


def test_a_real_run(action, tmp_path):
    """The audit's step over the seed article: it fails, with annotations, a job summary, and results where the outputs say."""
    workflows.installed(tmp_path / ".corpus-audit" / "bin")
    files = {"GITHUB_OUTPUT": str(tmp_path / "outputs"), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"), "GITHUB_WORKSPACE": str(ROOT)}
    given = {"CORPUS": f"seeds/{SEED}", "OUT": str(tmp_path / "out"), "GITHUB_ACTIONS": "true"}
    done = workflows.run(step(action, "audit"), ROOT, tmp_path, **files, **given)
    assert done.returncode == 1, done.stderr
    assert f"::error file=seeds/{SEED},line=1,title=articles are complete::" in done.stdout
    assert (tmp_path / "summary.md").read_text(encoding="utf-8").startswith("## ✗ Failed")
    places = workflows.outputs(tmp_path / "outputs")
    assert json.loads(Path(places["result"]).read_bytes())["gate"]["code"] == int(places["code"]) == 1
    assert Path(places["report"]).is_file()
    assert Path(places["sarif"]).is_file()


def test_scripts_are_bash(action, tmp_path):
    """Every script parses."""
    for number, script in enumerate(step["run"] for step in action["runs"]["steps"] if "run" in step):
        path = tmp_path / f"{number}.sh"
        path.write_text(script, encoding="utf-8")
        assert subprocess.run(["bash", "-n", os.fspath(path)], check=False).returncode == 0
