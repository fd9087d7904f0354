"""Our expectations in other people's Great Expectations projects: one pass, exact counts, honest JSON; and our suites without us."""

import io
import json
import logging
import re
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from test_news import sound

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import great_expectations as gx
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
    from great_expectations.render.view import DefaultMarkdownPageView

    import audit.gx as ours

from audit import audit as run_audit
from audit import exported, framed
from audit.errors import SuiteError
from audit.suite import shipped

pytestmark = pytest.mark.filterwarnings("ignore")  # of Great Expectations

ROOT = Path(__file__).resolve().parent.parent
EVERY = [value for name, value in sorted(vars(ours).items()) if name.startswith("ExpectArticles")]


def planted() -> pd.DataFrame:
    """Sixty sound articles, each defect in one of them; index labels repeat, as they may."""
    rows = sound(60)
    rows[3]["text"] = rows[3]["text"][:-30].rstrip(" .,") + " and then the"
    rows[5]["text"] = "Itâ€™s the talk of the town. " + rows[5]["text"]
    rows[7]["text"] = rows[6]["text"]
    rows[9]["text"] = None
    rows[11]["text"] = f"{rows[11]['title']}\n\n{rows[11]['text']}"
    rows[13]["byline"] = None
    rows[15]["text"] = "Too short to be one."
    return pd.DataFrame(rows, index=[i // 2 for i in range(60)])


@pytest.fixture(scope="module")
def validated() -> Iterator[Callable[..., Any]]:
    """Validates a data frame by expectations."""
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    context = gx.get_context(mode="ephemeral")
    asset = context.data_sources.add_pandas("corpus").add_dataframe_asset("articles")
    batches = asset.add_batch_definition_whole_dataframe("all")

    def validate(frame: pd.DataFrame, expectations: list[Any], **options: Any) -> Any:
        with redirect_stderr(io.StringIO()):
            suite = gx.ExpectationSuite(name="ours", expectations=expectations)
            return batches.get_batch(batch_parameters={"dataframe": frame}).validate(suite, **options)

    yield validate
    logging.getLogger("great_expectations").setLevel(logging.WARNING)


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Rows of each pass that is made; none is remembered."""
    seen: list[int] = []
    real = framed._measured

    def counted(frame: pd.DataFrame, names: Any) -> framed.Measured:
        seen.append(len(frame))
        return real(frame, names)

    monkeypatch.setattr(framed, "_measured", counted)
    framed._remembered.clear()
    return seen


def by_type(result: Any) -> dict[str, Any]:
    """The results by their expectation's type."""
    return {item.expectation_config.type.removeprefix("expect_articles_to_"): item for item in result.results}


def test_ten_expectations_cost_one_pass(validated: Callable[..., Any], passes: list[int]) -> None:
    """Ten expectations make one pass, and the next validation of the same rows makes none; changed rows are measured anew."""
    frame = planted()
    assert len(EVERY) == 10
    result = validated(frame, [kind() for kind in EVERY])
    assert passes == [60]
    validated(frame, [kind(at_most=0.5) for kind in EVERY])
    assert passes == [60]
    frame.iloc[20, frame.columns.get_loc("text")] = None
    again = validated(frame, [kind() for kind in EVERY])
    assert passes == [60, 60]
    assert [by_type(found)["have_text"].result["unexpected_count"] for found in (result, again)] == [1, 2]


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("have_text", 9),
        ("not_be_truncated", 3),
        ("be_credited", 13),
        ("not_repeat_their_title", 11),
        ("have_no_encoding_damage", 5),
        ("have_words", 15),
    ],
)
def test_each_finds_the_planted_row(validated: Callable[..., Any], name: str, row: int) -> None:
    """Positions, not labels, name the rows; one of 59 that have text is let through by a bound of 1/59 or more."""
    found = by_type(validated(planted(), [kind() for kind in EVERY]))[name]
    assert (found.success, found.result["partial_unexpected_index_list"]) == (False, [row])
    assert found.result["element_count"] == 60
    assert found.result["missing_count"] == (0 if name in ("have_text", "be_credited") else 1)
    kind = next(kind for kind in EVERY if kind.__name__.lower() == f"expectarticlesto{name.replace('_', '')}")
    assert by_type(validated(planted(), [kind(at_most=0.017)]))[name].success


def test_duplicates_are_a_share(validated: Callable[..., Any]) -> None:
    """Of two equal texts one is a duplicate, and both stand under two titles."""
    found = by_type(validated(planted(), [kind() for kind in EVERY]))
    assert found["not_be_duplicates"].result["unexpected_count"] == 1
    assert found["have_one_title"].result["partial_unexpected_index_list"] == [6, 7]


def test_a_bound_is_exact(validated: Callable[..., Any]) -> None:
    """One of 50 is at most 0.02, as decimals say it."""
    rows = sound(50)
    rows[0]["text"] = " "
    frame = pd.DataFrame(rows)
    assert validated(frame, [ours.ExpectArticlesToHaveText(at_most=0.02)]).success
    assert not validated(frame, [ours.ExpectArticlesToHaveText(at_most=0.0199)]).success


def test_nothing_to_look_at_is_no_success(validated: Callable[..., Any]) -> None:
    """Of articles without text none is truncated, and that is no pass."""
    found = validated(pd.DataFrame({"title": ["A"], "text": [None]}), [ours.ExpectArticlesToNotBeTruncated(at_most=1)]).results[0]
    assert not found.success
    assert "nothing was looked at" in found.result["details"]["reason"]


def test_fields_may_have_any_name(validated: Callable[..., Any]) -> None:
    """A column is named by its role; an unknown role is refused."""
    frame = planted().rename(columns={"text": "prose", "byline": "who"})
    found = validated(frame, [ours.ExpectArticlesToBeCredited(fields={"text": "prose", "byline": "who"})]).results[0]
    assert found.result["partial_unexpected_index_list"] == [13]
    with pytest.raises(ValueError, match="no field 'body'"):
        ours.ExpectArticlesToBeCredited(fields={"body": "prose"})


def test_a_frame_without_text_is_an_error(validated: Callable[..., Any]) -> None:
    """It fails with the reason, and is no success."""
    found = validated(pd.DataFrame({"n": [1]}), [ours.ExpectArticlesToHaveText(at_most=1)]).results[0]
    assert not found.success
    assert "text" in str(found.exception_info)


def test_measures_are_those_of_an_audit(tmp_path: Path) -> None:
    """The same columns as `corpus-audit run` writes."""
    frame = planted().reset_index(drop=True)
    measured = framed.measure(frame, {})
    audited = run_audit(frame, out=tmp_path / "out")
    for column in ("truncated", "missing_byline", "repeated_title", "boilerplate_share", "encoding_damage", "duplicate", "contained", "retitled"):
        order = measured.places.argsort()
        assert measured.table[column].take(order).to_pylist() == audited.measures([column])[column].take(order).to_pylist(), column


def test_json_goes_round_with_every_argument() -> None:
    """A stored suite has its arguments written out, and comes back equal."""
    suite = gx.ExpectationSuite(name="ours", expectations=[kind(at_most=0.25, severity="warning") for kind in EVERY])
    stored = ours.dump_suite(suite)
    for entry in json.loads(stored)["expectations"]:
        assert {"at_most", "fields"} <= set(entry["kwargs"])
    kept = {
        entry["type"]: entry["kwargs"]
        for entry in json.loads(ours.dump_suite(gx.ExpectationSuite(name="o", expectations=[k() for k in EVERY])))["expectations"]
    }
    assert kept["expect_articles_to_have_little_boilerplate"] == {"at_most": 0.0, "fields": {}, "above": 0.2}
    assert kept["expect_articles_to_have_words"] == {"at_most": 0.0, "fields": {}, "below": 30}
    assert ours.load_suite(json.loads(stored)).expectations == suite.expectations


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"type": "expect_articles_to_be_nice", "kwargs": {}}, "expectation 1: no expectation type 'expect_articles_to_be_nice' is registered"),
        ({"kwargs": {}}, "no expectation type None"),
        ({"type": "expect_articles_to_have_text", "kwargs": {"at_most": 2}}, "the suite"),
    ],
)
def test_load_suite_drops_nothing(entry: dict[str, Any], said: str) -> None:
    """What Great Expectations would drop without a word is an error."""
    with pytest.raises(SuiteError, match=re.escape(said)):
        ours.load_suite({"name": "theirs", "expectations": [entry]})


def test_load_suite_reads_files(tmp_path: Path) -> None:
    """A file that is none, or no suite, is an error that names it."""
    path = tmp_path / "suite.json"
    path.write_text(ours.dump_suite(gx.ExpectationSuite(name="ours", expectations=[ours.ExpectArticlesToHaveText()])), encoding="utf-8")
    assert len(ours.load_suite(path).expectations) == 1
    for text in ("[]", "{", '{"name": 1, "expectations": []}'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(SuiteError, match=re.escape(str(path))):
            ours.load_suite(path)


def test_results_are_drawn_and_stored(validated: Callable[..., Any]) -> None:
    """What is asked, what was seen, and rows with their evidence stand on the page; results are JSON."""
    result = validated(planted(), [kind() for kind in EVERY])
    json.dumps(result.to_json_dict())
    page = DefaultMarkdownPageView().render(ValidationResultsPageRenderer(run_info_at_end=False).render(result))
    page = " ".join((page if isinstance(page, str) else "\n".join(page)).replace("*", "").split())
    assert "At most 0 % of the articles may be more than 20 % boilerplate." in page
    assert "At most 0 % of the articles may be of fewer than 30 words." in page
    assert "1 of 59 articles (1.695 %)" in page
    assert "row 5: Itâ€™s" in page
    expectation = ours.ExpectArticlesToNotBeDuplicates(at_most=0.02)
    expectation.render()
    assert "At most $at_most_said of the articles may be duplicates." in str(expectation.rendered_content)
    assert "2 %" in str(expectation.rendered_content)


def test_memory_of_frames_is_bounded(passes: list[int]) -> None:
    """The last few fingerprints are remembered, with their field names."""
    frame = pd.DataFrame(sound(2))
    for number in range(framed.KEPT + 1):
        framed.measure(frame, {}, str(number))
    assert len(framed._remembered) == framed.KEPT
    framed.measure(frame, {}, str(framed.KEPT))
    assert len(passes) == framed.KEPT + 1
    framed.measure(frame, {"text": "title"}, str(framed.KEPT))
    assert len(passes) == framed.KEPT + 2
    with pytest.raises(TypeError, match="nope"):
        framed.measure(frame, {"nope": "title"})


ALONE = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "audit":
            raise ImportError("audit is not here")
sys.meta_path.insert(0, Blocked())
try:
    import audit
    raise SystemExit("audit can be imported")
except ImportError:
    pass
import json, logging, warnings
warnings.simplefilter("ignore")
import great_expectations as gx
import pandas as pd
logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
stored = json.load(open(sys.argv[1], encoding="utf-8"))
suite = gx.ExpectationSuite(**stored)
assert len(suite.expectations) == len(stored["expectations"])
context = gx.get_context(mode="ephemeral")
asset = context.data_sources.add_pandas("p").add_dataframe_asset("measures")
batch = asset.add_batch_definition_whole_dataframe("all").get_batch(batch_parameters={"dataframe": pd.read_parquet(sys.argv[2])})
out = []
for item in batch.validate(suite).results:
    info = item.exception_info or {}
    raised = info.get("raised_exception") if "raised_exception" in info else any(v.get("raised_exception") for v in info.values())
    out.append([item.expectation_config.meta["corpus_audit"]["name"], bool(item.success), item.result.get("unexpected_count"), bool(raised)])
print(json.dumps(out))
"""


def alone(tmp_path: Path, suite: dict[str, Any], measures: Path) -> dict[str, list[Any]]:
    """Name -> (success, unexpected, raised) of an exported suite, in a process that cannot import us."""
    stored, script = tmp_path / "suite.json", tmp_path / "alone.py"
    stored.write_text(json.dumps(suite), encoding="utf-8")
    script.write_text(ALONE, encoding="utf-8")
    done = subprocess.run([sys.executable, str(script), str(stored), str(measures)], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return {name: rest for name, *rest in json.loads(done.stdout.splitlines()[-1])}


def test_an_exported_suite_runs_without_us(tmp_path: Path) -> None:
    """Over the measures of an audit, every verdict that core types can say is the audit's own."""
    path = tmp_path / "ours.yml"
    path.write_text(
        """
expectations:
  - {name: whole, measure: truncated, at_most: 0.0169}
  - {name: whole enough, measure: truncated, at_most: 0.02}
  - {name: long, measure: n_words, below: 30, at_most: 0.01, severity: warning}
  - {name: known, measure: title_from, not_in: [field], at_most: 0}
  - {name: typical, measure: n_words, statistic: median, at_least: 10, at_most: 500}
  - {name: mean, measure: n_words, statistic: mean, at_least: 100000}
  - {name: some, measure: truncated, at_least: 0.5}
  - {name: of one source, measure: truncated, at_most: 0, where: {source: {in: [paper3.example]}, n_words: {above: 20}}}
  - {name: of others, measure: truncated, at_most: 0, where: {source: {not_in: [paper3.example]}}}
  - {type: expect_column_values_to_not_be_null, kwargs: {column: n_words, mostly: 0.98}, name: core}
  - {name: everywhere, measure: truncated, at_most: 0.1, per: source}
  - {name: grown, measure: truncated, no_worse_than_baseline: {margin: 0.01}}
  - {name: percentile, measure: n_words, statistic: p05, at_least: 1}
""",
        encoding="utf-8",
    )
    audited = run_audit(planted(), out=tmp_path / "out", suite=str(path))
    made = exported.export_suite(str(path))
    assert [entry["name"] for entry in made["meta"]["corpus_audit"]["left_out"]] == ["everywhere", "grown", "percentile"]
    found = alone(tmp_path, made, tmp_path / "out" / "measures.parquet")
    assert not any(raised for _, _, raised in found.values())
    verdicts = {v.name: v for v in audited.document.verdicts if v.name in found}
    assert len(verdicts) == 10
    for name, verdict in verdicts.items():
        assert found[name][0] == (verdict.state == "passed"), name
        if verdict.bad is not None and name != "some":
            assert found[name][1] == verdict.bad, name
    assert all(found[name][0] for name in found if name not in verdicts)  # the guards


def test_guards_fail_where_nothing_is(tmp_path: Path) -> None:
    """An empty table passes map expectations without a look, and the guards fail."""
    path = tmp_path / "ours.yml"
    path.write_text("expectations: [{name: whole, measure: truncated, at_most: 0}]", encoding="utf-8")
    pd.DataFrame({"truncated": pd.Series([], dtype="bool")}).to_parquet(tmp_path / "empty.parquet")
    found = alone(tmp_path, exported.export_suite(str(path)), tmp_path / "empty.parquet")
    assert {name for name, rest in found.items() if not rest[0]} == {"there are articles", "some article has a value of truncated"}


@pytest.mark.parametrize("name", shipped())
def test_shipped_suites_are_exported(name: str) -> None:
    """Every expectation of a shipped suite is exported or named with a reason; types are core's, severities Great Expectations' own."""
    from audit import suite

    made = exported.export_suite(name)
    said = {entry["meta"]["corpus_audit"]["name"] for entry in made["expectations"]}
    left = {entry["name"] for entry in made["meta"]["corpus_audit"]["left_out"]}
    names = {e.name for e in suite.load(name).expectations}
    assert names <= said | left
    assert not said & left
    assert len(names & said) > len(left) / 3
    assert {entry["severity"] for entry in made["expectations"]} <= {"critical", "warning", "info"}
    assert len(ours.load_suite(made).expectations) == len(made["expectations"])


def test_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The examples of docs/great-expectations.md run as they stand, and print what they say."""
    page = (ROOT / "docs" / "great-expectations.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```(python|text)\n(.*?)```", page, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    pd.DataFrame(sound(40)).to_json("crawl.jsonl", orient="records", lines=True)
    script, wanted = "", ""
    for kind, block in blocks:
        script += block if kind == "python" else ""
        wanted += block if kind == "text" else ""
    Path("page.py").write_text("import warnings; warnings.simplefilter('ignore')\n" + script, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "page.py"], capture_output=True, text=True, check=False, env={"PYTHONPATH": str(ROOT), "HOME": str(Path.home()), "PATH": ""}
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == wanted
