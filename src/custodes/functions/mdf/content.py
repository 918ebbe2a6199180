"""From xCC to CC (TS 33.128 V19.7.0, 5.5.3, 6.2.3.8)."""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

from custodes.base.errors import DecodeError
from custodes.base.ids import CIN, LIID
from custodes.functions.mdf.headers import Origin
from custodes.functions.mdf.refusal import Reason, RefusedProductError
from custodes.wire.gtpu import ip_start
from custodes.wire.handover.cc import TS33128_CC, CCItem
from custodes.wire.handover.direction import PayloadDirection
from custodes.wire.handover.fast_cc import CCEncoder
from custodes.wire.handover.pdu import PSPDU, CCs, encode
from custodes.wire.iri.payload import encode_cc
from custodes.wire.x2x3.attributes import IPID, NFID, Timestamp
from custodes.wire.x2x3.attributes.table import octets_by_type
from custodes.wire.x2x3.pdu import PDU, PayloadFormat
from custodes.wire.x2x3.pdu import PayloadDirection as X3Direction

# Not the same numbers: X3 counts 2 to target, 3 from target, ...; CCPayload from target 0 [I].
_DIRECTIONS: dict[int, PayloadDirection] = {
    X3Direction.UNKNOWN: PayloadDirection.INDETERMINATE,
    X3Direction.TO_TARGET: PayloadDirection.TO_TARGET,
    X3Direction.FROM_TARGET: PayloadDirection.FROM_TARGET,
    X3Direction.MULTIPLE: PayloadDirection.COMBINED,
    X3Direction.NOT_APPLICABLE: PayloadDirection.NOT_APPLICABLE,
}
_NFID, _IPID, _TIMESTAMP = int(NFID.TYPE), int(IPID.TYPE), int(Timestamp.TYPE)
_STAMP = Struct("!II")  # what Timestamp reads; the codec has checked it
# Encoders are cheap to make again: at this many, all are forgotten.
_MOST = 4096


# Payload formats of X3 (TS 33.128, 6.2.3.6) and, but for GTP-U, what extendedUPFCCPDU calls them.
_EXTENDED: dict[int, str | None] = {
    PayloadFormat.GTP_U: None,
    PayloadFormat.IPV4: "uPFIPCC",
    PayloadFormat.IPV6: "uPFIPCC",
    PayloadFormat.ETHERNET: "uPFEthernetCC",
}
FORMATS: frozenset[int] = frozenset(_EXTENDED)
_IP_VERSION: dict[int, int] = {PayloadFormat.IPV4: 4, PayloadFormat.IPV6: 6}
_ETHERNET_HEADER = 14


class XCC(NamedTuple):
    """Content that may be delivered; ``where`` is the undecoded NFID and IPID.

    ``extended`` names the alternative of UPFCCPDUPayload, None is a whole GTP-U packet.
    """

    pdu: PDU
    direction: PayloadDirection
    ns: int
    where: tuple[bytes | None, bytes | None]
    extended: str | None


def read(pdu: PDU) -> XCC:
    """Content as 6.2.3.6 and 6.2.3.8 ask: a whole GTP-U packet that holds IP, or one IP packet or
    Ethernet frame, with time and correlation.

    RefusedProductError otherwise. Content always belongs to a session, whose CIN it carries.
    """
    attributes = octets_by_type(pdu.attribute_octets)  # this path runs per packet
    stamp = attributes.get(_TIMESTAMP)
    if stamp is None:
        raise RefusedProductError(Reason.NO_TIMESTAMP, "product without its time")
    _check(pdu)
    if not pdu.correlation_id:
        raise RefusedProductError(Reason.NO_CORRELATION, "an xCC names no correlation")
    direction = _DIRECTIONS.get(pdu.payload_direction)
    if direction is None:
        raise RefusedProductError(Reason.UNDECODABLE, "an xCC has an unknown direction")
    seconds, rest = _STAMP.unpack(stamp)
    where = attributes.get(_NFID), attributes.get(_IPID)
    extended = _EXTENDED[pdu.payload_format]
    return XCC(pdu, direction, seconds * 1_000_000_000 + rest, where, extended)


def _check(pdu: PDU) -> None:
    """The payload is what its format says."""
    if pdu.payload_format == PayloadFormat.GTP_U:
        try:
            ip_start(pdu.payload)
        except DecodeError as error:
            raise RefusedProductError(Reason.NOT_IP, f"an xCC: {error.what}") from error
    elif pdu.payload_format == PayloadFormat.ETHERNET:
        if len(pdu.payload) < _ETHERNET_HEADER:
            raise RefusedProductError(Reason.UNDECODABLE, "an xCC is too short for a frame")
    elif not pdu.payload or pdu.payload[0] >> 4 != _IP_VERSION[pdu.payload_format]:
        raise RefusedProductError(Reason.NOT_IP, "an xCC is not the IP packet its format names")


class ContentWriter:
    """PS-PDUs with uPFCCPDU (the fast path) or extendedUPFCCPDU. Not thread-safe."""

    def __init__(self, origin: Origin) -> None:
        self._origin = origin
        self._encoders: dict[tuple[object, ...], CCEncoder] = {}

    def write(self, xcc: XCC, liid: LIID, cin: CIN, number: int) -> bytes:
        """One PS-PDU for one order; EncodeError where its header cannot be sent."""
        if xcc.extended is not None:
            return self._extended(xcc, xcc.extended, liid, cin, number)
        key = (liid.value, cin.value, xcc.where)
        encoder = self._encoders.get(key)
        if encoder is None:
            if len(self._encoders) >= _MOST:
                self._encoders.clear()
            encoder = CCEncoder(self._origin.product(xcc.pdu, liid, cin, number, xcc.ns))
            self._encoders[key] = encoder
        return encoder.encode(number, xcc.ns, xcc.direction, xcc.pdu.payload)

    def _extended(self, xcc: XCC, name: str, liid: LIID, cin: CIN, number: int) -> bytes:
        header = self._origin.product(xcc.pdu, liid, cin, number, xcc.ns)
        value = {"payload": (name, xcc.pdu.payload)}
        contents = (TS33128_CC, encode_cc(("extendedUPFCCPDU", value)))
        item = CCItem(contents=contents, payloadDirection=xcc.direction)
        return encode(PSPDU(header, CCs((item,))))
