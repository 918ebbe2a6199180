"""The probe at work: only running tasks get product, and everything is in the account."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from custodes.functions.poi.events import NE, Blind, BlindReason, Content, Direction, XIRIEvent
from custodes.functions.poi.link import LinkCounters
from custodes.functions.poi.service import ProbeService
from custodes.functions.poi.side import Side
from custodes.functions.poi.subject import Subject
from custodes.model.registry import Element, ElementKind
from custodes.wire.x2x3.attributes import Timestamp
from custodes.wire.x2x3.pdu import PDU, PDUType
from unit.functions.mdf.mdf_scene import GTPU, INNER, NS, REGISTRATION
from unit.functions.poi.poi_order_scene import DIGITS, XID_1, Clock, Tasked, grant

SUBJECT = Subject(imsi=DIGITS)
OTHER = Subject(imsi="001010000000002")
RECORD = XIRIEvent(SUBJECT, NE.AMF, REGISTRATION, NS, 0, Direction.FROM_TARGET)
PACKET = Content(SUBJECT, NE.UPF, GTPU, INNER, NS, 7, Direction.TO_TARGET, None)
BLIND = Blind(BlindReason.CIPHERED_NAS, "session 1", NS)


class Link:
    """Remembers what it was handed."""

    def __init__(self) -> None:
        self.sent: list[PDU] = []
        self.answer = True
        self.closed = False
        self.counters = LinkCounters()

    def send(self, pdu: PDU) -> None:
        self.sent.append(pdu)
        self.counters.sent += 1

    def drain(self, timeout: float) -> bool:
        return self.answer

    def close(self) -> None:
        self.closed = True


@dataclass
class Reporter:
    said: list[tuple[str, str, str, str]] = field(default_factory=list)

    def blind(self, side: Side, reason: str, session: str, detail: str) -> None:
        self.said.append((side.element.neIdentifier, reason, session, detail))


class Scene:
    """Three sides in one clock; every one is tasked for the subject."""

    def __init__(self) -> None:
        self.clock = Clock()
        kinds = (ElementKind.AMF, ElementKind.SMF, ElementKind.UPF)
        self.tasked = {k: Tasked(k, self.clock).connected().activated() for k in kinds}
        self.links: dict[str, Link] = {}
        self.reporter = Reporter()
        sides = {kind: tasked.side for kind, tasked in self.tasked.items()}
        self.service = ProbeService(sides, self.open, self.reporter, b"custodes-probe/1")

    def open(self, side: Side, mdf: Element) -> Any:
        assert mdf is side.mdf
        self.links[side.element.neIdentifier] = Link()
        return self.links[side.element.neIdentifier]

    @property
    def sent(self) -> dict[str, int]:
        return {name: len(link.sent) for name, link in self.links.items()}


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_product_goes_over_the_link_of_its_own_element(scene: Scene) -> None:
    for event in (RECORD, replace(RECORD, ne=NE.SMF), PACKET, PACKET):
        scene.service.take(event)
    assert scene.sent == {"amf": 1, "smf": 1, "upf": 2}
    assert scene.links["upf"].sent[0].type is PDUType.X3
    assert scene.links["amf"].sent[0].attribute(Timestamp) == Timestamp(NS)
    (product,) = scene.service.account()["product"]
    assert product["xid"] == str(XID_1)
    assert product["events"] == {"registration": 2}
    assert (product["packets"], product["octets"]) == (2, 2 * len(INNER))


def test_links_are_told_with_both_their_ends(scene: Scene) -> None:
    assert scene.service.links() == ()
    scene.service.take(RECORD)
    scene.service.take(PACKET)
    told = [(ne, mdf, link) for ne, mdf, link in scene.service.links()]
    assert told == [("amf", "mdf2", scene.links["amf"]), ("upf", "mdf3", scene.links["upf"])]


def test_nobody_but_the_subject_is_intercepted(scene: Scene) -> None:
    scene.service.take(replace(RECORD, subject=OTHER))
    scene.service.take(replace(PACKET, subject=OTHER))
    assert scene.links == {}
    assert not scene.service.wants_content(OTHER)
    assert scene.service.wants_content(SUBJECT)


@pytest.mark.parametrize("how", ["deactivated", "ended", "deadline"])
def test_what_does_not_run_gets_nothing(scene: Scene, how: str) -> None:
    scene.service.take(RECORD)
    if how == "deactivated":
        for tasked in scene.tasked.values():
            tasked.deactivate()
    elif how == "ended":
        scene.clock.pass_by(3600.0)
    else:
        scene.clock.ticks += 3600.0
    scene.service.take(RECORD)
    scene.service.take(PACKET)
    assert scene.sent == {"amf": 1}
    assert not scene.service.wants_content(SUBJECT)
    assert scene.service.account()["product"][0]["events"] == {"registration": 1}


def test_content_needs_a_task_of_its_own(scene: Scene) -> None:
    scene.tasked[ElementKind.UPF].deactivate()
    scene.service.take(PACKET)
    scene.service.take(RECORD)
    assert scene.sent == {"amf": 1}


def test_an_incomplete_record_is_counted_told_and_not_sent(scene: Scene) -> None:
    scene.service.take(replace(RECORD, event=("registration", {})))
    assert scene.links == {}
    account = scene.service.account()
    assert account["incomplete"] == 1
    assert account["product"][0]["events"] == {}
    assert scene.reporter.said == [("amf", "incomplete record", "", "registration")]


def test_a_moment_that_no_timestamp_holds_ends_nothing(scene: Scene) -> None:
    """A capture's clock is anybody's: 64 bits of it must not stop the probe."""
    for moment in (2**64 - 1, 2**64 * 1000, -1):
        scene.service.take(replace(RECORD, timestamp_ns=moment))
        scene.service.take(replace(PACKET, timestamp_ns=moment))
    scene.service.take(PACKET)
    assert scene.service.account()["incomplete"] == 6
    assert scene.sent == {"upf": 1}
    assert {who for who, *_ in scene.reporter.said} == {"amf", "upf"}


def test_the_last_intercept_is_told_to_the_microsecond(scene: Scene) -> None:
    scene.service.take(RECORD)
    produced = scene.tasked[ElementKind.AMF].side.account()[XID_1]
    assert produced.last is not None
    assert produced.last.isoformat() == "2030-01-01T00:00:00.123456+00:00"


def test_blindness_is_counted_and_told_once_per_event(scene: Scene) -> None:
    scene.service.take(BLIND)
    scene.service.take(replace(BLIND, session="session 2", detail="sUPI"))
    assert scene.service.account()["blind"] == {BlindReason.CIPHERED_NAS: 2}
    assert scene.reporter.said == [
        ("amf", "ciphered NAS", "session 1", ""),
        ("amf", "ciphered NAS", "session 2", "sUPI"),
    ]


def test_a_drain_is_true_only_if_every_link_says_so(scene: Scene) -> None:
    assert scene.service.drain(0.0)
    scene.service.take(RECORD)
    scene.service.take(PACKET)
    assert scene.service.drain(0.0)
    scene.links["upf"].answer = False
    assert not scene.service.drain(0.0)


def test_closing_closes_every_link(scene: Scene) -> None:
    scene.service.take(RECORD)
    scene.service.take(PACKET)
    scene.service.close()
    assert all(link.closed for link in scene.links.values())


def test_the_account_names_nobody(scene: Scene) -> None:
    for event in (RECORD, PACKET, BLIND, replace(RECORD, event=("registration", {}))):
        scene.service.take(event)
    assert DIGITS not in repr(scene.service.account())
    assert DIGITS not in repr(scene.reporter.said)


def test_the_account_may_be_asked_for_while_tasks_and_product_change(scene: Scene) -> None:
    stop = threading.Event()

    def capture() -> None:
        while not stop.is_set():
            scene.service.take(RECORD)
            scene.service.take(PACKET)

    def administration() -> None:
        upf = scene.tasked[ElementKind.UPF]
        while not stop.is_set():
            upf.deactivate()
            upf.activated(grant())

    threads = [threading.Thread(target=capture), threading.Thread(target=administration)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(30):
            (product,) = scene.service.account()["product"]
            assert product["octets"] == product["packets"] * len(INNER)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    (product,) = scene.service.account()["product"]
    assert product["packets"] == scene.sent.get("upf", 0)
    assert product["events"]["registration"] == scene.sent["amf"]
