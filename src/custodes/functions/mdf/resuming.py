"""After a restart: the orders of an earlier run that the administration has not tasked again yet.

One task serves several orders (ADR 0001), and may come back with some of them first: where one
destination cannot be made yet, the others do not wait for it. Product that came in between would
be mediated for those alone, and never again. So it waits for all that ran, like product of an XID
that no task holds (ADR 0009).
"""

from __future__ import annotations

from collections.abc import Iterable

from custodes.base.ids import LIID
from custodes.functions.mdf import notification
from custodes.functions.mdf.identifiers import Identifier


class Resuming:
    """Not thread-safe: the side's. Orders are told apart by the subject that agencies were told."""

    def __init__(self, told: Iterable[tuple[LIID, bytes]]) -> None:
        """``told``: of each order, the notification last sent, as it is remembered."""
        self._ends: dict[Identifier | None, dict[LIID, int | None]] = {}
        for liid, octets in told:
            subject, end_ns = notification.subject_and_end(octets)
            self._ends.setdefault(subject, {})[liid] = end_ns

    def tasked(self, liids: Iterable[LIID]) -> None:
        """They are back; whatever becomes of them now, nobody waits for them."""
        for liid in liids:
            for ends in self._ends.values():
                ends.pop(liid, None)

    def awaits(self, subject: Identifier | None, now_ns: int) -> bool:
        """Whether an order on ``subject`` ran before, has not reached its end, and is not back."""
        ends = self._ends.get(subject)
        return bool(ends) and any(end is None or end > now_ns for end in (ends or {}).values())
