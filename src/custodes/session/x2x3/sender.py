"""The point of interception's side of X2/X3. ETSI TS 103 221-2 V1.10.1 clauses 5 and 6.2.4."""

from __future__ import annotations

from custodes.session.account import Tally
from custodes.session.x2x3.connection import Connection
from custodes.session.x2x3.keepalive import Keepalives
from custodes.session.x2x3.rules import POI_MAY_BE_SENT, TIME_P1, TIME_P2
from custodes.wire.x2x3 import rules as wire_rules
from custodes.wire.x2x3.attributes.number import SequenceNumber
from custodes.wire.x2x3.errors import X2X3EncodeError
from custodes.wire.x2x3.pdu import PDU, VERSION, encode
from custodes.wire.x2x3.reader import Reader
from custodes.wire.x2x3.types import PDUType

# Keepalives are 48 octets; a peer that sends an MDF's worth of anything else is no MDF.
_MAX_PDU = 4096


class Sender(Connection):
    """Sends product and keepalives, and learns from acknowledgements what was taken in.

    ``version`` is what this peer is sent, in product as in keepalives, whatever a PDU says itself.
    Keepalives of the peer are answered at once.
    """

    def __init__(
        self,
        now: float,
        *,
        version: tuple[int, int] = VERSION,
        time_p1: float = TIME_P1,
        time_p2: float = TIME_P2,
    ) -> None:
        super().__init__(
            POI_MAY_BE_SENT,
            Reader(_MAX_PDU),
            Keepalives(now, time_p1, time_p2),
            version,
            Tally(now),
        )

    def send(self, pdu: PDU, now: float) -> None:
        """Queue one X2 or X3 PDU, complete with its sequence number.

        X2X3EncodeError where the standard does not allow it, ProtocolError after the end; then
        nothing was queued. Queued is not delivered: only an acknowledged keepalive proves that.
        """
        self._must_be_open()
        if pdu.type not in (PDUType.X2, PDUType.X3):
            raise X2X3EncodeError("keepalives are the session's own")
        fault = wire_rules.fault(pdu)
        if fault is not None:
            raise X2X3EncodeError(fault)
        if pdu.attribute(SequenceNumber) is None:
            raise X2X3EncodeError("a PDU without a sequence number could be lost unseen")
        self._out += encode(pdu, self._version)
        self._tally.sent(now)

    def drain(self, now: float) -> int:
        """Send a keepalive at once; KeepaliveAcknowledged with this number proves all before it."""
        self._must_be_open()
        return self._issue_keepalive(now)
