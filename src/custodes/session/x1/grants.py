"""Grants between the model and X1: what rides in our own extension (wire/x1/grant.py)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC

from custodes.base.errors import ConfigurationError, RefusedError
from custodes.model.address import Address
from custodes.model.grant import Approval, Grant
from custodes.model.intent import Delivery, ElementTask, Intent, Product, Purpose
from custodes.model.order import (
    HeaderReporting,
    HeaderReportingKind,
    Order,
    Subject,
    SubjectKind,
)
from custodes.wire.x1 import grant as wire
from custodes.wire.x1.extension import Extension, grants_extension, grants_of


def to_wire(grants: Sequence[Grant]) -> wire.Grants:
    return wire.Grants(
        grant=tuple(
            wire.Grant(
                intent=_intent_to_wire(grant.intent),
                approvals=tuple(
                    wire.GrantApproval(
                        officer=a.officer,
                        fingerprint=a.fingerprint,
                        approvedAt=a.approvedAt,
                        intentDigest=a.intentDigest,
                    )
                    for a in grant.approvals
                ),
            )
            for grant in grants
        )
    )


def to_extension(grants: Sequence[Grant]) -> Extension:
    return grants_extension(to_wire(grants))


def from_wire(grants: wire.Grants) -> tuple[Grant, ...]:
    """RefusedError where an intent says what this release cannot carry out."""
    return tuple(_grant_from_wire(grant) for grant in grants.grant)


def from_extensions(extensions: Iterable[Extension]) -> tuple[Grant, ...]:
    """Every grant under our own owner, in order; () where there is none."""
    return tuple(grant for grants in grants_of(extensions) for grant in from_wire(grants))


def _intent_to_wire(intent: Intent) -> wire.GrantIntent:
    order = intent.order
    return wire.GrantIntent(
        reference=order.reference,
        authority=order.authority,
        agency=order.agency,
        legalBasis=order.legal_basis,
        start=order.start,
        end=order.end,
        subject=wire.GrantSubject(kind=order.subject.kind.value, value=order.subject.value),
        content=order.content,
        location=order.location,
        headerReporting=wire.GrantHeaderReporting(
            kind=order.header_reporting.kind.value, agreement=order.header_reporting.agreement
        ),
        xId=intent.xid,
        liid=intent.liid,
        elements=tuple(
            wire.GrantElement(
                neIdentifier=e.neIdentifier, product=wire.GrantProduct(e.product.value)
            )
            for e in intent.elements
        ),
        deliveries=tuple(
            wire.GrantDelivery(
                dId=d.did,
                purpose=wire.GrantPurpose(d.purpose.value),
                host=d.address.host,
                port=d.address.port,
            )
            for d in intent.deliveries
        ),
    )


def _grant_from_wire(grant: wire.Grant) -> Grant:
    intent = grant.intent
    try:
        order = Order(
            reference=intent.reference,
            authority=intent.authority,
            agency=intent.agency,
            legal_basis=intent.legalBasis,
            start=intent.start.astimezone(UTC),
            end=intent.end.astimezone(UTC),
            subject=Subject(SubjectKind(intent.subject.kind), intent.subject.value),
            content=intent.content,
            location=intent.location,
            header_reporting=HeaderReporting(
                HeaderReportingKind(intent.headerReporting.kind), intent.headerReporting.agreement
            ),
        )
        elements = tuple(
            ElementTask(e.neIdentifier, Product(e.product.value)) for e in intent.elements
        )
        deliveries = tuple(
            Delivery(d.dId, Purpose(d.purpose.value), Address(d.host, d.port))
            for d in intent.deliveries
        )
    except (ValueError, ConfigurationError):
        raise RefusedError("a grant's intent is not understood") from None
    return Grant(
        Intent(
            order=order,
            xid=intent.xId,
            liid=intent.liid,
            elements=elements,
            deliveries=deliveries,
        ),
        tuple(
            Approval(a.officer, a.fingerprint, a.approvedAt.astimezone(UTC), a.intentDigest)
            for a in grant.approvals
        ),
    )
