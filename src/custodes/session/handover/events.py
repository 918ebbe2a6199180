"""What the two sides of a handover connection tell their function."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from custodes.base.errors import ProtocolError
from custodes.base.ids import CIN, LIID
from custodes.wire.handover.pdu import PSPDU


class LossReason(StrEnum):
    """Why a connection is of no use any more."""

    CLOSED = "closed"
    SILENT = "silent"
    BREACH = "breach"


class Continuity(StrEnum):
    """Where one PDU stands in the numbers of its stream."""

    IN_ORDER = "in_order"
    GAP = "gap"
    REPEAT = "repeat"
    OUT_OF_ORDER = "out_of_order"


@dataclass(frozen=True, slots=True)
class ConnectionLost:
    """The last event of a connection; ``error`` where the peer broke the rules."""

    reason: LossReason
    error: ProtocolError | None = None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """``count`` more PDUs are taken in: the receiver has answered a keep-alive sent after them."""

    count: int


@dataclass(frozen=True, slots=True)
class UnexpectedReceived:
    """A PDU that this side has no use for; ``kind`` names its payload."""

    kind: str


@dataclass(frozen=True, slots=True)
class PDUReceived:
    """A PS-PDU that is to be kept, and the octets that it came in.

    ``continuity`` is None where the session was given nobody to judge it: the function judges in
    the same step in which it takes the PDU in.
    """

    pdu: PSPDU
    octets: bytes
    continuity: Continuity | None = None
    missing: int = 0


@dataclass(frozen=True, slots=True)
class UndecodableReceived:
    """One whole BER value that is no PS-PDU; ``what`` says why, without any identity."""

    octets: bytes
    what: str


@dataclass(frozen=True, slots=True)
class KeepAliveReceived:
    """Answer it with ``Receiver.acknowledge`` once everything before it is taken in."""

    number: int


@dataclass(frozen=True, slots=True)
class AcknowledgementRequested:
    """pDUAcknowledgementRequest: answer with ``Receiver.acknowledge_pdus`` once everything before
    it is taken in."""

    number: int


@dataclass(frozen=True, slots=True)
class OptionsAnswered:
    """An optionRequest was answered; the names of what was accepted and what was declined."""

    accepted: tuple[str, ...]
    declined: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IgnoredReceived:
    """A PDU that asks for nothing: testPDU, paddingPDU, optionComplete."""

    kind: str


@dataclass(frozen=True, slots=True, order=True)
class StreamKey:
    """Sequence numbers count per network element, LIID, CIN and kind (``IRI``, ``CC``, ...)."""

    networkElementIdentifier: bytes
    liid: LIID
    cin: CIN | None
    kind: str


SenderEvent = Confirmed | UnexpectedReceived | ConnectionLost
ReceiverEvent = (
    PDUReceived
    | UndecodableReceived
    | KeepAliveReceived
    | AcknowledgementRequested
    | OptionsAnswered
    | IgnoredReceived
    | UnexpectedReceived
    | ConnectionLost
)
