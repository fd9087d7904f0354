"""What tests share: where the real text is, where there is any."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture
def shared() -> Path:
    """The folder of real text beside the checkout; skips the test where it is absent."""
    if not (SHARED / "corpora").is_dir():
        pytest.skip("needs the project's shared folder of real text")
    return SHARED
