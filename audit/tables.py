"""The tables between the stages and in the output folder: every column with its type, unit and null rule.

Other programs read these files: a column keeps its name and meaning. `definition` is raised when the same text would
get another value than before; a baseline made with another definition is then not compared (design.md, section 4).
Lines and offsets are those of the text as read: `text.splitlines()`, 0-based; start and end are code points in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

TIME = pa.timestamp("s", "UTC")
TEXT = pa.large_string()


@dataclass(frozen=True, slots=True)
class Column:
    """One column of measures.parquet.

    Attributes:
        name: The column's name, also the measure's name in a suite.
        type: Its Arrow type.
        about: What it says, its unit, and when it is null beside "the article is empty".
        group: What `--measures` calls the part of the audit that computes it; "" for what is always there.
        definition: Raised when the same corpus would get other values; 0 for what identifies an article.
    """

    name: str
    type: pa.DataType
    about: str
    group: str = ""
    definition: int = 0


_RAISED: Mapping[str, int] = dict.fromkeys(
    (
        "boilerplate_lines", "boilerplate_share",  # by neighbours and by pleas of two halves more lines are boilerplate
        "truncated", "truncation_kind", "truncation_evidence",  # pages counted in headlines, sentences of feeds
        "byline", "byline_kind", "byline_line", "missing_byline",  # dated names, columns, signs of agencies
        "encoding_damage", "lost_letters",  # the tables of DOS, the Mac and Windows' Cyrillic one
        "title_cluster", "retitled",  # by tokens as duplicates are
        "fineweb_punctuated_lines", "c4_sentences",  # a semicolon ends no sentence
        "lang", "lang_confidence",  # two stretches of a line that agree are an answer
    ),
    2,
)  # fmt: skip
"""Definitions above the first, and why."""


def _measures(group: str, *rows: tuple[str, pa.DataType, str]) -> list[Column]:
    return [Column(name, kind, about, group, _RAISED.get(name, 1)) for name, kind, about in rows]


GROUPS = ("language", "titles", "bylines", "truncation", "boilerplate", "damage", "quality", "duplicates")

COLUMNS: tuple[Column, ...] = (
    Column("article", pa.int64(), "Position in the corpus; the key of every table."),
    Column("id", TEXT, "The id field; without one file:line. Repeats and gaps of real data are kept. Never null."),
    Column("file", TEXT, "Path relative to its argument. Never null."),
    Column("line", pa.int64(), "1-based: of JSON Lines, CSV and TSV the line on which the record begins, else its number in the file. Never null."),
    Column("source", TEXT, "The source field, else the host of the URL; null if neither is there."),
    Column("url", TEXT, "The URL field as given; null if missing."),
    Column("date", TIME, "The date field in UTC; null if missing or unreadable."),
    Column("title", TEXT, "The headline, cleaned: the title field, else the first line; null if there is none."),
    Column("title_from", pa.string(), "field, text or none. Never null."),
    Column("text_hash", pa.binary(16), "xxh3-128 of the cleaned text, big-endian; null if empty."),
    Column("empty", pa.bool_(), "No text, null or only white space. Never null.", "", 1),
    *_measures(
        "",
        ("n_chars", pa.int64(), "Code points of the cleaned text."),
        ("n_words", pa.int64(), "Runs of letters, marks and digits; Han, Kana, Thai, Lao, Khmer, Myanmar one by one."),
        ("n_lines", pa.int64(), "Lines that are not blank."),
    ),
    *_measures(
        "language",
        ("lang", pa.string(), "ISO 639-1 of the text; null if unsure."),
        ("lang_confidence", pa.float64(), "0-1, the identifier's own; null if nothing could be said."),
        ("script", pa.string(), "ISO 15924 of most letters of the beginning (1,200 bytes); null without letters."),
        ("script_share", pa.float64(), "Share of these letters that are of it; null without letters."),
    ),
    *_measures(
        "truncation",
        ("truncated", pa.bool_(), "The text stops before the article does."),
        ("truncation_kind", pa.string(), "marker, paywall, teaser, midsentence or contained; null if not truncated."),
        ("truncation_evidence", TEXT, "What was seen, verbatim; null if not truncated."),
    ),
    *_measures(
        "bylines",
        ("byline", TEXT, 'Names credited in the text, joined by "; "; null if none.'),
        ("byline_kind", pa.string(), "person, agency, staff or none: who is credited in the text."),
        ("byline_line", pa.int32(), "The line of the credit; null if none."),
        ("field_byline", TEXT, "The byline field as read; null if missing. Also of empty articles."),
        ("field_byline_kind", pa.string(), "person, agency, staff, outlet, junk or none. Never null."),
        ("missing_byline", pa.bool_(), "Neither field nor text credits anyone; of an empty article by the field alone."),
    ),
    *_measures(
        "titles",
        ("title_repeats", pa.int32(), "Head lines that repeat the headline; without a title field only further ones."),
        ("repeated_title", pa.bool_(), "title_repeats > 0."),
        ("title_cluster", pa.int64(), "First article with the same headline; null if alone."),
        ("retitled", pa.bool_(), "An article with the same text has another headline."),
        ("title_disagrees", pa.bool_(), "Next to no word of the headline is in the text; null where too few words tell."),
    ),
    *_measures(
        "boilerplate",
        ("boilerplate_lines", pa.list_(pa.int32()), "Lines that are no part of the article, ascending; empty list if none."),
        ("boilerplate_share", pa.float64(), "Characters in these lines by all characters in lines, 0-1."),
        ("listing", pa.bool_(), "A page of headlines or links, no article."),
    ),
    *_measures(
        "damage",
        ("encoding_damage", pa.bool_(), "Mojibake, U+FFFD, undecoded entities, C1 controls, or letters lost."),
        ("lost_letters", pa.bool_(), "Letters of a script deleted or replaced by question marks."),
        ("fixes", pa.list_(pa.string()), "ftfy's steps that changed something, in order, each once."),
    ),
    *_measures(
        "quality",
        ("gopher_mean_word_length", pa.float64(), "Characters a word."),
        ("gopher_hash_ratio", pa.float64(), "Number signs by words."),
        ("gopher_ellipsis_ratio", pa.float64(), "Ellipses by words."),
        ("gopher_bullet_lines", pa.float64(), "Share of lines that start with a bullet."),
        ("gopher_ellipsis_lines", pa.float64(), "Share of lines that end in an ellipsis."),
        ("gopher_alpha_words", pa.float64(), "Share of words with a letter."),
        ("gopher_stop_words", pa.int32(), "Distinct stop words of the article's language; null for a language without a list."),
        ("gopher_dup_lines", pa.float64(), "Share of lines that repeat an earlier line."),
        ("gopher_dup_line_chars", pa.float64(), "Share of characters in such lines."),
        ("gopher_dup_paragraphs", pa.float64(), "Share of paragraphs that repeat an earlier one."),
        ("gopher_dup_paragraph_chars", pa.float64(), "Share of characters in such paragraphs."),
        *[(f"gopher_top_{n}gram", pa.float64(), f"Share of word characters in the most frequent {n}-gram.") for n in (2, 3, 4)],
        *[(f"gopher_dup_{n}gram", pa.float64(), f"Share of word characters covered by repeated {n}-grams.") for n in range(5, 11)],
        ("c4_sentences", pa.int32(), "Sentences in the lines that C4 keeps."),
        ("c4_kept_lines", pa.float64(), "Share of lines that C4 keeps."),
        ("c4_javascript", pa.bool_(), "A line mentions javascript."),
        ("c4_policy", pa.bool_(), "A line mentions a policy phrase."),
        ("c4_lorem_ipsum", pa.bool_(), "Holds placeholder text."),
        ("c4_curly_brace", pa.bool_(), "Holds an opening curly brace."),
        ("fineweb_punctuated_lines", pa.float64(), "Share of lines that end in terminal punctuation."),
        ("fineweb_short_lines", pa.float64(), "Share of lines of at most 30 characters."),
        ("fineweb_dup_line_chars", pa.float64(), "Share of characters in repeated lines."),
        ("fineweb_lines_per_word", pa.float64(), "Line ends by words."),
        ("refinedweb_removed_lines", pa.float64(), "Share of lines that are capitals, numbers, a counter or one word."),
        ("refinedweb_removed_words", pa.float64(), "Share of words in such lines, and in what is edited out of short ones."),
        ("fineweb2_dropped", pa.bool_(), "FineWeb 2's filters would drop it; null for a language without bounds."),
        ("fineweb2_rule", pa.string(), "The column whose bound it breaks first; null if none."),
    ),
    *_measures(
        "duplicates",
        ("exact_cluster", pa.int64(), "First article with the same cleaned text; null if alone."),
        ("near_cluster", pa.int64(), "The kept article of the near-duplicate cluster; null if alone."),
        ("duplicate", pa.bool_(), "Another article is kept instead of this one."),
        ("duplicate_of", pa.int64(), "That article; null if kept."),
        ("similarity", pa.float64(), "Exact Jaccard of the word 5-gram sets with it; null if kept."),
        ("contained", pa.bool_(), "Stands almost whole in a longer article."),
        ("contained_in", pa.int64(), "That article; null if not contained."),
        ("containment", pa.float64(), "Share of this article's shingles that it holds; null if not contained."),
    ),
)

MEASURES = pa.schema(
    [pa.field(c.name, c.type, metadata={"about": c.about, "definition": str(c.definition)}) for c in COLUMNS],
)
BY_NAME = {c.name: c for c in COLUMNS}

ARTICLES = pa.schema(
    [
        pa.field("article", pa.int64(), False),
        pa.field("id", TEXT, False),
        pa.field("file", TEXT, False),
        pa.field("line", pa.int64(), False),
        pa.field("source", TEXT),
        pa.field("url", TEXT),
        pa.field("date", TIME),
        pa.field("lang", pa.string()),  # the language field, where there is one; null otherwise
        pa.field("title", TEXT),
        pa.field("byline", TEXT),  # lists of authors joined by "; "
        pa.field("text", TEXT),  # as decoded, not cleaned; null if missing
    ]
)
"""What the corpus hands on, in batches: one row per article, in order, `article` counting from 0."""


def signatures(permutations: int) -> pa.Schema:
    """signatures.parquet: every article's MinHash signature; any row is a datasketch.LeanMinHash (across.near.lean)."""
    return pa.schema(
        [
            pa.field("article", pa.int64(), False),
            pa.field("text_hash", pa.binary(16)),  # null if empty
            pa.field("signature", pa.list_(pa.uint32(), permutations)),  # null if empty; all ones without a token
        ]
    )


FINDINGS = pa.schema(
    [
        pa.field("article", pa.int64(), False),
        pa.field("check", pa.string(), False),  # the measure it is evidence for
        pa.field("line", pa.int32()),  # null where the evidence is no place in the text (a byline field)
        pa.field("start", pa.int64()),
        pa.field("end", pa.int64()),
        pa.field("evidence", TEXT, False),  # verbatim, <= EVIDENCE characters
        pa.field("note", TEXT),  # what rule saw it, in a few words
    ]
)
EVIDENCE = 300

PAIRS = pa.schema(
    [
        pa.field("left", pa.int64(), False),
        pa.field("right", pa.int64(), False),
        pa.field("left_id", TEXT, False),
        pa.field("right_id", TEXT, False),
        pa.field("kind", pa.string(), False),  # exact, near or contained
        pa.field("jaccard", pa.float64(), False),
        pa.field("containment", pa.float64(), False),  # of the smaller set in the larger one
    ]
)

EXAMPLES = pa.schema(
    [
        pa.field("article", pa.int64(), False),
        pa.field("title", TEXT),
        pa.field("text", TEXT),  # as read, cut to EXAMPLE_CHARS
        pa.field("cut", pa.bool_(), False),  # whether it was cut
        pa.field("cleaned", TEXT),  # the cleaned text where cleaning changed it, cut likewise
        pa.field("why", pa.list_(pa.string()), False),  # the checks and "pair" that it is here for
    ]
)
EXAMPLES_AT_MOST = 2_000
EXAMPLE_CHARS = 20_000

CHANGES = pa.schema(
    [
        pa.field("file", TEXT, False),
        pa.field("line", pa.int64(), False),
        pa.field("id", TEXT, False),
        pa.field("field", TEXT, False),  # the field of the record, as a dotted path
        pa.field("step", pa.string(), False),  # ftfy's steps that changed something here, in order, joined by ", "
        pa.field("before", TEXT, False),  # a line of the field as read, with its line end
        pa.field("after", TEXT, False),
    ]
)
"""What `clean` changed, line by line."""

LEARNED = pa.schema(
    [
        pa.field("source", TEXT),  # null: articles without a source, or a line of many sources
        pa.field("text", TEXT, False),  # the line; of several spellings the first in code point order
        pa.field("articles", pa.int64(), False),  # distinct texts of the source (of the corpus) that hold it
        pa.field("of", pa.int64(), False),  # distinct texts of the source (of the corpus)
        pa.field("ruling", pa.string()),  # adopted or forbidden, where the user's `learned.yml` says so
    ]
)
"""learned.parquet: lines that recurrence found to be boilerplate, what the corpus taught. result.json and the report hold the most frequent that are
not forbidden."""
