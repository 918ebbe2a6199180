"""XIRIPayload, IRIPayload, CCPayload, LINotificationPayload."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from iri_records import ESTABLISHMENT, REGISTRATION

from custodes.base.errors import DecodeError, EncodeError
from custodes.wire.iri.payload import (
    check_notification,
    decode_cc,
    decode_iri,
    decode_notification,
    decode_xiri,
    encode_cc,
    encode_iri,
    encode_notification,
    encode_xiri,
    li_notification,
    target_identifier,
)
from custodes.wire.iri.schema import MODULE, schema


@pytest.mark.parametrize("event", [REGISTRATION, ESTABLISHMENT], ids=lambda e: str(e[0]))
def test_an_xiri_comes_back_as_it_went(event: tuple[str, Any]) -> None:
    payload = decode_xiri(encode_xiri(event))
    assert payload.oid == (4, 19, 19, 3, 1)
    assert payload.event == event


@pytest.mark.parametrize("event", [REGISTRATION, ESTABLISHMENT], ids=lambda e: str(e[0]))
def test_an_iri_comes_back_as_it_went(event: tuple[str, Any]) -> None:
    identifiers = [
        target_identifier(("sUPI", ("iMSI", "001010000000001")), "matchedOn"),
        target_identifier(("mSISDN", "12025550100"), "other"),
        target_identifier(("iPv4Address", b"\xc6\x33\x64\x07")),
    ]
    payload = decode_iri(encode_iri(event, identifiers))
    assert payload.oid == (4, 19, 19, 3, 3)
    assert payload.event == event
    assert list(payload.targetIdentifiers) == identifiers
    assert payload.mediatedFromIndicator is None


@pytest.mark.parametrize(
    ("xiri", "indicated"),
    [((4, 19, 19, 3, 1), False), ((4, 19, 19, 4, 1), True), ((4, 19, 18, 3, 1), True)],
)
def test_mediation_from_another_module_is_indicated(xiri: tuple[int, ...], indicated: bool) -> None:
    payload = decode_iri(encode_iri(REGISTRATION, (), xiri))
    assert (payload.mediatedFromIndicator == ("xIRIRelativeOID", xiri)) is indicated


def test_an_oid_without_a_release_cannot_be_indicated() -> None:
    with pytest.raises(DecodeError):
        encode_iri(REGISTRATION, (), (4, 19))


def test_an_xiri_without_its_mandatory_fields_is_not_written() -> None:
    event = deepcopy(ESTABLISHMENT)
    del event[1]["gTPTunnelInfo"]  # OPTIONAL in the module, M in the table
    with pytest.raises(EncodeError, match="gTPTunnelInfo"):
        encode_xiri(event)


def test_an_event_of_a_later_release_is_kept_whole() -> None:
    octets = bytes.fromhex("3011 810504131404 01 a208 bf8368 0481020102".replace(" ", ""))
    payload = decode_xiri(octets)
    assert payload.oid == (4, 19, 20, 4, 1)
    assert payload.event == ("_unknown", bytes.fromhex("bf83680481020102"))
    kept = decode_iri(encode_iri(payload.event, (), payload.oid))
    assert kept.event == payload.event


def test_components_of_a_later_release_are_kept() -> None:
    octets = encode_xiri(REGISTRATION)
    length = len(octets) - 3 + 3
    longer = b"\x30\x82" + length.to_bytes(2, "big") + octets[3 if octets[1] == 0x81 else 4 :]
    longer = b"\x30\x82" + (len(longer) - 4 + 3).to_bytes(2, "big") + longer[4:] + b"\x9d\x01\x07"
    assert decode_xiri(longer).unknown == (("event", b"\x9d\x01\x07"),)
    assert decode_xiri(longer).event == REGISTRATION


@pytest.mark.parametrize("oid", [(4, 19, 19, 3, 3), (4, 18, 19, 3, 1), (4, 19, 19, 3), (5, 1)])
def test_a_payload_of_another_kind_is_refused(oid: tuple[int, ...]) -> None:
    value = {"xIRIPayloadOID": oid, "event": REGISTRATION}
    with pytest.raises(DecodeError):
        decode_xiri(schema().encode(MODULE, "XIRIPayload", value))


def test_trailing_octets_are_refused() -> None:
    with pytest.raises(DecodeError):
        decode_xiri(encode_xiri(REGISTRATION) + b"\x00")


def test_content_comes_back_as_it_went() -> None:
    packet = bytes(range(64))
    extended = ("extendedUPFCCPDU", {"payload": ("uPFIPCC", packet), "qFI": 9})
    assert decode_cc(encode_cc(("uPFCCPDU", packet))).pDU == ("uPFCCPDU", packet)
    assert decode_cc(encode_cc(extended)).pDU == extended


@pytest.mark.parametrize(("release", "name"), [(16, "pTCCCPDU"), (17, "nIDDCCPDU")])
def test_tag_4_of_release_16_was_push_to_talk(release: int, name: str) -> None:
    value = {"cCPayloadOID": (4, 19, release, 9, 4), "pDU": ("nIDDCCPDU", b"x")}
    assert decode_cc(schema().encode(MODULE, "CCPayload", value)).pDU == (name, b"x")


@pytest.mark.parametrize(
    ("kind", "start", "end"),
    [
        ("activation", True, False),
        ("activation", True, True),
        ("modification", False, False),
        ("modification", True, True),
        ("deactivation", False, True),
    ],
)
def test_a_notification_comes_back_as_it_went(kind: str, start: bool, end: bool) -> None:
    payload = li_notification(
        kind,
        target=("iMSI", "001010000000001"),
        delivery=[{"hI2DeliveryIPAddress": ("iPv4Address", b"\xc0\x00\x02\x01")}],
        start=datetime(2026, 1, 1, tzinfo=UTC) if start else None,
        end=datetime(2026, 1, 1, 2, tzinfo=timezone(timedelta(hours=2))) if end else None,
    )
    check_notification(payload)
    assert decode_notification(encode_notification(payload)) == payload
    value = payload.notification[1]
    assert value.get("appliedStartTime") == ("20260101000000Z" if start else None)
    assert value.get("appliedEndTime") == ("20260101000000Z" if end else None)


@pytest.mark.parametrize(
    ("kind", "start", "end"),
    [
        ("activation", False, False),
        ("activation", False, True),
        ("deactivation", False, False),
        ("deactivation", True, True),
    ],
)
def test_a_notification_against_annex_b_is_refused(kind: str, start: bool, end: bool) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    payload = li_notification(kind, start=moment if start else None, end=moment if end else None)
    with pytest.raises(EncodeError):
        check_notification(payload)


def test_a_notification_of_no_known_type_is_not_written() -> None:
    with pytest.raises(EncodeError):
        encode_notification(li_notification("halted"))


@given(st.data())
def test_damaged_payloads_raise_our_error_only(data: st.DataObject) -> None:
    octets = bytearray(encode_xiri(ESTABLISHMENT))
    for _ in range(data.draw(st.integers(1, 4))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    try:
        payload = decode_xiri(bytes(octets))
        encode_iri(payload.event, (), payload.oid)
    except (DecodeError, EncodeError):
        pass
