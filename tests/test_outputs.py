"""Every writer's output follows its published schema, over a real audit of a corpus full of attack strings too.

The schemas are those of others, unchanged (tests/schemas/README.md), and reports/result.schema.json is ours.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import audit
from audit.assets import folder
from audit.result import Result
from audit.show import github, junit, sarif
from audit.show.shelf import Shelf
from tests import made
from tests.attacks import ALL, ATTACKS

SCHEMAS = Path(__file__).parent / "schemas"
PROSE = "The council voted on Tuesday to dredge the old harbour before winter, ending two years of argument about who should pay for it. "
ENTRIES: tuple[dict[str, Any], ...] = (
    {"measure": "truncated", "at_most": 0},
    {"measure": "missing_byline", "at_most": 0, "severity": "warning"},
    {"measure": "encoding_damage", "at_most": 0, "severity": "info"},
    {"measure": "n_words", "below": 1000, "at_most": 0},
    {"measure": "field_byline_kind", "not_in": ["person"], "at_most": 0},
    {"measure": "n_words", "statistic": "median", "at_least": 1000},
    {"measure": "duplicate", "at_most": 0, "per": "source", "min_articles": 1},
    {"measure": "n_words", "below": 5, "at_most": 0, "where": {"lang": "xx"}},
    {"measure": "truncated", "no_worse_than_baseline": {"margin": 0}},
    {"type": "expect_column_mean_to_be_between", "kwargs": {"column": "n_words", "min_value": 1000}},
    {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 100_000}},
)


def attacked(path: Path) -> list[str]:
    """A corpus whose every string is an attack, in files that are named like one."""
    names = ["plain.jsonl", "'; $(id) %0A::error::x & [a](b) {0}.jsonl", "\u202egnp <b>.jsonl"]
    for number, name in enumerate(names):
        rows = [
            {"id": attack, "title": attack, "byline": attack, "source": attack, "url": f"https://a.example/{attack}", "date": attack, "lang": attack,
             "text": f"{attack}\n\n{PROSE * (1 + number)}{attack}\n\nThe rest of this article is for subscribers. {attack}\nRead more: {attack}"}
            for attack in (*ATTACKS, ALL)
        ]  # fmt: skip
        path.joinpath(name).write_text(
            "".join(json.dumps(row) + "\n" for row in rows) + f"{{broken {ALL}\n", encoding="utf-8", errors="surrogatepass"
        )
    return [str(path / name) for name in names]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """A made result, one full of attacks, and a real audit of attacks judged by attacks, against a baseline."""
    plain, hostile, corpus, out = (tmp_path_factory.mktemp(name) for name in ("plain", "hostile", "corpus", "out"))
    suite = corpus.parent / "ours.yml"
    named = [{"name": f"{i} {attack}"[:120]} | entry for i, (entry, attack) in enumerate(zip(ENTRIES, map(_line, ATTACKS), strict=False))]
    suite.write_text(yaml.safe_dump({"expectations": named}, allow_unicode=True), encoding="utf-8")
    paths = attacked(corpus)
    audit.audit(paths[:1], out / "before", suite=str(suite))
    real = audit.audit(paths, out / "after", suite=str(suite), baseline=out / "before")
    return {"made": made.folder(plain), "hostile": made.folder(hostile, lambda text: f"{text} {ALL}"), "real": real}


def _line(text: str) -> str:
    """A name may hold no control character: a suite refuses it."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", "", text)


RESULTS = ("made", "hostile", "real")


@pytest.mark.parametrize("name", RESULTS)
def test_sarif_follows_its_schema(results: dict[str, Result], name: str) -> None:
    """SARIF 2.1.0 as published by OASIS; its addresses are URI references."""
    from jsonschema import Draft4Validator

    log = json.loads(sarif.render(Shelf(results[name])))
    schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_bytes())
    assert [f"{error.json_path}: {error.message[:200]}" for error in Draft4Validator(schema).iter_errors(log)] == []
    uris = [place["physicalLocation"]["artifactLocation"]["uri"] for result in log["runs"][0]["results"] for place in result["locations"]]
    assert all(re.fullmatch(r"[A-Za-z0-9._~%/-]+", uri) and not uri.startswith("/") for uri in uris)


@pytest.mark.parametrize("name", RESULTS)
def test_sarif_is_what_github_takes(results: dict[str, Result], name: str) -> None:
    """Rules are unique, every result has a rule, a place and a fingerprint, no two the same of one rule; every failed expectation has a result."""
    (run,) = json.loads(sarif.render(Shelf(results[name])))["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(rules) == len(set(rules)) == sum(verdict.state in ("failed", "warned") for verdict in results[name].document.verdicts)
    assert {result["ruleId"] for result in run["results"]} == set(rules)
    assert all(rules[result["ruleIndex"]] == result["ruleId"] and result["locations"] for result in run["results"])
    prints = [(result["ruleId"], result["partialFingerprints"]["corpusAudit/v1"]) for result in run["results"]]
    assert len(prints) == len(set(prints))


@pytest.mark.parametrize("name", RESULTS)
def test_junit_follows_its_schema(results: dict[str, Result], name: str) -> None:
    """JUnit XML as the Jenkins xUnit plug-in reads it."""
    import xmlschema

    xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd")).validate(junit.render(Shelf(results[name])))


@pytest.mark.parametrize("name", RESULTS)
def test_result_follows_its_schema(results: dict[str, Result], name: str) -> None:
    """result.json as reports/result.schema.json describes it."""
    from jsonschema import Draft202012Validator

    schema = json.loads(folder("reports").joinpath("result.schema.json").read_bytes())
    document = json.loads((results[name].folder / "result.json").read_bytes())
    assert [f"{error.json_path}: {error.message[:200]}" for error in Draft202012Validator(schema).iter_errors(document)] == []


def lines(result: Result) -> Iterator[str]:
    yield from github.commands(Shelf(result)).splitlines()


def test_a_real_audit_of_attacks_gives_one_command_a_verdict(results: dict[str, Result]) -> None:
    """Every line is a command of ours; there are as many as expectations that are not met."""
    verdicts = results["real"].document.verdicts
    said = list(lines(results["real"]))
    assert len(said) == sum(verdict.state in ("failed", "warned", "not evaluated") for verdict in verdicts)
    assert all(re.match(r"::(error|warning|notice) (file=[^,:]*,line=\d+,)?title=[^,:]*::", line) for line in said)


def test_the_attacks_are_judged(results: dict[str, Result]) -> None:
    """The real audit found something of every kind: failed, warned, and not evaluated; so the writers had something to write."""
    assert {verdict.state for verdict in results["real"].document.verdicts} >= {"failed", "warned", "not evaluated"}
    assert results["real"].document.turnover is not None
