"""Fixtures that many tests share: foreign judges' data, a lab PKI, a fixed clock."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from custodes.app.pki import LabCA

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = REPOSITORY.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Published schemas and foreign captures; they are beside the project, never in it."""
    if not SHARED.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"{SHARED} is absent: in CI no foreign judge is skipped")
        pytest.skip(f"{SHARED} (published schemas, foreign captures) is absent")
    return SHARED


@pytest.fixture(scope="session")
def ca(tmp_path_factory: pytest.TempPathFactory) -> LabCA:
    return LabCA.create(tmp_path_factory.mktemp("pki"), datetime.now(UTC))
