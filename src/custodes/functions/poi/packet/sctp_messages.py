"""From DATA chunks to user messages: repeats dropped by TSN, fragments joined, memory bounded.

Messages come out in the order in which their last fragment was captured. The stream sequence
is not waited for: a capture that lost a packet would wait for ever.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from custodes.functions.poi.packet.sctp import DataChunk

Direction = tuple[bytes, int, bytes, int, int]
"""Source address and port, destination address and port, verification tag."""

TSN_MEMORY = 4096  # repeats are recognised this far back
MAXIMUM_MESSAGE = 1_048_576
MAXIMUM_HELD = 4_194_304
MAXIMUM_FRAGMENTS = 16_384  # held in one direction: a fragment costs more than its octets
TSN_MASK = 0xFFFF_FFFF


@dataclass(slots=True)
class _Flow:
    """``first_of`` and ``last_of`` are the two ends of each run of consecutive fragments: only
    ends are looked at, so a long run costs no more than a short one."""

    seen: OrderedDict[int, None] = field(default_factory=OrderedDict)
    fragments: dict[int, DataChunk] = field(default_factory=dict)
    first_of: dict[int, int] = field(default_factory=dict)
    last_of: dict[int, int] = field(default_factory=dict)
    held: int = 0


@dataclass(frozen=True, slots=True)
class UserMessage:
    protocol: int
    payload: bytes


class MessageAssembler:
    """All directions of all associations seen."""

    def __init__(self, maximum_flows: int = 4096) -> None:
        self._flows: OrderedDict[Direction, _Flow] = OrderedDict()
        self._maximum_flows = maximum_flows
        self.repeats = 0
        self.dropped_fragments = 0

    def take(self, direction: Direction, chunk: DataChunk) -> UserMessage | None:
        """The message that this chunk completes, if it does."""
        flow = self._flow(direction)
        if chunk.tsn in flow.seen or chunk.tsn in flow.fragments:
            self.repeats += 1
            return None
        flow.seen[chunk.tsn] = None
        if len(flow.seen) > TSN_MEMORY:
            flow.seen.popitem(last=False)
        if chunk.begin and chunk.end:
            return UserMessage(chunk.protocol, chunk.payload)
        flow.fragments[chunk.tsn] = chunk
        flow.held += len(chunk.payload)
        message = self._join(flow, chunk)
        if flow.held > MAXIMUM_HELD or len(flow.fragments) > MAXIMUM_FRAGMENTS:
            self.dropped_fragments += len(flow.fragments)
            flow.fragments, flow.first_of, flow.last_of, flow.held = {}, {}, {}, 0
        return message

    def _flow(self, direction: Direction) -> _Flow:
        flow = self._flows.get(direction)
        if flow is None:
            flow = self._flows[direction] = _Flow()
            if len(self._flows) > self._maximum_flows:
                self._flows.popitem(last=False)
        else:
            self._flows.move_to_end(direction)
        return flow

    def _join(self, flow: _Flow, chunk: DataChunk) -> UserMessage | None:
        """Fragments of one message have consecutive TSNs from B to E (RFC 9260, 6.9)."""
        fragments, first, last = flow.fragments, chunk.tsn, chunk.tsn
        before, after = (first - 1) & TSN_MASK, (last + 1) & TSN_MASK
        if not chunk.begin and before in flow.first_of and not fragments[before].end:
            first = flow.first_of.pop(before)
            del flow.last_of[first]
        if not chunk.end and after in flow.last_of and not fragments[after].begin:
            last = flow.last_of.pop(after)
            del flow.first_of[last]
        if not (fragments[first].begin and fragments[last].end):
            flow.first_of[last], flow.last_of[first] = first, last
            return None
        count = ((last - first) & TSN_MASK) + 1
        parts = [fragments.pop((first + n) & TSN_MASK) for n in range(count)]
        size = sum(len(part.payload) for part in parts)
        flow.held -= size
        if size > MAXIMUM_MESSAGE or len({(p.stream, p.protocol) for p in parts}) != 1:
            self.dropped_fragments += count
            return None
        return UserMessage(parts[0].protocol, b"".join(part.payload for part in parts))
