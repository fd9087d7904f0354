"""The rows of a result's tables that are shown, and no others: the example articles, their facts and findings, and what was quarantined.

One shelf serves every page of a result, so that tables are read once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import zip_longest
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from audit.result import Result, Verdict
from audit.show import against
from audit.tables import BY_NAME, COLUMNS

Row = Mapping[str, Any]
T = TypeVar("T")

DRAWN = 400
"""Articles out of which `Shelf.more` chooses, the first by text hash."""
QUARANTINED_READ = 2_000
"""Lines of quarantine.jsonl that are looked at."""
_UNFIT = (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError)
"""What Arrow says of a condition of the suite that does not fit its column: no article is an example then, and the verdict says why."""
_FACTS = (
    "article", "id", "file", "line", "source", "url", "date", "title", "lang", "text_hash", "truncation_kind", "field_byline",
    "field_byline_kind", "title_repeats", "fixes", "exact_cluster", "duplicate", "duplicate_of", "similarity", "contained", "contained_in",
    "containment",
)  # fmt: skip


class Shelf:
    """The examples of a result, by article. Texts stay in Arrow until one is asked for."""

    def __init__(self, result: Result) -> None:
        self.result = result
        judged = {name for verdict in result.document.verdicts for name in against.columns(verdict)}
        self._columns = [column.name for column in COLUMNS if column.name in judged or column.name in _FACTS]
        self._texts = self.read("examples")
        self._at = {article: row for row, article in enumerate(self._texts["article"].to_pylist())}
        self._narrow = self.read("measures", self._columns, _one_of(self._at))
        self._facts: dict[int, Row] = {row["article"]: row for row in self._narrow.to_pylist()}
        self._findings: dict[int, list[Row]] = {}
        for row in self.read("findings", filters=_one_of(self._at)).to_pylist():
            self._findings.setdefault(row["article"], []).append(row)

    def read(self, name: str, columns: Sequence[str] | None = None, filters: Any = None) -> pa.Table:
        """Columns and rows of a table of the folder, in its order, read a few batches ahead: memory is for what is kept."""
        table = ds.dataset(self.result.folder / f"{name}.parquet", format="parquet")
        return table.to_table(columns=None if columns is None else list(columns), filter=filters, batch_readahead=2)

    @property
    def articles(self) -> tuple[int, ...]:
        """The articles whose texts are here, ascending."""
        return tuple(sorted(self._at))

    def know(self, articles: Iterable[int]) -> None:
        """Read the facts of articles that are no examples, all at once: their strings are wherever the articles are."""
        new = [article for article in dict.fromkeys(articles) if article not in self._facts]
        if new:
            self._facts |= {row["article"]: row for row in self.read("measures", self._columns, _one_of(new)).to_pylist()}

    def facts(self, article: int) -> Row:
        """What is shown of the row of measures of an article that is an example, or that `know` was told of."""
        return self._facts[article]

    def text(self, article: int) -> Row | None:
        """The article's row of examples; None where it is none."""
        row = self._at.get(article)
        return None if row is None else self._texts.slice(row, 1).to_pylist()[0]

    def findings(self, article: int, checks: Iterable[str] | None = None) -> list[Row]:
        """The article's findings, or those for `checks`; empty where it is no example."""
        wanted = None if checks is None else set(checks)
        return [row for row in self._findings.get(article, []) if wanted is None or row["check"] in wanted]

    def why(self, reason: str) -> list[int]:
        """The articles that are examples of `reason`, ascending."""
        holds = (reason in reasons for reasons in self._texts["why"].to_pylist())
        return sorted(article for article, held in zip(self._at, holds, strict=True) if held)

    def among(self, verdict: Verdict) -> list[int]:
        """The examples that are against an expectation, ascending."""
        expression = against.articles(verdict)
        with suppress(*_UNFIT):
            return [] if expression is None else sorted(self._narrow.filter(expression)["article"].to_pylist())
        return []

    def more(self, verdict: Verdict, most: int) -> list[int]:
        """At most `most` articles against an expectation, ascending: the most extreme by a number, else a fair choice by text."""
        expression = against.articles(verdict)
        with suppress(*_UNFIT):
            return [] if expression is None else self._extreme(expression, verdict.measure, against.direction(verdict), most)
        return []

    def _extreme(self, filters: Any, measure: str, order: str, most: int) -> list[int]:
        number = BY_NAME[measure].type
        if pa.types.is_integer(number) or pa.types.is_floating(number):
            table = self.read("measures", ["article", measure], filters)
            return sorted(table.sort_by([(measure, order), ("article", "ascending")]).slice(0, most)["article"].to_pylist())
        table = self.read("measures", ["article", "source", "text_hash"], filters)
        fair = table.sort_by([("text_hash", "ascending"), ("article", "ascending")]).slice(0, max(most, DRAWN))
        return sorted(spread(fair["article"].to_pylist(), fair["source"].to_pylist(), most))

    def quarantine(self, each: int) -> dict[str, list[Row]]:
        """Reason -> at most `each` rows of quarantine.jsonl, out of its first QUARANTINED_READ."""
        path, found = self.result.folder / "quarantine.jsonl", {}
        if not path.is_file():
            return found
        with path.open("rb") as stream:
            for line, _ in zip(stream, range(QUARANTINED_READ), strict=False):
                row = _object(line)
                rows = found.setdefault(str(row.get("reason", "")), []) if row else []
                if row and len(rows) < each:
                    rows.append(row)
        return found


def _one_of(articles: Iterable[int]) -> Any:
    """An expression that holds for the rows of the articles."""
    return pc.field("article").isin(pa.array(sorted(articles), pa.int64()))


def _object(line: bytes) -> Row | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def spread(items: Sequence[T], groups: Sequence[object], most: int) -> list[T]:
    """At most `most` of the items, in their order: the first of every group, then the second of every group, and so on.

    >>> spread(["a1", "a2", "a3", "b1"], ["a", "a", "a", "b"], 3)
    ['a1', 'a2', 'b1']
    """
    by: dict[object, list[int]] = {}
    for index, group in enumerate(groups):
        by.setdefault(group, []).append(index)
    rounds = [index for turn in zip_longest(*by.values()) for index in turn if index is not None]
    return [items[index] for index in sorted(rounds[:most])]
