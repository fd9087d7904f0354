"""What the page shows, ready to be laid out: every number as text, every choice made."""

from __future__ import annotations

import base64
import shlex
from contextlib import suppress
from dataclasses import dataclass

from audit.result import Document, Total
from audit.show import changes, charts, numbers, safe, twins, verdicts
from audit.show.shelf import Row, Shelf
from audit.show.verdicts import Share, share
from audit.tables import BY_NAME, GROUPS

MATRIX = 40
"""Sources of the overview."""
MATRIX_MEASURES = ("truncated", "missing_byline", "repeated_title", "encoding_damage", "duplicate", "contained", "retitled")
LEARNED = 20, 100
"""Lines that are shown at once, and on demand."""
QUARANTINED = 3
"""Records of each reason."""
BYTES = 200
"""Bytes of each, about."""
INPUTS = 200
LANGUAGES = 20
SIZES = 20, 10
"""Sizes of clusters: the smallest ones and the biggest."""


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
    for source, of in size.sources[:MATRIX]:
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


def commands(document: Document, example: str) -> tuple[tuple[str, str], ...]:
    """(what it is for, command) to make this page again and to go on from it; `example`: an article's id."""
    paths = [item.path for item in document.inputs]
    inputs = " ".join(shlex.quote(path) for path in paths) if 0 < len(paths) <= 3 else "INPUT..."
    given = dict(document.settings)
    options = [f"--suite {shlex.quote(document.suite)}", f"--fail-on {shlex.quote(document.gate.fail_on)}"]
    for name in ("threshold", "keep", "limit", "sample", "measures"):
        value = given.get(name, "none")
        if value != "none" and (name, value) not in (("threshold", "0.8"), ("keep", "longest"), ("measures", ",".join(GROUPS))):
            options.append(f"--{name} {shlex.quote(value)}")
    return (
        ("Audit this corpus again", f"corpus-audit run {inputs} {' '.join(options)}"),
        ("Everything about one article", f"corpus-audit explain corpus-audit-out {shlex.quote(example)}"),
        ("Write the corpus cleaned, without its duplicates", f"corpus-audit clean {inputs} --out cleaned --drop exact,near"),
    )


def _ends(sizes: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """The sizes, or the smallest and the biggest of very many."""
    low, high = SIZES
    return sizes if len(sizes) <= low + high else (*sizes[:low], *sizes[-high:])


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
    cards = [card for item in every for card in item.cards]
    langs = totals.get("lang")
    return {
        "document": document,
        "every": every,
        "worst": verdicts.worst(every),
        "signs": verdicts.SIGNS,
        "wrong": sum(item.verdict.state in ("failed", "warned", "not evaluated") for item in every),
        "facts": facts(document),
        "matrix": matrix(document),
        "measures": measures(document),
        "clusters": twins.clusters(shelf),
        "pairs": pairs,
        "steps": changes.steps(document, shelf),
        "learned": tuple((line, share("", line.articles, line.of)) for line in document.learned[: LEARNED[1]]),
        "learned_first": LEARNED[0],
        "lengths": charts.lengths(totals["n_words"]) if "n_words" in totals else None,
        "dates": charts.dates(document.dates),
        "languages": tuple(share(name, n, langs.counted) for name, n in langs.values[:LANGUAGES]) if langs is not None else (),
        "sizes": tuple((numbers.count(size), n) for size, n in _ends(document.cluster_sizes)),
        "quarantine": spoiled(shelf),
        "inputs": document.inputs[:INPUTS],
        "commands": commands(document, cards[0].id if cards else "ID"),
        "sources": sorted({card.source for card in cards if card.source}),
        "langs": sorted({card.lang for card in cards if card.lang}),
    }
