"""audit.starter: what `init` writes runs as it is, and nothing of anyone's is overwritten."""

import json
import shutil
import tomllib
from pathlib import Path

import pytest
import yaml

from audit import config, starter, suite
from audit.errors import AuditError, ConfigError, CorpusError, OutputError, SuiteError
from tests import workflows

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
WRITTEN = (starter.SUITE, config.FILE, starter.WORKFLOW)


@pytest.fixture
def here(tmp_path):
    """A repository with a corpus in it."""
    (tmp_path / "repo" / "my data").mkdir(parents=True)
    shutil.copy(SEEDS / "titles.jsonl", tmp_path / "repo" / "my data" / "it's.jsonl")
    return tmp_path / "repo"


def workflow(here):
    return yaml.safe_load((here / starter.WORKFLOW).read_text(encoding="utf-8"))


def script(here, name):
    return next(step for step in workflow(here)["jobs"]["audit"]["steps"] if step.get("name") == name)


def test_it_runs_as_it_is(here, tmp_path):
    """The workflow's own step audits the corpus with the suite and the settings that were written; then with a baseline."""
    said = starter.write([], "news", False, here)
    assert "corpus-audit run 'my data/it'\"'\"'s.jsonl'" in said
    workflows.installed(tmp_path / "corpus-audit" / "bin")
    done = workflows.run(script(here, "Audit"), here, tmp_path)
    assert done.returncode == 1, done.stderr
    document = json.loads((here / "corpus-audit-out" / "result.json").read_bytes())
    assert document["suite"] == "ours"
    assert document["articles"] > 0
    shutil.copy(here / "corpus-audit-out" / "result.json", here / starter.BASELINE)
    assert workflows.run(script(here, "Audit"), here, tmp_path).returncode == 1
    document = json.loads((here / "corpus-audit-out" / "result.json").read_bytes())
    asked = [v for v in document["verdicts"] if "baseline" in v["expectation"] and "per" not in json.loads(v["expectation"])]
    assert {v["state"] for v in asked} == {"passed"}
    assert document["turnover"] is not None


@pytest.mark.parametrize("base", suite.shipped())
def test_every_suite_is_a_beginning(here, base):
    """The suite that is written is the shipped one under a name of its own."""
    starter.write([], base, False, here)
    ours, shipped = suite.load(str(here / starter.SUITE)), suite.load(base)
    assert ours.name == "ours"
    assert ours.expectations == shipped.expectations


def test_the_settings_are_read(here, monkeypatch):
    """corpus-audit.toml is one, and with the marks of comment taken away it names the fields that were found."""
    starter.write([], "news", False, here)
    monkeypatch.chdir(here)
    assert config.load({}).suite == starter.SUITE
    text = (here / config.FILE).read_text(encoding="utf-8")
    found = text[text.index("[fields]") :].splitlines()[2:]
    named = tomllib.loads("\n".join(line.removeprefix("# ") for line in found))
    assert named["text"] == "text"
    assert named["title"] == "title"


@pytest.mark.parametrize("name", WRITTEN)
def test_nothing_is_overwritten(here, name):
    """One file that is there, even a broken link, and nothing is written; with force all are."""
    (here / name).parent.mkdir(parents=True, exist_ok=True)
    (here / name).symlink_to(here / "nowhere") if name == starter.SUITE else (here / name).write_text("mine")
    with pytest.raises(OutputError, match=r"--force"):
        starter.write([], "news", False, here)
    assert sum((here / other).exists() for other in WRITTEN) == (name != starter.SUITE)
    (here / name).unlink()
    (here / name).write_text("mine")
    starter.write([], "news", True, here)
    assert all((here / other).read_text(encoding="utf-8") != "mine" for other in WRITTEN)


def test_without_a_corpus_a_place_is_named(tmp_path):
    """In an empty folder the workflow names a folder for the corpus, and the reader is told."""
    assert "put it into corpus/" in starter.write([], "web", False, tmp_path)
    assert script(tmp_path, "Audit")["run"].rstrip().endswith("-- corpus")


@pytest.mark.parametrize(
    ("inputs", "base", "error"),
    [
        (["no-such.jsonl"], "news", CorpusError),
        ([], "nwes", SuiteError),
        (["${{ secrets.x }}.jsonl"], "news", ConfigError),
        (["a\nb"], "news", ConfigError),
    ],
)
def test_what_cannot_be_is_refused(here, inputs, base, error):
    """A corpus that is none, an unknown suite, a path that would be code in a workflow: an error, and nothing is written."""
    with pytest.raises(error) as raised:
        starter.write(inputs, base, False, here)
    assert isinstance(raised.value, AuditError)
    assert not any((here / name).exists() for name in WRITTEN)


def test_hostile_names_stay_names(here, tmp_path):
    """A file and a field that are named like code are arguments and text, in YAML, in the shell and in TOML."""
    name = "x'; touch owned; $(id) \"&# : - [a]\\.jsonl"
    key = '"] \n evil = 1 \x7f'
    (here / name).write_text(json.dumps({"text": "A council voted. " * 30, "title": "T", key: 1, "author": "Ann Lee"}) + "\n", encoding="utf-8")
    starter.write([name], "news", False, here)
    workflows.installed(tmp_path / "corpus-audit" / "bin")
    done = workflows.run(script(here, "Audit"), here, tmp_path)
    assert done.returncode in (0, 1, 3), done.stderr
    assert json.loads((here / "corpus-audit-out" / "result.json").read_bytes())["inputs"][0]["path"] == name
    assert not (here / "owned").exists()
    assert tomllib.loads((here / config.FILE).read_text(encoding="utf-8"))["suite"] == starter.SUITE


def test_a_place_elsewhere_is_said(here, tmp_path):
    """A corpus outside of the repository is audited here, and the reader is told that CI will not see it."""
    shutil.copy(SEEDS / "titles.jsonl", tmp_path / "outside.jsonl")
    assert "CI will not see" in starter.write([str(tmp_path / "outside.jsonl")], "news", False, here)
    assert "my data" in starter.write([str(here / "my data")], "news", True, here)
    assert str(here) not in (here / starter.WORKFLOW).read_text(encoding="utf-8")
