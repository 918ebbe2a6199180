"""The demo on a real capture, as a user runs it, and what makes its counts fall."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from capture_rewriter import rewrite, without_last_frame
from custodes.app.lab import AGENCIES, Lab, lemf_name
from custodes.cli.main import app
from flow.between import Between, DropOneX3, reach_agency_at, reach_intake_at
from flow.scenes import CAPTURE, TARGET, Prepare, counts, run_scene

Liars = Callable[[Prepare], tuple[int, dict[str, Any]]]

WHOLE = {"registration": 1, "pDUSessionEstablishment": 1}
INTEGERS = (
    "orders",
    "agencies",
    "x1_requests",
    "x1_confirmed",
    "xcc",
    "hi2",
    "hi3",
    "hi4",
    "lost",
    "misdelivered",
)


@pytest.fixture(scope="module")
def capture(shared: Path) -> bytes:
    return (shared / CAPTURE).read_bytes()


def demo(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "custodes.cli.main", "demo", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_one_object_on_one_line_and_a_truthful_exit(shared: Path, tmp_path: Path) -> None:
    ran = demo("--capture", str(shared / CAPTURE), "--target", TARGET, "--json", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    [line] = ran.stdout.splitlines()
    told = json.loads(line)
    assert all(type(told[name]) is int for name in INTEGERS)
    assert set(told) == {*INTEGERS, "xiri", "evidence"}
    assert told["xiri"] == WHOLE
    assert (told["orders"], told["agencies"], told["xcc"]) == (3, 2, 2)
    assert (told["hi2"], told["hi3"]) == (4, 2)
    assert (told["lost"], told["misdelivered"]) == (0, 0)
    assert told["x1_confirmed"] == told["x1_requests"] > 0
    assert told["hi4"] > 0
    assert (tmp_path / told["evidence"]).is_dir()


def test_its_own_capture_and_words_for_people(tmp_path: Path) -> None:
    ran = demo(cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert "Lost on the way: 0" in ran.stdout
    assert "LAB" in ran.stdout
    assert "001010000000001" not in ran.stdout + ran.stderr


def test_a_target_from_a_file_shows_nowhere(shared: Path, tmp_path: Path) -> None:
    (tmp_path / "target").write_text(f"{TARGET}\n")
    ran = demo("--capture", str(shared / CAPTURE), "--target", "@target", "--json", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["xcc"] == 2
    digits = TARGET.removeprefix("imsi-").encode()
    logs = [*tmp_path.rglob("*.jsonl"), *tmp_path.rglob("*.err")]
    told = [p for p in logs if "evidence" not in p.parts and digits in p.read_bytes()]
    assert told == []


@pytest.mark.parametrize("arguments", [("--capture", "absent.pcap", "--target", TARGET)])
def test_what_cannot_be_read_is_said(arguments: tuple[str, ...], tmp_path: Path) -> None:
    ran = demo(*arguments, cwd=tmp_path)
    assert ran.returncode == 1
    assert ran.stderr.startswith("custodes: ")
    assert "Traceback" not in ran.stderr


def test_a_capture_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "none.pcap").write_bytes(b"not a capture")
    ran = demo("--capture", "none.pcap", "--target", TARGET, "--json", cwd=tmp_path)
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert "neither pcap nor pcapng" in ran.stderr


def test_control_another_subscriber_is_not_seen(capture: bytes, tmp_path: Path) -> None:
    run = run_scene(tmp_path, capture, "imsi-2089300007488")
    assert counts(run) == ({}, 0, 0, 0)
    assert (run.result.hi2, run.result.hi3) == (0, 0)


def test_control_without_the_last_frame(capture: bytes, tmp_path: Path) -> None:
    run = run_scene(tmp_path, without_last_frame(capture), TARGET)
    assert counts(run) == (WHOLE, 1, 0, 0)


@pytest.mark.parametrize("seed", [1, 20261])
def test_control_rewritten(capture: bytes, tmp_path: Path, seed: int) -> None:
    rewritten, plan = rewrite(capture, seed)
    assert rewritten != capture
    run = run_scene(tmp_path, rewritten, f"imsi-{plan.imsi}")
    assert counts(run) == (WHOLE, 2, 0, 0)


@pytest.fixture
def liars(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Liars]:
    """Runs the command itself, in a lab into which somebody was put: exit status and object."""
    with ExitStack() as stack:

        def run(prepare: Prepare) -> tuple[int, dict[str, Any]]:
            class Prepared(Lab):
                @classmethod
                def create(cls, folder: Path, now: datetime) -> Lab:
                    lab = Lab.create(folder, now)
                    prepare(lab, stack)
                    return lab

            monkeypatch.setattr("custodes.cli.demo.Lab", Prepared)
            arguments = ["demo", "--capture", str(shared / CAPTURE), "--target", TARGET]
            arguments += ["--folder", str(tmp_path / "lab"), "--json"]
            ran = CliRunner().invoke(app, arguments)
            return ran.exit_code, json.loads(ran.stdout)

        yield run


def test_control_a_dropped_x3_pdu_is_lost(liars: Liars) -> None:
    thief = DropOneX3()

    def prepare(lab: Lab, stack: ExitStack) -> None:
        intake = lab.registry().element("mdf3").intake
        assert intake is not None
        between = stack.enter_context(Between(lab, "mdf3", intake, transform=thief))
        reach_intake_at(lab, "mdf3", between.address)

    status, told = liars(prepare)
    assert thief.dropped == 1
    assert (told["xiri"], told["xcc"]) == (WHOLE, 1)
    assert (told["lost"], told["misdelivered"]) == (1, 0)
    assert status == 1


def test_control_swapped_agencies_are_misdelivered(liars: Liars) -> None:
    def prepare(lab: Lab, stack: ExitStack) -> None:
        agencies = {a.name: a for a in lab.registry().agencies}
        for mine, other in (AGENCIES, tuple(reversed(AGENCIES))):
            between = stack.enter_context(
                Between(lab, lemf_name(mine), agencies[other].hi2, towards=lemf_name(other))
            )
            reach_agency_at(lab, mine, between.address)

    status, told = liars(prepare)
    assert told["misdelivered"] >= 1
    assert told["lost"] >= 1
    assert status == 1


def test_control_an_honest_go_between_changes_nothing(liars: Liars) -> None:
    def prepare(lab: Lab, stack: ExitStack) -> None:
        intake = lab.registry().element("mdf3").intake
        assert intake is not None
        between = stack.enter_context(Between(lab, "mdf3", intake))
        reach_intake_at(lab, "mdf3", between.address)

    status, told = liars(prepare)
    assert (told["lost"], told["misdelivered"], status) == (0, 0, 0)
