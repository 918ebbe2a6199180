"""Time that tests let pass: an event loop that never waits, and clocks that can be set wrong."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 11, 1, 12, tzinfo=UTC)


@dataclass
class Time:
    """Seconds since START; ``watch`` is called at each moment, before it passes and after."""

    passed: float = 0.0
    watch: Callable[[], None] = field(default=lambda: None)

    def pass_(self, seconds: float) -> None:
        self.watch()
        self.passed += seconds
        self.watch()

    def now(self) -> datetime:
        return START + timedelta(microseconds=round(self.passed * 1e6))


@dataclass
class HostClock:
    """One machine's clock. ``behind``: how far its wall clock was set back, in seconds."""

    time: Time
    behind: float = 0.0

    def now(self) -> datetime:
        return self.time.now() - timedelta(seconds=self.behind)

    def now_ns(self) -> int:
        return int(self.now().timestamp()) * 1_000_000_000

    def monotonic(self) -> float:
        return 1000.0 + self.time.passed


# Whatever happens takes some time: a clock that stands still would let a wait of nothing go on.
_STEP = 1e-6


class _NoWaiting(selectors.BaseSelector):
    """Where the loop would sleep, time passes."""

    def __init__(self, time: Time) -> None:
        self._time = time
        self._real = selectors.DefaultSelector()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everybody waits for somebody else")
        if timeout > 0:
            self._time.pass_(max(timeout, _STEP))
        else:
            self._time.passed += _STEP
        return []

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._real.unregister(fileobj)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._real.get_map()

    def close(self) -> None:
        self._real.close()


class VirtualLoop(asyncio.SelectorEventLoop):
    """Everything that waits for time in here is deterministic, and takes none."""

    def __init__(self, time: Time) -> None:
        self._virtual = time
        super().__init__(_NoWaiting(time))

    def time(self) -> float:
        return self._virtual.passed
