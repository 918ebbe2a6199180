"""Product in: a keepalive is a promise, and is made only when it can be kept."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest
from mdf_bench import Bench
from mdf_enrolment import destination, grant, task
from mdf_scene import IMSI, A, attributes, x2

from custodes.functions.mdf.intake import Intake
from custodes.model.address import Address
from custodes.model.party import Party, Role
from custodes.model.registry import Element as Enrolled
from custodes.model.registry import ElementKind, X2X3Quirk
from custodes.session.x2x3.events import KeepaliveAcknowledged
from custodes.session.x2x3.sender import Sender
from custodes.wire.x1.destination_messages import CreateDestinationRequest
from custodes.wire.x1.task_messages import ActivateTaskRequest
from custodes.wire.x2x3.pdu import encode
from custodes.wire.x2x3.quirks import Quirks
from custodes.wire.x2x3.reader import Reader

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

    def __init__(self, bench: Bench, tell: Callable[[str, str], None] = lambda *_: None) -> None:
        self.pipe = Pipe()
        self.sender = Sender(time.monotonic())
        self.intake = Intake(bench.side, bench.clock, tell)
        self.thread = threading.Thread(target=self.intake.serve, args=(self.pipe,))
        self.thread.start()

    def send(self, *numbers: int) -> None:
        for number in numbers:
            self.sender.send(x2(attributes=attributes(number)), time.monotonic())

    def flush(self, *, swapped: bool = False) -> None:
        octets = self.sender.data_to_send()
        self.pipe.inbox.put(swap(octets) if swapped else octets)

    def acknowledged(self) -> bool:
        """Whether one answer has come, and is the one to the only keepalive."""
        self.sender.receive_data(self.pipe.sent.get(timeout=10), time.monotonic())
        return self.sender.next_event() == KeepaliveAcknowledged(0)

    def end(self) -> None:
        self.pipe.close()
        self.thread.join(10)
        assert not self.thread.is_alive()


def swap(octets: bytes) -> bytes:
    """The same PDUs as one implementation writes them: 05 00."""
    reader, pdus = Reader(), []
    reader.receive_data(octets)
    while (pdu := reader.next_pdu()) is not None:
        pdus.append(encode(pdu._replace(version=(0, 5), swappedVersion=True)))
    assert all(pdu[:2] == b"\5\0" for pdu in pdus)
    return b"".join(pdus)


def enrol(bench: Bench, **habits: Any) -> None:
    """The element at the other end of a pipe."""
    element = replace(Enrolled(AMF, ElementKind.AMF, Address("192.0.2.9", 1)), **habits)
    setting = bench.side.setting
    registry = replace(setting.registry, elements=(element,))
    bench.side.setting = replace(setting, registry=registry)


def ready(capacity: int = 100) -> Bench:
    bench = Bench(capacity=capacity)
    bench.x1(CreateDestinationRequest(destinationDetails=destination(FOR_A)))
    bench.x1(ActivateTaskRequest(taskDetails=task(FOR_A)))
    return bench


def test_a_keepalive_is_answered_when_everything_before_it_was_on_disk() -> None:
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


def test_a_keepalive_is_not_answered_while_the_disk_is_full() -> None:
    bench = ready()
    bench.wait(lambda: bench.a.told() == ["activation"])
    element = Element(bench)
    with bench.disk.full():
        element.send(0)
        element.sender.drain(time.monotonic())
        element.flush()
        bench.wait(lambda: any(kind == "outbox" for kind, _, _ in bench.alarms))
        assert element.pipe.sent.empty()
        assert bench.a.told() == ["activation"]
    assert element.acknowledged()
    element.end()
    bench.side.close(10)


def test_an_agency_that_takes_nothing_holds_no_element_up() -> None:
    bench = Bench(capacity=1)
    bench.reachable = False
    bench.x1(CreateDestinationRequest(destinationDetails=destination(FOR_A)))
    bench.x1(ActivateTaskRequest(taskDetails=task(FOR_A)))
    element = Element(bench)
    element.send(*range(50))
    element.sender.drain(time.monotonic())
    element.flush()
    assert element.acknowledged()
    assert bench.side.snapshot()["queue"] == 51
    element.end()
    bench.side.close(0)


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


QUIRKY = {"x2x3Quirks": frozenset({X2X3Quirk.SWAPPED_VERSION})}


def test_the_enrolments_names_are_the_codecs() -> None:
    assert {str(name) for name in X2X3Quirk} == {field.name for field in fields(Quirks)}


@pytest.mark.parametrize("habits", [None, {}, {"x2x3Version": (0, 5)}])
def test_swapped_octets_are_refused_from_an_element_without_the_quirk(
    habits: dict[str, Any] | None,
) -> None:
    bench, told = ready(), []
    if habits is not None:
        enrol(bench, **habits)
    element = Element(bench, lambda *use: told.append(use))
    element.send(0)
    element.flush(swapped=True)
    element.thread.join(10)
    assert not element.thread.is_alive()
    assert told == []
    counted = bench.side.snapshot()
    assert (counted["xiri"], counted["intake_lost"]) == ({}, 1)
    assert "quirks_used" not in counted
    bench.side.close(0)


def test_swapped_octets_are_taken_where_enrolled_each_counted_and_told_once_a_connection() -> None:
    bench, told = ready(), []
    enrol(bench, **QUIRKY)
    for connection in (1, 2):
        element = Element(bench, lambda *use: told.append(use))
        element.send(3 * connection, 3 * connection + 1, 3 * connection + 2)
        element.sender.drain(time.monotonic())
        element.flush(swapped=True)
        assert element.acknowledged()
        element.end()
        assert told == [("amf", "swappedVersion")] * connection
    counted = bench.side.snapshot()
    assert (counted["xiri"], counted["quirks_used"]) == ({"registration": 6}, 8)
    bench.side.close(10)


def test_an_element_with_the_quirk_that_does_not_use_it_is_not_told_of() -> None:
    bench, told = ready(), []
    enrol(bench, **QUIRKY)
    element = Element(bench, lambda *use: told.append(use))
    element.send(0)
    element.sender.drain(time.monotonic())
    element.flush()
    assert element.acknowledged()
    element.end()
    assert (told, bench.side.snapshot().get("quirks_used")) == ([], None)
    bench.side.close(10)


@pytest.mark.parametrize("version", [(0, 5), (0, 6)])
def test_an_element_is_answered_in_the_version_enrolled_for_it(version: tuple[int, int]) -> None:
    bench = ready()
    enrol(bench, x2x3Version=version)
    element = Element(bench)
    element.sender.drain(time.monotonic())
    element.flush()
    assert element.pipe.sent.get(timeout=10)[:2] == bytes(version)
    element.end()
    bench.side.close(0)


def test_a_connection_is_counted_for_its_element_when_made_and_when_ended() -> None:
    bench = ready()
    element = Element(bench)
    element.send(0)
    element.flush()
    bench.wait(lambda: len(bench.a.got) == 2)
    made = bench.side.counters.read().plain
    element.end()
    ended = bench.side.counters.read().plain
    bench.side.close(10)
    assert made["amf", "intake_connections"] == 1
    assert ("amf", "intake_ended") not in made
    assert ended["amf", "intake_ended"] == 1
