"""What `corpus-audit init` writes: a suite to edit, the settings, and a GitHub workflow; together they run as they are.

Nothing is overwritten unless that is asked for, and nothing is written at all if any of it cannot be.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from audit import suite
from audit.assets import folder
from audit.config import FILE, Config, FieldNames
from audit.corpus import open_corpus
from audit.corpus.files import RESULT, kind
from audit.errors import ConfigError, OutputError, SuiteError

SUITE = "expectations.yml"
WORKFLOW = ".github/workflows/corpus-audit.yml"
BASELINE = "corpus-audit-baseline.json"
CORPUS = "corpus"
"""The folder that is named where there is no corpus yet."""
NAMED = 20

_CONFIG = """\
# Settings of corpus-audit, read in the folder that it runs in; an option on the command line is stronger.
# All of them: corpus-audit run --help (without the dashes).
suite = "{suite}"
fail-on = "error"        # or "warning", or "never"
# threshold = 0.8        # Jaccard similarity from which two articles are near duplicates
# keep = "longest"       # which copy of a duplicate stays: longest, first or newest

[fields]
# The fields of a record, as dotted paths. A field that is not named is found by its usual names; one that is named has to be there.
{fields}
"""

_WORKFLOW = """\
# Audits the corpus for every push and pull request, and fails where an expectation of {suite} is not met.
# GitHub shows what was found: annotations, the job summary, the Security tab (SARIF), and report.html in the artifact.
# To compare with an earlier state, commit its result.json as {baseline}: what has got worse since then fails.
name: corpus-audit
on:
  push:
    branches: [main, master]
  pull_request:
permissions:
  contents: read
  security-events: write        # for the Security tab
jobs:
  audit:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      # The tool with its compiled kernels: they take a minute to compile, and numba knows them by the place of the files they came from.
      - uses: actions/cache/restore@v4
        id: cache
        with:
          path: |
            ~/corpus-audit
            ~/.cache/corpus-audit
          key: corpus-audit-{version}-${{{{ runner.os }}}}-${{{{ runner.arch }}}}-3.12
      - name: Install
        if: steps.cache.outputs.cache-hit != 'true'
        run: |
          python -m venv ~/corpus-audit
          ~/corpus-audit/bin/python -m pip install --quiet corpus-audit=={version}
      - name: Audit
        run: |
          if [ -f {baseline} ]; then set -- --baseline {baseline}; fi
          ~/corpus-audit/bin/corpus-audit run "$@" -- {corpus}
      - uses: actions/cache/save@v4
        if: always() && steps.cache.outputs.cache-hit != 'true'
        with:
          path: |
            ~/corpus-audit
            ~/.cache/corpus-audit
          key: corpus-audit-{version}-${{{{ runner.os }}}}-${{{{ runner.arch }}}}-3.12
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: corpus-audit
          path: corpus-audit-out
      - uses: github/codeql-action/upload-sarif@v3
        if: always() && hashFiles('corpus-audit-out/results.sarif') != ''
        continue-on-error: true # a private repository may have no code scanning
        with:
          sarif_file: corpus-audit-out/results.sarif
          category: corpus-audit
"""


def write(inputs: Sequence[str], base: str, force: bool, here: Path) -> str:
    """Write the files for the corpus `inputs` into the folder `here`; gives what to say about it.

    Args:
        inputs: Files and folders; none: those that look like a corpus in `here`.
        base: The shipped suite that the new one begins as.
        force: Overwrite files that are there.
        here: The repository's folder, in which CI runs.

    Raises:
        AuditError: The inputs are no corpus, there is no such suite, or a file is there already; nothing is written.
    """
    if base not in suite.shipped():
        raise SuiteError(f"no suite {base!r}; shipped: {', '.join(suite.shipped())}")
    found = [_safe(_below(name, here)) for name in inputs] or _corpora(here)
    texts = {SUITE: _suite(base), FILE: _config(_fields(found, here) if found else ()), WORKFLOW: _workflow(found or [CORPUS])}
    there = [name for name in texts if os.path.lexists(here / name)]
    if there and not force:
        raise OutputError(f"{', '.join(there)} {'is' if len(there) == 1 else 'are'} there already; --force overwrites")
    for name, text in texts.items():
        _put(here / name, text)
    return _said(found, base)


def _said(found: Sequence[str], base: str) -> str:
    corpus = " ".join(map(shlex.quote, found)) if found else CORPUS
    missing = "" if found else f"No corpus was found here: put it into {CORPUS}/, or change the path in the workflow.\n"
    outside = [name for name in found if Path(name).is_absolute() or ".." in Path(name).parts]
    missing += f"CI will not see {', '.join(outside)}: it is not in this folder.\n" if outside else ""
    return (
        f"{SUITE}  what is expected, as in the suite {base}: edit it\n{FILE}  the settings\n{WORKFLOW}  the CI\n{missing}"
        f"Try it: corpus-audit run {corpus}\nThen commit corpus-audit-out/result.json as {BASELINE}: CI compares with it.\n"
    )


def _put(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from error


def _safe(name: str) -> str:
    """An input's name as it may stand in a workflow, where `${{` begins an expression and a line ends a command."""
    if "${{" in name or not name.isprintable():
        raise ConfigError(f"the path {name!r} cannot stand in a workflow: rename the file, or give the folder that holds it")
    return name


def _below(name: str, here: Path) -> str:
    """A path as seen from the folder; one that lies elsewhere as it is."""
    path = Path(name)
    return path.relative_to(here.absolute()).as_posix() if path.is_absolute() and path.is_relative_to(here.absolute()) else name


def _corpora(here: Path) -> list[str]:
    """JSON Lines and Parquet files in the folder and in the folders in it; many in one folder are that folder."""
    found: list[str] = []
    folders = [here, *sorted(path for path in here.iterdir() if path.is_dir() and not path.name.startswith(".") and not (path / RESULT).exists())]
    for place in folders:
        names = sorted(path.relative_to(here).as_posix() for path in place.iterdir() if path.is_file() and (kind(path.name) or "?")[0] in _LIKELY)
        found += names if len(names) <= NAMED or place == here else [place.name]
    return [_safe(name) for name in found]


_LIKELY = ("jsonl", "parquet")


def _suite(base: str) -> str:
    """The shipped suite under a name of its own."""
    text = folder("expectations").joinpath(f"{base}.yml").read_text(encoding="utf-8")
    text = text.replace("README.md beside this file", "expectations/README.md of corpus-audit")
    return f"# Begun by `corpus-audit init` as the suite {base} of corpus-audit {version('corpus-audit')}; yours to edit.\n" + re.sub(
        rf"^name: {base}$", "name: ours", text, count=1, flags=re.MULTILINE
    )


def _fields(inputs: Sequence[str], here: Path) -> tuple[tuple[str, str], ...]:
    """Role -> the field that is found in the corpus."""
    corpus = open_corpus([here / name for name in inputs], Config(limit=1), Path(os.devnull))
    for _ in corpus.batches():
        pass
    return tuple((role, name) for role, name in corpus.fields if role in FieldNames.__dataclass_fields__)


def _config(fields: Iterable[tuple[str, str]]) -> str:
    """The settings; fields that were found are named in comments, to be insisted on by taking the # away."""
    own = [(role, name) for role, name in fields if not name.startswith(("host of ", "the "))]
    return _CONFIG.format(suite=SUITE, fields="\n".join(f"# {role} = {_quoted(name)}" for role, name in own) or '# text = "article.body"')


def _quoted(name: str) -> str:
    """A string of TOML: JSON's, but for DEL."""
    return json.dumps(name).replace("\x7f", "\\u007f")


def _workflow(inputs: Sequence[str]) -> str:
    corpus = " ".join(map(shlex.quote, inputs))
    return _WORKFLOW.format(suite=SUITE, baseline=BASELINE, version=version("corpus-audit"), corpus=corpus)
