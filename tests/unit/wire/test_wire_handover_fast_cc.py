"""The fast encoder of content writes what the generic one writes, octet by octet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from custodes.base.errors import EncodeError
from custodes.base.ids import CIN, LIID
from custodes.wire.handover.cc import TS33128_CC, CCItem
from custodes.wire.handover.direction import PayloadDirection
from custodes.wire.handover.fast_cc import CCEncoder
from custodes.wire.handover.pdu import PSPDU, CCs, decode, encode
from custodes.wire.handover.psheader import PSHeader
from custodes.wire.handover.times import TimeStampQualifier
from custodes.wire.iri.payload import decode_cc, encode_cc

PLAIN = PSHeader(liid=LIID("A-1"), operatorIdentifier=b"OPERATOR", sequenceNumber=9, timestamp=9)
EDGES = sorted(
    {max(0, (1 << bits) + off) for bits in (7, 8, 15, 16, 23, 24, 31, 32) for off in (-1, 0)}
)
NUMBERS = st.sampled_from([e for e in EDGES if e < 1 << 32]) | st.integers(0, (1 << 32) - 1)
SECONDS = NUMBERS
MICROS = st.sampled_from([0, 127, 128, 32767, 32768, 999_999]) | st.integers(0, 999_999)
TIMES = st.builds(
    lambda s, us, ns: s * 10**9 + us * 1000 + ns, SECONDS, MICROS, st.integers(0, 999)
)
DIRECTIONS = st.none() | st.sampled_from(PayloadDirection)
SIZES = st.sampled_from([*range(60, 130), *range(190, 260), *range(65_380, 65_540)]) | st.integers(
    0, 2000
)
COUNTRY = st.none() | st.sampled_from(["XX", "ZZ"])


def octets(least: int, most: int) -> st.SearchStrategy[bytes]:
    return st.binary(min_size=least, max_size=most)


HEADERS: st.SearchStrategy[PSHeader] = st.builds(
    PSHeader,
    liid=st.builds(LIID, st.from_regex(r"[!-~]{1,25}|([0-9a-f]{2}){13,25}", fullmatch=True)),
    operatorIdentifier=octets(1, 16),
    sequenceNumber=NUMBERS,
    authorizationCountryCode=COUNTRY,
    networkElementIdentifier=st.none() | octets(1, 16),
    cin=st.none() | st.builds(CIN, NUMBERS),
    deliveryCountryCode=COUNTRY,
    timestamp=st.none() | TIMES,
    timeStampQualifier=st.none() | st.sampled_from(TimeStampQualifier),
    interceptionPointID=st.none() | st.text("abc-1", min_size=1, max_size=8),
    extendedInterceptionPointID=st.none() | octets(1, 80),
    networkFunctionIdentifier=st.none() | octets(1, 80),
)


def generic(
    header: PSHeader, number: int, ns: int, direction: PayloadDirection | None, packet: bytes
) -> bytes:
    contents: tuple[str, Any] = (TS33128_CC, encode_cc(("uPFCCPDU", packet)))
    item = CCItem(contents=contents, payloadDirection=direction)
    return encode(PSPDU(replace(header, sequenceNumber=number, timestamp=ns), CCs((item,))))


@given(HEADERS, NUMBERS, TIMES, DIRECTIONS, SIZES)
@example(PLAIN, 0, 0, None, 0)
@example(PLAIN, (1 << 32) - 1, (1 << 32) * 10**9 - 1, PayloadDirection.COMBINED, 1)
def test_both_encoders_write_the_same(
    header: PSHeader, number: int, ns: int, direction: PayloadDirection | None, size: int
) -> None:
    packet = bytes(i & 0xFF for i in range(size))
    fast = CCEncoder(header).encode(number, ns, direction, packet)
    assert fast == generic(header, number, ns, direction, packet)


def test_every_length_of_length_of_every_level_is_right() -> None:
    encoder = CCEncoder(PLAIN)
    for size in (*range(300), *range(65_380, 65_540)):
        assert encoder.encode(7, 10**18, PayloadDirection.TO_TARGET, bytes(size)) == generic(
            PLAIN, 7, 10**18, PayloadDirection.TO_TARGET, bytes(size)
        )


def test_a_header_with_what_the_tables_do_not_know_keeps_it() -> None:
    header = replace(
        PLAIN,
        unknown=(("sequenceNumber", b"\x9e\x01\x01"), ("timeStampQualifier", b"\x9d\0")),
        unknownInCommunicationIdentifier=(("networkIdentifier", b"\x9c\0"),),
        timeStampQualifier=TimeStampQualifier.INTERCEPTION,
    )
    assert CCEncoder(header).encode(1, 2, None, b"p") == generic(header, 1, 2, None, b"p")


def test_one_encoder_serves_many_packets_and_they_decode() -> None:
    encoder = CCEncoder(PLAIN)
    for number in (0, 127, 128, 4_294_967_295):
        pdu = decode(encoder.encode(number, 1_000_002_003, PayloadDirection.FROM_TARGET, b"gtp"))
        assert pdu.header == replace(PLAIN, sequenceNumber=number, timestamp=1_000_002_000)
        assert isinstance(pdu.payload, CCs)
        (item,) = pdu.payload.items
        assert item.payloadDirection is PayloadDirection.FROM_TARGET
        assert decode_cc(item.contents[1]).pDU == ("uPFCCPDU", b"gtp")


@pytest.mark.parametrize(("number", "ns"), [(-1, 0), (1 << 32, 0), (0, -1), (0, (1 << 32) * 10**9)])
def test_what_the_generic_encoder_refuses_is_refused(number: int, ns: int) -> None:
    with pytest.raises(EncodeError):
        CCEncoder(PLAIN).encode(number, ns, None, b"")
    with pytest.raises(EncodeError):
        generic(PLAIN, number, ns, None, b"")


def test_a_template_that_cannot_be_sent_is_refused() -> None:
    with pytest.raises(EncodeError):
        CCEncoder(replace(PLAIN, operatorIdentifier=b""))
