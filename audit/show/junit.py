"""The verdicts as JUnit XML: one test case an expectation. Not met is a failure, not evaluated an error, not asked skipped."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from audit.result import Document, Verdict
from audit.show import safe, verdicts
from audit.show.evidence import Card
from audit.show.shelf import Shelf
from audit.show.verdicts import Judged

EXAMPLES = 5
_TAGS = {"failed": "failure", "not evaluated": "error", "not asked": "skipped"}


def render(shelf: Shelf) -> str:
    """The shelf's result as JUnit XML. What only warns passes, with its evidence as output, unless the gate fails on warnings."""
    document = shelf.result.document
    every = verdicts.judged(shelf, EXAMPLES)
    tags = [_tag(item.verdict, document) for item in every]
    counts = {"tests": str(len(every)), "failures": str(tags.count("failure")), "errors": str(tags.count("error"))}
    root = ET.Element("testsuites", {"name": "corpus-audit"} | counts)
    suite = ET.SubElement(root, "testsuite", {"name": safe.xml(document.suite)} | counts | {"skipped": str(tags.count("skipped"))})
    for item, tag in zip(every, tags, strict=True):
        _case(suite, item, tag, document.suite)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _tag(verdict: Verdict, document: Document) -> str:
    """The element that says what came of it; "" where it passes."""
    fails = verdict.state == "warned" and verdict.severity == "warning" and document.gate.fail_on == "warning"
    return "failure" if fails else _TAGS.get(verdict.state, "")


def _case(suite: ET.Element, item: Judged, tag: str, name: str) -> None:
    verdict = item.verdict
    case = ET.SubElement(suite, "testcase", name=safe.xml(verdict.name), classname=safe.xml(f"corpus-audit.{name}"))
    said = safe.xml(_said(item))
    if tag == "skipped":
        ET.SubElement(case, tag, message=said)
    elif tag:
        ET.SubElement(case, tag, message=said, type=safe.xml(verdict.measure)).text = safe.xml(_evidence(item))
    elif verdict.state == "warned":
        ET.SubElement(case, "system-out").text = safe.xml(f"warned: {_said(item)}\n{_evidence(item)}")


def _said(item: Judged) -> str:
    """What was asked and what was seen, in one line."""
    verdict = item.verdict
    parts = [f"asked: {verdict.bound}", f"observed: {item.share} ({item.observed})" if item.observed else "", verdict.reason]
    return safe.line("; ".join(part for part in parts if part))


def _evidence(item: Judged) -> str:
    """The worst sources and some articles, a line each."""
    sources = [f"{row.name}: {row.bad} of {row.counted} ({row.share})" for row in item.sources]
    sources += [f"{group.source}: {said}" for group, said in item.groups if not group.passed]
    return "\n".join(["", *map(safe.line, sources), *map(_example, item.cards), ""])


def _example(card: Card) -> str:
    seen = card.quotes[0].marked if card.quotes else card.title
    return safe.line(f"{card.place}: {seen}")
