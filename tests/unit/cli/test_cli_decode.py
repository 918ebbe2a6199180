"""``custodes decode`` as a user runs it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from custodes.cli.main import app

VECTORS = Path(__file__).resolve().parents[3] / "vectors"
RUNNER = CliRunner()


def vector(file: str, name: str) -> str:
    found = json.loads((VECTORS / f"{file}.json").read_text("utf-8"))
    return str(next(v["hex"] for v in found if v["name"] == name))


def test_a_tree_with_clauses(tmp_path: Path) -> None:
    file = tmp_path / "registration.hex"
    file.write_text(vector("iri_valid", "xiri-registration"))
    result = RUNNER.invoke(app, ["decode", str(file)])
    assert result.exit_code == 0, result.output
    assert "sUPI / iMSI: 001010000000001" in result.stdout
    assert "TS 33.128 6.2.2.2.2" in result.stdout
    assert "\x1b" not in result.stdout


def test_offsets(tmp_path: Path) -> None:
    file = tmp_path / "pdu"
    file.write_bytes(bytes.fromhex(vector("x2x3_valid", "attribute-8")))
    result = RUNNER.invoke(app, ["decode", "--offsets", str(file)])
    assert result.exit_code == 0
    assert "      16     16    " in result.stdout


def test_json_lines_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "pdus"
    file.write_bytes(bytes.fromhex(vector("handover_valid", "ps-pdu-keep-alive")) * 2)
    result = RUNNER.invoke(app, ["decode", "--json", str(file), str(file)])
    assert result.exit_code == 0
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(rows) == 4
    assert set(rows[0]) == {"source", "stream", "offset", "length", "kind", "value"}
    assert rows[0]["value"]["payload"] == {"tRIPayload": {"keep-alive": None}}
    assert rows[1]["offset"] == rows[0]["length"]


def test_standard_input() -> None:
    result = RUNNER.invoke(app, ["decode", "-"], input=vector("iri_valid", "cc-gtp-u"))
    assert result.exit_code == 0
    assert "CCPayload" in result.stdout


def test_what_is_undecodable_ends_with_1_and_its_place() -> None:
    octets = vector("x2x3_invalid", "attribute-8-length-3")
    result = RUNNER.invoke(app, ["decode", "--json", "-"], input=octets)
    assert result.exit_code == 1
    (row,) = map(json.loads, result.stdout.splitlines())
    assert row["errors"][0]["offset"] == 44
    people = RUNNER.invoke(app, ["decode", "-"], input=octets)
    assert "!! octet 44" in people.stdout


def test_forced() -> None:
    octets = vector("x2x3_invalid", "version-swapped")
    result = RUNNER.invoke(app, ["decode", "--as", "x2x3", "-"], input=octets)
    assert result.exit_code == 1
    assert "!! octet 0: major version 5" in result.stdout


@pytest.mark.parametrize(
    "arguments", [["decode"], ["decode", "--as", "x4", "-"], ["decode", "/nowhere/at/all"]]
)
def test_usage_is_2(arguments: list[str]) -> None:
    assert RUNNER.invoke(app, arguments).exit_code == 2


def test_a_directory_is_2(tmp_path: Path) -> None:
    assert RUNNER.invoke(app, ["decode", str(tmp_path)]).exit_code == 2


DOCUMENTED = re.findall(
    r'```\n\$ jq -r .*?\.name == "([^"]+)".*? vectors/(\w+)\.json \| custodes (.*)\n([^`]*)```',
    (VECTORS.parent / "docs" / "decode.md").read_text("utf-8"),
)


def test_there_are_examples_in_the_documentation() -> None:
    assert len(DOCUMENTED) >= 3


@pytest.mark.parametrize(("name", "file", "arguments", "output"), DOCUMENTED)
def test_the_documentation_shows_what_comes(
    name: str, file: str, arguments: str, output: str
) -> None:
    result = RUNNER.invoke(app, arguments.split(), input=vector(file, name))
    assert result.stdout.rstrip() == output.rstrip()
