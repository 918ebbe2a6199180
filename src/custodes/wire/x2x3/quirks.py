"""What a reader may take from one peer although the standard refuses it, and what it then did take.

The default is strict. The codec logs nothing: every use is told to the caller, who logs it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirks:
    """One peer's habits, each off by default.

    ``swappedVersion``: the version octets minor first, ``05 00`` for 0.5. Only for the minors that
    the standard has had (5, 6): any other first octet stays another major.
    """

    swappedVersion: bool = False


STRICT = Quirks()


class Tolerated(StrEnum):
    """Named as the configuration names them."""

    SWAPPED_VERSION = "swappedVersion"


@dataclass(frozen=True, slots=True)
class Use:
    """``offset`` counts octets from the start of the PDU."""

    kind: Tolerated
    offset: int


SWAPPED_VERSION = Use(Tolerated.SWAPPED_VERSION, 0)
