"""What the mediation function asks of the world. ``app`` hands in ``net`` and ``store`` objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from custodes.base.ids import CIN, LIID, XID
from custodes.model.address import Address
from custodes.model.party import Party
from custodes.session.account import Account


class CorrelationStore(Protocol):
    """The persistent numbers that the MDF2 and the MDF3 share. Safe to call from any thread."""

    def cin(self, liid: LIID, xid: XID, correlation: int) -> CIN:
        """The CIN of one communication; the same for ever. Returns only when it is committed."""
        ...

    def new_cin(self, liid: LIID) -> CIN:
        """A CIN that no communication of this LIID has had. Returns only when it is committed."""
        ...


class Stream(Protocol):
    """An authenticated octet stream; errors are CustodesError only."""

    @property
    def peer(self) -> Party: ...

    def send(self, octets: bytes) -> None: ...

    def receive(self, timeout: float | None) -> bytes | None:
        """Octets; None after ``timeout`` seconds without any; empty when the peer has closed."""
        ...

    def close(self) -> None: ...


class Connector(Protocol):
    """Opens the connection to an agency's receiver with this side's own certificate."""

    def __call__(self, address: Address, expected: Party) -> Stream:
        """A stream whose peer has shown the key of ``expected``, or CustodesError."""
        ...


# (the element's name, the quirk's name): the first use on a connection.
QuirkUsed = Callable[[str, str], None]

# ("intake" or "delivery", the peer's name, what passed): a connection has ended.
ConnectionEnded = Callable[[str, str, Account], None]

# (kind, what happened in one sentence without any identity); rate-limited by whoever provides it.
Alarm = Callable[[str, str], None]
