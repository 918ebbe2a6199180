"""Who a communication belongs to, as the interfaces themselves said it."""

from __future__ import annotations

from dataclasses import dataclass, field

from custodes.functions.poi.signalling.values import Pei


@dataclass(frozen=True, slots=True)
class Subject:
    """Identities of one subscriber; ``repr`` never shows them, so a log cannot.

    ``imsi`` is the digits of a SUPI of type IMSI; ``ue_addresses`` are 4 or 16 octets each and
    belong to the PDU session spoken of.
    """

    imsi: str = field(repr=False)
    pei: Pei | None = field(default=None, repr=False)
    gpsi: str | None = field(default=None, repr=False)
    ue_addresses: tuple[bytes, ...] = field(default=(), repr=False)
