"""Payloads of X2/X3 PDUs, by payload format (ETSI TS 103 221-2 clause 5.4)."""

from __future__ import annotations

from collections.abc import Callable

from custodes.app.decode import ber_raw, inner, meaning, payload, pspdu, summary
from custodes.app.decode.item import Item
from custodes.app.decode.readable import octets_shown
from custodes.app.decode.recognise import ber_kind
from custodes.base.errors import EncodeError
from custodes.wire.iri.rules import rule_for

X2 = 1
TS_33128 = 2
PS_PDU = frozenset({1, 17})
FOREIGN = {
    3: "TS 33.108 is not known to custodes yet: shown by its tags",
    14: "EpsIRIContent of TS 33.108 is not known to custodes yet: shown by its tags",
}
_PACKETS: dict[int, Callable[[bytes, int], Item]] = {
    5: inner.ip,
    6: inner.ip,
    7: inner.ethernet,
    12: inner.gtpu,
}


def fill(item: Item, kind: int, form: int, octets: bytes, cut: bool) -> None:
    """What the payload holds, below ``item``. ``cut``: octets of its end are missing."""
    item.value, item.shown = octets.hex(), octets_shown(octets)
    item.note = meaning.x2x3("formats", form)[1]
    if form == TS_33128:
        _ts_33128(item, kind, octets)
    elif form in PS_PDU:
        _ps_pdu(item, octets)
    elif form in FOREIGN:
        _by_tags(item, octets, FOREIGN[form], cut)
    elif form in _PACKETS and not cut:
        item.children.append(_PACKETS[form](octets, item.offset))
    elif form in summary.BY_FORMAT and not cut:
        said = summary.BY_FORMAT[form](octets)
        if said is not None:
            item.shown = f"{said} ({len(octets)} octets)"
        elif octets:
            name = meaning.x2x3("formats", form)[0]
            item.breach(f"this does not begin as {name}")


def _ts_33128(item: Item, kind: int, octets: bytes) -> None:
    """An XIRIPayload on X2; what X3 carries tells by itself what it is."""
    found = ber_kind(octets)
    told = found if isinstance(found, str) and found in payload.BY_KIND else None
    if told is None and kind != X2:
        _by_tags(item, octets, "no payload of TS 33.128 that custodes knows: shown by its tags")
        return
    inside = Item(payload.BY_KIND[told or "xiri"].type, item.offset, len(octets))
    item.children.append(inside)
    payload.fill(inside, told or "xiri", octets, 0, len(octets), item.offset)
    if told not in (None, "xiri") and kind == X2:
        item.breach(f"X2 carries an XIRIPayload, this is {inside.name} (TS 33.128 5.3.2)")


def check_direction(pdu: Item) -> None:
    """TS 33.128 5.3.2: the payload direction that the event of an xIRI has on X2."""
    direction = next((part for part in pdu.children if part.name == "payloadDirection"), None)
    event = next((part for part in pdu.walk() if part.name == "event" and part.children), None)
    if direction is None or event is None:
        return
    name = event.children[0].name
    try:
        rule = rule_for(name).direction
    except EncodeError:
        return
    if not rule.allows(int(direction.value)):
        direction.breach(f"the direction of {name} is {rule.value} (TS 33.128 5.3.2)")


def _ps_pdu(item: Item, octets: bytes) -> None:
    """A whole PS-PDU, or its payload alone; what begins as neither is shown by its tags."""
    if ber_kind(octets) == "pspdu":
        item.children.append(pspdu.ps_pdu(octets, item.offset))
    elif (alone := pspdu.payload_alone(octets, item.offset)) is not None:
        item.children.append(alone)
    else:
        _by_tags(item, octets, "begins neither as a PS-PDU nor as its payload: shown by its tags")


def _by_tags(item: Item, octets: bytes, note: str, cut: bool = False) -> None:
    if not octets:
        return
    tree = ber_raw.tree(octets, item.offset, note)
    if tree is not None:
        item.children.append(tree)
    elif not cut:
        item.breach("this is no BER")
