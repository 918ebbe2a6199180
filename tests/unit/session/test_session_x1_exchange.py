"""Every row of the requester's table, walked on the real one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from x1_scene import NOW, Ids

from custodes.base.errors import ProtocolError
from custodes.session.transitions import Row
from custodes.session.x1.exchange import REQUESTER, Action, Input, State
from custodes.session.x1.requester import Completed, Refused, Requester
from custodes.wire.x1.body import OK
from custodes.wire.x1.errors import X1DecodeError
from custodes.wire.x1.header import CURRENT_VERSION, Header, TopLevelHeader
from custodes.wire.x1.liveness_messages import PingRequest, PingResponse
from custodes.wire.x1.message import (
    ResponseMessage,
    TopLevelErrorResponse,
    decode_request,
    encode_response,
    encode_top_level_error,
)

PONG = PingResponse(oK=OK.ACKNOWLEDGED_AND_COMPLETED)


def reply(*numbers: int, ne: str = "ne-1", version: str = CURRENT_VERSION) -> bytes:
    return encode_response(
        [
            ResponseMessage(
                header=Header(
                    admfIdentifier="admf",
                    neIdentifier=ne,
                    messageTimestamp=NOW,
                    version=version,
                    x1TransactionId=UUID(int=number),
                ),
                body=PONG,
            )
            for number in numbers
        ]
    )


TOP_LEVEL = encode_top_level_error(
    TopLevelErrorResponse(
        header=TopLevelHeader(
            admfIdentifier="admf", neIdentifier="ne-1", messageTimestamp=NOW, version="v1.99.1"
        )
    )
)
SAID = {
    Input.ANSWERS: [reply(1, 2), reply(2, 1)],
    Input.TOP_LEVEL: [TOP_LEVEL],
    Input.UNBOUND: [reply(1), reply(1, 1), reply(1, 3), reply(1, 2, 3), reply(1, 2, 2)],
    Input.OTHER: [reply(1, 2, ne="ne-2"), reply(1, 2, version="v1.23.1")],
    Input.UNREADABLE: [b"", b"<html/>", b"\xff"],
}


def requester(state: State) -> Requester:
    made = Requester(admfIdentifier="admf", neIdentifier="ne-1", ids=Ids())
    if state is State.ASKED:
        ask(made)
    return made


def ask(made: Requester) -> list[UUID]:
    octets = made.request([PingRequest(), PingRequest()], NOW)
    return [m.header.x1TransactionId for m in decode_request(octets)]  # type: ignore[union-attr]


def asked(made: Requester) -> bool:
    """Whether a request is open; it ends it."""
    numbers = [t.int for t in made._pending]
    return bool(numbers) and made.response(reply(*numbers)) == [Completed()] * len(numbers)


@pytest.mark.parametrize(
    ("row", "given"),
    [pytest.param(r, i, id=f"{r.state}, {i}") for r in REQUESTER.rows for i in r.inputs],
)
def test_every_row_is_what_the_requester_does(row: Row, given: Input) -> None:
    results: dict[Action, list[Any]] = {
        Action.RESULTS: [Completed(), Completed()],
        Action.REFUSE_ALL: [Refused(1000, "the peer answered with a top-level error")] * 2,
    }
    raised = {Action.NOT_X1: X1DecodeError, Action.BREACH: ProtocolError}
    raised[Action.FOREIGN] = ProtocolError
    for octets in SAID.get(given, [b""]):
        made = requester(State(row.state))
        action = Action(row.action)
        if given is Input.REQUEST:
            before = set(made._pending)
            assert not before & set(ask(made))
            if action is Action.REPLACE:
                with pytest.raises(ProtocolError):
                    made.response(reply(*(t.int for t in before)))
                ask(made)
        elif action in raised:
            with pytest.raises(raised[action]):
                made.response(octets)
        else:
            assert made.response(octets) == results[action]
        assert asked(made) is (row.to is State.ASKED)
