"""A small finished audit, made by hand: every table, every state of a verdict, texts of several scripts; or full of attacks.

What `folder` writes is what `audit.run` writes, but chosen, so that pages drawn from it are golden files.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from audit.result import (
    Activity,
    Before,
    Burst,
    Count,
    Document,
    Gap,
    Gate,
    Group,
    Headline,
    Input,
    Interval,
    Learned,
    Outliers,
    Result,
    Signals,
    Stamp,
    Strangers,
    Stubs,
    Total,
    Verdict,
    Wall,
    dump,
    load,
)
from audit.tables import EXAMPLES, FINDINGS, MEASURES, PAIRS

DAY = datetime(2024, 3, 5, tzinfo=UTC)
BODY = (
    "The council voted on Tuesday to dredge the old harbour before winter, ending two years of argument about who should pay for it.\n\n"
    "Fishermen had warned that the channel was silting up so quickly that larger boats could no longer leave at low tide."
)
TEXTS: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "harbour-1",
        "coast.example",
        "en",
        "Council votes to dredge the old harbour",
        BODY + "\n\nYou can read the rest of Anna Feld’s article at\n\nShare this article",
    ),
    (
        "harbour-2",
        "valley.example",
        "en",
        "Council votes to dredge old harbour",
        BODY.replace("Tuesday", "Wednesday").replace("larger", "big") + "\n\nShare this article",
    ),
    ("harbour-3", "coast.example", "en", "Old harbour to be dredged", BODY + " The work will take eleven weeks."),
    (
        "bread",
        "gasse.example",
        "de",
        "Wieder Brot aus der Gasse",
        "Die Besitzerin hat das Handwerk bei ihrem GroÃŸvater gelernt.\nSie verkauft vier Sorten Brot &amp; Kuchen.",
    ),
    (
        "bridge",
        "reka.example",
        "ru",
        "Мост закрыт до весны",
        "Мост закрыт до весны\n\nСтарый мост через реку останется закрытым до весны, потому что инспекторы нашли тр?щины.",
    ),
    (
        "port",
        "مرفأ.example",
        "ar",
        "إغلاق الميناء حتى الربيع",
        "سيبقى الميناء القديم مغلقا حتى الربيع، كما قال المجلس يوم الثلاثاء.\n\nاقرأ بقية المقال على موقعنا",
    ),
    ("minato", "minato.example", "ja", "古い港は春まで閉鎖", "古い港は春まで閉鎖される。市議会は火曜日に決定した。\n\n続きを読む"),
    ("empty", "", "", "", ""),
)


def found(article: int, check: str, text: str, evidence: str, note: str) -> dict[str, Any]:
    """A row of findings.parquet for the first place of `evidence` in `text`; a field of the record where it is not in it."""
    start = text.find(evidence) if evidence else -1
    if start < 0:
        return {"article": article, "check": check, "line": None, "start": None, "end": None, "evidence": evidence, "note": note}
    line = len(text[:start].splitlines()) - (0 if not start or text[start - 1] == "\n" else 1)
    return {"article": article, "check": check, "line": line, "start": start, "end": start + len(evidence), "evidence": evidence, "note": note}


FOUND: tuple[tuple[int, str, str, str], ...] = (
    (0, "truncated", "You can read the rest of Anna Feld’s article at", "a pointer to the rest"),
    (0, "boilerplate_lines", "Share this article", "share"),
    (1, "boilerplate_lines", "Share this article", "share"),
    (1, "missing_byline", "View All Posts", "the byline field is no credit"),
    (3, "encoding_damage", "GroÃŸvater", "mojibake"),
    (3, "encoding_damage", "&amp;", "an entity"),
    (4, "title_repeats", "Мост закрыт до весны", "equals the headline"),
    (4, "lost_letters", "тр?щины", "a question mark within a word"),
    (5, "truncated", "اقرأ بقية المقال على موقعنا", "a pointer to the rest"),
    (6, "truncated", "続きを読む", "a pointer to the rest"),
)


def measures() -> list[dict[str, Any]]:
    """Rows of measures.parquet."""
    rows = [_plain(number, *row) for number, row in enumerate(TEXTS)]
    for number in (0, 5, 6):
        rows[number] |= {"truncated": True, "truncation_kind": "marker", "truncation_evidence": FOUND[0][2]}
    for number in (0, 1, 4):
        rows[number] |= {"missing_byline": True, "field_byline_kind": "none", "field_byline": None}
    rows[1] |= {"field_byline": "View All Posts", "field_byline_kind": "junk"}
    rows[3] |= {"encoding_damage": True, "fixes": ["unescape_html", "fix_encoding"]}
    rows[4] |= {"repeated_title": True, "title_repeats": 1, "encoding_damage": True, "lost_letters": True}
    rows[0] |= {"near_cluster": 0}
    rows[1] |= {"near_cluster": 0, "duplicate": True, "duplicate_of": 0, "similarity": 0.81}
    rows[2] |= {"near_cluster": 0, "duplicate": True, "duplicate_of": 0, "similarity": 0.92}
    return rows


def _plain(number: int, name: str, source: str, lang: str, title: str, text: str) -> dict[str, Any]:
    """A sound article's row."""
    row: dict[str, Any] = {
        "article": number, "id": name, "file": "corpus.jsonl", "line": number + 1, "source": source or None, "date": DAY if source else None,
        "url": f"https://{source}/{name}" if source else None, "title": title or None, "title_from": "field" if title else "none",
        "empty": not text, "field_byline": "Jane Marlow", "field_byline_kind": "person", "missing_byline": False,
    }  # fmt: skip
    if text:
        row |= {"text_hash": bytes([number] * 16), "lang": lang, "lang_confidence": 0.9, "byline_kind": "none", "boilerplate_lines": []}
        row |= {"n_chars": len(text), "n_words": len(text.split()), "n_lines": text.count("\n") + 1, "boilerplate_share": 0.0, "fixes": []}
        flags = ("truncated", "repeated_title", "retitled", "encoding_damage", "lost_letters", "duplicate", "contained")
        row |= dict.fromkeys(flags, False) | {"title_repeats": 0}
    return row


def findings() -> list[dict[str, Any]]:
    """Rows of findings.parquet."""
    return sorted(
        (found(article, check, TEXTS[article][4], *rest) for article, check, *rest in FOUND), key=lambda row: (row["article"], row["check"])
    )


def examples() -> list[dict[str, Any]]:
    """Rows of examples.parquet."""
    cleaned = {3: TEXTS[3][4].replace("GroÃŸvater", "Großvater").replace("&amp;", "&")}
    return [
        {"article": n, "title": title or None, "text": text or None, "cut": False, "cleaned": cleaned.get(n), "why": ["pair"] if n < 3 else ["fixes"]}
        for n, (_, _, _, title, text) in enumerate(TEXTS)
    ]


def pairs() -> list[dict[str, Any]]:
    """Rows of pairs.parquet."""
    near = [(0, 1, "near", 0.81, 0.9), (0, 2, "near", 0.92, 1.0)]
    return [
        {"left": a, "right": b, "left_id": TEXTS[a][0], "right_id": TEXTS[b][0], "kind": kind, "jaccard": jaccard, "containment": containment}
        for a, b, kind, jaccard, containment in (*near, (1, 2, "contained", 0.7, 0.95))
    ]


def verdict(name: str, measure: str, state: str, bad: int | None, **more: Any) -> Verdict:
    """A verdict over seven articles."""
    asked = more.pop("given", {"at_most": 0.01})
    given = {"name": name, "measure": measure} | asked
    plain: dict[str, Any] = {
        "name": name, "measure": measure, "severity": "error", "state": state, "reason": "", "bound": "at most 1 %", "bad": bad,
        "counted": 7 if bad is not None else None, "empty": 1 if bad is not None else None, "value": None, "baseline": "", "groups": (),
        "n_groups": 0, "bad_groups": 0, "expectation": json.dumps(given), "definition": 1,
        "interval": Interval(0.158, 0.75, 0) if bad == 3 else Interval(0.05, 0.64, 4) if bad else None,
    }  # fmt: skip
    return Verdict(**(plain | more))


def document() -> Document:
    """result.json, with every kind of value in it."""
    sources = tuple((source, Count(int(source == "coast.example"), 1)) for source in sorted({row[1] for row in TEXTS if row[1]}))
    every = (("coast.example", Count(0, 2)), *((name, Count(0, 1)) for name, _ in sources[1:]), ("(no source)", Count(1, 1)))
    groups = (Group("coast.example", 2, value=30.0, passed=False), Group("valley.example", 1, value=41.0))
    verdicts = (
        verdict("articles are complete", "truncated", "failed", 3, baseline="1 of 90 (1.1 %); margin 0.5 percentage points",
                worst=(("coast.example", Count(1, 2)), ("مرفأ.example", Count(1, 1)), ("minato.example", Count(1, 1))), n_worst=3,
                before=Before(1, 90, None, Interval(0.002, 0.06, 12), "worse")),
        verdict("articles name their author", "missing_byline", "failed", 3, bound="at most 5 %", counted=8, given={"at_most": 0.05},
                worst=(("coast.example", Count(1, 2)),), n_worst=12, before=Before(36, 90, None, None, "")),
        verdict("headlines stand once", "repeated_title", "warned", 1, severity="warning", before=Before(80, 90, None, None, "better")),
        verdict("letters are whole", "encoding_damage", "warned", 2, severity="info"),
        verdict("articles are long enough", "n_words", "failed", 2, bound="at most 2 % below 10", given={"below": 10, "at_most": 0.02}),
        verdict("no article twice", "duplicate", "passed", 2, bound="at most 50 %", given={"at_most": 0.5}),
        verdict("sources write at length", "n_words", "failed", None, bound="median at least 40 in every source", groups=groups, n_groups=2,
                bad_groups=1, counted=7, empty=1, given={"statistic": "median", "at_least": 40, "per": "source"},
                before=Before(0, 2, None, None, "")),
        verdict("the middle article is long", "n_words", "passed", None, bound="median at least 10", value=14.0, counted=7,
                given={"statistic": "median", "at_least": 10}, interval=Interval(9.0, 41.0, 0), before=Before(None, None, 15.0, None, "")),
        verdict("no worse than before", "truncated", "not asked", None, reason="no baseline was given"),
        verdict("languages are known", "lang", "not evaluated", None, reason="the measure was left out"),
    )  # fmt: skip
    edges = (0.0, *(round(10 ** (i * 7 / 63), 3) for i in range(64)))
    totals = (
        Total("empty", 1, 8, count=Count(1, 8), sources=every),
        Total(
            "n_words",
            1,
            7,
            sum=164.0,
            edges=edges,
            bins=(0, 0, 2, 0, 1, *(0,) * 8, 4, *(0,) * 50),
            quantiles=(("p50", 14.0), ("min", 2.0), ("max", 47.0)),
        ),
        Total("lang", 1, 7, values=(("en", 3), ("ar", 1), ("de", 1), ("ja", 1), ("ru", 1))),
        Total("truncated", 1, 7, count=Count(3, 7), sources=sources),
        Total("missing_byline", 1, 8, count=Count(3, 8), sources=sources),
        Total("duplicate", 1, 7, count=Count(2, 7), sources=sources),
    )
    return Document(
        version=1, suite="news", suite_digest="0" * 32, settings=(("keep", "longest"), ("threshold", "0.8")),
        fields=(("title", "title"), ("text", "text")), inputs=(Input("corpus.jsonl", "1" * 32, 10, 8, 2),), records=10, articles=8, empty=1,
        quarantined=2, quarantine_reasons=(("not JSON", 1), ("invalid UTF-8", 1)), totals=totals, dates=(("2024-03", 7),),
        pairs=(("exact", 0), ("near", 2), ("contained", 1)), cluster_sizes=((3, 1),), near_plan="42 bands of 3",
        fixes=(("fix_encoding", 1), ("unescape_html", 1)),
        learned=(Learned("coast.example", "Share this article", 2, 2), Learned(None, "Menu", 3, 9)),
        verdicts=verdicts, gate=Gate(False, 1, "error", "4 of 8 expectations failed: articles are complete and 3 more."),
        signals=SIGNALS,
    )  # fmt: skip


SIGNALS = Signals(
    activity=(Activity("coast.example", (("2024-01", 3), ("2024-03", 2))), Activity("gasse.example", (("2024-03", 1),))),
    gaps=(Gap("coast.example", "2024-02-01", "2024-02-29", 29, 41), Gap(None, "2024-02-03", "2024-02-20", 18, 22)),
    bursts=(Burst("valley.example", "2024-03-05", 310, 2.4),),
    stamps=(Stamp("valley.example", "2024-03-05T07:12:44", 310, 400, (1,)),),
    stubs=(Stubs("minato.example", 4, 12, 80, (6, 7)),),
    outliers=(Outliers("coast.example", 412, 38.5, 4400.0, 3, 1, 260, (0, 2)),),
    walls=(Wall("reka.example", 200, 31, 90, (4,)),),
    headlines=(Headline("Wieder Brot aus der Gasse", 3, 4, 1, (3,)),),
    languages=(Strangers("مرفأ.example", "ar", 96, 99, (("en", 2), ("fr", 1)), (5,)),),
)
QUARANTINE = (
    {"file": "corpus.jsonl", "line": 9, "reason": "not JSON", "bytes": '{"title": "cut', "base64": False},
    {"file": "corpus.jsonl", "line": 10, "reason": "invalid UTF-8", "bytes": "/wA=", "base64": True},
)


def folder(path: Path, hostile: Callable[[str], str] = lambda text: text) -> Result:
    """A finished audit in `path`; `hostile` may change every string of the tables and the document that comes from outside."""
    for name, rows, schema in (
        ("measures", measures(), MEASURES),
        ("findings", findings(), FINDINGS),
        ("pairs", pairs(), PAIRS),
        ("examples", examples(), EXAMPLES),
    ):
        changed = [{key: _changed(key, value, hostile) for key, value in row.items()} for row in rows]
        pq.write_table(pa.Table.from_pylist(changed, schema=schema), path / f"{name}.parquet")
    lines = ({key: _changed(key, value, hostile) for key, value in row.items()} for row in QUARANTINE)
    (path / "quarantine.jsonl").write_text("".join(json.dumps(row) + "\n" for row in lines), encoding="utf-8")
    (path / "result.json").write_bytes(dump(_hostile(document(), hostile)))
    (path / "run.json").write_text("{}\n", encoding="utf-8")
    return load(path)


OURS = frozenset({"check", "kind", "why", "fixes", "truncation_kind", "title_from", "field_byline_kind", "byline_kind", "lang", "base64"})
"""Columns whose values are the audit's own words."""


def _changed(key: str, value: Any, hostile: Callable[[str], str]) -> Any:
    return hostile(value) if isinstance(value, str) and key not in OURS else value


def _hostile(made: Document, hostile: Callable[[str], str]) -> Document:
    """The document, with every string that comes from a corpus or a suite changed."""

    def named(pairs: Sequence[tuple[str, Any]]) -> tuple[tuple[str, Any], ...]:
        return tuple((hostile(name), value) for name, value in pairs)

    def judged(verdict: Verdict) -> Verdict:
        groups = tuple(replace(group, source=hostile(group.source)) for group in verdict.groups)
        words = {name: hostile(getattr(verdict, name)) for name in ("name", "reason", "bound", "baseline")}
        return replace(verdict, groups=groups, worst=named(verdict.worst), **words)

    return replace(
        made,
        suite=hostile(made.suite),
        fields=tuple((role, hostile(name)) for role, name in made.fields),
        inputs=tuple(replace(item, path=hostile(item.path)) for item in made.inputs),
        quarantine_reasons=named(made.quarantine_reasons),
        totals=tuple(replace(total, sources=named(total.sources)) for total in made.totals),
        near_plan=hostile(made.near_plan),
        learned=tuple(Learned(hostile(line.source or ""), hostile(line.text), line.articles, line.of) for line in made.learned),
        verdicts=tuple(judged(verdict) for verdict in made.verdicts),
        gate=replace(made.gate, why=hostile(made.gate.why)),
    )
