"""UTF-8 text. TS 103 221-2 clauses 5.3.18 to 5.3.21.

Values stay out of ``repr``: target identifiers name people.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self

from custodes.wire.x2x3.attributes.base import Attribute
from custodes.wire.x2x3.errors import X2X3DecodeError, X2X3EncodeError


def _encode(text: str, number: int) -> bytes:
    try:
        return text.encode()
    except (UnicodeEncodeError, AttributeError) as error:
        raise X2X3EncodeError(f"attribute {number} is not text that UTF-8 can carry") from error


def _decode(octets: bytes, number: int) -> str:
    try:
        return octets.decode()
    except UnicodeDecodeError:
        # The cause would carry the octets, and they may name a target.
        raise X2X3DecodeError(f"attribute {number} is not UTF-8") from None


@dataclass(frozen=True, slots=True)
class TargetIdentifierAttribute(Attribute):
    """``xml``: content of X1's TargetIdentifier element, without that element. Repeatable."""

    xml: str = field(repr=False)

    def to_octets(self) -> bytes:
        return _encode(self.xml, self.type)

    @classmethod
    def from_octets(cls, octets: bytes) -> Self:
        return cls(_decode(octets, cls.TYPE))

    @classmethod
    def check(cls, octets: bytes) -> None:
        _decode(octets, cls.TYPE)


@dataclass(frozen=True, slots=True)
class TextAttribute(Attribute):
    """Plain text."""

    value: str = field(repr=False)

    def to_octets(self) -> bytes:
        return _encode(self.value, self.type)

    @classmethod
    def from_octets(cls, octets: bytes) -> Self:
        return cls(_decode(octets, cls.TYPE))

    @classmethod
    def check(cls, octets: bytes) -> None:
        _decode(octets, cls.TYPE)


class MatchedTargetIdentifier(TargetIdentifierAttribute):
    """The identifier of the task that matched (clause 5.3.18)."""

    __slots__ = ()
    TYPE: ClassVar[int] = 17
    NAME: ClassVar[str] = "Matched Target Identifier"
    NOTE: ClassVar[str] = "TS 103 221-2 5.3.18, the task's identifier that matched"


class OtherTargetIdentifier(TargetIdentifierAttribute):
    """Another identifier of the target seen with it (clause 5.3.19)."""

    __slots__ = ()
    TYPE: ClassVar[int] = 18
    NAME: ClassVar[str] = "Other Target Identifier"
    NOTE: ClassVar[str] = "TS 103 221-2 5.3.19, another identifier of the target, seen with it"


class MIMEContentType(TextAttribute):
    """Clause 5.3.20."""

    __slots__ = ()
    TYPE: ClassVar[int] = 19
    NAME: ClassVar[str] = "MIME Content-Type"
    NOTE: ClassVar[str] = "TS 103 221-2 5.3.20, of a MIME payload"


class MIMEContentTransferEncoding(TextAttribute):
    """Clause 5.3.21."""

    __slots__ = ()
    TYPE: ClassVar[int] = 20
    NAME: ClassVar[str] = "MIME Content-Transfer-Encoding"
    NOTE: ClassVar[str] = "TS 103 221-2 5.3.21, of a MIME payload"
