"""Signals in time: days without articles where a source has some every day, days with ten times its usual number, one moment for many."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from audit.result import Activity, Burst, Gap, Stamp
from audit.signals.corpus import EXAMPLES, NEVER, Corpus, Numbers

DAY = 86_400
SOURCES, MONTHS = 20, 600
"""Sources of `activity`, and the most months that it counts; beyond, years."""
FEWEST = 100
"""Dated articles of a source of which gaps and bursts are looked for."""
GAP_DAYS, MISSING = 3, 20.0
"""The shortest gap, and how many articles must be missing: by chance alone that happens once in 500 million gaps."""
AROUND = 28
"""Days before and after that say what is usual."""
TIMES, BURST = 10.0, 30
"""A burst is so many times the usual, and so many articles."""
ALIKE, SHARE = 20, 0.01
"""Articles of one moment, and their share of a source's."""
AT_MOST = 50


def activity(corpus: Corpus) -> tuple[Activity, ...]:
    """Articles of the largest sources by month ("YYYY-MM"), in order."""
    out = []
    named = [(name, articles) for name, articles in corpus.sources() if name is not None]
    for name, articles in named[:SOURCES]:
        stamps = corpus.dates[articles]
        known = stamps[stamps != NEVER].astype("datetime64[s]")
        for unit in ("M", "Y"):
            months, counts = np.unique(known.astype(f"datetime64[{unit}]"), return_counts=True)
            if len(months) <= MONTHS:
                break
        if len(months):
            out.append(Activity(name, tuple((str(month), int(n)) for month, n in zip(months, counts, strict=True))))
    return tuple(out)


def _days(corpus: Corpus, articles: Numbers) -> tuple[Numbers, Numbers]:
    """(days with an article, ascending; how many it has)."""
    stamps = corpus.dates[articles]
    return np.unique(stamps[stamps != NEVER] // DAY, return_counts=True)


def _between(days: Numbers, sums: Numbers, first: npt.ArrayLike, last: npt.ArrayLike) -> Numbers:
    """Articles of the days from `first` to `last`, both included; `sums` are those up to each day."""
    return sums[np.searchsorted(days, last, "right")] - sums[np.searchsorted(days, first, "left")]


def gaps(corpus: Corpus) -> tuple[Gap, ...]:
    """Runs of days without an article, most missing articles first.

    What is missing is told from the AROUND days before and after (at least as many as the gap has), from the leaner side: a source that
    begins slowly or ends has no gap there.
    """
    out = []
    for name, articles in corpus.sources():
        days, counts = _days(corpus, articles)
        if counts.sum() < FEWEST:
            continue
        sums = np.concatenate([[0], np.cumsum(counts)])
        length = np.diff(days) - 1
        window = np.maximum(AROUND, length)
        before = _between(days, sums, days[:-1] - window + 1, days[:-1]) / window
        after = _between(days, sums, days[1:], days[1:] + window - 1) / window
        missing = np.minimum(before, after) * length
        for at in np.flatnonzero((length >= GAP_DAYS) & (missing >= MISSING)).tolist():
            out.append(Gap(name, _date(days[at] + 1), _date(days[at + 1] - 1), int(length[at]), round(float(missing[at]))))
    return tuple(sorted(out, key=lambda gap: (-gap.missing, gap.source or "", gap.first))[:AT_MOST])


def bursts(corpus: Corpus) -> tuple[Burst, ...]:
    """Days with far more articles than those around it, most articles first."""
    out = []
    for name, articles in corpus.sources():
        days, counts = _days(corpus, articles)
        if counts.sum() < FEWEST:
            continue
        sums = np.concatenate([[0], np.cumsum(counts)])
        span = np.minimum(days + AROUND, days[-1]) - np.maximum(days - AROUND, days[0])  # days around it that the source can have articles on
        usual = (_between(days, sums, days - AROUND, days + AROUND) - counts) / np.maximum(span, 1)
        wild = (counts >= BURST) & (counts >= TIMES * usual) & (span >= AROUND)
        out += [Burst(name, _date(days[at]), int(counts[at]), round(float(usual[at]), 1)) for at in np.flatnonzero(wild).tolist()]
    return tuple(sorted(out, key=lambda burst: (-burst.articles, burst.source or "", burst.day))[:AT_MOST])


def stamps(corpus: Corpus) -> tuple[Stamp, ...]:
    """Moments that many articles of a source share to the second: the crawl's, or none at all (1970). Midnight is a date without a time."""
    out = []
    for name, articles in corpus.sources():
        if name is None:
            continue
        own = articles[corpus.dates[articles] != NEVER]
        moments, counts = np.unique(corpus.dates[own], return_counts=True)
        shared = (moments % DAY != 0) & (counts >= np.maximum(ALIKE, SHARE * len(own)))
        for at in np.flatnonzero(shared | (moments == 0)).tolist():
            some = own[corpus.dates[own] == moments[at]][:EXAMPLES]
            moment = str(np.datetime64(int(moments[at]), "s"))
            out.append(Stamp(name, moment, int(counts[at]), len(own), tuple(some.tolist())))
    return tuple(sorted(out, key=lambda stamp: (-stamp.articles, stamp.source, stamp.moment))[:AT_MOST])


def _date(day: int) -> str:
    return str(np.datetime64(int(day), "D"))
