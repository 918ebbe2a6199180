"""Standard output holds JSON lines and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime

import pytest
import structlog

from custodes.app import log


@pytest.fixture(autouse=True)
def _structlog_as_it_was() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def test_a_line_says_when_who_what_and_how_grave(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("poi")
    structlog.get_logger().warning("poi.blind", ne="amf", counters={"frames": 3})
    said = capsys.readouterr()
    (line,) = said.out.splitlines()
    event = json.loads(line)
    assert datetime.fromisoformat(event.pop("timestamp")).tzinfo is not None
    assert event == {
        "event": "poi.blind",
        "level": "warning",
        "function": "poi",
        "ne": "amf",
        "counters": {"frames": 3},
    }
    assert said.err == ""


def test_one_event_is_one_line_whatever_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("poi")
    structlog.get_logger().info("one\ntwo", what="a\r\nb\u2028c\udcff", octets=b"\x00")
    (line,) = capsys.readouterr().out.split("\n")[:-1]
    assert line.isascii()
    assert json.loads(line)["event"] == "one\ntwo"


@pytest.mark.parametrize("level", ["debug", "info", "warning", "error", "critical"])
def test_every_level_is_said(capsys: pytest.CaptureFixture[str], level: str) -> None:
    log.configure("mdf")
    getattr(structlog.get_logger(), level)("mdf.something")
    assert json.loads(capsys.readouterr().out)["level"] == level


def test_lines_of_many_threads_do_not_mix(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("poi")

    def talk(number: int) -> None:
        for _ in range(50):
            structlog.get_logger().info("line", number=number, text="x" * 500)

    threads = [threading.Thread(target=talk, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = capsys.readouterr().out.splitlines()
    assert len([json.loads(line) for line in lines]) == 200


def test_what_the_probe_imports_says_nothing_on_standard_output() -> None:
    """pycrate announces what it misses, and what it decodes may name a person."""
    code = (
        "from custodes.app import poi\n"
        "from custodes.functions.poi.signalling.errors import SignallingError\n"
        "decoder = poi.PycrateDecoder()\n"
        "for octets in (b'', b'\\x00\\x15\\x00\\x01\\x00', bytes(40), b'\\x7e\\x00\\x41' * 9):\n"
        "    for decode in (decoder.decode_ngap, decoder.decode_nas):\n"
        "        try: decode(octets)\n"
        "        except SignallingError: pass\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == b""
    assert done.stderr == b""
