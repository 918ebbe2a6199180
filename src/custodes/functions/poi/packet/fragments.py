"""IP fragments put together again: bounded memory, overlaps refused (RFC 5722), capture time."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace

from custodes.functions.poi.packet.ip import FragmentPlace, Packet
from custodes.functions.poi.packet.unreadable import UnreadableError

MAXIMUM_PACKET = 65_535
MAXIMUM_FRAGMENTS = 64  # in one packet
TIMEOUT_NS = 30_000_000_000  # RFC 1122: 30 s is within every host's habit

_Key = tuple[bytes, bytes, int, int]


@dataclass(slots=True)
class _Pending:
    since_ns: int
    octets: int = 0
    total: int | None = None
    parts: dict[int, bytes] = field(default_factory=dict)
    refused: bool = False


class Reassembler:
    """Give it every packet; it gives back whole ones, None while fragments are missing."""

    def __init__(self, limit_octets: int = 4_194_304) -> None:
        self._limit = limit_octets
        self._held = 0
        self._pending: OrderedDict[_Key, _Pending] = OrderedDict()
        self.expired = 0

    def take(self, packet: Packet, now_ns: int) -> Packet | None:
        """``now_ns`` is capture time. Raises UnreadableError for a fragment that cannot be."""
        place = packet.fragment
        if place is None:
            return packet
        self._expire(now_ns)
        key = (packet.source, packet.destination, packet.protocol, place.identification)
        pending = self._pending.get(key)
        if pending is None:
            pending = self._pending[key] = _Pending(now_ns)
        if pending.refused:
            raise UnreadableError("overlapping fragment")
        try:
            new = _add(pending, place, packet.payload)
        except UnreadableError:
            self._held -= pending.octets
            # The rest of a refused packet is refused too, until its time is over.
            self._pending[key] = _Pending(pending.since_ns, refused=True)
            raise
        self._held += new
        if pending.octets != pending.total:
            self._bound()
            return None
        del self._pending[key]
        self._held -= pending.octets
        whole = b"".join(part for _, part in sorted(pending.parts.items()))
        return replace(packet, payload=whole, fragment=None)

    def _expire(self, now_ns: int) -> None:
        while self._pending:
            oldest = next(iter(self._pending.values()))
            if now_ns - oldest.since_ns <= TIMEOUT_NS:
                return
            self._drop_oldest()

    def _bound(self) -> None:
        while self._held > self._limit:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        _, oldest = self._pending.popitem(last=False)
        self._held -= oldest.octets
        self.expired += 1


def _add(pending: _Pending, place: FragmentPlace, payload: bytes) -> int:
    """Octets added: none for an exact repeat."""
    end = place.offset + len(payload)
    if not payload or end > MAXIMUM_PACKET:
        raise UnreadableError("fragment size")
    if pending.parts.get(place.offset) == payload:
        return 0
    if len(pending.parts) >= MAXIMUM_FRAGMENTS:
        raise UnreadableError("too many fragments")
    if any(start < end and place.offset < start + len(p) for start, p in pending.parts.items()):
        raise UnreadableError("overlapping fragment")
    if pending.total is not None and end > pending.total:
        raise UnreadableError("fragment beyond the end")
    if not place.more:
        if pending.total is not None:
            raise UnreadableError("two last fragments")
        if any(start >= end for start in pending.parts):
            raise UnreadableError("fragment beyond the end")
        pending.total = end
    pending.parts[place.offset] = payload
    pending.octets += len(payload)
    return len(payload)
