"""What a CI shows by itself, where the environment says that there is one: annotations and the job summary of GitHub Actions."""

from __future__ import annotations

from collections.abc import Mapping

from audit.result import Result
from audit.show import github, markdown, safe
from audit.show.shelf import Shelf


def announce(result: Result, environment: Mapping[str, str]) -> str:
    """Workflow commands to print for the result, "" outside GitHub Actions; the summary is added to the file that GitHub names for it.

    That file is the runner's own output, like standard output, and the only one that is written beside the output folder.
    """
    if environment.get("GITHUB_ACTIONS") != "true":
        return ""
    shelf = Shelf(result)
    said = github.commands(shelf)
    summary = environment.get("GITHUB_STEP_SUMMARY")
    if summary:
        try:
            with open(summary, "a", encoding="utf-8", newline="\n") as stream:
                stream.write(markdown.summary(shelf))
        except OSError as error:
            said += f"::warning title=corpus-audit::{safe.message(f'the job summary cannot be written: {error.strerror or error}')}\n"
    return said
