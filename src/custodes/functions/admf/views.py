"""From what the administration knows to the bodies of its answers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from custodes.functions.admf import api
from custodes.functions.admf.actions import Alarm, Waiting
from custodes.functions.admf.linger import in_step, liids
from custodes.functions.admf.ports import (
    ElementStateRecord,
    EventRecord,
    OrderRecord,
    ReportRecord,
)
from custodes.functions.admf.progress import active, cleared, progress
from custodes.functions.admf.provisioner import Picture
from custodes.functions.admf.specs import TaskSpec
from custodes.functions.admf.states import State
from custodes.model.registry import Element


def order_details(
    record: OrderRecord,
    state: State,
    picture: Picture,
    events: Sequence[EventRecord],
    reports: Sequence[ReportRecord],
    *,
    with_subject: bool,
) -> api.OrderDetails:
    lines = progress(record.intent, picture.desired, picture.held)
    return api.OrderDetails(
        order=api.OrderBody.of(record.intent.order, with_subject=with_subject),
        state=state,
        active=active(lines),
        cleared=state.over and cleared(lines),
        intentDigest=record.intentDigest,
        intent=api.IntentBody.of(record.intent),
        approvals=tuple(api.ApprovalBody.of(a) for a in record.approvals),
        registeredAt=record.registeredAt,
        registeredBy=record.registeredBy,
        endedAt=record.endedAt,
        endedBy=record.endedBy,
        elements=tuple(
            api.ElementProgressBody(
                neIdentifier=line.neIdentifier,
                product=line.product,
                wanted=line.wanted,
                confirmed=line.confirmed,
                held=line.held,
            )
            for line in lines
        ),
        events=tuple(api.EventBody(at=e.at, actor=e.actor, what=e.what) for e in events),
        reports=tuple(report(r) for r in reports),
    )


def order_line(record: OrderRecord, state: State, picture: Picture) -> api.OrderLine:
    order = record.intent.order
    lines = progress(record.intent, picture.desired, picture.held)
    return api.OrderLine(
        reference=order.reference,
        authority=order.authority,
        agency=order.agency,
        liid=str(record.intent.liid),
        state=state,
        active=active(lines),
        cleared=state.over and cleared(lines),
        content=order.content,
        location=order.location,
        start=order.start,
        end=order.end,
        approvals=len(record.approvals),
    )


def order_status(record: OrderRecord, state: State, picture: Picture) -> api.OrderStatus:
    line = order_line(record, state, picture)
    return api.OrderStatus(state=state, active=line.active, cleared=line.cleared)


def task_lines(picture: Picture) -> tuple[api.TaskLine, ...]:
    lines: list[api.TaskLine] = []
    for name, element in picture.desired.elements.items():
        held = picture.held[name].tasks if name in picture.held else {}
        for xid in sorted({**element.tasks, **held}):
            want, have = element.tasks.get(xid), held.get(xid)
            spec = want.spec if want is not None else have.spec if have is not None else None
            lines.append(
                api.TaskLine(
                    neIdentifier=name,
                    xid=str(xid),
                    product=spec.product if spec else None,
                    wanted=want is not None,
                    held=have is not None,
                    provisioningStatus=str(have.provisioning) if have else None,
                    inStep=in_step(want, have),
                    liids=_liids(want.spec if want else None),
                    heldLiids=_liids(have.spec if have else None),
                    dids=tuple(map(str, spec.dids)) if spec else (),
                )
            )
    return tuple(lines)


def _liids(spec: TaskSpec | None) -> tuple[str, ...]:
    return tuple(sorted(map(str, liids(spec))))


def element_line(
    element: Element,
    picture: Picture,
    state: ElementStateRecord | None,
    reports: Sequence[ReportRecord],
    alarms: Iterable[Alarm],
) -> api.ElementLine:
    held = picture.held.get(element.neIdentifier)
    return api.ElementLine(
        neIdentifier=element.neIdentifier,
        kind=element.kind,
        x1=str(element.x1),
        x1Version=element.x1Version,
        leniencies=tuple(sorted(element.leniencies)),
        x2x3Version=".".join(map(str, element.x2x3Version)),
        x2x3Quirks=tuple(sorted(element.x2x3Quirks)),
        state=state.state if state else "unknown",
        detail=state.detail if state else "",
        at=state.at if state else None,
        tasks=len(held.tasks) if held else None,
        destinations=len(held.destinations) if held else None,
        alarms=tuple(alarm(a) for a in alarms if a.neIdentifier == element.neIdentifier),
        reports=tuple(report(r) for r in reports),
    )


def report(record: ReportRecord) -> api.ReportBody:
    return api.ReportBody(
        at=record.at,
        neIdentifier=record.neIdentifier,
        message=record.message,
        reportType=record.reportType,
        xid=record.xid,
        did=record.did,
        code=record.code,
        detail=record.detail,
    )


def alarm(value: Alarm) -> api.AlarmBody:
    return api.AlarmBody(
        neIdentifier=value.neIdentifier, identifier=value.identifier, what=value.what
    )


def waiting(value: Waiting) -> api.AlarmBody:
    return api.AlarmBody(
        neIdentifier=value.neIdentifier, identifier=value.identifier, what=value.why
    )
