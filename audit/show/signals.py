"""The signals of the whole corpus as tables: what was seen, the question that it puts, the articles that show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from audit.result import Document, Signals
from audit.show import charts, numbers
from audit.show.charts import Chart
from audit.show.evidence import explain
from audit.show.shelf import Shelf

ROWS = 15
"""Rows of each table."""
WHOLE = "the whole corpus"


@dataclass(frozen=True, slots=True)
class Seen:
    """One row: its cells, and the articles that show it as (headline, command that explains it)."""

    cells: tuple[str, ...]
    examples: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Signal:
    """One kind of signal: `heads` are those of the columns (the first is words, the others mostly numbers); `more` rows are left out."""

    name: str
    asks: str
    heads: tuple[str, ...]
    rows: tuple[Seen, ...]
    more: int


def tables(document: Document, shelf: Shelf) -> tuple[Signal, ...]:
    """The kinds of signals that there are."""
    seen = document.signals
    shown = (item for kind in (seen.stamps, seen.stubs, seen.outliers, seen.walls, seen.headlines, seen.languages) for item in kind[:ROWS])
    shelf.know(article for item in shown for article in item.examples)
    made = (*_of_dates(seen, shelf), *_of_lengths(seen, shelf), *_of_texts(seen, shelf))
    return tuple(Signal(name, asks, heads, tuple(rows), max(0, n - ROWS)) for name, asks, heads, rows, n in made if n)


Made = tuple[str, str, tuple[str, ...], list[Seen], int]


def _of_dates(seen: Signals, shelf: Shelf) -> Iterable[Made]:
    gaps = [Seen((item.source or WHOLE, item.first, item.last, f"{item.days:,}", f"{item.missing:,}")) for item in seen.gaps[:ROWS]]
    yield (
        "Days without articles", "Was nothing written, or nothing fetched? Missing: what the days around let expect.",
        ("Source", "From", "To", "Days", "Missing"), gaps, len(seen.gaps),
    )  # fmt: skip
    bursts = [Seen((item.source or WHOLE, item.day, f"{item.articles:,}", numbers.number(item.usual))) for item in seen.bursts[:ROWS]]
    yield (
        "Days with far more articles", "Did much happen, or is it the day of the crawl?",
        ("Source", "Day", "Articles", "Usual"), bursts, len(seen.bursts),
    )  # fmt: skip
    stamps = [
        Seen((item.source, item.moment.replace("T", " "), *_share(item.articles, item.of)), _examples(item.examples, shelf))
        for item in seen.stamps[:ROWS]
    ]
    yield (
        "One date for many articles", "To the second: the moment of the crawl, or no date at all.",
        ("Source", "Date", "Articles", "Share"), stamps, len(seen.stamps),
    )  # fmt: skip


def _of_lengths(seen: Signals, shelf: Shelf) -> Iterable[Made]:
    stubs = [
        Seen((item.source or WHOLE, f"{item.empty:,}", f"{item.few:,}", _share(item.empty + item.few, item.of)[1]), _examples(item.examples, shelf))
        for item in seen.stubs[:ROWS]
    ]
    yield (
        "Empty and near-empty texts", "Videos and pictures, or pages that were not read?",
        ("Source", "Empty", "Under 10 words", "Share"), stubs, len(seen.stubs),
    )  # fmt: skip
    walls = [Seen((item.source, f"{item.chars:,}", *_share(item.texts, item.of)), _examples(item.examples, shelf)) for item in seen.walls[:ROWS]]
    yield (
        "Texts of one length", "Different texts of the same length, give or take five characters, were cut there.",
        ("Source", "Characters", "Texts", "Share"), walls, len(seen.walls),
    )  # fmt: skip
    outliers = [
        Seen((item.source, f"{item.median:,}", f"{item.short:,} under {numbers.number(item.low)}", f"{item.long:,} over {numbers.number(item.high)}"),
             _examples(item.examples, shelf))
        for item in seen.outliers[:ROWS]
    ]  # fmt: skip
    yield (
        "Articles far from their source's length", "Several pages in one record, or a part of one?",
        ("Source", "Median words", "Short", "Long"), outliers, len(seen.outliers),
    )  # fmt: skip


def _of_texts(seen: Signals, shelf: Shelf) -> Iterable[Made]:
    headlines = [
        Seen((item.title, f"{item.texts:,}", f"{item.articles:,}", f"{item.sources:,}"), _examples(item.examples, shelf))
        for item in seen.headlines[:ROWS]
    ]
    yield (
        "One headline over different texts", "A column's standing title, or a page that took the article's place?",
        ("Headline", "Texts", "Articles", "Sources"), headlines, len(seen.headlines),
    )  # fmt: skip
    languages = [
        Seen((item.source or WHOLE, item.lang, ", ".join(f"{name} {n:,}" for name, n in item.others[:5]), f"{item.of:,}"),
             _examples(item.examples, shelf))
        for item in seen.languages[:ROWS]
    ]  # fmt: skip
    yield (
        "Articles in another language than their source's", "Another edition, a quotation, or no language at all?",
        ("Source", "Its language", "Others", "Articles"), languages, len(seen.languages),
    )  # fmt: skip


def _share(part: int, of: int) -> tuple[str, str]:
    return f"{part:,}", numbers.share(part, of)


def _examples(articles: tuple[int, ...], shelf: Shelf) -> tuple[tuple[str, str], ...]:
    facts = ((article, shelf.facts(article)) for article in articles)
    return tuple((str(row.get("title") or row.get("id") or article), explain(article)) for article, row in facts)


def activity(document: Document) -> tuple[tuple[str, Chart], ...]:
    """The largest sources, each with its articles over time."""
    drawn = ((item.source, charts.dates(item.months)) for item in document.signals.activity)
    return tuple((source, chart) for source, chart in drawn if chart is not None)


def line(document: Document) -> str:
    """The graver signals in one line of ours; "" without any. Odd lengths and headlines are in every corpus and not in it."""
    seen = document.signals
    said = (
        (len(seen.gaps), "gap in the dates", "gaps in the dates"),
        (len(seen.bursts), "burst", "bursts"),
        (len(seen.stamps), "date that many articles share", "dates that many articles share"),
        (len(seen.stubs), "source with near-empty texts", "sources with near-empty texts"),
        (len(seen.walls), "length at which texts are cut", "lengths at which texts are cut"),
        (len(seen.languages), "source with stray languages", "sources with stray languages"),
    )
    return ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in said if n)
