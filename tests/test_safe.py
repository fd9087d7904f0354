"""audit.show.safe: what would act on a reader's machine is shown instead."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.show import safe
from tests.attacks import ALL, ATTACKS

ANY = st.one_of(st.text(), st.text(st.characters(categories=("Cc", "Cf", "Cs", "Po", "Sm"))), st.sampled_from(ATTACKS))
HIDDEN = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\ufeff")


@given(ANY)
def test_nothing_acts(text):
    """No control character but tab and line feed, no override, no lone surrogate is left, and the text can be encoded."""
    shown = safe.visible(text)
    assert not [char for char in shown if unicodedata.category(char) in ("Cc", "Cs") and char not in "\t\n"]
    assert not HIDDEN & set(shown)
    shown.encode()


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cn", "Zl", "Zp"))))
def test_ordinary_text_stays(text):
    """Text of any script without hidden characters is left alone."""
    assert safe.visible(text) == text


@pytest.mark.parametrize("text", ["می‌خواهم", "👩‍👩‍👧", "שלום\u200f!", "Zu\u00adcker", "ไทย\u200bไทย"])
def test_joiners_and_marks_stay(text):
    """What scripts need to be written right (joiners, direction marks, soft hyphens) is no attack."""
    assert safe.visible(text) == text


@given(ANY)
def test_terminal_is_one_line(text):
    """For a terminal: one line, no escape, and nothing that a CI runner takes for a command."""
    shown = safe.terminal(text)
    assert "\n" not in shown
    assert "\x1b" not in shown
    assert "::" not in shown
    assert not re.search(r"##(\[|vso\[)", shown, re.IGNORECASE)


def test_terminal_is_legible():
    """The words of a command can still be read."""
    assert safe.terminal("::error::x").replace("\u2060", "") == "::error::x"


@given(ANY)
def test_command_is_one_value(text):
    """In a workflow command: no line end, no comma or colon that would start another property or value."""
    assert not re.search(r"[\r\n:,]", safe.command(text))


@given(ANY)
def test_message_is_one_line(text):
    """The message of a workflow command is one line, and the runner gives the text back."""
    shown = safe.message(text)
    assert not re.search(r"[\r\n]", shown)
    assert shown.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%") == safe.visible(text)


def test_command_escapes_percent_first():
    """An escape in the text is not taken for one of ours."""
    assert safe.command("100%\n%0A") == "100%25%0A%250A"


def test_markdown_renders_as_the_text():
    """A CommonMark renderer shows every attack as it stands, in a table too, with no link, image, tag or emphasis."""
    from markdown_it import MarkdownIt

    shown = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(
        f"| a | b |\n| --- | --- |\n| {safe.markdown(ALL)} | x |\n\n{safe.markdown(ALL)}\n"
    )
    assert shown.count("<td>") == 2
    assert set(re.findall(r"</?(\w+)", shown)) == {"table", "thead", "tbody", "tr", "th", "td", "p", "code"}
    import html

    cells = [html.unescape(part) for part in re.findall(r"<code>(.*?)</code>", shown)]
    assert cells == [safe.line(ALL)] * 2


@given(ANY)
def test_markdown_has_no_markup(text):
    """No character that is markup, and no address that GitHub makes a link of, is left in the text."""
    inner = safe.markdown(text).removeprefix("<code>").removesuffix("</code>")
    assert not re.search(r"[`*_\[\]<>|~@\n]|www\.|://", inner)
    assert not re.search(r"&(?!#\d+;)", inner)


@given(ANY)
def test_xml_is_legal(text):
    """Only characters of XML 1.0 are left, and a parser gives them back."""
    from xml.etree import ElementTree as ET

    element = ET.Element("a", b=safe.xml(text))
    element.text = safe.xml(text)
    assert ET.fromstring(ET.tostring(element, encoding="unicode")).text in (safe.xml(text), safe.xml(text).replace("\r", "\n"), None)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//evil.example", "http:///x", "https://user:pw@evil.example", "https://a b", 'https://a"b', "", None,
     "https://a\u202e.example", "http://[x", "file:///etc/passwd", "JAVASCRIPT://x%0aalert(1)", "https://a\x00.example", "ftp://a.example"],
)  # fmt: skip
def test_no_link(url):
    """Only plain addresses of the web become links."""
    assert safe.link(url) is None


def test_link():
    """An address of the web is one."""
    assert safe.link("https://example.org/a?b=c#d") == "https://example.org/a?b=c#d"


@given(st.text(), st.integers(1, 50))
def test_clip_keeps_the_beginning(text, most):
    """A clipped text is no longer than asked, and begins as the text does."""
    cut = safe.clip(text, most)
    assert len(cut) <= most
    assert cut == text or text.startswith(cut[:-1])
