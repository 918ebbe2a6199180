"""What every element should hold now. Pure: orders, time and enrolment in; wanted state out.

Tasks on points of interception exist only while an order runs. Tasks on MDFs exist from approval
(their StartTime may lie ahead) until the order is over. Only verified grants count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from custodes.base.errors import RefusedError
from custodes.base.ids import DID, LIID, XID
from custodes.functions.admf.digests import digest_of
from custodes.functions.admf.ports import OrderRecord
from custodes.functions.admf.specs import (
    DestinationSpec,
    Handover,
    MediationSpec,
    TaskSpec,
    WantedDestination,
    WantedElement,
    WantedTask,
)
from custodes.functions.admf.states import State, state_of
from custodes.model.grant import Grant, Officers
from custodes.model.intent import Delivery, Product, Purpose
from custodes.model.order import HeaderReportingKind
from custodes.model.registry import Element, ElementKind, Registry

# 6.2.3.1.2 and 6.2.3.1.3 of TS 33.128 V19.7.0: who is told of packet header reporting.
_HEADER_REPORTERS = (ElementKind.SMF, ElementKind.MDF2)


@dataclass(frozen=True, slots=True)
class Stop:
    """When an order stopped, and the XID it ran under."""

    xid: XID
    at: datetime


@dataclass(frozen=True, slots=True)
class Desired:
    """The wanted state of every enrolled element.

    ``stopped`` says since when an order that is over should be gone; ``wake`` is the next moment at
    which time alone changes the answer; ``void`` are references whose approvals do not verify;
    ``liids`` are those of every order that can be read, whatever its state.
    """

    elements: Mapping[str, WantedElement]
    stopped: Mapping[LIID, Stop] = field(default_factory=dict)
    wake: datetime | None = None
    void: tuple[str, ...] = ()
    liids: frozenset[LIID] = frozenset()


def desired(records: Sequence[OrderRecord], now: datetime, registry: Registry) -> Desired:
    """The state that the present orders demand of the present elements."""
    officers = Officers(registry.parties)
    approved: list[Grant] = []
    running: list[Grant] = []
    void: list[str] = []
    for record in records:
        state = state_of(record, now)
        if state not in (State.APPROVED, State.RUNNING):
            continue
        grant = Grant(record.intent, record.approvals)
        try:
            if digest_of(record.intent) != record.intentDigest:
                raise RefusedError("the stored intent is not the one that was registered")
            officers.verify(grant, now)
        except RefusedError:
            void.append(record.intent.order.reference)
            continue
        approved.append(grant)
        if state is State.RUNNING:
            running.append(grant)
    return Desired(
        elements={
            e.neIdentifier: _element(e, approved if e.kind.mediates else running)
            for e in registry.elements
        },
        stopped=_stopped(records, now),
        wake=_wake(records, now),
        void=tuple(void),
        liids=frozenset(record.intent.liid for record in records),
    )


def _element(element: Element, grants: Sequence[Grant]) -> WantedElement:
    product = element.kind.product
    by_xid: dict[XID, list[Grant]] = {}
    for grant in grants:
        if grant.intent.product_of(element.neIdentifier) is product:
            by_xid.setdefault(grant.intent.xid, []).append(grant)
    tasks: dict[XID, WantedTask] = {}
    covering: dict[Delivery, list[Grant]] = {}
    for xid, group in by_xid.items():
        # One XID is one subject; of a mixture only the first order's subject can be meant.
        subject = group[0].intent.order.subject
        group = [g for g in group if g.intent.order.subject == subject]
        spec = TaskSpec(
            xid=xid,
            subject=subject,
            product=product,
            dids=_dids(d for g in group for d in _deliveries(element, g)),
            mediation=_mediation(element, group) if element.kind.mediates else (),
            headerReporting=_header_reporting(element, group),
        )
        tasks[xid] = WantedTask(spec, tuple(group))
        for grant in group:
            for delivery in _deliveries(element, grant):
                covering.setdefault(delivery, []).append(grant)
    destinations = {
        d.did: WantedDestination(DestinationSpec(d.did, product, d.address), tuple(covers))
        for d, covers in covering.items()
    }
    return WantedElement(element.kind.mediates, tasks, destinations)


def _purpose(element: Element) -> Purpose:
    if element.kind.mediates:
        return Purpose.HI2 if element.kind.product is Product.X2 else Purpose.HI3
    return Purpose.X2 if element.kind.product is Product.X2 else Purpose.X3


def _deliveries(element: Element, grant: Grant) -> tuple[Delivery, ...]:
    purpose = _purpose(element)
    return tuple(d for d in grant.intent.deliveries if d.purpose is purpose)


def _dids(deliveries: Iterable[Delivery]) -> tuple[DID, ...]:
    return tuple(sorted({d.did for d in deliveries}))


def _mediation(element: Element, grants: Sequence[Grant]) -> tuple[MediationSpec, ...]:
    handover = Handover.HI2 if element.kind.product is Product.X2 else Handover.HI3
    reports = element.kind in _HEADER_REPORTERS
    entries = (
        MediationSpec(
            liid=g.intent.liid,
            deliveryType=handover,
            startTime=g.intent.order.start,
            endTime=g.intent.order.end,
            dids=_dids(_deliveries(element, g)),
            headerReporting=(
                g.intent.order.header_reporting.kind if reports else HeaderReportingKind.NONE
            ),
            doNotReportLocation=handover is Handover.HI2 and not g.intent.order.location,
        )
        for g in grants
    )
    return tuple(sorted(entries, key=lambda m: m.liid))


def _header_reporting(element: Element, grants: Sequence[Grant]) -> tuple[HeaderReportingKind, ...]:
    if element.kind not in _HEADER_REPORTERS:
        return ()
    kinds = {g.intent.order.header_reporting.kind for g in grants} - {HeaderReportingKind.NONE}
    return tuple(sorted(kinds))


def _stopped(records: Sequence[OrderRecord], now: datetime) -> dict[LIID, Stop]:
    stopped: dict[LIID, Stop] = {}
    for record in records:
        if state_of(record, now).over:
            end = record.intent.order.end
            at = end if record.endedAt is None else min(end, record.endedAt)
            stopped[record.intent.liid] = Stop(record.intent.xid, at)
    return stopped


def _wake(records: Sequence[OrderRecord], now: datetime) -> datetime | None:
    moments = (
        moment
        for record in records
        if not state_of(record, now).over
        for moment in (record.intent.order.start, record.intent.order.end)
        if moment > now
    )
    return min(moments, default=None)
