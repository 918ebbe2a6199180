"""What a side of the mediation function asks of its durable outbox. ``store`` keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from custodes.base.ids import DID, LIID
from custodes.model.outbox import Backlog, Batch, Destruction, HeldTarget, Stored
from custodes.model.outgoing import Route


class Outbox(Protocol):
    """One side's outbox (DIDs, streams and contexts of two sides never meet). Thread-safe.

    Whatever changes something returns only when the change is on disk, or raises CustodesError
    and has changed nothing; after an error everything can be called again.
    """

    def commit(self, batch: Batch) -> tuple[int, ...]:
        """The ids of ``batch.outgoing`` in its order: ascending, never given out again.

        One transaction: product, numbers and marks survive together or not at all.
        """
        ...

    def read(self, did: DID, after: int, limit: int, octets: int) -> list[Stored]:
        """The next PDUs of ``did`` with an id above ``after``, in order.

        At most ``limit`` and ``octets`` octets of PS-PDU, but one if there is any. A row that does
        not open stands in the list as damaged; those behind it are not held up.
        """
        ...

    def backlog(self) -> Mapping[DID, Backlog]:
        """What is not confirmed; destinations that have confirmed everything are not listed."""
        ...

    def confirmed(self, did: DID) -> int:
        """The id up to which ``did`` has confirmed; 0 where it never has."""
        ...

    def confirm(self, did: DID, up_to: int, now: datetime) -> None:
        """The receiver has everything up to the id ``up_to``. A mark never goes back.

        Raises CustodesError for an id beyond what was committed for ``did``.
        """
        ...

    def destroy(self, before: datetime) -> Destruction:
        """Delete what was confirmed before that moment, and the keys that nothing needs any more.

        What was confirmed before a restart counts as confirmed at the restart. Where writing fails
        after a part is destroyed, that part is returned and the rest is left for the next call.
        """
        ...

    def forget(self, liid: LIID) -> None:
        """The order is over: its keys and routes go with (or after) the last of its rows."""
        ...

    def numbers(self) -> Mapping[str, int]:
        """As committed: handover stream -> the next number never used."""
        ...

    def marks(self) -> Mapping[bytes, int]:
        """As committed: X2/X3 context -> the next number expected."""
        ...

    def notices(self) -> Mapping[tuple[LIID, DID], bytes]:
        """As committed: what agencies were last told of orders whose end they were not told."""
        ...

    def allow(self, liid: LIID, routes: Sequence[Route]) -> None:
        """The order's routes from now on, in place of its earlier ones; takes ``forget`` back."""
        ...

    def routes(self) -> Mapping[LIID, tuple[Route, ...]]: ...

    def hold_target(self, target: HeldTarget) -> None:
        """Where ``target.did`` leads from now on."""
        ...

    def targets(self) -> tuple[HeldTarget, ...]: ...

    def drop_target(self, did: DID) -> None: ...
