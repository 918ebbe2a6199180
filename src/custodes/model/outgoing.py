"""One PS-PDU on its way to one destination."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from custodes.base.ids import DID, LIID


class Kind(StrEnum):
    """What it carries; the values are the names of counters."""

    HI2 = "hi2"
    HI3 = "hi3"
    HI4 = "hi4"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """``octets`` is the whole encoded PS-PDU of the order ``liid`` for destination ``did``."""

    kind: Kind
    liid: LIID
    did: DID
    octets: bytes

    def __repr__(self) -> str:
        return f"Outgoing({self.kind}, {len(self.octets)} octets)"


@dataclass(frozen=True, slots=True)
class Route:
    """An order's product of these kinds may go to this destination, held by this party's key."""

    did: DID
    fingerprint: str
    kinds: frozenset[Kind]
