"""The one family of errors. Each says what was wrong, whose fault it is and what to do."""

from __future__ import annotations

from enum import Enum


class Fault(Enum):
    """Whose mistake an error reports."""

    OURS = "ours"
    PEER = "peer"
    OPERATOR = "operator"


class CustodesError(Exception):
    """Base of every error this project raises on purpose.

    ``what`` is one sentence for a log or a person and never carries a target identity;
    ``remedy`` says what to do; ``code`` is the wire code where the interface has one.
    """

    fault: Fault = Fault.OURS

    def __init__(self, what: str, *, remedy: str = "", code: int | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.code = code

    def __str__(self) -> str:
        code = f" [{self.code}]" if self.code is not None else ""
        remedy = f" ({self.remedy})" if self.remedy else ""
        return f"{self.what}{code}{remedy}"


class DecodeError(CustodesError):
    """The peer's octets are not what the standard says. ``offset`` counts from the first octet."""

    fault = Fault.PEER

    def __init__(
        self, what: str, *, offset: int | None = None, remedy: str = "", code: int | None = None
    ) -> None:
        where = f" at octet {offset}" if offset is not None else ""
        super().__init__(what + where, remedy=remedy, code=code)
        self.offset = offset


class EncodeError(CustodesError):
    """We were about to send what the standard does not allow."""


class ProtocolError(CustodesError):
    """The peer broke the rules of a session; the connection ends."""

    fault = Fault.PEER


class RefusedError(CustodesError):
    """A request was understood and is not allowed; nothing was changed."""

    fault = Fault.PEER


class ConfigurationError(CustodesError):
    """What the operator wrote cannot be used."""

    fault = Fault.OPERATOR
