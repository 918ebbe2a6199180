"""PayloadDirection of LI-PS-PDU."""

from __future__ import annotations

from enum import Enum
from typing import Any


class PayloadDirection(Enum):
    """The value is the name in LI-PS-PDU (0-4 on the wire; not the numbers of X2/X3)."""

    FROM_TARGET = "fromTarget"
    TO_TARGET = "toTarget"
    INDETERMINATE = "indeterminate"
    COMBINED = "combined"
    NOT_APPLICABLE = "notapplicable"


def read_direction(value: dict[str, Any], name: str) -> PayloadDirection | int | None:
    """A direction of a later module stays a number."""
    found = value.get(name)
    return PayloadDirection(found) if isinstance(found, str) else found


def write_direction(name: str, direction: PayloadDirection | int | None) -> dict[str, Any]:
    if direction is None:
        return {}
    return {name: direction.value if isinstance(direction, PayloadDirection) else direction}
