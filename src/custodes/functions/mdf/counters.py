"""What one side has taken in, refused and sent. Numbers and names only, no identities.

A *peer* is an enrolled name: the element that product came from, the receiver that it went to, or
"" where neither is to be named.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Reading:
    """All counters at one moment.

    ``taken`` by (element, name of the event, or CONTENT), ``refused`` by (element, reason; of
    over_quota the receiver), ``plain`` by (peer, what was counted), ``alarms`` by kind, each time
    and not only when raised.
    """

    taken: Mapping[tuple[str, str], int]
    refused: Mapping[tuple[str, str], int]
    plain: Mapping[tuple[str, str], int]
    alarms: Mapping[str, int]


class Counters:
    """Counters of one side; safe from any thread. Counting is one update of one table."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._plain: Counter[tuple[str, str]] = Counter()
        self._taken: Counter[tuple[str, str]] = Counter()
        self._refused: Counter[tuple[str, str]] = Counter()
        self._alarms: Counter[str] = Counter()

    def add(self, name: str, number: int = 1, peer: str = "") -> None:
        with self._lock:
            self._plain[peer, name] += number

    def taken(self, element: str, what: str) -> None:
        """One PDU was mediated; ``what`` is the event's name, or CONTENT."""
        with self._lock:
            self._taken[element, what] += 1

    def refused(self, reason: str, peer: str = "") -> None:
        with self._lock:
            self._refused[peer, reason] += 1

    def alarm(self, kind: str) -> None:
        with self._lock:
            self._alarms[kind] += 1

    def read(self) -> Reading:
        with self._lock:
            return Reading(
                dict(self._taken), dict(self._refused), dict(self._plain), dict(self._alarms)
            )

    def snapshot(self) -> dict[str, Any]:
        """As it goes into the log: ``xiri`` per event name, ``refused`` per reason, the rest."""
        read = self.read()
        events, plain = _by_name(read.taken), _by_name(read.plain)
        plain["xcc"] = events.pop(CONTENT, 0)
        values: dict[str, Any] = {
            "xiri": dict(sorted(events.items())),
            "refused": dict(sorted(_by_name(read.refused).items())),
        }
        for name in _ALWAYS:
            values[name] = plain[name]
        return values | {name: plain[name] for name in sorted(plain) if name not in _ALWAYS}


_ALWAYS = ("xcc", "hi2", "hi3", "hi4", "confirmed", "gaps", "back_pressure", "misrouted")


def _by_name(counted: Mapping[tuple[str, str], int]) -> Counter[str]:
    """The sums over all peers."""
    sums: Counter[str] = Counter()
    for (_, name), number in counted.items():
        sums[name] += number
    return sums
