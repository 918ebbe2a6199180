"""From a stream of octets to PDUs."""

from __future__ import annotations

from custodes.wire.x2x3.errors import X2X3DecodeError
from custodes.wire.x2x3.pdu import (
    HEADER_LENGTH,
    MAX_PDU,
    PDU,
    SWAPPED_MINORS,
    build,
    measure,
    quirks_used,
    read_header,
)
from custodes.wire.x2x3.quirks import STRICT, Quirks, Use


class Reader:
    """Give it octets as they come, take PDUs while there are any.

    Every octet is copied a bounded number of times however small the pieces are, and no more than
    what was given plus one PDU is held. After an X2X3DecodeError the stream has no known boundary
    any more: every later call raises the same error.
    """

    def __init__(self, max_pdu: int = MAX_PDU, *, quirks: Quirks = STRICT) -> None:
        self._max_pdu = max_pdu
        self._quirks = quirks
        # Quirks that the last PDU handed out needed, for the caller to log.
        self.uses: tuple[Use, ...] = ()
        self._buffer = b""
        self._offset = 0
        self._arrived = bytearray()
        self._error: X2X3DecodeError | None = None

    @property
    def pending(self) -> int:
        """Octets received that are not yet part of a PDU handed out."""
        return len(self._buffer) - self._offset + len(self._arrived)

    def receive_data(self, octets: bytes) -> None:
        """Take in what arrived."""
        self._arrived += octets

    def next_pdu(self) -> PDU | None:
        """The next PDU, or None where more octets are needed."""
        if self._error is not None:
            raise self._error
        try:
            return self._next()
        except X2X3DecodeError as error:
            self._error = error
            raise

    def _next(self) -> PDU | None:
        if not self._available(HEADER_LENGTH):
            self._refuse_early()
            return None
        header = read_header(self._buffer, self._offset)
        size = measure(header, self._max_pdu, self._quirks)
        if not self._available(size):
            return None
        pdu = build(self._buffer, self._offset, header)
        self._offset += size
        self.uses = quirks_used(pdu)
        return pdu

    def _available(self, count: int) -> bool:
        """Whether ``count`` octets are in one piece at the offset; joins the pieces only if so."""
        held = len(self._buffer) - self._offset
        if held >= count:
            return True
        if held + len(self._arrived) < count:
            return False
        self._buffer = self._buffer[self._offset :] + bytes(self._arrived)
        self._offset = 0
        self._arrived = bytearray()
        return True

    def _refuse_early(self) -> None:
        """A stream of another protocol need not fill a header to be refused."""
        first = self._buffer[self._offset : self._offset + 1] or self._arrived[:1]
        if first and first[0] in SWAPPED_MINORS and self._quirks.swappedVersion:
            return
        if first and first[0] != 0:
            raise X2X3DecodeError(f"major version {first[0]} is not supported", offset=0)
