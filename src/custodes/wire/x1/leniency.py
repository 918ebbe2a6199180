"""What a reader may take from one peer although the schema refuses it, and what it then did take.

The default is strict. The codec logs nothing: every use is recorded for the caller to log.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Leniency:
    """One peer's habits (WIRE.md, X1), each off by default.

    ``millisecondTimes``: QualifiedMicrosecondDateTime with 3 fractional digits instead of 6.
    ``untypedResponses``: an x1ResponseMessage without xsi:type, read as what its transaction
    expects. Error codes outside the standard's need no leniency (the schema says xs:integer); they
    are recorded all the same, and so is an answer in another version than that of its request.
    """

    millisecondTimes: bool = False
    untypedResponses: bool = False


STRICT = Leniency()


class Tolerated(StrEnum):
    """Named as the configuration names them; the last two need none."""

    MILLISECOND_TIME = "millisecondTimes"
    UNTYPED_RESPONSE = "untypedResponses"
    FOREIGN_ERROR_CODE = "foreignErrorCode"
    OTHER_VERSION = "otherVersion"


@dataclass(frozen=True, slots=True)
class Use:
    """``path`` names the element, never its value."""

    kind: Tolerated
    path: str
