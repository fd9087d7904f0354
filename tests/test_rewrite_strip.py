"""Lines that an audit found are stripped, and articles dropped, each with its reason."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.config import Config
from audit.errors import ConfigError, CorpusError
from audit.rewrite import Job, clean_corpus, evidence, summary
from audit.rewrite.evidence import Evidence, without

CONFIG = Config(quiet=True, workers=1, keep="first")
BODY = " ".join(f"The council met on day {n} and voted on item {n * 7} of its list." for n in range(30))
ARTICLES = [
    {"id": "a", "title": "Council votes", "text": f"Council votes\n\n{BODY}\n\nShare this article\n"},
    {
        "id": "b",
        "title": "A storm",
        "text": "A storm took the roof of a house &amp; a barn there last night.\r\nNobody was hurt in the storm.\r\nContinue reading »",
    },
    {"id": "c", "title": "Plain", "text": "Nothing is wrong with this text, which ends as it should."},
]  # fmt: skip


def rewrite(folder: Path, strip: set[str], drop: set[str] = frozenset(), articles: list[dict[str, Any]] = ARTICLES) -> tuple[dict[str, str], Any]:  # type: ignore[assignment]
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, articles)))
    done = clean_corpus(Job((str(folder / "a.jsonl"),), str(folder / "b.jsonl"), frozenset(drop), frozenset(strip)), CONFIG)
    return {row["id"]: row["text"] for row in map(json.loads, (folder / "b.jsonl").read_bytes().splitlines())}, done


def test_lines_are_stripped_as_they_are_called(tmp_path: Path) -> None:
    """Titles, boilerplate and markers go where they are asked for, and nothing else; changes.parquet says each."""
    texts, done = rewrite(tmp_path, {"titles", "boilerplate", "markers"})
    assert texts == {
        "a": BODY + "\n",
        "b": "A storm took the roof of a house & a barn there last night.\nNobody was hurt in the storm.\n",
        "c": ARTICLES[2]["text"],
    }
    assert dict(done.stripped) == {"titles": 1, "boilerplate": 1, "markers": 1}
    assert "  stripped boilerplate: 1 lines\n" in summary(done)
    changes = pq.read_table(tmp_path / "b.jsonl.changes.parquet").to_pylist()
    assert [(row["id"], row["step"], row["before"], row["after"]) for row in changes if row["step"].startswith("strip")] == [
        ("a", "strip titles", "Council votes\n", ""), ("a", "strip boilerplate", "Share this article\n", ""),
        ("b", "strip markers", "Continue reading »", ""),
    ]  # fmt: skip


def test_only_what_is_asked_for(tmp_path: Path) -> None:
    """Titles alone leave the other lines."""
    assert rewrite(tmp_path, {"titles"})[0]["a"] == f"{BODY}\n\nShare this article\n"


def test_strip_and_drop_together(tmp_path: Path) -> None:
    """A copy is dropped for the article that is kept, and that one is stripped; all records are accounted for."""
    texts, done = rewrite(tmp_path, {"titles"}, {"exact", "truncated"}, [*ARTICLES, {**ARTICLES[0], "id": "d"}])
    assert set(texts) == {"a", "c"}
    assert done.dropped == (("exact", 1), ("truncated", 1))
    assert done.records == 4 == done.written + 2


def test_an_unknown_word_is_refused(tmp_path: Path) -> None:
    """A word that --strip does not know is refused before anything is read."""
    with pytest.raises(ConfigError, match="strip is 'ads'; known: titles, markers, boilerplate"):
        rewrite(tmp_path, {"ads"})


def test_an_input_that_changes_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a record is not where the audit saw it, that is an error, and nothing is written."""
    real = evidence.gather

    def gather(*given: Any) -> Evidence:
        said = real(*given)
        (tmp_path / "a.jsonl").write_text("\n\n" + "\n".join(map(json.dumps, ARTICLES)))
        return said

    monkeypatch.setattr(evidence, "gather", gather)
    with pytest.raises(CorpusError, match="changed while it was read"):
        rewrite(tmp_path, {"titles"})
    assert not (tmp_path / "b.jsonl").exists()


LINES = st.lists(st.sampled_from(["", " ", "one", "two", "\x0b", "x\x0cy"]), max_size=8)


@given(LINES, st.sets(st.integers(0, 7)), st.booleans())
def test_what_is_left_is_the_rest(lines: list[str], gone: set[int], ended: object) -> None:
    """Without some lines a text has its other lines in order, but for blank ones around what went."""
    text = "\n".join(lines) + ("\n" if ended and lines else "")
    own = text.splitlines()
    left = without(text, text, dict.fromkeys(gone & set(range(len(own))), "titles"))
    assert [line for line in left.splitlines() if line.strip()] == [line for at, line in enumerate(own) if at not in gone and line.strip()]
    if not gone & set(range(len(own))):
        assert left == text
