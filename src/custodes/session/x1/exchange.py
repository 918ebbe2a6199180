"""The exchange of a requester with its peer, as a table (ETSI TS 103 221-1 clauses 6.1, 6.7).

One request is open at a time. An answer that is lost, late or wrong leaves nothing open: what the
request did is then known to nobody here, and a repeat gets transaction ids of its own.
"""

from __future__ import annotations

from enum import StrEnum

from custodes.session.transitions import Machine, Row


class State(StrEnum):
    IDLE = "idle"
    ASKED = "asked"


class Input(StrEnum):
    REQUEST = "call request"
    ANSWERS = "an answer to each message, in any order"
    TOP_LEVEL = "a top-level error"
    UNBOUND = "a transaction id missing, doubled, foreign"
    OTHER = "another type, operation, identifier; a version unknown"
    UNREADABLE = "octets that are no X1 response"


class Action(StrEnum):
    SEND = "a new request, each message with a new transaction id"
    REPLACE = "the same; answers to the one before are foreign from now on"
    RESULTS = "a result for each, in the order of the request"
    REFUSE_ALL = "each message is refused, 1000"
    BREACH = "ProtocolError: nothing of the answer counts"
    NOT_X1 = "X1DecodeError: nothing of the answer counts"
    FOREIGN = "ProtocolError: nobody asked"


_IDLE, _ASKED = State.IDLE, State.ASKED

REQUESTER = Machine(
    title="X1 requester: an administration, or an element that reports",
    module="session/x1/requester.py",
    clause="ETSI TS 103 221-1 clauses 6.1, 6.7",
    start=_IDLE,
    rows=(
        Row(_IDLE, (Input.REQUEST,), Action.SEND, _ASKED),
        Row(
            _IDLE,
            (Input.ANSWERS, Input.TOP_LEVEL, Input.UNBOUND, Input.OTHER, Input.UNREADABLE),
            Action.FOREIGN,
            _IDLE,
        ),
        Row(_ASKED, (Input.REQUEST,), Action.REPLACE, _ASKED),
        Row(_ASKED, (Input.ANSWERS,), Action.RESULTS, _IDLE),
        Row(_ASKED, (Input.TOP_LEVEL,), Action.REFUSE_ALL, _IDLE),
        Row(_ASKED, (Input.UNBOUND, Input.OTHER), Action.BREACH, _IDLE),
        Row(_ASKED, (Input.UNREADABLE,), Action.NOT_X1, _IDLE),
    ),
)
