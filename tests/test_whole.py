"""Measures of whole texts in an audit: wrong extraction and listings are found with their evidence, as read; nothing else is."""

from __future__ import annotations

from pathlib import Path

import yaml
from test_agreement import OTHER, PROSE

import audit

LISTING = next(
    case["text"] for case in yaml.safe_load(Path(__file__).with_name("cases").joinpath("listing.yml").read_text("utf-8")) if case["listing"]
)
TITLE = "Council votes to dredge the old harbour before winter"


def test_found_in_an_audit(tmp_path):
    """Each defect is true in its own articles alone; its finding is verbatim; scripts are told."""
    listing = LISTING.replace("again after", "again â€“ after")  # cleaning changes a line of it
    texts = {"sound": PROSE, "other": OTHER, "listing": listing, "empty": "", "russian": "Старый мост через реку закрыт до весны. " * 3}
    rows = [{"id": name, "title": TITLE, "byline": "Ann Marsh", "text": text} for name, text in texts.items()]
    result = audit.audit(rows, tmp_path)
    found = {row["id"]: row for row in result.measures().to_pylist()}
    assert [name for name, row in found.items() if row["title_disagrees"]] == ["other", "listing"]
    assert [name for name, row in found.items() if row["listing"]] == ["listing"]
    assert {name: row["script"] for name, row in found.items()} == dict.fromkeys(("sound", "other", "listing"), "Latn") | {
        "empty": None,
        "russian": "Cyrl",
    }
    assert found["empty"]["title_disagrees"] is found["empty"]["listing"] is found["empty"]["fineweb2_dropped"] is None
    assert found["russian"]["fineweb2_rule"] is not None
    rows = (row for row in result.findings().to_pylist() if (row["check"], row["article"]) in (("title_disagrees", 1), ("listing", 2)))
    seen = {row["check"]: row for row in rows}
    assert seen["title_disagrees"]["evidence"] == TITLE
    assert seen["title_disagrees"]["line"] is None
    first = seen["listing"]
    assert listing[first["start"] : first["end"]] == first["evidence"] == listing.splitlines()[first["line"]]
    assert [total.measure for total in result.document.totals if total.measure in ("script", "fineweb2_rule")] == ["script", "fineweb2_rule"]


def test_left_out(tmp_path):
    """Groups that are not asked for leave their columns null, and their signals empty."""
    result = audit.audit([{"title": TITLE, "text": OTHER}], tmp_path, measures=("language",))
    row = result.measures().to_pylist()[0]
    assert row["script"] == "Latn"
    assert row["listing"] is row["title_disagrees"] is row["fineweb2_dropped"] is None
    assert result.document.signals.headlines == ()
