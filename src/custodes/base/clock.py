"""Time and identifiers come in as parameters: nothing pure reads a clock (DESIGN, rule 10)."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID


class Clock(Protocol):
    """What functions know of time."""

    def now(self) -> datetime:
        """Wall time, aware, UTC."""
        ...

    def now_ns(self) -> int:
        """Wall time in nanoseconds since 1970-01-01 UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that only ever grow; the origin means nothing."""
        ...


class IdSource(Protocol):
    """Where new identifiers come from."""

    def uuid(self) -> UUID: ...
