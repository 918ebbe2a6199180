"""Foreign judges that are programs: skipped where absent, and missing them in CI is an error."""

from __future__ import annotations

import os
import shutil

import pytest


def tshark() -> str:
    """The path of tshark, or the end of the test."""
    path = shutil.which("tshark")
    if path is None:
        reason = "tshark, a foreign judge, is not on PATH"
        if os.environ.get("CI"):
            pytest.fail(f"{reason}: in CI no judge is skipped")
        pytest.skip(reason)
    return path
