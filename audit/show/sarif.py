"""The offending articles as SARIF 2.1.0, for code scanning: a rule for each expectation that is not met, a result for each article.

An expectation for which no single article is at fault (a median, a comparison with a baseline that failed by sources) has one result, at the first
file. Capped, and the run says so: GitHub takes 25,000 results and shows 5,000. Every article is in measures.parquet. What could not be
evaluated is a notification of the run: there is nothing to show it at.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc

from audit.result import Verdict
from audit.show import places, safe, verdicts
from audit.show.evidence import checks
from audit.show.shelf import Shelf

AT_MOST = 3_000
"""Results in all; each expectation has an equal part of them."""
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(shelf: Shelf) -> str:
    """The shelf's result as SARIF: file and record of each offending article, with a fingerprint that survives a move to another line."""
    every = shelf.result.document.verdicts
    wrong = [verdict for verdict in every if verdict.state in ("failed", "warned")]
    each = AT_MOST // max(1, len(wrong))
    chosen = [shelf.more(verdict, each) for verdict in wrong]
    notes = [_cap(verdict, len(articles)) for verdict, articles in zip(wrong, chosen, strict=True)]
    notes += [_notice("error", f"not evaluated: {v.name}: {v.reason}") for v in every if v.state == "not evaluated"]
    rules = [_rule(name, verdict) for name, verdict in zip(_names(wrong), wrong, strict=True)]
    run = {
        "tool": {"driver": {"name": "corpus-audit", "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": [note for note in notes if note]}],
        "results": _results(wrong, chosen, [rule["id"] for rule in rules], shelf),
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _names(wrong: Iterable[Verdict]) -> list[str]:
    """An id for each rule, unique in the run: the expectation's name in letters, digits and dashes."""
    names: dict[str, None] = {}
    for verdict in wrong:
        plain = re.sub(r"[\W_]+", "-", verdict.name.casefold()).strip("-")[:80] or verdict.measure or "expectation"
        tries = (plain if n == 1 else f"{plain}-{n}" for n in count(1))
        names[next(name for name in tries if name not in names)] = None
    return list(names)


def _results(wrong: Sequence[Verdict], chosen: Sequence[Sequence[int]], names: Sequence[str], shelf: Shelf) -> list[dict[str, Any]]:
    """A result for each article, in the order of the rules."""
    every = {article for articles in chosen for article in articles}
    shelf.know(every)
    evidence, seen, results = _evidence(every, shelf), Counter[str](), []
    for index, (name, verdict, articles) in enumerate(zip(names, wrong, chosen, strict=True)):
        rule = {"ruleId": name, "ruleIndex": index, "level": _LEVELS.get(verdict.severity, "none")}
        for article in articles:
            marked = next((evidence[article, check] for check in checks(verdict.measure) if (article, check) in evidence), "")
            results.append(rule | _article(shelf, article, marked, verdict, seen))
        results += [] if articles else [rule | _corpus(shelf, verdict)]
    return results


def _article(shelf: Shelf, article: int, evidence: str, verdict: Verdict, seen: Counter[str]) -> dict[str, Any]:
    row = shelf.facts(article)
    digest = _digest(verdict.measure.encode() + b"\0" + (row["text_hash"] or b""))
    seen[verdict.name + digest] += 1
    said = f"{verdict.name}: {evidence}" if evidence else f"{verdict.name}: {row['title'] or row['id']}"
    return {
        "message": {"text": _literal(safe.clip(safe.line(said), 400))},
        "locations": [_location(shelf, row["file"], row["line"])],
        "partialFingerprints": {"corpusAudit/v1": f"{digest}:{seen[verdict.name + digest]}"},
    }


def _corpus(shelf: Shelf, verdict: Verdict) -> dict[str, Any]:
    """The one result of an expectation that no single article is against; GitHub takes no result without a place."""
    first = next((item.path for item in shelf.result.document.inputs), "corpus")
    said = f"{verdict.name}: {verdicts.seen(verdict)}, asked {verdict.bound}; {verdict.reason}"
    return {
        "message": {"text": _literal(safe.clip(safe.line(said), 400))},
        "locations": [_location(shelf, first, 1)],
        "partialFingerprints": {"corpusAudit/v1": f"{_digest(verdict.expectation.encode())}:1"},
    }


def _location(shelf: Shelf, file: str, line: int) -> dict[str, Any]:
    uri = quote(places.path(shelf.result, file).encode("utf-8", "surrogatepass"))
    return {"physicalLocation": {"artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"}, "region": {"startLine": max(1, line)}}}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


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


def _literal(text: str) -> str:
    """The text as a SARIF message, where [text](link) is a link and {0} a placeholder (SARIF 2.1.0, 3.11.5 and 3.11.6)."""
    return re.sub(r"([\\\[\]])", r"\\\1", text).replace("{", "{{").replace("}", "}}")


def _cap(verdict: Verdict, here: int) -> dict[str, Any] | None:
    """What to say where not every article is a result."""
    if not verdict.bad or not here or verdict.bad <= here:
        return None
    return _notice("note", f"{verdict.name}: {here:,} of {verdict.bad:,} articles are here; all are in measures.parquet")


def _notice(level: str, note: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": _literal(safe.line(note))}}
