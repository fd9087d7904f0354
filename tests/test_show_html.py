"""audit.show.html: one page that is true, needs nothing, and lets nothing in; and the schema of the result it is drawn from."""

import base64
import hashlib
import html as entities
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from audit import assets
from audit.result import dump
from audit.show import html, safe
from audit.show.shelf import Shelf
from tests import made
from tests.attacks import ALL, ATTACKS

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    return made.folder(tmp_path_factory.mktemp("result"))


@pytest.fixture(scope="module")
def page(result):
    return html.page(Shelf(result))


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    """The page of an audit in which every string is every attack."""
    return html.page(Shelf(made.folder(tmp_path_factory.mktemp("attacked"), lambda text: f"{text} {ALL}")))


class Tags(HTMLParser):
    """The tags of a page with their attributes, and its text outside of style and script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        """Note what is said between tags."""
        if self.tags and self.tags[-1][0] not in ("style", "script"):
            self.said.append(data)


def test_golden(page):
    """The page of the made result is, byte for byte, the one that was reviewed (`make golden` writes it anew)."""
    assert page.encode() == (GOLDEN / "report.html").read_bytes()


def test_golden_result(result):
    """So is its result.json."""
    assert dump(result.document) == (GOLDEN / "result.json").read_bytes()


def test_nothing_is_loaded(attacked):
    """No tag loads anything, and only http and https addresses are links, none of which says where the reader came from."""
    tags = Tags(attacked).tags
    assert {tag for tag, _ in tags} & {"img", "link", "iframe", "object", "embed", "base", "video", "audio", "source", "use", "image"} == set()
    assert not any("src" in attributes or "action" in attributes for _, attributes in tags)
    for _, attributes in tags:
        if "href" in attributes and not attributes["href"].startswith("#"):
            assert re.match(r"https?://", attributes["href"])
            assert {"noopener", "noreferrer"} <= set(attributes["rel"].split())


def test_nothing_is_inline(attacked):
    """No handler, no style attribute, one style and one script of ours, whose hashes are in the policy."""
    tags = Tags(attacked).tags
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on") or name in ("style", "srcdoc")]
    assert [tag for tag, _ in tags].count("script") == [tag for tag, _ in tags].count("style") == 1
    policy = next(attributes["content"] for tag, attributes in tags if attributes.get("http-equiv") == "Content-Security-Policy")
    for tag in ("style", "script"):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", attacked, re.DOTALL)
        assert f"{tag}-src 'sha256-{base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_are_legible(attacked, attack):
    """Every attack stands in the text of the page as what it is."""
    assert safe.visible(attack) in "".join(Tags(attacked).said)


def test_no_hidden_characters(attacked):
    """No control character and no override is in the page."""
    assert safe.visible(attacked) == attacked


def test_same_result_same_bytes(result, page):
    """Drawn twice, the page is the same."""
    assert html.page(Shelf(result)) == page


def test_no_place_of_this_machine(result, page):
    """The page does not say where the audit was made."""
    assert str(result.folder) not in page


def test_every_verdict_is_shown(result, page):
    """Each expectation stands on the page with its state, bound, counts and reason."""
    said = "".join(Tags(page).said)
    for verdict in result.document.verdicts:
        for words in (verdict.name, verdict.state, verdict.bound, verdict.reason, verdict.baseline):
            assert words in said
        if verdict.bad is not None:
            assert f"{verdict.bad} of {verdict.counted} article" in said


def test_marks_are_in_their_lines(page):
    """Evidence is marked within the line it was found in, with the lines around it."""
    flat = entities.unescape(page)
    assert "<mark>You can read the rest of Anna Feld’s article at</mark>" in flat
    assert '<p class="near" dir="auto">Share this article</p>' in flat
    assert "<mark>اقرأ بقية المقال على موقعنا</mark>" in flat
    assert "Handwerk bei ihrem <mark>GroÃŸvater</mark> gelernt." in flat


def test_ids_are_unique(page):
    """No two things of the page have one name, and every link within it leads somewhere."""
    tags = Tags(page).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {attributes["href"][1:] for _, attributes in tags if (attributes.get("href") or "").startswith("#")} <= set(ids)


def test_an_empty_corpus_has_a_page(tmp_path):
    """Nothing to show is shown as such."""
    result = made.folder(tmp_path)
    nothing = {"totals": (), "dates": (), "pairs": (), "cluster_sizes": (), "fixes": (), "learned": (), "verdicts": (), "inputs": (), "fields": ()}
    bare = replace(result, document=replace(result.document, articles=0, empty=0, quarantine_reasons=(), **nothing))
    assert "Nothing that was looked at is against the suite" in html.page(Shelf(bare))


@pytest.mark.parametrize(
    "given",
    [
        {"measure": "truncated", "at_most": 0.1, "where": {"lang": {"in": [1, 2]}}},
        {"measure": "truncated", "at_most": 0.1, "where": {"n_words": {"above": "x"}}},
        {"measure": "truncated", "at_most": 0.1, "where": {"nothing": 1}},
        {"measure": "truncated", "at_most": 0.1, "where": [1]},
        {"measure": "lang", "not_in": ["en"], "at_most": 0.1},
        {"measure": "n_words", "below": 10, "above": 40, "at_most": 0.1},
        {"measure": "nothing"},
        {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 1}},
        [],
        None,
    ],
)
def test_no_expectation_breaks_the_page(tmp_path, given):
    """Whatever the suite asked for, there is a page; examples are left out where the condition fits no column."""
    result = made.folder(tmp_path)
    measure = given.get("measure", "") if isinstance(given, dict) else "truncated"
    verdict = replace(made.verdict("x", measure, "failed", 1), expectation=json.dumps(given))
    assert html.page(Shelf(replace(result, document=replace(result.document, verdicts=(verdict,)))))


def test_the_schema_takes_the_result(result):
    """result.json is what its published schema says."""
    validator = Draft202012Validator(json.loads(assets.folder("reports").joinpath("result.schema.json").read_bytes()))
    validator.check_schema(validator.schema)
    assert list(validator.iter_errors(json.loads(dump(result.document)))) == []


def test_the_schema_is_strict(result):
    """Each object of the result must be whole: no key may be missing, none added."""
    validator = Draft202012Validator(json.loads(assets.folder("reports").joinpath("result.schema.json").read_bytes()))

    def objects(value, path=()):
        if isinstance(value, dict):
            yield path
        for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
            yield from objects(item, (*path, key))

    whole = dump(result.document)
    for path in objects(json.loads(whole)):
        for change in ("add", "remove"):
            entries = json.loads(whole)
            place = entries
            for key in path:
                place = place[key]
            place.update(extra=1) if change == "add" else place.pop(next(iter(place)))
            assert not validator.is_valid(entries), (path, change)
