"""The life of an order, as a table.

    registered --(second person's approval)--> approved --(start)--> running
    registered, approved, running --(an officer ends it)--> ended
    registered, approved, running --(its end passes)--> expired

There is no way out of ``ended`` and ``expired``: starting again takes a new order. A state is not
stored but computed from what is (approvals, end) and the time, so that it cannot be wrong.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from custodes.functions.admf.ports import OrderRecord
from custodes.model.grant import APPROVALS


class State(StrEnum):
    REGISTERED = "registered"
    APPROVED = "approved"
    RUNNING = "running"
    ENDED = "ended"
    EXPIRED = "expired"

    @property
    def over(self) -> bool:
        return self in (State.ENDED, State.EXPIRED)


class Happening(StrEnum):
    APPROVAL = "approval"
    LAST_APPROVAL = "last approval"
    START = "start"
    OFFICER_ENDS = "officer ends"
    END = "end"


TRANSITIONS: dict[tuple[State, Happening], State] = {
    (State.REGISTERED, Happening.APPROVAL): State.REGISTERED,
    (State.REGISTERED, Happening.LAST_APPROVAL): State.APPROVED,
    (State.REGISTERED, Happening.START): State.REGISTERED,
    (State.APPROVED, Happening.START): State.RUNNING,
    (State.REGISTERED, Happening.OFFICER_ENDS): State.ENDED,
    (State.APPROVED, Happening.OFFICER_ENDS): State.ENDED,
    (State.RUNNING, Happening.OFFICER_ENDS): State.ENDED,
    (State.REGISTERED, Happening.END): State.EXPIRED,
    (State.APPROVED, Happening.END): State.EXPIRED,
    (State.RUNNING, Happening.END): State.EXPIRED,
    # Stopping is always possible: to stop what has stopped is no error and changes nothing.
    (State.ENDED, Happening.OFFICER_ENDS): State.ENDED,
    (State.EXPIRED, Happening.OFFICER_ENDS): State.EXPIRED,
    (State.ENDED, Happening.END): State.ENDED,
}


def state_of(record: OrderRecord, now: datetime) -> State:
    """Where an order stands at ``now``."""
    state = State.REGISTERED
    for happening in _happenings(record, now):
        state = TRANSITIONS[state, happening]
    return state


def _happenings(record: OrderRecord, now: datetime) -> list[Happening]:
    order = record.intent.order
    happenings: list[Happening] = []
    for count, _ in enumerate(record.approvals, start=1):
        last = count == APPROVALS
        happenings += [Happening.LAST_APPROVAL if last else Happening.APPROVAL]
        if last:
            break
    if now >= order.start:
        happenings.append(Happening.START)
    if record.endedAt is not None:
        happenings.append(Happening.OFFICER_ENDS)
    if now >= order.end:
        happenings.append(Happening.END)
    return happenings
