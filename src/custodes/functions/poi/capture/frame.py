"""One captured frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Frame:
    """What a capture says of one frame.

    ``timestamp_ns`` counts from 1970-01-01 UTC; ``linktype`` is a LINKTYPE_ value of the pcap
    formats; ``octets`` may be fewer than ``original_length`` where the capture cut the frame.
    """

    timestamp_ns: int
    linktype: int
    octets: bytes
    original_length: int


class FrameReader(Protocol):
    """A capture format, fed piece by piece.

    ``next_frame`` returns None when more octets are needed and raises
    :class:`custodes.base.errors.DecodeError` when nothing after this point can be trusted.
    """

    def receive_data(self, octets: bytes) -> None: ...

    def next_frame(self) -> Frame | None: ...

    def pending(self) -> int:
        """Octets received that no frame has taken yet: not zero at the end means a cut file."""
        ...
