"""The laws of the whole audit: nothing lost, the same bytes, no network, no writes elsewhere, hostile text harmless."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import audit

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
TABLES = ("measures.parquet", "findings.parquet", "pairs.parquet", "examples.parquet", "quarantine.jsonl", "result.json", "report.html", "summary.md")


def _bytes(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in TABLES}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Some seed corpora and a broken one, as files."""
    folder = tmp_path_factory.mktemp("corpus")
    for name in ("truncation.jsonl", "duplicates.jsonl", "damage.jsonl"):
        shutil.copy(SEEDS / name, folder / name)
    (folder / "broken.jsonl").write_bytes(b'{"title": "a", "text": "b c d"}\n{"text": 7}\n\xff\n[]\n{"text": null}\n')
    return sorted(folder.iterdir())


@pytest.fixture(scope="module")
def once(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What one worker finds in the files."""
    out = tmp_path_factory.mktemp("once")
    audit.audit([str(path) for path in files], out, workers=1)
    return _bytes(out)


@pytest.mark.parametrize("workers", [1, 2, 5])
@pytest.mark.parametrize("turn", [0, 2])
def test_the_same_input_gives_the_same_bytes(files: list[Path], once: dict[str, bytes], workers: int, turn: int, tmp_path: Path) -> None:
    """Neither the number of workers nor the order of arguments changes a byte of any table or page."""
    audit.audit([str(path) for path in (*files[turn:], *files[:turn])], tmp_path, workers=workers)
    assert _bytes(tmp_path) == once


@pytest.mark.parametrize("rows", [1, 3])
def test_batches_change_nothing(files: list[Path], once: dict[str, bytes], rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However the articles are cut into batches, every table has the same bytes."""
    from audit.corpus import rows as cut

    monkeypatch.setattr(cut, "BATCH_ROWS", rows)
    audit.audit([str(path) for path in files], tmp_path, workers=2)
    assert _bytes(tmp_path) == once


def test_nothing_is_lost(files: list[Path], tmp_path: Path) -> None:
    """Per file, records are articles and quarantined records; each quarantined one is in the quarantine."""
    document = audit.audit([str(path) for path in files], tmp_path).document
    for item in document.inputs:
        assert item.records == item.articles + item.quarantined
    broken = next(item for item in document.inputs if item.path == "broken.jsonl")
    assert (broken.records, broken.articles, broken.quarantined) == (5, 2, 3)
    kept = [json.loads(line) for line in (tmp_path / "quarantine.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["file"], row["line"]) for row in kept] == [("broken.jsonl", 2), ("broken.jsonl", 3), ("broken.jsonl", 4)]
    assert document.articles == pq.read_metadata(tmp_path / "measures.parquet").num_rows


TEXTS = st.text(st.characters(codec="utf-8"), max_size=300)
PIECES = st.sampled_from(
    [
        *("By Ann Lee\n", "Von der Leyen", "記者 王芳\n", "read the rest at\n", "[+12 chars]", "…", "â€œ", "&amp;", "Share this\n", "\r\n", "\x85"),
        *("\u2028", "\x00", "((((", "https://a.b/", "\u202e", "ﷺ", "?s", "© 2020\n"),
    ]
)
TEXT = st.one_of(st.none(), TEXTS, st.lists(st.one_of(PIECES, TEXTS), max_size=12).map("".join))
RECORDS = st.fixed_dictionaries({}, optional=dict.fromkeys(("title", "text", "byline", "url", "date", "source", "id"), TEXT))


QUICK = (Phase.explicit, Phase.reuse, Phase.generate)  # an audit takes too long to shrink by


@settings(max_examples=15, deadline=None, phases=QUICK, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(RECORDS, min_size=1, max_size=8))
def test_no_text_makes_an_audit_raise(tmp_path: Path, records: list[dict[str, str]]) -> None:
    """Whatever the texts, every record becomes an article, every evidence is verbatim, every column keeps its null rule."""
    records[0].setdefault("text", "x")
    made = audit.audit(records, tmp_path)
    table = made.measures()
    assert table.num_rows == len(records)
    texts = [record.get("text") for record in records]
    for finding in made.findings().to_pylist():
        if finding["line"] is not None:
            text = texts[finding["article"]] or ""
            assert text[finding["start"] : finding["end"]] == finding["evidence"]
            assert finding["evidence"] in text.splitlines()[finding["line"]]
    for row in table.to_pylist():
        assert row["empty"] == (not (texts[row["article"]] or "").strip())
        if row["empty"]:
            assert row["truncated"] is None
            assert row["n_words"] is None


def test_sources_of_every_kind_agree(tmp_path: Path) -> None:
    """A file, an Arrow table, a pandas frame and dicts of the same records give the same measures, files and lines aside."""
    records = [json.loads(line) | {"plant": None} for line in (SEEDS / "truncation.jsonl").read_text(encoding="utf-8").splitlines()]
    table = pa.Table.from_pylist(records)
    columns = ["id", "truncated", "truncation_kind", "byline", "n_words", "boilerplate_lines", "text_hash"]
    made = [
        audit.audit(source, tmp_path / str(i)).measures(columns).to_pylist()
        for i, source in enumerate((SEEDS / "truncation.jsonl", table, table.to_pandas(), records, iter(records)))
    ]
    assert all(other == made[0] for other in made[1:])


@pytest.mark.parametrize("processes", [1, 2])
def test_a_run_asks_no_network_and_writes_only_into_its_folder(tmp_path: Path, processes: int) -> None:
    """An audit hook sees no connection, look-up or packet, and no file opened for writing but in the output folder and the kernels' cache.

    The one socket allowed is urllib3's, which Great Expectations imports: it binds the loopback address once to see whether there is IPv6.
    """
    code = f"""
import os, sys
from audit.kernels.jit import cache_folder
out, cache, bad = {str(tmp_path / "out")!r}, cache_folder(), []
def hook(event, args):
    probe = event == "socket.bind" and args[1][0] == "::1"
    if event.startswith("socket.") and event not in ("socket.gethostname", "socket.__new__") and not probe:
        bad.append((event, str(args)[:200]))
    if event == "open" and isinstance(args[0], str) and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        path = os.path.abspath(args[0])
        if not path.startswith((out, cache, "/dev/", "/proc/")) and "__pycache__" not in path:
            bad.append((event, path))
sys.addaudithook(hook)
from audit import cli, passes
passes.ENOUGH = 1
try:
    cli.main(["run", {str(SEEDS)!r}, "--workers", "{processes}", "--out", out, "--fail-on", "never", "--quiet"])
except SystemExit as end:
    assert end.code == 0, end.code
print(bad)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip().splitlines()[-1] == "[]", done.stdout[-2000:] + done.stderr[-2000:]


@pytest.fixture
def place_of_nobody() -> Iterator[Path]:
    """A folder of the user 65534, whom nothing else here belongs to."""
    if os.name != "posix" or os.getuid() != 0:
        pytest.skip("becomes another user, which only root can")
    place = Path(tempfile.mkdtemp(prefix="corpus-audit-nobody-"))
    os.chown(place, 65534, 65534)
    yield place
    shutil.rmtree(place)


def test_a_user_without_a_home_runs_from_a_read_only_install(place_of_nobody: Path) -> None:
    """Somebody without a home folder, who may not write where the package is, can run an audit."""
    shutil.copy(SEEDS / "truncation.jsonl", place_of_nobody / "a.jsonl")
    environment = {"HOME": "/nonexistent", "PATH": os.environ["PATH"], "TMPDIR": str(place_of_nobody), "PYTHONDONTWRITEBYTECODE": "1"}

    def as_nobody(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments], cwd=place_of_nobody, env=environment, user=65534, group=65534, extra_groups=[],
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    try:
        reached = as_nobody("-c", "import audit").returncode == 0
    except PermissionError:
        reached = False
    if not reached:
        pytest.skip("the interpreter itself is out of another user's reach here")
    done = as_nobody("-m", "audit.cli", "run", "a.jsonl", "--out", "out", "--fail-on", "never")
    assert done.returncode == 0, done.stderr
    assert (place_of_nobody / "out" / "report.html").is_file()
