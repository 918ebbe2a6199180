"""Generic objects: known ones are values, unknown ones go round unchanged."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from custodes.wire.x1.body import OK
from custodes.wire.x1.errors import X1DecodeError, X1EncodeError
from custodes.wire.x1.foreign import ForeignObject
from custodes.wire.x1.generic_object import (
    DestinationSetDetails,
    DestinationSetType,
    GenericObject,
    GenericObjectResponseDetails,
    GenericObjectStatus,
)
from custodes.wire.x1.header import Header
from custodes.wire.x1.message import (
    RequestMessage,
    ResponseMessage,
    decode_request,
    decode_response,
    encode_request,
    encode_response,
)
from custodes.wire.x1.object_messages import (
    CreateObjectRequest,
    CreateObjectResponse,
    GetObjectResponse,
)

HEADER = Header(
    admfIdentifier="admf",
    neIdentifier="ne-1",
    messageTimestamp=datetime(2026, 1, 2, tzinfo=UTC),
    version="v1.22.1",
    x1TransactionId=UUID(int=1),
)
SET = DestinationSetDetails(
    objectId=UUID(int=2), destinationSetType=DestinationSetType.DUPLICATE, listOfAssociatedDIDs=()
)


def create(value: object) -> bytes:
    return encode_request(
        [RequestMessage(header=HEADER, body=CreateObjectRequest(createObject=value))]  # type: ignore[arg-type]
    )


def unknown(stated: bytes = b'xmlns:p="urn:policy" xsi:type="p:TrafficPolicy"') -> bytes:
    octets = create(SET)
    start = octets.index(b"<x1:createObject")
    end = octets.index(b"</x1:createObject>")
    return (
        octets[:start]
        + b"<x1:createObject %s colour='1'><x1:objectId>%s</x1:objectId>"
        % (stated, str(SET.objectId).encode())
        + b"<rule xmlns='urn:policy'>permit &amp; <!-- x -->log</rule>"
        + octets[end:]
    )


def test_an_unknown_object_goes_round_in_every_message() -> None:
    [message] = decode_request(unknown())
    assert isinstance(message.body, CreateObjectRequest)
    value = message.body.createObject
    assert isinstance(value, ForeignObject)
    assert (value.type, value.objectId) == ("{urn:policy}TrafficPolicy", UUID(int=2))
    assert b"permit &amp; log" in value.xml
    assert decode_request(create(value)) == (message,)
    answer = ResponseMessage(
        header=HEADER,
        body=GetObjectResponse(
            genericObjectResponseDetails=GenericObjectResponseDetails(object=value)
        ),
    )
    assert decode_response(encode_response([answer])) == (answer,)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"p:TrafficPolicy", b"q:TrafficPolicy"),
        (b"p:TrafficPolicy", b"x1:TaskDetails"),
        (b"p:TrafficPolicy", b"c:IPAddress"),
        (b"p:TrafficPolicy", b"TrafficPolicy"),
        (b"p:TrafficPolicy", b"xsi:TrafficPolicy"),
        (b"p:TrafficPolicy", b"p:"),
        (b'xmlns:p="urn:policy"', b'xmlns:p="http://www.w3.org/2001/XMLSchema"'),
        (b"x1:objectId", b"x1:id"),
        (b"<x1:objectId>0", b"<x1:objectId>x"),
    ],
)
def test_what_is_no_object_is_refused(old: bytes, new: bytes) -> None:
    octets = unknown()
    assert old in octets
    with pytest.raises(X1DecodeError):
        decode_request(octets.replace(old, new))


def test_a_type_that_canonical_xml_would_lose_is_refused() -> None:
    with pytest.raises(X1DecodeError, match="without a prefix"):
        decode_request(unknown(b'xmlns="urn:policy" xsi:type="TrafficPolicy"'))


def test_what_was_not_kept_so_is_not_sent() -> None:
    [message] = decode_request(unknown())
    assert isinstance(message.body, CreateObjectRequest)
    value = message.body.createObject
    assert isinstance(value, ForeignObject)
    for wrong in (
        replace(value, type="{urn:policy}Other"),
        replace(value, objectId=UUID(int=9)),
        replace(value, xml=b"<a/>"),
        replace(value, xml=b"<"),
        replace(value, xml=value.xml.replace(b"x1:object ", b"x1:thing ")),
        GenericObject(objectId=UUID(int=1)),
        CreateObjectResponse(oK=OK.ACKNOWLEDGED),
        None,
    ):
        with pytest.raises(X1EncodeError):
            create(wrong)


def test_an_empty_status_holds_not_even_white_space() -> None:
    details = GenericObjectResponseDetails(object=SET, status=GenericObjectStatus())
    answer = ResponseMessage(
        header=HEADER, body=GetObjectResponse(genericObjectResponseDetails=details)
    )
    octets = encode_response([answer])
    assert b"<x1:status/>" in octets
    for same in (b"<x1:status></x1:status>", b"<x1:status><!-- x --></x1:status>"):
        assert decode_response(octets.replace(b"<x1:status/>", same)) == (answer,)
    for wrong in (b" ", b"x", b"<x1:a/>"):
        with pytest.raises(X1DecodeError):
            decode_response(octets.replace(b"<x1:status/>", b"<x1:status>%s</x1:status>" % wrong))
