"""audit.show.junit: XML that a CI server reads, with a case for each expectation."""

from dataclasses import replace
from xml.etree import ElementTree as ET

from audit.show import junit
from audit.show.shelf import Shelf
from tests import made
from tests.attacks import ALL


def cases(text):
    return {case.get("name"): [child.tag for child in case] for case in ET.fromstring(text).iter("testcase")}


def test_states(tmp_path):
    """Failed is a failure, not evaluated an error, not asked skipped; what warns passes and says why."""
    found = cases(junit.render(Shelf(made.folder(tmp_path))))
    assert found["articles are complete"] == ["failure"]
    assert found["languages are known"] == ["error"]
    assert found["no worse than before"] == ["skipped"]
    assert found["headlines stand once"] == ["system-out"]
    assert found["no article twice"] == []


def test_counts(tmp_path):
    """The counts of the suite are those of its cases."""
    suite = ET.fromstring(junit.render(Shelf(made.folder(tmp_path)))).find("testsuite")
    for attribute, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert suite.get(attribute) == str(len(list(suite.iter(tag))))


def test_warnings_fail_where_the_gate_fails_on_them(tmp_path):
    """With --fail-on warning, a warning is a failure here as it is there; an info is none."""
    result = made.folder(tmp_path)
    gate = replace(result.document.gate, fail_on="warning")
    found = cases(junit.render(Shelf(replace(result, document=replace(result.document, gate=gate)))))
    assert found["headlines stand once"] == ["failure"]
    assert found["letters are whole"] == ["system-out"]


def test_evidence(tmp_path):
    """A failure says the counts, and the sentence with its place."""
    failure = next(ET.fromstring(junit.render(Shelf(made.folder(tmp_path)))).iter("failure"))
    assert "42.9 % (3 of 7 articles)" in failure.get("message")
    assert "corpus.jsonl:1: You can read the rest of Anna Feld’s article at" in failure.text


def test_attacks_stay_text(tmp_path):
    """Full of attacks, it is still XML with the same elements."""
    plain, attacked = tmp_path / "plain", tmp_path / "attacked"
    plain.mkdir()
    attacked.mkdir()
    shape = [
        [element.tag for element in ET.fromstring(junit.render(Shelf(made.folder(*given)))).iter()]
        for given in ((plain,), (attacked, lambda text: f"{text} {ALL}"))
    ]
    assert shape[0] == shape[1]
