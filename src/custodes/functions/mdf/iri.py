"""From xIRI to IRI (TS 33.128 V19.7.0, 5.5.2, 5.5.5, 6.2.2.3, 6.2.3.7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from custodes.base.errors import DecodeError, EncodeError
from custodes.base.ids import CIN
from custodes.functions.mdf import identifiers, location
from custodes.functions.mdf.identifiers import Identifier
from custodes.functions.mdf.refusal import Reason, RefusedProductError
from custodes.functions.mdf.tasks import Entry
from custodes.wire.handover.iri import TS33128_IRI, IRIItem
from custodes.wire.handover.pdu import IRIs
from custodes.wire.iri.oids import IRI, release_of
from custodes.wire.iri.payload import decode_xiri, encode_iri
from custodes.wire.iri.rules import CINRule, EventRule, check_mandatory, rule_for
from custodes.wire.x2x3.attributes import MatchedTargetIdentifier, OtherTargetIdentifier
from custodes.wire.x2x3.pdu import PDU

_CORRELATED = (CINRule.SESSION, CINRule.RELATED)


@dataclass(frozen=True, slots=True)
class Record:
    """One xIRI, read and found complete; what every order on its XID is given a copy of."""

    rule: EventRule
    value: Any
    mediated_from: tuple[int, ...] | None
    matched: tuple[Identifier, ...]
    other: tuple[Identifier, ...]
    observed: tuple[Identifier, ...]
    unmapped: int
    correlation: int
    expected_direction: bool


def read(pdu: PDU) -> Record:
    """RefusedProductError unless the payload decodes, is an event that an IRI has, and is complete.

    Where the clause of a record gives no IRI type (MMS, PTC, LALS), the IRI has none: iRIType is
    OPTIONAL in LI-PS-PDU, and a type of our own making would read as the standard's.
    """
    try:
        payload = decode_xiri(pdu.payload)
    except DecodeError as error:
        raise RefusedProductError(Reason.UNDECODABLE, f"an xIRI: {error.what}") from error
    name, value = payload.event
    try:
        rule = rule_for(name)
    except EncodeError as error:
        raise RefusedProductError(
            Reason.UNKNOWN_EVENT, "an xIRI's event has no rules in this release"
        ) from error
    if not rule.delivered:
        raise RefusedProductError(Reason.UNKNOWN_EVENT, f"{name} is never an IRI: {rule.why}")
    try:
        check_mandatory(payload.event)
    except EncodeError as error:
        raise RefusedProductError(Reason.MANDATORY_MISSING, error.what) from error
    if rule.cin in _CORRELATED and not pdu.correlation_id:
        raise RefusedProductError(
            Reason.NO_CORRELATION, f"{name} belongs to a session, and names no correlation"
        )
    matched, unmatched = _mapped([a.xml for a in pdu.each(MatchedTargetIdentifier)])
    other, unknown = _mapped([a.xml for a in pdu.each(OtherTargetIdentifier)])
    own_release = release_of(payload.oid) == release_of(IRI)
    return Record(
        rule=rule,
        value=value,
        mediated_from=None if own_release else payload.oid,
        matched=matched,
        other=other,
        observed=tuple(identifiers.observed(value)) if isinstance(value, dict) else (),
        unmapped=unmatched + unknown,
        correlation=pdu.correlation_id,
        expected_direction=rule.direction.allows(pdu.payload_direction),
    )


def cin_for(record: Record, session: Callable[[int], CIN], new: Callable[[], CIN]) -> CIN | None:
    """The CIN of the record's rule: none, the session's, or a new one."""
    if record.rule.cin is CINRule.OMITTED:
        return None
    if record.correlation:
        return session(record.correlation)
    return new() if record.rule.cin is CINRule.NEW else None


def payload_for(record: Record, entry: Entry) -> IRIs:
    """The IRI of one order; RefusedProductError where the order may not have this record."""
    name, value = record.rule.event, record.value
    _of_subject(record, entry)
    if not entry.location:
        value = _without_location(name, value)
    targets = identifiers.listed(
        [
            (identifiers.MATCHED_ON, record.matched),
            (identifiers.OTHER, record.other),
            (identifiers.OBSERVED, record.observed),
            (identifiers.LEA_PROVIDED, entry.provided),
        ]
    )
    try:
        octets = encode_iri((name, value), targets, record.mediated_from)
    except EncodeError as error:
        reason = Reason.UNDECODABLE if entry.location else Reason.LOCATION_WITHHELD
        raise RefusedProductError(reason, f"{name} cannot be made an IRI: {error.what}") from error
    return IRIs((IRIItem(contents=(TS33128_IRI, octets), type=record.rule.sent),))


def _of_subject(record: Record, entry: Entry) -> None:
    """An element may err, or lie: a record that names somebody else is not this order's."""
    for kind, wanted in entry.provided:
        named = [value for name, value in (*record.matched, *record.observed) if name == kind]
        if any(value != wanted for value in named):
            raise RefusedProductError(
                Reason.UNEXPECTED_SUBJECT,
                f"{record.rule.event} names another subject than its order's",
            )


def _without_location(name: str, value: Any) -> Any:
    if name not in location.RELEASED:
        raise RefusedProductError(
            Reason.LOCATION_WITHHELD, f"{name} is not given to an order without location"
        )
    try:
        stripped = location.without_location(value)
        check_mandatory((name, stripped))
    except (location.UnjudgedError, EncodeError) as error:
        raise RefusedProductError(
            Reason.LOCATION_WITHHELD, f"{name} is not complete without its location"
        ) from error
    return stripped


def _mapped(fragments: list[str]) -> tuple[tuple[Identifier, ...], int]:
    """What the IRI has a name for, and how many it has none for."""
    found: list[Identifier] = []
    unmapped = 0
    for fragment in fragments:
        try:
            identifier = identifiers.from_xml(fragment)
        except DecodeError:
            identifier = None
        if identifier is None:
            unmapped += 1
        else:
            found.append(identifier)
    return tuple(found), unmapped
