"""XIRIPayload: what a POI sends over LI_X2 (TS 33.128 V19.7.0 clause 5.3.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from custodes.wire.ber.node import UNKNOWN
from custodes.wire.iri.oids import XIRI, check_oid
from custodes.wire.iri.rules import check_mandatory
from custodes.wire.iri.schema import MODULE, schema


@dataclass(frozen=True, slots=True)
class XIRIPayload:
    """``event``: (name, record); ``unknown``: components of later modules, as they came."""

    oid: tuple[int, ...]
    event: tuple[str, Any]
    unknown: tuple[tuple[str, bytes], ...] = ()


def encode_xiri(event: tuple[str, Any]) -> bytes:
    """XIRIPayload with our OID; raises EncodeError where the record is not fit to be sent."""
    check_mandatory(event)
    return schema().encode(MODULE, "XIRIPayload", {"xIRIPayloadOID": XIRI, "event": event})


def decode_xiri(octets: bytes) -> XIRIPayload:
    """Raises DecodeError; takes other releases, unknown events and unknown components."""
    value = schema().decode(MODULE, "XIRIPayload", octets)
    oid = check_oid(value["xIRIPayloadOID"], XIRI[-1])
    return XIRIPayload(oid, value["event"], tuple(value.get(UNKNOWN, ())))
