"""Payloads of TS 33.128 (xIRI, IRI, CC, LI notification) and what nests in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from custodes.app.decode import inner, meaning
from custodes.app.decode.ber_walk import Walk
from custodes.app.decode.item import Item, Shape
from custodes.base.errors import EncodeError
from custodes.wire.ber.constructed import SequenceNode
from custodes.wire.iri import presence
from custodes.wire.iri.oids import CC, IRI, LI_NOTIFICATION, RELEASE, XIRI
from custodes.wire.iri.rules import CINRule, rule_for
from custodes.wire.iri.schema import MODULE, schema


@dataclass(frozen=True, slots=True)
class PayloadKind:
    """``arc``: last arc of the relative OID, which tells the kinds apart."""

    kind: str
    type: str
    oid: str
    arc: int


KINDS = (
    PayloadKind("xiri", "XIRIPayload", "xIRIPayloadOID", XIRI[-1]),
    PayloadKind("iri", "IRIPayload", "iRIPayloadOID", IRI[-1]),
    PayloadKind("cc", "CCPayload", "cCPayloadOID", CC[-1]),
    PayloadKind(
        "notification", "LINotificationPayload", "lINotificationPayloadOID", LI_NOTIFICATION[-1]
    ),
)
BY_KIND = {kind.kind: kind for kind in KINDS}
BY_ARC = {kind.arc: kind for kind in KINDS}


def payload(kind: str, octets: bytes, base: int) -> Item:
    """The tree of one payload that stands alone."""
    item = Item(BY_KIND[kind].type, base, len(octets))
    fill(item, kind, octets, 0, len(octets), base)
    return item


def fill(item: Item, kind: str, buf: bytes, start: int, end: int, base: int) -> None:
    """The payload in buf[start:end] into ``item``."""
    wanted = BY_KIND[kind]
    walk = Walk(buf, base, open_octets, check_fields)
    item.note = meaning.payload(wanted.type)
    walk.element(item, schema().type(MODULE, wanted.type), start, end)
    _check_oid(item, wanted)
    for child in item.children:
        if child.name == "event" and child.children:
            name = child.children[0].name
            child.note = "; ".join(filter(None, (meaning.event(name), _cin(name))))


_CINS = {
    CINRule.OMITTED: "no CIN",
    CINRule.SESSION: "CIN of its session",
    CINRule.NEW: "a new CIN",
    CINRule.RELATED: "CIN of the IRI it belongs to",
}


@cache
def _cin(event: str) -> str:
    """Which communication identity number an IRI of the event has."""
    try:
        rule = rule_for(event).cin
    except EncodeError:
        return ""
    return _CINS.get(rule, "")


def _check_oid(item: Item, wanted: PayloadKind) -> None:
    for child in item.children:
        if child.name.endswith("PayloadOID") and isinstance(child.value, str):
            arcs = child.value.split(".")
            if len(arcs) == 5:
                child.note = f"TS 33.128 release {arcs[2]} version {arcs[3]}"
            start = list(map(str, RELEASE[:2]))
            if len(arcs) != 5 or arcs[:2] != start or arcs[4] != str(wanted.arc):
                what = "the relative OID is not the one of this kind of payload"
                child.bad(child.offset, what, f"4.19.(release).(version).{wanted.arc}")


def check_fields(item: Item, node: SequenceNode, whole: bool) -> None:
    """M columns of TS 33.128: what a record lacks is said at the record."""
    present = {child.name for child in item.children}
    said = {fault.what for fault in item.faults}
    for name in meaning.mandatory(node.name):
        if whole and name not in present and f"{name} is missing" not in said:
            where = meaning.where(node.name)
            item.breach(f"missing mandatory: {name} (TS 33.128{where})")
    for condition in presence.conditions().get(node.name, ()) if whole else ():
        breach = condition.breach(dict.fromkeys(present))
        if breach is not None:
            item.breach(f"against a condition: {breach} (TS 33.128 {condition.clause})")
    if node.name == "LINotification":
        _check_notification(item)
    if not item.note:
        item.note = meaning.record(node.name)


def _check_notification(item: Item) -> None:
    """TS 33.128 annex B: which times a notification has."""
    found = {child.name: child.value for child in item.children}
    start, end = "appliedStartTime" in found, "appliedEndTime" in found
    kind = found.get("notificationType")
    if kind == "activation" and not start:
        item.breach("an activation without its appliedStartTime (TS 33.128 annex B)")
    if kind == "deactivation" and (start or not end):
        item.breach("a deactivation has its appliedEndTime and no start (TS 33.128 annex B)")


def open_octets(walk: Walk, item: Item, start: int, end: int) -> bool:
    """OCTET STRINGs of TS 33.128 that hold packets."""
    if item.name in ("uPFCCPDU", "uPFIPCC"):
        item.shape = Shape.NESTED
        reader = inner.gtpu if item.name == "uPFCCPDU" else inner.ip
        item.children.append(reader(walk.buf[start:end], walk.base + start))
        return True
    return False
