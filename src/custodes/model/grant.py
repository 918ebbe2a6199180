"""A grant: an intent and the approvals of two different people. No proof, no tap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from custodes.base.errors import RefusedError
from custodes.model.intent import Intent
from custodes.model.party import Party, Role

APPROVALS = 2
_SKEW = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Approval:
    """One officer's consent to one intent, by the key that the officer's client showed."""

    officer: str
    fingerprint: str
    approvedAt: datetime
    intentDigest: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What the x1 gate, the mediation function and the probe each check on their own."""

    intent: Intent
    approvals: tuple[Approval, ...]


class Officers:
    """The officers a function knows by its own enrolment, never by what a grant claims."""

    def __init__(self, parties: Iterable[Party]) -> None:
        self._by_key = {p.fingerprint: p for p in parties if p.role is Role.OFFICER}

    def verify(self, grant: Grant, now: datetime) -> None:
        """Raise RefusedError unless two different people approved exactly this intent, unexpired.

        Steps: (1) the order has not ended; (2) each approval is of this intent; (3) each is by an
        enrolled officer under the name it states; (4) none lies in the future; (5) two different
        people with two different keys.
        """
        order = grant.intent.order
        if now >= order.end:  # 1
            raise RefusedError(f"order {order.reference} has ended", remedy="a new order is needed")
        digest = grant.intent.digest()
        people: set[str] = set()
        keys: set[str] = set()
        for approval in grant.approvals:
            if approval.intentDigest != digest:  # 2
                raise RefusedError(f"an approval for {order.reference} is of another intent")
            officer = self._by_key.get(approval.fingerprint)
            if officer is None or officer.name != approval.officer:  # 3
                raise RefusedError(
                    f"an approval for {order.reference} is not by an enrolled officer"
                )
            if approval.approvedAt > now + _SKEW:  # 4
                raise RefusedError(f"an approval for {order.reference} lies in the future")
            people.add(officer.person)
            keys.add(officer.fingerprint)
        if len(people) < APPROVALS or len(keys) < APPROVALS:  # 5
            raise RefusedError(
                f"order {order.reference} has the approval of {len(people)} of {APPROVALS} people",
                remedy="another officer must approve",
            )
