"""The lexicons of phrases: every entry is found in its example, none in a hard negative, and a user's mistake is named."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.errors import SuiteError
from audit.measure import marks, phrases
from audit.measure.fold import fold, spelled, typed

NEGATIVES = yaml.safe_load((Path(__file__).parent / "cases" / "marks.yml").read_text(encoding="utf-8"))["negatives"]


def everything() -> list[phrases.Phrase]:
    """All shipped phrases, each once."""
    lexicon = marks.load()
    filed = (phrase for table in (lexicon.wholes, lexicon.words, lexicon.pairs) for found in table.values() for phrase in found)
    return [*filed, *lexicon.signs]


def found(line: str, lexicon: marks.Lexicon | None = None) -> list[str]:
    """The text of the phrases in a line that stands at the head and the tail."""
    return [hit.phrase.text for hit in (lexicon or marks.load()).hits(line, True, True)]


@given(st.one_of(st.text("aÉ ’“—…\xa0\u0301\u00ad`", max_size=20), st.text(max_size=20)))
def test_what_is_typed_folds_to_the_same(text):
    """Typesetting alone costs no normal form, and folds to what the normal form says."""
    assert fold(text) == fold(typed(text)) == " ".join(spelled(text).split())


def test_every_entry_is_found_in_its_example():
    """The index finds each shipped phrase in its own example, whatever it is filed under."""
    lost = [(phrase.kind, phrase.lang, phrase.text) for phrase in everything() if phrase.text not in found(phrase.example)]
    assert lost == []


def test_the_languages_are_covered():
    """The kinds that decide truncation know at least 25 languages, and the lexicon thousands of phrases."""
    every = everything()
    assert len(every) > 3_000
    for kind in ("truncation", "paywall", "related", "share"):
        assert len({phrase.lang for phrase in every if phrase.kind == kind}) >= 25, kind


@pytest.mark.parametrize("line", NEGATIVES)
def test_no_decisive_entry_is_found_in_a_hard_negative(line):
    """A line that only looks like a marker holds no phrase that would decide by itself."""
    decisive = [
        hit.phrase.text
        for hit in marks.load().hits(line, False, True)
        if hit.phrase.kind in ("truncation", "paywall", "teaser") and not hit.phrase.weak and not (hit.phrase.match == "whole" and line.endswith(":"))
    ]
    assert decisive == []


@settings(max_examples=300, deadline=None)
@given(st.text("aZ .…’—\xa0\t", min_size=1, max_size=30))
def test_the_place_of_a_phrase_in_a_typeset_line(line):
    """Where folding does no more than type and trim a line, what stands before a place is counted as fast as it is found by folding."""
    folded = fold(line)
    if folded and len(typed(line).strip()) == len(folded):
        for size in range(1, len(folded) + 1):
            assert marks._reaching_typed(line, size) == marks._reaching(line, size)


@pytest.mark.parametrize(
    "changed", [str.upper, str.title, "  {}  ".format, "{}…".format, lambda text: text.replace(" ", "\u00a0"), "\u200e{}".format]
)
def test_looks_do_not_matter(changed):
    """Case, spaces, invisible characters and punctuation around a whole line do not hide it."""
    assert "Share this article" in found(changed("Share this article"))


def test_the_span_is_of_the_line_as_it_stands():
    """A hit's place is in the line's own code points, though folding changes their number."""
    line = "  ﬁnally…  Il vous reste 57.09% de cet article à lire"
    (hit,) = [hit for hit in marks.load().hits(line, False, True) if hit.phrase.text.startswith("il vous reste")]
    assert line[hit.start : hit.end] == "Il vous reste 57.09% de cet article à lire"


def test_no_word_is_cut_by_a_phrase():
    """A phrase begins and ends where words do, in scripts that have spaces."""
    assert "get the app" not in found("Forget the apple")
    assert "続きを読む" in found("記事の続きを読む方へ")


def test_long_lines_are_looked_at_only_at_the_ends_of_an_article():
    """A line of prose in the middle holds no phrases; at the tail its end is looked at."""
    line = "The mayor said so, and so did the others who came. " * 9 + "Read the full story at example.org"
    assert marks.load().hits(line, False, False) == []
    (hit,) = [hit for hit in marks.load().hits(line, False, True) if hit.phrase.text == "read the full story at"]
    assert line[hit.start : hit.end] == "Read the full story at"


def test_own_phrases_are_added(tmp_path):
    """A file, or a folder with files of several kinds, adds its phrases; files of other forms are passed over."""
    (tmp_path / "related.yml").write_text(
        'en:\n  - "Worth a walk: {title}"\n'.replace('"Worth', '{phrase: "Worth').replace('}"', '}", example: "Worth a walk: The Bridge"}')
    )
    (tmp_path / "truncation.yml").write_text('xx:\n  - {phrase: "ask at the counter for the rest", match: in, where: tail}\n')
    (tmp_path / "byline.yml").write_text("en: {words: [By]}\n")
    lexicon = marks.load((tmp_path,))
    assert "Worth a walk: {title}" in found("Worth a walk: The Old Mill", lexicon)
    assert "ask at the counter for the rest" in found("Please ask at the counter for the rest.", lexicon)
    assert "ask at the counter for the rest" not in found("Please ask at the counter for the rest.")
    assert "Worth a walk: {title}" in found("Worth a walk: The Old Mill", marks.load((tmp_path / "related.yml",)))


MISTAKES = [
    ("related.yml", "en:\n  - {phrase: Mind, colour: red}\n", "unknown key 'colour'; known: phrase, where, match, weak, example"),
    ("related.yml", 'en:\n  - {phrase: "by {nmae}", example: by Jo}\n', "unknown slot {nmae}; known: {n}, {year}"),
    ("related.yml", "en:\n  - {phrase: Mind, where: middle}\n", "where is one of any, head, tail, line, not 'middle'"),
    ("related.yml", "en:\n  - {phrase: Mind, match: regex}\n", "match is one of whole, prefix, suffix, in, not 'regex'"),
    ("related.yml", "en:\n  - {phrase: Mind, weak: often}\n", "weak is true or false, not 'often'"),
    ("related.yml", 'en:\n  - {phrase: "by {name}"}\n  - {phrase: "of {n}"}\n', "entry 2 (of {n}): the phrase is not found in its example"),
    ("related.yml", "en:\n  - {phrase: Mind, example: gap}\n", "entry 1 (Mind): the phrase is not found in its example 'gap'"),
    ("related.yml", 'en:\n  - {phrase: "{any}", example: gap}\n', "a phrase of slots alone would find every line"),
    ("related.yml", "en:\n  - 12\n", "an entry is a phrase (in quotes), or a mapping"),
    ("related.yml", "en: Mind the gap\n", "a language has a list of entries, not str"),
    ("related.yml", "- Mind the gap\n", "maps a language"),
    ("related.yml", "en:\n  - {phrase: ' '}\n", "phrase is a text, not ' '"),
    ("related.yml", "en: [!!python/object:os.system ls]\n", "the tag"),
    ("relatde.yml", "en:\n  - Mind the gap\n", "no kind of phrase is called 'relatde'; a file is one of advert.yml"),
]


@pytest.mark.parametrize(("name", "content", "said"), MISTAKES, ids=[said[:40] for _, _, said in MISTAKES])
def test_a_mistake_is_named(tmp_path, name, content, said):
    """An error says the file, the entry, and what would work."""
    (tmp_path / name).write_text(content)
    with pytest.raises(SuiteError) as error:
        marks.load((tmp_path / name,))
    assert said in str(error.value)
    assert name in str(error.value)


def test_a_missing_file_is_named(tmp_path):
    """Marks that are not there are the user's to mend."""
    with pytest.raises(SuiteError, match="no marks at"):
        marks.load((tmp_path / "none",))


def test_a_phrase_is_no_pattern(tmp_path):
    """What would be a pattern is a literal."""
    (tmp_path / "related.yml").write_text('en:\n  - {phrase: "(a+)+$ .* [x]", match: in}\n')
    lexicon = marks.load((tmp_path,))
    assert "(a+)+$ .* [x]" in found("see (a+)+$ .* [x] here", lexicon)
    assert "(a+)+$ .* [x]" not in found("see aaaa anything x here", lexicon)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400), st.booleans(), st.booleans())
def test_any_line_can_be_looked_at(line, head, tail):
    """No line makes it raise, and every span lies in its line."""
    for hit in marks.load().hits(line, head, tail):
        assert 0 <= hit.start <= hit.end <= len(line)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([phrase.example for phrase in everything()][::7]), min_size=1, max_size=3).map(" ".join),
    st.text("  .,:“”’…>\u200e\u00e9", max_size=4),
)
def test_the_index_finds_what_a_plain_search_finds(line, around):
    """Filing phrases under words loses none that looking for each phrase in turn would find."""
    line = around + line + around
    if len(line) > marks.SHORT:
        line = line[: marks.SHORT]
    slow = {phrase.text for phrase in everything() if phrase.match != "whole" and phrase.find(fold(line))}
    assert slow <= set(found(line))
