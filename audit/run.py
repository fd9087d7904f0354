"""The whole audit on one screen: three passes, two barriers, then judge and show (docs/architecture.md)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Thread
from typing import Any

from audit import comparison, judge, memory, out, passes, publish, result, suite, warm
from audit.across import duplicates
from audit.config import Config
from audit.corpus import open_corpus
from audit.errors import ConfigError
from audit.measure import marks, titles
from audit.measure.batch import DETECTORS, Side
from audit.result import Result
from audit.show import compared
from audit.show.progress import Progress
from audit.show.shelf import Shelf
from audit.tables import GROUPS

QUARANTINE = "quarantine.jsonl"


def run(source: Any, config: Config) -> Result:
    """Audit `source` (paths, an Arrow table, a pandas frame, or an iterable of dicts) into `config.out`.

    Raises:
        AuditError: The input, the suite, the baseline or the output cannot be used; nothing was audited.
        EngineError: A bug of ours; names the article.
    """
    groups = _groups(config)
    judged_by = suite.load(config.suite)
    baseline = result.read(config.baseline) if config.baseline is not None else None
    lexicon = marks.none() if groups.isdisjoint(DETECTORS) else marks.load(config.marks)
    plan = duplicates.plan(config.threshold) if "duplicates" in groups else None
    clock = Clock()
    with out.folder(config.out) as part, Progress(shown=not config.quiet) as progress:
        warm.kernels(groups, config.workers, progress.say)
        if judge.asks(judged_by, frozenset(GROUPS) - groups):
            Thread(target=judge.warm, daemon=True).start()  # the import takes 2 s; kernels run without the GIL meanwhile
        corpus = open_corpus(source, config, part / QUARANTINE)
        spools = part / "spools"
        spools.mkdir()
        if passes.learns(groups):
            with clock("read"), progress.stage("reading", corpus.progress) as advance:
                read = passes.read(corpus, config, spools, groups, advance)
            with clock("measure"), progress.stage("measuring", len(read.hashes)) as advance:
                side = Side(lexicon, read.affixes, groups)
                measures = passes.measured(read, side, plan, config, spools, advance)
        else:
            with clock("read"), progress.stage("reading and measuring", corpus.progress) as advance:
                side = Side(lexicon, titles.learn([]), groups)
                read, measures = passes.read_and_measured(corpus, side, plan, config, spools, advance)
        with clock("compare"), progress.stage("comparing"):
            memory.release()
            compared = passes.compared(read, measures, plan, config, groups)
            measures = replace(measures, sketches=None)  # the largest thing in memory
            memory.release()
        found = publish.Found(corpus, read, measures, compared, str(plan or "duplicates left out"), groups, lexicon.rulings)
        with clock("tables"), progress.stage("writing"):
            publish.write_tables(found, part)
        with clock("judge"), progress.stage("judging"):
            document = publish.judged(found, judged_by, baseline, config, part)
        with clock("show"), progress.stage("drawing"):
            publish.show(part, document, publish.run_facts(config, clock.seconds, corpus))
    return result.load(config.out)


@dataclass
class Clock:
    """Wall seconds of each stage."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Time a stage."""
        start = time.perf_counter()
        yield
        self.seconds[stage] = time.perf_counter() - start


def _groups(config: Config) -> frozenset[str]:
    if config.measures is None:
        return frozenset(GROUPS)
    unknown = [name for name in config.measures if name not in GROUPS]
    if unknown:
        raise ConfigError(f"no group of measures {unknown[0]!r}; known: {', '.join(GROUPS)}")
    return frozenset(config.measures)


def draw(folder: Path, form: str) -> str:
    """A finished run drawn again, as html, md, junit or sarif."""
    made = result.load(folder)
    names = {"html": "report.html", "md": "summary.md", "junit": "junit.xml", "sarif": "results.sarif"}
    if form not in names:
        raise ConfigError(f"no format {form!r}; known: {', '.join(names)}")
    return publish.PAGES[names[form]](Shelf(made))


def compare(before: Path, after: Path, form: str) -> str:
    """Two finished runs side by side, as text for a terminal or md."""
    forms = {"text": compared.terminal, "md": compared.markdown}
    if form not in forms:
        raise ConfigError(f"no format {form!r}; known: {', '.join(forms)}")
    return forms[form](comparison.compare(result.read(before), result.read(after)), (str(before), str(after)))
