"""Product in: a keepalive is a promise, and is made only when it can be kept."""

from __future__ import annotations

import queue
import threading
import time

import pytest
from mdf_bench import Bench
from mdf_enrolment import destination, grant, task
from mdf_scene import IMSI, A, attributes, x2

from custodes.functions.mdf.intake import Intake
from custodes.model.party import Party, Role
from custodes.session.x2x3.events import KeepaliveAcknowledged
from custodes.session.x2x3.sender import Sender
from custodes.wire.x1.destination_messages import CreateDestinationRequest
from custodes.wire.x1.task_messages import ActivateTaskRequest

AMF = Party("amf", Role.ELEMENT, "e" * 64)
FOR_A = grant(A)


class Pipe:
    peer = AMF

    def __init__(self) -> None:
        self.inbox: queue.Queue[bytes] = queue.Queue()
        self.sent: queue.Queue[bytes] = queue.Queue()

    def send(self, octets: bytes) -> None:
        self.sent.put(octets)

    def receive(self, timeout: float | None) -> bytes | None:
        try:
            return self.inbox.get(timeout=timeout)
        except queue.Empty:
            return None

    def close(self) -> None:
        self.inbox.put(b"")


class Element:
    """The far end: a real sender's octets, through a pipe into an intake's thread."""

    def __init__(self, bench: Bench) -> None:
        self.pipe = Pipe()
        self.sender = Sender(time.monotonic())
        self.intake = Intake(bench.side, bench.clock)
        self.thread = threading.Thread(target=self.intake.serve, args=(self.pipe,))
        self.thread.start()

    def send(self, *numbers: int) -> None:
        for number in numbers:
            self.sender.send(x2(attributes=attributes(number)), time.monotonic())

    def flush(self) -> None:
        self.pipe.inbox.put(self.sender.data_to_send())

    def acknowledged(self) -> bool:
        """Whether one answer has come, and is the one to the only keepalive."""
        self.sender.receive_data(self.pipe.sent.get(timeout=10), time.monotonic())
        return self.sender.next_event() == KeepaliveAcknowledged(0)

    def end(self) -> None:
        self.pipe.close()
        self.thread.join(10)
        assert not self.thread.is_alive()


def ready(capacity: int = 100) -> Bench:
    bench = Bench(capacity=capacity)
    bench.x1(CreateDestinationRequest(destinationDetails=destination(FOR_A)))
    bench.x1(ActivateTaskRequest(taskDetails=task(FOR_A)))
    return bench


def test_a_keepalive_is_answered_when_everything_before_it_was_queued() -> None:
    bench = ready()
    element = Element(bench)
    element.send(0, 1, 2)
    element.sender.drain(time.monotonic())
    element.flush()
    assert element.acknowledged()
    assert bench.side.snapshot()["xiri"] == {"registration": 3}
    element.end()
    assert bench.side.close(10) == 0
    assert bench.a.told() == ["activation", "iri", "iri", "iri"]


def test_a_keepalive_behind_a_full_queue_is_not_answered() -> None:
    bench = Bench(capacity=1)
    bench.reachable = False
    bench.x1(CreateDestinationRequest(destinationDetails=destination(FOR_A)))
    bench.x1(ActivateTaskRequest(taskDetails=task(FOR_A)))
    element = Element(bench)
    element.send(0)
    element.sender.drain(time.monotonic())
    element.flush()
    bench.wait(lambda: bench.side.snapshot()["back_pressure"] > 0)
    assert element.pipe.sent.empty()
    bench.reachable = True
    assert element.acknowledged()
    element.end()
    bench.side.close(10)


def test_gaps_of_an_element_are_counted_over_connections_and_alarmed() -> None:
    bench = ready()
    element = Element(bench)
    element.send(0, 3)
    element.sender.drain(time.monotonic())
    element.flush()
    assert element.acknowledged()
    element.end()
    assert bench.side.snapshot()["gaps"] == 2
    assert [alarm[:2] for alarm in bench.alarms] == [("gap", "2 PDUs of an element are missing")]
    bench.side.close(0)


def test_octets_that_are_no_pdu_end_the_connection_with_an_alarm() -> None:
    bench = Bench()
    element = Element(bench)
    element.pipe.inbox.put(b"GET / HTTP/1.1\r\n\r\n")
    element.thread.join(10)
    assert not element.thread.is_alive()
    assert bench.side.snapshot()["intake_lost"] == 1
    assert bench.alarms[0][0] == "intake"
    bench.side.close(0)


def test_a_fault_of_ours_ends_one_connection_and_names_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bench = ready()

    def fail(_pdu: object, _source: str) -> None:
        raise ValueError(IMSI)

    monkeypatch.setattr(bench.side, "product", fail)
    element = Element(bench)
    element.send(0)
    element.flush()
    element.thread.join(10)
    assert not element.thread.is_alive()
    assert bench.side.snapshot()["internal_errors"] == 1
    assert bench.alarms == [("internal", "mediation failed: ValueError", 1)]
    bench.side.close(0)


def test_a_stranger_at_the_door_is_counted_and_alarmed() -> None:
    bench = Bench()
    Intake(bench.side, bench.clock).refused("the peer's key is not enrolled")
    assert bench.side.snapshot()["refused"] == {"unenrolled_peer": 1}
    assert bench.alarms[0][0] == "unenrolled_peer"
    bench.side.close(0)


def test_a_stopping_function_ends_its_connections() -> None:
    bench = Bench()
    element = Element(bench)
    element.intake.close()
    element.thread.join(10)
    assert not element.thread.is_alive()
    bench.side.close(0)
