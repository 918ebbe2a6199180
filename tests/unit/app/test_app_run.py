"""A function in its process: its own folder, no core dump, files for nobody else."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from custodes.app import run as module
from custodes.app.config import Identity, X1GateConfig, dump
from custodes.app.run import run_function
from custodes.base.errors import ConfigurationError
from custodes.model.address import Address


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    identity = Identity(name="x1gate", certificate=Path("cert.pem"), key=Path("key.pem"))
    dump(tmp_path, X1GateConfig(identity=identity, admf=Address("192.0.2.1", 4000)))
    return tmp_path


def test_the_function_that_the_folder_names_runs_without_core_dumps_and_shared_files(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits: list[object] = []
    fake = SimpleNamespace(
        RLIMIT_CORE=resource.RLIMIT_CORE, setrlimit=lambda *limit: limits.append(limit)
    )
    monkeypatch.setattr(module, "resource", fake)
    seen: list[object] = []

    def gate(given: Path) -> int:
        made = given / "state"
        made.write_text("")
        # Both were set before the function got to run.
        seen.append((given, list(limits), made.stat().st_mode & 0o777))
        return 7

    stand_in = ModuleType("custodes.app.x1gate")
    stand_in.run = gate  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "custodes.app.x1gate", stand_in)
    before = os.umask(0o022)
    try:
        assert run_function(folder) == 7
    finally:
        os.umask(before)
    assert seen == [(folder, [(resource.RLIMIT_CORE, (0, 0))], 0o600)]


def test_a_folder_that_names_no_function_runs_nothing(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('function = "os"')
    with pytest.raises(ConfigurationError):
        run_function(tmp_path)
