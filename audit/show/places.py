"""Where a record is, for a CI that shows it beside the code: the file as the repository knows it, and the line."""

from __future__ import annotations

from pathlib import PurePath

from audit.result import Result


def path(result: Result, label: str) -> str:
    """The file below the folder that the audit was run in (GitHub's workspace, where there is one), with slashes; the label of one elsewhere."""
    where, root = result.run.get("paths", {}).get(label), result.run.get("root")
    if not isinstance(where, str) or not isinstance(root, str):
        return label
    try:
        return PurePath(where).relative_to(root).as_posix()
    except ValueError:
        return label
