"""From xCC to CC (TS 33.128 V19.7.0, 5.5.3, 6.2.3.8)."""

from __future__ import annotations

from custodes.base.errors import DecodeError
from custodes.functions.mdf.refusal import Reason, RefusedProductError
from custodes.session.handover.gtpu import ip_packet
from custodes.wire.handover.cc import TS33128_CC, CCItem
from custodes.wire.handover.direction import PayloadDirection
from custodes.wire.handover.pdu import CCs
from custodes.wire.iri.payload import encode_cc
from custodes.wire.x2x3.pdu import PDU
from custodes.wire.x2x3.pdu import PayloadDirection as X3Direction

# Not the same numbers: X3 counts 2 to target, 3 from target, ...; CCPayload from target 0 [I].
_DIRECTIONS: dict[int, PayloadDirection] = {
    X3Direction.UNKNOWN: PayloadDirection.INDETERMINATE,
    X3Direction.TO_TARGET: PayloadDirection.TO_TARGET,
    X3Direction.FROM_TARGET: PayloadDirection.FROM_TARGET,
    X3Direction.MULTIPLE: PayloadDirection.COMBINED,
    X3Direction.NOT_APPLICABLE: PayloadDirection.NOT_APPLICABLE,
}


def payload(pdu: PDU) -> CCs:
    """The whole GTP-U packet as uPFCCPDU, only where it holds an IP packet.

    RefusedProductError otherwise, and where the element gave no correlation: content always
    belongs to a session, whose CIN it carries.
    """
    try:
        ip_packet(pdu.payload)
    except DecodeError as error:
        raise RefusedProductError(Reason.NOT_IP, f"an xCC: {error.what}") from error
    if not pdu.correlation_id:
        raise RefusedProductError(Reason.NO_CORRELATION, "an xCC names no correlation")
    direction = _DIRECTIONS.get(int(pdu.payload_direction))
    if direction is None:
        raise RefusedProductError(Reason.UNDECODABLE, "an xCC has an unknown direction")
    contents = (TS33128_CC, encode_cc(("uPFCCPDU", pdu.payload)))
    return CCs((CCItem(contents=contents, payloadDirection=direction),))
