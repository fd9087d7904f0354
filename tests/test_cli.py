"""The command line: exit codes, what goes where, and messages that help."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SEED = Path(__file__).resolve().parent.parent / "seeds" / "000_1491e66843456e8e.txt"
SOUND = "The council voted on Tuesday to dredge the old harbour before winter, ending two years of argument about who should pay. "


def _clean() -> dict[str, str]:
    """The environment without what says that a CI is here."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}


def command(*arguments: object, stdin: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "audit.cli", *map(str, arguments)],
        capture_output=True, text=True, input=stdin, check=False, env={**_clean(), "COLUMNS": "100", **environment}, encoding="utf-8",
    )  # fmt: skip


@pytest.fixture(scope="module")
def seed_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A run over the seed article."""
    out = tmp_path_factory.mktemp("run") / "out"
    return out, command("run", SEED, "--out", out)


def test_a_failed_expectation_exits_1(seed_run: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    """The seed article fails the news suite: exit 1, a summary on standard output, nothing on standard error."""
    out, done = seed_run
    assert (done.returncode, done.stderr) == (1, "")
    assert "report.html" in done.stdout
    assert {path.name for path in out.iterdir()} == {
        "report.html", "result.json", "run.json", "measures.parquet", "findings.parquet", "pairs.parquet", "examples.parquet", "learned.parquet",
        "quarantine.jsonl", "summary.md", "junit.xml", "results.sarif",
    }  # fmt: skip


def test_explain_shows_every_finding_with_its_text(seed_run: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    """`explain` names all four defects of the seed article and shows their text."""
    out, _ = seed_run
    done = command("explain", out, f"{SEED.name}:1")
    if done.returncode == 2:
        done = command("explain", out, "#0")
    assert done.returncode == 0, done.stderr
    for said in (
        "title_repeats",
        "truncated",
        "missing_byline",
        "boilerplate_lines",
        "You can read the rest of Patrick Reevell’s article at",
        "Share this article",
    ):
        assert said in done.stdout


def test_report_draws_the_same_page_again(seed_run: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    """`report` gives the bytes of the run's own report, in every format."""
    out, _ = seed_run
    for form, name in (("html", "report.html"), ("md", "summary.md"), ("junit", "junit.xml"), ("sarif", "results.sarif")):
        assert command("report", out, "--format", form).stdout == (out / name).read_text(encoding="utf-8")


def test_compare_shows_two_runs_side_by_side(seed_run: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    """`compare` takes folders or result.json files, as text and as Markdown, and exits 0."""
    out, _ = seed_run
    for form, says in (("text", "0 of "), ("md", "## 0 of ")):
        done = command("compare", out, out / "result.json", "--format", form)
        assert (done.returncode, done.stderr) == (0, "")
        assert says in done.stdout
    assert command("compare", out, "no-such-folder").returncode == 2
    assert command("compare", out, out, "--format", "pdf").returncode == 2


def test_github_shows_annotations_and_a_summary(tmp_path: Path) -> None:
    """In GitHub Actions a run prints workflow commands and adds to the job summary; with --quiet it does neither."""
    ours = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"), "GITHUB_WORKSPACE": str(SEED.parent.parent)}
    assert command("run", SEED, "--out", tmp_path / "out", "--quiet", **ours).stdout == ""
    done = command("run", SEED, "--out", tmp_path / "out", **ours)
    assert f"::error file=seeds/{SEED.name},line=1,title=articles are complete::" in done.stdout
    assert (tmp_path / "summary.md").read_text(encoding="utf-8") == (tmp_path / "out" / "summary.md").read_text(encoding="utf-8")
    sarif = json.loads((tmp_path / "out" / "results.sarif").read_bytes())
    assert sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == f"seeds/{SEED.name}"


def test_fail_on_never_exits_0(tmp_path: Path) -> None:
    """With `--fail-on never` a verdict does not change the exit code."""
    assert command("run", SEED, "--out", tmp_path / "out", "--fail-on", "never", "--quiet").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("run",), "Missing argument"),
        (("run", "no-such-file.jsonl"), "no-such-file.jsonl"),
        (("run", SEED, "--suite", "nwes"), "news"),
        (("run", SEED, "--fail-on", "sometimes"), "never"),
        (("run", SEED, "--threshold", "1.5"), "0.95"),
        (("run", SEED, "--measures", "title"), "titles"),
        (("run", SEED, "--baseline", SEED), "is no JSON"),
        (("run", Path(__file__)), ".jsonl"),
        (("explain", "no-such-folder", "1"), "no-such-folder"),
        (("report", "no-such-folder"), "no-such-folder"),
        (("frobnicate",), "frobnicate"),
    ],
    ids=lambda value: " ".join(map(str, value))[-40:] if isinstance(value, tuple) else "",
)
def test_what_the_user_can_mend_exits_2(arguments: tuple[object, ...], says: str, tmp_path: Path) -> None:
    """Bad usage exits 2, says what would work on standard error, and leaves nothing behind."""
    out = ("--out", tmp_path / "out") if arguments[0] == "run" and len(arguments) > 1 else ()
    done = command(*arguments, *out)
    assert done.returncode == 2, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_no_text_field_names_the_fields_that_are_there(tmp_path: Path) -> None:
    """A corpus without a text field is refused, and its fields are named."""
    (tmp_path / "a.jsonl").write_text('{"headline": "x", "words": "y"}\n')
    done = command("run", tmp_path / "a.jsonl", "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "headline" in done.stderr
    assert "words" in done.stderr


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    """`--out` with other people's files in it is refused and stays as it was."""
    (tmp_path / "diary.txt").write_text("mine")
    done = command("run", SEED, "--out", tmp_path)
    assert done.returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["diary.txt"]


def test_standard_input_is_read(tmp_path: Path) -> None:
    """`-` reads JSONL from standard input, and bad records go to the quarantine."""
    lines = json.dumps({"title": "Harbour", "text": SOUND * 5, "byline": "Ann Lee"}) + "\n{broken\n"
    done = command("run", "-", "--out", tmp_path / "out", "--fail-on", "never", stdin=lines)
    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / "out" / "result.json").read_bytes())
    assert (document["records"], document["articles"], document["quarantined"]) == (2, 1, 1)


def test_an_empty_corpus_is_not_passed(tmp_path: Path) -> None:
    """What could not be checked is not passed: a corpus without an article does not exit 0."""
    (tmp_path / "a.jsonl").write_text("{broken\n")
    assert command("run", tmp_path / "a.jsonl", "--out", tmp_path / "out").returncode in (2, 3)


def test_settings_come_from_the_file_and_options_win(tmp_path: Path) -> None:
    """corpus-audit.toml in the working folder is read; an option is stronger."""
    (tmp_path / "a.jsonl").write_text(json.dumps({"head": "Harbour", "words": SOUND * 5}) + "\n")
    (tmp_path / "corpus-audit.toml").write_text('out = "there"\nfail-on = "never"\n[fields]\ntext = "words"\ntitle = "nothing"\n')
    done = subprocess.run(
        [sys.executable, "-m", "audit.cli", "run", "a.jsonl", "--title-field", "head"],
        cwd=tmp_path, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    fields = dict(json.loads((tmp_path / "there" / "result.json").read_bytes())["fields"])
    assert (fields["text"], fields["title"]) == ("words", "head")
