"""What every type of the codec is: a reader and a writer of contents octets."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from custodes.wire.ber.errors import BERDecodeError
from custodes.wire.ber.tlv import header, identifier, length_octets, tag_text

UNKNOWN = "_unknown"
"""Key of a SEQUENCE value, name of a CHOICE alternative, for what the tables do not know."""


class Node(ABC):
    """A type. ``tag`` is its universal tag; None for CHOICE and for octets kept as they are.

    ``constructed``: how its contents are written.
    """

    __slots__ = ()
    tag: int | None = None
    constructed: bool = False

    @abstractmethod
    def decode(self, buf: bytes, start: int, end: int, constructed: bool, depth: int) -> Any:
        """The value whose contents lie in buf[start:end]."""

    @abstractmethod
    def encode(self, value: Any) -> bytes:
        """Contents octets."""

    def tags(self) -> tuple[int, ...]:
        """The tags an untagged component of this type may start with."""
        return () if self.tag is None else (self.tag,)

    def decode_element(self, buf: bytes, pos: int, limit: int, depth: int) -> Any:
        """The value of the one element that fills buf[pos:limit]."""
        tag, constructed, start, end, after = header(buf, pos, limit)
        if tag != self.tag:
            raise BERDecodeError(f"the element {tag_text(tag)} is not the one expected", offset=pos)
        if after != limit:
            raise BERDecodeError("octets follow where the element ends", offset=after)
        return self.decode(buf, start, end, constructed, depth)

    def encode_element(self, value: Any) -> bytes:
        """The element with its own universal tag."""
        assert self.tag is not None  # noqa: S101 - CHOICE and Raw override this
        contents = self.encode(value)
        return identifier(self.tag, self.constructed) + length_octets(len(contents)) + contents
