"""What an audit says for rewriting: which articles are left out, and which lines are stripped.

Articles are found by file and number of the record, so that every block can be worked on by itself; where they are not
where the audit saw them, the input changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from audit import drop as dropping
from audit.config import Config
from audit.drop import Dropped
from audit.errors import ConfigError, CorpusError
from audit.out import MARK
from audit.result import Result
from audit.rewrite.block import Numbers

STRIPS: Mapping[str, tuple[str, str]] = {
    "titles": ("titles", "title_repeats"),
    "markers": ("truncation", "truncated"),
    "boilerplate": ("boilerplate", "boilerplate_lines"),
}
"""What can be stripped -> the group of measures that finds it, and the check of the findings that say where. Of several the first counts."""
MARKER = r"^(?:paywall|truncation): "
"""The notes of markers that hand the reader over; others say how the article's own last line ends."""
MARKER_CHARS = 200
"""A longer line with a marker has more in it than the marker."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What becomes of the articles.

    Attributes:
        spans: File -> (first article, article behind the last).
        lines: int64: of each article the number of its record.
        reasons: Article -> why it is left out.
        places: Article -> id, file and line, for those left out and those that stand for one.
        strips: int64 (2, n): article and line (of the text as read) of each line that is stripped, ascending.
        words: For each of them what it is stripped as.
    """

    spans: Mapping[str, tuple[int, int]]
    lines: Numbers
    reasons: Mapping[int, Dropped]
    places: Mapping[int, Mapping[str, Any]]
    strips: Numbers
    words: tuple[str, ...]

    def articles(self, file: str, lines: Numbers) -> Numbers:
        """The articles of a file whose records have these numbers; of several with one number the first, the second and so on.

        Raises:
            CorpusError: They are not there.
        """
        first, last = self.spans.get(file, (0, 0))
        seen = self.lines[first:last]
        at = np.searchsorted(seen, lines) + np.arange(len(lines)) - np.searchsorted(lines, lines)
        if len(lines) and (at[-1] >= len(seen) or (seen[at] != lines).any()):
            raise CorpusError(f"{file} is not what the audit saw: the input changed while it was read; try again")
        return at + first

    def row(self, article: int) -> Mapping[str, Any] | None:
        """The row of dropped.jsonl of an article; None if it is written."""
        reason = self.reasons.get(article)
        if reason is None:
            return None
        other = None if reason.instead is None else self.places[reason.instead]
        return {**self.places[article], "why": reason.why, "duplicate_of": other, "similarity": reason.similarity}

    def stripped(self, articles: Numbers) -> Mapping[int, Mapping[int, str]]:
        """Row -> line -> what it is stripped as, for the rows of consecutive `articles`."""
        if not len(articles):
            return {}
        found: dict[int, dict[int, str]] = {}
        first, last = np.searchsorted(self.strips[0], (articles[0], articles[-1] + 1))
        for at in range(first, last):
            found.setdefault(int(self.strips[0, at] - articles[0]), {})[int(self.strips[1, at])] = self.words[at]
        return found


def known(names: frozenset[str]) -> None:
    """Check what a user asks to strip.

    Raises:
        ConfigError: A word is not known.
    """
    unknown = sorted(names - STRIPS.keys())
    if unknown:
        raise ConfigError(f"strip is {unknown[0]!r}; known: {', '.join(STRIPS)}")


def gather(sources: list[str], config: Config, drop: frozenset[str], strip: frozenset[str], folder: Path) -> Evidence:
    """Audit the corpus in `sources` into `folder`, or take the audit that was finished there, and say what becomes of its articles."""
    from audit import result, run  # here: they bring all that judges and draws, which cleaning alone does not need

    groups = tuple(sorted({group for word in drop for group in dropping.GROUPS[word]} | {STRIPS[word][0] for word in strip}))
    asked = replace(config, out=folder, measures=groups, baseline=None, quiet=True)
    made = result.load(folder) if (folder / MARK).is_file() else run.run(sources, asked)
    measures = made.measures(dropping.COLUMNS)
    reasons = dropping.decide(measures, drop)
    wanted = sorted({*reasons, *(reason.instead for reason in reasons.values() if reason.instead is not None)})
    rows = measures.select(["id", "file", "line"]).take(pa.array(wanted, pa.int64())).to_pylist()
    strips, words = _strips(made, strip)
    return Evidence(_spans(measures["file"]), measures["line"].to_numpy(), reasons, dict(zip(wanted, rows, strict=True)), strips, words)


def _spans(files: pa.ChunkedArray) -> dict[str, tuple[int, int]]:
    """File -> its articles, which stand together."""
    ends = pc.run_end_encode(files.combine_chunks())
    ends = ends.combine_chunks() if isinstance(ends, pa.ChunkedArray) else ends
    lasts = ends.run_ends.to_pylist()
    return {file: span for file, *span in zip(ends.values.to_pylist(), [0, *lasts], lasts)}  # type: ignore[misc]


def _strips(made: Result, strip: frozenset[str]) -> tuple[Numbers, tuple[str, ...]]:
    found: dict[tuple[int, int], str] = {}
    if strip:
        table = made.findings()
        for word in [word for word in STRIPS if word in strip]:
            rows = table.filter(pc.equal(table["check"], STRIPS[word][1]))
            if word == "markers":
                alone = pc.less_equal(pc.utf8_length(pc.utf8_trim_whitespace(rows["evidence"])), MARKER_CHARS)
                rows = rows.filter(pc.and_(pc.match_substring_regex(rows["note"], MARKER), alone))
            for article, line in zip(rows["article"].to_pylist(), rows["line"].to_pylist(), strict=True):
                if line is not None:
                    found.setdefault((article, line), word)
    places = sorted(found)
    return np.array(places, np.int64).reshape(len(places), 2).T, tuple(found[place] for place in places)


def without(text: str, view: str, lines: Mapping[int, str]) -> str:
    r"""The cleaned text without some lines. `view` has its lines one by one as they were read; they are its own where cleaning joined none.

    Blank lines that stood around what goes do not pile up.

    >>> without("Title\n\nBody.\n\nShare this\n\nMore.\n", "Title\n\nBody.\n\nShare this\n\nMore.\n", {0: "", 4: ""})
    'Body.\n\nMore.\n'
    """
    own = text.splitlines(keepends=True)
    given = view.splitlines(keepends=True)
    if len(own) != len(given):
        own = given
    kept: list[str] = []
    gone = False  # whether a line went just before
    for number, line in enumerate(own):
        if number in lines:
            gone = True
            continue
        if gone and not line.strip() and (not kept or not kept[-1].strip()):
            continue
        kept.append(line)
        gone = False
    while gone and kept and not kept[-1].strip():
        kept.pop()
    return "".join(kept)
