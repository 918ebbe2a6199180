"""A lab as a user runs it: init, up, orders on the command line, a capture through a pipe."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from custodes.app.demo_capture import make_demo_capture


@dataclass(frozen=True)
class Up:
    """`custodes up`, and the processes it said it runs."""

    process: subprocess.Popen[bytes]
    processes: dict[str, int]


COMMAND = [sys.executable, "-m", "custodes.cli.main"]


def custodes(*arguments: str, identity: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ)
    if identity is not None:
        environment["CUSTODES_IDENTITY"] = str(identity)
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, check=False, env=environment
    )


def until(reached: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.1)


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    made = custodes("init", str(tmp_path / "lab"), "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["mark"] == "LAB"
    return tmp_path / "lab"


@pytest.fixture
def running(lab: Path) -> Iterator[Up]:
    command = [*COMMAND, "up", "--lab", str(lab), "--capture", "-"]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout is not None
    said = [process.stdout.readline().decode() for _ in range(6)]
    processes = {line.partition(":")[0]: int(line.split()[-1]) for line in said}
    assert set(processes) == {"admf", "x1gate", "poi", "mdf", "lemf-agency-a", "lemf-agency-b"}
    yield Up(process, processes)
    if process.poll() is None:
        process.kill()


def test_init_leaves_a_folder_in_use_alone(lab: Path) -> None:
    again = custodes("init", str(lab))
    assert again.returncode == 1
    assert "not empty" in again.stderr


def test_from_an_order_on_the_command_line_to_evidence(
    lab: Path, running: Up, tmp_path: Path
) -> None:
    scene = make_demo_capture()
    one, two = lab / "officers" / "officer-1", lab / "officers" / "officer-2"
    (tmp_path / "subject").write_text(scene.target)
    now = datetime.now(UTC)
    new = custodes(
        *("order", "new", "--reference", "order-1", "--authority", "authority-a"),
        *("--agency", "agency-a", "--legal-basis", "section 1", "--content", "--location"),
        *("--start", now.isoformat(), "--end", (now + timedelta(hours=1)).isoformat()),
        *("--subject", f"@{tmp_path / 'subject'}", "--agreement", "none-1"),
        *("--header-reporting", "none", "--json"),
        identity=one,
    )
    assert new.returncode == 0, new.stderr
    assert custodes("order", "approve", "order-1", "--json", identity=one).returncode == 0
    twice = custodes("order", "approve", "order-1", "--json", identity=one)
    assert twice.returncode == 1
    assert custodes("order", "approve", "order-1", "--json", identity=two).returncode == 0

    def shown() -> dict[str, object]:
        told = custodes("order", "show", "order-1", "--json", identity=two)
        return dict(json.loads(told.stdout))

    until(lambda: bool(shown()["active"]))
    tap = running.process.stdin
    assert tap is not None
    tap.write(scene.capture)
    tap.close()
    wanted = scene.expected[scene.target]
    packets = wanted.uplink + wanted.downlink
    evidence = lab / "evidence" / "agency-a"

    def received() -> bool:
        lines = [p.read_text().count("\n") for p in evidence.rglob("iri.jsonl")]
        sizes = [p.stat().st_size for p in evidence.rglob("content.pcap")]
        return lines == [wanted.registrations + wanted.sessions] and bool(sizes)

    until(received)
    assert custodes("order", "end", "order-1", "--json", identity=one).returncode == 0
    until(lambda: bool(shown()["cleared"]))
    [content] = evidence.rglob("content.pcap")
    assert count_packets(content.read_bytes()) == packets
    running.process.terminate()
    assert running.process.wait(30) == 0


def count_packets(octets: bytes) -> int:
    position, packets = 24, 0
    while position < len(octets):
        position += 16 + int.from_bytes(octets[position + 8 : position + 12], "little")
        packets += 1
    return packets


def test_a_function_that_dies_ends_up_with_the_truth(lab: Path, running: Up) -> None:
    os.kill(running.processes["mdf"], signal.SIGKILL)
    assert running.process.wait(30) == 1
