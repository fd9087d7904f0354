"""What the page shows, ready to be laid out: every number as text, every choice made."""

from __future__ import annotations

import base64
from bisect import bisect_right
from contextlib import suppress
from dataclasses import dataclass

from audit import again
from audit.result import Document, Total
from audit.show import changes, charts, evidence, history, learned, numbers, safe, signals, twins, verdicts
from audit.show.shelf import Row, Shelf
from audit.show.verdicts import Share, share
from audit.tables import BY_NAME, GROUPS

MATRIX = 12, 40
"""Sources of the overview: at once, and on demand."""
MATRIX_MEASURES = ("truncated", "missing_byline", "repeated_title", "encoding_damage", "duplicate", "contained", "retitled")
LEARNED = 20, 100
"""Lines that are shown at once, and on demand."""
QUARANTINED = 3
"""Records of each reason."""
BYTES = 200
"""Bytes of each, about."""
INPUTS = 200
LANGUAGES = SOURCES = 12
SIZES = (2, 3, 4, 5, 10, 20, 50, 100, 500, 1000)
"""Where a class of cluster sizes begins."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Sources against measures: `rows` are (source, articles, a Share for each of `measures` or None where nothing counted)."""

    measures: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[Share | None, ...]], ...]
    sources: int


def matrix(document: Document) -> Matrix | None:
    """The largest sources, and how much is wrong in each; None where no source is named."""
    totals = {total.measure: total for total in document.totals if total.count is not None}
    size = totals.get("empty")
    if size is None or not any(not name.startswith("(") for name, _ in size.sources):
        return None
    names = tuple(name for name in MATRIX_MEASURES if name in totals)
    counts = {name: dict(totals[name].sources) for name in names}
    rows = []
    for source, of in size.sources[: MATRIX[1]]:
        cells = [counts[name].get(source) for name in names]
        rows.append((source, numbers.count(of.counted), tuple(share("", c.bad, c.counted) if c is not None else None for c in cells)))
    return Matrix(names, tuple(rows), len(size.sources))


@dataclass(frozen=True, slots=True)
class Measure:
    """A total as text: `cells` are (label, value)."""

    name: str
    about: str
    counted: str
    cells: tuple[tuple[str, str], ...]


def measures(document: Document) -> tuple[tuple[str, tuple[Measure, ...]], ...]:
    """Group -> its totals, in the order of the tables."""
    by: dict[str, list[Measure]] = {}
    for total in document.totals:
        column = BY_NAME.get(total.measure)
        by.setdefault(column.group if column is not None else "", []).append(_measure(total, column.about if column is not None else ""))
    return tuple((group or "size", tuple(by[group])) for group in ("", *GROUPS) if group in by)


def _measure(total: Total, about: str) -> Measure:
    if total.count is not None:
        cells = [("share", numbers.share(total.count.bad, total.count.counted)), ("articles", numbers.count(total.count.bad))]
    elif total.values:
        cells = [(value, numbers.share(n, total.counted)) for value, n in total.values[:8]]
    elif total.counted and total.sum is not None:
        at = dict(total.quantiles)
        cells = [(name, numbers.number(at[key])) for key, name in _POINTS if key in at]
        cells.insert(len(cells) // 2, ("mean", numbers.number(total.sum / total.counted)))
    else:
        cells = []
    return Measure(total.measure, about, numbers.count(total.counted), tuple(cells))


_POINTS = (("min", "min"), ("p05", "5 %"), ("p50", "median"), ("p95", "95 %"), ("max", "max"))


def facts(document: Document) -> tuple[tuple[str, str], ...]:
    """The corpus in a few numbers: (label, value)."""
    totals = {total.measure: total for total in document.totals}
    sources = [name for name, _ in totals["empty"].sources if not name.startswith("(")] if "empty" in totals else []
    counts = [
        ("article", document.articles),
        ("word", int(totals["n_words"].sum or 0) if "n_words" in totals else 0),
        ("file", len(document.inputs)),
        ("source", len(sources)),
        ("language", len(totals["lang"].values) if "lang" in totals else 0),
    ]
    said = [(noun if n == 1 else f"{noun}s", numbers.count(n)) for noun, n in counts if n or noun == "article"]
    said += [("dates", " – ".join(dict.fromkeys((document.dates[0][0], document.dates[-1][0]))))] if document.dates else []
    return (*said, ("empty", numbers.count(document.empty)), ("quarantined", numbers.count(document.quarantined)))


def commands(document: Document, example: int) -> tuple[tuple[str, str], ...]:
    """(what it is for, command) to make this page again and to go on from it; `example`: an article's number."""
    same = again.command(document, f"--fail-on {document.gate.fail_on}")
    return (
        ("Audit this corpus again", same),
        ("See what changes from here on", f"{same} --out corpus-audit-next --baseline corpus-audit-out/result.json"),
        ("Everything about one article", evidence.explain(example)),
        ("Write the corpus cleaned, without its duplicates", f"corpus-audit clean {again.inputs(document)} --out cleaned --drop exact,near"),
    )


def sizes(document: Document) -> tuple[Share, ...]:
    """Clusters by classes of their size, as shares of all clusters."""
    held: dict[int, int] = dict.fromkeys(SIZES, 0)
    for size, n in document.cluster_sizes:
        held[SIZES[max(0, bisect_right(SIZES, size) - 1)]] += n
    every, most = sum(held.values()), max(held.values())
    return tuple(share(_class(first), n, every, most) for first, n in held.items() if n)


def _class(first: int) -> str:
    after = next((size for size in SIZES if size > first), None)
    if after is None:
        return f"{first:,} or more"
    return f"{first}" if after == first + 1 else f"{first} – {after - 1}"


def languages(total: Total) -> tuple[Share, ...]:
    """The most frequent languages, as shares of the articles of which the language is known."""
    return tuple(share(name, n, total.counted, total.values[0][1]) for name, n in total.values[:LANGUAGES])


def sources(document: Document) -> tuple[Share, ...]:
    """The largest sources, as shares of all articles."""
    total = next((total for total in document.totals if total.measure == "empty"), None)
    if total is None or not any(not name.startswith("(") for name, _ in total.sources):
        return ()
    most = max(count.counted for _, count in total.sources)
    return tuple(share(name, count.counted, total.counted, most) for name, count in total.sources[:SOURCES])


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A record that could not be read: where it is, and its first bytes as text."""

    place: str
    bytes: str


def spoiled(shelf: Shelf) -> dict[str, tuple[Spoiled, ...]]:
    """Reason -> a few of the records that were quarantined for it."""
    return {reason: tuple(_spoiled(row) for row in rows) for reason, rows in shelf.quarantine(QUARANTINED).items()}


def _spoiled(row: Row) -> Spoiled:
    said = str(row.get("bytes", ""))[: 4 * BYTES]
    if row.get("base64") is True:
        with suppress(ValueError):  # a file that is not as we wrote it is shown as it is
            said = base64.b64decode(said).decode("utf-8", "backslashreplace")
    return Spoiled(f"{row.get('file', '')}:{row.get('line', '')}", safe.clip(said, BYTES))


def contents(shelf: Shelf) -> dict[str, object]:
    """Everything the template names."""
    document = shelf.result.document
    every = tuple(sorted(verdicts.judged(shelf), key=lambda item: verdicts.STATE[item.verdict.state]))
    totals = {total.measure: total for total in document.totals}
    pairs = twins.pairs(document, shelf)
    clusters, steps = twins.clusters(shelf), changes.steps(document, shelf)
    cards = [card for item in every for card in item.cards]
    shown = [*cards, *(card for pair in pairs for card in (pair.left, pair.right)), *(change.card for step in steps for change in step.examples)]
    shown += [card for cluster in clusters for card in (cluster.kept, *(card for card, _ in cluster.others))]
    return {
        "document": document,
        "every": every,
        "worst": verdicts.worst(every),
        "signs": verdicts.SIGNS,
        "against": history.against(document, every),
        "turnover": history.turnover(document),
        "wrong": sum(item.verdict.state in ("failed", "warned", "not evaluated") for item in every),
        "facts": facts(document),
        "matrix": matrix(document),
        "matrix_first": MATRIX[0],
        "measures": measures(document),
        "clusters": clusters,
        "pairs": pairs,
        "steps": steps,
        "learned": tuple((line, share("", line.articles, line.of)) for line in document.learned[: LEARNED[1]]),
        "learned_first": LEARNED[0],
        "learned_file": learned.ruling(learned.FORBID, ((line.text, line.source) for line in document.learned[: LEARNED[1]])),
        "lengths": charts.lengths(totals["n_words"]) if "n_words" in totals else None,
        "dates": charts.dates(document.dates),
        "languages": languages(totals["lang"]) if "lang" in totals else (),
        "sizes": sizes(document),
        "largest": sources(document),
        "signals": signals.tables(document, shelf),
        "activity": signals.activity(document),
        "quarantine": spoiled(shelf),
        "inputs": document.inputs[:INPUTS],
        "commands": commands(document, cards[0].article if cards else 0),
        "sources": sorted({card.source for card in shown if card.source}),
        "langs": sorted({card.lang for card in shown if card.lang}),
    }
