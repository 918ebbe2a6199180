"""The exchange: answers that come later, and answers that never come."""

from __future__ import annotations

from uuid import UUID

import pytest
from x1_scene import NOW, Ids

from custodes.base.errors import CustodesError
from custodes.session.x1.requester import Completed, Refused, Requester
from custodes.session.x1.responder import Responder
from custodes.wire.x1.body import OK
from custodes.wire.x1.liveness_messages import KeepaliveResponse, PingRequest, PingResponse

PONG = PingResponse(oK=OK.ACKNOWLEDGED_AND_COMPLETED)


def test_answers_may_come_in_any_order_and_silence_is_refusal() -> None:
    requester = Requester(admfIdentifier="admf", neIdentifier="ne-1", ids=Ids())
    octets = requester.request([PingRequest()] * 3, NOW)
    exchange = Responder("ne-1").receive(octets, "admf", NOW)
    assert exchange.error is None
    assert len(exchange.requests) == 3
    exchange.refuse(UUID(int=3), 3000, "no")
    exchange.answer(UUID(int=1), PONG)
    assert [r.header.x1TransactionId for r in exchange.requests] == [UUID(int=2)]
    assert requester.response(exchange.octets(NOW)) == [
        Completed(),
        Refused(1000, "not answered"),
        Refused(3000, "no"),
    ]


def test_an_answer_is_of_its_request_and_given_once() -> None:
    requester = Requester(admfIdentifier="admf", neIdentifier="ne-1", ids=Ids())
    exchange = Responder("ne-1").receive(requester.request([PingRequest()], NOW), "admf", NOW)
    with pytest.raises(CustodesError):
        exchange.answer(UUID(int=1), KeepaliveResponse(oK=OK.ACKNOWLEDGED))
    with pytest.raises(CustodesError):
        exchange.answer(UUID(int=2), PONG)
    exchange.answer(UUID(int=1), PONG)
    with pytest.raises(CustodesError):
        exchange.refuse(UUID(int=1), 1000, "late")


def test_an_exchange_is_complete_while_nothing_of_it_was_refused() -> None:
    requester = Requester(admfIdentifier="admf", neIdentifier="ne-1", ids=Ids())
    octets = requester.request([PingRequest()] * 2, NOW)
    exchange = Responder("ne-1").receive(octets, "admf", NOW)
    assert exchange.complete
    exchange.refuse(UUID(int=2), 3000, "no")
    assert not exchange.complete
    assert not Responder("ne-2").receive(octets, "admf", NOW).complete
    assert not Responder("ne-1").receive(b"", "admf", NOW).complete
