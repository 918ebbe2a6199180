"""An order: what an authority demands of the operator, and nothing that it does not say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from custodes.base.errors import ConfigurationError, RefusedError

MAXIMUM_PERIOD = timedelta(days=90)

_DIGITS = re.compile(r"[0-9]{6,15}")
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}")


class SubjectKind(StrEnum):
    """Which identity names the subject; the value is the X1 target identifier's name."""

    SUPIIMSI = "supiimsi"


@dataclass(frozen=True, slots=True)
class Subject:
    """The one subject of an order: digits only for SUPI of type IMSI (TS 103 280 SUPIIMSI)."""

    kind: SubjectKind
    value: str

    def __post_init__(self) -> None:
        if not _DIGITS.fullmatch(self.value):
            raise RefusedError(
                f"the subject's {self.kind} is not 6 to 15 digits", remedy="write the IMSI's digits"
            )

    @classmethod
    def parse(cls, text: str) -> Subject:
        """From what people write: ``imsi-001010000000001`` (TS 23.003 SUPI) or the digits alone."""
        return cls(SubjectKind.SUPIIMSI, text.strip().removeprefix("imsi-"))

    def __repr__(self) -> str:
        return f"Subject({self.kind})"  # an identity never reaches a log by accident


class HeaderReportingKind(StrEnum):
    """Packet header information reporting (TS 33.128 V19.7.0, 6.2.3.9)."""

    NONE = "none"
    PDHR = "PDHR"
    PDSR = "PDSR"


@dataclass(frozen=True, slots=True)
class HeaderReporting:
    """What is reported, and under which agreement between operator and authority.

    Reporting is the rule, also for IRI only; leaving it out, too, rests on an agreement
    (TS 33.128 V19.7.0, 6.2.3.1.2).
    """

    kind: HeaderReportingKind
    agreement: str

    def __post_init__(self) -> None:
        if not _REFERENCE.fullmatch(self.agreement):
            raise RefusedError("header reporting names no agreement")


@dataclass(frozen=True, slots=True)
class Order:
    """One order on one subject for one agency. Times are aware, UTC, in whole microseconds."""

    reference: str
    authority: str
    agency: str
    legal_basis: str
    start: datetime
    end: datetime
    subject: Subject
    content: bool
    location: bool
    header_reporting: HeaderReporting

    def __post_init__(self) -> None:
        for name in ("reference", "authority", "agency"):
            if not _REFERENCE.fullmatch(getattr(self, name)):
                raise RefusedError(f"the order's {name} is not 1-64 of A-Z a-z 0-9 . _ / -")
        if not self.legal_basis.strip():
            raise RefusedError("the order names no legal basis")
        if self.start.tzinfo is not UTC or self.end.tzinfo is not UTC:
            raise ConfigurationError("an order's times are UTC")
        if self.end <= self.start:
            raise RefusedError("the order ends before it starts")
        if self.end - self.start > MAXIMUM_PERIOD:
            raise RefusedError(f"the order is longer than {MAXIMUM_PERIOD.days} days")

    def runs_at(self, now: datetime) -> bool:
        return self.start <= now < self.end
