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

from audit.result import Result, Verdict
from audit.show import against, safe, verdicts
from audit.show.evidence import checks
from audit.show.shelf import Row, Shelf

AT_MOST = 3_000
"""Results in all; each expectation has an equal part of them."""
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(result: Result) -> str:
    """The result as SARIF: file and record of each offending article, with a fingerprint that survives a move to another line."""
    shelf = Shelf(result)
    wrong = [verdict for verdict in result.document.verdicts if verdict.state in ("failed", "warned")]
    each = AT_MOST // max(1, len(wrong))
    seen: Counter[str] = Counter()
    rules, results, notes = [], [], []
    for index, (name, verdict) in enumerate(zip(_names(wrong), wrong, strict=True)):
        rows = _rows(verdict, shelf, each)
        rules.append(_rule(name, verdict))
        results += [_result(row, evidence, name, index, verdict, seen) for row, evidence in rows]
        if verdict.bad and verdict.bad > len(rows):
            notes.append(f"{verdict.name}: {len(rows):,} of {verdict.bad:,} articles are here; all are in measures.parquet")
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


def _rows(verdict: Verdict, shelf: Shelf, most: int) -> list[tuple[Row, str]]:
    """Articles against the expectation, in the order of the corpus, each with the first evidence for it."""
    expression = against.articles(verdict)
    if expression is None:
        return []
    try:
        rows = sorted(shelf.more(expression, verdict.measure, against.direction(verdict), most), key=lambda row: row["article"])
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError):
        return []
    chosen = pc.field("article").isin(pa.array([row["article"] for row in rows], pa.int64()))
    found = shelf.read("findings", ["article", "check", "evidence"], chosen & pc.field("check").isin(checks(verdict.measure))).to_pylist()
    evidence = {row["article"]: row["evidence"] for row in reversed(found)}
    return [(row, evidence.get(row["article"], "")) for row in rows]


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
