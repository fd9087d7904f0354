"""`python docs/screenshots.py`: audit seeds/ and photograph its report into docs/*.png, light, dark and on a phone; needs Chromium and playwright."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WIDE, NARROW = {"width": 1120, "height": 760}, {"width": 375, "height": 740}


def _open(page: Any) -> None:
    """Unfold everything that shows duplicates."""
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = false; })")
    page.evaluate("document.querySelectorAll('.pair').forEach((fold, at) => { fold.open = at === 0; })")


def _top(page: Any) -> None:
    """As the page opens."""


SHOTS: tuple[tuple[str, str, dict[str, int], str, Callable[[Any], None]], ...] = (
    ("report", "light", WIDE, "body", _top),
    ("report-dark", "dark", WIDE, "#expectations", _top),
    ("report-evidence", "light", WIDE, ".expectation:has(mark)", _top),
    ("report-duplicates", "light", WIDE, ".pair", _open),
    ("report-phone", "dark", NARROW, "body", _top),
)
"""Name, colours, window, the element at the top of the picture, and what is done before."""


def audited(folder: Path) -> Path:
    """The report of an audit of seeds/, against a baseline of its first articles."""
    import audit

    os.chdir(ROOT)
    audit.audit("seeds", folder / "baseline", limit=40)
    audit.audit("seeds", folder / "out", baseline=folder / "baseline")
    return folder / "out" / "report.html"


def main() -> int:
    """Write the pictures; 1 without a browser."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    if chromium is None:
        sys.stderr.write("no chromium on the path; name one in CHROMIUM\n")
        return 1
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        report = audited(Path(folder))
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--hide-scrollbars"])
        for name, scheme, window, place, prepare in SHOTS:
            page = browser.new_page(viewport=window, color_scheme=scheme, reduced_motion="reduce")
            page.goto(report.as_uri())
            prepare(page)
            page.locator(place).first.evaluate("(node) => node.scrollIntoView()")
            path = ROOT / "docs" / f"{name}.png"
            page.screenshot(path=path)
            sys.stdout.write(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1000} kB\n")
            page.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
