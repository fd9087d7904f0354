"""Lines that their shape alone shows to be the page's: addresses, links, paths of links, bare times."""

from __future__ import annotations

import re

from audit.measure.fold import fold

STAMP = 80
"""A line that only says when is no longer (characters)."""
PATH = 120
"""A path of links ("Home > News > Bihar") is no longer (characters)."""
DOUBLED = 30
"""A headline that stands twice in a line is no shorter with its copy (characters)."""
LONGEST = 200
"""A link is no longer (characters)."""
TIME, DOUBLE, PATHS = "a bare time", "a headline twice", "a path of links"

_ADDRESS = re.compile(r"[\s\-–—*•·>»(\[]*(?:https?://|www\.)\S+[\s)\]]*|[\s\-–—*•·]*[\w.+-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,60}){1,5}\s*", re.ASCII)
_LINKS = re.compile(r"[\s\-*•·|,]*(?:!?\[[^\[\]]{0,200}\]\([^()\s]{1,500}\)[\s\-*•·|,]*)+")
ARROWS = frozenset(">»▶►→➡👉☞")
"""What a link may begin with."""
_ARROW = re.compile(r"\s*(?:>>|»|▶|►|→|➡|👉|☞)\ufe0f?\s")
CRUMB = frozenset(">＞›»")
"""What stands between the steps of a path of links."""
_CRUMBS = re.compile(r"^(?!!\[)[^>＞›»]{1,40}\s[>＞›»]\s[^>＞›»]{1,60}\s[>＞›»]\s")
_BUTTONS = re.compile(r"(?:\[[^\[\]]{1,30}\]\s?){2,20}\s*")
_COMMENT = re.compile(r"\S.{1,40}\d{1,2}[:.]\d\d(?: ?[ap]\.?m\.?)?\s*[|·•-]?\s*#\d{1,5}\b", re.IGNORECASE)
_LOST = re.compile(r"(?:^|\s)[,.:;]\s|[%()]")
_COLUMNS = re.compile(r"\S\s{3,}\S.*\S\s{3,}\S|\d,\d{3}")
_DIGIT = re.compile(r"\d")
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d|\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|\b(?:19|20)\d\d\b")
_NO_DATE = re.compile(r"[\d_\s!-/:-@\[-`{-~·•–—|\u200e\u200f]+")


def shape(line: str, dates: frozenset[str]) -> str:
    """Why a line is boilerplate by its shape alone, "" if it is not."""
    if ("://" in line or "www." in line or "@" in line) and len(line) <= 600:
        if _ADDRESS.fullmatch(line):
            return "a bare address"
        if "](" in line and _LINKS.fullmatch(line):
            return "nothing but links"
    if line.lstrip()[:1] in ARROWS and len(line) <= LONGEST and _ARROW.match(line):
        return "a link with an arrow"
    if "#" in line and ":" in line and _COMMENT.match(line):
        return "a reader's comment"
    if line.startswith("[") and _BUTTONS.fullmatch(line):
        return PATHS
    if len(line) <= PATH and not CRUMB.isdisjoint(line) and _CRUMBS.search(line):
        return PATHS
    if len(line) > DOUBLED and _is_double(line.strip()):
        return DOUBLE
    if len(line) <= STAMP and _is_stamp(line, dates):
        return TIME
    return ""


def _is_double(line: str) -> bool:
    """Whether a line says the same twice: a link and the text of its picture."""
    half = len(line) // 2
    return line[:half] == line[half + 1 :] and line[half].isspace()


def _is_stamp(line: str, dates: frozenset[str]) -> bool:
    """Whether a line says when, and nothing else."""
    if line.rstrip().endswith((".", ":", ",")) or line.lstrip()[:1].islower() or line.lstrip().startswith("+"):
        return False
    if not _DIGIT.search(line) or _COLUMNS.search(line):
        return False
    words = _NO_DATE.sub(" ", fold(line)).split()
    if not words and _LOST.search(line):
        return False
    return dates.issuperset(words) and (len(words) > 1 or (bool(words) and words[0].isalpha() and len(words[0]) > 2) or bool(_CLOCK.search(line)))
