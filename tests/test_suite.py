"""Suites: what is taken, what is refused and in which words; nothing in a suite makes anything but a SuiteError."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import xxhash
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import suite
from audit.assets import folder
from audit.errors import SuiteError
from audit.suite import core
from audit.suite.expectation import KINDS, Expectation
from audit.tables import COLUMNS

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "suite.yml").read_text(encoding="utf-8"))


def one(tmp_path: Path, text: str) -> Expectation:
    """The expectation that stands as `text` in a suite."""
    path = tmp_path / "one.yml"
    path.write_text(f"expectations:\n  - {text}\n", encoding="utf-8")
    return suite.load(str(path)).expectations[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["fact"])
def test_what_cannot_be_is_refused_in_words(case: dict[str, Any], tmp_path: Path) -> None:
    """A mistake is a SuiteError that names the file, the mistake, and what would work."""
    path = tmp_path / "ours.yml"
    path.write_text(case["suite"] if "suite" in case else yaml.safe_dump({"expectations": [case["entry"]]}), encoding="utf-8")
    with pytest.raises(SuiteError) as raised:
        suite.load(str(path))
    message = str(raised.value)
    assert "ours.yml" in message
    assert "\n" not in message
    for part in case["says"]:
        assert part in message, message


@pytest.mark.parametrize("name", suite.shipped())
def test_shipped_suites_load(name: str) -> None:
    """Every suite that is shipped is one, and knows its own bytes."""
    loaded = suite.load(name)
    assert loaded.name == name
    assert loaded.digest == xxhash.xxh3_128_hexdigest(folder("expectations").joinpath(f"{name}.yml").read_bytes())


def test_an_unknown_suite_names_the_shipped_ones() -> None:
    """No file and no shipped suite of that name: the message lists those there are."""
    with pytest.raises(SuiteError, match=r"no suite 'nope'; shipped: .*news.*web"):
        suite.load("nope")


@pytest.mark.parametrize("name", ["", ".", "\0", "news/..", "../news", "a" * 5000])
def test_odd_names_are_no_suites(name: str) -> None:
    """A name that is no file is refused, not followed."""
    with pytest.raises(SuiteError):
        suite.load(name)


def test_a_bound_is_the_decimal_that_was_written(tmp_path: Path) -> None:
    """0.059 is 59/1000, not the nearest binary number; so are 1e-3 and a bare .5."""
    assert one(tmp_path, "{measure: empty, at_most: 0.059}").at_most == Fraction(59, 1000)
    assert one(tmp_path, "{measure: empty, at_most: 1e-3}").at_most == Fraction(1, 1000)
    assert one(tmp_path, "{measure: empty, at_most: .5}").at_most == Fraction(1, 2)


def test_norway_stays_a_language(tmp_path: Path) -> None:
    """`no`, `on` and dates are text, as in no other YAML of this version."""
    assert one(tmp_path, "{measure: lang, not_in: [no, on, 2024-01-01], at_most: 0}").not_in == ("no", "on", "2024-01-01")


def test_an_alias_is_unfolded(tmp_path: Path) -> None:
    """Anchors and aliases work as long as they stay small."""
    path = tmp_path / "alias.yml"
    path.write_text(
        "expectations:\n- {measure: n_words, below: 9, at_most: 0, where: &en {lang: en}}\n- {measure: n_lines, below: 9, at_most: 0, where: *en}\n"
    )
    first, second = suite.load(str(path)).expectations
    assert first.where == second.where != ()


def test_the_bound_is_said_in_words(tmp_path: Path) -> None:
    """Every part of an expectation is in the sentence a reader sees."""
    said = one(tmp_path, "{measure: n_words, statistic: p05, at_least: 50, per: source, min_articles: 20, where: {lang: {in: [en, de]}}}").bound
    assert said == "p05 at least 50 in every source of at least 20 articles where lang in en, de"
    assert one(tmp_path, "{measure: n_words, below: 50, at_most: 0.025}").bound == "at most 2.5 % below 50"
    assert one(tmp_path, "{measure: truncated, no_worse_than_baseline: {margin: 0.005}}").bound.startswith(
        "no worse than the baseline by more than 0.5 perc"
    )


def test_the_entry_is_kept_as_given(tmp_path: Path) -> None:
    """A verdict can show the entry again."""
    assert json.loads(one(tmp_path, "{measure: empty, at_most: 0.059}").given) == {"measure": "empty", "at_most": 0.059}


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_no_bytes_make_anything_but_a_suite_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """Whatever a file holds, it is a suite or it is refused."""
    path = tmp_path_factory.getbasetemp() / "hostile.yml"
    path.write_bytes(data)
    with pytest.raises(SuiteError):
        suite.load(str(path))


KEYS = st.sampled_from(
    [
        "measure",
        "at_most",
        "below",
        "not_in",
        "statistic",
        "per",
        "where",
        "severity",
        "name",
        "type",
        "kwargs",
        "no_worse_than_baseline",
        "min_articles",
    ]
)
VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.sampled_from([*KINDS, *core.TYPES, "mean", "source", "in"])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(["in", "above", "column", "margin", "lang"]), st.text(max_size=3)), inner, max_size=3),
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_no_entry_makes_anything_but_a_suite_error(tmp_path_factory: pytest.TempPathFactory, entry: dict[str, Any]) -> None:
    """Whatever an entry says, it is an expectation or it is refused."""
    path = tmp_path_factory.getbasetemp() / "entry.yml"
    path.write_text(yaml.safe_dump({"expectations": [entry]}, allow_unicode=True), encoding="utf-8")
    try:
        assert suite.load(str(path)).expectations[0].bound
    except SuiteError as error:
        assert str(error)


@pytest.mark.parametrize("data", [b"[" * 100_000, b"{a: " * 50_000, b"- " * 100_000, b"a" * (1 << 19), b"\xff\xfea"])
def test_deep_and_large_files_are_refused(data: bytes, tmp_path: Path) -> None:
    """Nesting, size and encoding are bounded."""
    path = tmp_path / "deep.yml"
    path.write_bytes(data)
    with pytest.raises(SuiteError):
        suite.load(str(path))


def test_the_readme_documents_every_key_and_measure() -> None:
    """expectations/README.md has every key of the schema, every measure with its kind, and every core type."""
    text = folder("expectations").joinpath("README.md").read_text(encoding="utf-8")
    schema = json.loads(folder("expectations").joinpath("schema.json").read_bytes())
    entry = schema["$defs"]["expectation"]["properties"]
    keys = [*schema["properties"], *entry, *schema["$defs"]["core"]["properties"]]
    keys += [*entry["where"]["additionalProperties"]["properties"], *entry["no_worse_than_baseline"]["properties"]]
    missing = [name for name in (*keys, *core.TYPES, *(c.name for c in COLUMNS)) if f"`{name}`" not in text]
    assert not missing
    assert [name for name, form in KINDS.items() if f"| `{name}` | {form} |" not in text] == []


def test_the_schema_is_a_schema() -> None:
    """schema.json follows its own meta-schema."""
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(json.loads(folder("expectations").joinpath("schema.json").read_bytes()))
