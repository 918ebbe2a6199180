"""What leaves this codec when octets, or a PDU about to be sent, are not what the standard says."""

from __future__ import annotations

from custodes.base.errors import DecodeError, EncodeError


class X2X3DecodeError(DecodeError):
    """The peer's octets are not an X2/X3 PDU of ETSI TS 103 221-2."""


class X2X3EncodeError(EncodeError):
    """We were about to send a PDU that ETSI TS 103 221-2 does not allow."""
