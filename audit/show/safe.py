"""Escapes: text of a corpus or a suite, made harmless for the terminal, Markdown, XML and CI commands, and still legible.

Nothing is dropped: what would act or hide (control characters, bidirectional overrides) is shown by name. The page needs
`visible` and `link` alone; the rest is Jinja's autoescape.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but tab and line feed, DEL, C1
    "\u202a-\u202e\u2066-\u2069"  # bidirectional embeddings, overrides and isolates; not the plain marks of Hebrew and Arabic text
    "\u2028\u2029\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e007f]"  # lone surrogates, noncharacters, tags
)
_MARKUP = re.compile(r"[\\`*_{}\[\]()<>#|~@&$^!]|(?<=www)\.|:(?=//)", re.IGNORECASE)
_COMMANDS = re.compile(r":(?=:)|#(?=#(?:\[|vso\[))", re.IGNORECASE)


def visible(text: str) -> str:
    r"""The text with each hidden character as its number; tab and line feed stay.

    >>> visible("a\x1b[31m\u202eb")
    'a⟦U+001B⟧[31m⟦U+202E⟧b'
    """
    return _HIDDEN.sub(lambda match: f"⟦U+{ord(match[0]):04X}⟧", text)


def line(text: str) -> str:
    """`visible` on one line: each run of white space is one space."""
    return " ".join(visible(text).split())


def clip(text: str, most: int) -> str:
    """At most `most` characters of the text, the last of them an ellipsis where it was cut."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def terminal(text: str) -> str:
    """The text on one line, for a terminal or a CI log: no control sequence, and no line that CI would take for a command.

    Runners obey `::error::` and `##[...]` in a log, the latter anywhere in a line; a word joiner takes their force.
    """
    return _COMMANDS.sub(lambda match: match[0] + "\u2060", line(text))


def message(text: str) -> str:
    """The text as the message of a GitHub workflow command; what ends a property's value is plain text in it."""
    return re.sub(r"[%\r\n]", lambda match: f"%{ord(match[0]):02X}", visible(text))


def command(text: str) -> str:
    """The text as the value of a property of a GitHub workflow command (`::error title=...::`)."""
    return re.sub(r"[%\r\n:,]", lambda match: f"%{ord(match[0]):02X}", visible(text))


def markdown(text: str) -> str:
    """The text as GitHub-flavoured Markdown on one line, also inside a table: literal, with no link and no mention.

    Punctuation that could be markup becomes a character reference, which is never markup (CommonMark 2.5); inside `<code>`
    GitHub links no @names, #numbers or :emoji: either.
    """
    return f"<code>{_MARKUP.sub(lambda match: f'&#{ord(match[0])};', line(text))}</code>"


def xml(text: str) -> str:
    """The text without characters that XML 1.0 forbids; the writer escapes markup."""
    return visible(text)


def link(url: str | None) -> str | None:
    """The URL where it is plain http or https with a host; None for anything else, which is then shown as text alone."""
    if url is None or visible(url) != url or any(char.isspace() or char in "<>\"'\\" for char in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname and not parts.username else None
