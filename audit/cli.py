"""The command line: parse, call, print, exit. Heavy imports stand inside the commands, so that `--help` stays light."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from audit.errors import AuditError

app = typer.Typer(
    name="corpus-audit",
    help="Audit a scraped text corpus: clean it, measure it, find duplicates, judge it, show the evidence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Inputs = Annotated[list[str], typer.Argument(help="Files, folders, or - for standard input.", metavar="INPUT...")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress line, no summary.")]
Name = Optional[str]  # noqa: UP045 (typer reads it at run time)


def _field(role: str) -> Any:
    return typer.Option(f"--{role}-field", help=f"The {role}'s field, as a dotted path.", metavar="FIELD", rich_help_panel="Fields")


@app.command()
def run(
    inputs: Inputs,
    out: Annotated[Path | None, typer.Option(help="Folder for the results. [default: corpus-audit-out]")] = None,
    suite: Annotated[Name, typer.Option(help="A shipped suite (news, web, pretraining, strict), none, or a path. [default: news]")] = None,
    baseline: Annotated[Path | None, typer.Option(help="An earlier result.json, or its folder.")] = None,
    fail_on: Annotated[Name, typer.Option(help="error, warning or never. [default: error]")] = None,
    threshold: Annotated[float | None, typer.Option(help="Jaccard similarity of near duplicates. [default: 0.8]")] = None,
    keep: Annotated[Name, typer.Option(help="Which copy stays: longest, first or newest. [default: longest]")] = None,
    measures: Annotated[Name, typer.Option(help="Only these groups of measures, such as titles,duplicates.", metavar="LIST")] = None,
    limit: Annotated[int | None, typer.Option(help="Read at most so many articles.", metavar="N")] = None,
    sample: Annotated[float | None, typer.Option(help="Audit only this share of the articles, chosen by text.", metavar="SHARE")] = None,
    marks: Annotated[list[Path] | None, typer.Option(help="A file or folder with your own marks.")] = None,
    title_field: Annotated[Name, _field("title")] = None,
    text_field: Annotated[Name, _field("text")] = None,
    byline_field: Annotated[Name, _field("byline")] = None,
    id_field: Annotated[Name, _field("id")] = None,
    url_field: Annotated[Name, _field("url")] = None,
    source_field: Annotated[Name, _field("source")] = None,
    date_field: Annotated[Name, _field("date")] = None,
    lang_field: Annotated[Name, _field("lang")] = None,
    workers: Annotated[int | None, typer.Option(help="Cores to use. [default: all]", metavar="N")] = None,
    max_record: Annotated[int | None, typer.Option(help="Largest record in bytes. [default: 64 MiB]", metavar="SIZE")] = None,
    signatures: Annotated[bool, typer.Option("--signatures", help="Write signatures.parquet too: the MinHash of every article.")] = False,
    quiet: Quiet = False,
) -> int:
    """Audit a corpus; exit 0 passed, 1 failed, 2 unusable input, 3 not everything could be evaluated."""
    from audit import ci, config, run
    from audit.show import terminal

    options = {
        "out": out, "suite": suite, "baseline": baseline, "fail_on": fail_on, "threshold": threshold, "keep": keep, "limit": limit,
        "measures": tuple(measures.split(",")) if measures else None, "sample": sample, "marks": tuple(marks) if marks else None,
        "workers": workers, "max_record": max_record, "quiet": quiet or None, "signatures": signatures or None,
    }  # fmt: skip
    names = {
        "title": title_field, "text": text_field, "byline": byline_field, "id": id_field, "url": url_field, "source": source_field,
        "date": date_field, "lang": lang_field,
    }  # fmt: skip
    chosen = config.load(options, names)
    result = run.run(inputs, chosen)
    if not chosen.quiet:
        sys.stdout.write(terminal.summary(result) + ci.announce(result, os.environ))
    return result.document.gate.code


@app.command()
def clean(
    inputs: Inputs,
    out: Annotated[str, typer.Option(help="The cleaned corpus; - for standard output.")],
    drop: Annotated[Name, typer.Option(help="Leave out: exact,near,contained,truncated,empty,damaged,no-byline.", metavar="LIST")] = None,
    strip: Annotated[Name, typer.Option(help="Leave out lines: titles,boilerplate,markers.", metavar="LIST")] = None,
    keep: Annotated[Name, typer.Option(help="Which copy stays: longest, first or newest. [default: longest]")] = None,
    threshold: Annotated[float | None, typer.Option(help="Jaccard similarity of near duplicates. [default: 0.8]")] = None,
    marks: Annotated[list[Path] | None, typer.Option(help="A file or folder with your own marks.")] = None,
    text_field: Annotated[Name, _field("text")] = None,
    title_field: Annotated[Name, _field("title")] = None,
    workers: Annotated[int | None, typer.Option(help="Cores to use. [default: all]", metavar="N")] = None,
    max_record: Annotated[int | None, typer.Option(help="Largest record in bytes. [default: 64 MiB]", metavar="SIZE")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done; write nothing.")] = False,
    quiet: Quiet = False,
) -> int:
    """Write the cleaned corpus in the input's format, with what was changed and dropped beside it."""
    from audit import config, rewrite

    options = {
        "keep": keep, "threshold": threshold, "marks": tuple(marks) if marks else None, "workers": workers, "max_record": max_record,
        "quiet": quiet or None,
    }  # fmt: skip
    chosen = config.load(options, {"text": text_field, "title": title_field})
    dropped, stripped = (frozenset(given.split(",")) if given else frozenset() for given in (drop, strip))
    done = rewrite.clean_corpus(rewrite.Job(tuple(inputs), out, dropped, stripped, dry_run), chosen)
    if not chosen.quiet:
        (sys.stderr if out == "-" else sys.stdout).write(rewrite.summary(done))
    return 0


@app.command()
def explain(
    folder: Annotated[Path, typer.Argument(help="The folder of a finished run.", metavar="DIR")],
    id: Annotated[str, typer.Argument(help="The article's id, or its number in the tables as #N.", metavar="ID")],
) -> int:
    """One article: every measure, every finding with its text, its duplicates, what cleaning changed."""
    from audit import explain

    sys.stdout.write(explain.explain(folder, id))
    return 0


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="The folder of a finished run.", metavar="DIR")],
    format: Annotated[str, typer.Option(help="html, md, junit or sarif.")] = "html",
) -> int:
    """Draw a finished run again, without measuring again, to standard output."""
    from audit import run

    sys.stdout.buffer.write(run.draw(folder, format).encode())
    return 0


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(help="The folder of a finished run, or its result.json.", metavar="A")],
    after: Annotated[Path, typer.Argument(help="Another one, such as of a later crawl.", metavar="B")],
    format: Annotated[str, typer.Option(help="text or md.")] = "text",
) -> int:
    """Two runs side by side, measure by measure, with intervals; what came and went; to standard output."""
    from audit import run

    sys.stdout.buffer.write(run.compare(before, after, format).encode())
    return 0


@app.command()
def init(
    inputs: Annotated[list[str] | None, typer.Argument(help="The corpus. [default: what looks like one here]", metavar="INPUT...")] = None,
    suite: Annotated[str, typer.Option(help="The shipped suite to begin with.")] = "news",
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are there.")] = False,
) -> int:
    """Write a suite to edit, the settings, and a GitHub workflow for this corpus into the working folder."""
    from audit import starter

    sys.stdout.write(starter.write(inputs or [], suite, force, Path()))
    return 0


def _version(show: bool) -> None:
    if show:
        from importlib.metadata import version

        typer.echo(f"corpus-audit {version('corpus-audit')}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")] = False,
) -> None:
    pass


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 passed, 1 failed on evidence, 2 the user can mend it, 3 a bug or not evaluated."""
    sys.exit(_code(arguments))


def _code(arguments: list[str] | None) -> int:
    try:
        code = app(args=arguments, standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except typer.TyperException as error:
        return _usage(error)
    except AuditError as error:
        _say(f"corpus-audit: {error}")
        return 2
    except (KeyboardInterrupt, typer.Abort):
        _say("corpus-audit: stopped; nothing was written")
        return 130
    except BrokenPipeError:
        return _closed()
    except Exception:
        traceback.print_exc()
        _say("corpus-audit: this is a bug; please report it with the lines above")
        return 3


def _usage(error: typer.TyperException) -> int:
    """A mistake in the arguments, said as typer says it."""
    show = getattr(error, "show", None)
    if show is not None:
        show()
    else:
        _say(f"corpus-audit: {error.format_message()}")
    return 2


def _say(message: str) -> None:
    from audit.show import safe

    sys.stderr.write(safe.terminal(message) + "\n")


def _closed() -> int:
    """Standard output was closed by its reader, such as `head`: no error of anyone's; keep Python from complaining at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    main()
