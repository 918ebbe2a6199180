"""What the probe counts. Nothing here can hold an identity."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Counters:
    """``unreadable`` and ``blind`` count by reason; ``other`` is traffic of no use to the probe.

    ``frames`` = frames received. ``gtpu`` counts G-PDUs, of which ``gtpu_unknown_tunnel`` belong
    to no known subscriber's tunnel and ``content`` became events. ``wrong_direction`` counts NAS
    messages that cannot go the way they went, ``unsolicited`` answers that nobody had asked for,
    ``foreign_n4`` tunnels of another UPF, or already open, that a PFCP session named, and
    ``wrong_address`` packets that N4 alone calls a subscriber's and whose address is not.
    ``unknown_node`` counts what was not between two of the configured nodes.
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
    wrong_direction: int = 0
    unsolicited: int = 0
    foreign_n4: int = 0
    wrong_address: int = 0
    unknown_node: int = 0
    records: int = 0
    unreadable: Counter[str] = field(default_factory=Counter)
    blind: Counter[str] = field(default_factory=Counter)
