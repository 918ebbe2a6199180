"""The JSON of the administration's API, both ways. Keys are camelCase; unknown keys are refused.

Times are ISO 8601 with an offset (answers: UTC, microseconds). A subject is shown to officers only.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, PlainSerializer

from custodes.base.ids import DID, LIID, XID
from custodes.model.address import Address
from custodes.model.grant import Approval
from custodes.model.intent import Delivery, ElementTask, Intent, Product, Purpose
from custodes.model.order import HeaderReporting, HeaderReportingKind, Order, Subject, SubjectKind


def _iso(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


Time = Annotated[AwareDatetime, PlainSerializer(_iso, when_used="json")]


class Body(BaseModel):
    """Base of every body."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SubjectBody(Body):
    kind: SubjectKind
    value: str

    def __repr_args__(self) -> list[tuple[str | None, object]]:
        return [("kind", self.kind)]  # an identity never reaches a log by accident


class HeaderReportingBody(Body):
    kind: HeaderReportingKind
    agreement: str


class OrderBody(Body):
    """An order. Where the reader may not know the subject, ``subject`` is null, and ``legalBasis``
    and ``headerReporting.agreement`` (free text, which may name somebody) are empty; never in a
    request."""

    reference: str
    authority: str
    agency: str
    legalBasis: str
    start: Time
    end: Time
    subject: SubjectBody | None
    content: bool
    location: bool
    headerReporting: HeaderReportingBody

    @classmethod
    def of(cls, order: Order, *, with_subject: bool) -> OrderBody:
        subject = SubjectBody(kind=order.subject.kind, value=order.subject.value)
        return cls(
            reference=order.reference,
            authority=order.authority,
            agency=order.agency,
            legalBasis=order.legal_basis if with_subject else "",
            start=order.start,
            end=order.end,
            subject=subject if with_subject else None,
            content=order.content,
            location=order.location,
            headerReporting=HeaderReportingBody(
                kind=order.header_reporting.kind,
                agreement=order.header_reporting.agreement if with_subject else "",
            ),
        )

    def order(self) -> Order | None:
        """The order, or None where the subject was withheld. RefusedError as in model.order."""
        if self.subject is None:
            return None
        return Order(
            reference=self.reference,
            authority=self.authority,
            agency=self.agency,
            legal_basis=self.legalBasis,
            start=self.start.astimezone(UTC),
            end=self.end.astimezone(UTC),
            subject=Subject(self.subject.kind, self.subject.value),
            content=self.content,
            location=self.location,
            header_reporting=HeaderReporting(
                self.headerReporting.kind, self.headerReporting.agreement
            ),
        )


class ElementTaskBody(Body):
    neIdentifier: str
    product: Product


class DeliveryBody(Body):
    did: str
    purpose: Purpose
    host: str
    port: int


class IntentBody(Body):
    """An intent beside its order (which the same answer carries)."""

    xid: str
    liid: str
    elements: tuple[ElementTaskBody, ...]
    deliveries: tuple[DeliveryBody, ...]

    @classmethod
    def of(cls, intent: Intent) -> IntentBody:
        return cls(
            xid=str(intent.xid),
            liid=str(intent.liid),
            elements=tuple(
                ElementTaskBody(neIdentifier=e.neIdentifier, product=e.product)
                for e in intent.elements
            ),
            deliveries=tuple(
                DeliveryBody(
                    did=str(d.did), purpose=d.purpose, host=d.address.host, port=d.address.port
                )
                for d in intent.deliveries
            ),
        )

    def intent(self, order: Order) -> Intent:
        """The intent on ``order``: whoever approves rebuilds it and takes the digest alone."""
        return Intent(
            order=order,
            xid=XID.parse(self.xid),
            liid=LIID(self.liid),
            elements=tuple(ElementTask(e.neIdentifier, e.product) for e in self.elements),
            deliveries=tuple(
                Delivery(DID.parse(d.did), d.purpose, Address(d.host, d.port))
                for d in self.deliveries
            ),
        )


class ApprovalRequest(Body):
    """Consent to one intent. Whose consent it is, the TLS client certificate says."""

    intentDigest: str


class ApprovalBody(Body):
    officer: str
    approvedAt: Time
    intentDigest: str

    @classmethod
    def of(cls, approval: Approval) -> ApprovalBody:
        return cls(
            officer=approval.officer,
            approvedAt=approval.approvedAt,
            intentDigest=approval.intentDigest,
        )


class ElementProgressBody(Body):
    """``held`` is null where it is not known what the element holds."""

    neIdentifier: str
    product: Product
    wanted: bool
    confirmed: bool
    held: bool | None


class EventBody(Body):
    at: Time
    actor: str
    what: str


class ReportBody(Body):
    at: Time
    neIdentifier: str
    message: str
    reportType: str
    xid: str | None
    did: str | None
    code: int | None
    detail: str


class OrderDetails(Body):
    """GET /orders/{ref}, and the answer to whatever changes an order."""

    order: OrderBody
    state: str
    active: bool
    cleared: bool
    intentDigest: str
    intent: IntentBody
    approvals: tuple[ApprovalBody, ...]
    registeredAt: Time
    registeredBy: str
    endedAt: Time | None
    endedBy: str | None
    elements: tuple[ElementProgressBody, ...]
    events: tuple[EventBody, ...]
    reports: tuple[ReportBody, ...]


class OrderLine(Body):
    """One order in a list; a list never shows subjects."""

    reference: str
    authority: str
    agency: str
    liid: str
    state: str
    active: bool
    cleared: bool
    content: bool
    location: bool
    start: Time
    end: Time
    approvals: int


class OrderList(Body):
    orders: tuple[OrderLine, ...]


class TaskLine(Body):
    """One task on one element, wanted and held; never its subject.

    On an MDF ``liids`` are those of the orders that it should deliver for, ``heldLiids`` of those
    that it says it delivers for.
    """

    neIdentifier: str
    xid: str
    product: Product | None
    wanted: bool
    held: bool
    provisioningStatus: str | None
    inStep: bool
    liids: tuple[str, ...]
    heldLiids: tuple[str, ...]
    dids: tuple[str, ...]


class TaskList(Body):
    tasks: tuple[TaskLine, ...]


class AlarmBody(Body):
    neIdentifier: str
    identifier: str
    what: str


class ElementLine(Body):
    neIdentifier: str
    kind: str
    x1: str
    x1Version: str
    leniencies: tuple[str, ...]
    x2x3Version: str
    x2x3Quirks: tuple[str, ...]
    state: str
    detail: str
    at: Time | None
    tasks: int | None
    destinations: int | None
    alarms: tuple[AlarmBody, ...]
    reports: tuple[ReportBody, ...]


class ElementList(Body):
    elements: tuple[ElementLine, ...]


class PingAnswer(Body):
    neIdentifier: str
    answered: bool
    detail: str


class OfficerLine(Body):
    name: str
    person: str
    fingerprint: str


class OfficerList(Body):
    officers: tuple[OfficerLine, ...]


class OrderStatus(Body):
    state: str
    active: bool
    cleared: bool


class StatusBody(Body):
    """``converged``: nothing left to send and nothing awaited. x1_* count messages that change."""

    x1_requests: int
    x1_confirmed: int
    x1_reads: int
    converged: bool
    orders: dict[str, OrderStatus]
    waiting: tuple[AlarmBody, ...]
    alarms: tuple[AlarmBody, ...]


class ErrorBody(Body):
    """Every refusal: what was wrong, and what to do."""

    error: str
    remedy: str
