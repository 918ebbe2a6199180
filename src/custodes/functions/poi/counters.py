"""What the probe counts. Nothing here can hold an identity."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Counters:
    """``unreadable`` and ``blind`` count by reason; ``other`` is traffic of no use to the probe.

    ``frames`` = frames received. ``gtpu`` counts G-PDUs, of which ``gtpu_unknown_tunnel`` belong
    to no known subscriber's tunnel and ``content`` became events.
    """

    frames: int = 0
    other: int = 0
    ngap: int = 0
    ngap_undecodable: int = 0
    ngap_over_dtls: int = 0
    pfcp: int = 0
    gtpu: int = 0
    gtpu_unknown_tunnel: int = 0
    content: int = 0
    records: int = 0
    unreadable: Counter[str] = field(default_factory=Counter)
    blind: Counter[str] = field(default_factory=Counter)
