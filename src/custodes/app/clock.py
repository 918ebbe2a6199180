"""The real clock and the real source of identifiers."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime


class SystemClock:
    """custodes.base.clock.Clock on this machine's clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def now_ns(self) -> int:
        return time.time_ns()

    def monotonic(self) -> float:
        return time.monotonic()


class RandomIds:
    """custodes.base.clock.IdSource from the operating system's randomness."""

    def uuid(self) -> uuid.UUID:
        return uuid.uuid4()
