"""The offending articles as SARIF 2.1.0, for code scanning: a rule for each expectation that is not met, a result for each article.

Capped, and the run says so: GitHub takes 25,000 results and shows 5,000. Every article is in measures.parquet.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc

from audit.result import Verdict
from audit.show import safe, verdicts
from audit.show.evidence import checks
from audit.show.shelf import Row, Shelf

AT_MOST = 3_000
"""Results in all; each expectation has an equal part of them."""
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(shelf: Shelf) -> str:
    """The shelf's result as SARIF: file and record of each offending article, with a fingerprint that survives a move to another line."""
    wrong = [verdict for verdict in shelf.result.document.verdicts if verdict.state in ("failed", "warned")]
    each = AT_MOST // max(1, len(wrong))
    seen: Counter[str] = Counter()
    chosen = [shelf.more(verdict, each) for verdict in wrong]
    every = {article for articles in chosen for article in articles}
    shelf.know(every)
    evidence = _evidence(every, shelf)
    rules, results, notes = [], [], []
    for index, (name, verdict, articles) in enumerate(zip(_names(wrong), wrong, chosen, strict=True)):
        rules.append(_rule(name, verdict))
        for article in articles:
            marked = next((evidence[article, check] for check in checks(verdict.measure) if (article, check) in evidence), "")
            results.append(_result(shelf.facts(article), marked, name, index, verdict, seen))
        if verdict.bad and verdict.bad > len(articles):
            notes.append(f"{verdict.name}: {len(articles):,} of {verdict.bad:,} articles are here; all are in measures.parquet")
    driver = {"name": "corpus-audit", "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": [_notice(note) for note in notes]}],
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _names(wrong: Iterable[Verdict]) -> list[str]:
    """An id for each rule, unique in the run: the expectation's name in letters, digits and dashes."""
    taken: Counter[str] = Counter()
    names = []
    for verdict in wrong:
        name = re.sub(r"[\W_]+", "-", verdict.name.casefold()).strip("-")[:80] or verdict.measure
        taken[name] += 1
        names.append(name if taken[name] == 1 else f"{name}-{taken[name]}")
    return names


def _rule(name: str, verdict: Verdict) -> dict[str, Any]:
    said = safe.line(f"{verdict.name}: {verdict.bound}")
    return {
        "id": name,
        "shortDescription": {"text": safe.line(verdict.name)},
        "fullDescription": {"text": said},
        "help": {"text": f"{said}. Observed: {verdicts.seen(verdict)}, {verdicts.observed(verdict)}."},
        "defaultConfiguration": {"level": _LEVELS.get(verdict.severity, "none")},
        "properties": {"measure": verdict.measure},
    }


def _evidence(articles: Iterable[int], shelf: Shelf) -> dict[tuple[int, str], str]:
    """(article, check) -> the first evidence."""
    chosen = pc.field("article").isin(pa.array(sorted(articles), pa.int64()))
    rows = shelf.read("findings", ["article", "check", "evidence"], chosen).to_pylist()
    return {(row["article"], row["check"]): row["evidence"] for row in reversed(rows)}


def _result(row: Row, evidence: str, name: str, index: int, verdict: Verdict, seen: Counter[str]) -> dict[str, Any]:
    digest = hashlib.sha256(verdict.measure.encode() + b"\0" + (row["text_hash"] or b"")).hexdigest()[:32]
    seen[name + digest] += 1
    said = f"{verdict.name}: {evidence}" if evidence else f"{verdict.name}: {row['title'] or row['id']}"
    return {
        "ruleId": name,
        "ruleIndex": index,
        "level": _LEVELS.get(verdict.severity, "none"),
        "message": {"text": _literal(safe.clip(safe.line(said), 400))},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(row["file"].encode("utf-8", "surrogatepass")), "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": max(1, row["line"])},
                }
            }
        ],
        "partialFingerprints": {"corpusAudit/v1": f"{digest}:{seen[name + digest]}"},
    }


def _literal(text: str) -> str:
    """The text as a SARIF message, where [text](link) is a link and {0} a placeholder (SARIF 2.1.0, 3.11.5 and 3.11.6)."""
    return re.sub(r"([\\\[\]])", r"\\\1", text).replace("{", "{{").replace("}", "}}")


def _notice(note: str) -> dict[str, Any]:
    return {"level": "note", "message": {"text": _literal(safe.line(note))}}
