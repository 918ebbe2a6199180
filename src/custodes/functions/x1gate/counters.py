"""What the gate has done, by element: messages and what was tolerated. No identities."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

OUTCOMES = frozenset(
    {"completed", "acknowledged", "answered", "refused", "failed", "received", "not forwarded"}
)


@dataclass(slots=True)
class Counters:
    """``messages`` by (element, operation, outcome), ``leniencies`` by (element, kind).

    Counted where the journal is told (``Journal``): whatever is logged is counted.
    """

    messages: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    leniencies: Counter[tuple[str, str]] = field(default_factory=Counter)

    def x1(self, ne: str, operation: str, outcome: str) -> None:
        self.messages[ne, str(operation), outcome] += 1

    def leniency(self, peer: str, kind: str) -> None:
        self.leniencies[peer, str(kind)] += 1
