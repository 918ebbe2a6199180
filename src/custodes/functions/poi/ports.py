"""What the probe needs from outside."""

from __future__ import annotations

from typing import Protocol

from custodes.functions.poi.signalling.nas import NASMessage
from custodes.functions.poi.signalling.ngap import NGAPMessage


class SignallingDecoder(Protocol):
    """A decoder of N2. It raises SignallingError and nothing else, and keeps nothing."""

    def decode_ngap(self, octets: bytes) -> NGAPMessage | None:
        """One NGAP PDU; None for a message of no use to the probe."""
        ...

    def decode_nas(self, octets: bytes) -> NASMessage:
        """One plain 5GMM message: the security header is off and nothing is ciphered."""
        ...
