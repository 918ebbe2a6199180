"""Where the network hides who it is, the probe says so over X1, and taps nobody."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from custodes.app.client import Client
from custodes.app.demo import Demo, scene
from custodes.app.lab import OFFICERS, Lab
from flow.scenes import CAPTURE, TARGET

# The SUCI of the capture: IMSI format, PLMN, routing indicator, then null scheme and key 0.
NULL_SCHEME = bytes.fromhex("0102f839f0ff0000") + bytes.fromhex("00004778")
PROFILE_A = bytes.fromhex("0102f839f0ff0100") + bytes.fromhex("00004778")


def test_a_concealed_suci_is_blind_counted_and_reported(shared: Path, tmp_path: Path) -> None:
    capture = (shared / CAPTURE).read_bytes()
    assert NULL_SCHEME in capture
    lab = Lab.create(tmp_path / "lab", datetime.now(UTC))
    with Demo(lab, scene(TARGET), lambda _: None) as demo:
        demo.start()
        demo.place_orders()
        demo.read_capture([capture.replace(NULL_SCHEME, PROFILE_A)])
        officer = Client(lab.officer(OFFICERS[0]))
        reports = reports_of(officer, "amf", "blind: ")
        demo.end_orders()
        result, verdict = demo.verdict()
        said = demo.supervisor.processes["poi"].last("poi.capture_end")
    assert (result.xiri, result.xcc) == ({}, 0)
    assert verdict.clean
    assert said is not None
    assert said["blind"].get("concealed SUCI") == 1
    assert any("blind: concealed SUCI" in report for report in reports)


def reports_of(officer: Client, ne: str, beginning: str) -> list[str]:
    """What the element reported: the report is on its way when the capture has been read."""
    deadline = time.monotonic() + 20
    while True:
        [line] = [e for e in officer.elements().elements if e.neIdentifier == ne]
        found = [r.detail for r in line.reports if r.detail.startswith(beginning)]
        if found or time.monotonic() > deadline:
            return found
        time.sleep(0.1)
