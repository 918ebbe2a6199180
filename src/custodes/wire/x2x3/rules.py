"""Which PDUs the standard allows. ETSI TS 103 221-2 V1.10.1 clauses 5.1, 5.2.6 and 5.4.1."""

from __future__ import annotations

from custodes.wire.x2x3.attributes.number import SequenceNumber
from custodes.wire.x2x3.pdu import NO_XID, PDU, VERSION
from custodes.wire.x2x3.types import PayloadDirection, PayloadFormat, PDUType

# Only what table 5.4.1-1 knows and does not permit: an unknown format is for the function to judge.
FORBIDDEN_FORMATS: dict[PDUType, frozenset[int]] = {
    PDUType.X2: frozenset(int(f) for f in PayloadFormat if not f.x2),
    PDUType.X3: frozenset(int(f) for f in PayloadFormat if not f.x3),
}


def fault(pdu: PDU) -> str | None:
    """What is wrong with a PDU beyond its encoding, or None."""
    forbidden = FORBIDDEN_FORMATS.get(pdu.type)
    if forbidden is None:
        return _keepalive_fault(pdu)
    if pdu.payload_format in forbidden:
        return f"payload format {int(pdu.payload_format)} is not permitted in {pdu.type.name}"
    if pdu.payload_direction == PayloadDirection.KEEPALIVE:
        return f"payload direction 0 is reserved for keepalives, not for {pdu.type.name}"
    return None


def _keepalive_fault(pdu: PDU) -> str | None:
    if (
        pdu.payload_format != PayloadFormat.KEEPALIVE
        or pdu.payload_direction != PayloadDirection.KEEPALIVE
        or pdu.xid != NO_XID
        or pdu.correlation_id != 0
        or pdu.payload
    ):
        return "a keepalive carries more than its sequence number"
    if pdu.attribute(SequenceNumber) is None:
        return "a keepalive carries no sequence number"
    return None


def keepalive(number: int, version: tuple[int, int] = VERSION) -> PDU:
    """The keepalive with this number (48 octets)."""
    return _keepalive(PDUType.KEEPALIVE, number, version)


def keepalive_acknowledgement(number: int, version: tuple[int, int] = VERSION) -> PDU:
    """The answer to the keepalive with this number."""
    return _keepalive(PDUType.KEEPALIVE_ACKNOWLEDGEMENT, number, version)


def _keepalive(kind: PDUType, number: int, version: tuple[int, int]) -> PDU:
    return PDU(
        kind,
        PayloadFormat.KEEPALIVE,
        PayloadDirection.KEEPALIVE,
        NO_XID,
        0,
        (SequenceNumber(number),),
        b"",
        version,
    )
