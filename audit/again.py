"""The command that makes a result again, from the result alone: for a page's reader, and to renew a baseline."""

from __future__ import annotations

import shlex

from audit import suite
from audit.result import Document
from audit.tables import GROUPS

NAMED = 3
"""Files that are named; of more, the reader knows the folder better."""
BASELINE = "corpus-audit-baseline"


def command(document: Document, *more: str) -> str:
    """`corpus-audit run` with the inputs, the suite and the settings of the document, and `more` options; safe to paste into a shell.

    Files are named as the result names them, relative to what was given then; a suite that is not shipped is SUITE, for its path is not known.
    """
    judged_by = document.suite if document.suite in (*suite.shipped(), suite.NONE) else "SUITE"
    return " ".join(["corpus-audit run", inputs(document), f"--suite {shlex.quote(judged_by)}", *_settings(document), *more])


def inputs(document: Document) -> str:
    """The inputs as arguments of a command."""
    paths = [item.path for item in document.inputs]
    return " ".join(shlex.quote(path) for path in paths) if 0 < len(paths) <= NAMED else "INPUT..."


def renewal(baseline: Document) -> str:
    """What to do about a baseline that cannot be compared with, in words with the command."""
    return f"renew the baseline: `{command(baseline, '--fail-on never', f'--out {BASELINE}')}`, then `--baseline {BASELINE}/result.json`"


def _settings(document: Document) -> list[str]:
    """The options that were not left at their defaults."""
    given = dict(document.settings)
    usual = {"threshold": "0.8", "keep": "longest", "measures": ",".join(GROUPS)}
    names = ("threshold", "keep", "limit", "sample", "measures")
    chosen = [(name, given[name]) for name in names if given.get(name, "none") not in ("none", usual.get(name))]
    return [f"--{name} {shlex.quote(value)}" for name, value in chosen]
