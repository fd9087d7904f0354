"""What was done: counts that add up, and the few changes that are shown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Any

from audit.show.safe import clip, terminal

EXAMPLES, EXAMPLE_CHARS, LEAD = 5, 72, 24


@dataclass
class Tally:
    """Counts of a part of the work.

    Attributes:
        records, written, quarantined: Records; with what was dropped they add up.
        changed: Articles of those written whose text or title was changed.
        dropped: Word of --drop -> articles.
        fixes: ftfy's step -> fields in which it changed something.
        stripped: Word of --strip -> lines.
        examples: (file:line, before, after) of the first changes.
    """

    records: int = 0
    written: int = 0
    quarantined: int = 0
    changed: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    fixes: Counter[str] = field(default_factory=Counter)
    stripped: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count what stands behind."""
        self.records += other.records
        self.written += other.written
        self.quarantined += other.quarantined
        self.changed += other.changed
        for mine, more in ((self.dropped, other.dropped), (self.fixes, other.fixes), (self.stripped, other.stripped)):
            mine.update(more)
        self.examples = [*self.examples, *other.examples][:EXAMPLES]

    def plain(self) -> dict[str, Any]:
        """The tally for JSON."""
        return {one.name: value if isinstance(value := getattr(self, one.name), (int, list)) else dict(value) for one in fields(self)}

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Tally:
        """The tally that `plain` gave."""
        counters = {name: Counter(kept[name]) for name in ("dropped", "fixes", "stripped")}
        return cls(**{**kept, **counters, "examples": [(place, before, after) for place, before, after in kept["examples"]]})


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What came of it: records = written + dropped + quarantined.

    Attributes:
        records, written, quarantined: Counts of records.
        changed: Articles of those written whose text or title was changed.
        dropped: Word of --drop -> articles, most first.
        fixes: ftfy's step -> fields in which it changed something, most first.
        stripped: Word of --strip -> lines, most first.
        examples: (file:line, before, after) of the first changes.
        out: Where the corpus was written; "" in a dry run.
    """

    records: int
    written: int
    quarantined: int
    changed: int
    dropped: tuple[tuple[str, int], ...]
    fixes: tuple[tuple[str, int], ...]
    stripped: tuple[tuple[str, int], ...]
    examples: tuple[tuple[str, str, str], ...]
    out: str

    @classmethod
    def of(cls, tally: Tally, out: str) -> Rewritten:
        """The result of the whole."""
        dropped, fixes, stripped = (_most(some) for some in (tally.dropped, tally.fixes, tally.stripped))
        return cls(
            tally.records, tally.written, tally.quarantined, tally.changed, dropped, fixes, stripped, tuple(tally.examples), out
        )  # fmt: skip


def _most(some: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(some.items(), key=lambda part: (-part[1], part[0])))


def summary(done: Rewritten) -> str:
    """What was done, for the terminal; its first line is the law that nothing is lost."""
    lines = [f"{done.records:,} records = {done.written:,} written ({done.changed:,} of them changed) "
             f"+ {sum(n for _, n in done.dropped):,} dropped + {done.quarantined:,} quarantined"]  # fmt: skip
    lines += [f"  dropped as {why}: {n:,}" for why, n in done.dropped]
    lines += [f"  {fix}: {n:,} fields" for fix, n in done.fixes]
    lines += [f"  stripped {word}: {n:,} lines" for word, n in done.stripped]
    for place, before, after in done.examples:
        lines += [f"  {terminal(place)}", *_difference(before, after)]
    lines.append(f"written to {terminal(done.out)}" if done.out not in ("", "-") else "nothing was written: a dry run" if not done.out else "")
    return "\n".join(line for line in lines if line) + "\n"


def _difference(before: str, after: str) -> list[str]:
    """A changed line before and after, from shortly before the place where they part."""
    start = max(0, _parting(before, after) - LEAD)
    cut = "…" if start else ""
    return [f"    {sign} {terminal(clip(cut + text[start:], EXAMPLE_CHARS))}" for sign, text in (("-", before), ("+", after))]


def _parting(before: str, after: str) -> int:
    """How many characters two texts begin with alike."""
    both = zip(before, after, strict=False)
    return next((at for at, (left, right) in enumerate(both) if left != right), min(len(before), len(after)))
