"""PS-PDU of ETSI TS 102 232-1 (LI-PS-PDU version43), with the payloads of TS 33.128 opened."""

from __future__ import annotations

from custodes.app.decode import inner, meaning, payload
from custodes.app.decode.ber_walk import Walk
from custodes.app.decode.item import Item, Shape, is_undecodable
from custodes.app.decode.readable import moment
from custodes.app.decode.reason import reason
from custodes.base.errors import DecodeError, EncodeError
from custodes.wire.ber.constructed import SequenceNode
from custodes.wire.handover.iri import IRIItem
from custodes.wire.handover.pdu import HI4, IRIs, decode
from custodes.wire.handover.schema import MODULE, schema
from custodes.wire.iri.iri import decode_iri
from custodes.wire.iri.notification import LINotificationPayload, check_notification
from custodes.wire.iri.rules import IRIType, rule_for

_NESTED = {"threeGPP33128DefinedIRI": "iri", "threeGPP33128DefinedCC": "cc"}
_DOMAIN = "0.4.0.2.2.5.1."
_OWN_TYPES = frozenset({"PS-PDU", "PSHeader", "IRIPayload", "CCPayload"})


def ps_pdu(octets: bytes, base: int) -> Item:
    """The tree of one PS-PDU."""
    item = Item("PS-PDU", base, len(octets), note=meaning.handover("PS-PDU"))
    walk = Walk(octets, base, _open, _seen)
    walk.element(item, schema().type(MODULE, "PS-PDU"), 0, len(octets))
    if not is_undecodable(item):
        _judge(item, octets)
    return item


def _open(walk: Walk, item: Item, start: int, end: int) -> bool:
    kind = _NESTED.get(item.name)
    if kind is not None:
        item.shape = Shape.NESTED
        inside = Item(payload.BY_KIND[kind].type, walk.base + start, end - start)
        item.children.append(inside)
        payload.fill(inside, kind, walk.buf, start, end, walk.base)
        return True
    if item.name in ("uMTSCC", "ePSCC") and end - start > 8:
        item.shape = Shape.NESTED
        return _content(walk, item, start, end)
    return False


def _content(walk: Walk, item: Item, start: int, end: int) -> bool:
    octets = walk.buf[start:end]
    if octets[0] >> 4 in (4, 6):
        item.children.append(inner.ip(octets, walk.base + start))
    return True


def _seen(item: Item, node: SequenceNode, whole: bool) -> None:
    for child in item.children:
        if not child.note:
            child.note = meaning.handover(child.name)
    if node.name == "PSHeader":
        _check_domain(item)
    if node.name == "MicroSecondTimeStamp":
        values = [child.value for child in item.children if isinstance(child.value, int)]
        if len(values) == 2:
            item.shown = moment(values[0] * 10**9 + values[1] * 1000, 6)
    elif node.name not in _OWN_TYPES:
        payload.check_fields(item, node, whole)


def _check_domain(header: Item) -> None:
    for child in header.children[:1]:
        if child.name == "li-psDomainId" and not str(child.value).startswith(_DOMAIN):
            what = "the domain is not that of TS 102 232-1"
            child.bad(child.offset, what, f"{_DOMAIN}(version)")


def _judge(item: Item, octets: bytes) -> None:
    """What the tables alone do not say: the codec's own checks, and rules about product."""
    try:
        pdu = decode(octets)
    except DecodeError as error:
        item.bad(item.offset, reason(error))
        return
    if isinstance(pdu.payload, HI4):
        for told in pdu.payload.items:
            if isinstance(told, LINotificationPayload):
                _check_notification(item, told)
    elif isinstance(pdu.payload, IRIs):
        entries = next(part for part in item.walk() if part.name == "iRIPayloadSequence").children
        for entry, part in zip(entries, pdu.payload.items, strict=False):
            _check_type(entry, part)


def _check_notification(item: Item, told: LINotificationPayload) -> None:
    try:
        check_notification(told)
    except EncodeError as error:
        item.breach(f"LI notification: {error.what}")


def _check_type(item: Item, part: IRIItem) -> None:
    if part.contents[0] != "threeGPP33128DefinedIRI" or not isinstance(part.type, IRIType):
        return
    try:
        rule = rule_for(decode_iri(part.contents[1]).event[0])
    except (DecodeError, EncodeError):
        return
    if rule.iri_type is not None and rule.iri_type is not part.type:
        want, got = rule.iri_type.value, part.type.value
        item.breach(f"iRIType is {got}, {rule.record} has {want} (TS 33.128 {rule.clause})")
