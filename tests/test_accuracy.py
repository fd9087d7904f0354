"""The detectors keep to the floors of benchmarks/floors.json on the labelled articles that were written for this project."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROWS = [json.loads(line) for line in (ROOT / "benchmarks" / "labelled.jsonl").read_text(encoding="utf-8").split("\n") if line]


def test_no_figure_is_below_its_floor() -> None:
    """The benchmark exits 0: precision, recall and F1 of every check are what they were."""
    done = subprocess.run([sys.executable, "benchmarks/accuracy.py"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"labelled.jsonl: {len(ROWS)} articles" in done.stdout


def test_every_check_has_a_floor() -> None:
    """Floors name each check of the table, and none that is not there."""
    floors = json.loads((ROOT / "benchmarks" / "floors.json").read_text(encoding="utf-8"))["accuracy"]
    checks = {"truncated", "byline in the text", "names in the byline", "repeated title", "encoding damage", "boilerplate lines"}
    assert {name: set(of) for name, of in floors.items()} == {"labelled.jsonl": checks, "dev.jsonl": checks}


def test_the_labelled_articles_are_many_and_mixed() -> None:
    """At least ten languages, unique ids, at least 25 articles on each side of every check that is yes or no."""
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    assert len({row["lang"] for row in ROWS}) >= 10
    for check in ("truncated", "byline_in_text", "title_repeated", "encoding_damage"):
        assert min(Counter(row["labels"][check] for row in ROWS).values()) >= 25, check


def test_labels_fit_their_text() -> None:
    """Labelled lines are lines of the text, and names in the byline stand in it."""
    for row in ROWS:
        labels, lines = row["labels"], row["text"].splitlines()
        assert set(labels["boilerplate_lines"]) <= set(labels["boilerplate_judged"]) <= set(range(len(lines))), row["id"]
        assert all(name in row["text"] for name in (labels["byline"] or "").split("; ")), row["id"]
