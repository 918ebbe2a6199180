"""The mediation function: an MDF2 and an MDF3 that share one mapping of numbers and nothing else.

What it does by itself: it starts and ends orders, and tells its counters.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

from custodes.base.clock import Clock
from custodes.base.errors import CustodesError
from custodes.functions.mdf.intake import Intake
from custodes.functions.mdf.side import Side

_TICK = 0.25
_COUNTERS_EVERY = 1.0
_DESTROY_EVERY = 5.0

# Given the name of a log line and its values.
Tell = Callable[[str, Mapping[str, Any]], None]


class Service:
    """``sides`` by the name under which their counters are told (mdf2, mdf3).

    Product is destroyed ``keep_seconds`` after its receiver has confirmed it.
    """

    def __init__(
        self,
        sides: Mapping[str, tuple[Side, Intake]],
        clock: Clock,
        tell: Tell,
        keep_seconds: float,
    ) -> None:
        self._sides = dict(sides)
        self._clock = clock
        self._keep = timedelta(seconds=keep_seconds)
        self._destroyed_at = float("-inf")
        self._tell = tell
        self._closing = threading.Event()
        self._told: Mapping[str, Any] = {}
        self._told_at = float("-inf")
        self._thread = threading.Thread(target=self._run, name="periods", daemon=True)

    def start(self) -> None:
        """The sides themselves are started by whoever made them."""
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
        self.destroy()
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
        now = self._clock.monotonic()
        if not final and now - self._told_at < _COUNTERS_EVERY:
            return
        counters = self.counters()
        if final or counters != self._told:
            self._told, self._told_at = counters, now
            self._tell("mdf.counters", {"final": final, **counters})

    def destroy(self) -> None:
        """Destroy what was confirmed long enough ago, and say how much."""
        before = self._clock.now() - self._keep
        for name, (side, _) in self._sides.items():
            try:
                done = side.setting.outbox.destroy(before)
            except CustodesError as error:
                side.alarm("outbox", f"delivered product cannot be destroyed: {error.what}")
                continue
            if done.product or done.orders:
                pdus = sum(product.count for product in done.product.values())
                orders = [str(liid) for liid in done.orders]
                side.counters.add("destroyed", pdus)
                self._tell("mdf.destroyed", {"ne": name, "pdus": pdus, "orders": orders})

    def _run(self) -> None:
        while not self._closing.is_set():
            waits = [side.tick() for side, _ in self._sides.values()]
            self.tell_counters()
            if self._clock.monotonic() - self._destroyed_at >= _DESTROY_EVERY:
                self._destroyed_at = self._clock.monotonic()
                self.destroy()
            self._closing.wait(min([_TICK, *(w for w in waits if w is not None)]))
