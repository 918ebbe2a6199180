"""Orders, intents, approvals, allocations, ends, events, element states, reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from custodes.store.types import UTCTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _orders()
    _intents()
    _history()


def _orders() -> None:
    op.create_table(
        "orders",
        sa.Column("reference", sa.String(), primary_key=True),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("legal_basis", sa.String(), nullable=False),
        sa.Column("start", UTCTime(), nullable=False),
        sa.Column("end", UTCTime(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("content", sa.Boolean(), nullable=False),
        sa.Column("location", sa.Boolean(), nullable=False),
        sa.Column("header_reporting", sa.String(), nullable=False),
        sa.Column("agreement", sa.String(), nullable=False),
        sa.Column("registered_at", UTCTime(), nullable=False),
        sa.Column("registered_by", sa.String(), nullable=False),
    )
    op.create_index("ix_orders_subject", "orders", ["subject"])
    op.create_table("xids", sa.Column("xid", sa.String(), primary_key=True))
    op.create_table(
        "destinations",
        sa.Column("did", sa.String(), primary_key=True),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.UniqueConstraint("purpose", "host", "port"),
    )


def _intents() -> None:
    op.create_table(
        "intents",
        sa.Column("reference", sa.String(), sa.ForeignKey("orders.reference"), primary_key=True),
        sa.Column("xid", sa.String(), sa.ForeignKey("xids.xid"), nullable=False),
        sa.Column("liid", sa.String(), nullable=False, unique=True),
        sa.Column("digest", sa.String(), nullable=False),
    )
    op.create_index("ix_intents_xid", "intents", ["xid"])
    op.create_table(
        "intent_elements",
        sa.Column("reference", sa.String(), sa.ForeignKey("intents.reference"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("ne_identifier", sa.String(), nullable=False),
        sa.Column("product", sa.String(), nullable=False),
    )
    op.create_table(
        "intent_deliveries",
        sa.Column("reference", sa.String(), sa.ForeignKey("intents.reference"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("did", sa.String(), sa.ForeignKey("destinations.did"), nullable=False),
    )


def _history() -> None:
    op.create_table(
        "approvals",
        sa.Column("reference", sa.String(), sa.ForeignKey("orders.reference"), primary_key=True),
        sa.Column("fingerprint", sa.String(), primary_key=True),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("approved_at", UTCTime(), nullable=False),
        sa.Column("intent_digest", sa.String(), nullable=False),
    )
    op.create_table(
        "ends",
        sa.Column("reference", sa.String(), sa.ForeignKey("orders.reference"), primary_key=True),
        sa.Column("ended_at", UTCTime(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("reference", sa.String(), sa.ForeignKey("orders.reference"), nullable=False),
        sa.Column("at", UTCTime(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
    )
    op.create_index("ix_events_reference", "events", ["reference"])
    op.create_table(
        "element_states",
        sa.Column("ne_identifier", sa.String(), primary_key=True),
        sa.Column("at", UTCTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
    )
    op.create_table(
        "reports",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("at", UTCTime(), nullable=False),
        sa.Column("ne_identifier", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("report_type", sa.String(), nullable=False),
        sa.Column("xid", sa.String(), nullable=True),
        sa.Column("did", sa.String(), nullable=True),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
    )
    op.create_index("ix_reports_ne_identifier", "reports", ["ne_identifier"])
    op.create_index("ix_reports_xid", "reports", ["xid"])
