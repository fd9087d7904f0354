"""audit.show.sarif: what code scanning takes: unique rules, a place and a fingerprint for each result, a cap that is said."""

import json
import re

import pytest

from audit.show import sarif
from audit.show.shelf import Shelf
from tests import made
from tests.attacks import ALL

RUN = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {"minItems": 1, "items": {"type": "object", "required": ["tool", "results"], "properties": {
            "tool": {"required": ["driver"], "properties": {"driver": {"required": ["name"], "properties": {"rules": {
                "uniqueItems": True, "items": {"required": ["id"], "properties": {"shortDescription": {"required": ["text"]}}}}}}}},
            "results": {"items": {"required": ["message", "ruleId", "locations", "partialFingerprints"], "properties": {
                "level": {"enum": ["none", "note", "warning", "error"]},
                "ruleIndex": {"type": "integer", "minimum": 0},
                "message": {"required": ["text"]},
                "partialFingerprints": {"additionalProperties": {"type": "string"}},
                "locations": {"items": {"properties": {"physicalLocation": {"properties": {
                    "artifactLocation": {"properties": {"uri": {"type": "string", "pattern": "^[A-Za-z0-9._~%/:-]+$"}}},
                    "region": {"properties": {"startLine": {"type": "integer", "minimum": 1}}}}}}}}}}},
        }}},
    },
}  # fmt: skip
"""The parts of the SARIF 2.1.0 schema that are used."""


def drawn(folder, *given):
    return json.loads(sarif.render(Shelf(made.folder(folder, *given))))


@pytest.mark.parametrize("hostile", [lambda text: text, lambda text: f"{text} {ALL}"])
def test_form(tmp_path, hostile):
    """It has the form of SARIF 2.1.0, also of a corpus full of attacks."""
    from jsonschema import Draft202012Validator

    assert list(Draft202012Validator(RUN).iter_errors(drawn(tmp_path, hostile))) == []


def test_rules_are_unique_and_named_by_results(tmp_path):
    """Every result names its rule by id and index, and no two rules share an id, even where names are alike."""
    (run,) = drawn(tmp_path, lambda text: "same" if text in ("articles are complete", "articles name their author") else text)["runs"]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(ids) == len(set(ids))
    assert {"same", "same-2"} <= set(ids)
    assert all(ids[result["ruleIndex"]] == result["ruleId"] for result in run["results"])


def test_offending_articles_are_results(tmp_path):
    """Each article against an expectation is a result at its record, with its evidence."""
    (run,) = drawn(tmp_path)["runs"]
    cut = [result for result in run["results"] if result["ruleId"] == "articles-are-complete"]
    assert [result["locations"][0]["physicalLocation"]["region"]["startLine"] for result in cut] == [1, 6, 7]
    assert cut[0]["message"]["text"] == "articles are complete: You can read the rest of Anna Feld’s article at"


def test_fingerprints_are_of_the_text(tmp_path):
    """Fingerprints differ from article to article, and do not change with the article's place."""
    (run,) = drawn(tmp_path)["runs"]
    prints = [(result["ruleId"], result["partialFingerprints"]["corpusAudit/v1"]) for result in run["results"]]
    assert len(prints) == len(set(prints))
    (moved,) = drawn(tmp_path, lambda text: text.replace("corpus.jsonl", "moved.jsonl"))["runs"]
    assert prints == [(result["ruleId"], result["partialFingerprints"]["corpusAudit/v1"]) for result in moved["results"]]


def test_the_cap_is_said(tmp_path, monkeypatch):
    """Where not every article is a result, the run says how many are."""
    monkeypatch.setattr(sarif, "AT_MOST", 12)
    (run,) = drawn(tmp_path)["runs"]
    said = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    assert len(run["results"]) <= 12
    assert "articles are complete: 2 of 3 articles are here; all are in measures.parquet" in said


def test_messages_are_no_links(tmp_path):
    """In a message, brackets and braces are what they are, no link and no placeholder."""
    (run,) = drawn(tmp_path, lambda text: f"[x](http://evil.example) {{0}} {text}")["runs"]
    assert not any(re.search(r"(?<!\\)\[|(?<!\{)\{(?!\{)", result["message"]["text"]) for result in run["results"])
