"""The one error of the packet layers."""

from __future__ import annotations

from custodes.base.errors import DecodeError


class UnreadableError(DecodeError):
    """A frame or packet that cannot be read; ``reason`` is a short word for a counter."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"unreadable packet: {reason}")
        self.reason = reason
