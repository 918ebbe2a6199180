"""A capture without end for fault tests: two phones, numbered packets.

Every packet says whose it is, in which session, and which one of that session it is, so that what
is missing, twice or out of order in the evidence shows by itself.
"""

from __future__ import annotations

import random
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from custodes.app import demo_packets as packets
from custodes.app.demo_capture import PEER, PHONES, START_NS, STEP_NS, UDP, _Network

SUBJECTS = tuple(f"imsi-{phone.imsi}" for phone in PHONES)
_MARK = b"custodes-fault-load"
_BODY = struct.Struct("!19sBIQ")
_PORT = 4242
_PADDING = bytes(200)
_BURSTS = (10, 10, 10, 10, 200)
_PCAP_RECORD = struct.Struct("<IIII")
_IP_AND_UDP = 28


@dataclass(frozen=True, order=True)
class Tag:
    """Of one packet: which phone, which of its sessions, which packet of that session."""

    phone: int
    session: int
    number: int


def tag(packet: bytes) -> Tag:
    """Of an inner IP packet, as it stands in the evidence."""
    mark, phone, session, number = _BODY.unpack_from(packet, _IP_AND_UDP)
    assert mark == _MARK, "not a packet of this load"
    return Tag(phone, session, number)


@dataclass
class Traffic:
    """``pieces`` is what the probe reads until ``finish``; ``sent`` is what was in it.

    ``per_second`` packets on average, in bursts of very different size. After ``per_session`` of
    them each phone registers and opens a session anew. Sessions count from ``first_session``.
    """

    per_second: float = 300.0
    per_session: int = 150
    first_session: int = 0
    sent: dict[tuple[int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._network = _Network()
        self._stop = threading.Event()
        self._next = 0
        self._made = 0

    def finish(self) -> None:
        self._stop.set()

    @property
    def packets(self) -> int:
        return sum(self.sent.values())

    def pieces(self) -> Iterator[bytes]:
        """Octets of a pcap file, each piece when it is due."""
        yield packets.pcap([])
        self._network.set_up()
        began, turn, burst = time.monotonic(), 0, random.Random(0)
        until = 0
        while not self._stop.is_set():
            if turn % self.per_session == 0:
                self._open()
            for phone in range(len(PHONES)):
                self._packet(phone, *divmod(turn, self.per_session))
            turn += 1
            if turn >= until:
                until = turn + burst.choice(_BURSTS)
                yield self._taken()
                due = began + turn * len(PHONES) / self.per_second
                self._stop.wait(max(0.0, due - time.monotonic()))
        yield self._taken()

    def _open(self) -> None:
        for phone in PHONES:
            self._next += 1
            self._network.register(self._next, phone)
            self._network.open_session(self._next, phone)

    def _packet(self, phone: int, opened: int, number: int) -> None:
        session = self.first_session + opened
        body = _BODY.pack(_MARK, phone, session, number) + _PADDING
        source = PHONES[phone].address
        udp = packets.udp(_PORT, _PORT, body)
        inner = packets.ipv4(source, PEER, UDP, udp, number)
        network_number = opened * len(PHONES) + phone + 1
        self._network._n3(True, network_number, inner)
        self.sent[phone, session] = number + 1

    def _taken(self) -> bytes:
        frames, self._network.frames = self._network.frames, []
        records = []
        for octets in (octets for _, octets in frames):
            seconds, rest = divmod(START_NS + self._made * STEP_NS, 1_000_000_000)
            self._made += 1
            records.append(_PCAP_RECORD.pack(seconds, rest, len(octets), len(octets)) + octets)
        return b"".join(records)
