"""audit.show.github and audit.ci: what GitHub shows beside a job, and that nothing in a corpus is a command."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from audit import ci
from audit.show import github, places
from audit.show.shelf import Shelf
from tests import made
from tests.attacks import ALL

COMMAND = re.compile(r"::(error|warning|notice)(?: ([^:]*))?::(.*)")


def parsed(text):
    """(level, properties, message) of each line, read as the runner reads it: properties and message end the command, then are unescaped."""
    found = []
    for line in text.splitlines():
        level, properties, message = COMMAND.fullmatch(line).groups()
        pairs = dict(part.split("=", 1) for part in (properties or "").split(",") if part)
        for code, char in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
            pairs = {key: value.replace(code, char) for key, value in pairs.items()}
        found.append((level, pairs, message.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")))
    return found


def test_each_unmet_expectation_is_an_annotation(tmp_path):
    """Failed and not evaluated are errors, warned a warning, info a notice; each with what was seen, asked, and an example's place."""
    found = parsed(github.commands(Shelf(made.folder(tmp_path))))
    assert [level for level, *_ in found] == ["error"] * 5 + ["warning", "notice"]
    _, properties, message = found[0]
    assert properties == {"file": "corpus.jsonl", "line": "1", "title": "articles are complete"}
    assert message.startswith("42.9 % (3 of 7 articles); asked at most 1 %; 1 of 90 (1.1 %); margin")
    assert message.endswith("such as corpus.jsonl:1: You can read the rest of Anna Feld’s article at")


@pytest.mark.parametrize(("fail_on", "levels"), [("warning", ["error"] * 6 + ["notice"]), ("never", ["warning"] * 6 + ["notice"])])
def test_an_error_is_what_the_job_fails_for(tmp_path, fail_on, levels):
    """With --fail-on warning a warning is an error; with never nothing is."""
    result = made.folder(tmp_path)
    result = replace(result, document=replace(result.document, gate=replace(result.document.gate, fail_on=fail_on)))
    assert [level for level, *_ in parsed(github.commands(Shelf(result)))] == levels


def test_attacks_are_no_commands(tmp_path):
    """Full of attacks, there is a line for each expectation still, with the properties that are ours, and no control character."""
    plain, attacked = tmp_path / "plain", tmp_path / "attacked"
    plain.mkdir()
    attacked.mkdir()
    texts = [github.commands(Shelf(made.folder(*given))) for given in ((plain,), (attacked, lambda text: f"{text} {ALL}\n::error::owned"))]
    keys = [[(level, sorted(properties)) for level, properties, _ in parsed(text)] for text in texts]
    assert keys[0] == keys[1]
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", texts[1])


def test_the_cap_is_said(tmp_path):
    """GitHub shows ten of a level: the tenth says how many more there are."""
    result = made.folder(tmp_path)
    many = tuple(made.verdict(f"e{i}", "truncated", "failed", 1) for i in range(14))
    found = parsed(github.commands(Shelf(replace(result, document=replace(result.document, verdicts=many)))))
    assert len(found) == 10
    assert found[-1][2].startswith("5 more expectations are not met")


@pytest.mark.parametrize("environment", [{}, {"GITHUB_ACTIONS": "false", "GITHUB_STEP_SUMMARY": "summary"}])
def test_elsewhere_nothing_is_said(tmp_path, environment):
    """Outside GitHub Actions nothing is printed and nothing is written."""
    environment = {key: str(tmp_path / value) if value == "summary" else value for key, value in environment.items()}
    assert ci.announce(made.folder(tmp_path), environment) == ""
    assert not (tmp_path / "summary").exists()


def test_the_job_summary_is_added(tmp_path):
    """In GitHub Actions the Markdown summary is added to the file of the step; one that cannot be written is a warning."""
    result = made.folder(tmp_path)
    summary = tmp_path / "summary"
    summary.write_text("before\n", encoding="utf-8")
    commands = github.commands(Shelf(result))
    assert ci.announce(result, {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}) == commands
    assert summary.read_text(encoding="utf-8").startswith("before\n## ✗ Failed")
    said = ci.announce(result, {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(tmp_path / "none" / "summary")})
    assert said.startswith(commands)
    assert parsed(said)[-1][0] == "warning"


def test_a_file_is_named_as_the_repository_knows_it(tmp_path):
    """The place of a record is below the folder that the audit was run in; the label where the file is elsewhere."""
    result = made.folder(tmp_path)
    run = {
        "root": str(tmp_path),
        "paths": {"corpus.jsonl": str(tmp_path / "data" / "corpus.jsonl"), "other.jsonl": str(Path("/elsewhere/other.jsonl"))},
    }
    result = replace(result, run=json.loads(json.dumps(run)))
    assert [places.path(result, name) for name in ("corpus.jsonl", "other.jsonl", "unknown")] == ["data/corpus.jsonl", "other.jsonl", "unknown"]
