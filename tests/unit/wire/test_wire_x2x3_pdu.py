"""The PDU as a value, and what it refuses to become."""

from __future__ import annotations

import contextlib
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.wire.x2x3.attributes import (
    IPID,
    NFID,
    AdditionalXIDRelatedInformation,
    Attribute,
    DestinationPort,
    DomainID,
    MatchedTargetIdentifier,
    OtherTargetIdentifier,
    SequenceNumber,
    SourceIPv4Address,
    SourceIPv6Address,
    SourcePort,
    Timestamp,
    UnknownAttribute,
)
from custodes.wire.x2x3.errors import X2X3DecodeError, X2X3EncodeError
from custodes.wire.x2x3.pdu import PDU, PayloadDirection, PayloadFormat, PDUType, decode, encode
from custodes.wire.x2x3.quirks import Quirks, Tolerated, Use

SWAPS = Quirks(swappedVersion=True)
XID = UUID("7b0c3c1e-5d0a-4b6e-9c52-0a1b2c3d4e5f")


def make(*attributes: Attribute, **changes: Any) -> PDU:
    fields: dict[str, Any] = {
        "type": PDUType.X2,
        "payload_format": PayloadFormat.TS_33_128,
        "payload_direction": PayloadDirection.NOT_APPLICABLE,
        "xid": XID,
        "correlation_id": 0,
        "payload": b"xiri",
    }
    return PDU(**{**fields, **changes}, attributes=attributes)


u32 = st.integers(0, 2**32 - 1)
u16 = st.integers(0, 2**16 - 1)
octets = st.binary(max_size=40)
text = st.text(st.characters(codec="utf-8"), max_size=40)
attribute = st.one_of(
    st.builds(SequenceNumber, u32),
    st.builds(Timestamp, st.integers(0, 2**32 * 10**9 - 1)),
    st.builds(NFID, octets),
    st.builds(IPID, octets),
    st.builds(DomainID, octets),
    st.builds(SourcePort, u16),
    st.builds(DestinationPort, u16),
    st.builds(SourceIPv4Address, st.ip_addresses(v=4)),
    st.builds(SourceIPv6Address, st.ip_addresses(v=6)),
    st.builds(MatchedTargetIdentifier, text),
    st.builds(OtherTargetIdentifier, text),
    st.builds(
        AdditionalXIDRelatedInformation, st.uuids(), st.integers(0, 2**64 - 1), st.none() | u32
    ),
    st.builds(UnknownAttribute, st.integers(23, 2**16 - 1), octets),
)
pdus = st.builds(
    PDU,
    st.sampled_from(PDUType),
    st.sampled_from(PayloadFormat) | st.integers(18, 2**16 - 1),
    st.sampled_from(PayloadDirection) | st.integers(6, 2**16 - 1),
    st.uuids(),
    st.integers(0, 2**64 - 1),
    st.lists(attribute, max_size=8),
    st.binary(max_size=200),
    st.tuples(st.just(0), st.integers(0, 255)),
    st.just(False),
)


@given(pdus)
def test_what_is_encoded_decodes_to_the_same(pdu: PDU) -> None:
    decoded = decode(encode(pdu))
    assert decoded == pdu
    assert decoded.attributes == pdu.attributes
    assert hash(decoded) == hash(pdu)


@given(st.lists(attribute, max_size=8))
def test_attributes_come_back_in_order_and_the_first_counts(attributes: list[Attribute]) -> None:
    pdu = make(*attributes)
    assert pdu.attributes == tuple(attributes)
    for kind in (SequenceNumber, NFID, MatchedTargetIdentifier, UnknownAttribute):
        of_kind = tuple(a for a in attributes if type(a) is kind)
        assert pdu.each(kind) == of_kind
        if kind is not UnknownAttribute:
            assert pdu.attribute(kind) == (of_kind[0] if of_kind else None)


@given(pdus, st.data())
def test_mutated_octets_decode_or_raise_the_one_error(pdu: PDU, data: st.DataObject) -> None:
    mutated = bytearray(encode(pdu))
    for _ in range(data.draw(st.integers(1, 4))):
        mutated[data.draw(st.integers(0, len(mutated) - 1))] = data.draw(st.integers(0, 255))
    try:
        decoded = decode(bytes(mutated))
    except X2X3DecodeError:
        return
    # What is accepted is accepted whole: every value can be had, and it is sent on unchanged.
    assert len(decoded.attributes) == len(decoded.each(Attribute))
    assert encode(decoded) == mutated


@given(st.binary(max_size=120))
def test_any_octets_decode_or_raise_the_one_error(anything: bytes) -> None:
    with pytest.raises(X2X3DecodeError):
        decode(b"\xff" + anything)
    with contextlib.suppress(X2X3DecodeError):
        decode(anything)


@pytest.mark.parametrize(
    "attribute",
    [
        SequenceNumber(-1),
        SequenceNumber(2**32),
        SequenceNumber("1"),  # type: ignore[arg-type]
        SourcePort(2**16),
        Timestamp(-1),
        Timestamp(2**32 * 10**9),
        Timestamp(1.5),  # type: ignore[arg-type]
        NFID("text"),  # type: ignore[arg-type]
        NFID(b"x" * 65536),
        MatchedTargetIdentifier("\ud800"),
        MatchedTargetIdentifier(b"x"),  # type: ignore[arg-type]
        SourceIPv4Address("192.0.2.1"),  # type: ignore[arg-type]
        SourceIPv6Address("::"),  # type: ignore[arg-type]
        AdditionalXIDRelatedInformation("x", 0),  # type: ignore[arg-type]
        AdditionalXIDRelatedInformation(XID, 2**64),
        AdditionalXIDRelatedInformation(XID, 0, 2**32),
        UnknownAttribute(8, b"\0\0\0\1"),
        UnknownAttribute(65536, b""),
        UnknownAttribute(99, "x"),  # type: ignore[arg-type]
    ],
)
def test_an_attribute_that_cannot_be_sent_is_an_encode_error(attribute: Attribute) -> None:
    with pytest.raises(X2X3EncodeError):
        make(attribute)


@pytest.mark.parametrize(
    "changes",
    [
        {"correlation_id": -1},
        {"correlation_id": 2**64},
        {"xid": "7b0c3c1e"},
        {"payload": "text"},
        {"payload_format": 65536},
        {"payload_direction": None},
        {"version": (1, 0)},
        {"version": (0, 256)},
        {"version": (0,)},
        {"type": None},
    ],
)
def test_a_header_field_that_does_not_fit_is_an_encode_error(changes: dict[str, Any]) -> None:
    with pytest.raises(X2X3EncodeError):
        encode(make(**changes))


def test_a_pdu_is_immutable() -> None:
    with pytest.raises(AttributeError):
        make().payload = b"other"  # type: ignore[misc]


def test_neither_repr_nor_error_names_a_target() -> None:
    secret = "001010000000001"
    pdu = make(
        MatchedTargetIdentifier(f"<imsi>{secret}</imsi>"),
        UnknownAttribute(99, secret.encode()),
        payload=secret.encode(),
    )
    assert secret not in repr(pdu)
    assert secret not in repr(pdu.attributes)
    spoilt = encode(pdu).replace(b"</imsi>", b"</ims\xff>")
    with pytest.raises(X2X3DecodeError) as error:
        decode(spoilt)
    assert secret not in str(error.value)
    assert error.value.__cause__ is None


def test_the_size_limit_is_the_callers() -> None:
    octets = encode(make(payload=b"x" * 1000))
    assert decode(octets, max_pdu=len(octets)).payload == b"x" * 1000
    with pytest.raises(X2X3DecodeError, match="above the limit"):
        decode(octets, max_pdu=len(octets) - 1)


def test_swapped_version_octets_only_where_configured() -> None:
    octets = b"\5\0" + encode(make())[2:]
    with pytest.raises(X2X3DecodeError, match="major version 5"):
        decode(octets)
    uses: list[Use] = []
    assert decode(octets, quirks=SWAPS, uses=uses).version == (0, 5)
    assert uses == [Use(Tolerated.SWAPPED_VERSION, 0)]


@pytest.mark.parametrize(
    "version", [b"\5\5", b"\5\1", b"\6\6", b"\1\0", b"\4\0", b"\7\0", b"\xff\0"]
)
def test_the_quirk_lets_no_other_major_in(version: bytes) -> None:
    uses: list[Use] = []
    with pytest.raises(X2X3DecodeError, match=f"major version {version[0]}"):
        decode(version + encode(make())[2:], quirks=SWAPS, uses=uses)
    assert uses == []


def test_a_peer_with_the_quirk_may_do_as_the_standard_says() -> None:
    uses: list[Use] = []
    pdu = make(version=(0, 5))
    assert decode(encode(pdu), quirks=SWAPS, uses=uses) == pdu
    assert uses == []


@given(pdus, st.sampled_from([5, 6]))
def test_what_was_read_by_the_quirk_is_written_as_it_came(pdu: PDU, minor: int) -> None:
    octets = bytes([minor, 0]) + encode(pdu)[2:]
    assert encode(decode(octets, quirks=SWAPS)) == octets


@given(pdus, st.booleans())
def test_the_version_given_to_the_encoder_is_what_it_writes(pdu: PDU, swapped: bool) -> None:
    """In the standard's order, however the PDU came."""
    came = pdu._replace(version=(0, 6), swappedVersion=swapped)
    assert encode(came, (0, 5)) == b"\0\5" + encode(pdu)[2:]
    with pytest.raises(X2X3EncodeError, match="major version 5"):
        encode(came, (5, 0))


@pytest.mark.parametrize("version", [(0, 0), (0, 1), (0, 7)])
def test_a_swapped_version_that_nobody_could_read_is_not_written(version: tuple[int, int]) -> None:
    with pytest.raises(X2X3EncodeError, match="another major"):
        encode(make(version=version, swappedVersion=True))
    with pytest.raises(X2X3EncodeError, match="major version 5"):
        encode(make(version=(5, 0), swappedVersion=True))


def test_unknown_numbers_stay_numbers() -> None:
    pdu = decode(encode(make(payload_format=99, payload_direction=77)))
    assert (pdu.payload_format, pdu.payload_direction) == (99, 77)
    assert not isinstance(pdu.payload_format, PayloadFormat)
