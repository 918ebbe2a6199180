"""Product that is not mediated. It is refused, counted by reason and alarmed; never just gone."""

from __future__ import annotations

from enum import StrEnum

from custodes.base.errors import CustodesError, Fault


class Reason(StrEnum):
    """Why; the values are the keys of ``refused`` in the counters."""

    NO_TASK = "no_task"
    UNEXPECTED_ELEMENT = "unexpected_element"
    UNEXPECTED_SUBJECT = "unexpected_subject"
    OUTSIDE_PERIOD = "outside_period"
    WRONG_FORMAT = "wrong_format"
    WRONG_INTERFACE = "wrong_interface"
    UNDECODABLE = "undecodable"
    UNKNOWN_EVENT = "unknown_event"
    MANDATORY_MISSING = "mandatory_missing"
    NO_CORRELATION = "no_correlation"
    NO_TIMESTAMP = "no_timestamp"
    NOT_IP = "not_ip"
    UNENCODABLE = "unencodable"
    LOCATION_WITHHELD = "location_withheld"


class RefusedProductError(CustodesError):
    """``what`` names no identity."""

    fault = Fault.PEER

    def __init__(self, reason: Reason, what: str) -> None:
        super().__init__(what)
        self.reason = reason
