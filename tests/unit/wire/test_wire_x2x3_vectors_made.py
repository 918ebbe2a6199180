"""The X2/X3 vectors in the repository are what their maker makes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
TOOL = REPOSITORY / "tools" / "make_x2x3_vectors.py"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vectors")
    subprocess.run([sys.executable, str(TOOL), str(folder)], check=True)
    return folder


@pytest.mark.parametrize("name", ["x2x3_valid.json", "x2x3_invalid.json"])
def test_making_them_again_changes_nothing(made: Path, name: str) -> None:
    assert (made / name).read_bytes() == (REPOSITORY / "vectors" / name).read_bytes()


def test_the_maker_uses_none_of_the_codec() -> None:
    assert "custodes" not in TOOL.read_text(encoding="utf-8")
