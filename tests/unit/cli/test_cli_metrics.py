"""``custodes metrics``: one line or one object for each sample, and errors in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from custodes.app.metrics.scrape import Told
from custodes.base.errors import RefusedError
from custodes.cli.main import app

TOLD = (
    Told("custodes_lab", {}, 1.0),
    Told("custodes_mdf_refused_total", {"ne": "mdf2", "element": "", "reason": "no_task"}, 3.0),
)


@pytest.fixture(autouse=True)
def scraped(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, str]]:
    asked: list[tuple[Path, str]] = []

    async def scrape(folder: Path, function: str) -> tuple[Told, ...]:
        asked.append((folder, function))
        if function == "poi":
            raise RefusedError("not told here", remedy="enrol a monitor")
        return TOLD

    monkeypatch.setattr("custodes.cli.metrics.scrape", scrape)
    return asked


def test_a_line_for_each_sample(scraped: list[tuple[Path, str]]) -> None:
    ran = CliRunner().invoke(app, ["metrics", "mdf", "--as", "lab/monitor"])
    assert ran.exit_code == 0
    assert [line.split() for line in ran.stdout.splitlines()] == [
        ["custodes_lab", "1"],
        ["custodes_mdf_refused_total", "3", "ne=mdf2", "element=-", "reason=no_task"],
    ]
    assert scraped == [(Path("lab/monitor"), "mdf")]


def test_an_object_for_each_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUSTODES_IDENTITY", "lab/monitor")
    ran = CliRunner().invoke(app, ["metrics", "mdf", "--json"])
    objects = [json.loads(line) for line in ran.stdout.splitlines()]
    assert objects[1] == {"name": TOLD[1].name, "labels": TOLD[1].labels, "value": 3.0}


def test_a_refusal_is_said_and_is_exit_status_1() -> None:
    ran = CliRunner().invoke(app, ["metrics", "poi", "--as", "lab/monitor", "--json"])
    assert ran.exit_code == 1
    assert json.loads(ran.stdout) == {"error": "not told here", "remedy": "enrol a monitor"}
