"""What only the corpus as a whole shows: gaps and bursts in its dates, articles far shorter or longer than their source's, headlines over many
texts, languages that are not a source's. From a few narrow columns of measures.parquet; each signal names articles as evidence.

A signal is a question, not a verdict: it is shown, and no expectation fails by it.
"""

from __future__ import annotations

from pathlib import Path

from audit.result import Signals
from audit.signals import dates, languages, lengths, repeats
from audit.signals.corpus import read


def collect(measures: Path) -> Signals:
    """The signals of measures.parquet; a part whose columns were left out is empty. Linear but for sorting: a second a million articles."""
    corpus = read(measures)
    return Signals(
        activity=dates.activity(corpus),
        gaps=dates.gaps(corpus),
        bursts=dates.bursts(corpus),
        stamps=dates.stamps(corpus),
        stubs=lengths.stubs(corpus),
        outliers=lengths.outliers(corpus),
        walls=lengths.walls(corpus),
        headlines=repeats.headlines(corpus),
        languages=languages.strangers(corpus),
    )
