"""The X2/X3 PDU: its value, and its octets in both directions.

ETSI TS 103 221-2 V1.10.1 clause 5, table 5.1-1: a header of 40 octets, conditional attributes, the
payload; big endian; the header length counts the attributes.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from struct import Struct
from struct import error as struct_error
from typing import NamedTuple, Self, TypeVar
from uuid import UUID

from custodes.wire.x2x3.attributes import table
from custodes.wire.x2x3.attributes.base import Attribute
from custodes.wire.x2x3.errors import X2X3DecodeError, X2X3EncodeError
from custodes.wire.x2x3.quirks import STRICT, SWAPPED_VERSION, Quirks, Use
from custodes.wire.x2x3.types import PayloadDirection, PayloadFormat, PDUType

__all__ = ["PDU", "PDUType", "PayloadDirection", "PayloadFormat", "decode", "encode"]

A = TypeVar("A", bound=Attribute)

HEADER_LENGTH = 40
# Whole PDUs above this are refused unless a reader is told otherwise.
MAX_PDU = 4 * 1024 * 1024
NO_XID = UUID(int=0)
VERSION = (0, 6)
# The minors that a peer may put first, where its quirk is configured (clause 5.2.1).
SWAPPED_MINORS = frozenset({5, 6})

_HEADER = Struct("!BBHIIHH16sQ")
_Header = tuple[int, int, int, int, int, int, int, bytes, int]
_TYPES: dict[int, PDUType] = {int(t): t for t in PDUType}
_FORMATS: dict[int, PayloadFormat] = {int(f): f for f in PayloadFormat}
_DIRECTIONS: dict[int, PayloadDirection] = {int(d): d for d in PayloadDirection}
# UUID() costs as much as all the rest of a PDU, and a connection carries few XIDs.
_uuid = lru_cache(maxsize=4096)(lambda octets: UUID(bytes=octets))


class _Fields(NamedTuple):
    type: PDUType
    payload_format: PayloadFormat | int
    payload_direction: PayloadDirection | int
    xid: UUID
    correlation_id: int
    attribute_octets: bytes
    payload: bytes
    version: tuple[int, int]
    swappedVersion: bool


class PDU(_Fields):
    """One PDU, immutable.

    A payload format or direction that this release does not know is kept as a plain int. The
    conditional attributes are held as octets (``attribute_octets``) and decoded when asked for.
    ``version`` is (major, minor); ``swappedVersion`` says that the two octets came, and are written
    again, in the other order. Making a PDU raises X2X3EncodeError for attributes that cannot be
    sent.
    """

    __slots__ = ()

    def __new__(
        cls,
        type: PDUType,  # noqa: A002 (the standard's field name)
        payload_format: PayloadFormat | int,
        payload_direction: PayloadDirection | int,
        xid: UUID,
        correlation_id: int,
        attributes: Iterable[Attribute] = (),
        payload: bytes = b"",
        version: tuple[int, int] = VERSION,
        swappedVersion: bool = False,
    ) -> Self:
        octets = table.encode_all(attributes)
        return tuple.__new__(
            cls,
            (
                type,
                payload_format,
                payload_direction,
                xid,
                correlation_id,
                octets,
                payload,
                version,
                swappedVersion,
            ),
        )

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """Every conditional attribute in order, unknown ones as UnknownAttribute."""
        return table.decode_all(self.attribute_octets)

    def attribute(self, wanted: type[A]) -> A | None:
        """The first attribute of a class: where one is repeated, the first counts (5.3.1)."""
        return table.decode_first(self.attribute_octets, wanted)

    def each(self, wanted: type[A]) -> tuple[A, ...]:
        """Every attribute of a class, in order (17, 18 and 21 may repeat)."""
        return table.decode_each(self.attribute_octets, wanted)

    def __repr__(self) -> str:
        # Neither attributes nor payload: a PDU in a log must not name a target.
        return (
            f"PDU({self.type.name}, format={int(self.payload_format)}, "
            f"direction={int(self.payload_direction)}, attributes={len(self.attribute_octets)} "
            f"octets, payload={len(self.payload)} octets)"
        )


def encode(pdu: PDU, version: tuple[int, int] | None = None) -> bytes:
    """The octets of a PDU; X2X3EncodeError where a field does not fit or the major is not 0.

    ``version`` is written in place of the PDU's own, in the standard's order.
    """
    kind, payload_format, direction, xid, correlation_id, attributes, payload, own, swapped = pdu
    if version is not None:
        own, swapped = version, False
    try:
        major, minor = own
        header = _HEADER.pack(
            minor if swapped else major,
            major if swapped else minor,
            kind,
            HEADER_LENGTH + len(attributes),
            len(payload),
            payload_format,
            direction,
            xid.bytes,
            correlation_id,
        )
        octets = b"".join((header, attributes, payload))
    except (struct_error, TypeError, ValueError, AttributeError) as error:
        raise X2X3EncodeError("a field of the header does not fit its place") from error
    if major != 0:
        raise X2X3EncodeError(f"major version {major} is not ours to send")
    if swapped and minor not in SWAPPED_MINORS:
        raise X2X3EncodeError(f"minor version {minor} first is read as another major")
    return octets


def decode(
    octets: bytes,
    *,
    max_pdu: int = MAX_PDU,
    quirks: Quirks = STRICT,
    uses: list[Use] | None = None,
) -> PDU:
    """The PDU that ``octets`` are, exactly; X2X3DecodeError where they are anything else.

    ``uses``: filled with every quirk that was needed, for the caller to log.
    """
    if len(octets) < HEADER_LENGTH:
        raise X2X3DecodeError(f"{len(octets)} octets are no header of {HEADER_LENGTH}")
    header = read_header(octets, 0)
    size = measure(header, max_pdu, quirks)
    if len(octets) != size:
        raise X2X3DecodeError(f"the header announces {size} octets, there are {len(octets)}")
    pdu = build(octets, 0, header)
    if uses is not None:
        uses.extend(quirks_used(pdu))
    return pdu


def quirks_used(pdu: PDU) -> tuple[Use, ...]:
    """What reading a PDU needed beyond the standard."""
    return (SWAPPED_VERSION,) if pdu.swappedVersion else ()


def read_header(buffer: bytes, start: int) -> _Header:
    """The 40 octets of a header, which must be there, as numbers."""
    return _HEADER.unpack_from(buffer, start)


def measure(header: _Header, max_pdu: int, quirks: Quirks = STRICT) -> int:
    """How many octets the whole PDU takes, once its header is found good."""
    if header[0] != 0 and not (
        quirks.swappedVersion and header[1] == 0 and header[0] in SWAPPED_MINORS
    ):
        raise X2X3DecodeError(f"major version {header[0]} is not supported", offset=0)
    if header[2] not in _TYPES:
        raise X2X3DecodeError(f"PDU type {header[2]} is not known", offset=2)
    if header[3] < HEADER_LENGTH:
        raise X2X3DecodeError(f"a header length of {header[3]} is below 40", offset=4)
    size = header[3] + header[4]
    if size > max_pdu:
        raise X2X3DecodeError(f"a PDU of {size} octets is above the limit of {max_pdu}", offset=4)
    return size


def build(buffer: bytes, start: int, header: _Header) -> PDU:
    """The PDU at ``start``, whose header was measured and whose octets are all there."""
    major, minor, kind, header_length, payload_length, form, direction, xid, correlation = header
    body = start + HEADER_LENGTH
    payload = start + header_length
    if body != payload:
        table.check(buffer, body, payload)
    return tuple.__new__(
        PDU,
        (
            _TYPES[kind],
            _FORMATS.get(form, form),
            _DIRECTIONS.get(direction, direction),
            _uuid(xid),
            correlation,
            buffer[body:payload],
            buffer[payload : payload + payload_length],
            (major, minor) if major == 0 else (minor, major),
            major != 0,
        ),
    )
