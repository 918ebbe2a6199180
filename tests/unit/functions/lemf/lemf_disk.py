"""A disk in memory that fails: full, torn, or with what was never synced lost in any order."""

from __future__ import annotations

import random

from custodes.base.errors import CustodesError

_PAGE = 64


class FaultyFile:
    """custodes.functions.lemf.ports.GrowingFile. ``room``: octets it takes before it is full;
    ``sync_fails``: the next that many syncs fail."""

    def __init__(self, octets: bytes = b"", room: int | None = None) -> None:
        self.octets = bytearray(octets)
        self.on_disk = bytes(octets)
        self.room = room
        self.sync_fails = 0
        self.syncs = 0

    def size(self) -> int:
        return len(self.octets)

    def append(self, octets: bytes) -> None:
        taken = len(octets) if self.room is None else max(0, self.room - len(self.octets))
        self.octets += octets[:taken]
        if taken < len(octets):
            raise CustodesError("evidence cannot be written: no space left")

    def sync(self) -> None:
        self.syncs += 1
        if self.sync_fails:
            self.sync_fails -= 1
            raise CustodesError("evidence cannot be written: input or output error")
        self.on_disk = bytes(self.octets)

    def cut(self, length: int) -> None:
        del self.octets[length:]

    def read(self, offset: int, size: int) -> bytes:
        return bytes(self.octets[offset : offset + size])

    def close(self) -> None:
        pass

    def after_power_loss(self, choice: random.Random) -> FaultyFile:
        """What was synced, and of the rest any pages in any order; a page not written is zeros."""
        left = bytearray(self.on_disk)
        rest = bytes(self.octets[len(self.on_disk) :])
        for at in range(0, choice.randint(0, len(rest)), _PAGE):
            page = rest[at : at + _PAGE]
            left += page if choice.random() < 0.6 else bytes(len(page))
        return FaultyFile(bytes(left))
