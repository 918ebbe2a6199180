"""Orders, their intents, approvals and ends. Every method returns only when durable."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from custodes.base.errors import ConfigurationError, RefusedError
from custodes.base.ids import DID, XID
from custodes.model.address import Address
from custodes.model.grant import Approval
from custodes.model.intent import Intent, Purpose
from custodes.model.order import Subject
from custodes.store import tables
from custodes.store.mapping import order_row, stored_order, subject_text
from custodes.store.records import StoredEvent, StoredOrder


class Orders:
    """The repository of orders over one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> tuple[tuple[StoredOrder, ...], tuple[str, ...]]:
        """Every order, oldest first, and the references of those that cannot be read.

        One damaged row must neither hide the others nor keep one of them from being stopped.
        """
        with Session(self._engine) as session:
            rows = session.scalars(
                select(tables.OrderRow).order_by(
                    tables.OrderRow.registered_at, tables.OrderRow.reference
                )
            ).unique()
            orders: list[StoredOrder] = []
            damaged: list[str] = []
            for row in rows:
                try:
                    orders.append(stored_order(row))
                except ConfigurationError:
                    damaged.append(row.reference)
            return tuple(orders), tuple(damaged)

    def get(self, reference: str) -> StoredOrder | None:
        with Session(self._engine) as session:
            row = session.get(tables.OrderRow, reference)
            return None if row is None else stored_order(row)

    def xid_of_open(self, subject: Subject, now: datetime) -> XID | None:
        """The XID under which another order on the same subject stands, unless that has ended."""
        with Session(self._engine) as session:
            xid = session.scalars(
                select(tables.IntentRow.xid)
                .join(tables.OrderRow)
                .outerjoin(tables.EndRow, tables.EndRow.reference == tables.OrderRow.reference)
                .where(
                    tables.OrderRow.subject == subject_text(subject),
                    tables.OrderRow.end > now,
                    tables.EndRow.reference.is_(None),
                )
                .limit(1)
            ).first()
            return None if xid is None else XID.parse(xid)

    def did_for(self, purpose: Purpose, address: Address, new: DID) -> DID:
        """The DID of a purpose and address; ``new`` is taken where there is none yet."""
        with Session(self._engine) as session, session.begin():
            row = session.scalars(
                select(tables.DestinationRow).where(
                    tables.DestinationRow.purpose == str(purpose),
                    tables.DestinationRow.host == address.host,
                    tables.DestinationRow.port == address.port,
                )
            ).first()
            if row is not None:
                return DID.parse(row.did)
            session.add(
                tables.DestinationRow(
                    did=str(new), purpose=str(purpose), host=address.host, port=address.port
                )
            )
            return new

    def issued(self) -> tuple[frozenset[XID], frozenset[DID]]:
        """Every XID and every DID that was ever issued here."""
        with Session(self._engine) as session:
            xids = session.scalars(select(tables.XidRow.xid))
            dids = session.scalars(select(tables.DestinationRow.did))
            return frozenset(map(XID.parse, xids)), frozenset(map(DID.parse, dids))

    def add(self, intent: Intent, by: str, at: datetime) -> None:
        """Register an order with its intent. RefusedError where reference or LIID are taken."""
        order = intent.order
        try:
            with Session(self._engine) as session, session.begin():
                if session.get(tables.XidRow, str(intent.xid)) is None:
                    session.add(tables.XidRow(xid=str(intent.xid)))
                session.add(
                    tables.OrderRow(**order_row(intent), registered_at=at, registered_by=by)
                )
                session.flush()
                session.add(
                    tables.IntentRow(
                        reference=order.reference,
                        xid=str(intent.xid),
                        liid=str(intent.liid),
                        digest=intent.digest(),
                    )
                )
                session.flush()
                session.add_all(_parts(intent))
                session.add(_event(order.reference, by, at, "registered"))
        except IntegrityError:
            raise RefusedError(f"order {order.reference} or its LIID exists already") from None

    def approve(self, reference: str, approval: Approval) -> None:
        """Add an approval. RefusedError where this key has approved the order already."""
        try:
            with Session(self._engine) as session, session.begin():
                session.add(
                    tables.ApprovalRow(
                        reference=reference,
                        fingerprint=approval.fingerprint,
                        officer=approval.officer,
                        approved_at=approval.approvedAt,
                        intent_digest=approval.intentDigest,
                    )
                )
                session.add(_event(reference, approval.officer, approval.approvedAt, "approved"))
        except IntegrityError:
            raise RefusedError(f"this key has approved order {reference} already") from None

    def end(self, reference: str, by: str, at: datetime) -> None:
        """Stop an order. A second stop changes nothing."""
        with Session(self._engine) as session, session.begin():
            if session.get(tables.EndRow, reference) is None:
                session.add(tables.EndRow(reference=reference, ended_at=at, officer=by))
                session.add(_event(reference, by, at, "ended"))

    def note(self, reference: str, actor: str, at: datetime, what: str) -> None:
        """Add a line to an order's history."""
        with Session(self._engine) as session, session.begin():
            session.add(_event(reference, actor, at, what))

    def events(self, reference: str) -> tuple[StoredEvent, ...]:
        """An order's history, oldest first."""
        with Session(self._engine) as session:
            rows = session.scalars(
                select(tables.EventRow)
                .where(tables.EventRow.reference == reference)
                .order_by(tables.EventRow.number)
            )
            return tuple(StoredEvent(r.at, r.actor, r.what) for r in rows)


def _event(reference: str, actor: str, at: datetime, what: str) -> tables.EventRow:
    return tables.EventRow(reference=reference, at=at, actor=actor, what=what)


def _parts(intent: Intent) -> list[tables.Base]:
    reference = intent.order.reference
    elements: list[tables.Base] = [
        tables.IntentElementRow(
            reference=reference,
            position=position,
            ne_identifier=element.neIdentifier,
            product=str(element.product),
        )
        for position, element in enumerate(intent.elements)
    ]
    deliveries: list[tables.Base] = [
        tables.IntentDeliveryRow(reference=reference, position=position, did=str(delivery.did))
        for position, delivery in enumerate(intent.deliveries)
    ]
    return elements + deliveries
