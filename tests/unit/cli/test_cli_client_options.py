"""Which certificate a command acts with."""

from __future__ import annotations

from pathlib import Path

import pytest

from custodes.base.errors import ConfigurationError
from custodes.cli import client_options


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, object]]:
    calls: list[tuple[Path, object]] = []
    monkeypatch.setattr(client_options, "Client", lambda *given: calls.append(given))
    monkeypatch.delenv(client_options.ENVIRONMENT, raising=False)
    return calls


def test_named_then_environment_then_place(
    chosen: list[tuple[Path, object]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError):
        client_options.client(None, None)
    (tmp_path / "identity.toml").write_text('identity = "officers/officer-1"\n')
    client_options.client(None, None)
    monkeypatch.setenv(client_options.ENVIRONMENT, "from-environment")
    client_options.client(None, None)
    client_options.client(Path("named"), None)
    assert [str(folder) for folder, _ in chosen] == [
        "officers/officer-1",
        "from-environment",
        "named",
    ]


def test_address(chosen: list[tuple[Path, object]]) -> None:
    client_options.client(Path("x"), "192.0.2.1:8443")
    assert str(chosen[0][1]) == "192.0.2.1:8443"
    for wrong in ("192.0.2.1", "host:443", "192.0.2.1:x"):
        with pytest.raises(ConfigurationError):
            client_options.client(Path("x"), wrong)
