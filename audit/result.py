"""The result of an audit: the document (result.json) as frozen dataclasses, and the tables of its folder.

`Document` is what a baseline is: integers and names only, no clock, path or host, so that equal corpora give equal bytes.
Every number that is shown is derived from it; one division at the end.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, fields, is_dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from audit.errors import BaselineError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

VERSION = 1
SOURCES_AT_MOST = 2_000
NO_SOURCE = "(no source)"
OTHER_SOURCES = "(other sources)"
STATES = ("passed", "failed", "warned", "not asked", "not evaluated")


@dataclass(frozen=True, slots=True)
class Input:
    """One file: `path` relative to its argument, xxh3-128 `digest` (hex) of its bytes as stored, and its counts."""

    path: str
    digest: str
    records: int
    articles: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class Count:
    """A boolean measure over some articles: `bad` of `counted` (the column is not null)."""

    bad: int
    counted: int

    @property
    def share(self) -> Fraction | None:
        """`bad` by `counted`, exactly; None where nothing was counted."""
        return Fraction(self.bad, self.counted) if self.counted else None


@dataclass(frozen=True, slots=True)
class Total:
    """A measure over the corpus.

    Attributes:
        measure: The column.
        definition: Its definition number.
        count: For a boolean: how many are true.
        values: For a category: value -> articles, the 200 most frequent, most first.
        counted: Articles where it is not null.
        sum: For a number: the sum of the values (a float for a share).
        edges, bins: For a number: 65 edges and 64 counts; the first and last bin take what lies beyond.
        quantiles: For a number: p01 p05 p25 p50 p75 p95 p99 min max, exact.
        sources: For a boolean: source -> Count; the 2,000 largest sources, the rest pooled under "(other sources)",
            articles without a source under "(no source)".
    """

    measure: str
    definition: int
    counted: int
    count: Count | None = None
    values: tuple[tuple[str, int], ...] = ()
    sum: float | None = None
    edges: tuple[float, ...] = ()
    bins: tuple[int, ...] = ()
    quantiles: tuple[tuple[str, float], ...] = ()
    sources: tuple[tuple[str, Count], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """One source in a verdict with `per: source`: what was observed there; `bad`/`counted` or `value`."""

    source: str
    counted: int
    bad: int | None = None
    value: float | None = None
    passed: bool = True


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the true figure lies with 95 % confidence (audit.judge.seen); `sources` that it rests on, 0: articles count one by one."""

    low: float
    high: float
    sources: int


@dataclass(frozen=True, slots=True)
class Before:
    """What the baseline shows of the same figure: `bad`/`counted` (of sources, where these are judged one by one) or `value`.

    `change`: better or worse than it, up or down where both ends are bounded; "" if that may be chance.
    """

    bad: int | None
    counted: int | None
    value: float | None
    interval: Interval | None
    change: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one expectation.

    Attributes:
        name: What a reader sees.
        measure: The column it looks at.
        severity: error, warning or info.
        state: passed, failed, warned, not asked or not evaluated.
        reason: Why it is not asked or not evaluated, or what failed in words; "" if there is nothing to say.
        bound: The bound in words, such as "at most 1 %".
        bad, counted, empty: Articles against it, articles looked at, articles left out because they are empty.
        value: What a statistic gave, for a bound on a statistic.
        baseline: The baseline's Count or value in words, and the margin; "" without one.
        groups: The sources looked at, failing ones first, at most 50; `n_groups` of them in all, `bad_groups` against it. Where the corpus as a
            whole got worse than the baseline: the sources that did, with `n_groups` 0.
        expectation: The entry of the suite, as given (JSON).
        definition: The measure's definition number.
        sources: Of `no_worse_than_baseline` with `where` or a made share, whose counts no total holds: as in Total, for the next run's baseline.
        interval: How sure the share or the statistic is; None where it is of sources, or nothing was counted.
        worst: For a share of all articles: the 10 sources with most bad articles, of `n_worst` that have any.
        before: The same figure in the baseline; None where it does not hold it.
    """

    name: str
    measure: str
    severity: str
    state: str
    reason: str
    bound: str
    bad: int | None
    counted: int | None
    empty: int | None
    value: float | None
    baseline: str
    groups: tuple[Group, ...]
    n_groups: int
    bad_groups: int
    expectation: str
    definition: int
    sources: tuple[tuple[str, Count], ...] = ()
    interval: Interval | None = None
    worst: tuple[tuple[str, Count], ...] = ()
    n_worst: int = 0
    before: Before | None = None


@dataclass(frozen=True, slots=True)
class Learned:
    """A line that recurrence found to be boilerplate: in `articles` of the source's `of` distinct texts."""

    source: str | None
    text: str
    articles: int
    of: int


@dataclass(frozen=True, slots=True)
class Gate:
    """The outcome: `passed`, the exit `code`, what it fails on, and in one sentence why."""

    passed: bool
    code: int
    fail_on: str
    why: str


@dataclass(frozen=True, slots=True)
class Names:
    """What came and went between two runs: at most 50 names each, most articles first; `n_new` and `n_vanished` count all of them."""

    new: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    n_new: int = 0
    n_vanished: int = 0


@dataclass(frozen=True, slots=True)
class Turnover:
    """The sources, languages and fields that only one of two runs has; a field is "role from name".

    `pooled`: one of them names its 2,000 largest sources only, so a source may be new or vanished for being small.
    """

    sources: Names = Names()
    languages: Names = Names()
    fields: Names = Names()
    pooled: bool = False


@dataclass(frozen=True, slots=True)
class Activity:
    """Articles of a source by month ("YYYY-MM"; by year where there are very many), in order."""

    source: str
    months: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """The `days` from `first` to `last` without an article, where the days around let expect `missing`; `source` None: the whole corpus."""

    source: str | None
    first: str
    last: str
    days: int
    missing: int


@dataclass(frozen=True, slots=True)
class Burst:
    """A day with `articles`, where the days around have `usual` on average; `source` None: the whole corpus."""

    source: str | None
    day: str
    articles: int
    usual: float


@dataclass(frozen=True, slots=True)
class Stamp:
    """One moment that `articles` of the source's `of` dated ones have as their date."""

    source: str
    moment: str
    articles: int
    of: int
    examples: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stubs:
    """Articles without a text (`empty`), and with one of less than ten words (`few`), of the source's `of`; `source` None: the whole corpus."""

    source: str | None
    empty: int
    few: int
    of: int
    examples: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outliers:
    """Articles of fewer words than `low` (`short`) and of more than `high` (`long`), of the source's `of`; `median`: words of its usual one."""

    source: str
    median: int
    low: float
    high: float
    short: int
    long: int
    of: int
    examples: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Wall:
    """A length in characters that `texts` of the source's `of` different ones have, give or take five (a marker of more digits)."""

    source: str
    chars: int
    texts: int
    of: int
    examples: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline over `texts` that are no duplicates of each other, in `articles` of `sources`."""

    title: str
    texts: int
    articles: int
    sources: int
    examples: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Strangers:
    """A source (None: the whole corpus) of one language, `main` of its `of`, with articles in `others`: (language, articles), most first."""

    source: str | None
    lang: str
    main: int
    of: int
    others: tuple[tuple[str, int], ...]
    examples: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Signals:
    """What only the corpus as a whole shows (audit.signals): at most 50 of each, the gravest first. `examples` are numbers of articles."""

    activity: tuple[Activity, ...] = ()
    gaps: tuple[Gap, ...] = ()
    bursts: tuple[Burst, ...] = ()
    stamps: tuple[Stamp, ...] = ()
    stubs: tuple[Stubs, ...] = ()
    outliers: tuple[Outliers, ...] = ()
    walls: tuple[Wall, ...] = ()
    headlines: tuple[Headline, ...] = ()
    languages: tuple[Strangers, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """result.json.

    `suite_digest` is the xxh3-128 of the suite's bytes; `settings` are those that change results; `turnover` is what came and went since the
    baseline, None without one; `signals` are what only the whole corpus shows.
    """

    version: int
    suite: str
    suite_digest: str
    settings: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str], ...]
    inputs: tuple[Input, ...]
    records: int
    articles: int
    empty: int
    quarantined: int
    quarantine_reasons: tuple[tuple[str, int], ...]
    totals: tuple[Total, ...]
    dates: tuple[tuple[str, int], ...]
    pairs: tuple[tuple[str, int], ...]
    cluster_sizes: tuple[tuple[int, int], ...]
    near_plan: str
    fixes: tuple[tuple[str, int], ...]
    learned: tuple[Learned, ...]
    verdicts: tuple[Verdict, ...]
    gate: Gate
    turnover: Turnover | None = None
    signals: Signals = Signals()


@dataclass(frozen=True, slots=True)
class Result:
    """An audit's folder: `document` is result.json, `run` is run.json; the tables are read when they are asked for.

    Every table is Arrow, in the order of `article`; columns are those of audit.tables.
    """

    folder: Path
    document: Document
    run: Mapping[str, Any]

    @property
    def passed(self) -> bool:
        """Whether the gate passed."""
        return self.document.gate.passed

    def measures(self, columns: Sequence[str] | None = None) -> pa.Table:
        """One row per article (audit.tables.MEASURES), or only `columns` of it."""
        return self._table("measures", columns)

    def findings(self) -> pa.Table:
        """One row per piece of evidence (audit.tables.FINDINGS)."""
        return self._table("findings", None)

    def pairs(self) -> pa.Table:
        """One row per verified pair (audit.tables.PAIRS)."""
        return self._table("pairs", None)

    def examples(self) -> pa.Table:
        """The texts that the report shows (audit.tables.EXAMPLES)."""
        return self._table("examples", None)

    def to_pandas(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """The measures as a pandas data frame with Arrow-backed columns, indexed by `article`."""
        import pandas as pd

        frame = self.measures(columns).to_pandas(types_mapper=pd.ArrowDtype)
        return frame.set_index("article") if "article" in frame else frame

    def _repr_html_(self) -> str:
        """The result as a notebook shows it."""
        from audit.show import notebook

        return notebook.card(self)

    def _table(self, name: str, columns: Sequence[str] | None) -> pa.Table:
        import pyarrow.parquet as pq

        return pq.read_table(self.folder / f"{name}.parquet", columns=list(columns) if columns is not None else None)


def load(folder: Path | str) -> Result:
    """The result in the folder of a finished run.

    Raises:
        BaselineError: There is no result, or one of another version.
    """
    folder = Path(folder)
    path = folder / "run.json"
    try:
        run = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise BaselineError(f"{folder} holds no finished audit ({path.name}: {error}); run `corpus-audit run` with --out {folder}") from error
    return Result(folder, read(folder), run)


def read(path: Path | str) -> Document:
    """The document of a result.json, or of the folder that holds one.

    Raises:
        BaselineError: The file is missing, no JSON, not a result, or of another version.
    """
    path = Path(path)
    path = path / "result.json" if path.is_dir() else path
    try:
        entries = json.loads(path.read_bytes())
    except OSError as error:
        raise BaselineError(f"cannot read {path}: {error.strerror}; give a result.json of an earlier run, or its folder") from error
    except (ValueError, RecursionError) as error:
        raise BaselineError(f"{path} is no JSON ({error}); give a result.json of an earlier run") from error
    if not isinstance(entries, dict) or "version" not in entries:
        raise BaselineError(f"{path} is not a result of corpus-audit; give a result.json of an earlier run")
    if entries["version"] != VERSION:
        raise BaselineError(f"{path} is of version {entries['version']}, this corpus-audit reads {VERSION}; run the audit again to renew it")
    try:
        return _build(Document, entries)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BaselineError(f"{path} is not a whole result: {type(error).__name__} {error}; run the audit again to renew it") from error


def dump(document: Document) -> bytes:
    """The document as the bytes of result.json: UTF-8, two spaces, a final newline; the same document, the same bytes."""
    return (json.dumps(asdict(document), ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def _build(kind: Any, value: Any) -> Any:
    """The value of type `kind` (a dataclass, tuple, union with None, or plain type) from JSON."""
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        here = (f for f in fields(kind) if f.name in value or f.default is MISSING)  # what has a default was added later
        return kind(**{f.name: _build(hints[f.name], value[f.name]) for f in here})
    origin, parts = get_origin(kind), get_args(kind)
    if origin is tuple:
        inner = parts[:1] * len(value) if parts[-1] is Ellipsis else parts
        return tuple(_build(part, item) for part, item in zip(inner, value, strict=True))
    if type(None) in parts:
        return None if value is None else _build(next(p for p in parts if p is not type(None)), value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return value
