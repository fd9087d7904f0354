"""`python -m tests.golden` (`make golden`): write report.html and result.json of tests/made.py anew; the diff is for review."""

import sys
import tempfile
from pathlib import Path

from audit.result import dump
from audit.show import html
from audit.show.shelf import Shelf
from tests import made

HERE = Path(__file__).parent


def main() -> None:
    """Write the golden files."""
    with tempfile.TemporaryDirectory() as folder:
        result = made.folder(Path(folder))
        (HERE / "report.html").write_text(html.page(Shelf(result)), encoding="utf-8", newline="\n")
        (HERE / "result.json").write_bytes(dump(result.document))
    sys.stdout.write(f"wrote report.html and result.json in {HERE.name}\n")


if __name__ == "__main__":
    main()
