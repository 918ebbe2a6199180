"""Delivery over connections that break: in order, nothing lost, nothing crossed."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from mdf_outbox import Disk
from mdf_scene import DA, NS, A, B

from custodes.app.clock import SystemClock
from custodes.base.errors import CustodesError
from custodes.base.ids import CIN, LIID
from custodes.functions.mdf.counters import Counters
from custodes.functions.mdf.delivery import Delivery, Means, Target
from custodes.functions.mdf.guard import Routes
from custodes.functions.mdf.headers import Origin
from custodes.model.address import Address
from custodes.model.outbox import Batch, Stored
from custodes.model.outgoing import Kind, Outgoing, Route
from custodes.model.party import Party, Role
from custodes.session.handover.continuity import ContinuityLog
from custodes.session.handover.events import (
    Continuity,
    KeepAliveReceived,
    PDUReceived,
)
from custodes.session.handover.receiver import Receiver
from custodes.session.handover.sender import Limits
from custodes.wire.handover.iri import IRIItem
from custodes.wire.handover.pdu import PSPDU, IRIs, encode
from custodes.wire.handover.times import TimeStampQualifier

LEMF = Party("lemf-a", Role.LEMF, "a" * 64)
TARGET = Target(DA, Address("192.0.2.1", 4000), LEMF)
ORIGIN = Origin.of("XX", "OPERATOR", "mdf2")


class Pipe:
    """A stream in memory; ``break_`` is what a dying connection looks like."""

    def __init__(self, peer: Party = LEMF) -> None:
        self.peer = peer
        self.sent: queue.Queue[bytes] = queue.Queue()
        self._inbox: queue.Queue[bytes] = queue.Queue()
        self._broken = False

    def send(self, octets: bytes) -> None:
        if self._broken:
            raise CustodesError("broken")
        self.sent.put(octets)

    def receive(self, timeout: float | None) -> bytes | None:
        return self._inbox.get(timeout=timeout)

    def answer(self, octets: bytes) -> None:
        self._inbox.put(octets)

    def break_(self) -> None:
        self._broken = True
        self._inbox.put(b"")

    def close(self) -> None:
        self.break_()


class Lemf:
    """Takes what comes over one pipe; answers keep-alives when told to."""

    def __init__(self, log: ContinuityLog) -> None:
        self._receiver = Receiver(0.0, log)
        self.numbers: list[int] = []
        self.repeats = 0

    def take(self, pipe: Pipe, until: int, *, answer: bool = True) -> None:
        while len(self.numbers) + self.repeats < until:
            self._receiver.receive_data(pipe.sent.get(timeout=10), 0.0)
            self._events(pipe, answer)

    def settle(self, pipe: Pipe, delivery: Delivery) -> bool:
        """Answer keep-alives until everything is confirmed."""
        while not delivery.drain(0.02):
            with suppress(queue.Empty):
                self._receiver.receive_data(pipe.sent.get(timeout=0.1), 0.0)
                self._events(pipe, True)
        return True

    def _events(self, pipe: Pipe, answer: bool) -> None:
        while (event := self._receiver.next_event()) is not None:
            if isinstance(event, PDUReceived):
                if event.continuity is Continuity.REPEAT:
                    self.repeats += 1
                else:
                    self.numbers.append(event.pdu.header.sequenceNumber)
            elif isinstance(event, KeepAliveReceived) and answer:
                self._receiver.acknowledge(event.number)
        if octets := self._receiver.data_to_send():
            pipe.answer(octets)


def iri(number: int, liid: LIID = A) -> Outgoing:
    header = ORIGIN.header(liid, CIN(1), number, NS, TimeStampQualifier.INTERCEPTION)
    item = IRIItem(contents=("threeGPP33128DefinedIRI", b"\x30\x00"))
    return Outgoing(Kind.HI2, A, DA, encode(PSPDU(header, IRIs((item,)))))


class Bench:
    def __init__(self, capacity: int = 100, window: int = 50, disk: Disk | None = None) -> None:
        self.pipes: queue.Queue[Pipe | None] = queue.Queue()
        self.counters = Counters()
        self.alarms: list[tuple[str, str]] = []
        self.disk = disk or Disk()
        self.outbox = self.disk.outbox()
        routes = Routes(self.outbox)
        routes.allow(A, (Route(DA, LEMF.fingerprint, frozenset({Kind.HI2, Kind.HI4})),))
        means = Means(
            connector=self._connect,
            outbox=self.outbox,
            routes=routes,
            counters=self.counters,
            clock=SystemClock(),
            alarm=lambda kind, what: self.alarms.append((kind, what)),
            template=ORIGIN.keep_alive(),
            limits=Limits(confirm_after=0.01, window_pdus=window),
            capacity=capacity,
        )
        self.delivery = Delivery(TARGET, means)

    def write(self, *made: Outgoing) -> None:
        """On the disk, and told to the delivery: what the writer does."""
        ids = self.outbox.commit(Batch(made))
        self.delivery.written([Stored(i, o) for i, o in zip(ids, made, strict=True)])

    def owed(self) -> int:
        return sum(owed.count for owed in self.outbox.backlog().values())

    def _connect(self, address: Address, expected: Party) -> Pipe:
        assert (address, expected) == (TARGET.address, LEMF)
        pipe = self.pipes.get(timeout=10)
        if pipe is None:
            raise CustodesError("nobody listens")
        return pipe

    def count(self, name: str) -> int:
        return int(self.counters.snapshot().get(name, 0))


@contextmanager
def running(bench: Bench) -> Iterator[Delivery]:
    bench.delivery.start()
    try:
        yield bench.delivery
    finally:
        bench.pipes.put(None)
        bench.delivery.stop()


def test_in_order_confirmed_and_counted() -> None:
    bench, pipe, lemf = Bench(), Pipe(), Lemf(ContinuityLog())
    with running(bench) as delivery:
        bench.pipes.put(pipe)
        for number in range(20):
            bench.write(iri(number))
        lemf.take(pipe, 20)
        assert lemf.settle(pipe, delivery)
    assert lemf.numbers == list(range(20))
    assert (bench.count("hi2"), bench.count("confirmed")) == (20, 20)


def test_what_a_dead_connection_swallowed_is_sent_again() -> None:
    log = ContinuityLog()
    bench, first, second = Bench(), Pipe(), Pipe()
    with running(bench):
        bench.pipes.put(None)
        bench.pipes.put(first)
        for number in range(5):
            bench.write(iri(number))
        before = Lemf(log)
        before.take(first, 5, answer=False)
        first.break_()
        bench.pipes.put(second)
        bench.write(iri(5))
        after = Lemf(log)
        after.take(second, 6)
        assert after.numbers == [5]
        assert after.repeats == 5
    assert bench.count("hi2") == 6
    assert bench.count("connect_failures") >= 1
    assert any(kind == "delivery" for kind, _ in bench.alarms)


def test_what_does_not_fit_the_window_is_read_from_the_disk_in_order() -> None:
    bench, pipe, lemf = Bench(capacity=3, window=4), Pipe(), Lemf(ContinuityLog())
    for number in range(40):
        bench.write(iri(number))
    with running(bench) as delivery:
        bench.pipes.put(pipe)
        lemf.take(pipe, 40)
        for number in range(40, 80):
            bench.write(iri(number))
        lemf.take(pipe, 80)
        assert lemf.settle(pipe, delivery)
    assert lemf.numbers == list(range(80))
    assert lemf.repeats == 0


def test_another_run_goes_on_behind_what_was_confirmed() -> None:
    log, pipe = ContinuityLog(), Pipe()
    first = Bench()
    with running(first) as delivery:
        first.pipes.put(pipe)
        first.write(iri(0), iri(1))
        lemf = Lemf(log)
        lemf.take(pipe, 2)
        assert lemf.settle(pipe, delivery)
        first.write(iri(2), iri(3))
        lemf.take(pipe, 4, answer=False)
    second, again = Bench(disk=first.disk), Pipe()
    with running(second) as delivery:
        second.pipes.put(again)
        second.write(iri(4))
        after = Lemf(log)
        after.take(again, 3)
        assert after.settle(again, delivery)
    assert (after.repeats, after.numbers) == (2, [4])


def test_a_damaged_entry_is_left_out_told_and_holds_nobody_up() -> None:
    bench, pipe, lemf = Bench(), Pipe(), Lemf(ContinuityLog())
    with running(bench) as delivery:
        bench.pipes.put(pipe)
        bench.write(iri(0))
        (damaged,) = bench.outbox.commit(Batch((iri(1),)))
        delivery.written([Stored(damaged, None)])
        bench.write(iri(2))
        lemf.take(pipe, 2)
        assert lemf.settle(pipe, delivery)
    assert lemf.numbers == [0, 2]
    assert bench.count("damaged") == 1
    assert ("damaged", "a PDU in the outbox is damaged and cannot be sent") in bench.alarms


def test_a_closed_window_holds_the_rest_back_until_it_is_confirmed() -> None:
    bench, pipe, lemf = Bench(window=3), Pipe(), Lemf(ContinuityLog())
    with running(bench):
        for number in range(9):
            bench.write(iri(number))
        bench.pipes.put(pipe)
        lemf.take(pipe, 3, answer=False)
        assert bench.owed() == 9
        pipe.break_()
        second = Pipe()
        bench.pipes.put(second)
        lemf_again = Lemf(ContinuityLog())
        lemf_again.take(second, 9)
        assert lemf_again.numbers == list(range(9))


@pytest.mark.parametrize(
    "crossed",
    [iri(1, LIID("B-1")), Outgoing(Kind.HI2, B, DA, iri(1, B).octets)],
)
def test_a_crossed_pdu_never_reaches_the_socket(crossed: Outgoing) -> None:
    bench, pipe, lemf = Bench(), Pipe(), Lemf(ContinuityLog())
    with running(bench) as delivery:
        bench.pipes.put(pipe)
        bench.write(iri(0), crossed, iri(1))
        lemf.take(pipe, 2)
        assert lemf.settle(pipe, delivery), "what may never be sent must not wait for ever"
    assert lemf.numbers == [0, 1]
    assert bench.count("misrouted") == 1
    assert any(kind == "misrouted" for kind, _ in bench.alarms)


def test_another_key_at_the_address_gets_nothing() -> None:
    bench = Bench()
    stranger = Pipe(Party("lemf-b", Role.LEMF, "b" * 64))
    with running(bench) as delivery:
        bench.pipes.put(stranger)
        bench.write(iri(0))
        assert not delivery.drain(0.1)
    assert stranger.sent.empty()
    assert bench.count("hi2") == 0
