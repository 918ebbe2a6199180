"""Rules beyond the encoding: mandatory fields, IRI types, CINs, notifications."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from decode_vectors import decode, vector

from custodes.app.decode.item import Item
from custodes.app.decode.message import to_object
from custodes.app.decode.payload import check_fields
from custodes.wire.ber.constructed import SequenceNode
from custodes.wire.handover.schema import MODULE, schema
from custodes.wire.iri import presence
from custodes.wire.iri.iri import decode_iri
from custodes.wire.x2x3.pdu import PDU, PDUType, encode

ENVELOPE = vector("handover_valid", "ps-pdu-iri")
REGISTRATION = vector("iri_valid", "xiri-registration")


def pdu(event: tuple[str, Any], iri_type: str | None, cin: int | None) -> bytes:
    value = schema().decode(MODULE, "PS-PDU", ENVELOPE)
    identifier = value["pSHeader"]["communicationIdentifier"]
    identifier.pop("communicationIdentityNumber", None)
    if cin is not None:
        identifier["communicationIdentityNumber"] = cin
    name, (entry, *_) = value["payload"]
    entry.pop("iRIType", None)
    if iri_type is not None:
        entry = {"iRIType": iri_type} | entry
    payload = {"iRIPayloadOID": (4, 19, 19, 3, 3), "event": event}
    octets = schema().encode("TS33128Payloads", "IRIPayload", payload)
    entry["iRIContents"] = ("threeGPP33128DefinedIRI", octets)
    value["payload"] = (name, [entry])
    return schema().encode(MODULE, "PS-PDU", value)


def violations(octets: bytes) -> list[tuple[str, str]]:
    (message,) = decode(octets)
    assert not message.undecodable
    found = to_object(message).get("violations", [])
    return [(entry["path"].rpartition("/")[2], entry["what"]) for entry in found]


def session() -> tuple[str, Any]:
    value = schema().decode(MODULE, "PS-PDU", ENVELOPE)
    return decode_iri(value["payload"][1][0]["iRIContents"][1]).event


def registration() -> tuple[str, Any]:
    value = schema().decode("TS33128Payloads", "XIRIPayload", REGISTRATION)
    event: tuple[str, Any] = value["event"]
    return event


def test_what_is_right_is_not_said() -> None:
    assert violations(pdu(session(), "iRI-Begin", 1)) == []
    assert violations(pdu(registration(), "iRI-Report", None)) == []


def test_an_event_of_a_session_has_its_cin() -> None:
    ((where, what),) = violations(pdu(session(), "iRI-Begin", None))
    assert where == "communicationIdentifier"
    assert "communicationIdentityNumber is missing" in what
    assert "6.2.3.7" in what


def test_an_event_without_a_session_has_none() -> None:
    ((where, what),) = violations(pdu(registration(), "iRI-Report", 7))
    assert where == "communicationIdentityNumber"
    assert "AMFRegistration has no CIN" in what


@pytest.mark.parametrize(
    ("stated", "where"), [("iRI-End", "iRIType"), (None, "iRIPayloadSequence")]
)
def test_the_iri_type_is_the_events(stated: str | None, where: str) -> None:
    ((at, what),) = violations(pdu(session(), stated, 1))
    assert at in (where, "[0]")
    assert "SMFPDUSessionEstablishment has iRI-Begin" in what


def test_both_are_told_at_the_event() -> None:
    (message,) = decode(REGISTRATION)
    notes = {part.name: part.note for part in message.item.walk()}
    assert notes["event"].endswith("IRI type REPORT; no CIN")


def test_what_the_m_column_asks_for_is_missed_inside_a_ps_pdu() -> None:
    name, record = session()
    del record["gTPTunnelInfo"]
    ((where, what),) = violations(pdu((name, record), "iRI-Begin", 1))
    assert where == "pDUSessionEstablishment"
    assert what.startswith("missing mandatory: gTPTunnelInfo")


@pytest.mark.parametrize(
    ("kind", "times", "breach"),
    [
        ("activation", ("appliedStartTime",), None),
        ("activation", ("appliedEndTime",), "without its appliedStartTime"),
        ("deactivation", ("appliedEndTime",), None),
        ("deactivation", ("appliedStartTime", "appliedEndTime"), "and no start"),
        ("deactivation", (), "has its appliedEndTime"),
        ("modification", (), None),
    ],
)
def test_the_times_of_a_notification(kind: str, times: tuple[str, ...], breach: str | None) -> None:
    value = {
        "lINotificationPayloadOID": (4, 19, 19, 3, 5),
        "notification": (
            "lINotification",
            {"notificationType": kind} | dict.fromkeys(times, "20260101000000Z"),
        ),
    }
    found = violations(schema().encode("TS33128Payloads", "LINotificationPayload", value))
    assert (not found) if breach is None else breach in found[0][1]


@pytest.mark.parametrize(
    ("event", "allowed"),
    [("registration", {2, 3}), ("startOfInterceptionWithRegisteredUE", {5})],
)
def test_the_direction_on_x2_is_the_events(event: str, allowed: set[int]) -> None:
    name, record = registration()
    if event != name:
        record = {"registrationResult": "threeGPPAccess", "sUPI": ("iMSI", "001010000000001")}
        record["gUTI"] = registration()[1]["gUTI"]
    payload = {"xIRIPayloadOID": (4, 19, 19, 3, 1), "event": (event, record)}
    octets = schema().encode("TS33128Payloads", "XIRIPayload", payload)
    for direction in range(1, 6):
        pdu = PDU(PDUType.X2, 2, direction, UUID(int=1), 0, (), octets)
        found = dict(violations(encode(pdu)))
        assert ("payloadDirection" in found) == (direction not in allowed)


def test_a_condition_of_the_text_is_asked_for() -> None:
    name, (condition, *_) = next(iter(presence.conditions().items()))
    item = Item(name, 0, 1)
    check_fields(item, SequenceNode(name, lambda: ()), True)
    assert any(condition.clause in fault.what for fault in item.faults)
    assert all(not fault.undecodable for fault in item.faults)
    cut = Item(name, 0, 1)
    check_fields(cut, SequenceNode(name, lambda: ()), False)
    assert not cut.faults
