"""The error tree; caught once, in `audit.cli.main`.

    AuditError                something the user can mend (exit 2)
    |-- ConfigError           an option or corpus-audit.toml
    |-- SuiteError            a suite or a lexicon
    |-- BaselineError         a baseline or a result folder
    |-- CorpusError           the input
    `-- OutputError           the place the results go to
    EngineError               a worker failed on an article: a bug of ours (exit 3)

A message says what, where, and what would work. Each class has a `slug`: docs/errors.md has a section for it.
A failed expectation is a result, not an error; a bad record goes to the quarantine.
"""

from __future__ import annotations


class AuditError(Exception):
    """Something the user can mend."""

    slug = "audit-error"


class ConfigError(AuditError):
    """An option, or an entry of corpus-audit.toml, cannot be used."""

    slug = "config-error"


class SuiteError(AuditError):
    """A suite or a lexicon of marks cannot be used."""

    slug = "suite-error"


class BaselineError(AuditError):
    """A baseline, or a folder that should hold a result, cannot be used."""

    slug = "baseline-error"


class CorpusError(AuditError):
    """The input cannot be read as a corpus."""

    slug = "corpus-error"


class OutputError(AuditError):
    """The results cannot be written where they should go."""

    slug = "output-error"


class EngineError(Exception):
    """A worker failed on an article; names the file and line, chains the cause. Or a worker process was ended."""

    slug = "engine-error"
