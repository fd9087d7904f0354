"""The news suite on articles: 300 sound ones pass; each single defect fails exactly its own expectation."""

import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import audit

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
FIRST = ("Ann", "Robert", "Ellen", "Tom", "Clara", "Henry", "Ruth", "Simon", "Laura", "Peter")
LAST = ("Marsh", "Quill", "Weller", "Fenwick", "Harper", "Lowell", "Prentice", "Sutton", "Thorne", "Yardley")
Article = dict[str, Any]


def _sentences() -> list[str]:
    """Plain sentences of the English seed articles."""
    found = set()
    for path in SEEDS.glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            for paragraph in json.loads(line)["text"].split("\n\n"):
                found |= set(re.findall(r"(?<![^ ])[A-Z][a-z]*(?: [a-z,-]+){7,30}\.(?![^ ])", paragraph))
    return sorted(found)


def sound(number: int = 300) -> list[Article]:
    """Distinct articles of three paragraphs, credited, whole, from thirty sources."""
    chance = random.Random(7)
    sentences = _sentences()
    articles = []
    for i in range(number):
        picked = chance.sample(sentences, 9)
        words = chance.sample(" ".join(sentences).lower().replace(".", "").replace(",", "").split(), 4)
        articles.append(
            {
                "id": str(i),
                "title": f"{words[0].capitalize()} {words[1]} as {words[2]} meets {words[3]} again in case {i}",
                "byline": f"{chance.choice(FIRST)} {chance.choice(LAST)}",
                "source": f"paper{i % 30}.example",
                "date": f"2024-{i % 12 + 1:02}-{i % 28 + 1:02}",
                "text": "\n\n".join(" ".join(picked[at : at + 3]) for at in (0, 3, 6)),
            }
        )
    return articles


def _truncated(article: Article, _: Article) -> None:
    article["text"] = article["text"].rsplit("\n\n", 1)[0] + "\n\nRead the rest of this article at"


def _uncredited(article: Article, _: Article) -> None:
    article["byline"] = None


def _retold(article: Article, _: Article) -> None:
    article["text"] = f"{article['title']}\n\n{article['text']}"


def _garbled(article: Article, _: Article) -> None:
    article["text"] = article["text"].replace(".", ". Itâ€™s said that itâ€™s so.", 1)


def _copied(article: Article, before: Article) -> None:
    article["text"], article["title"] = before["text"], before["title"]


DEFECTS: dict[str, Callable[[Article, Article], None]] = {
    "truncated": _truncated,
    "missing_byline": _uncredited,
    "repeated_title": _retold,
    "encoding_damage": _garbled,
    "duplicate": _copied,
}


def _failed(articles: list[Article], out: Path) -> set[str]:
    return {verdict.measure for verdict in audit.audit(articles, out).document.verdicts if verdict.state == "failed"}


def test_sound_articles_pass(tmp_path: Path) -> None:
    """300 sound articles pass the news suite."""
    result = audit.audit(sound(), tmp_path)
    assert result.passed, result.document.gate.why


@pytest.mark.parametrize("measure", DEFECTS)
def test_a_single_defect_fails_its_own_expectation(measure: str, tmp_path: Path) -> None:
    """One defect in every tenth article fails the expectation of its measure and no other."""
    articles = sound()
    for before, article in zip(articles[9::10], articles[10::10], strict=False):
        DEFECTS[measure](article, before)
    assert _failed(articles, tmp_path) == {measure}
