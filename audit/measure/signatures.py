"""What a paragraph says about who made an article at its beginning or its end: datelines, sign-offs, bios, thanks to more hands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from audit.measure import names, wording
from audit.measure.credits import Credit, agencies, folded_agencies, outlet, read
from audit.measure.fold import fold

SURE, LIKELY = "about the author", "about a person"
_CLOSED_BY = re.compile(r"[.!?…»”“\"] ((?!Posted)[^\W\d_]{2,8} [^.!?]{4,80})$")
POSTED = ("Posted", "Published", "Veröffentlicht", "Publié", "Publicado", "Pubblicato", "Geplaatst", "Gepubliceerd")
"""What says when a page was posted, and by whom."""
_POSTED = re.compile(rf"\b(?:{'|'.join(POSTED)})\b[^.]{{0,30}}?\d[^!?]{{0,30}}?\s(?:by|von|par|por|da|door)\s+")
_AGED = re.compile(r"^\s*\([^)]{1,20}\)")
_DATE_BEHIND = re.compile(r",\s*\d{1,2}[./]\d{1,2}[./]\d{2,4}$")
_INITIALS = re.compile(r"(?<=[.!?…\"“”»’')\s])\(([a-zäöüß]{2,4}(?:[/,.\-][a-zäöüß]{2,8}){0,3})\)$|[.)!?“”\"] ([a-z]{2,3})$")
_SIGNED = re.compile(r"[(（【\[〔]((?!\+)[^()（）【】\[\]〔〕]{2,200})[)）】\]〕][.。]?$")  # "[+812 chars]" is no credit
_DASHED = re.compile(r"(?:^\s*(?:[–—―~]|--)|[.!?。]\s?(?:[–—―~]|--?))\s*([^\W\d_][^.!?:]{2,60})$")
CITY = 61
"""A city that a dateline begins with, and what stands beside it, is no longer (characters)."""
_DATELINE = re.compile(
    r"(?P<city>[^\W\d_a-z][^()（）:!?\n]{1,60}?)?\s*[(（]\s*(?P<agency>[^\W\d_][^()（）\n]{1,40}?)\s*[)）]\.?\s*[-–—―:=]"
    r"|(?P<city2>[^\W\d_a-z][^()（）:!?\n]{1,60}?)\s*[-–—,.]\s*(?P<agency2>[^\W\d_][^-–—.,()\n]{1,30}?)\s*(?:[-–—]\s|\.\s)"
    r"|(?P<city3>[^\W\d_a-z][^()（）:!?/\n]{1,60}?)\s/(?P<agency3>[^\W\d_][^/\n]{0,38}[^\s/])/(?:\.?\s|\s?[-–—])"
)
_DATELINE_EAST = re.compile(
    r"\s*(?P<agency>[\u4e00-\u9fff]{2,6}?(?:社|网|網))\S{2,12}?(?:\d{1,2}月)?\d{1,2}日[^\s。]{0,6}?[电電讯訊](?:\s*[（(](?:记者|記者)?\s*(?P<zh>[^()（）]{2,40})[)）])?"
    r"|\s*[(\[【（]\S{1,12}?\s?=\s?(?P<agency2>[^)\]】）]{2,20})[)\]】）]"
    r"\s*(?P<ko>[\uac00-\ud7a3]{2,4}(?:[·,ㆍ ]{1,2}[\uac00-\ud7a3]{2,4})*?)?\s?(?:기자|특파원|인턴기자)?\s?="
    r"|\s*[\[［【](?P<city>\S{1,12}?)\s*(?:\d{1,2}日)?\s*[=＝\s]?(?P<agency3>共同|時事|時事通信|ロイター|AFP|AP)[\]］】]"
)
_SIGNED_EAST = re.compile(r"[（(](?:本报|本報|新华社|新華社|中央社)?(?:记者|記者)\s*([^（）()]{2,60})[）)]?$")
CLOSED = frozenset(")）]】〕")
"""What a sign-off in brackets ends with."""
_OPENED = "(（【[〔"
_DASH = re.compile("[–—―~]|--| -")
_PLACED = re.compile(r"^(?:[\u30a1-\u30ff・ー]+|[\u4e00-\u9fff]{2,4}[＝=・])[＝=・]?([\u4e00-\u9fff]{2,3}\s?[\u4e00-\u9fff\u3040-\u309f]{1,4})$")


@cache
def helped_after() -> tuple[str, ...]:
    """What stands behind the names of those who helped."""
    return wording.every("byline", "helped_after")


@cache
def _bio() -> tuple[dict[str, tuple[str, ...]], re.Pattern[str]]:
    """(language -> its verbs, folded, and a space behind each; any role)."""
    verbs: dict[str, list[str]] = {}
    for language, verb in wording.entries("byline", "bio"):
        verbs.setdefault(language, []).append(fold(verb) + " ")
    roles = "|".join(map(re.escape, wording.every("byline", "bio_role")))
    return {language: tuple(entries) for language, entries in verbs.items()}, re.compile(rf"(?<!\w)(?:{roles})(?!\w)", re.IGNORECASE)


def helped(line: str) -> Credit | None:
    """A line such as "Jane Roe contributed to this report.": it names more hands, none of them the author."""
    if len(line) > 600:
        return None
    for phrase in helped_after():
        if phrase in line:
            named = line.lstrip(" (*").startswith(("The ", "the ")) or names.leading(line.strip(" ()*_—–-"))[0]
            return Credit("none", (), "helped", 0, len(line.rstrip()), "more hands") if named else None
    return None


def bio(line: str, lang: str | None) -> Credit | None:
    """A sentence about the author: "Jane Roe is a reporter at ..."; None if the line is none.

    Its rule is SURE, or LIKELY where a sentence about anyone could read so.
    """
    if len(line) > 700:
        return None
    every, roles = _bio()
    people, tail = _called(line[:200].strip(" *_—–-•⦁"))
    if not 1 <= len(people) <= 3:
        return None
    rest = (_AGED.sub("", tail) if "(" in tail else tail).strip()
    verbs = every.get(lang or "en", every["en"])
    said = fold(rest[:40])
    about = said.startswith(verbs) or (said.startswith((", a ", ", an ")) and any(f", {verb}" in rest for verb in verbs))
    sure = (about and roles.search(rest[:80])) or said.startswith(_reached())
    if sure or said.startswith(_told()) or (said.startswith(", ") and any(f", {verb}" in rest[:160] for verb in verbs)):
        at = line.find(people[0])
        return Credit("person", people, "bio", max(at, 0), len(line.rstrip()), SURE if sure else LIKELY)
    return None


def _called(text: str) -> tuple[tuple[str, ...], str]:
    """Names at the beginning, behind one word of a role ("Korrespondent John Doe"), and what follows them."""
    first, _, rest = text.partition(" ")
    if names.has_role(first):
        people, tail = names.leading(rest)
        if people:
            return people, tail
    return names.leading(text)


@cache
def _reached() -> tuple[str, ...]:
    return tuple(fold(entry) for entry in wording.every("byline", "reached"))


@cache
def _told() -> tuple[str, ...]:
    return tuple(fold(entry) + " " for entry in wording.every("byline", "told"))


def about() -> Iterator[str]:
    """What a bio has one of at the least, folded."""
    yield from (fold(role) for role in wording.every("byline", "bio_role"))
    yield from (entry.rstrip() for entry in (*_reached(), *_told()))
    yield from (f", {verb.rstrip()}" for verbs in _bio()[0].values() for verb in verbs)


def tells() -> Iterator[str]:
    """The words that a bio goes on with behind its names, if not with a comma."""
    verbs = (verb for entries in _bio()[0].values() for verb in entries)
    yield from (entry.split()[0] for entry in (*verbs, *_reached(), *_told()))


def closed(line: str, lang: str | None) -> Credit | None:
    """A credit that closes a first paragraph: "... at the border. By Jane Roe"."""
    if len(line) <= 120:
        return None
    match = ended(line[-120:].rstrip())
    if match is None or not match[1][0].isupper() or match[1].endswith(")"):
        return None
    credit = read(match[1], lang)
    if credit is None or credit.kind != "person" or credit.part != "author" or not credit.rule.startswith("after"):
        return None
    end = len(line.rstrip())
    return replace(credit, start=end - len(match[1]), end=end)


def posted(line: str) -> Credit | None:
    """A credit behind a date in the page's own words: "A quiet town Posted 3 March 2020 by Jane Roe"."""
    match = _POSTED.search(line[:300])
    people = names.leading(names.unglue(line[match.end() : match.end() + 80]))[0] if match else ()
    return Credit("person", people, "author", match.start(), match.end() + len(people[0]), "posted by") if match and people else None


def bracketed(text: str) -> re.Match[str] | None:
    """The brackets that close a text; there is no bracket in them."""
    return _SIGNED.match(text, max(0, *map(text.rfind, "([" if text.isascii() else _OPENED)))


def ended(text: str) -> re.Match[str] | None:
    """What may be a credit behind the last sentence of a text; none of ".", "!" and "?" is in it."""
    return _CLOSED_BY.search(text, max(0, *map(text.rfind, ".!?")))


def signed(line: str, lang: str | None) -> Credit | None:
    """A credit at the end of a paragraph: "(Reporting by ...)", "(phy)", "— Jane Roe", 【ソウル＝...】."""
    tail = line.rstrip(" \t+")
    base = max(0, len(tail) - 260)
    end = tail[base:]
    if end.rstrip(".。")[-1:] in CLOSED and (match := bracketed(end)):
        credit = _inside(match[1], lang) or (
            _bracketed(match[1], end[: match.start()].rstrip()) if match[0][0] in "(（" and end[-1] in CLOSED else None
        )
        if credit:
            return replace(credit, start=base + match.start(), end=len(tail))
    if not end.isascii() and ("记者" in end or "記者" in end) and (match := _SIGNED_EAST.search(end)) and (people := names.leading(match[1])[0]):
        return Credit("person", people, "author", base + match.start(), len(tail), "signed")
    if (lang in _WITH_INITIALS) and (match := _INITIALS.search(end)):
        return Credit("person", (match[1] or match[2],), "author", base + match.start(match.lastindex or 0), len(tail), "an author's initials")
    if _DASH.search(end[-66:]) and (match := _DASHED.search(end)):
        people, rest = names.leading(match[1])
        if (
            people
            and (not rest.strip() or rest.lstrip().startswith(","))
            and not any(names.is_heading(name) or names.is_body(name) for name in people)
        ):
            return Credit("person", people, "author", base + match.start(1), len(tail), "signed")
    return None


_WITH_INITIALS = frozenset(("de", "pl", "cs", "id", "sk", "hu", "da", "nl"))


def _inside(text: str, lang: str | None) -> Credit | None:
    """A credit in brackets; of several, parted by semicolons, the one that credits the most."""
    found = [credit for part in re.split(r"\s*;\s*", text) if (credit := read(part, lang) or helped(part))]
    for part in ("author", "reporting", "helped", "edited"):
        for credit in found:
            if credit.part == part:
                return credit
    body = outlet(text, strict=True)
    if body:
        return Credit(body[0], body[1], "author", 0, len(text), "signed")
    if not text.isascii() and (people := _placed(text)):
        return Credit("person", people, "author", 0, len(text), "signed")
    return None


def _bracketed(text: str, before: str) -> Credit | None:
    """Names in brackets behind the last sentence or an outlet's sign: "(Jane Roe)", "(Jane Roe from Berlin, 3.5.2024)", "MDR (Jane Roe)"."""
    undated = _DATE_BEHIND.sub("", text)
    people, rest = names.leading(undated)
    if not people or any(names.is_heading(name) or names.is_body(name) for name in people):
        return None
    behind = before.endswith((".", "!", "?", "…", "。")) or (before.isupper() and len(before) <= 12 and before.isalpha())
    if undated != text or (behind and not rest.strip()):
        return Credit("person", people, "author", 0, len(text), "signed")
    return None


def _placed(text: str) -> tuple[str, ...]:
    """Names behind their places: エルサレム松岡大地."""
    people = [match[1] for piece in re.split(r"[、，,]", text) if (match := _PLACED.match(piece.strip()))]
    return tuple(people)


def dateline(line: str) -> Credit | None:
    """The agency of a dateline: "LONDON (Reuters) -", "(서울=연합뉴스) 홍길동 기자 =", 新华社北京3月3日电."""
    head = line[:140].lstrip(' *_"“')
    if head.isascii() and not _is_placed(head):
        return None
    if not head.isascii() and (match := _DATELINE_EAST.match(head)):
        agency = match["agency"] or match["agency2"] or match["agency3"]
        people = names.whole(match["zh"]) if match["zh"] else tuple(re.split(r"[·,ㆍ ]+", match["ko"])) if match["ko"] else ()
        return Credit("person" if people else "agency", people or (agency,), "author", 0, match.end(), "dateline")
    if (match := _DATELINE.match(head)) is None or (match["agency2"] and head.isascii()):
        return None
    agency = (match["agency"] or match["agency2"] or match["agency3"]).strip()
    city = match["city"] or match["city2"] or match["city3"] or ""
    known = agency in agencies() or fold(agency).split("/")[0] in folded_agencies()
    coded = match["agency"] is not None and " " not in agency and len(agency) <= 12 and (not city or city[:1].isupper()) and _is_code(agency)
    if known or (coded and len(city.split()) <= 5):
        at = line.find(agency)
        return Credit("agency", (agency,), "author", max(0, at), max(0, at) + len(agency), "dateline")
    return None


def _is_placed(head: str) -> bool:
    """Whether a bracket or slash stands where it can behind a city; without one, the agency of a dateline is not known in ASCII."""
    bracket = head.find("(")
    return (bracket >= 0 and len(head[:bracket].rstrip()) <= CITY) or 0 <= head.find("/") <= CITY + 1


def _is_code(agency: str) -> bool:
    """Whether a word in a dateline's brackets reads as an agency's or a station's sign: KGO, epd, dpa/lby; no "Republican"."""
    return agency.isupper() or (agency.islower() and len(agency) <= 5) or any(c.isupper() for c in agency[1:])
