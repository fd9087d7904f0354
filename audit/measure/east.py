"""Reporters' credits in Chinese, Japanese and Korean, where no space and no capital shows a name: 记者张三, 【記者李四／台北報導】, 홍길동 기자."""

from __future__ import annotations

import re
from functools import cache

from audit.measure import names, wording
from audit.measure.fold import typed

_REPORTER_EAST = re.compile(
    r"[(（【〔\[]?\s*(?:本报|本報|本台|本网|中央社|新华社|新華社|财经网)?(?:实习|實習|見習|见习|特约|驻\S{1,4})?"
    r"(?:记者|記者|通讯员|撰文|采写|作者|文|整理|取材・文|聞き手|筆者|執筆|構成|取材|著者)(?P<mark>\s*[:：/／|｜・＝= ]\s*|)"
    r"(?P<names>[^\s()（）【】〔〕\d:：。！？!?，,][^()（）【】〔〕\d:：。！？!?]{1,40}?)"
    r"\s*(?:(?:报道|報導|報道|摄影报道|综合报道|摄|文)|[)）】〕\]／/]|$)"
)
_KO_JOIN = re.compile(r"\s?[·,ㆍ/、]\s?")
_REPORTER_KO = re.compile(
    r"(?:^|[\s/\[(=【])(?P<names>[\uac00-\ud7a3]{2,4}(?:[·,ㆍ/、]\s?[\uac00-\ud7a3]{2,4})*)\s?(?:선임|전문|인턴|객원|수습)?(?:기자|특파원|논설위원|통신원)(?![가-힣])"
)
_BRACKETED_EAST = re.compile(r"[\[［【]([^\[\]［］【】，,]{2,24})[，,]\s?[^\[\]［］【】]{2,30}[\]］】]")


def reporter(line: str) -> tuple[tuple[str, ...], str] | None:
    """(names, rule) of a short line that is a reporter's credit by its shape; None if it is none."""
    if (match := _BRACKETED_EAST.fullmatch(line)) and (people := names.whole(match[1])):
        return people, "name and outlet in brackets"
    if typed(line).isascii():
        return None
    if len(line) <= 80 and (korean := _REPORTER_KO.search(line)):
        return tuple(_KO_JOIN.split(korean["names"])), "name and reporter"
    if (east := _REPORTER_EAST.match(line)) is None:
        return None
    found = east["names"]
    people = names.whole(found)
    if not people or found.startswith(_never()) or (not east["mark"] and east.end() < len(line) and len(line) > 40):
        return None
    return people, "reporter and name"


@cache
def _never() -> tuple[str, ...]:
    return tuple(word for language, word in wording.entries("byline", "no_name") if language in ("zh", "ja", "ko"))
