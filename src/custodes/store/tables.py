"""The administration's tables. The subject of an order stands in one column and nowhere else."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from custodes.store.types import UTCTime


class Base(DeclarativeBase):
    """All tables; ``Base.metadata`` is what the migrations must produce."""


class OrderRow(Base):
    """What the authority demanded, as it was registered."""

    __tablename__ = "orders"

    reference: Mapped[str] = mapped_column(primary_key=True)
    authority: Mapped[str]
    agency: Mapped[str]
    legal_basis: Mapped[str]
    start: Mapped[datetime] = mapped_column(UTCTime)
    end: Mapped[datetime] = mapped_column(UTCTime)
    subject: Mapped[str] = mapped_column(index=True)
    content: Mapped[bool]
    location: Mapped[bool]
    header_reporting: Mapped[str]
    agreement: Mapped[str]
    registered_at: Mapped[datetime] = mapped_column(UTCTime)
    registered_by: Mapped[str]

    intent: Mapped[IntentRow] = relationship(back_populates="order", lazy="joined")
    approvals: Mapped[list[ApprovalRow]] = relationship(
        lazy="selectin", order_by="ApprovalRow.approved_at, ApprovalRow.fingerprint"
    )
    stop: Mapped[EndRow | None] = relationship(lazy="joined")


class XidRow(Base):
    """Every XID that this administration ever issued: what is not here is not ours."""

    __tablename__ = "xids"

    xid: Mapped[str] = mapped_column(primary_key=True)


class DestinationRow(Base):
    """Every DID ever issued: one per purpose and enrolled address."""

    __tablename__ = "destinations"
    __table_args__ = (UniqueConstraint("purpose", "host", "port"),)

    did: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    host: Mapped[str]
    port: Mapped[int]


class IntentRow(Base):
    """What carrying out the order means; with its order it yields the digest, or it is void."""

    __tablename__ = "intents"

    reference: Mapped[str] = mapped_column(ForeignKey("orders.reference"), primary_key=True)
    xid: Mapped[str] = mapped_column(ForeignKey("xids.xid"), index=True)
    liid: Mapped[str] = mapped_column(unique=True)
    digest: Mapped[str]

    order: Mapped[OrderRow] = relationship(back_populates="intent")
    elements: Mapped[list[IntentElementRow]] = relationship(
        lazy="selectin", order_by="IntentElementRow.position"
    )
    deliveries: Mapped[list[IntentDeliveryRow]] = relationship(
        lazy="selectin", order_by="IntentDeliveryRow.position"
    )


class IntentElementRow(Base):
    """One element of an intent, in the intent's order."""

    __tablename__ = "intent_elements"

    reference: Mapped[str] = mapped_column(ForeignKey("intents.reference"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    ne_identifier: Mapped[str]
    product: Mapped[str]


class IntentDeliveryRow(Base):
    """One destination of an intent, in the intent's order."""

    __tablename__ = "intent_deliveries"

    reference: Mapped[str] = mapped_column(ForeignKey("intents.reference"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    did: Mapped[str] = mapped_column(ForeignKey("destinations.did"))

    destination: Mapped[DestinationRow] = relationship(lazy="joined")


class ApprovalRow(Base):
    """One officer's approval; one key approves an order once."""

    __tablename__ = "approvals"

    reference: Mapped[str] = mapped_column(ForeignKey("orders.reference"), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    officer: Mapped[str]
    approved_at: Mapped[datetime] = mapped_column(UTCTime)
    intent_digest: Mapped[str]


class EndRow(Base):
    """An officer stopped the order before its end. There is no way back."""

    __tablename__ = "ends"

    reference: Mapped[str] = mapped_column(ForeignKey("orders.reference"), primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(UTCTime)
    officer: Mapped[str]


class EventRow(Base):
    """What happened to an order, in the sequence it happened."""

    __tablename__ = "events"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    reference: Mapped[str] = mapped_column(ForeignKey("orders.reference"), index=True)
    at: Mapped[datetime] = mapped_column(UTCTime)
    actor: Mapped[str]
    what: Mapped[str]


class ElementStateRow(Base):
    """The last that was known of an element, for people; convergence never reads it."""

    __tablename__ = "element_states"

    ne_identifier: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCTime)
    state: Mapped[str]
    detail: Mapped[str]


class ReportRow(Base):
    """A report that an element made over X1 (TS 103 221-1 V1.22.1, ReportTaskIssue and others)."""

    __tablename__ = "reports"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UTCTime)
    ne_identifier: Mapped[str] = mapped_column(index=True)
    message: Mapped[str]
    report_type: Mapped[str]
    xid: Mapped[str | None] = mapped_column(index=True)
    did: Mapped[str | None]
    code: Mapped[int | None]
    detail: Mapped[str]
