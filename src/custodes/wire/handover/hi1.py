"""HI1-Operation: notices to the agency in the form of TS 101 671 (LI-PS-PDU, Payload [3])."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from custodes.base.errors import EncodeError

DOMAIN = (0, 4, 0, 2, 2, 0, 1, 6)
"""hi1OperationId, the only domainID that the module allows."""

_WITH_DOMAIN = ("national-HI1-ASN1parameters",)


@dataclass(frozen=True, slots=True)
class HI1:
    """hI1-Operation [3]: (alternative, value) by the table of HI1NotificationOperations.

    liActivated, liDeactivated, liModified: Notification; alarms-indicator: Alarm-Indicator;
    national-HI1-ASN1parameters. Times are ("utcTime", text) or ("localTime", {…}).
    """

    operation: tuple[str, Any]


def to_value(hi1: HI1) -> tuple[str, Any]:
    """The table value; raises EncodeError where a domainID is another one."""
    name, value = hi1.operation
    structures = [value] if isinstance(value, dict) else []
    structures += [s[n] for s in structures for n in _WITH_DOMAIN if isinstance(s.get(n), dict)]
    if any(structure.get("domainID", DOMAIN) != DOMAIN for structure in structures):
        raise EncodeError("the domainID is not hi1OperationId")
    return name, value
