"""What goes into the durable outbox of a mediation function's side, and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from custodes.base.ids import DID, LIID
from custodes.model.address import Address
from custodes.model.outgoing import Outgoing


@dataclass(frozen=True, slots=True)
class Batch:
    """What is made durable in one step: all of it or nothing.

    ``numbers`` are the handover's sequence numbers: stream name -> the next one never used.
    ``marks`` are those taken in: X2/X3 context as octets -> the next one expected. Stream names
    and contexts stand in the file as they are: they must hold no target identity.
    ``notices`` are what an agency was last told of its order at a destination, as the octets of an
    LINotificationPayload; none of them once it was told the end.
    """

    outgoing: Sequence[Outgoing] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)
    marks: Mapping[bytes, int] = field(default_factory=dict)
    notices: Mapping[tuple[LIID, DID], bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stored:
    """One PDU of the outbox under its ``id``. ``outgoing`` is None where the row does not open."""

    id: int
    outgoing: Outgoing | None

    @property
    def damaged(self) -> bool:
        """Changed, moved, or its key is gone: there is no content to deliver, only a hole."""
        return self.outgoing is None


@dataclass(frozen=True, slots=True)
class Backlog:
    """What a destination has not confirmed: PS-PDUs, their octets, the newest one's id."""

    count: int
    octets: int
    last_id: int


@dataclass(frozen=True, slots=True)
class Destroyed:
    """How much of a destination's product was destroyed."""

    count: int
    octets: int


@dataclass(frozen=True, slots=True)
class Destruction:
    """``product`` per destination; ``orders`` are those of which keys and routes are gone too."""

    product: Mapping[DID, Destroyed]
    orders: tuple[LIID, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldTarget:
    """Where a destination leads, and the party (name, key fingerprint) expected there."""

    did: DID
    address: Address
    party: str
    fingerprint: str
