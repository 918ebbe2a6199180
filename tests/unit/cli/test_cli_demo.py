"""The demo's last screen and its progress: true, short, and without an identity."""

from __future__ import annotations

import contextlib
import io

import pytest
from rich.console import Console
from typer.testing import CliRunner

from custodes.app.demo import DemoResult, scene
from custodes.app.verdict import OrderVerdict, Verdict
from custodes.cli.main import app
from custodes.cli.picture import picture
from custodes.cli.steps import Steps

TARGET = "imsi-001010000000001"


def made(*, lost: int = 0, misdelivered: int = 0) -> tuple[DemoResult, Verdict]:
    orders = (
        OrderVerdict("order-1", "agency-a", "LI-1", 2, 1, lost, 0),
        OrderVerdict("order-2", "agency-b", "LI-2", 2, 0, 0, 0),
        OrderVerdict("order-3", "agency-b", "LI-3", 0, 0, 0, 0),
    )
    verdict = Verdict(orders, 4, 1, 6, lost, misdelivered)
    result = DemoResult(
        orders=3,
        agencies=2,
        x1_requests=30,
        x1_confirmed=30,
        xiri={"registration": 1, "pDUSessionEstablishment": 1},
        xcc=1 + lost,
        hi2=4,
        hi3=1,
        hi4=6,
        lost=lost,
        misdelivered=misdelivered,
        evidence="lab/evidence",
    )
    return result, verdict


def test_the_picture_tells_each_order_apart() -> None:
    lines = picture(scene(TARGET), *made())
    text = "\n".join(lines)
    assert len([line for line in lines if line]) <= 10
    assert (
        "agency-a ordered events and content, with location (order-1): it received 2 events and"
        " 1 packet." in text
    )
    assert (
        "agency-b ordered events only, without location (order-2): it received 2 events and"
        " 0 packets." in text
    )
    assert "order-3): it received nothing" in text
    assert "LAB" in text
    assert TARGET.removeprefix("imsi-") not in text


def test_the_picture_tells_what_went_wrong() -> None:
    text = "\n".join(picture(scene(TARGET), *made(lost=3, misdelivered=2)))
    assert "Lost on the way: 3." in text
    assert "Delivered to somebody it was not for: 2." in text


def test_the_absent_subscriber_is_never_the_target() -> None:
    for target in (TARGET, "imsi-999700000000404", "999700000000404"):
        orders = scene(target)
        wanted, absent = orders[0].subject, orders[2].subject
        assert wanted.removeprefix("imsi-") == target.removeprefix("imsi-")
        assert absent != wanted


def test_steps_say_what_is_done_and_what_failed() -> None:
    console = Console(file=io.StringIO(), force_terminal=False, width=200)
    with contextlib.suppress(ValueError), Steps(console) as steps:
        steps("first [step]")
        steps("second")
        raise ValueError
    said = console.file.getvalue()  # type: ignore[attr-defined]
    assert "done" in said.splitlines()[0]
    assert "first [step]" in said.splitlines()[0]
    assert "failed" in said.splitlines()[1]


@pytest.mark.parametrize("arguments", [["--capture", "x.pcap"], ["--target", TARGET]])
def test_capture_and_target_go_together(arguments: list[str]) -> None:
    assert CliRunner().invoke(app, ["demo", *arguments]).exit_code == 2
