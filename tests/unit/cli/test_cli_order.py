"""``custodes order``: what it understands before it asks anybody."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from custodes.base.errors import ConfigurationError
from custodes.cli import ne, officer, order, task
from custodes.cli.order import at_file, moment

BASE = datetime(2026, 11, 1, 12, tzinfo=UTC)
runner = CliRunner()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+90m", BASE + timedelta(minutes=90)),
        ("+2d", BASE + timedelta(days=2)),
        ("2026-11-01T13:00:00+01:00", BASE),
        ("2026-11-01T12:00:00Z", BASE),
    ],
)
def test_moment(text: str, expected: datetime) -> None:
    value = moment(text, BASE)
    assert value == expected
    assert value.tzinfo is UTC


@pytest.mark.parametrize("text", ["", "tomorrow", "2026-11-01T12:00:00", "+90", "-1h", "+1.5h"])
def test_no_moment(text: str) -> None:
    with pytest.raises(ConfigurationError):
        moment(text, BASE)


def test_at_file(tmp_path: Path) -> None:
    (tmp_path / "x").write_text(" imsi-001010000000001\n")
    assert at_file(f"@{tmp_path / 'x'}") == "imsi-001010000000001"
    assert at_file("imsi-001010000000001") == "imsi-001010000000001"
    with pytest.raises(ConfigurationError):
        at_file(f"@{tmp_path / 'none'}")


def _new(*more: str) -> list[str]:
    return [
        *("new", "--reference", "A", "--authority", "a", "--agency", "a", "--legal-basis", "x"),
        *("--end", "+1h", "--agreement", "g", *more),
    ]


def test_usage_is_exit_status_2() -> None:
    assert runner.invoke(order.app, _new()).exit_code == 2
    wrong = _new("--subject", "001010000000001", "--header-reporting", "all")
    assert runner.invoke(order.app, wrong).exit_code == 2


@pytest.mark.parametrize(
    ("app", "arguments"),
    [
        (order.app, _new("--subject", "not-an-imsi")),
        (order.app, ["list"]),
        (order.app, ["approve", "A"]),
        (officer.app, ["list"]),
        (ne.app, ["status"]),
        (task.app, ["list"]),
    ],
)
def test_a_refusal_is_exit_status_1(
    app: object, arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CUSTODES_IDENTITY", raising=False)
    monkeypatch.chdir(tmp_path)
    result = runner.invoke(app, [*arguments, "--json"])  # type: ignore[arg-type]
    assert result.exit_code == 1
    assert set(json.loads(result.stdout)) == {"error", "remedy"}
    spoken = runner.invoke(app, arguments)  # type: ignore[arg-type]
    assert spoken.exit_code == 1
    assert spoken.stdout == ""


@pytest.mark.parametrize("app", [order.app, officer.app, ne.app, task.app])
def test_every_command_explains_itself(app: object) -> None:
    for command in app.registered_commands:  # type: ignore[attr-defined]
        assert command.callback.__doc__
        result = runner.invoke(app, [command.name, "--help"])  # type: ignore[arg-type]
        assert result.exit_code == 0
        assert "--json" in result.stdout
        assert "--as" in result.stdout
