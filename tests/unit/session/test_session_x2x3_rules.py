"""Every row of the tables of X2/X3, walked on the real sessions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from custodes.base.errors import ProtocolError
from custodes.session.transitions import Machine, Row
from custodes.session.x2x3.events import (
    ConnectionLost,
    KeepaliveAcknowledged,
    KeepaliveReceived,
    LossReason,
    ProductReceived,
)
from custodes.session.x2x3.receiver import Receiver
from custodes.session.x2x3.rules import (
    ENDS,
    MDF,
    MDF_MAY_BE_SENT,
    POI,
    POI_MAY_BE_SENT,
    TIME_P1,
    TIME_P2,
    Action,
    Input,
    State,
)
from custodes.session.x2x3.sender import Sender
from custodes.wire.x2x3.attributes import SequenceNumber
from custodes.wire.x2x3.pdu import PDU, PayloadDirection, PayloadFormat, PDUType, encode
from custodes.wire.x2x3.reader import Reader
from custodes.wire.x2x3.rules import keepalive, keepalive_acknowledgement

START = 1000.0
# A keepalive of its own was sent at START and stands open; the peer's number 7 waits for an answer.
OWN, THEIRS = 0, 7


def product(kind: PDUType) -> PDU:
    return PDU(
        type=kind,
        payload_format=PayloadFormat.TS_33_128,
        payload_direction=PayloadDirection.FROM_TARGET,
        xid=UUID(int=1),
        correlation_id=0,
        attributes=(SequenceNumber(0),),
        payload=b"product",
    )


def sender() -> Sender:
    session = Sender(START)
    session.drain(START)
    return session


def receiver() -> Receiver:
    session = Receiver(START, own_keepalives=True)
    session.handle_timer(START + TIME_P1)
    session.receive_data(encode(keepalive(THEIRS)), START + TIME_P1)
    return session


OCTETS = {
    Input.X2: encode(product(PDUType.X2)),
    Input.X3: encode(product(PDUType.X3)),
    Input.KEEPALIVE: encode(keepalive(THEIRS + 1)),
    Input.ACKNOWLEDGEMENT: encode(keepalive_acknowledgement(OWN)),
    Input.UNREADABLE: b"\x09" * 48,
    Input.CLOSE: b"",
}


def give(session: Any, given: Input) -> None:
    if given in OCTETS:
        session.receive_data(OCTETS[given], START + 1)
    elif given is Input.SEND:
        session.send(product(PDUType.X2), START + 1)
    elif given is Input.DRAIN:
        session.drain(START + 1)
    elif given is Input.ACKNOWLEDGE:
        session.acknowledge(THEIRS, START + 1)
    elif given is Input.DUE:
        session.handle_timer(START + TIME_P1 + (TIME_P1 if isinstance(session, Receiver) else 0))
    elif given is Input.SILENT:
        session.handle_timer(START + TIME_P1 + TIME_P2)
    elif isinstance(session, Receiver):  # unanswered: its own is as old as TIME_P2, it heard since
        if session.open:
            session.receive_data(encode(keepalive(THEIRS + 1)), START + 100)
            while session.next_event():
                pass
        session.handle_timer(START + TIME_P1 + TIME_P2)
    else:
        session.handle_timer(START + TIME_P2)


def sent(session: Any) -> list[PDUType]:
    reader = Reader(4096)
    reader.receive_data(session.data_to_send())
    return [pdu.type for pdu in iter(reader.next_pdu, None)]


SHOWN: dict[Action, tuple[list[type], list[PDUType]]] = {
    Action.HAND_OVER: ([ProductReceived], []),
    Action.ANSWER: ([KeepaliveReceived], [PDUType.KEEPALIVE_ACKNOWLEDGEMENT]),
    Action.ASK: ([KeepaliveReceived], []),
    Action.COUNT: ([KeepaliveAcknowledged], []),
    Action.QUEUE: ([], [PDUType.X2]),
    Action.ISSUE: ([], [PDUType.KEEPALIVE]),
    Action.PROMISE: ([], [PDUType.KEEPALIVE_ACKNOWLEDGEMENT]),
    Action.END: ([ConnectionLost], []),
    Action.REFUSE: ([], []),
    Action.IGNORE: ([], []),
}


def cells(machine: Machine, make: Callable[[], Any]) -> list[Any]:
    return [
        pytest.param(make, row, given, id=f"{make.__name__}: {row.state}, {given}")
        for row in machine.rows
        for given in row.inputs
    ]


@pytest.mark.parametrize(("make", "row", "given"), [*cells(POI, sender), *cells(MDF, receiver)])
def test_every_row_is_what_the_session_does(
    make: Callable[[], Any], row: Row, given: Input
) -> None:
    session = make()
    if row.state is State.ENDED:
        session.receive_data(b"", START)
    session.data_to_send()
    while session.next_event() is not None:
        pass
    if row.action is Action.REFUSE:
        with pytest.raises(ProtocolError):
            give(session, given)
    else:
        give(session, given)
    events = list(iter(session.next_event, None))
    kinds, pdus = SHOWN[Action(row.action)]
    assert [type(event) for event in events] == kinds
    assert sent(session) == pdus
    assert session.open is (row.to is State.OPEN)
    if row.action is Action.END:
        assert events[0].reason is ENDS.get(given, LossReason.PROTOCOL_ERROR)


def test_what_a_side_may_be_sent_comes_from_its_table() -> None:
    keepalives = {PDUType.KEEPALIVE, PDUType.KEEPALIVE_ACKNOWLEDGEMENT}
    assert set(POI_MAY_BE_SENT) == keepalives
    assert set(MDF_MAY_BE_SENT) == keepalives | {PDUType.X2, PDUType.X3}
