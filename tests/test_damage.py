"""Damaged characters are found where they stand, and healthy text of every script is left alone."""

import json
from pathlib import Path

import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.measure import clean, damage
from audit.measure.article import Article

CASE_FOLDER = Path(__file__).parent / "cases"
CASES = yaml.safe_load((CASE_FOLDER / "damage.yml").read_text(encoding="utf-8"))

PIECES = [
    "Ã©",
    "â€™",
    "&amp;",
    " #39;",
    "?",
    "??",
    "s",
    "The",
    "dont",
    "\ufffd",
    "\x85",
    "\x93",
    "\n",
    "\r\n",
    " ",
    ", . ",
    "Привет",
    "中",
    "é",
    ";",
    "&",
    "quot;",
]


def find(text: str, title: str | None = None, lang: str | None = "en") -> damage.Damage:
    """The damage to a text, cleaned as the audit cleans it."""
    cleaned = clean.clean_batch(pa.array([text], pa.large_string()))
    lines = cleaned.view[0].as_py().splitlines()
    return damage.find(text.splitlines(), Article(title, None, None, lang, lines), cleaned.fixes[0].as_py())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_cases(case: dict) -> None:
    """Each case is judged as it says, and the evidence holds what is damaged."""
    found = find(case["text"], case.get("title"), case.get("lang", "en"))
    assert found.encoding_damage == case.get("damaged", False), found.marks
    assert found.lost_letters == case.get("lost", False), found.marks
    assert bool(found.marks) == found.encoding_damage
    if "seen" in case:
        mark = found.marks[0]
        assert mark.line is not None
        assert case["seen"] in case["text"].splitlines()[mark.line][mark.start : mark.end]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES)).map("".join),
    st.none() | st.text(max_size=5),
    st.sampled_from(["en", "de", None]),
)
def test_marks_lie_in_their_lines(text: str, title: str | None, lang: str | None) -> None:
    """No text makes it raise; every mark is a piece of a line as read, and every flag has its mark."""
    if not text.strip():
        return
    raw = text.splitlines()
    found = find(text, title, lang)
    for mark in found.marks:
        assert mark.line is not None
        assert 0 <= mark.start < mark.end <= len(raw[mark.line])
    checks = {mark.check for mark in found.marks}
    assert found.encoding_damage == ("encoding_damage" in checks)
    assert found.lost_letters == ("lost_letters" in checks)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80), st.text(max_size=20))
def test_any_text_is_taken(text: str, title: str) -> None:
    """Any lines at all, surrogates and controls too, are judged without an error."""
    damage.find(text.splitlines() or [""], Article(title, None, None, "en", clean.clean(text).splitlines() or [""]), list(clean.STEPS))


def test_marks_are_evidence_not_an_inventory() -> None:
    """A rule that sees thousands of places in an article marks a few."""
    found = find("It\ufffds &amp; so on. " * 1_000)
    assert 0 < len(found.marks) <= 2 * damage.MOST


def test_evidence_has_a_little_context() -> None:
    """The mark holds whole words around the damage, not the line."""
    line = "The phone will be quaintly pass&#233; by then, said the analyst, and printed on the wrist."
    mark = find("Headline\n\n" + line).marks[0]
    assert (mark.check, mark.line, mark.note) == ("encoding_damage", 2, "entity")
    assert line[mark.start : mark.end] == "will be quaintly pass&#233; by then, said the"


TYPOGRAPHY = str.maketrans({"“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "ŉ": "'n", "ǌ": "nj", "ǉ": "lj", "\x1a": None})
"""What ftfy makes plain though nothing was damaged: quotes, ligatures, a control character."""


def test_ftfys_own_cases():
    """All that ftfy's tests call broken is damage and nothing else in them: but one that ftfy fails itself, and a C1 control that it keeps."""
    rows = [json.loads(line) for line in (CASE_FOLDER / "ftfy" / "cases.jsonl").read_text(encoding="utf-8").split("\n") if line]
    truth = [(row["text"], row["text"].translate(TYPOGRAPHY) != row["gt_fixed"].translate(TYPOGRAPHY)) for row in rows]
    wrong = [text for text, broken in truth if find(text).encoding_damage != broken]
    assert (len(truth), wrong) == (161, ["MISUTÂ\xa0AJIKKO", "These control characters \x1a are apparently intentional \x81"])


@pytest.mark.shared
def test_labelled_articles(shared: Path) -> None:
    """Every labelled damage is found; what else is found in the judged articles stands beyond the lines that were read."""
    rows = [json.loads(line) for line in (shared / "gold" / "dev.jsonl").read_text(encoding="utf-8").splitlines()]
    truth = [(row, row["labels"]["encoding_damage"]) for row in rows if row["labels"].get("encoding_damage") is not None]
    found = [(row["id"], label, find(row["text"], row["title"], row["lang"]).encoding_damage) for row, label in truth if row["text"].strip()]
    assert [name for name, label, seen in found if label and not seen] == []
    assert len([name for name, label, seen in found if seen and not label]) <= 4  # each a real entity or mojibake, far down or far right
