"""What each side of X2/X3 does with each input, as tables. ETSI TS 103 221-2 V1.10.1 clauses 5.2.2
and 6.2.4.

X2 and X3 flow from the point of interception (POI) to the mediation function (MDF) only. The POI
must send keepalives, the MDF may; whoever gets one answers with its number. There is no way back
from ENDED: a new connection is a new session with a new keepalive counter.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from custodes.session.transitions import Machine, Row
from custodes.session.x2x3.events import LossReason
from custodes.wire.x2x3.types import PDUType

# Clause 6.2.4, seconds.
TIME_P1 = 60.0
TIME_P2 = 180.0


class State(StrEnum):
    OPEN = "open"
    ENDED = "ended"


class Input(StrEnum):
    X2 = "X2 PDU"
    X3 = "X3 PDU"
    KEEPALIVE = "keepalive"
    ACKNOWLEDGEMENT = "keepalive acknowledgement"
    UNREADABLE = "octets that are no PDU, or one against its rules"
    CLOSE = "the peer closes"
    DUE = "TIME_P1 since the last own keepalive"
    UNANSWERED = "an own keepalive unanswered for TIME_P2"
    SILENT = "nothing heard for TIME_P2"
    SEND = "call send"
    DRAIN = "call drain"
    ACKNOWLEDGE = "call acknowledge"


class Action(StrEnum):
    """What a session does."""

    HAND_OVER = "give the product to the function"
    ANSWER = "acknowledge at once: this side has nothing to take in first"
    ASK = "tell the function, which acknowledges when all before is taken in"
    COUNT = "strike the number; one not outstanding is told and counts for nothing"
    QUEUE = "queue the PDU"
    ISSUE = "send a keepalive with the next number"
    PROMISE = "send the acknowledgement, once; a number not waiting for one is refused"
    END = "end the connection, say why"
    REFUSE = "ProtocolError: connect again"
    IGNORE = "nothing"


ENDS: Mapping[Input, LossReason] = {
    Input.UNREADABLE: LossReason.PROTOCOL_ERROR,
    Input.CLOSE: LossReason.PEER_CLOSED,
    Input.UNANSWERED: LossReason.KEEPALIVE_UNANSWERED,
    Input.SILENT: LossReason.PEER_SILENT,
}
"""Why a connection ended. A type of PDU that has no place ends it as PROTOCOL_ERROR."""

_PDUS = (Input.X2, Input.X3, Input.KEEPALIVE, Input.ACKNOWLEDGEMENT)
_OCTETS = (*_PDUS, Input.UNREADABLE, Input.CLOSE)
_OPEN, _ENDED = State.OPEN, State.ENDED

POI = Machine(
    title="X2/X3 sender: a point of interception",
    module="session/x2x3/sender.py",
    clause="ETSI TS 103 221-2 clauses 5.2.2, 6.2.4",
    start=_OPEN,
    rows=(
        Row(_OPEN, (Input.SEND,), Action.QUEUE, _OPEN),
        Row(_OPEN, (Input.DRAIN, Input.DUE), Action.ISSUE, _OPEN),
        Row(_OPEN, (Input.ACKNOWLEDGEMENT,), Action.COUNT, _OPEN),
        Row(_OPEN, (Input.KEEPALIVE,), Action.ANSWER, _OPEN),
        Row(
            _OPEN,
            (Input.X2, Input.X3, Input.UNREADABLE, Input.CLOSE, Input.UNANSWERED),
            Action.END,
            _ENDED,
        ),
        Row(_ENDED, (*_OCTETS, Input.SEND, Input.DRAIN), Action.REFUSE, _ENDED),
        Row(_ENDED, (Input.DUE, Input.UNANSWERED), Action.IGNORE, _ENDED),
    ),
)

MDF = Machine(
    title="X2/X3 receiver: a mediation function",
    module="session/x2x3/receiver.py",
    clause="ETSI TS 103 221-2 clauses 5.2.2, 6.2.4; the silence is inferred",
    start=_OPEN,
    rows=(
        Row(_OPEN, (Input.X2, Input.X3), Action.HAND_OVER, _OPEN),
        Row(_OPEN, (Input.KEEPALIVE,), Action.ASK, _OPEN),
        Row(_OPEN, (Input.ACKNOWLEDGE,), Action.PROMISE, _OPEN),
        Row(_OPEN, (Input.DUE,), Action.ISSUE, _OPEN),
        Row(_OPEN, (Input.ACKNOWLEDGEMENT,), Action.COUNT, _OPEN),
        Row(
            _OPEN,
            (Input.UNREADABLE, Input.CLOSE, Input.UNANSWERED, Input.SILENT),
            Action.END,
            _ENDED,
        ),
        Row(_ENDED, (*_OCTETS, Input.ACKNOWLEDGE), Action.REFUSE, _ENDED),
        Row(_ENDED, (Input.DUE, Input.UNANSWERED, Input.SILENT), Action.IGNORE, _ENDED),
    ),
)

_TYPES: Mapping[Input, PDUType] = {
    Input.X2: PDUType.X2,
    Input.X3: PDUType.X3,
    Input.KEEPALIVE: PDUType.KEEPALIVE,
    Input.ACKNOWLEDGEMENT: PDUType.KEEPALIVE_ACKNOWLEDGEMENT,
}


def _may_be_sent(machine: Machine) -> Mapping[PDUType, Action]:
    cells = machine.cells()
    actions = {pdu: Action(cells[_OPEN, i].action) for i, pdu in _TYPES.items()}
    return {pdu: action for pdu, action in actions.items() if action is not Action.END}


POI_MAY_BE_SENT = _may_be_sent(POI)
MDF_MAY_BE_SENT = _may_be_sent(MDF)
