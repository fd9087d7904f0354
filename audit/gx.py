"""Text expectations for people who already run Great Expectations, over pandas data frames; importing this module registers them.

Each asks for the share of bad articles in a batch, measured as `corpus-audit run` measures them: one pass over the batch serves every expectation
that names the same fields, in this validation and (the batch's fingerprint being equal) the next. Counts are compared as exact fractions, not
by `mostly`; what could not be looked at is not passed. Great Expectations drops types that it does not know and calls what is left a success:
load suites with `load_suite`. `export_suite` gives one of our suites in core types, which need nothing of this.
"""

# pyright: reportPrivateImportUsage=false, reportIncompatibleMethodOverride=false
# (Great Expectations does not say what it exports, and its renderers promise lists of unions.)

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar

import great_expectations as gx
from great_expectations.compatibility import pydantic
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation, render_suite_parameter_string
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider
from great_expectations.expectations.registry import list_registered_expectation_implementations
from great_expectations.render import LegacyDiagnosticRendererType, LegacyRendererType, RenderedStringTemplateContent
from great_expectations.render.renderer.renderer import renderer
from great_expectations.render.renderer_configuration import RendererConfiguration, RendererValueType

from audit import framed
from audit.errors import SuiteError
from audit.exported import export_suite
from audit.framed import Measured

__all__ = ["dump_suite", "export_suite", "load_suite"]

METRIC = "table.corpus_audit.measures"
EXAMPLES = 20
"""Rows that a result names, unless its `partial_unexpected_count` says otherwise."""


class CorpusAuditMeasures(TableMetricProvider):
    """The measures of a batch: audit.framed.Measured, one row per row of the batch."""

    metric_name = METRIC
    value_keys = ("fields",)

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(
        cls,  # noqa: N805 (Great Expectations makes it a class method)
        execution_engine: PandasExecutionEngine,
        metric_domain_kwargs: dict,
        metric_value_kwargs: dict,
        metrics: Mapping[str, Any],
        runtime_configuration: dict,
    ) -> Measured:
        frame, _, _ = execution_engine.get_compute_domain(domain_kwargs=metric_domain_kwargs, domain_type=MetricDomainTypes.TABLE)
        markers = execution_engine.batch_manager.active_batch_markers or {}
        return framed.measure(frame, metric_value_kwargs["fields"] or {}, markers.get("pandas_data_fingerprint"))


class ArticlesExpectation(BatchExpectation):
    """At most a share of the articles is bad; the parent of those below, which say what is bad.

    Args:
        at_most: The share of bad articles among those that count, 0-1; compared exactly, as the decimal that it is written as.
        fields: Role -> column of the data frame: text, title, byline, id, url, source, date, lang. A role that is left out is looked for
            under its usual names. Expectations that name the same fields share one pass.
    """

    at_most: float = pydantic.Field(default=0.0, ge=0, le=1, description="The share of bad articles that is let through, 0-1.")
    fields: dict[str, str] = pydantic.Field(default_factory=dict, description="Role -> column; what is left out is found by its usual name.")

    measure: ClassVar[str] = ""
    bad: ClassVar[str] = ""
    metric_dependencies: ClassVar[tuple[str, ...]] = (METRIC,)
    success_keys: ClassVar[tuple[str, ...]] = ("at_most", "fields")
    args_keys: ClassVar[tuple[str, ...]] = ("at_most",)
    library_metadata: ClassVar[dict[str, Any]] = {"maturity": "production", "tags": ["text", "corpus"], "contributors": ["corpus-audit"]}
    _library_metadata: ClassVar[dict[str, Any]] = library_metadata

    @pydantic.validator("fields")
    def _known(cls, fields: dict[str, str]) -> dict[str, str]:  # noqa: N805
        unknown = sorted(set(fields) - set(framed.ROLES))
        if unknown:
            raise ValueError(f"no field {unknown[0]!r}; known: {', '.join(framed.ROLES)}")
        return fields

    def _validate(self, metrics: dict, runtime_configuration: dict | None = None, execution_engine: Any = None) -> dict[str, Any]:
        """Counts and the first bad rows; no article that counts is no success."""
        measured: Measured = metrics[METRIC]
        bad, counted = measured.against(self.measure, getattr(self, "above", None), getattr(self, "below", None))
        n_bad, n = int(bad.sum()), int(counted.sum())
        asked = (runtime_configuration or {}).get("result_format")
        most = asked.get("partial_unexpected_count", EXAMPLES) if isinstance(asked, dict) else EXAMPLES
        examples = measured.examples(bad, self.measure, int(most))
        result: dict[str, Any] = {
            "observed_value": n_bad / n if n else None,
            "element_count": measured.rows,
            "missing_count": measured.rows - n,
            "unexpected_count": n_bad,
            "unexpected_percent": 100 * n_bad / n if n else None,
            "partial_unexpected_list": [example.evidence or self.measure for example in examples],
            "partial_unexpected_index_list": [example.row for example in examples],
        }
        if not n:
            result["details"] = {"reason": f"no article has a value of {self.measure}: nothing was looked at"}
        return {"success": bool(n) and Fraction(n_bad, n) <= Fraction(str(self.at_most)), "result": result}

    @classmethod
    def _told(cls, kwargs: Mapping[str, Any]) -> dict[str, str]:
        """The parameters of the sentence, those that a stored suite leaves out included."""
        given = {name: kwargs.get(name, field.default) for name, field in cls.__fields__.items()}
        limits = {name: framed.percent(given[name]) if name == "above" else f"{given[name]:,}" for name in ("above", "below") if name in given}
        return {"at_most": framed.percent(given["at_most"])} | limits

    @classmethod
    def _prescriptive_template(cls, renderer_configuration: RendererConfiguration) -> RendererConfiguration:
        for name, value in cls._told(renderer_configuration.kwargs).items():
            renderer_configuration.add_param(f"{name}_said", RendererValueType.STRING, value)
        renderer_configuration.template_str = cls.sentence()
        return renderer_configuration

    @classmethod
    def sentence(cls) -> str:
        """What is asked, with places for the parameters."""
        return f"At most $at_most_said of the articles may be {cls.bad}."

    @classmethod
    @renderer(renderer_type=LegacyRendererType.PRESCRIPTIVE)
    @render_suite_parameter_string
    def _prescriptive_renderer(
        cls, configuration: Any = None, result: Any = None, runtime_configuration: dict | None = None
    ) -> list[RenderedStringTemplateContent]:
        kwargs = configuration.kwargs if configuration else result.expectation_config.kwargs
        params = {f"{name}_said": value for name, value in cls._told(kwargs).items()}
        template = {"template": cls.sentence(), "params": params, "styling": (runtime_configuration or {}).get("styling", {})}
        return [RenderedStringTemplateContent(content_block_type="string_template", string_template=template)]

    @classmethod
    @renderer(renderer_type=LegacyDiagnosticRendererType.OBSERVED_VALUE)
    def _diagnostic_observed_value_renderer(cls, configuration: Any = None, result: Any = None, runtime_configuration: dict | None = None) -> str:
        found = result.result or {}
        if found.get("observed_value") is None:
            return "nothing was looked at"
        counted = found["element_count"] - found["missing_count"]
        return f"{found['unexpected_count']:,} of {counted:,} articles ({framed.percent(found['observed_value'])})"

    @classmethod
    @renderer(renderer_type=LegacyDiagnosticRendererType.UNEXPECTED_STATEMENT)
    def _diagnostic_unexpected_statement_renderer(
        cls, configuration: Any = None, result: Any = None, runtime_configuration: dict | None = None
    ) -> list[RenderedStringTemplateContent]:
        found = result.result or {}
        rows = found.get("partial_unexpected_index_list") or []
        if result.success or not rows:
            return []
        shown = "; ".join(f"row {row}: {text}" for row, text in zip(rows[:5], found["partial_unexpected_list"], strict=False))
        template = {"template": "Such as $shown", "params": {"shown": shown}}
        return [RenderedStringTemplateContent(content_block_type="string_template", string_template=template)]


class ExpectArticlesToHaveText(ArticlesExpectation):
    """Articles have text: not null, not white space alone."""

    measure: ClassVar[str] = "empty"
    bad: ClassVar[str] = "empty"


class ExpectArticlesToNotBeTruncated(ArticlesExpectation):
    """The text does not stop before the article does."""

    measure: ClassVar[str] = "truncated"
    bad: ClassVar[str] = "truncated"


class ExpectArticlesToBeCredited(ArticlesExpectation):
    """The byline field or the text credits someone."""

    measure: ClassVar[str] = "missing_byline"
    bad: ClassVar[str] = "without a credit"


class ExpectArticlesToNotRepeatTheirTitle(ArticlesExpectation):
    """The headline is not repeated at the head of the text."""

    measure: ClassVar[str] = "repeated_title"
    bad: ClassVar[str] = "with their title repeated in the text"


class ExpectArticlesToHaveLittleBoilerplate(ArticlesExpectation):
    """Lines that are no part of the article hold a small share of its characters; an article `above` that share is bad."""

    above: float = pydantic.Field(default=0.2, ge=0, le=1, description="The share of characters in boilerplate, 0-1, above which an article is bad.")
    measure: ClassVar[str] = "boilerplate_share"
    bad: ClassVar[str] = "more than $above_said boilerplate"
    success_keys: ClassVar[tuple[str, ...]] = ("at_most", "fields", "above")


class ExpectArticlesToHaveNoEncodingDamage(ArticlesExpectation):
    """No mojibake, replacement characters, undecoded entities or lost letters."""

    measure: ClassVar[str] = "encoding_damage"
    bad: ClassVar[str] = "damaged by encoding"


class ExpectArticlesToNotBeDuplicates(ArticlesExpectation):
    """No other article is kept instead of this one: exact and near duplicates, verified on their word 5-grams."""

    measure: ClassVar[str] = "duplicate"
    bad: ClassVar[str] = "duplicates"


class ExpectArticlesToNotBeContained(ArticlesExpectation):
    """The article does not stand almost whole in a longer one."""

    measure: ClassVar[str] = "contained"
    bad: ClassVar[str] = "contained in longer ones"


class ExpectArticlesToHaveOneTitle(ArticlesExpectation):
    """No article with the same text has another headline."""

    measure: ClassVar[str] = "retitled"
    bad: ClassVar[str] = "under two titles"


class ExpectArticlesToHaveWords(ArticlesExpectation):
    """An article of fewer words than `below` is bad."""

    below: int = pydantic.Field(default=30, ge=1, description="The number of words below which an article is bad.")
    measure: ClassVar[str] = "n_words"
    bad: ClassVar[str] = "of fewer than $below_said words"
    success_keys: ClassVar[tuple[str, ...]] = ("at_most", "fields", "below")


def dump_suite(suite: gx.ExpectationSuite) -> str:
    """The suite as JSON with every argument written out: a default that changes later does not change what a stored suite asks."""
    made: dict[str, Any] = dict(suite.to_json_dict())
    for entry, expectation in zip(made["expectations"], suite.expectations, strict=True):
        if isinstance(expectation, ArticlesExpectation):
            entry["kwargs"] = {key: getattr(expectation, key) for key in type(expectation).success_keys} | entry["kwargs"]
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def load_suite(source: str | Path | Mapping[str, Any]) -> gx.ExpectationSuite:
    """The suite in a JSON file, or of the JSON itself as a mapping.

    Raises:
        SuiteError: It is no suite; it has a type that is not registered, which Great Expectations would drop without a word; or arguments that
            the type does not take.
    """
    name, entries = ("the suite", source) if isinstance(source, Mapping) else (str(source), _read(Path(source)))
    expectations = entries.get("expectations") if isinstance(entries, Mapping) else None
    if not isinstance(expectations, list) or not isinstance(entries.get("name"), str):
        raise SuiteError(f"{name} is no suite of Great Expectations: it holds `name` and a list of `expectations`")
    known = set(list_registered_expectation_implementations())
    for number, entry in enumerate(expectations, 1):
        kind = entry.get("type") if isinstance(entry, Mapping) else None
        if kind not in known:
            raise SuiteError(f"{name}, expectation {number}: no expectation type {kind!r} is registered; import the module that defines it first")
    try:
        loaded = gx.ExpectationSuite(**dict(entries))
    except (TypeError, ValueError, gx.exceptions.GreatExpectationsError) as error:
        raise SuiteError(f"{name}: {error}") from error
    lost = len(expectations) - len(loaded.expectations)
    if lost:
        raise SuiteError(
            f"{name}: Great Expectations dropped {lost} of {len(expectations)} expectations: equal ones, or arguments that it does not take"
        )
    return loaded


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise SuiteError(f"cannot read the suite {str(path)!r}: {error}") from error
