"""The asking side of X1: every answer is bound to what was asked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from x1_scene import NOW, Ids, X

from custodes.base.errors import ProtocolError
from custodes.session.x1.requester import Acknowledged, Completed, Refused, Requester
from custodes.wire.x1.body import OK
from custodes.wire.x1.error_messages import ErrorResponse
from custodes.wire.x1.errors import X1DecodeError, X1EncodeError
from custodes.wire.x1.fault import ErrorInformation
from custodes.wire.x1.header import Header, TopLevelHeader
from custodes.wire.x1.leniency import Leniency, Tolerated
from custodes.wire.x1.liveness_messages import KeepaliveResponse, PingRequest, PingResponse
from custodes.wire.x1.message import (
    ResponseMessage,
    TopLevelErrorResponse,
    decode_request,
    encode_response,
    encode_top_level_error,
)
from custodes.wire.x1.operations import RequestMessageType
from custodes.wire.x1.task_messages import DeactivateTaskRequest

PONG = PingResponse(oK=OK.ACKNOWLEDGED_AND_COMPLETED)


@pytest.fixture
def requester() -> Requester:
    return Requester(admfIdentifier="admf", neIdentifier="ne-1", ids=Ids(), version="v1.10.1")


def reply(number: int, body: Any, **changes: Any) -> ResponseMessage:
    fields: dict[str, Any] = {
        "admfIdentifier": "admf",
        "neIdentifier": "ne-1",
        "messageTimestamp": NOW,
        "version": "v1.10.1",
        "x1TransactionId": UUID(int=number),
    }
    return ResponseMessage(header=Header(**(fields | changes)), body=body)


def error(operation: RequestMessageType, code: int) -> ErrorResponse:
    return ErrorResponse(
        requestMessageType=operation,
        errorInformation=ErrorInformation(errorCode=code, errorDescription="why"),
    )


def test_a_request_carries_the_header_it_was_configured_with(requester: Requester) -> None:
    [first, second] = decode_request(requester.request([PingRequest(), PingRequest()], NOW))
    assert first.header == Header(
        admfIdentifier="admf",
        neIdentifier="ne-1",
        messageTimestamp=NOW,
        version="v1.10.1",
        x1TransactionId=UUID(int=1),
    )
    assert second.header.x1TransactionId == UUID(int=2)


def test_answers_come_in_the_order_of_the_questions(requester: Requester) -> None:
    requester.request([PingRequest(), DeactivateTaskRequest(xId=X), PingRequest()], NOW)
    octets = encode_response(
        [
            reply(3, PingResponse(oK=OK.ACKNOWLEDGED)),
            reply(2, error(RequestMessageType.DEACTIVATE_TASK, 123456)),
            reply(1, PONG),
        ]
    )
    assert requester.response(octets) == [Completed(), Refused(123456, "why"), Acknowledged()]


PING = RequestMessageType.PING


@pytest.mark.parametrize(
    "messages",
    [
        [reply(1, PONG)],
        [reply(1, PONG), reply(1, PONG)],
        [reply(1, PONG), reply(2, PONG), reply(2, PONG)],
        [reply(1, PONG), reply(2, PONG), reply(3, PONG)],
        [reply(1, PONG), reply(3, PONG)],
        [reply(1, PONG), reply(2, KeepaliveResponse(oK=OK.ACKNOWLEDGED))],
        [reply(1, PONG), reply(2, error(RequestMessageType.KEEPALIVE, 1000))],
        [reply(1, PONG), reply(2, PONG, neIdentifier="ne-2")],
        [reply(1, PONG), reply(2, PONG, admfIdentifier="x")],
    ],
)
def test_what_does_not_answer_the_question_ends_the_exchange(
    requester: Requester, messages: list[ResponseMessage]
) -> None:
    requester.request([PingRequest(), PingRequest()], NOW)
    with pytest.raises(ProtocolError):
        requester.response(encode_response(messages))


def test_a_top_level_error_refuses_every_message(requester: Requester) -> None:
    requester.request([PingRequest(), PingRequest()], NOW)
    header = TopLevelHeader(
        admfIdentifier="admf", neIdentifier="ne-1", messageTimestamp=NOW, version="v1.6.1"
    )
    results = requester.response(encode_top_level_error(TopLevelErrorResponse(header=header)))
    assert [type(r) for r in results] == [Refused, Refused]


def test_an_answer_nobody_waits_for_is_refused(requester: Requester) -> None:
    requester.request([PingRequest()], NOW)
    octets = encode_response([reply(1, PONG)])
    assert requester.response(octets) == [Completed()]
    with pytest.raises(ProtocolError):
        requester.response(octets)


def test_what_is_not_x1_is_the_codec_s_error(requester: Requester) -> None:
    requester.request([PingRequest()], NOW)
    with pytest.raises(X1DecodeError):
        requester.response(b"<html/>")


def test_an_empty_request_cannot_be_made(requester: Requester) -> None:
    with pytest.raises(X1EncodeError):
        requester.request([], NOW)


def test_an_answer_without_type_is_taken_only_from_a_peer_that_may_and_told() -> None:
    typed = [reply(1, PONG), reply(2, error(RequestMessageType.PING, 77001))]
    octets = encode_response(typed)
    for name in (b"PingResponse", b"ErrorResponse"):
        octets = octets.replace(b' xsi:type="x1:%s"' % name, b"")
    assert octets.count(b"xsi:type") == 0
    same = {"admfIdentifier": "admf", "neIdentifier": "ne-1", "version": "v1.10.1"}
    strict = Requester(**same, ids=Ids())
    strict.request([PingRequest(), PingRequest()], NOW)
    with pytest.raises(X1DecodeError, match="no xsi:type"):
        strict.response(octets)
    lenient = Requester(**same, ids=Ids(), leniency=Leniency(untypedResponses=True))
    lenient.request([PingRequest(), PingRequest()], NOW)
    assert lenient.response(octets) == [Completed(), Refused(77001, "why")]
    assert [use.kind for use in lenient.uses] == [
        Tolerated.UNTYPED_RESPONSE,
        Tolerated.UNTYPED_RESPONSE,
        Tolerated.FOREIGN_ERROR_CODE,
    ]
    lenient.request([PingRequest()], NOW)
    with pytest.raises(X1DecodeError, match="answers no request"):
        lenient.response(octets.replace(b"0001</x1:x1T", b"0009</x1:x1T"))


def test_a_foreign_error_code_is_kept_and_told(requester: Requester) -> None:
    requester.request([PingRequest()], NOW)
    octets = encode_response([reply(1, error(RequestMessageType.PING, -5))])
    assert requester.response(octets) == [Refused(-5, "why")]
    [use] = requester.uses
    assert use.kind is Tolerated.FOREIGN_ERROR_CODE
    assert use.path == "x1ResponseMessage[1]/errorInformation/errorCode"


def test_an_answer_in_another_version_that_we_speak_is_taken_and_told(
    requester: Requester,
) -> None:
    requester.request([PingRequest(), PingRequest()], NOW)
    octets = encode_response([reply(2, PONG), reply(1, PONG, version="v1.22.1")])
    assert requester.response(octets) == [Completed(), Completed()]
    [use] = requester.uses
    assert (use.kind, use.path) == (Tolerated.OTHER_VERSION, "x1ResponseMessage[2]/version")


@pytest.mark.parametrize("version", ["v1.5.1", "v1.23.1"])
def test_an_answer_in_a_version_that_we_do_not_speak_is_refused_unless_it_is_an_error(
    requester: Requester, version: str
) -> None:
    requester.request([PingRequest()], NOW)
    with pytest.raises(ProtocolError, match="version"):
        requester.response(encode_response([reply(1, PONG, version=version)]))
    assert [use.kind for use in requester.uses] == [Tolerated.OTHER_VERSION]
    requester.request([PingRequest()], NOW)
    refused = reply(2, error(PING, 1020), version=version)
    assert requester.response(encode_response([refused])) == [Refused(1020, "why")]
    assert [use.kind for use in requester.uses] == [Tolerated.OTHER_VERSION]


def test_nobody_asked_whatever_comes(requester: Requester) -> None:
    for octets in (b"", b"<html/>", encode_response([reply(1, PONG)])):
        with pytest.raises(ProtocolError, match="nobody asked"):
            requester.response(octets)
