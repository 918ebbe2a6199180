"""Between rows and model values."""

from __future__ import annotations

from custodes.base.errors import ConfigurationError, DecodeError, RefusedError
from custodes.base.ids import DID, LIID, XID
from custodes.model.address import Address
from custodes.model.grant import Approval
from custodes.model.intent import Delivery, ElementTask, Intent, Product, Purpose
from custodes.model.order import HeaderReporting, HeaderReportingKind, Order, Subject, SubjectKind
from custodes.store import tables
from custodes.store.records import StoredOrder


def subject_text(subject: Subject) -> str:
    """The one column that holds an identity."""
    return f"{subject.kind}:{subject.value}"


def order_row(intent: Intent) -> dict[str, object]:
    order = intent.order
    return {
        "reference": order.reference,
        "authority": order.authority,
        "agency": order.agency,
        "legal_basis": order.legal_basis,
        "start": order.start,
        "end": order.end,
        "subject": subject_text(order.subject),
        "content": order.content,
        "location": order.location,
        "header_reporting": str(order.header_reporting.kind),
        "agreement": order.header_reporting.agreement,
    }


def stored_order(row: tables.OrderRow) -> StoredOrder:
    """Raises ConfigurationError where the row is not what this system writes."""
    try:
        return StoredOrder(
            intent=_intent(row),
            intentDigest=row.intent.digest,
            registeredAt=row.registered_at,
            registeredBy=row.registered_by,
            approvals=tuple(
                Approval(a.officer, a.fingerprint, a.approved_at, a.intent_digest)
                for a in row.approvals
            ),
            endedAt=row.stop.ended_at if row.stop else None,
            endedBy=row.stop.officer if row.stop else None,
        )
    except (DecodeError, RefusedError, ValueError, AttributeError):
        raise ConfigurationError(
            f"order {row.reference} in the database is damaged",
            remedy="somebody else wrote to the database: restore it from a backup",
        ) from None  # the cause could quote a subject


def _order(row: tables.OrderRow) -> Order:
    kind, _, value = row.subject.partition(":")
    return Order(
        reference=row.reference,
        authority=row.authority,
        agency=row.agency,
        legal_basis=row.legal_basis,
        start=row.start,
        end=row.end,
        subject=Subject(SubjectKind(kind), value),
        content=row.content,
        location=row.location,
        header_reporting=HeaderReporting(HeaderReportingKind(row.header_reporting), row.agreement),
    )


def _intent(row: tables.OrderRow) -> Intent:
    return Intent(
        order=_order(row),
        xid=XID.parse(row.intent.xid),
        liid=LIID(row.intent.liid),
        elements=tuple(
            ElementTask(e.ne_identifier, Product(e.product)) for e in row.intent.elements
        ),
        deliveries=tuple(
            Delivery(
                DID.parse(d.destination.did),
                Purpose(d.destination.purpose),
                Address(d.destination.host, d.destination.port),
            )
            for d in row.intent.deliveries
        ),
    )
