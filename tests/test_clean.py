"""Cleaning is ftfy's, on every input; what is proven clean is not touched."""

import random
import re
import unicodedata
from dataclasses import replace
from functools import cache
from pathlib import Path

import ftfy
import numpy as np
import pyarrow as pa
import pytest
import yaml
from ftfy import chardata
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.errors import ConfigError
from audit.kernels import scan
from audit.kernels.utf8 import buffers
from audit.measure import automaton, clean, repair, rules

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "clean.yml").read_text(encoding="utf-8"))


# --- the slow, obvious reference


def unescapes(text: str, config: ftfy.TextFixerConfig) -> bool:
    """Whether entities are decoded in this article."""
    return "<" not in text if config.unescape_html == "auto" else bool(config.unescape_html)


def reference(text: str, config: ftfy.TextFixerConfig | None = None) -> tuple[str, set[str]]:
    """What ftfy makes of it, and its steps: fix_and_explain for every segment that fix_text makes, entities by the whole article."""
    config = (config or clean.CONFIG)._replace(unescape_html=unescapes(text, config or clean.CONFIG))
    out, at, names = [], 0, set()
    while at < len(text):
        end = text.find("\n", at) + 1 or len(text)
        end = min(end, at + config.max_decode_length)
        fixed, plan = ftfy.fix_and_explain(text[at:end], config)
        out.append(fixed)
        if fixed != text[at:end]:
            names |= {"fix_encoding" if step[0] in ("encode", "decode") else "normalize" if step[0] == "normalize" else step[1] for step in plan}
        at = end
    return "".join(out), names


def check(texts: list[str | None], config: ftfy.TextFixerConfig | None = None) -> None:
    """The batch equals the reference, text by text, and keeps what it promises of views and fixes."""
    column = pa.array(texts, pa.large_string())
    cleaned = clean.clean_batch(column, config)
    rows = zip(texts, cleaned.text.to_pylist(), cleaned.view.to_pylist(), cleaned.fixes.to_pylist(), strict=True)
    for text, got, view, fixes in rows:
        if text is None:
            assert (got, view, fixes) == (None, None, None)
            continue
        want, names = reference(text, config)
        assert clean.clean(text, config) == want
        assert got == want, (text, got, want)
        assert set(fixes) == names
        assert fixes == sorted(fixes, key=clean.STEPS.index)
        assert len(view.splitlines()) == len(text.splitlines()), (text, view)
        assert view == text or got != text


# --- text that provokes it

WORDS = (  # noqa: SIM905
    "the The of naïve café São Élan Über straße señor Ångström œuvre Œuvre Žižek Łódź İstanbul привет Россия Київ Ґанок Ελλάδα Ἀθῆναι "
    "العربية שלום हिन्दी বাংলা தமிழ் ภาษาไทย 日本語 がぎぐ 中国新闻 한국어 각 Việt tiếng 👍🏽 🇩🇪 ❤️ “quoted” ‘single’ it’s – — … • £5 €10 ¥100 "
    "50¢ §3 © ™ 20°C ½ × ÷ ² µm № ♥ Ã la Â à á ±5% l’été L’Équipe 「引用」 ＡＢＣ ﬁn ﾊﾝｶｸ ÃÂ â€™ Ã©"
).split()
SEPARATORS = ["", " ", "  ", "\n", "\r\n", "\r", "\t", ", ", ". ", "-", "\u00a0", "\u200b", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "?"]
ENTITIES = (  # noqa: SIM905, as a list they are three times as long
    "&amp; &lt; &nbsp; &eacute; &EACUTE; &Atilde;&copy; &acirc;&euro;&trade; &#39; &#8217; &#x2019; &#150; &#xD800; &#0; &#3; &#13; &#10; "
    "&amp;amp; &amp;#39; &bogus; &#bogus; &#x110000; &#99999999999; &amp &; &#; &AMP; &#x1F600; &#xfb01; &fjlig; &NotEqualTilde; &#x0301; "
    "&shy; &#x80; &#38;lt; &lt;b&gt; <b> &Tab; &NewLine; &ZeroWidthSpace; &#x85; &#8232; &#65279; &#27;[0m &#92; &#847; &#55357;&#56832;"
).split()
CONTROLS = [*map(chr, range(32)), *"\x7f\x80\x81\x91\x92\x93\x9d\x9f\ufeff\ufffc\u206a\ufff9\ufffd\ufffe\u200e\u202e\U000e0067", "\x1b[31m", "\x1b["]
MARKS = [chr(point) for point in (0x300, 0x301, 0x308, 0x30A, 0x327, 0x323, 0x338, 0x345, 0x93C, 0x94D, 0x9BE, 0x9D7, 0xBBE, 0x3099, 0x1161)]
MARKS += [chr(point) for point in (0x11A8, 0x1175, 0x11C2, 0x5B4, 0x5BC, 0x64B, 0x651, 0x653, 0x654, 0xE38, 0xF71, 0xF72, 0x1D165, 0x302A, 0x344)]
BASES = [*"aeioEICzس\u0928\u09c7\u0b92かハ\u1100\u1112가각\uac00اệǖ\u0f40\U0001d158ÅΩ\u2126豈\ufb1d\u0958éç"]


@cache
def sequences() -> list[list[np.ndarray]]:
    """For every sequence that ftfy's heuristic objects to, the code points that fit at each place."""
    ways = automaton.sequences(ftfy.badness.BADNESS_RE)
    fits = {repr(node): np.flatnonzero(automaton.members(node)) for _, nodes in ways for node in nodes}
    return [[fits[repr(node)] for node in nodes] for _, nodes in ways]


@cache
def alike() -> list[np.ndarray]:
    """The code points of each of the scan's classes."""
    classes = clean._tables().classes
    return [np.flatnonzero(classes == label) for label in range(int(classes.max()) + 1)]


def mojibake(source: random.Random, word: str) -> str:
    for _ in range(source.choice([1, 1, 1, 2, 3])):
        try:
            word = word.encode().decode(source.choice(chardata.CHARMAP_ENCODINGS))
        except UnicodeError:
            word = word.encode().decode("latin-1")
        if source.random() < 0.15:
            word = word.replace("\xa0", " ")
        if source.random() < 0.1:
            cut = source.randrange(len(word) + 1)
            word = word[:cut] + source.choice("\ufffd?") + word[cut + 1 :]
    return word


def piece(source: random.Random) -> str:
    kind = source.randrange(11)
    if kind == 0:
        return mojibake(source, source.choice(WORDS))
    if kind == 1:
        return "".join(chr(int(source.choice(points))) for points in source.choice(sequences()))
    if kind == 2:
        return "".join(chr(int(source.choice(source.choice(alike())))) for _ in range(source.randint(1, 5)))
    if kind == 3:
        return source.choice(ENTITIES)
    if kind == 4:
        return source.choice(CONTROLS)
    if kind == 5:
        return source.choice(BASES) + "".join(source.choices(MARKS, k=source.randint(0, 3)))
    if kind == 6:
        return "plain ASCII text that goes on for a while, " * source.randint(1, 4)
    if kind == 7:
        return chr(source.choice([source.randrange(0x80, 0x250), source.randrange(0x370, 0x530), source.randrange(0x2000, 0x2300)]))
    return source.choice(WORDS)


def article(source: random.Random) -> str:
    parts = []
    for _ in range(source.choice([1, 2, 3, 5, 8, 13])):
        parts.append(piece(source))
        parts.append(source.choice(SEPARATORS) if source.random() < 0.6 else "")
    return "".join(parts).encode("utf-8", "replace").decode()


# --- tests


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_cases(case: dict) -> None:
    """Each case becomes what it says, by the steps it says, with the view it says."""
    cleaned = clean.clean_batch(pa.array([case["text"]], pa.large_string()))
    assert cleaned.text.to_pylist() == [case.get("cleaned", case["text"])]
    assert cleaned.fixes.to_pylist() == [case.get("fixes", [])]
    assert cleaned.view.to_pylist() == [case.get("view", case.get("cleaned", case["text"]))]
    check([case["text"]])


@pytest.mark.parametrize("seed", range(4))
def test_fuzzed_text_equals_ftfy(seed: int) -> None:
    """Articles made of everything that ftfy mends, and of what only looks like it, come out as ftfy makes them."""
    source = random.Random(seed)
    check([article(source) for _ in range(2_000)])


OTHERS = [
    {"uncurl_quotes": True}, {"fix_latin_ligatures": True, "fix_character_width": True}, {"fix_c1_controls": False, "fix_surrogates": False},
    {"remove_terminal_escapes": False}, {"unescape_html": True}, {"unescape_html": False}, {"fix_encoding": False}, {"normalization": "NFKC"},
    {"normalization": None}, {"normalization": "NFD"}, {"fix_line_breaks": False}, {"remove_control_chars": False}, {"max_decode_length": 9},
    {"restore_byte_a0": False, "replace_lossy_sequences": False}, {"decode_inconsistent_utf8": False},
]  # fmt: skip


@pytest.mark.parametrize("other", OTHERS, ids=str)
def test_other_settings_equal_ftfy(other: dict) -> None:
    """With any other setting the fuzzed articles come out as ftfy makes them with it."""
    source = random.Random(11)
    check([article(source) for _ in range(300)], clean.configured(other))


REFUSED = [({"quotes": True}, "known: unescape_html"), ({"uncurl_quotes": "yes"}, "true or false"), ({"normalization": "x"}, "NFC")]


@pytest.mark.parametrize(("other", "said"), REFUSED)
def test_settings_that_ftfy_does_not_know_are_refused(other: dict, said: str) -> None:
    """An unknown name or value is refused with those that are known."""
    with pytest.raises(ConfigError, match=said):
        clean.configured(other)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\r\n&;#Ãâ€\x85\x0b<\u0301"), max_size=60), max_size=5)
)
def test_any_text_equals_ftfy(texts: list[str | None]) -> None:
    """Any column at all comes out as ftfy makes it, nulls as nulls."""
    check(texts)


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters() | st.sampled_from("\ud83d\ude00\n&Ãâ€"), max_size=40))
def test_one_text_equals_ftfy_even_with_surrogates(text: str) -> None:
    """`clean` and `steps` equal ftfy on a str that Arrow could not hold."""
    assert clean.clean(text) == reference(text)[0]
    assert bool(clean.steps(text)) == (clean.clean(text) != text)


def test_slices_and_empty_columns() -> None:
    """A slice of a column is cleaned as a column of its own; an empty one stays empty."""
    texts = ["caf&eacute;\r\n", None, "plain", "dâ€™or", "", "Ã©t\r"]
    column = pa.array(texts * 3, pa.large_string())
    for start in range(len(column)):
        part = column.slice(start, 5)
        assert clean.clean_batch(part).text.to_pylist() == [text and reference(text)[0] for text in part.to_pylist()]
        clean.clean_batch(part).text.validate(full=True)
    assert clean.clean_batch(column.slice(0, 0)).fixes.to_pylist() == []
    assert clean.clean_batch(pa.nulls(2, pa.large_string())).fixes.to_pylist() == [None, None]


def test_clean_columns_are_not_copied() -> None:
    """Where nothing changes, text and view are the column itself."""
    column = pa.array(["Plain.", "Été à Łódź – “so”", "中国新闻\n日本語", None], pa.large_string())
    cleaned = clean.clean_batch(column)
    assert cleaned.text is column
    assert cleaned.view is column


def test_lines_that_are_too_long_are_cut_as_ftfy_cuts_them() -> None:
    """What stands across a cut is mended piece by piece, as in ftfy.fix_text."""
    source = random.Random(5)
    texts = [article(source) for _ in range(400)] + ["aaaaaacafÃ©", "1234567Ã x", "123456e\u0301 and\n1234é&am", "123456Ã©\nshort", "1234&amp;67\r\n"]
    check(texts, clean.CONFIG._replace(max_decode_length=7))


def test_million_characters_on_a_line() -> None:
    """A line over ftfy's own limit is cut at it."""
    check(["x" * 999_999 + "Ã©" + "&amp;" + "y" * 30, "é" * 600_000])


def test_steps_say_where_and_what() -> None:
    """Each changed segment is told with the line it begins in, verbatim before and after."""
    changes = clean.steps("fine\none\rtwo\r\nthree &amp; Ã©\nfine")
    assert [(change.line, change.before, change.after) for change in changes] == [
        (1, "one\rtwo\r\n", "one\ntwo\n"),
        (3, "three &amp; Ã©\n", "three & é\n"),
    ]
    assert [change.fixes for change in changes] == [("fix_line_breaks",), ("unescape_html", "fix_encoding")]


@pytest.mark.parametrize("seed", [0, 1])
def test_cleaning_twice_is_cleaning_once(seed: int) -> None:
    """What is clean stays as it is, unless cleaning made line ends that were none: then ftfy sees other segments."""
    source = random.Random(seed + 100)
    texts = [article(source) for _ in range(1_500)]
    once = clean.clean_batch(pa.array(texts, pa.large_string())).text
    twice = clean.clean_batch(once).text.to_pylist()
    same = [text.count("\n") == before.count("\n") for text, before in zip(texts, once.to_pylist())]
    assert sum(same) > 500
    assert [after for after, stable in zip(twice, same) if stable] == [before for before, stable in zip(once.to_pylist(), same) if stable]


@pytest.mark.parametrize("case", CASES["unstable"], ids=lambda case: case["why"])
def test_listed_instabilities_are_ftfys(case: dict) -> None:
    """Each listed text really changes again when it is cleaned again, and ftfy agrees."""
    once = clean.clean(case["text"])
    assert once == reference(case["text"])[0]
    assert clean.clean(once) == reference(once)[0] != once


def test_every_flag_is_needed_or_harmless() -> None:
    """A line without a flag is never changed, character by character over all of Unicode, alone and between letters."""
    points = [point for point in range(0x110000) if not 0xD800 <= point < 0xE000]
    for pattern in ("{}", "a{}b"):
        texts = [pattern.format(chr(point)) for point in points]
        data, offsets = buffers(pa.array(texts, pa.large_string()))
        flagged = np.zeros(len(texts), bool)
        flagged[scan.lines(data, offsets, clean._tables())[0]] = True
        rest = [text for text, suspect in zip(texts, flagged) if not suspect]
        joined = "\n".join(rest)
        assert "\r" not in joined
        for start in range(0, len(rest), 50_000):
            part = "\n".join(rest[start : start + 50_000])
            for fixer in (ftfy.fixes.unescape_html, ftfy.fixes.fix_c1_controls, ftfy.fixes.fix_line_breaks, ftfy.fixes.remove_control_chars):
                assert fixer(part) == part
            assert not any(ftfy.badness.is_bad(text) for text in rest[start : start + 50_000])
            assert unicodedata.is_normalized("NFC", part)


def test_kept_tables_are_those_of_the_installed_ftfy() -> None:
    """The tables from the cache equal tables derived anew: a new ftfy or Python cannot drift silently."""
    for kept, derived in zip(clean._tables(), rules.derive(clean.ftfy_rules()), strict=True):
        assert np.array_equal(kept, derived)
    assert set(ftfy.FIXERS) <= set(clean.STEPS)


def test_patterns_that_cannot_be_written_out_suspect_more() -> None:
    """With a pattern of mojibake that is not finite every character beyond ASCII is flagged, and the result stays ftfy's."""
    given_rules = replace(clean.ftfy_rules(), badness=re.compile("(?:" + ftfy.badness.BADNESS_RE.pattern + ")(?=.*)", re.VERBOSE))
    tables = rules.derive(given_rules)
    data, offsets = buffers(pa.array(["plain", "dâ€™or", "été"], pa.large_string()))
    lines = repair.flagged(data, offsets, tables, given_rules.limit)
    assert lines.article.tolist() == [1, 2]
    changed = repair.repair(data, lines, tables, given_rules)
    assert changed.lines.article.tolist() == [1]


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("aÃé&#;3x<\n ’\x85"), max_size=30))
def test_automata_find_what_their_patterns_find(text: str) -> None:
    """An automaton accepts a text exactly where its pattern finds something."""
    for pattern in (ftfy.badness.BADNESS_RE, chardata.HTML_ENTITY_RE, re.compile(r"^[é&] |a{2,3}[^a]|(?:x|3)\s?Ã")):
        made = _automaton(pattern)
        state = automaton.START
        for char in text:
            state = int(made.step[state, made.classes[ord(char)]])
        assert (state == automaton.ACCEPT) == bool(pattern.search(text))


@cache
def _automaton(pattern: re.Pattern[str]) -> automaton.Automaton:
    return automaton.automaton(pattern)


@pytest.mark.parametrize("pattern", [r"a(?=b)", r"a*", r"(?i:a)b", r"a.*b", r"ab|", r"(a|b){9}\b"])
def test_patterns_beyond_the_automaton_are_refused(pattern: str) -> None:
    """Look-around, endless repeats, case folding and empty matches are refused rather than misread."""
    with pytest.raises(automaton.NotFiniteError):
        automaton.automaton(re.compile(pattern))


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    [
        "newsapi_60k",
        "agnews",
        "reuters21578",
        "windwild_blogs",
        "trafilatura_html",
        "cctv_zh",
        "jawikinews",
        "fundus_html",
        "allsides_dev",
        "fomc",
        "gum",
        "postlight_html",
        "readability_html",
    ],
)
def test_real_text_equals_ftfy(shared: Path, name: str) -> None:
    """The first articles of each corpus come out as ftfy makes them."""
    import io
    import json

    import zstandard

    with (shared / "corpora" / f"{name}.jsonl.zst").open("rb") as file:
        lines = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(file), "utf-8")
        texts = [json.loads(line).get("text") for _, line in zip(range(150), lines)]
    check(texts)


BROKEN = st.text(
    st.one_of(
        st.sampled_from(" ?.\x1aabcXYZ09\n"),
        st.characters(min_codepoint=0xA0, max_codepoint=0x17F),
        st.sampled_from("‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ\ufffd€ЂѓЉЊїαβγ"),
    ),
    max_size=12,
)


@settings(max_examples=2000, deadline=None)
@given(BROKEN)
def test_kept_encoding(text: str) -> None:
    """Where it is proven that mending mojibake leaves a text alone, ftfy's fix_encoding leaves it alone."""
    if clean.keeps_encoding(text):
        assert ftfy.fix_encoding_and_explain(text, clean.CONFIG)[0] == text


def test_kept_encoding_is_common() -> None:
    """Accents in running text that look like mojibake are proven to be none; what is none of these goes to ftfy."""
    assert clean.keeps_encoding("Slout frai fíméñt in qüéstér")
    assert not clean.keeps_encoding("the cafÃ© fíméñt")
    assert not clean.keeps_encoding("â€œ")
