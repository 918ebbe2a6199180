"""Rules about readable PS-PDUs: IRI types, CINs, LI notifications. Works on the tree alone."""

from __future__ import annotations

from collections.abc import Iterator

from custodes.app.decode.item import Item
from custodes.base.errors import EncodeError
from custodes.wire.iri.rules import CINRule, EventRule, rule_for

_SAME = frozenset({CINRule.SESSION, CINRule.NEW, CINRule.RELATED})


def check(pdu: Item) -> None:
    """What TS 33.128 asks of the envelope of its events, said where it is not so."""
    header, payload = _child(pdu, "pSHeader"), _child(pdu, "payload")
    if header is None or payload is None:
        return
    for iris in payload.children:
        if iris.name == "iRIPayloadSequence":
            for entry in iris.children:
                _check_iri(entry, header)


def _check_iri(entry: Item, header: Item) -> None:
    for name in _events(entry):
        try:
            rule = rule_for(name)
        except EncodeError:
            continue
        _check_type(entry, rule)
        _check_cin(header, rule)


def _events(entry: Item) -> Iterator[str]:
    """The name of the event in an IRI of TS 33.128."""
    contents = _child(entry, "iRIContents")
    for alternative in contents.children if contents is not None else ():
        if alternative.name == "threeGPP33128DefinedIRI":
            for payload in alternative.children:
                event = _child(payload, "event")
                if event is not None and event.children:
                    yield event.children[0].name


def _check_type(entry: Item, rule: EventRule) -> None:
    """TS 33.128, the tables of IRI types (6.2.2.3-1 and its like)."""
    stated = _child(entry, "iRIType")
    if not rule.iri_types:
        return
    allowed = [kind.value for kind in rule.iri_types]
    want = " or ".join(allowed)
    if stated is None:
        entry.breach(f"iRIType is missing, {rule.record} has {want} (TS 33.128 {rule.clause})")
    elif stated.value not in allowed:
        said = f"iRIType is {stated.value}, {rule.record} has {want} (TS 33.128 {rule.clause})"
        stated.breach(said)


def _check_cin(header: Item, rule: EventRule) -> None:
    identifier = _child(header, "communicationIdentifier")
    if identifier is None:
        return
    cin = _child(identifier, "communicationIdentityNumber")
    if cin is None and rule.cin in _SAME:
        identifier.breach(
            f"communicationIdentityNumber is missing, {rule.record} has {rule.cin.value}"
            f" (TS 33.128 {rule.clause})"
        )
    elif cin is not None and rule.cin is CINRule.OMITTED:
        cin.breach(f"{rule.record} has no CIN (TS 33.128 {rule.clause})")


def _child(item: Item, name: str) -> Item | None:
    return next((child for child in item.children if child.name == name), None)
