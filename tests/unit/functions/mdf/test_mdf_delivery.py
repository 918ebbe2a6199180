"""Delivery over connections that break: in order, nothing lost, nothing crossed."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from mdf_scene import DA, NS, A, B

from custodes.base.errors import CustodesError
from custodes.base.ids import CIN, LIID
from custodes.functions.mdf.counters import Counters
from custodes.functions.mdf.delivery import Delivery, Means, Target
from custodes.functions.mdf.guard import Route, Routes
from custodes.functions.mdf.headers import Origin
from custodes.functions.mdf.outgoing import Kind, Outgoing
from custodes.model.address import Address
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


class SystemClock:
    def now(self) -> object:
        raise NotImplementedError

    def now_ns(self) -> int:
        raise NotImplementedError

    def monotonic(self) -> float:
        return time.monotonic()


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
        self.asked: list[int] = []

    def take(self, pipe: Pipe, until: int, *, answer: bool = True) -> None:
        while len(self.numbers) + self.repeats < until:
            self._receiver.receive_data(pipe.sent.get(timeout=10), 0.0)
            self._events(pipe, answer)

    def settle(self, pipe: Pipe) -> None:
        """Wait for a keep-alive and answer it."""
        while not self.asked:
            self._receiver.receive_data(pipe.sent.get(timeout=10), 0.0)
            self._events(pipe, True)

    def _events(self, pipe: Pipe, answer: bool) -> None:
        while (event := self._receiver.next_event()) is not None:
            if isinstance(event, PDUReceived):
                if event.continuity is Continuity.REPEAT:
                    self.repeats += 1
                else:
                    self.numbers.append(event.pdu.header.sequenceNumber)
            elif isinstance(event, KeepAliveReceived) and answer:
                self.asked.append(event.number)
                self._receiver.acknowledge(event.number)
        if octets := self._receiver.data_to_send():
            pipe.answer(octets)


def iri(number: int, liid: LIID = A) -> Outgoing:
    header = ORIGIN.header(liid, CIN(1), number, NS, TimeStampQualifier.INTERCEPTION)
    item = IRIItem(contents=("threeGPP33128DefinedIRI", b"\x30\x00"))
    return Outgoing(Kind.HI2, A, DA, encode(PSPDU(header, IRIs((item,)))))


class Bench:
    def __init__(self, capacity: int = 100, window: int = 50) -> None:
        self.pipes: queue.Queue[Pipe | None] = queue.Queue()
        self.counters = Counters()
        self.alarms: list[tuple[str, str]] = []
        routes = Routes()
        routes.allow(A, (Route(DA, LEMF.fingerprint, frozenset({Kind.HI2, Kind.HI4})),))
        means = Means(
            connector=self._connect,
            routes=routes,
            counters=self.counters,
            clock=SystemClock(),  # type: ignore[arg-type]
            alarm=lambda kind, what: self.alarms.append((kind, what)),
            template=ORIGIN.keep_alive(),
            limits=Limits(confirm_after=0.01, window_pdus=window),
            capacity=capacity,
        )
        self.delivery = Delivery(TARGET, means)

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
        bench.delivery.close(0)


def test_in_order_confirmed_and_counted() -> None:
    bench, pipe, lemf = Bench(), Pipe(), Lemf(ContinuityLog())
    with running(bench) as delivery:
        bench.pipes.put(pipe)
        for number in range(20):
            delivery.put(iri(number))
        lemf.take(pipe, 20)
        lemf.settle(pipe)
        assert delivery.close(10) == 0
    assert lemf.numbers == list(range(20))
    assert (bench.count("hi2"), bench.count("confirmed")) == (20, 20)


def test_what_a_dead_connection_swallowed_is_sent_again() -> None:
    log = ContinuityLog()
    bench, first, second = Bench(), Pipe(), Pipe()
    with running(bench) as delivery:
        bench.pipes.put(None)
        bench.pipes.put(first)
        for number in range(5):
            delivery.put(iri(number))
        before = Lemf(log)
        before.take(first, 5, answer=False)
        first.break_()
        bench.pipes.put(second)
        delivery.put(iri(5))
        after = Lemf(log)
        after.take(second, 6)
        assert after.numbers == [5]
        assert after.repeats == 5
    assert bench.count("hi2") == 6
    assert bench.count("connect_failures") >= 1
    assert any(kind == "delivery" for kind, _ in bench.alarms)


def test_a_full_queue_makes_the_producer_wait_and_counts_it() -> None:
    bench, pipe, lemf = Bench(capacity=2), Pipe(), Lemf(ContinuityLog())
    with running(bench) as delivery:
        for number in range(2):
            assert delivery.wait_for_room(0)
            delivery.put(iri(number))
        assert not delivery.wait_for_room(0.01)
        assert bench.count("back_pressure") == 1
        waited = threading.Event()
        thread = threading.Thread(
            target=lambda: waited.set() if delivery.wait_for_room(10) else None
        )
        thread.start()
        bench.pipes.put(pipe)
        lemf.take(pipe, 2)
        thread.join(10)
        assert waited.is_set()
    assert lemf.numbers == [0, 1]


def test_a_closed_window_holds_the_rest_back_until_it_is_confirmed() -> None:
    bench, pipe, lemf = Bench(window=3), Pipe(), Lemf(ContinuityLog())
    with running(bench) as delivery:
        for number in range(9):
            delivery.put(iri(number))
        bench.pipes.put(pipe)
        lemf.take(pipe, 3, answer=False)
        assert delivery.depth == 9
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
        delivery.put(iri(0))
        delivery.put(crossed)
        delivery.put(iri(1))
        lemf.take(pipe, 2)
    assert lemf.numbers == [0, 1]
    assert bench.count("misrouted") == 1
    assert any(kind == "misrouted" for kind, _ in bench.alarms)


def test_another_key_at_the_address_gets_nothing() -> None:
    bench = Bench()
    stranger = Pipe(Party("lemf-b", Role.LEMF, "b" * 64))
    with running(bench) as delivery:
        bench.pipes.put(stranger)
        delivery.put(iri(0))
        assert delivery.close(0.1) == 1
    assert stranger.sent.empty()
    assert bench.count("hi2") == 0
