"""The headline, and the lines at the head of a text that repeat it.

Sites add their name to the headline of a page ("... | BBC News"). Which parts are such names is learned from the corpus:
parts that recur in the titles of one source (`tally`, `learn`). Nothing here judges whether a repeat is a defect.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from audit.measure.article import Article, Mark
from audit.measure.repeats import SITE_CHARS, bare, hits, is_body, parts, squeeze

UNTIDY = r"[\t-\r\x1c-\x1f\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]|^ | $|  |^$"
"""In RE2's words: a title that is not white space made single, or that is none."""
SEVERAL = r"[^!-~][|\-–—―－·•»«›‹⋆~/]|[|｜_]|--"
"""In RE2's words, what a title of several `parts` holds: most titles hold none of it."""


@dataclass(frozen=True, slots=True)
class Affixes:
    """Parts (squeezed to letters and digits) that recur in the titles of a source: `of[source]`; no source is one of its own."""

    of: dict[str | None, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Titles:
    """What was found of one article's headline.

    Attributes:
        title: The headline, white space made single; None if there is none.
        title_from: field, text or none.
        repeats: Head lines that repeat it; a headline wrapped over several lines is one repeat.
        lines: Lines of the text that are the headline: the repeats, and the first line where that is the headline itself.
        marks: One per repeat and line, check "title_repeats".
    """

    title: str | None
    title_from: str
    repeats: int
    lines: frozenset[int]
    marks: tuple[Mark, ...]


_TALLY = pa.schema([("source", pa.large_string()), ("part", pa.large_string()), ("titles", pa.int64())])


def tally(titles: pa.LargeStringArray, sources: pa.LargeStringArray) -> pa.Table:
    """Count the parts of a batch's titles that may be names of sites.

    Returns:
        `source`, `part` (squeezed to letters and digits), `titles` (int64): in how many titles of the source it stands before or after a separator.
        The part "" counts the titles of the source. At most four parts a title, so rows are linear in the titles.
    """
    named = sources.filter(pc.fill_null(pc.not_equal(titles, ""), False)).value_counts()
    counts: Counter[tuple[str | None, str]] = Counter({(row["values"], ""): row["counts"] for row in named.to_pylist()})
    cut = pc.fill_null(pc.match_substring_regex(titles, SEVERAL), False)
    for title, source in zip(titles.filter(cut).to_pylist(), sources.filter(cut).to_pylist(), strict=True):
        pieces = parts(" ".join(title.split()))
        if len(pieces) > 1:
            counts.update({(source, squeeze(part)) for part in pieces[:1] + pieces[-3:] if len(part) <= SITE_CHARS} - {(source, "")})
    rows = sorted(counts.items(), key=lambda item: (item[0][0] or "", item[0][0] is not None, item[0][1]))
    columns = [[key[0] for key, _ in rows], [key[1] for key, _ in rows], [count for _, count in rows]]
    return pa.table([pa.array(values, field.type) for values, field in zip(columns, _TALLY, strict=True)], schema=_TALLY)


def learn(tallies: Iterable[pa.Table]) -> Affixes:
    """The parts that stand in at least 3 and at least 2 % of a source's titles (research/heuristics.md, C1)."""
    counted = pa.concat_tables([_TALLY.empty_table(), *tallies]).group_by(["source", "part"], use_threads=False).aggregate([("titles", "sum")])
    whole = counted.filter(pc.equal(counted["part"], ""))
    of = dict(zip(whole["source"].to_pylist(), whole["titles_sum"].to_pylist(), strict=True))
    often = counted.filter(pc.and_(pc.greater_equal(counted["titles_sum"], 3), pc.not_equal(counted["part"], "")))
    affixes: dict[str | None, set[str]] = {}
    for source, part, count in zip(*(often[name].to_pylist() for name in ("source", "part", "titles_sum")), strict=True):
        if 50 * count >= of.get(source, 0):
            affixes.setdefault(source, set()).add(part)
    return Affixes({source: frozenset(parts) for source, parts in affixes.items()})


def headline(article: Article) -> tuple[str | None, str]:
    """The headline and where it is from: the title field, else the first line that is not blank if it can be one.

    >>> headline(Article(None, None, None, None, ["", "Storm hits coast", "", "A storm ..."]))
    ('Storm hits coast', 'text')
    """
    title = " ".join((article.title or "").split())
    if title:
        return title, "field"
    if not article.full:
        return None, "none"
    text = bare(article.lines[article.full[0]])
    return (text, "text") if text and not is_body(text) else (None, "none")


def find(article: Article, affixes: Affixes) -> Titles:
    """The headline, and the lines before the body that repeat it. Looks at the first 12 lines that are not blank."""
    title, origin = headline(article)
    if title is None or (origin == "field" and not article.repeated):
        return Titles(title, origin, 0, frozenset(), ())
    found = list(hits(article.lines, article.full, title, article.source, affixes.of.get(article.source, frozenset())))
    if not found:
        return Titles(title, origin, 0, frozenset(), ())
    repeats = found[1:] if origin == "text" else found
    marks = tuple(_mark(article.lines, line, note) for lines, note in repeats for line in lines)
    return Titles(title, origin, len(repeats), frozenset(line for lines, _ in found for line in lines), marks)


def _mark(lines: Sequence[str], line: int, note: str) -> Mark:
    text = lines[line]
    start = len(text) - len(text.lstrip())
    return Mark("title_repeats", line, start, max(start, len(text.rstrip())), note)
