"""``custodes decode`` as a user runs it."""

from __future__ import annotations

import fcntl
import io
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from contextlib import suppress
from pathlib import Path

import pytest
from typer.testing import CliRunner

from custodes.app.decode.lenient import Option
from custodes.cli.decode import Leniency
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
    assert row["errors"][0]["offset"] == 42
    people = RUNNER.invoke(app, ["decode", "-"], input=octets)
    assert "!! octet 42" in people.stdout
    assert people.exit_code == 1


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


def test_the_other_files_are_read_where_one_cannot_be(tmp_path: Path) -> None:
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.write_bytes(bytes.fromhex(vector("x2x3_valid", "attribute-8")))
    bad.write_bytes(b"\xff\xfe")
    nowhere = str(tmp_path / "nowhere")
    result = RUNNER.invoke(app, ["decode", "--json", nowhere, str(good), str(tmp_path), str(bad)])
    assert result.exit_code == 2
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["kind"] for row in rows] == ["x2x3", "unrecognised"]
    assert "nowhere: No such file" in result.stderr
    assert "Is a directory" in result.stderr


def test_a_file_that_may_not_be_read_is_2(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    result = RUNNER.invoke(app, ["decode", "closed"])
    assert result.exit_code == 2
    assert "closed: Permission denied" in result.stderr


def test_a_file_that_fails_while_it_is_read_is_2(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "open", lambda *_: Broken())
    result = RUNNER.invoke(app, ["decode", "broken"])
    assert result.exit_code == 2
    assert "broken: Input/output error" in result.stderr


@pytest.mark.parametrize("option", ["swappedVersion", "all"])
def test_lenient(option: str) -> None:
    octets = vector("x2x3_invalid", "version-swapped")
    strict = RUNNER.invoke(app, ["decode", "-"], input=octets)
    assert strict.exit_code == 1
    assert "--lenient swappedVersion reads it" in strict.stdout
    result = RUNNER.invoke(app, ["decode", "--lenient", option, "-"], input=octets)
    assert result.exit_code == 0
    assert "~  tolerated by swappedVersion" in result.stdout
    other = RUNNER.invoke(app, ["decode", "--lenient", "millisecondTimes", "-"], input=octets)
    assert other.exit_code == 1


def test_the_options_of_the_command_are_those_of_the_decoder() -> None:
    assert {one.value for one in Leniency} == {one.value for one in Option} | {"all"}


@pytest.mark.parametrize("width", [80, 200])
def test_on_a_terminal_there_are_colours_and_lines_fit(width: int) -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    octets = vector("handover_valid", "ps-pdu-iri")
    environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS")}
    run = subprocess.Popen(
        [sys.executable, "-m", "custodes.cli.main", "decode", "-"],
        stdin=subprocess.PIPE,
        stdout=theirs,
        env=environment | {"TERM": "xterm"},
    )
    os.close(theirs)
    assert run.stdin is not None
    run.stdin.write(octets.encode())
    run.stdin.close()
    shown = b""
    with suppress(OSError):
        while piece := os.read(ours, 65536):
            shown += piece
    os.close(ours)
    assert run.wait() == 0
    assert b"\x1b[" in shown
    rows = re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).splitlines()
    assert max(map(len, rows)) <= width
    assert any("lawfulInterceptionIdentifier" in row for row in rows)


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
