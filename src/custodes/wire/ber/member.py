"""One component of a SEQUENCE or alternative of a CHOICE: its tag around its type."""

from __future__ import annotations

from typing import Any

from custodes.wire.ber.errors import BERDecodeError, BEREncodeError
from custodes.wire.ber.node import Node
from custodes.wire.ber.raw import Raw, check_element
from custodes.wire.ber.tlv import context, identifier, length_octets

MANDATORY, OPTIONAL, EXPECTED = 0, 1, 2
"""EXPECTED: mandatory in the module, not in the text; read without it, never written so."""


class Member:
    """IMPLICIT TAGS: the tag replaces the type's own, except around a CHOICE (X.680 31.2.7)."""

    __slots__ = ("_kept", "_prefix", "explicit", "name", "node", "presence", "tag")

    def __init__(self, name: str, number: int | None, node: Node, presence: int) -> None:
        self.name, self.node, self.presence = name, node, presence
        self.tag = None if number is None else context(number)
        self._kept = isinstance(node, Raw)
        self.explicit = self.tag is not None and node.tag is None and not self._kept
        self._prefix = (
            b"" if self.tag is None else identifier(self.tag, self.explicit or node.constructed)
        )

    def tags(self) -> tuple[int, ...]:
        return self.node.tags() if self.tag is None else (self.tag,)

    def decode(
        self,
        buf: bytes,
        found: tuple[int, bool, int, int, int],
        pos: int,
        depth: int,
    ) -> Any:
        """The value of the element at ``pos`` whose header is ``found``."""
        _, constructed, start, end, after = found
        if self._kept:
            return bytes(buf[pos:after])
        if self.explicit:
            if not constructed:
                raise BERDecodeError(f"{self.name} is not constructed", offset=pos)
            return self.node.decode_element(buf, start, end, depth)
        if self.tag is None and self.node.tag is None:
            return self.node.decode_element(buf, pos, after, depth)
        return self.node.decode(buf, start, end, constructed, depth)

    def encode(self, value: Any) -> bytes:
        """The element."""
        try:
            if self._kept:
                if check_element(value) != self.tag and self.tag is not None:
                    raise BEREncodeError("an element with another tag")
                return bytes(value)
            if self.tag is None:
                return self.node.encode_element(value)
            contents = self.node.encode_element(value) if self.explicit else self.node.encode(value)
        except BEREncodeError as error:
            raise error.inside(self.name) from None
        return self._prefix + length_octets(len(contents)) + contents
