"""The SignallingDecoder that rests on pycrate."""

from __future__ import annotations

import logging
from typing import Any

from custodes.functions.poi.signalling.errors import SignallingError
from custodes.functions.poi.signalling.nas import NASMessage
from custodes.functions.poi.signalling.ngap import NGAPMessage
from custodes.functions.poi.signalling.pycrate_nas import nas_message
from custodes.functions.poi.signalling.pycrate_ngap import ngap_message

LOGGERS = ("pycrate_core", "pycrate_asn1rt", "pycrate_mobile")


class PycrateDecoder:
    """Decodes N2. Made once: the import takes about two seconds, so it is not at module level.

    pycrate decodes into objects of its modules: one process uses one decoder in one thread.
    """

    def __init__(self) -> None:
        for name in LOGGERS:  # what it writes of a message may name a person
            logging.getLogger(name).setLevel(logging.CRITICAL)
        from pycrate_asn1dir import NGAP
        from pycrate_mobile import NAS5G

        self._pdu: Any = NGAP.NGAP_PDU_Descriptions.NGAP_PDU
        self._parse_nas: Any = NAS5G.parse_NAS5G

    def decode_ngap(self, octets: bytes) -> NGAPMessage | None:
        try:
            self._pdu.from_aper(octets)
            return ngap_message(self._pdu.get_val())
        except Exception:  # pycrate leaks errors of its own, IndexError, TypeError and others
            raise SignallingError("an NGAP message cannot be decoded") from None

    def decode_nas(self, octets: bytes) -> NASMessage:
        try:
            return nas_message(self._cut(octets), self._cut)
        except Exception:  # the same
            raise SignallingError("a NAS message cannot be decoded") from None

    def _cut(self, octets: bytes) -> Any:
        # sec_hdr=False: the security header is off already. One core repeats its header type
        # in the plain message under it, and pycrate would take that for a second envelope.
        message, error = self._parse_nas(octets, inner=False, sec_hdr=False)
        if message is None or error:
            raise SignallingError("a NAS message cannot be decoded")
        return message
