"""IRIPayload: what the MDF2 sends in a PS-PDU over LI_HI2 (TS 33.128 V19.7.0 clause 5.5.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from custodes.wire.ber.node import UNKNOWN
from custodes.wire.iri.oids import IRI, check_oid, release_of
from custodes.wire.iri.schema import MODULE, schema


@dataclass(frozen=True, slots=True)
class IRIPayload:
    """``targetIdentifiers``: IRITargetIdentifier values (``target_identifier`` makes them).

    ``mediatedFromIndicator``: ("xIRIRelativeOID", oid) where the POI's module was another one.
    """

    oid: tuple[int, ...]
    event: tuple[str, Any]
    targetIdentifiers: tuple[dict[str, Any], ...] = ()
    mediatedFromIndicator: tuple[str, Any] | None = None
    unknown: tuple[tuple[str, bytes], ...] = ()


def target_identifier(identifier: tuple[str, Any], provenance: str | None = None) -> dict[str, Any]:
    """IRITargetIdentifier: a TargetIdentifier, e.g. ("iMSI", "00101…"), and where it is from.

    ``provenance``: lEAProvided, observed, matchedOn or other (clause 5.5.5).
    """
    value: dict[str, Any] = {"identifier": identifier}
    if provenance is not None:
        value["provenance"] = provenance
    return value


def encode_iri(
    event: tuple[str, Any],
    target_identifiers: Sequence[dict[str, Any]] = (),
    mediated_from: tuple[int, ...] | None = None,
) -> bytes:
    """IRIPayload with our OID.

    ``mediated_from``: OID of the xIRI it is made from; it is indicated where its release or
    version is not ours, as table 5.5.2-2 says. Raises EncodeError. Whether the record is
    complete is ``rules.check_mandatory``'s question.
    """
    value: dict[str, Any] = {"iRIPayloadOID": IRI, "event": event}
    if target_identifiers:
        value["targetIdentifiers"] = list(target_identifiers)
    if mediated_from is not None and release_of(mediated_from) != release_of(IRI):
        value["mediatedFromIndicator"] = ("xIRIRelativeOID", mediated_from)
    return schema().encode(MODULE, "IRIPayload", value)


def decode_iri(octets: bytes) -> IRIPayload:
    """Raises DecodeError; takes other releases, unknown events and unknown components."""
    value = schema().decode(MODULE, "IRIPayload", octets)
    return IRIPayload(
        check_oid(value["iRIPayloadOID"], IRI[-1]),
        value["event"],
        tuple(value.get("targetIdentifiers", ())),
        value.get("mediatedFromIndicator"),
        tuple(value.get(UNKNOWN, ())),
    )
