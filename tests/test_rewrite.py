"""The cleaned corpus: only text and title change, nothing is lost, nothing half-made is left behind."""

import gzip
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.config import Config, FieldNames
from audit.errors import AuditError, ConfigError, CorpusError, OutputError
from audit.measure.clean import clean
from audit.rewrite import Job, Rewritten, clean_corpus, summary

CONFIG = Config(quiet=True, workers=1)
LINES = [
    b'{"id": 1, "text": "caf\\u00c3\\u00a9", "n": 1.50, "title": "It\\u00e2\\u0080\\u0099s"}\r',
    '{"text": "fine", "meta": {"text": "cafÃ©"}, "byline": "JosÃ©"}'.encode(),
    b"broken",
    '{"title": "naÃ¯ve", "text": null}'.encode(),
    b'{"text":"one\\r\\ntwo &amp; three"}',
    b'{"text": 7}',
]
AFTER = [
    b'{"id": 1, "text": "caf\\u00e9", "n": 1.50, "title": "It\\u2019s"}\r',
    LINES[1],
    '{"title": "naïve", "text": null}'.encode(),
    b'{"text":"one\\ntwo & three"}',
]


def rewrite(source: Path, out: Path | str, *drop: str, config: Config = CONFIG, dry_run: bool = False) -> Rewritten:
    done = clean_corpus(Job((str(source),), str(out), frozenset(drop), dry_run=dry_run), config)
    assert done.records == done.written + sum(n for _, n in done.dropped) + done.quarantined
    return done


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_json_lines(tmp_path: Path) -> None:
    """Text and title are cleaned in place; all else, numbers and spaces and line ends too, is copied; changes and bad records stand beside."""
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(LINES))
    out = tmp_path / "b.jsonl"
    done = rewrite(tmp_path / "a.jsonl", out)
    assert out.read_bytes().split(b"\n") == [*AFTER, b""]
    assert (done.records, done.written, done.changed, done.quarantined) == (6, 4, 3, 2)
    changes = pq.read_table(tmp_path / "b.jsonl.changes.parquet").to_pylist()
    assert [(row["file"], row["line"], row["id"], row["field"], row["before"], row["after"]) for row in changes] == [
        ("a.jsonl", 1, "1", "title", "Itâ\x80\x99s", "It’s"),
        ("a.jsonl", 1, "1", "text", "cafÃ©", "café"),
        ("a.jsonl", 4, "a.jsonl:4", "title", "naÃ¯ve", "naïve"),
        ("a.jsonl", 5, "a.jsonl:5", "text", "one\r\n", "one\n"),
        ("a.jsonl", 5, "a.jsonl:5", "text", "two &amp; three", "two & three"),
    ]
    assert changes[-1]["step"] == "unescape_html"
    assert [row["reason"] for row in rows(tmp_path / "b.jsonl.quarantine.jsonl")] == ["broken JSON", "text is no string"]
    assert (tmp_path / "b.jsonl.dropped.jsonl").read_bytes() == b""
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a.jsonl", "b.jsonl", "b.jsonl.changes.parquet", "b.jsonl.dropped.jsonl", "b.jsonl.quarantine.jsonl",
    ]  # fmt: skip
    assert "6 records = 4 written (3 of them changed) + 0 dropped + 2 quarantined" in summary(done)
    assert "    - cafÃ©" in summary(done) or "    - Itâ" in summary(done)


def test_summary_shows_the_difference() -> None:
    """An example shows the place where a long line changed, and no control character reaches the terminal."""
    before = "x" * 500 + "cafÃ©\x1b[31m"
    done = Rewritten(1, 1, 0, 1, (), (("fix_encoding", 1),), (), (("a:1", before, before.replace("Ã©", "é")),), "b.jsonl")
    assert "    - …" + "x" * 21 + "cafÃ©" in summary(done)
    assert "    + …" + "x" * 21 + "café" in summary(done)
    assert "\x1b" not in summary(done)


def test_named_field(tmp_path: Path) -> None:
    """A text within an object is cleaned there, and nowhere else."""
    (tmp_path / "a.jsonl").write_bytes(LINES[1])
    rewrite(tmp_path / "a.jsonl", tmp_path / "b.jsonl", config=Config(quiet=True, fields=FieldNames(text="meta.text")))
    assert (tmp_path / "b.jsonl").read_bytes() == LINES[1].replace("cafÃ©".encode(), "café".encode()) + b"\n"


@pytest.mark.parametrize(
    ("pack", "unpack"), [(".gz", gzip.decompress), (".zst", lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data))]
)
def test_packed(tmp_path: Path, pack: str, unpack: Any) -> None:
    """The output is packed as its name says; the same input gives the same bytes."""
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(LINES))
    for name in ("b", "c"):
        rewrite(tmp_path / "a.jsonl", tmp_path / f"{name}.jsonl{pack}")
    assert unpack((tmp_path / f"b.jsonl{pack}").read_bytes()).split(b"\n") == [*AFTER, b""]
    assert (tmp_path / f"b.jsonl{pack}").read_bytes() == (tmp_path / f"c.jsonl{pack}").read_bytes()


def test_text_files(tmp_path: Path) -> None:
    """A text file gives a text file, a folder of them a folder with the same names."""
    (tmp_path / "in" / "sub").mkdir(parents=True)
    (tmp_path / "in" / "a.txt").write_text("cafÃ©\n")
    (tmp_path / "in" / "sub" / "b.txt.gz").write_bytes(gzip.compress(b"fine"))
    done = rewrite(tmp_path / "in", tmp_path / "out")
    assert (tmp_path / "out" / "a.txt").read_text() == "café\n"
    assert gzip.decompress((tmp_path / "out" / "sub" / "b.txt.gz").read_bytes()) == b"fine"
    assert (done.written, done.changed) == (2, 1)
    rewrite(tmp_path / "in" / "a.txt", tmp_path / "one.txt")
    assert (tmp_path / "one.txt").read_text() == "café\n"


def test_a_folder_of_many_kinds(tmp_path: Path) -> None:
    """A folder of files becomes a folder of the same files, each of its kind and packed as it was; a name joins JSON Lines to one file."""
    source = tmp_path / "in"
    source.mkdir()
    (source / "a.jsonl").write_bytes(LINES[0] + b"\n")
    (source / "b.jsonl.gz").write_bytes(gzip.compress(LINES[3]))
    (source / "c.csv").write_bytes("text\ncafÃ©\n".encode())
    (source / "d.txt").write_bytes(b"fine &amp; well")
    (source / "e.jsonl.zst").write_bytes(zstandard.ZstdCompressor().compress(b""))
    done = rewrite(source, tmp_path / "out")
    assert (tmp_path / "out" / "a.jsonl").read_bytes() == AFTER[0] + b"\n"
    assert gzip.decompress((tmp_path / "out" / "b.jsonl.gz").read_bytes()) == AFTER[2] + b"\n"
    assert (tmp_path / "out" / "c.csv").read_bytes() == "text\ncafé\n".encode()
    assert (tmp_path / "out" / "d.txt").read_bytes() == b"fine & well"
    assert zstandard.ZstdDecompressor().decompressobj().decompress((tmp_path / "out" / "e.jsonl.zst").read_bytes()) == b""
    assert (done.written, done.changed) == (4, 4)
    done = clean_corpus(Job((str(source / "a.jsonl"), str(source / "b.jsonl.gz")), str(tmp_path / "one.jsonl")), CONFIG)
    assert (tmp_path / "one.jsonl").read_bytes() == AFTER[0] + b"\n" + AFTER[2] + b"\n"


def test_two_files_of_one_name(tmp_path: Path) -> None:
    """Text files of one name from two folders are both written."""
    for name, text in (("x", "one"), ("y", "two")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(text)
    clean_corpus(Job((str(tmp_path / "x"), str(tmp_path / "y")), str(tmp_path / "out")), CONFIG)
    assert {path.read_text() for path in (tmp_path / "out").iterdir()} == {"one", "two"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"a.txt", "a#2.txt"}


def test_pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard input to standard output: the records and nothing else."""
    out = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\n".join(LINES))))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out))
    monkeypatch.chdir(tmp_path)
    done = clean_corpus(Job(("-",), "-"), CONFIG)
    assert out.getvalue().split(b"\n") == [*AFTER, b""]
    assert done.records == 6
    assert list(tmp_path.iterdir()) == []


def test_dry_run(tmp_path: Path) -> None:
    """A dry run counts and writes nothing."""
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(LINES))
    done = rewrite(tmp_path / "a.jsonl", tmp_path / "b.jsonl", dry_run=True)
    assert (done.written, done.changed, done.out) == (4, 3, "")
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]
    assert "nothing was written" in summary(done)


REFUSED = [
    ("a.json", "b.json", ConfigError, "clean reads and writes jsonl, csv, tsv, parquet, txt; the input is json"),
    ("mixed", "b.jsonl", ConfigError, "is a name for jsonl, the input is jsonl and txt"),
    ("a.jsonl", "b.csv", ConfigError, "is a name for csv, the input is jsonl"),
    ("a.jsonl", "b.xml", ConfigError, "of no known kind"),
    ("tables", "b.csv", ConfigError, "several csv files are written into a folder"),
    ("tables", "-", ConfigError, "do not fit on standard output"),
    ("a.jsonl", "a.jsonl", OutputError, "is one of the inputs"),
    ("a.jsonl", "folder.jsonl", OutputError, "is a folder"),
    ("a.jsonl", "nowhere/b.jsonl", OutputError, "is no folder"),
    ("texts", "b.txt", ConfigError, "several txt files are written into a folder"),
    ("texts", "texts", OutputError, "is a folder that is not empty"),
    ("texts", "plain", OutputError, "is a file"),
    ("texts", "-", ConfigError, "do not fit on standard output"),
    ("missing.jsonl", "b.jsonl", CorpusError, "does not exist"),
    ("notext.jsonl", "b.jsonl", CorpusError, "no record has a text field"),
]


@pytest.mark.parametrize(("source", "out", "error", "said"), REFUSED)
def test_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, out: str, error: type[AuditError], said: str) -> None:
    """What cannot be done is refused with a sentence, and nothing is left behind."""
    monkeypatch.chdir(tmp_path)
    for name in (
        "a.json",
        "tables/a.csv",
        "tables/b.csv",
        "mixed/a.jsonl",
        "mixed/b.txt",
        "a.jsonl",
        "folder.jsonl/x",
        "texts/a.txt",
        "texts/b.txt",
        "plain",
        "notext.jsonl",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("text\na" if name.endswith("csv") else '{"n": 1}' if "notext" in name else '{"text": "a"}')
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(error, match=said):
        rewrite(Path(source), out)
    assert sorted(tmp_path.rglob("*")) == before


def test_unknown_drop(tmp_path: Path) -> None:
    """A word that --drop does not know is refused before anything is read."""
    with pytest.raises(ConfigError, match="drop is 'all'"):
        rewrite(tmp_path / "missing.jsonl", tmp_path / "b.jsonl", "all")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a system without a device that is always full")
def test_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full disk there is an error, and no file under the final name."""
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(LINES))
    real = Path.open

    def full(path: Path, *args: Any, **options: Any) -> Any:
        return real(Path("/dev/full") if path.name == "out" else path, *args, **options)

    with monkeypatch.context() as patched, pytest.raises(OutputError, match=r"No space left.*the same command goes on where it stopped"):
        patched.setattr(Path, "open", full)
        rewrite(tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    assert not (tmp_path / "b.jsonl").exists()
    rewrite(tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    assert (tmp_path / "b.jsonl").read_bytes().split(b"\n") == [*AFTER, b""]
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries({"text": st.none() | st.text(max_size=12), "x": st.floats(allow_nan=False, allow_infinity=False)}),
        min_size=1,
        max_size=6,
    ),
    st.booleans(),
)
def test_only_what_cleaning_changes(tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, Any]], escaped: object) -> None:
    """On any records the output is the input with each text cleaned, and a record that nothing changes is the same bytes."""
    folder = tmp_path_factory.mktemp("rewrite")
    lines = [json.dumps(record, ensure_ascii=bool(escaped)).encode() for record in records]
    (folder / "a.jsonl").write_bytes(b"\n".join(lines))
    rewrite(folder / "a.jsonl", folder / "b.jsonl")
    after = (folder / "b.jsonl").read_bytes().split(b"\n")[:-1]
    for record, line, new in zip(records, lines, after, strict=True):
        text = None if record["text"] is None else clean(record["text"])
        assert orjson.loads(new) == orjson.loads(line) | {"text": text}
        assert text != record["text"] or new == line


BODY = " ".join(f"The council met on day {n} and voted on item {n * 7} of its list." for n in range(40))
OTHER = " ".join(f"A storm came over hill {n} and took the roof of house {n * 3} there." for n in range(40))


def test_drop(tmp_path: Path) -> None:
    """Copies and empty articles are left out, each with its reason and the article that stays; all records are accounted for."""
    articles = [
        {"id": "kept", "text": BODY}, {"id": "copy", "text": BODY}, {"id": "near", "text": BODY.replace("day 7 ", "night 7 ")},
        {"id": "other", "text": OTHER}, {"id": "empty", "text": " "}, {"id": "none", "text": None},
    ]  # fmt: skip
    (tmp_path / "a.jsonl").write_text("\n".join([*map(json.dumps, articles), "broken"]))
    done = rewrite(tmp_path / "a.jsonl", tmp_path / "b.jsonl", "exact", "near", "empty", config=Config(quiet=True, workers=1, keep="first"))
    assert [row["id"] for row in rows(tmp_path / "b.jsonl")] == ["kept", "other"]
    assert done.dropped == (("empty", 2), ("exact", 1), ("near", 1))
    left = {row["id"]: row for row in rows(tmp_path / "b.jsonl.dropped.jsonl")}
    assert {name: row["why"] for name, row in left.items()} == {"copy": "exact", "near": "near", "empty": "empty", "none": "empty"}
    assert left["copy"]["duplicate_of"] == {"id": "kept", "file": "a.jsonl", "line": 1}
    assert left["near"]["duplicate_of"]["id"] == "kept"
    assert 0.8 <= left["near"]["similarity"] < 1
    assert left["empty"]["duplicate_of"] is None
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_drop_from_a_pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard input is audited and rewritten, though it can be read once only."""
    out = io.BytesIO()
    data = b"\n".join(json.dumps({"text": text}).encode() for text in (BODY, OTHER, BODY))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(out))
    monkeypatch.chdir(tmp_path)
    done = clean_corpus(Job(("-",), "-", frozenset({"exact"})), CONFIG)
    assert out.getvalue().splitlines() == data.splitlines()[:2]
    assert (done.written, done.dropped) == (2, (("exact", 1),))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.shared
def test_real_text(tmp_path: Path, shared: Path) -> None:
    """On real articles each text is the cleaned one, and nothing else changed."""
    source = shared / "gold" / "dev.jsonl"
    rewrite(source, tmp_path / "b.jsonl")
    for before, after in zip(source.read_bytes().splitlines(), (tmp_path / "b.jsonl").read_bytes().splitlines(), strict=True):
        old, new = orjson.loads(before), orjson.loads(after)
        title = old["title"] and clean(old["title"])
        assert new == old | {"text": clean(old["text"]), "title": title}
        assert list(new) == list(old)
        assert before == after or new != old


def test_nothing_is_left_in_the_way(tmp_path: Path) -> None:
    """A folder that cannot be written gives an error, where the system knows such folders."""
    (tmp_path / "a.jsonl").write_bytes(LINES[0])
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    if os.access(closed, os.W_OK):
        pytest.skip("this user may write everywhere")
    with pytest.raises(OutputError, match="cannot write"):
        rewrite(tmp_path / "a.jsonl", closed / "b.jsonl")
