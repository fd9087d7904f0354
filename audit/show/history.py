"""What changed since the baseline, in words: figures that got better or worse, and what came and went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from audit.result import Document, Names
from audit.show import numbers
from audit.show.verdicts import Judged

NAMED = 8
"""Names of each kind that came or went."""
CHANGES = ("worse", "better", "up", "down")


def against(document: Document, every: Sequence[Judged]) -> str:
    """What the baseline says of this run, in one sentence; "" without one."""
    known = {(item.verdict.measure, item.verdict.before): item.change for item in every if item.verdict.before is not None}
    if not known and document.turnover is None:
        return ""
    counts = Counter(known.values())
    if not known:
        return "The baseline holds none of these figures."
    said = [f"{counts[word]} {word}" for word in CHANGES if counts[word]]
    same = f"{numbers.count(counts[''], 'figure')} without clear change"
    return f"Against the baseline: {', '.join([*said, same] if counts[''] else said)}."


def turnover(document: Document) -> tuple[tuple[str, tuple[str, ...], int], ...]:
    """(what, names, how many in all) of the sources, languages and fields that came or went since the baseline."""
    if document.turnover is None:
        return ()
    kinds: tuple[tuple[str, Names], ...] = tuple((kind, getattr(document.turnover, f"{kind}s")) for kind in ("source", "language", "field"))
    rows = (
        (f"{word} {kind}", names[:NAMED], n)
        for kind, of in kinds
        for word, names, n in (("new", of.new, of.n_new), ("gone", of.vanished, of.n_vanished))
    )
    return tuple(row for row in rows if row[2])
