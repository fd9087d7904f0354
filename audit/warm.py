"""The first run: kernels are compiled beforehand, in as many processes as there are cores, and kept for later runs.

A kernel is compiled by its first call: each task here makes the calls of one room on a few lines of text. A task that is done leaves a
file beside the compiled kernels; a kernel that no task calls is compiled when it is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import orjson
import pyarrow as pa

from audit import passes
from audit.across import duplicates, recurrence, retitled
from audit.config import Config
from audit.corpus import open_corpus
from audit.engines import processes
from audit.kernels import jit
from audit.kernels.utf8 import texts
from audit.measure import agreement, glance, language, listing, marks, quality, repeats, size
from audit.measure.batch import DETECTORS, READING
from audit.tables import GROUPS

LINES = (
    "By Jane Roe\r",
    "The mayor of a small town on the coast said that nothing had been decided yet, cafÃ© &amp; all.",
    "Read more at example.com",
)
TALE = " ".join(f"On day {n} nobody knew what they would say." for n in range(60))
VIEWS = ("\n".join((*LINES, TALE[:900])), " ".join((*LINES, TALE[:900])), "\n".join((*LINES, TALE)))
"""The second is the first on one line, the third goes on where the first ends."""


@dataclass(frozen=True, slots=True)
class Task:
    """What compiles the kernels of a room.

    Attributes:
        name: Says that it is done.
        groups: Groups of measures that need it.
        work: Calls the kernels.
    """

    name: str
    groups: frozenset[str]
    work: Callable[[], object]

    def __call__(self) -> None:
        """Compile them."""
        self.work()
        jit.note(self.name)


def kernels(groups: frozenset[str], workers: int, say: Callable[[str], None]) -> None:
    """Compile what the groups of measures need and no run before this has compiled."""
    missing = [task for task in TASKS if not task.groups.isdisjoint(groups) and not jit.is_noted(task.name)]
    if missing and workers > 1:
        say(f"first run: compiling kernels, up to a minute on {workers} cores; later runs load them")
        for _ in processes.each(Task.__call__, missing, workers, ahead=1):
            pass
    elif missing:
        say("first run: compiling kernels, about a minute; later runs load them")


def _looks() -> None:
    glance.glance(texts(VIEWS), marks.load())


def _sketches() -> None:
    views, n = texts(VIEWS), len(VIEWS)
    skip = pa.array([[0], [], []], pa.list_(pa.int32()))
    plan = duplicates.plan(0.8)
    pile = duplicates.Pile(plan)
    pile.add(duplicates.sketch(views, skip, plan))
    zeros = np.zeros(n, np.int64)
    facts = duplicates.Facts(np.arange(16 * n, dtype=np.uint8).reshape(n, 16), zeros != 0, zeros, zeros, zeros + 1, zeros)

    def fetch(some: np.ndarray) -> pa.RecordBatch:
        rows = pa.array(some)
        return pa.record_batch({"article": rows, "view": views.take(rows), "skip": skip.take(rows)})

    duplicates.compare(pile.sketches(), facts, lambda _: fetch, plan, "longest", 1)


def _qualities() -> None:
    quality.measure(texts(VIEWS), pa.array(["en"] * len(VIEWS)))


def _signs() -> None:
    glance.hurt_at(texts(VIEWS))
    repeats.may(texts(VIEWS), texts(VIEWS))


def _lines() -> None:
    views, sources = texts(VIEWS), texts(["a"] * len(VIEWS))
    batches, every = [recurrence.keys(views, sources)], np.ones(len(VIEWS), np.bool_)
    recurrence.find(views, sources, recurrence.learn(batches, every), every)


def _reading() -> None:
    with TemporaryDirectory(dir=jit.cache_folder()) as name:  # a run writes nowhere else
        folder, config = Path(name), Config(workers=1)
        (folder / "articles.jsonl").write_bytes(b"\n".join(orjson.dumps({"title": "A \n head", "text": text}) for text in VIEWS))
        corpus = open_corpus([folder / "articles.jsonl"], config, folder / "quarantine.jsonl")
        read = passes.read(corpus, config, folder, frozenset(), lambda _: None)
        for batch in read.spool.batches():
            size.measure(batch["view"])
            retitled.keys(batch["title"])


def _wholes() -> None:
    views = texts(VIEWS)
    agreement.measure(views, pa.array(["field"] * len(views)), views)
    listing.measure(views)
    language.script(views)
    language.detect(views, pa.nulls(len(views), pa.string()))


_LINES = frozenset(DETECTORS)
TASKS = (
    Task("looks", _LINES, _looks),
    Task("sketches", frozenset({"duplicates"}), _sketches),
    Task("quality", frozenset({"quality"}), _qualities),
    Task("reading", frozenset(GROUPS), _reading),
    Task("lines", frozenset(READING), _lines),
    Task("signs", _LINES, _signs),
    Task("wholes", _LINES | {"language", "quality"}, _wholes),
)
"""The dearest first, so that the processes end together."""
