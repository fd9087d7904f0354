"""The language of an article, by its field or by its text."""

from __future__ import annotations

import socket
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.kernels import heads
from audit.kernels.lines import plain
from audit.kernels.utf8 import buffers
from audit.measure import language, languages

CASES = yaml.safe_load(Path(__file__).with_name("cases").joinpath("language.yml").read_text("utf-8"))


def detect(texts: list[str | None], fields: list[str | None] | None = None) -> list[tuple[str | None, float | None]]:
    langs, sure = language.detect(pa.array(texts, pa.large_string()), pa.array(fields or [None] * len(texts), pa.string()))
    assert (langs.type, sure.type) == (pa.string(), pa.float64())
    return list(zip(langs.to_pylist(), sure.to_pylist(), strict=True))


@pytest.mark.parametrize("case", CASES, ids=[f"{case['lang']} {case['text'][:20]}" for case in CASES])
def test_case(case):
    """A text has the language that its readers would name, and none where the identifier cannot know it."""
    assert detect([case["text"]], [case.get("given")])[0][0] == case["lang"]


def test_null():
    """An empty article has no language, whatever its field says; one without letters has no confidence either."""
    assert detect([None, None, "123"], ["en", None, None]) == [(None, None), (None, None), (None, None)]
    assert detect([]) == []


def test_given():
    """What the field says is certain."""
    assert detect(["Guten Morgen"], ["eng"]) == [("en", 1.0)]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.text(st.one_of(st.sampled_from("\x00\n\r \u2028aあ가王<"), st.characters(exclude_categories=["Cs"]))), max_size=4),
    st.text(max_size=5),
)
def test_hostile(texts, field):
    """No text and no field makes it raise; what it says is a known code and a share; each article is by itself."""
    found = detect(texts, [field] * len(texts))
    for lang, sure in found:
        assert lang is None or languages.code(lang) == lang
        assert sure is None or 0 <= sure <= 1
    assert found == [detect([text], [field])[0] for text in texts]


SIGNS = st.text(st.one_of(st.sampled_from("ab \n\r\x0b\x1c\x85\u2028\u10ff\u1100あ가王ｦ\u3040é\U0001f600"), st.characters(exclude_categories=["Cs"])))


@settings(max_examples=300, deadline=None)
@given(st.lists(SIGNS, max_size=4), st.integers(1, 12))
def test_heads(texts, most):
    """The longest line, the head and whether it is of East Asia are what Python says of the first characters."""
    data, cuts = buffers(pa.array(["é", *texts], pa.large_string())[1:])
    rows = np.zeros((len(texts), 4), np.int64)
    heads.look(data, cuts, most, plain(), rows)
    for text, start, (begin, end, last, east) in zip(texts, cuts[:-1].tolist(), rows.tolist(), strict=True):
        head = text[:most]
        assert str(data.data[start:last], "utf-8") == head
        assert str(data.data[begin:end], "utf-8") == max(head.splitlines() or [""], key=len)
        assert east == any(first <= ord(sign) <= final for sign in head for first, final in heads.EASTERN)


def test_stretches():
    """Two stretches of a line that agree count for more than names of pictures above it; a shorter line does not."""
    pictures = "".join(f"![](kai-hafen-kran-liste/img_{number:03}.jpg)\n" for number in range(9))
    line = (
        "Deployments on Harbour use [Fluid quay](https://harbour.example/fluid) with [Active crane pricing](https://harbour.example/blog/active-crane-"
        "pricing) by default. Your crane scales up and down with the traffic that it sees, and you pay only for the time in which it works on a ship."
    )
    assert [language._identify(part)[0] for part in (line[:160], line[160:320])] == ["en", "en"]
    assert [lang for lang, _ in detect([pictures + line, pictures + line[:230], line[:160] + "\n" + pictures + "¡" * 150])] == ["en", None, None]


def test_codes():
    """Each code of the table has two letters and one row, and no name stands for two languages."""
    rows = [row.split() for row in languages.TABLE.replace("\n", ";").split(";") if row.strip()]
    codes = [row[0] for row in rows]
    names = [name for row in rows for name in row]
    assert all(len(code) == 2 for code in codes)
    assert len(set(codes)) == len(codes) == 183
    assert len(set(names)) == len(names)


def test_no_network(monkeypatch, tmp_path):
    """The model comes from the installed package: no socket, no file in the temporary folder."""

    def refuse(*_: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    language._model.cache_clear()
    assert detect(["The president said on Tuesday that he would sign the bill."])[0][0] == "en"
    assert not list(tmp_path.iterdir())
