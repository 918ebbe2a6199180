"""The link to an MDF: back pressure, breaks, drains, and an account in which no PDU is missing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest

from custodes.base.errors import CustodesError
from custodes.functions.poi import link as module
from custodes.functions.poi.link import Link
from custodes.session.account import Account
from custodes.session.x2x3.events import KeepaliveReceived, ProductReceived
from custodes.session.x2x3.receiver import Receiver
from custodes.session.x2x3.sequence import GapDetected, GapDetector
from custodes.wire.x2x3.attributes import NFID, SequenceNumber
from custodes.wire.x2x3.pdu import PDU, PayloadDirection, PayloadFormat, PDUType, encode
from custodes.wire.x2x3.rules import keepalive_acknowledgement

PATIENCE = 5.0


class Clock:
    def __init__(self) -> None:
        self.ticks = 0.0

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    def now_ns(self) -> int:
        return 0

    def monotonic(self) -> float:
        return self.ticks


class Mdf:
    """An MDF with the real receiving session, and the faults that a test asks for."""

    def __init__(self) -> None:
        self.up = True
        self.answers = True
        self.answers_left: int | None = None
        self.resets = 0
        self.taken: list[int] = []
        self.versions: list[tuple[int, int]] = []
        self.gaps: list[int] = []
        self.acknowledged_at: list[int] = []
        self.streams: list[Connection] = []
        self.detector = GapDetector()

    def connect(self) -> Connection:
        if not self.up:
            raise CustodesError("mdf2 cannot be reached")
        self.streams.append(Connection(self))
        return self.streams[-1]


class Connection:
    """One end of a connection in memory; the link's thread is the only one in it."""

    def __init__(self, mdf: Mdf) -> None:
        self.receiver = Receiver(0.0, gaps=mdf.detector)
        self.goodbye = False
        self.closed = False
        self.forged = b""
        self._mdf = mdf
        self._held: list[int] = []

    def send(self, octets: bytes) -> None:
        if self._mdf.resets:
            self._mdf.resets -= 1
            raise CustodesError("the connection broke while sending")
        self.receiver.receive_data(octets, 0.0)
        while (event := self.receiver.next_event()) is not None:
            if isinstance(event, ProductReceived):
                number = event.pdu.attribute(SequenceNumber)
                assert number is not None
                self._mdf.taken.append(number.value)
                self._mdf.versions.append(event.pdu.version)
            elif isinstance(event, GapDetected):
                self._mdf.gaps.append(event.missing)
            elif isinstance(event, KeepaliveReceived):
                self._held.append(event.number)

    def receive(self, timeout: float | None) -> bytes | None:
        if self._mdf.answers:
            answered = self._held[: self._mdf.answers_left]
            for number in answered:
                self._mdf.acknowledged_at.append(len(self._mdf.taken))
                self.receiver.acknowledge(number, 0.0)
            del self._held[: len(answered)]
            if self._mdf.answers_left is not None:
                self._mdf.answers_left -= len(answered)
        if octets := self.receiver.data_to_send() + self.forged:
            self.forged = b""
            return octets
        if self.goodbye:
            return b""
        threading.Event().wait(min(timeout or 0.0, 0.002))
        return None

    def close(self) -> None:
        self.closed = True


def pdu(number: int | None) -> PDU:
    numbers = () if number is None else (SequenceNumber(number),)
    return PDU(
        PDUType.X2,
        PayloadFormat.TS_33_128,
        PayloadDirection.FROM_TARGET,
        UUID(int=1),
        0,
        (NFID(b"amf"), *numbers),
        b"payload",
    )


def eventually(reached: Callable[[], bool]) -> bool:
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.005)):
        if reached():
            return True
        pause.wait(0.005)
    return reached()


class Scene:
    def __init__(self) -> None:
        self.clock = Clock()
        self.mdf = Mdf()
        self.told: list[str] = []
        self.link = Link("amf", self.mdf.connect, self.clock, self.told.append)

    def send(self, *numbers: int) -> None:
        for number in numbers:
            self.link.send(pdu(number))


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setattr(module, "_RETRY_SECONDS", 0.005)
    monkeypatch.setattr(module, "_POLL_SECONDS", 0.005)
    made = Scene()
    yield made
    made.link.close()


def test_what_is_sent_arrives_in_order_and_a_drain_proves_it(scene: Scene) -> None:
    scene.send(*range(600))
    assert scene.link.drain(PATIENCE)
    assert scene.mdf.taken == list(range(600))
    counters = scene.link.counters
    assert (counters.sent, counters.acknowledged, counters.lost) == (600, 600, 0)
    assert scene.told == []


def test_what_waits_is_what_is_queued_or_not_vouched_for(scene: Scene) -> None:
    scene.mdf.answers = False
    scene.send(*range(3))
    assert eventually(lambda: len(scene.mdf.taken) == 3)
    assert scene.link.waiting == 3
    scene.mdf.answers = True
    assert scene.link.drain(PATIENCE)
    assert scene.link.waiting == 0
    scene.mdf.up = False
    scene.mdf.streams[-1].goodbye = True
    scene.send(3, 4)
    assert eventually(lambda: scene.link.waiting == 2)


def test_nothing_is_connected_before_there_is_something_to_send(scene: Scene) -> None:
    threading.Event().wait(0.03)
    assert scene.mdf.streams == []


def test_a_drain_is_answered_only_after_all_before_it_was_taken_in(scene: Scene) -> None:
    scene.mdf.answers = False
    scene.send(*range(300))
    assert not scene.link.drain(0.05)
    assert scene.link.counters.acknowledged == 0
    scene.mdf.answers = True
    assert scene.link.drain(PATIENCE)
    assert scene.mdf.acknowledged_at[-1] == 300
    assert scene.link.counters.acknowledged == 300


def test_an_answer_vouches_for_what_was_before_its_question_and_no_more(scene: Scene) -> None:
    scene.mdf.answers = False
    scene.send(0, 1, 2)
    assert eventually(lambda: scene.mdf.taken == [0, 1, 2])
    assert not scene.link.drain(0.02)
    scene.send(3, 4)
    assert eventually(lambda: len(scene.mdf.taken) == 5)
    assert not scene.link.drain(0.02)
    scene.mdf.answers_left = 2
    scene.mdf.answers = True
    assert eventually(lambda: scene.link.counters.acknowledged == 3)
    threading.Event().wait(0.03)
    assert scene.link.counters.acknowledged == 3
    scene.mdf.answers_left = None
    assert scene.link.drain(PATIENCE)
    assert scene.link.counters.acknowledged == 5


def test_acknowledgements_follow_the_product_without_a_drain(scene: Scene) -> None:
    scene.send(0, 1, 2)
    assert eventually(lambda: scene.link.counters.acknowledged == 3)


def test_an_idle_link_asks_for_nothing(scene: Scene) -> None:
    scene.send(0)
    assert eventually(lambda: scene.link.counters.acknowledged == 1)
    asked = len(scene.mdf.acknowledged_at)
    threading.Event().wait(0.05)
    assert len(scene.mdf.acknowledged_at) == asked


def test_a_refused_connection_is_tried_until_it_stands(scene: Scene) -> None:
    scene.mdf.up = False
    scene.send(0, 1, 2)
    assert eventually(lambda: scene.link.counters.failures >= 3)
    assert scene.told == ["mdf2 cannot be reached"]  # once, not with every attempt
    scene.mdf.up = True
    assert scene.link.drain(PATIENCE)
    assert scene.mdf.taken == [0, 1, 2]
    assert scene.link.counters.lost == 0


def test_what_a_reset_took_with_it_is_sent_again_first_and_unchanged(scene: Scene) -> None:
    scene.send(0, 1)
    assert scene.link.drain(PATIENCE)
    scene.mdf.answers = False
    scene.send(2, 3)
    assert eventually(lambda: scene.mdf.taken == [0, 1, 2, 3])
    scene.mdf.resets = 1
    scene.send(4)
    # The receiver had 2 and 3 and never said so: it gets them once more, then what is new.
    assert eventually(lambda: scene.mdf.taken == [0, 1, 2, 3, 2, 3, 4])
    scene.mdf.answers = True
    assert scene.link.drain(PATIENCE)
    counters = scene.link.counters
    assert (counters.sent, counters.acknowledged, counters.lost) == (5, 5, 0)
    assert (counters.connections, counters.failures) == (2, 1)


def test_what_was_in_flight_goes_out_before_what_waits(scene: Scene) -> None:
    scene.mdf.answers = False
    scene.send(0, 1)
    assert eventually(lambda: scene.mdf.taken == [0, 1])
    scene.mdf.up = False
    scene.mdf.streams[0].goodbye = True
    assert eventually(lambda: scene.mdf.streams[0].closed)
    scene.send(2, 3)
    assert scene.link.counters.lost == 0
    scene.mdf.up, scene.mdf.answers = True, True
    assert scene.link.drain(PATIENCE)
    assert scene.mdf.taken == [0, 1, 0, 1, 2, 3]
    assert (scene.link.counters.resent, scene.link.counters.sent) == (2, 4)
    assert eventually(lambda: len(scene.told) >= 1)
    assert "2 PDUs are not acknowledged and will be sent again" in scene.told[0]


def test_what_is_never_acknowledged_is_counted_at_the_end(scene: Scene) -> None:
    scene.mdf.answers = False
    scene.send(0, 1, 2)
    assert eventually(lambda: scene.mdf.taken == [0, 1, 2])
    scene.link.close()
    assert scene.link.counters.unacknowledged == scene.link.counters.lost == 3


def test_a_drain_that_the_connection_took_with_it_is_asked_again(scene: Scene) -> None:
    scene.mdf.up = False
    answers: list[bool] = []
    waiting = threading.Thread(target=lambda: answers.append(scene.link.drain(PATIENCE)))
    waiting.start()
    scene.mdf.resets = 2
    scene.mdf.up = True
    waiting.join(PATIENCE)
    assert answers == [True]  # nothing was in flight, so nothing was lost
    assert scene.link.counters.connections == 3


def test_a_peer_that_closes_loses_nothing_that_it_acknowledged(scene: Scene) -> None:
    scene.send(0, 1)
    assert scene.link.drain(PATIENCE)
    scene.mdf.streams[0].goodbye = True
    assert eventually(lambda: scene.mdf.streams[0].closed)
    scene.send(2)
    assert scene.link.drain(PATIENCE)
    assert (scene.link.counters.connections, scene.link.counters.lost) == (2, 0)
    assert scene.mdf.taken == [0, 1, 2]


def test_an_unanswered_keepalive_ends_the_connection(scene: Scene) -> None:
    scene.mdf.answers = False
    scene.send(0)
    assert eventually(lambda: scene.mdf.taken == [0])
    scene.clock.ticks = 181.0
    assert eventually(lambda: scene.mdf.taken == [0, 0])
    assert eventually(lambda: bool(scene.told))
    assert "not answered within TIME_P2" in scene.told[0]


def test_a_full_queue_holds_the_capture_and_drops_nothing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_QUEUE", 4)
    scene.mdf.up = False
    accepted: list[int] = []

    def capture() -> None:
        for number in range(10):
            scene.send(number)
            accepted.append(number)

    thread = threading.Thread(target=capture)
    thread.start()
    assert eventually(lambda: len(accepted) == 4)
    thread.join(0.05)
    assert thread.is_alive()
    assert len(accepted) == 4
    scene.mdf.up = True
    thread.join(PATIENCE)
    assert scene.link.drain(PATIENCE)
    assert scene.mdf.taken == list(range(10))


def test_closing_counts_what_was_left_and_what_comes_after(scene: Scene) -> None:
    scene.mdf.up = False
    scene.send(0, 1, 2)
    scene.link.close()
    assert scene.link.counters.unsent == 3
    scene.send(3)
    assert (scene.link.counters.unsent, scene.link.counters.sent) == (4, 0)


def test_closing_frees_a_capture_that_waits_for_room(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_QUEUE", 1)
    scene.mdf.up = False
    thread = threading.Thread(target=scene.send, args=(0, 1))
    thread.start()
    scene.link.close()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert scene.link.counters.unsent == 2


def test_closing_counts_what_is_in_flight(scene: Scene) -> None:
    scene.mdf.answers = False
    scene.send(0, 1)
    assert eventually(lambda: scene.mdf.taken == [0, 1])
    scene.link.close()
    assert scene.link.counters.unacknowledged == 2
    assert scene.mdf.streams[0].closed


def test_a_pdu_that_the_session_refuses_costs_neither_the_connection_nor_the_account(
    scene: Scene,
) -> None:
    scene.send(0)
    scene.link.send(pdu(None))
    scene.send(1)
    assert not scene.link.drain(PATIENCE)
    counters = scene.link.counters
    assert (counters.unsendable, counters.sent, counters.acknowledged) == (1, 2, 2)
    assert counters.connections == 1
    assert scene.mdf.taken == [0, 1]
    assert len(scene.told) == 1


def test_an_acknowledgement_that_was_not_asked_for_counts_for_nothing(scene: Scene) -> None:
    scene.mdf.answers = False
    scene.send(0)
    assert eventually(lambda: scene.mdf.taken == [0])
    scene.mdf.streams[0].forged = encode(keepalive_acknowledgement(99))
    assert eventually(lambda: bool(scene.told))
    assert scene.link.counters.acknowledged == 0
    scene.link.close()
    assert scene.link.counters.unacknowledged == 1


def test_a_bug_in_the_thread_leaves_nobody_waiting(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    monkeypatch.setattr(module, "Sender", lambda *_, **__: 1 // 0)
    scene.send(0)
    assert eventually(lambda: scene.link.counters.unsent == 1)
    scene.send(1)
    assert scene.link.counters.unsent == 2


@pytest.mark.parametrize("version", [(0, 5), (0, 6)])
def test_an_mdf_is_sent_the_version_that_is_enrolled_for_it(version: tuple[int, int]) -> None:
    mdf = Mdf()
    link = Link("amf", mdf.connect, Clock(), version=version)
    link.send(pdu(0))
    link.send(pdu(1))
    assert link.drain(PATIENCE)
    link.close()
    assert mdf.versions == [version, version]


def test_each_connection_gives_its_account_when_it_ends() -> None:
    mdf, ended = Mdf(), list[Account]()
    link = Link("amf", mdf.connect, Clock(), ended=ended.append)
    link.send(pdu(0))
    link.send(pdu(1))
    assert link.drain(PATIENCE)
    link.close()
    (account,) = ended
    assert (account.pdus_sent, account.pdus_received) == (2, 0)
    assert account.keepalives_sent == account.keepalives_sent_answered > 0
    assert account.octets_sent > account.octets_received > 0
