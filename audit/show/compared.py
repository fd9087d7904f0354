"""Two results side by side, for the terminal and as Markdown: what changed first, then the rest, then what came and went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from audit.comparison import RATE, Amount, Comparison, Moved, Row
from audit.result import Count, Document, Turnover
from audit.show import numbers, safe
from audit.show.paper import Paper

NAMED = 8
"""Names of sources, languages and fields that are shown."""
CHANCE = f"about 1 in {1 / RATE:.0f} of these by chance"
HEADS = ("", "Measure", "A", "B", "B less A", "95 % interval")


@dataclass(frozen=True, slots=True)
class Line:
    """A row as text: its sign, the cells, and their colour."""

    sign: str
    cells: tuple[str, ...]
    colour: str


def terminal(compared: Comparison, names: tuple[str, str]) -> str:
    """The comparison for a terminal; `names` are what the two results are called."""
    paper = Paper()
    for letter, name, document in zip("AB", names, (compared.before, compared.after), strict=True):
        paper.line((f"{letter}  ", "bold"), (name, "bold"), (f"  {_size(document)}", "dim"))
    paper.line("")
    paper.line((headline(compared), "bold"))
    for title, rows in _parts(compared):
        paper.line("")
        paper.line((title, "bold"))
        if rows[0].reason:
            for row in rows:
                paper.line((f"{_called(row)}: ", "bold"), row.reason, indent=2)
            continue
        lines = [_line(row) for row in rows]
        cells = [[(line.sign, line.colour), *((cell, line.colour if at == 3 else "") for at, cell in enumerate(line.cells))] for line in lines]
        paper.grid(HEADS, cells, frozenset({2, 3, 4}))
    for title, said in _sources(compared):
        paper.line("")
        paper.line((title, "bold"))
        for name, words in said:
            paper.line((f"{name}: ", "bold"), words, indent=2)
    said = [*turned(compared.turnover), *_settings(compared), compared.renewal]
    for words in filter(None, ["", *said] if any(said) else []):
        paper.line(words)
    return paper.text


def markdown(compared: Comparison, names: tuple[str, str]) -> str:
    """The comparison as GitHub-flavoured Markdown; nothing from a corpus is markup, a link or a mention in it."""
    lines = [f"## {headline(compared)}", ""]
    for letter, name, document in zip("AB", names, (compared.before, compared.after), strict=True):
        lines.append(f"- **{letter}** {safe.markdown(name)}: {_size(document)}")
    for title, rows in _parts(compared):
        lines += ["", f"### {title}", ""]
        if rows[0].reason:
            lines += [f"- {safe.markdown(_called(row))}: {safe.markdown(row.reason)}" for row in rows]
            continue
        lines += ["| | Measure | A | B | B less A | 95 % interval |", "| --- | --- | ---: | ---: | ---: | --- |"]
        made = [_line(row) for row in rows]
        lines += ["| " + " | ".join([line.sign, safe.markdown(line.cells[0]), *line.cells[1:]]) + " |" for line in made]
    for title, said in _sources(compared):
        lines += ["", f"### {title}", "", *(f"- {safe.markdown(name)}: {safe.markdown(words)}" for name, words in said)]
    said = [*turned(compared.turnover), *_settings(compared), compared.renewal]
    lines += ["", *(f"- {safe.markdown(words)}" for words in said if words)]
    return "\n".join(lines).rstrip() + "\n"


def headline(compared: Comparison) -> str:
    """How much changed, in words of ours alone."""
    looked = [row for row in compared.rows if not row.reason]
    changed = [row for row in looked if row.changed]
    measures = {row.measure for row in changed}
    worse = len({row.measure for row in changed if row.worse})
    better = len({row.measure for row in changed if row.worse is False})
    said = [f"{n} {word}" for n, word in ((worse, "worse"), (better, "better")) if n]
    return f"{len(measures)} of {numbers.count(len({row.measure for row in looked}), 'measure')} changed" + (f": {', '.join(said)}" if said else "")


def turned(turnover: Turnover) -> list[str]:
    """What came and went, a sentence each; empty where nothing did."""
    said = []
    for noun, names in (("source", turnover.sources), ("language", turnover.languages), ("field", turnover.fields)):
        for word, some, of in (("new", names.new, names.n_new), ("vanished", names.vanished, names.n_vanished)):
            said += [f"{numbers.count(of, f'{word} {noun}')}: {_listed(some, of)}"] if of else []
    pooled = turnover.pooled and (turnover.sources.n_new or turnover.sources.n_vanished)
    return [*said, "A result names its 2,000 largest sources: one that is new or vanished here may only be small there."] if pooled else said


def _listed(some: Sequence[str], of: int) -> str:
    shown = [safe.clip(safe.line(name), 80) for name in some[:NAMED]]
    return ", ".join(shown) + (f" and {of - len(shown):,} more" if of > len(shown) else "")


def _settings(compared: Comparison) -> list[str]:
    return [f"setting {name}: {before} in A, {after} in B" for name, before, after in compared.settings]


def _size(document: Document) -> str:
    bad = f", {document.quarantined:,} quarantined" if document.quarantined else ""
    return f"{numbers.count(document.articles, 'article')}{bad}, {'passed' if document.gate.passed else 'did not pass'}"


def _parts(compared: Comparison) -> list[tuple[str, list[Row]]]:
    """(title, rows): changed ones, the worst first; the rest in the order of the tables; those that were not compared."""
    changed = sorted((row for row in compared.rows if row.changed), key=lambda row: (row.worse is not True, row.worse is not False, row.chance))
    same = [row for row in compared.rows if not row.changed and not row.reason]
    open_ = [row for row in compared.rows if row.reason]
    titles = (f"Changed ({CHANCE})", "No change beyond chance", "Not evaluated")
    return [(title, rows) for title, rows in zip(titles, (changed, same, open_), strict=True) if rows]


def _sources(compared: Comparison) -> list[tuple[str, list[tuple[str, str]]]]:
    """(title, (measure, its sources that changed)); empty where none did."""
    said = [(row.measure, _moved(row.moved, row.moved_all)) for row in compared.rows if row.moved]
    return [(f"Sources that changed ({CHANCE})", said)] if said else []


def _called(row: Row) -> str:
    return f"{row.measure}: {row.value}" if row.value else f"{row.measure}, mean" if isinstance(row.after, Amount) else row.measure


def _line(row: Row) -> Line:
    sign, colour = {True: ("✗", "red"), False: ("✓", "green"), None: ("•", "yellow")}[row.worse] if row.changed else ("", "")
    amount = isinstance(row.after, Amount)
    show = _amount if amount else _points
    unit = "" if amount else " pp"  # percentage points
    cells = (_called(row), _shown(row.before), _shown(row.after), f"{show(row.change)}{unit}", f"{show(row.low)} to {show(row.high)}")
    return Line(sign, cells, colour)


def _shown(seen: Count | Amount | None) -> str:
    if seen is None:
        return "–"
    return numbers.share(seen.bad, seen.counted) if isinstance(seen, Count) else numbers.number(seen.mean)


def _points(change: float) -> str:
    """A difference of shares in percentage points, with its sign; what is there never looks like none."""
    return _signed(change * 100, f"{abs(change) * 100:.2f}" if abs(change) < 0.1 else f"{abs(change) * 100:.1f}")


def _amount(change: float) -> str:
    return _signed(change, numbers.number(abs(change)))


def _signed(value: float, said: str) -> str:
    if not Fraction(value):
        return "0"
    said = said if said.strip("0.") else "<0.01"
    return f"{'+' if value > 0 else '−'}{said}"


def _moved(moved: Sequence[Moved], of: int) -> str:
    """The sources that changed, with their counts."""
    said = [f"{safe.clip(safe.line(row.source), 60)} {_counts(row.before)} → {_counts(row.after)}" for row in moved]
    return "; ".join(said) + (f"; and {of - len(said):,} more sources" if of > len(said) else "") if said else ""


def _counts(count: Count) -> str:
    return f"{count.bad:,} of {count.counted:,}"
