"""Reports to the administration: in order, patient, and never lost in silence."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
import structlog
from structlog.testing import CapturingLogger

from custodes.app import reports as module
from custodes.app.reports import Reports
from custodes.base.errors import CustodesError
from custodes.model.address import Address
from custodes.model.party import Party, Role
from custodes.net.http import Response, TransportError
from custodes.session.x1.events import NEIssue
from custodes.session.x1.reports import ReportReceiver
from unit.functions.x1gate.x1gate_scene import Clock, Ids

GATE = Party("x1gate", Role.X1GATE, "02" * 32)


class Gate:
    """The gate's own reporting side; ``down`` and ``answer`` are its faults."""

    def __init__(self) -> None:
        self.down = False
        self.answer: bytes | None = None
        self.asked = 0
        self.said: list[tuple[str, str, str]] = []
        self.codes: list[int | None] = []
        self.peer: str | None = None

    def client(self, element: str) -> Any:
        gate = self

        class Client:
            async def request(
                self, method: str, url: str, body: bytes, *, expected: Party
            ) -> Response:
                gate.asked += 1
                assert (method, url, expected) == ("POST", "https://192.0.2.1:4100/X1/ADMF", GATE)
                if gate.down:
                    raise TransportError("no answer from x1gate")
                if gate.answer is not None:
                    return Response(403, gate.answer)
                receiver = ReportReceiver(GATE.name)
                octets = receiver.handle(body, gate.peer or element, Clock().now())
                while (event := receiver.next_event()) is not None:
                    assert isinstance(event, NEIssue)
                    report = event.report
                    gate.codes.append(report.issueCode)
                    gate.said.append(
                        (event.neIdentifier, str(report.typeOfNeIssueMessage), report.description)
                    )
                return Response(200, octets)

            async def close(self) -> None:
                pass

        return Client()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    made = Gate()
    monkeypatch.setattr(module, "HTTPSClient", made.client)
    monkeypatch.setattr(module, "_RETRY_SECONDS", 0.001)
    return made


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    logger = CapturingLogger()
    monkeypatch.setattr(module.structlog, "get_logger", lambda: logger)
    return logger.calls  # type: ignore[return-value]


def reports(gate: Gate) -> Reports:
    # The fake client is made from what would be a Material: here, the element's name.
    return Reports(
        gate=Address("192.0.2.1", 4100),
        party=GATE,
        materials={name: name for name in ("amf", "upf")},  # type: ignore[misc]
        clock=Clock(),
        ids=Ids(),
    )


async def eventually(reached: Callable[[], bool]) -> None:
    for _ in range(2000):
        if reached():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("not within two seconds")


async def test_reports_leave_in_order_under_the_elements_own_name(gate: Gate) -> None:
    async with reports(gate) as reporting:
        reporting.ne_issue("amf", "Warning", "one")
        reporting.ne_issue("upf", "FaultReport", "two", 9050)
        await eventually(lambda: len(gate.said) == 2)
    assert gate.said == [("amf", "Warning", "one"), ("upf", "FaultReport", "two")]
    assert gate.codes == [None, 9050]


async def test_any_thread_may_report(gate: Gate) -> None:
    async with reports(gate) as reporting:
        thread = threading.Thread(target=reporting.ne_issue, args=("amf", "Alert", "from afar"))
        thread.start()
        await eventually(lambda: len(gate.said) == 1)
        thread.join()


async def test_a_gate_that_is_down_gets_everything_once_it_is_up(
    gate: Gate, log: list[Any]
) -> None:
    gate.down = True
    async with reports(gate) as reporting:
        for number in range(5):
            reporting.ne_issue("amf", "Warning", str(number))
        await eventually(lambda: gate.asked >= 3)
        gate.down = False
        await eventually(lambda: len(gate.said) == 5)
    assert [text for _, _, text in gate.said] == list("01234")
    assert {call.args[0] for call in log} == {"report.unsent"}


async def test_a_gate_that_stays_down_is_asked_ever_more_seldom(
    gate: Gate, monkeypatch: pytest.MonkeyPatch, log: list[Any]
) -> None:
    gate.down = True
    pauses: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        await real(0)

    monkeypatch.setattr(module.asyncio, "sleep", sleep)
    monkeypatch.setattr(module, "_RETRY_SECONDS", 1.0)
    async with reports(gate) as reporting:
        reporting.ne_issue("amf", "Warning", "one")
        while len(pauses) < 8:
            await real(0)
    assert pauses[:8] == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]


async def test_what_found_no_room_is_told_with_the_next(
    gate: Gate, monkeypatch: pytest.MonkeyPatch, log: list[Any]
) -> None:
    monkeypatch.setattr(module, "_LIMIT", 2)
    gate.down = True
    async with reports(gate) as reporting:
        reporting.ne_issue("amf", "Warning", "first")
        await eventually(lambda: gate.asked >= 1)  # it is out of the queue, and being tried
        for number in range(5):
            reporting.ne_issue("amf", "Warning", str(number))
        await asyncio.sleep(0.01)
        gate.down = False
        await eventually(lambda: len(gate.said) == 3)
    assert [text for _, _, text in gate.said] == ["first", "0; 3 other reports found no room", "1"]


async def test_an_answer_that_is_none_is_asked_for_again(gate: Gate, log: list[Any]) -> None:
    gate.answer = b""
    async with reports(gate) as reporting:
        reporting.ne_issue("amf", "Warning", "one")
        await eventually(lambda: gate.asked >= 2)
        gate.answer = None
        await eventually(lambda: len(gate.said) == 1)


async def test_a_refused_report_is_logged_as_lost_and_stops_no_other(
    gate: Gate, log: list[Any]
) -> None:
    gate.peer = "somebody else"
    async with reports(gate) as reporting:
        reporting.ne_issue("amf", "Warning", "one")
        await eventually(lambda: gate.asked == 1)
        await eventually(lambda: bool(log))
        gate.peer = None
        reporting.ne_issue("amf", "Warning", "two")
        await eventually(lambda: len(gate.said) == 1)
    assert [call.args[0] for call in log] == ["report.lost"]
    assert gate.said[0][2] == "two"


async def test_a_report_that_x1_cannot_say_stops_no_other(gate: Gate, log: list[Any]) -> None:
    async with reports(gate) as reporting:
        reporting.ne_issue("amf", "Warning", "no XML: \x00")
        reporting.ne_issue("amf", "Warning", "two")
        await eventually(lambda: len(gate.said) == 1)
    assert [call.args[0] for call in log] == ["report.lost"]


@pytest.mark.parametrize(("name", "kind"), [("mdf2", "Warning"), ("amf", "Rumour")])
async def test_a_report_of_nobody_or_of_no_kind_is_our_error(
    gate: Gate, name: str, kind: str
) -> None:
    async with reports(gate) as reporting:
        with pytest.raises(CustodesError):
            reporting.ne_issue(name, kind, "one")
        reporting.ne_issue("amf", "Warning", "two")
        await eventually(lambda: len(gate.said) == 1)


def test_a_report_before_the_start_is_our_error(gate: Gate) -> None:
    with pytest.raises(CustodesError):
        reports(gate).ne_issue("amf", "Warning", "one")


def test_what_is_left_at_the_end_is_told(gate: Gate, log: list[Any]) -> None:
    gate.down = True

    async def run() -> Reports:
        async with reports(gate) as reporting:
            for number in range(3):
                reporting.ne_issue("amf", "Warning", str(number))
            await eventually(lambda: gate.asked >= 1)
        return reporting

    stopped = asyncio.run(run())
    (lost,) = [call.kwargs for call in log if call.args[0] == "report.lost"]
    assert lost["reports"] == 3
    stopped.ne_issue("amf", "Warning", "after the end")  # from the capture's thread, say
    assert log[-1].args[0] == "report.lost"


def test_the_real_logger_is_structlogs() -> None:
    assert module.structlog is structlog
