"""PS-PDU of ETSI TS 102 232-1 (LI-PS-PDU version43), with the payloads of TS 33.128 opened."""

from __future__ import annotations

from custodes.app.decode import inner, meaning, payload, pspdu_rules
from custodes.app.decode.ber_walk import Walk
from custodes.app.decode.item import Item, Shape, is_undecodable
from custodes.app.decode.readable import moment
from custodes.app.decode.reason import reason
from custodes.base.errors import DecodeError
from custodes.wire.ber.constructed import ChoiceNode, SequenceNode
from custodes.wire.ber.tlv import peek
from custodes.wire.handover.pdu import decode
from custodes.wire.handover.schema import MODULE, schema

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


def payload_alone(octets: bytes, base: int) -> Item | None:
    """The tree of a PS-PDU's payload without the PDU; None where it does not begin as one."""
    node = schema().type(MODULE, "PS-PDU")
    assert isinstance(node, SequenceNode)  # noqa: S101 - the module says so
    member = next(member for member in node.members if member.name == "payload")
    choice = member.node
    assert isinstance(choice, ChoiceNode)  # noqa: S101
    try:
        found = peek(octets, 0, len(octets))
    except DecodeError:
        return None
    if found is None or not any(found[0] in known.tags() for known in choice.members):
        return None
    item = Item("payload", base, len(octets), note=meaning.handover("PS-PDU"))
    Walk(octets, base, _open, _seen).element(item, choice, 0, len(octets))
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
        decode(octets)
    except DecodeError as error:
        item.bad(item.offset + (error.offset or 0), reason(error))
        return
    pspdu_rules.check(item)
