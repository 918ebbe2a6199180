"""What the repositories hand out: frozen values, free of SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from custodes.model.grant import Approval
from custodes.model.intent import Intent


@dataclass(frozen=True, slots=True)
class StoredOrder:
    """An order as the database holds it; ``intentDigest`` is the digest taken at registration."""

    intent: Intent
    intentDigest: str
    registeredAt: datetime
    registeredBy: str
    approvals: tuple[Approval, ...]
    endedAt: datetime | None
    endedBy: str | None


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One line of an order's history."""

    at: datetime
    actor: str
    what: str


@dataclass(frozen=True, slots=True)
class StoredElementState:
    """The last that was known of an element."""

    neIdentifier: str
    at: datetime
    state: str
    detail: str


@dataclass(frozen=True, slots=True)
class StoredReport:
    """One report of an element."""

    at: datetime
    neIdentifier: str
    message: str
    reportType: str
    xid: str | None
    did: str | None
    code: int | None
    detail: str
