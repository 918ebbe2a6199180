"""Every row of the tables of the handover, walked on the real sessions."""

from __future__ import annotations

from typing import Any

import pytest

from custodes.base.errors import ProtocolError
from custodes.base.ids import LIID
from custodes.session.handover import keepalive
from custodes.session.handover.events import (
    AcknowledgementRequested,
    Confirmed,
    ConnectionLost,
    IgnoredReceived,
    KeepAliveReceived,
    LossReason,
    OptionsAnswered,
    PDUReceived,
    UndecodableReceived,
    UnexpectedReceived,
)
from custodes.session.handover.receiver import SILENCE, Receiver
from custodes.session.handover.rules import RECEIVER, SENDER, TRANSPORT, Action, Input, State
from custodes.session.handover.sender import Limits, Sender
from custodes.session.transitions import Machine, Row
from custodes.wire.handover.cc import CCItem
from custodes.wire.handover.options import PDU_ACKNOWLEDGEMENT, OptionRequest, OptionResponse
from custodes.wire.handover.pdu import PSPDU, TRI, CCs, decode, encode
from custodes.wire.handover.psheader import PSHeader
from custodes.wire.handover.reader import Reader

TEMPLATE = PSHeader(liid=LIID("keepalive"), operatorIdentifier=b"OP", sequenceNumber=0)
LIMITS = Limits(time1=120, time3=60, confirm_after=5, window_pdus=3, options=10)
LATER = ("_unknown", b"\x89\x00")


def transport(kind: str, value: object = None, number: int = 0) -> bytes:
    header = PSHeader(liid=LIID("A-1"), operatorIdentifier=b"OP", sequenceNumber=number)
    return encode(PSPDU(header, TRI((kind, value))))


def product(number: int = 0) -> bytes:
    """Its octets are all that the sender knows of it."""
    return transport("testPDU", number=100 + number)


def kinds(octets: bytes) -> list[str]:
    """The tRIPayloads in it; product is ``product``."""
    reader = Reader()
    reader.receive_data(octets)
    found = []
    for whole in iter(reader.next_pdu, None):
        kind = keepalive.alternative(decode(whole)) or ""
        found.append("product" if kind == "testPDU" else kind)
    return found


def cells(machine: Machine) -> list[Any]:
    return [
        pytest.param(row, given, id=f"{row.state}, {given}")
        for row in machine.rows
        for given in row.inputs
    ]


def taken(session: Sender | Receiver) -> list[Any]:
    return list(iter(session.next_event, None))


# The sender. In each state one PDU is unconfirmed; in ASKED the question 0 covers it.


def sender(state: State, given: Input) -> Sender:
    wanted = state is State.NEGOTIATING or given is Input.CONNECT_NEGOTIATING
    session = Sender(TEMPLATE, Limits(**{**values(LIMITS), "negotiate": wanted}))
    session.send(product(), 0.0)
    if given is Input.SEND_BEYOND and state is not State.ASKED:
        fill(session, 2)
    if state is not State.AWAY:
        session.connect(0.0)
    if wanted and state in (State.QUIET, State.ASKED):
        session.receive_data(transport("optionResponse", OptionResponse()), 0.0)
    if state is State.ASKED:
        session.handle_timer(5.0)
    if given is Input.SEND_FILLING:
        fill(session, 1)
    if given is Input.ANSWER_FULL or (given is Input.SEND_BEYOND and state is State.ASKED):
        fill(session, 2)
    if given is Input.ANSWER_FULL:
        session._limits = Limits(**{**values(LIMITS), "window_pdus": 2})
    session.data_to_send()
    taken(session)
    return session


def values(limits: Limits) -> dict[str, Any]:
    return {name: getattr(limits, name) for name in Limits.__slots__}


def fill(session: Sender, pdus: int) -> None:
    for number in range(pdus):
        session.send(product(number + 1), 0.0)


ANSWER = keepalive.response(TEMPLATE)
SAID = {
    Input.ANSWER: ANSWER,
    Input.ANSWER_FULL: ANSWER,
    Input.OTHER_ANSWER: transport(keepalive.RESPONSE, number=99),
    Input.OPTION_REQUEST: transport(
        "optionRequest", OptionRequest(requestedOptions=(PDU_ACKNOWLEDGEMENT,))
    ),
    Input.OPTION_RESPONSE: transport(
        "optionResponse", OptionResponse(acceptedOptions=(PDU_ACKNOWLEDGEMENT,))
    ),
    Input.OTHER_OPTIONS: transport("optionResponse", OptionResponse(acceptedOptions=(LATER,))),
    Input.OTHER: transport("paddingPDU", b""),
    Input.UNREADABLE: b"\xff\xff",
    Input.CLOSE: b"",
}
DUE = {Input.DUE: 5.0, Input.LATE: 65.0, Input.LATE_OPTIONS: 10.0}


def give(session: Sender, given: Input) -> None:
    if given in SAID:
        session.receive_data(SAID[given], 1.0)
    elif given in DUE:
        session.handle_timer(DUE[given] - 0.1)
        assert taken(session) == []
        session.handle_timer(DUE[given])
    elif given in (Input.CONNECT, Input.CONNECT_NEGOTIATING):
        wanted = given is Input.CONNECT_NEGOTIATING
        session._limits = Limits(**{**values(LIMITS), "negotiate": wanted})
        session.connect(2.0)
    else:
        session.send(product(9), 1.0)


ALL = ["product"]
SENT = {
    Action.RESUME: ALL,
    Action.ASK_OPTIONS: ["optionRequest"],
    Action.SETTLE: ["optionComplete", *ALL],
    Action.GO_ON: ALL,
    Action.SEND: ["product"],
    Action.SEND_AND_ASK: ["product", keepalive.REQUEST],
    Action.ASK: [keepalive.REQUEST],
    Action.CONFIRM_AND_ASK: [keepalive.REQUEST],
    Action.DECLINE: ["optionResponse"],
}
TOLD: dict[Action, list[type]] = {
    Action.CONFIRM: [Confirmed],
    Action.CONFIRM_AND_ASK: [Confirmed],
    Action.DECLINE: [UnexpectedReceived],
    Action.TELL: [UnexpectedReceived],
    Action.LOSE: [ConnectionLost],
}


@pytest.mark.parametrize(("row", "given"), cells(SENDER))
def test_every_row_is_what_the_sender_does(row: Row, given: Input) -> None:
    session = sender(State(row.state), given)
    assert session._state is row.state
    before = session.unconfirmed
    if row.action is Action.REFUSE:
        with pytest.raises(ProtocolError, match="window is full"):
            give(session, given)
    else:
        give(session, given)
    assert session._state is row.to
    assert session.open is (row.to is not State.AWAY)
    assert kinds(session.data_to_send()) == SENT.get(Action(row.action), [])
    events = taken(session)
    assert [type(event) for event in events] == TOLD.get(Action(row.action), [])
    kept = {Action.KEEP: 1, Action.SEND: 1, Action.SEND_AND_ASK: 1, Action.CONFIRM: -1}
    kept[Action.CONFIRM_AND_ASK] = -1
    assert session.unconfirmed - before == kept.get(Action(row.action), 0)
    if row.action is Action.LOSE:
        reason = {Input.CLOSE: LossReason.CLOSED, Input.LATE: LossReason.SILENT}
        assert events[0].reason is reason.get(given, LossReason.BREACH)


def test_the_timer_of_each_state_is_its_own() -> None:
    expected = {State.AWAY: None, State.NEGOTIATING: 10.0, State.QUIET: 5.0, State.ASKED: 65.0}
    assert {s: sender(s, Input.OTHER).next_timer() for s in expected} == expected


# The receiver. The peer's keep-alive 7 waits for an answer.

CONTENT = CCs((CCItem(contents=("threeGPP33128DefinedCC", b"\x30\x00")),))
ARRIVES = {
    Input.PRODUCT: [encode(PSPDU(TEMPLATE, CONTENT))],
    Input.KEEP_ALIVE: [transport("keep-alive", number=8)],
    Input.ACKNOWLEDGEMENT_REQUEST: [transport("pDUAcknowledgementRequest")],
    Input.OPTION_REQUEST: [
        transport("optionRequest", OptionRequest(requestedOptions=(PDU_ACKNOWLEDGEMENT, LATER)))
    ],
    Input.OPTION_COMPLETE: [
        transport("optionComplete"),
        transport("testPDU"),
        transport("paddingPDU", b"\0"),
    ],
    Input.ABOUT_DELIVERY: [
        transport("firstSegmentFlag"),
        transport("lastSegmentFlag"),
        transport("cINReset"),
    ],
    Input.AN_ANSWER: [
        transport("keep-aliveResponse"),
        transport("optionResponse", OptionResponse()),
        transport("pDUAcknowledgementResponse"),
    ],
    Input.NO_PDU: [b"\x30\x00"],
    Input.NO_BER: [b"\x30\x80\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"],
    Input.CLOSE: [b""],
    Input.ACKNOWLEDGE: [],
    Input.SILENT: [],
}
SHOWN: dict[Action, tuple[tuple[type, ...], list[str]]] = {
    Action.HAND_OVER: ((PDUReceived,), []),
    Action.TELL_QUESTION: ((KeepAliveReceived, AcknowledgementRequested), []),
    Action.ANSWER_OPTIONS: ((OptionsAnswered,), ["optionResponse"]),
    Action.TELL: ((IgnoredReceived, UnexpectedReceived), []),
    Action.KEEP_OCTETS: ((UndecodableReceived,), []),
    Action.PROMISE: ((), [keepalive.RESPONSE]),
    Action.END: ((ConnectionLost,), []),
    Action.IGNORE: ((), []),
}


def arrive(session: Receiver, given: Input, octets: bytes | None) -> None:
    if octets is not None:
        session.receive_data(octets, 1.0)
    elif given is Input.ACKNOWLEDGE:
        session.acknowledge(7)
    else:
        session.handle_timer(SILENCE)


@pytest.mark.parametrize(("row", "given"), cells(RECEIVER))
def test_every_row_is_what_the_receiver_does(row: Row, given: Input) -> None:
    for octets in ARRIVES[given] or [None]:
        session = Receiver(0.0)
        session.receive_data(transport("keep-alive", number=7), 0.0)
        if row.state is State.ENDED:
            session.receive_data(b"", 0.0)
        taken(session)
        arrive(session, given, octets)
        events = taken(session)
        told, sent = SHOWN[Action(row.action)]
        assert len(events) == bool(told)
        assert all(isinstance(event, told) for event in events)
        assert kinds(session.data_to_send()) == sent
        assert session.open is (row.to is State.OPEN)


def test_every_transport_payload_is_one_input_and_each_is_tried() -> None:
    tried = {
        keepalive.alternative(decode(octets)): given
        for given, several in ARRIVES.items()
        for octets in several
        if given in TRANSPORT.values()
    }
    assert tried == TRANSPORT
