"""CCPayload: what the MDF3 sends in a PS-PDU over LI_HI3 (TS 33.128 V19.7.0 clause 5.5.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from custodes.wire.ber.node import UNKNOWN
from custodes.wire.iri.oids import CC, check_oid, release_of
from custodes.wire.iri.schema import MODULE, schema


@dataclass(frozen=True, slots=True)
class CCPayload:
    """``pDU``: ("uPFCCPDU", GTP-U packet) or ("extendedUPFCCPDU", {"payload": …, "qFI": …}), …"""

    oid: tuple[int, ...]
    pDU: tuple[str, Any]
    unknown: tuple[tuple[str, bytes], ...] = ()


def encode_cc(pdu: tuple[str, Any]) -> bytes:
    """CCPayload with our OID; raises EncodeError."""
    return schema().encode(MODULE, "CCPayload", {"cCPayloadOID": CC, "pDU": pdu})


def decode_cc(octets: bytes) -> CCPayload:
    """Raises DecodeError."""
    value = schema().decode(MODULE, "CCPayload", octets)
    oid = check_oid(value["cCPayloadOID"], CC[-1])
    name, pdu = value["pDU"]
    # Clause 5.5.3: in Release 16 tag 4 was pTCCCPDU; the OID alone tells.
    if name == "nIDDCCPDU" and release_of(oid)[0] == 16:
        name = "pTCCCPDU"
    return CCPayload(oid, (name, pdu), tuple(value.get(UNKNOWN, ())))
