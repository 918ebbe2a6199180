"""Runs the probe over a capture, for the tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from custodes.functions.poi.capture.open import CaptureReader
from custodes.functions.poi.counters import Counters
from custodes.functions.poi.events import Blind, Content, XIRIEvent
from custodes.functions.poi.probe import Probe
from custodes.functions.poi.signalling.pycrate_decoder import PycrateDecoder


@dataclass
class Seen:
    records: list[XIRIEvent] = field(default_factory=list)
    contents: list[Content] = field(default_factory=list)
    blind: list[Blind] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    counters: Counters = field(default_factory=Counters)

    def of(self, imsi: str) -> tuple[list[str], int]:
        """Names of the records of one subscriber, and how many packets."""
        names = [r.event[0] for r in self.records if r.subject.imsi == imsi]
        return names, sum(c.subject.imsi == imsi for c in self.contents)


@cache
def decoder() -> PycrateDecoder:
    return PycrateDecoder()


def run(capture: bytes, step: int = 65536) -> Seen:
    """Everything that comes out of a capture fed in pieces of ``step`` octets."""
    reader, probe, seen = CaptureReader(), Probe(decoder(), correlation_base=0xABCD), Seen()
    for start in range(0, len(capture), step):
        reader.receive_data(capture[start : start + step])
        while (frame := reader.next_frame()) is not None:
            probe.receive_frame(frame)
    probe.finish()
    while (event := probe.next_event()) is not None:
        seen.order.append(type(event).__name__)
        match event:
            case XIRIEvent():
                seen.records.append(event)
            case Content():
                seen.contents.append(event)
            case Blind():
                seen.blind.append(event)
    seen.counters = probe.counters
    assert reader.pending() == 0
    return seen
