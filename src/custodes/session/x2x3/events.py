"""What an X2/X3 session tells its function."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from custodes.base.errors import ProtocolError
from custodes.session.x2x3.sequence import GapDetected
from custodes.wire.x2x3.pdu import PDU
from custodes.wire.x2x3.quirks import Tolerated


class LossReason(Enum):
    """Why a connection ended."""

    PEER_CLOSED = "the peer closed the connection"
    KEEPALIVE_UNANSWERED = "a keepalive was not answered within TIME_P2"
    PEER_SILENT = "the peer sent nothing, not even a keepalive, for TIME_P2"
    PROTOCOL_ERROR = "the peer sent what is not allowed"


@dataclass(frozen=True, slots=True)
class ProductReceived:
    """An X2 or X3 PDU. It is the function's from here on; nothing was acknowledged."""

    pdu: PDU


@dataclass(frozen=True, slots=True)
class QuirkUsed:
    """The PDU that follows was taken only because of the peer's quirk profile. One per PDU."""

    kind: Tolerated


@dataclass(frozen=True, slots=True)
class KeepaliveReceived:
    """The peer asks. A receiver answers with ``acknowledge`` once all before is taken in."""

    number: int


@dataclass(frozen=True, slots=True)
class KeepaliveAcknowledged:
    """The peer answered this number: everything sent before it was taken in."""

    number: int


@dataclass(frozen=True, slots=True)
class AcknowledgementRefused:
    """The peer acknowledged a number that is not outstanding here; it counts for nothing."""

    number: int


@dataclass(frozen=True, slots=True)
class ConnectionLost:
    """The last event. ``error`` says what the peer did wrong, where it did."""

    reason: LossReason
    error: ProtocolError | None = None


Event = (
    ProductReceived
    | QuirkUsed
    | KeepaliveReceived
    | KeepaliveAcknowledged
    | AcknowledgementRefused
    | GapDetected
    | ConnectionLost
)
