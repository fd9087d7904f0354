"""What was planted in seeds/ is found there, and nothing else."""

import json
from pathlib import Path

import pytest

import audit

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
SOUND = {
    "truncated": False,
    "boilerplate_lines": [],
    "missing_byline": False,
    "title_repeats": 0,
    "encoding_damage": False,
    "lost_letters": False,
    "duplicate": False,
    "retitled": False,
    "empty": False,
}


@pytest.mark.parametrize("name", sorted(path.name for path in SEEDS.glob("*.jsonl")))
def test_found_is_planted(name: str, tmp_path: Path) -> None:
    """Every measure of every row is what its `plant` says, and sound where it says nothing."""
    result = audit.audit(SEEDS / name, tmp_path)
    rows = {row["id"]: row for row in result.measures().to_pylist()}
    wrong = []
    for line in (SEEDS / name).read_text(encoding="utf-8").splitlines():
        seed = json.loads(line)
        row = rows[seed["id"]]
        for measure, planted in (SOUND | seed["plant"]).items():
            found = row[measure]
            if row["empty"] and measure not in ("empty", "missing_byline"):
                planted = None
            if found != planted:
                wrong.append((seed["id"], measure, planted, found))
    assert not wrong


def test_the_seed_article(tmp_path: Path) -> None:
    """The article that the project began with shows its four defects, and fails the news suite."""
    result = audit.audit(SEEDS / "000_1491e66843456e8e.txt", tmp_path)
    row = result.measures().to_pylist()[0]
    assert row["title_repeats"] == 2
    assert (row["truncated"], row["truncation_kind"]) == (True, "marker")
    assert row["truncation_evidence"] == "You can read the rest of Patrick Reevell’s article at"
    assert row["missing_byline"]
    text = (SEEDS / "000_1491e66843456e8e.txt").read_text(encoding="utf-8")
    assert "Share this article" in [text.splitlines()[line] for line in row["boilerplate_lines"]]
    assert result.document.gate.code == 1
