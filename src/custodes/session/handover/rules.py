"""What each side of a handover connection does with each input, as tables.

ETSI TS 102 232-1 clause 6.3; module LI-PS-PDU version43. The module gives types, not a dialogue:
these are the readings that promise least [I]. An acknowledgement of PDUs means what the answer to
a keep-alive means: everything before the question is taken in. No field says which PDU came last,
so what was sent after the last answered question is sent again on the next connection.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from custodes.session.transitions import Machine, Row

_CLAUSE = "ETSI TS 102 232-1 clause 6.3, LI-PS-PDU version43"


class State(StrEnum):
    AWAY = "away"
    NEGOTIATING = "options asked"
    QUIET = "connected"
    ASKED = "question open"
    OPEN = "open"
    ENDED = "ended"


class Input(StrEnum):
    """Of either side. A question is a keep-alive or a pDUAcknowledgementRequest."""

    CONNECT = "connect"
    CONNECT_NEGOTIATING = "connect, options wanted"
    SEND = "call send"
    SEND_FILLING = "call send, which fills the window"
    SEND_BEYOND = "call send, the window is full"
    ANSWER = "the answer to the open question"
    ANSWER_FULL = "the same, the window stays full"
    OTHER_ANSWER = "an answer to anything else"
    OPTION_REQUEST = "optionRequest"
    OPTION_RESPONSE = "optionResponse to what was asked"
    OTHER_OPTIONS = "optionResponse with what was not asked"
    OTHER = "any other PDU"
    UNREADABLE = "octets that are no PS-PDU"
    CLOSE = "the connection closes"
    DUE = "TIME1 idle, or product waits for confirm_after"
    LATE = "the question is TIME3 old"
    LATE_OPTIONS = "optionRequest unanswered"
    PRODUCT = "PS-PDU of product"
    KEEP_ALIVE = "keep-alive"
    ACKNOWLEDGEMENT_REQUEST = "pDUAcknowledgementRequest"
    OPTION_COMPLETE = "optionComplete, testPDU, paddingPDU"
    ABOUT_DELIVERY = "any other tRIPayload, flags of segments too"
    AN_ANSWER = "keep-aliveResponse, optionResponse, pDUAcknowledgementResponse"
    NO_PDU = "one BER value that is no PS-PDU"
    NO_BER = "octets without BER boundaries"
    ACKNOWLEDGE = "call acknowledge"
    SILENT = "nothing heard for 420 s"


class Action(StrEnum):
    KEEP = "keep it for the next connection"
    RESUME = "send all that is unconfirmed, in order"
    ASK_OPTIONS = "send optionRequest; product waits"
    SEND = "keep it and send it"
    SEND_AND_ASK = "keep it, send it, send the question"
    ASK = "send the question"
    CONFIRM = "what was sent before the question is confirmed"
    CONFIRM_AND_ASK = "the same, then send the next question"
    SETTLE = "send optionComplete, all that is unconfirmed"
    GO_ON = "never ask again; send all that is unconfirmed"
    DECLINE = "decline every option, tell the function"
    TELL = "tell the function"
    LOSE = "end the connection, keep what is unconfirmed"
    HAND_OVER = "give it to the function, octets included"
    TELL_QUESTION = "tell the function, which acknowledges when all before is taken in"
    ANSWER_OPTIONS = "accept pDUAcknowledgement, decline the rest, tell the function"
    KEEP_OCTETS = "give the octets to the function"
    PROMISE = "send the answer, once, with the question's header"
    END = "end the connection, say why"
    REFUSE = "ProtocolError: wait for Confirmed"
    IGNORE = "nothing"


_AWAY, _NEGOTIATING, _QUIET, _ASKED = State.AWAY, State.NEGOTIATING, State.QUIET, State.ASKED
_LOST = (Input.UNREADABLE, Input.CLOSE, Input.OTHER_ANSWER)
_FROM_RECEIVER = (
    *_LOST,
    Input.OPTION_REQUEST,
    Input.OPTION_RESPONSE,
    Input.OTHER_OPTIONS,
    Input.OTHER,
)
_CONNECTS = (
    (Input.CONNECT, Action.RESUME, _QUIET),
    (Input.CONNECT_NEGOTIATING, Action.ASK_OPTIONS, _NEGOTIATING),
)
_UNSOLICITED = (Input.OPTION_RESPONSE, Input.OTHER_OPTIONS, Input.OTHER)

SENDER = Machine(
    title="Handover sender: a mediation function",
    module="session/handover/sender.py",
    clause=_CLAUSE,
    start=_AWAY,
    rows=(
        *(Row(_AWAY, (i,), action, to) for i, action, to in _CONNECTS),
        Row(_AWAY, (Input.SEND, Input.SEND_FILLING), Action.KEEP, _AWAY),
        Row(_AWAY, _FROM_RECEIVER, Action.IGNORE, _AWAY),
        Row(_NEGOTIATING, (Input.SEND, Input.SEND_FILLING), Action.KEEP, _NEGOTIATING),
        Row(_NEGOTIATING, (Input.OPTION_RESPONSE,), Action.SETTLE, _QUIET),
        Row(_NEGOTIATING, (Input.LATE_OPTIONS,), Action.GO_ON, _QUIET),
        Row(_NEGOTIATING, (Input.OPTION_REQUEST,), Action.DECLINE, _NEGOTIATING),
        Row(_NEGOTIATING, (Input.OTHER,), Action.TELL, _NEGOTIATING),
        Row(_NEGOTIATING, (*_LOST, Input.OTHER_OPTIONS), Action.LOSE, _AWAY),
        Row(_QUIET, (Input.SEND,), Action.SEND, _QUIET),
        Row(_QUIET, (Input.SEND_FILLING,), Action.SEND_AND_ASK, _ASKED),
        Row(_QUIET, (Input.DUE,), Action.ASK, _ASKED),
        Row(_QUIET, (Input.OPTION_REQUEST,), Action.DECLINE, _QUIET),
        Row(_QUIET, _UNSOLICITED, Action.TELL, _QUIET),
        Row(_QUIET, _LOST, Action.LOSE, _AWAY),
        Row(_ASKED, (Input.SEND, Input.SEND_FILLING), Action.SEND, _ASKED),
        Row(_ASKED, (Input.ANSWER,), Action.CONFIRM, _QUIET),
        Row(_ASKED, (Input.ANSWER_FULL,), Action.CONFIRM_AND_ASK, _ASKED),
        Row(_ASKED, (Input.OPTION_REQUEST,), Action.DECLINE, _ASKED),
        Row(_ASKED, _UNSOLICITED, Action.TELL, _ASKED),
        Row(_ASKED, (*_LOST, Input.LATE), Action.LOSE, _AWAY),
        *(Row(s, (i,), a, to) for s in (_NEGOTIATING, _QUIET, _ASKED) for i, a, to in _CONNECTS),
        *(
            Row(s, (Input.SEND_BEYOND,), Action.REFUSE, s)
            for s in (_AWAY, _NEGOTIATING, _QUIET, _ASKED)
        ),
    ),
)

_TAKEN = (
    (Input.PRODUCT, Action.HAND_OVER),
    (Input.ABOUT_DELIVERY, Action.HAND_OVER),
    (Input.KEEP_ALIVE, Action.TELL_QUESTION),
    (Input.ACKNOWLEDGEMENT_REQUEST, Action.TELL_QUESTION),
    (Input.OPTION_REQUEST, Action.ANSWER_OPTIONS),
    (Input.OPTION_COMPLETE, Action.TELL),
    (Input.AN_ANSWER, Action.TELL),
    (Input.NO_PDU, Action.KEEP_OCTETS),
    (Input.ACKNOWLEDGE, Action.PROMISE),
)
_OPEN, _ENDED = State.OPEN, State.ENDED
_ENDS = (Input.NO_BER, Input.CLOSE, Input.SILENT)

RECEIVER = Machine(
    title="Handover receiver: a monitoring facility",
    module="session/handover/receiver.py",
    clause=_CLAUSE,
    start=_OPEN,
    rows=(
        *(Row(_OPEN, (i,), action, _OPEN) for i, action in _TAKEN),
        Row(_OPEN, _ENDS, Action.END, _ENDED),
        Row(_ENDED, (*(i for i, _ in _TAKEN), *_ENDS), Action.IGNORE, _ENDED),
    ),
)

TRANSPORT: Mapping[str, Input] = {
    "keep-alive": Input.KEEP_ALIVE,
    "pDUAcknowledgementRequest": Input.ACKNOWLEDGEMENT_REQUEST,
    "optionRequest": Input.OPTION_REQUEST,
    "optionComplete": Input.OPTION_COMPLETE,
    "testPDU": Input.OPTION_COMPLETE,
    "paddingPDU": Input.OPTION_COMPLETE,
    "keep-aliveResponse": Input.AN_ANSWER,
    "optionResponse": Input.AN_ANSWER,
    "pDUAcknowledgementResponse": Input.AN_ANSWER,
}
"""tRIPayload to the receiver's input; any other is kept, for it says something of the delivery."""
