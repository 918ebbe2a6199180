"""Mediation: TS 33.128 V19.7.0 5.5.1-5.5.5, 6.2.2.3, 6.2.3.7, 6.2.3.8."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from mdf_scene import (
    DA,
    DB,
    ESTABLISHMENT,
    GTPU,
    IMSI,
    NS,
    REGISTRATION,
    SOURCE,
    SOURCES,
    START,
    A,
    B,
    Clock,
    MemoryStore,
    X,
    attributes,
    x2,
    x3,
)

from custodes.base.ids import CIN, DID, LIID
from custodes.functions.mdf.headers import Origin
from custodes.functions.mdf.mediate import Mediator
from custodes.functions.mdf.numbering import Numbering
from custodes.functions.mdf.refusal import Reason, RefusedProductError
from custodes.functions.mdf.tasks import Entry, TaskTable
from custodes.model.address import Address
from custodes.model.outgoing import Kind, Outgoing
from custodes.model.period import Period
from custodes.model.registry import ElementKind
from custodes.wire.handover.direction import PayloadDirection
from custodes.wire.handover.pdu import HI4, PSPDU, CCs, IRIs, decode
from custodes.wire.handover.times import TimeStampQualifier
from custodes.wire.iri.notification import LINotificationPayload
from custodes.wire.iri.payload import IRIPayload, decode_cc, decode_iri
from custodes.wire.iri.rules import IRIType
from custodes.wire.x2x3.attributes import NFID
from custodes.wire.x2x3.pdu import PDU, PayloadFormat, PDUType
from custodes.wire.x2x3.pdu import PayloadDirection as XDirection

ADDRESSES = {DA: Address("192.0.2.1", 4000), DB: Address("192.0.2.2", 4000)}


class Scene:
    def __init__(self, kind: ElementKind = ElementKind.MDF2, store: MemoryStore | None = None):
        self.clock = Clock()
        self.store = store or MemoryStore()
        self.tasks = TaskTable(self.clock)
        name = str(kind).lower()
        self.mediator = Mediator(
            kind,
            Origin.of("XX", "OPERATOR", name),
            self.tasks,
            self.store,
            Numbering({}, name),
            self.clock,
        )

    def entry(self, liid: LIID, did: DID, seconds: float = 60, *, location: bool = True) -> Entry:
        period = Period.begin(START, START + timedelta(seconds=seconds), self.clock)
        return Entry(X, liid, period, (did,), location, (("sUPI", ("iMSI", IMSI)),), SOURCES)

    def put(self, *entries: Entry) -> None:
        self.tasks.put(X, entries)

    def product(self, pdu: PDU) -> list[Outgoing]:
        self.tasks.due()
        return self.mediator.product(pdu, SOURCE).outgoing

    def refusal(self, pdu: PDU) -> Reason:
        self.tasks.due()
        with pytest.raises(RefusedProductError) as error:
            self.mediator.product(pdu, SOURCE)
        assert IMSI not in str(error.value)
        return error.value.reason


def iri_of(outgoing: Outgoing) -> tuple[PSPDU, IRIPayload]:
    pdu = decode(outgoing.octets)
    assert isinstance(pdu.payload, IRIs)
    name, octets = pdu.payload.items[0].contents
    assert name == "threeGPP33128DefinedIRI"
    return pdu, decode_iri(octets)


def test_a_registration_becomes_an_iri_with_everything_the_clauses_ask() -> None:
    scene = Scene()
    scene.put(scene.entry(A, DA))
    (outgoing,) = scene.product(x2())
    assert (outgoing.kind, outgoing.liid, outgoing.did) == (Kind.HI2, A, DA)
    pdu, iri = iri_of(outgoing)
    header = pdu.header
    assert header.liid == A
    assert header.authorizationCountryCode == "XX"
    assert header.operatorIdentifier == b"OPERATOR"
    assert header.networkElementIdentifier == b"mdf2"
    assert header.cin is None
    assert header.sequenceNumber == 0
    assert header.timestamp == NS // 1000 * 1000
    assert header.timeStampQualifier is TimeStampQualifier.INTERCEPTION
    assert header.networkFunctionIdentifier == b"amf.example.org"
    assert header.extendedInterceptionPointID == b"poi-1"
    assert isinstance(pdu.payload, IRIs)
    assert pdu.payload.items[0].type is IRIType.REPORT
    assert iri.event == REGISTRATION
    assert iri.oid[-1] == 3
    assert iri.mediatedFromIndicator is None
    supi, msisdn = ("sUPI", ("iMSI", IMSI)), ("gPSI", ("mSISDN", "491700000000"))
    assert list(iri.targetIdentifiers) == [
        {"identifier": supi, "provenance": "matchedOn"},
        {"identifier": msisdn, "provenance": "other"},
        {"identifier": supi, "provenance": "observed"},
        {"identifier": supi, "provenance": "lEAProvided"},
    ]


def test_records_and_content_of_one_session_share_a_cin_over_both_sides() -> None:
    store = MemoryStore()
    two, three = Scene(ElementKind.MDF2, store), Scene(ElementKind.MDF3, store)
    for scene in (two, three):
        scene.put(scene.entry(A, DA))
    pdu, _ = iri_of(two.product(x2(ESTABLISHMENT))[0])
    cc = decode(three.product(x3())[0].octets)
    other = decode(three.product(x3(correlation_id=2**64 - 1))[0].octets)
    assert pdu.header.cin is not None
    assert pdu.header.cin == cc.header.cin
    assert other.header.cin != cc.header.cin
    assert isinstance(pdu.payload, IRIs)
    assert pdu.payload.items[0].type is IRIType.BEGIN


def test_content_is_the_whole_gtpu_packet_with_its_direction() -> None:
    scene = Scene(ElementKind.MDF3)
    scene.put(scene.entry(A, DA))
    directions = {
        XDirection.FROM_TARGET: PayloadDirection.FROM_TARGET,
        XDirection.TO_TARGET: PayloadDirection.TO_TARGET,
        XDirection.UNKNOWN: PayloadDirection.INDETERMINATE,
        XDirection.MULTIPLE: PayloadDirection.COMBINED,
        XDirection.NOT_APPLICABLE: PayloadDirection.NOT_APPLICABLE,
    }
    for number, (given, expected) in enumerate(directions.items()):
        (outgoing,) = scene.product(x3(payload_direction=given))
        pdu = decode(outgoing.octets)
        assert isinstance(pdu.payload, CCs)
        (item,) = pdu.payload.items
        assert item.payloadDirection is expected
        assert decode_cc(item.contents[1]).pDU == ("uPFCCPDU", GTPU)
        assert (pdu.header.sequenceNumber, pdu.header.cin) == (number, CIN(1))
        assert outgoing.kind is Kind.HI3


def test_two_orders_each_get_their_own_copy_and_their_own_numbers() -> None:
    scene = Scene()
    scene.put(scene.entry(A, DA))
    scene.product(x2())
    scene.put(scene.entry(A, DA), scene.entry(B, DB))
    made = scene.product(x2())
    assert [(o.liid, o.did) for o in made] == [(A, DA), (B, DB)]
    headers = [decode(o.octets).header for o in made]
    assert [(h.liid, h.sequenceNumber) for h in headers] == [(A, 1), (B, 0)]


def test_an_ended_order_gets_nothing_while_the_other_goes_on() -> None:
    scene = Scene()
    scene.put(scene.entry(A, DA, 10), scene.entry(B, DB, 60))
    scene.clock.pass_(10)
    assert [o.liid for o in scene.product(x2())] == [B]
    scene.clock.pass_(50)
    assert scene.refusal(x2()) is Reason.OUTSIDE_PERIOD


def test_a_wall_clock_set_back_does_not_open_an_ended_order() -> None:
    scene = Scene()
    scene.put(scene.entry(A, DA, 10))
    scene.clock.pass_(10)
    scene.clock.wall = START
    assert scene.refusal(x2()) is Reason.OUTSIDE_PERIOD


@pytest.mark.parametrize(
    ("kind", "pdu", "reason"),
    [
        (ElementKind.MDF2, x2(xid=UUID(int=9)), Reason.NO_TASK),
        (ElementKind.MDF2, x2(payload_format=PayloadFormat.SIP), Reason.WRONG_FORMAT),
        (ElementKind.MDF2, x2(payload_format=99), Reason.WRONG_FORMAT),
        (ElementKind.MDF2, x2(type=PDUType.X3), Reason.WRONG_INTERFACE),
        (ElementKind.MDF2, x2(attributes=()), Reason.NO_TIMESTAMP),
        (ElementKind.MDF2, x2(payload=b"\x30\x00"), Reason.UNDECODABLE),
        (ElementKind.MDF2, x2(ESTABLISHMENT, correlation_id=0), Reason.NO_CORRELATION),
        (ElementKind.MDF3, x3(type=PDUType.X2), Reason.WRONG_INTERFACE),
        (ElementKind.MDF3, x3(payload_format=PayloadFormat.RTP), Reason.WRONG_FORMAT),
        (ElementKind.MDF3, x3(payload=b"\x30\xff\0\0\0\0\0\7"), Reason.NOT_IP),
        (ElementKind.MDF3, x3(payload=GTPU[:-1]), Reason.NOT_IP),
        (ElementKind.MDF3, x3(correlation_id=0), Reason.NO_CORRELATION),
        (ElementKind.MDF3, x3(payload_direction=0), Reason.UNDECODABLE),
        (ElementKind.MDF3, x3(attributes=(NFID(b"upf"),)), Reason.NO_TIMESTAMP),
    ],
)
def test_what_cannot_be_mediated_is_refused_with_its_reason(
    kind: ElementKind, pdu: PDU, reason: Reason
) -> None:
    scene = Scene(kind)
    scene.put(scene.entry(A, DA))
    assert scene.refusal(pdu) is reason


def test_a_record_without_its_mandatory_fields_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("custodes.wire.iri.xiri.check_mandatory", lambda _event: None)
    name, value = ESTABLISHMENT
    lacking = x2((name, {k: v for k, v in value.items() if k != "gTPTunnelInfo"}))
    scene = Scene()
    scene.put(scene.entry(A, DA))
    assert scene.refusal(lacking) is Reason.MANDATORY_MISSING


def test_an_xiri_of_another_version_says_where_it_was_mediated_from() -> None:
    payload = bytearray(x2().payload)
    at = payload.index(bytes([4, 19, 19, 3, 1]))
    payload[at + 3] = 9
    scene = Scene()
    scene.put(scene.entry(A, DA))
    _, iri = iri_of(scene.product(x2(payload=bytes(payload)))[0])
    assert iri.mediatedFromIndicator == ("xIRIRelativeOID", (4, 19, 19, 9, 1))


def test_location_goes_only_to_the_order_that_has_it() -> None:
    scene = Scene()
    scene.put(scene.entry(A, DA), scene.entry(B, DB, location=False))
    with_it, without = (iri_of(o)[1].event[1] for o in scene.product(x2()))
    assert with_it["location"] == REGISTRATION[1]["location"]
    assert "location" not in without
    assert without["sUPI"] == ("iMSI", IMSI)


def test_a_session_without_location_is_delivered_complete() -> None:
    scene = Scene()
    scene.put(scene.entry(A, DA), scene.entry(B, DB, location=False))
    with_it, without = (iri_of(o)[1].event[1] for o in scene.product(x2(ESTABLISHMENT)))
    assert set(with_it) - set(without) == {"location"}
    assert without["gTPTunnelInfo"] == ESTABLISHMENT[1]["gTPTunnelInfo"]


def test_a_location_update_is_withheld_from_the_order_without_location() -> None:
    update: tuple[str, Any] = (
        "locationUpdate",
        {"sUPI": ("iMSI", IMSI), "location": REGISTRATION[1]["location"]},
    )
    scene = Scene()
    scene.put(scene.entry(A, DA), scene.entry(B, DB, location=False))
    scene.tasks.due()
    mediated = scene.mediator.product(x2(update, correlation_id=0), SOURCE)
    assert [o.liid for o in mediated.outgoing] == [A]
    assert [r.reason for r in mediated.refused] == [Reason.LOCATION_WITHHELD]
    # The withheld record takes no number: no gap tells the agency of it.
    assert [decode(o.octets).header.sequenceNumber for o in scene.product(x2())] == [1, 0]


def test_identifiers_without_a_counterpart_are_counted() -> None:
    extra = (*attributes()[:-1], type(attributes()[-1])("<tcpPort>80</tcpPort>"))
    scene = Scene()
    scene.put(scene.entry(A, DA))
    scene.tasks.due()
    assert scene.mediator.product(x2(attributes=extra), SOURCE).unmapped == 1


def test_notifications_tell_type_target_period_and_destination() -> None:
    scene = Scene()
    (change,) = scene.tasks.put(X, [scene.entry(A, DA)])
    (told,) = scene.mediator.notification(change, ADDRESSES, {})
    outgoing = told.outgoing
    assert (outgoing.kind, outgoing.liid, outgoing.did) == (Kind.HI4, A, DA)
    pdu = decode(outgoing.octets)
    assert pdu.header.liid == A
    assert pdu.header.sequenceNumber == 0
    assert isinstance(pdu.payload, HI4)
    (item,) = pdu.payload.items
    assert isinstance(item, LINotificationPayload)
    assert item.notification == (
        "lINotification",
        {
            "notificationType": "activation",
            "appliedTargetID": ("sUPI", ("iMSI", IMSI)),
            "appliedDeliveryInformation": [
                {
                    "hI2DeliveryIPAddress": ("iPv4Address", bytes([192, 0, 2, 1])),
                    "hI2DeliveryPortNumber": 4000,
                }
            ],
            "appliedStartTime": "20300101000000Z",
            "appliedEndTime": "20300101000100Z",
        },
    )


def test_nothing_that_is_printed_names_a_target() -> None:
    scene = Scene()
    scene.put(scene.entry(A, DA))
    assert IMSI not in repr(scene.product(x2()))


def test_product_of_an_element_that_no_order_names_is_refused() -> None:
    scene = Scene(ElementKind.MDF2)
    scene.put(scene.entry(A, DA))
    scene.tasks.due()
    with pytest.raises(RefusedProductError) as refused:
        scene.mediator.product(x2(), "another-amf")
    assert refused.value.reason is Reason.UNEXPECTED_ELEMENT
    assert len(scene.mediator.product(x2(), SOURCE).outgoing) == 1


def test_a_record_of_somebody_else_is_not_the_orders() -> None:
    scene = Scene(ElementKind.MDF2)
    scene.put(replace(scene.entry(A, DA), provided=(("sUPI", ("iMSI", "001010000000002")),)))
    scene.tasks.due()
    mediated = scene.mediator.product(x2(), SOURCE)
    assert mediated.outgoing == []
    assert [refusal.reason for refusal in mediated.refused] == [Reason.UNEXPECTED_SUBJECT]
