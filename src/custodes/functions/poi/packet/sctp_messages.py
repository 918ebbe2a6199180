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
TSN_MASK = 0xFFFF_FFFF


@dataclass(slots=True)
class _Flow:
    seen: OrderedDict[int, None] = field(default_factory=OrderedDict)
    fragments: OrderedDict[int, DataChunk] = field(default_factory=OrderedDict)
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
        if chunk.tsn in flow.seen:
            self.repeats += 1
            return None
        flow.seen[chunk.tsn] = None
        if len(flow.seen) > TSN_MEMORY:
            flow.seen.popitem(last=False)
        if chunk.begin and chunk.end:
            return UserMessage(chunk.protocol, chunk.payload)
        flow.fragments[chunk.tsn] = chunk
        flow.held += len(chunk.payload)
        message = self._join(flow, chunk.tsn)
        while flow.held > MAXIMUM_HELD:
            self._remove(flow, next(iter(flow.fragments)))
            self.dropped_fragments += 1
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

    def _join(self, flow: _Flow, tsn: int) -> UserMessage | None:
        """Fragments of one message have consecutive TSNs from B to E (RFC 9260, 6.9)."""
        first = tsn
        while not flow.fragments[first].begin:
            first = (first - 1) & TSN_MASK
            if first not in flow.fragments or flow.fragments[first].end:
                return None
        run = [first]
        while not flow.fragments[run[-1]].end:
            following = (run[-1] + 1) & TSN_MASK
            if following not in flow.fragments or flow.fragments[following].begin:
                return None
            run.append(following)
        parts = [flow.fragments[number] for number in run]
        for number in run:
            self._remove(flow, number)
        if sum(len(part.payload) for part in parts) > MAXIMUM_MESSAGE:
            self.dropped_fragments += len(parts)
            return None
        if len({(part.stream, part.protocol) for part in parts}) != 1:
            self.dropped_fragments += len(parts)
            return None
        return UserMessage(parts[0].protocol, b"".join(part.payload for part in parts))

    def _remove(self, flow: _Flow, tsn: int) -> None:
        flow.held -= len(flow.fragments.pop(tsn).payload)
