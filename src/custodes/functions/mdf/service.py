"""The mediation function: an MDF2 and an MDF3 that share one mapping of numbers and nothing else.

What it does by itself: it starts and ends orders, and tells its counters.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from custodes.functions.mdf.intake import Intake
from custodes.functions.mdf.side import Side

_TICK = 0.25
_COUNTERS_EVERY = 1.0

# Given the values of one ``mdf.counters`` line.
Tell = Callable[[Mapping[str, Any]], None]


class Service:
    """``sides`` by the name under which their counters are told (mdf2, mdf3)."""

    def __init__(
        self,
        sides: Mapping[str, tuple[Side, Intake]],
        monotonic: Callable[[], float],
        tell: Tell,
    ) -> None:
        self._sides = dict(sides)
        self._monotonic = monotonic
        self._tell = tell
        self._closing = threading.Event()
        self._told: Mapping[str, Any] = {}
        self._told_at = float("-inf")
        self._thread = threading.Thread(target=self._run, name="periods", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self, timeout: float) -> int:
        """Stop taking in, deliver what there is for up to ``timeout`` seconds.

        Returns how many PDUs no agency has confirmed.
        """
        for _, intake in self._sides.values():
            intake.close()
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()
        with ThreadPoolExecutor() as pool:
            sides = [side for side, _ in self._sides.values()]
            left = sum(pool.map(partial(Side.close, timeout=timeout), sides))
        self.tell_counters(final=True)
        return left

    def counters(self) -> dict[str, Any]:
        """Every side's, and the totals of what was taken in: ``xiri`` per event name, ``xcc``."""
        sides = {name: side.snapshot() for name, (side, _) in self._sides.items()}
        xiri: Counter[str] = Counter()
        for values in sides.values():
            xiri.update(values["xiri"])
        return {"xiri": dict(xiri), "xcc": sum(v["xcc"] for v in sides.values()), **sides}

    def tell_counters(self, *, final: bool = False) -> None:
        """On change, at most once a second; always at the end."""
        now = self._monotonic()
        if not final and now - self._told_at < _COUNTERS_EVERY:
            return
        counters = self.counters()
        if final or counters != self._told:
            self._told, self._told_at = counters, now
            self._tell({"final": final, **counters})

    def _run(self) -> None:
        while not self._closing.is_set():
            waits = [side.tick() for side, _ in self._sides.values()]
            self.tell_counters()
            self._closing.wait(min([_TICK, *(w for w in waits if w is not None)]))
