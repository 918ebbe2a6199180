"""The errors that leave the X1 codec."""

from __future__ import annotations

from custodes.base.errors import DecodeError, EncodeError
from custodes.wire.x1.codes import ErrorCode


class X1DecodeError(DecodeError):
    """The peer's XML is not a message of TS 103 221-1; ``code`` is what a responder answers."""

    def __init__(self, what: str, *, code: int = ErrorCode.SYNTAX) -> None:
        super().__init__(what, code=int(code))


class X1EncodeError(EncodeError):
    """The value is not one that the schema allows."""
