"""What kernels see at a glance: the lines are Python's own, and where a rule finds something a kernel has said that it may."""

from itertools import groupby

import numpy as np
import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from audit.kernels import filed, hurts
from audit.kernels.flags import BLANK, ENDED, FAR, HITS, POSTED, PROSE, READ, SHAPE, SIGNED, UNSEEN
from audit.kernels.jit import kernel
from audit.measure import alone, blocks, boilerplate, bylines, credits, damage, fold, index, marks, shapes, signatures, truncation
from audit.measure.article import Article
from audit.measure.glance import Glance, glance, hurt_at
from audit.measure.titles import Affixes
from audit.measure.titles import find as headline

LEXICON = marks.load()
PLEA = {"ask", "channel"}
"""Kinds of phrases that say nothing without the other."""
FOLDED = kernel(filed.folded.py_func)
EXAMPLES = sorted({phrase.example for table in (LEXICON.wholes, LEXICON.words, LEXICON.pairs) for of in table.values() for phrase in of})
CREDITS = [
    "By Jane Roe", "Von Jane Roe, Berlin", "Jane Roe is a reporter at the Example.", "LONDON (Reuters) - The river rose.", "(Reporting by Jane Roe)",
    "The river rose. (jr)", "記者張三／台北報導", "홍길동 기자", "2 May 2022 // Jane Roe", "Sincerely,", "Jane Roe", "— Jane Roe",
    "ENDS", "AFP", "Web Desk",
    "Sportredaktion", "IN-Redaktion",
    "Jane Roe contributed to this report.", "A quiet town Posted 3 March 2020 by Jane Roe", "... at the border. By Jane Roe",
]  # fmt: skip
SHAPES = [
    "https://example.org/a",
    "> Home > News > Bern >",
    "3 March 2020",
    "Storm hits coast Storm hits coast",
    "[a](b)",
    "#3",
    "12",
    "• one",
    "»» more",
]
PROSE_LINE = "The mayor said that the bridge would open in spring, and nobody in the room believed a word of it, she least of all."
anything = st.text(max_size=60)
lines = st.lists(
    st.one_of(st.sampled_from(EXAMPLES), st.sampled_from(CREDITS), st.sampled_from(SHAPES), anything, st.just(PROSE_LINE), st.just("")), max_size=3
).map(" ".join)
texts = st.lists(st.one_of(lines, st.sampled_from(EXAMPLES), st.sampled_from(CREDITS), st.sampled_from(SHAPES)), min_size=1, max_size=30).map(
    "\n".join
)


def seen(text: str) -> Glance:
    """The glance at one text."""
    return glance(pa.array([text], pa.large_string()), LEXICON)


def articles(text: str) -> tuple[Article, Article]:
    """The same article, with looks and without."""
    look = seen(text)
    given = ("Storm hits coast", "Jane Roe", "example.org", "en")
    return Article(*given, look.lines(0), frozenset(), look.looks, look.sizes, look.full(0)), Article(*given, text.splitlines())


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text("a é☃\U0001f600\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029 ", max_size=90), min_size=1, max_size=4))
def test_lines_are_those_of_python(every):
    """Lines, their code points, what stands before them and whether they are blank are as `str.splitlines` and `str.isspace` have it."""
    look = glance(pa.array(every, pa.large_string()), LEXICON)
    for row, text in enumerate(every):
        first, last = look.firsts[row], look.firsts[row + 1]
        assert list(look.lines(row)) == text.splitlines()
        assert look.sizes[first:last] == list(map(len, text.splitlines()))
        assert [text[at : at + size] for at, size in zip(look.befores[first:last], look.sizes[first:last], strict=True)] == text.splitlines()
        assert look.full(row) == [number for number, line in enumerate(text.splitlines()) if line and not line.isspace()]
        assert [not flags & BLANK for flags in look.looks[first:last]] == [bool(line) and not line.isspace() for line in text.splitlines()]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(["a", "Be" * 4, "c" * 7, "d" * 63, "e" * 64, "f" * 65, "1" * 130, " ", "  ", ".", "(", "É", "ß", "ﬁ", "`", "\t", "王"])),
    st.integers(1, 90),
)
def test_words_of_a_line(parts, behind):
    """A line is folded as `fold` does it, and its words are runs of letters and numbers, each with its key."""
    text, words, line = "".join(parts), index.words(LEXICON), filed.room()
    data = np.frombuffer(text.encode() + b"z" * behind, np.uint8)
    n, _, sure, count = FOLDED(data, 0, len(text.encode()), len(text), words, line)
    folded = "".join(map(chr, line.letters[:n].tolist()))
    assert not sure or folded == fold.fold(text)
    runs = [(kind, "".join(run)) for kind, run in groupby(folded, lambda letter: bool(words.kinds[ord(letter)] & filed.ALNUM))]
    begins = np.cumsum([0, *(len(run) for _, run in runs)]).tolist()
    found = [(begin, index.word(run)) for begin, (kind, run) in zip(begins, runs, strict=False) if kind]
    assert list(zip(line.begins[:count].tolist(), line.keys[:count].tolist(), strict=True)) == found


@settings(max_examples=400, deadline=None)
@given(lines)
@example("ﬁnally Il vous reste 57% de cet article à lire")
def test_no_phrase_is_missed(line):
    """Where the lexicon finds a phrase, or a shape or a credit is read, the kernel has said that it may."""
    line = " ".join(line.split())
    if not line:
        return
    flags = seen(line).looks[0]
    kinds = {hit.phrase.kind for hit in LEXICON.hits(line, True, True)}
    assert not (kinds - PLEA or kinds == PLEA) or flags & (HITS | UNSEEN)
    assert not shapes.shape(line, LEXICON.dates) or flags & SHAPE
    assert not (credits.glance(line) and credits.read(alone.undated(line), "en")) or flags & (READ | FAR)
    assert not signatures.signed(line, "de") or flags & (SIGNED | FAR)
    assert not (len(line) > 20 and signatures.posted(line)) or flags & POSTED
    if flags & ENDED:
        assert truncation._broken(line, "en", LEXICON) == ""
    if flags & PROSE:
        assert blocks.is_prose(line)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_looks_change_nothing(text):
    """Every detector says the same of an article whether kernels looked at it first or not."""
    found = []
    for article in articles(text):
        title = headline(article, Affixes({}))
        credit = bylines.find(article, title.lines)
        plate = boilerplate.find(article, LEXICON, title.lines | credit.credits)
        found.append((title, credit, plate, truncation.find(article, LEXICON, frozenset(plate.lines), credit.credits)))
    assert found[0] == found[1]


WORDS = st.sampled_from(
    ["Jane", "Roe", "J.", "O'Brien", "d'Arcy", "al-Sisi", "José", "van der", "JANE ROE", "RoeStaff", "Jane Roe", "Trump’s", "王小明", "Mr.", "Dr."]
    + ["is a reporter", "IS A WRITER", "was", "writes for", "can be reached at", "est journaliste", "(61) is", ", a writer, is", "an editor"]
    + ["and", "&", "of", "for", "said", "The", "the", "in", "LONDON", "Bern", "By", "By Jane Roe", "Posted", "Source", "Photo by", "Editing by"]
    + ["Staff Writer", "staff writer", "reporter", "AFP", "Reuters", "(Reuters) -", "(AP)", "/dpa/", "/AFP", "– AFP", "| March 3", "3.5.2024", "61"]
    + [
        ",",
        ";",
        ".",
        "!",
        "...",
        "…",
        "”",
        "-",
        "–",
        "—",
        "|",
        "/",
        "(",
        ")",
        "[",
        "]",
        "[+812 chars]",
        "(jr)",
        "Example",
        "example.org",
        "\u2009",
        "\t",
    ]
)
"""What names stand among, and what may be taken for a name, a dateline or a sign-off."""


@settings(max_examples=500, deadline=None)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=9).map(" ".join) | st.sampled_from([PROSE_LINE, "Sincerely,", ""]), min_size=1, max_size=12))
def test_no_credit_is_missed(lines):
    """Who is credited is the same whether kernels looked at the lines first or not."""
    given, slow = articles("\n".join(lines))
    assert bylines.find(given, frozenset()) == bylines.find(slow, frozenset())
    assert bylines.find(given, frozenset([0])) == bylines.find(slow, frozenset([0]))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(["don?t", "&amp;", "Ã©", "quot;We", "a ? b", ". ,", "St?dte und", "\ufffd", "PROSE", "it's"]), anything)).map(
        " ".join
    ),
    st.sampled_from(["de", "en"]),
)
def test_no_damage_is_missed(text, lang):
    """Where damage is found in a text that cleaning leaves alone, the kernel has said that it may be."""
    article = Article(None, None, None, lang, text.splitlines())
    (flags,) = hurt_at(pa.array([text], pa.large_string()))
    known = hurts.HURT | hurts.BARE if lang == "en" else hurts.HURT
    assert flags & known or damage.find(text.splitlines(), article, ()) == damage.HEALTHY


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*hurts.CONTRACTIONS, "Dont", "couldnſt", "wouldnt,", "weVe", "don't", "é", "İve", "the", "harbour " * 20, "\n"])))
def test_no_lost_apostrophe_is_missed(words):
    """Where apostrophes are found deleted, the kernel has said that they may be."""
    text = " ".join(words)
    (flags,) = hurt_at(pa.array([text], pa.large_string()))
    assert flags & hurts.BARE or not damage.find(text.splitlines(), Article(None, None, None, "en", text.splitlines()), ()).lost_letters
