"""Containers of X1: what cannot be sent is not, what cannot be read is answered as it should."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from lxml import etree

from custodes.base.ids import DID, XID
from custodes.wire.x1.catalogue import REQUESTS, RESPONSE_OF, UnimplementedRequest
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.common import ANY_URI
from custodes.wire.x1.destination import DeliveryAddress, ip_delivery, ip_endpoint
from custodes.wire.x1.document import Limits
from custodes.wire.x1.errors import X1DecodeError, X1EncodeError
from custodes.wire.x1.extension import Extension, grants_of, header_reporting_of
from custodes.wire.x1.foreign import ForeignElement, keep
from custodes.wire.x1.header import Header
from custodes.wire.x1.liveness_messages import PingRequest, PingResponse
from custodes.wire.x1.message import (
    BadRequest,
    RequestMessage,
    ResponseMessage,
    decode_request,
    decode_response,
    encode_request,
    encode_response,
    read_request,
)
from custodes.wire.x1.operations import RequestMessageType
from custodes.wire.x1.simple import Refusal
from custodes.wire.x1.target import TargetIdentifier
from custodes.wire.x1.task import DeliveryType, ListOfDIDs, TaskDetails
from custodes.wire.x1.task_messages import ActivateTaskRequest

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
HEADER = Header(
    admfIdentifier="admf",
    neIdentifier="ne-1",
    messageTimestamp=NOW,
    version="v1.22.1",
    x1TransactionId=UUID(int=1),
)
TASK = TaskDetails(
    xId=XID(UUID(int=2)),
    targetIdentifiers=(TargetIdentifier("supiimsi", "001010000000001"),),
    deliveryType=DeliveryType.X2_ONLY,
    listOfDIDs=ListOfDIDs(dId=(DID(UUID(int=3)),)),
)
PING = RequestMessage(header=HEADER, body=PingRequest())


def activate(**changes: Any) -> RequestMessage:
    return RequestMessage(
        header=HEADER, body=ActivateTaskRequest(taskDetails=replace(TASK, **changes))
    )


def extended(*elements: Any) -> RequestMessage:
    return activate(taskDetailsExtensions=(Extension(Owner="o", elements=elements),))


@pytest.mark.parametrize(
    "message",
    [
        activate(targetIdentifiers=()),
        activate(targetIdentifiers=[TASK.targetIdentifiers[0]]),
        activate(targetIdentifiers=(TargetIdentifier("supiimsi", "1"),)),
        activate(targetIdentifiers=(TargetIdentifier("supiimsi", 1),)),
        activate(targetIdentifiers=(TargetIdentifier("nobody", "1"),)),
        activate(targetIdentifiers=(TargetIdentifier("nai", "a\x00"),)),
        activate(targetIdentifiers=(TargetIdentifier("nai", "\ud800"),)),
        activate(xId=None),
        activate(xId="x"),
        activate(deliveryType="X9Only"),
        activate(correlationID=-1),
        activate(correlationID=True),
        activate(implicitDeactivationAllowed=1),
        activate(listOfServiceTypes=()),
        activate(listOfDIDs=None),
        activate(listOfDIDs=TASK),
        extended(ForeignElement(b"<a")),
        extended(ForeignElement(b"<a/>")),
        extended(ForeignElement(b'<a xmlns="http://uri.etsi.org/03221/X1/2017/10"></a>')),
        extended(ForeignElement(b'<a  xmlns="urn:x"></a>')),
        extended(TASK),
        replace(PING, header=replace(HEADER, version="1.2")),
        replace(PING, header=replace(HEADER, admfIdentifier=" a")),
        replace(PING, header=replace(HEADER, messageTimestamp=NOW.replace(tzinfo=None))),
        replace(PING, body=PingResponse(oK="Acknowledged")),  # type: ignore[arg-type]
        replace(PING, body=TASK),  # type: ignore[arg-type]
    ],
)
def test_what_the_schema_refuses_is_not_sent(message: RequestMessage) -> None:
    with pytest.raises(X1EncodeError) as caught:
        encode_request([message])
    assert "001010000000001" not in str(caught.value)


def test_containers_hold_messages_of_their_own_kind() -> None:
    with pytest.raises(X1EncodeError):
        encode_request([])
    with pytest.raises(X1EncodeError):
        encode_response([ResponseMessage(header=HEADER, body=PingRequest())])  # type: ignore[arg-type]


def test_a_time_of_another_zone_is_the_same_moment() -> None:
    there = NOW.astimezone(timezone(timedelta(hours=-5)))
    octets = encode_request([replace(PING, header=replace(HEADER, messageTimestamp=there))])
    assert b"2026-01-02T03:04:05.678901Z" in octets
    [message] = decode_request(octets.replace(b"05.678901Z", b"05.678901-01:30"))
    assert message.header.messageTimestamp == NOW + timedelta(hours=1, minutes=30)
    assert message.header.messageTimestamp.tzinfo is UTC


def test_every_operation_of_the_schema_has_its_classes() -> None:
    done = {kind.operation for kind in REQUESTS.values()}
    assert done == set(RequestMessageType) - {RequestMessageType.EXTENDED}
    assert len(RESPONSE_OF) == len(REQUESTS) == 27


def test_a_request_of_3gpp_s_own_is_known_but_not_read() -> None:
    octets = encode_request([PING]).replace(
        b'xsi:type="x1:PingRequest"',
        b'xmlns:q="urn:3GPP:ns:li:3GPPLIQueryExtensions:r19:v0" xsi:type="q:LIQueryRequest"',
    )
    octets = octets.replace(b"</x1:x1RequestMessage>", b"<q:any/></x1:x1RequestMessage>")
    [message] = decode_request(octets)
    assert message.body == UnimplementedRequest(
        operation=RequestMessageType.EXTENDED, extendedRequestMessageType="LIQueryRequest"
    )


@pytest.mark.parametrize(
    "uri", ["urn:3GPP:ns:li:3GPPX1Extensions:r19:v2", "urn:3GPP:ns:li:3GPPStateTransfer:r19:v0"]
)
@pytest.mark.parametrize("name", [b"PingRequest", b"NoRequest"])
def test_a_schema_that_we_have_whole_has_no_requests_but_its_own(uri: str, name: bytes) -> None:
    octets = encode_request([PING]).replace(
        b'xsi:type="x1:PingRequest"', b'xmlns:q="%s" xsi:type="q:%s"' % (uri.encode(), name)
    )
    with pytest.raises(X1DecodeError, match="no request"):
        decode_request(octets)


@pytest.mark.parametrize("name", [b"", b"1a", b"a b", b"a/b"])
def test_a_type_is_a_name(name: bytes) -> None:
    octets = encode_request([PING]).replace(b"x1:PingRequest", b"x1:" + name)
    with pytest.raises(X1DecodeError, match="is not a name"):
        decode_request(octets)


def test_white_space_in_a_token_is_one_space() -> None:
    octets = encode_request([PING]).replace(b">admf<", b"> \n admf\t  of \n here <")
    [message] = decode_request(octets)
    assert message.header.admfIdentifier == "admf of here"


def test_midnight_may_be_written_as_the_end_of_a_day() -> None:
    octets = encode_request([PING])
    written = octets.replace(b"02T03:04:05.678901Z", b"31T24:00:00.000000-01:00")
    [message] = decode_request(written)
    assert message.header.messageTimestamp == datetime(2026, 2, 1, 1, tzinfo=UTC)
    for other in (b"31T24:00:00.000001Z", b"31T24:00:01.000000Z", b"31T25:00:00.000000Z"):
        with pytest.raises(X1DecodeError, match="calendar"):
            decode_request(octets.replace(b"02T03:04:05.678901Z", other))


@pytest.mark.parametrize(
    ("uri", "fits"),
    [
        ("http://a b/c", True),
        ("http://[2001:db8::1]:80/#[", True),
        ("//192.0.2.1:000080", True),
        ("../a:b", True),
        (":a", False),
        ("1a:b", False),
        ("//a:/", False),
        ("//a:b", False),
        ("a%2", False),
        ("a?[", False),
        ("a#b#c", False),
    ],
)
def test_a_uri_is_what_the_schema_s_judge_takes(uri: str, fits: bool) -> None:
    try:
        ANY_URI.read(uri)
    except Refusal:
        assert not fits
    else:
        assert fits


@pytest.mark.parametrize(
    "old", [b"<x1:x1TransactionId>00000000", b"<x1:admfIdentifier>admf</x1:admfIdentifier>"]
)
def test_a_message_that_cannot_be_bound_is_a_top_level_error(old: bytes) -> None:
    octets = encode_request([PING])
    assert old in octets
    with pytest.raises(X1DecodeError):
        read_request(octets.replace(old, b"<x1:x1TransactionId>x" if b"00" in old else b""))


def test_a_bad_message_that_can_be_bound_is_answered_on_its_own() -> None:
    octets = encode_request([activate(), PING]).replace(b"X2Only", b"X9Only")
    bad, good = read_request(octets)
    assert isinstance(bad, BadRequest)
    assert bad.operation == "ActivateTask"
    assert bad.error.code == ErrorCode.SYNTAX
    assert good == PING


def test_a_comment_cannot_cut_a_value_in_two() -> None:
    octets = encode_request([activate()]).replace(b"00101000", b"00101<!-- x -->000")
    [message] = decode_request(octets)
    assert message == activate()


def test_a_foreign_element_round_trips_with_the_prefixes_its_types_use() -> None:
    node = etree.fromstring(
        b'<a:b xmlns:a="urn:a" xmlns:q="http://uri.etsi.org/03221/X1/2017/10" xmlns:u="urn:unused"'
        b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><c xsi:type="q:XId">1</c></a:b>'
    )
    raw = keep(node)
    assert b"xmlns:q=" in raw.xml
    assert b"urn:unused" not in raw.xml
    assert raw.tag == "{urn:a}b"
    [message] = decode_request(encode_request([extended(raw)]))
    assert message == extended(raw)
    assert header_reporting_of(message.body.taskDetails.taskDetailsExtensions) == ()
    assert grants_of(message.body.taskDetails.taskDetailsExtensions) == ()


def test_a_relative_namespace_is_refused() -> None:
    octets = encode_request([extended(ForeignElement(b'<a xmlns="urn:x"></a>'))])
    with pytest.raises(X1DecodeError, match="canonical"):
        decode_request(octets.replace(b"urn:x", b"urn/x"))


def test_size_and_depth_are_bounded_by_what_the_caller_says() -> None:
    octets = encode_request([PING])
    with pytest.raises(X1DecodeError, match="longer"):
        decode_request(octets, Limits(octets=len(octets) - 1))
    with pytest.raises(X1DecodeError, match="deeper"):
        decode_request(octets, Limits(depth=2))
    assert decode_request(octets, Limits(octets=len(octets), depth=3)) == (PING,)


def test_a_request_is_no_response() -> None:
    with pytest.raises(X1DecodeError):
        decode_response(encode_request([PING]))


def test_a_target_s_repr_never_shows_its_value() -> None:
    assert "00101" not in repr(activate())


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_an_endpoint_is_canonical_both_ways(host: str) -> None:
    assert ip_endpoint(ip_delivery(host, 4000)) == (host, 4000)


def test_other_addresses_are_no_endpoint() -> None:
    assert ip_endpoint(DeliveryAddress("uri", "https://192.0.2.1/")) is None
    with pytest.raises(X1EncodeError):
        ip_delivery("example.com", 1)


def test_prefixes_in_the_types_of_what_is_kept_are_bounded() -> None:
    # 24,000 of them took canonical XML 13 seconds.
    def foreign(count: int) -> etree._Element:
        typed = "".join(f'<u:b xmlns:p{n}="urn:p:{n}" xsi:type="p{n}:t"/>' for n in range(count))
        xsi = "http://www.w3.org/2001/XMLSchema-instance"
        return etree.fromstring(f'<u:a xmlns:u="urn:u" xmlns:xsi="{xsi}">{typed}</u:a>')

    assert keep(foreign(256)).tag == "{urn:u}a"
    with pytest.raises(X1DecodeError, match="too many prefixes"):
        keep(foreign(257))
