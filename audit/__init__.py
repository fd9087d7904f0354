"""Audit a scraped text corpus: clean it, measure every article, find duplicates, judge it, show the evidence.

>>> import audit
>>> audit.clean("schÃ¶n")
'schön'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit.errors import AuditError, BaselineError, ConfigError, CorpusError, EngineError, OutputError, SuiteError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from audit.result import Result

__all__ = [
    "AuditError",
    "BaselineError",
    "ConfigError",
    "CorpusError",
    "EngineError",
    "OutputError",
    "SuiteError",
    "audit",
    "clean",
    "clean_batch",
    "clean_batches",
    "clean_series",
    "load",
]


def audit(source: Any, out: str | Path = "corpus-audit-out", **settings: Any) -> Result:
    """Audit a corpus and give its result.

    Args:
        source: A path or a list of paths (files and folders), a pyarrow.Table, a pandas.DataFrame, or an iterable of dicts.
        out: Folder for the results; new, empty, or that of an earlier audit.
        settings: The options of `corpus-audit run`, with underscores: suite, baseline, fail_on, threshold (0.6-0.95), keep, measures,
            limit, sample (share, 0-1), marks, workers, max_record (bytes); and title_field, text_field, byline_field, id_field,
            url_field, source_field, date_field, lang_field (dotted paths).

    Returns:
        The result: `document` (counts and verdicts), and the tables as Arrow (`measures()`, `findings()`, `pairs()`) or pandas
        (`to_pandas()`). A failed expectation is no error: see `passed`.

    Raises:
        AuditError: Something that you can mend: the input, the suite, a setting, the output folder.
        EngineError: A bug of ours.
    """
    from audit import config, run

    names = {key.removesuffix("_field"): settings.pop(key) for key in [*settings] if key.endswith("_field")}
    options = {"quiet": True, **settings, "out": Path(out)}
    for name in ("measures", "marks"):
        if options.get(name) is not None:
            options[name] = tuple(options[name])
    paths = [source] if isinstance(source, (str, Path)) else source
    return run.run(paths, config.load(options, names))


def clean(text: str, **settings: Any) -> str:
    """`text` with encoding damage mended: ftfy's answer, line by line, with the configuration `audit.measure.clean.CONFIG`.

    `settings` change it by ftfy's names, such as `uncurl_quotes=True`; docs/cleaning.md says why each is what it is.

    Raises:
        ConfigError: A setting is none of ftfy's.
    """
    from audit.measure import clean

    return clean.clean(text, clean.configured(settings))


def clean_batch(texts: pa.Array | pa.ChunkedArray, **settings: Any) -> tuple[Any, pa.Table]:
    """A column of strings cleaned as `clean` does it, as the same type and with its nulls, and what changed.

    Returns:
        The column, and a table of one row for each line that changed: `row` (int64), `step` (ftfy's steps, joined by ", "), `before`
        and `after` (the line with its line end).

    Raises:
        ConfigError: A setting is none of ftfy's.
        TypeError: It holds no strings.
        ValueError: It is no valid UTF-8.
    """
    from audit.measure import clean, columns

    return columns.arrow(texts, clean.configured(settings))


def clean_batches(batches: Iterable[pa.RecordBatch], columns: Sequence[str] = ("text",)) -> Iterator[pa.RecordBatch]:
    """Batches with some columns cleaned, one out for one in: what Spark's mapInArrow calls.

    For other columns than `text`: `frame.mapInArrow(functools.partial(audit.clean_batches, columns=["body", "title"]), frame.schema)`.

    Raises:
        KeyError: A batch has no such column.
        TypeError: A column holds no strings.
    """
    from audit.measure.columns import batches as cleaned

    return cleaned(batches, columns)


def clean_series(column: pd.Series) -> pd.Series:
    """A pandas column cleaned as `clean` does it, with its index, name and type; what is no string stays as it is."""
    from audit.measure import columns

    return columns.series(column)


def load(folder: str | Path) -> Result:
    """The result of an earlier audit, from its folder.

    Raises:
        BaselineError: The folder holds no whole result.
    """
    from audit.result import load

    return load(folder)
