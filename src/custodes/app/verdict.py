"""The verdict on a run: was anything lost, did anything reach somebody it was not for?

It compares what the probe says it sent with what stands in the agencies' evidence folders. It
shares nothing with the mediation function: it imports none of its code, nor any codec, and reads
the evidence with the standard library only.
"""

from __future__ import annotations

import json
import struct
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

# The probe sums the digests of the packets of a task; a sum does not depend on their order.
DIGEST_MODULUS = 2**256

_PCAP_HEADER = 24
_PCAP_RECORD = struct.Struct("<IIII")


@dataclass(frozen=True, slots=True)
class Sent:
    """What the probe sent for one XID: events by name, packets, and the sum of their digests."""

    events: Mapping[str, int]
    packets: int
    digest: int


@dataclass(frozen=True, slots=True)
class Expected:
    """One order as its officers know it: whose it is, on whom, what it may receive.

    ``subject``: the digits of the SUPI.
    """

    reference: str
    agency: str
    liid: str
    subject: str = field(repr=False)
    content: bool
    sent: Sent


@dataclass(slots=True)
class Received:
    """What stands in one folder of one agency."""

    events: Counter[str] = field(default_factory=Counter)
    subjects: Counter[str | None] = field(default_factory=Counter)
    packets: int = 0
    digest: int = 0
    other: int = 0

    @property
    def records(self) -> int:
        return self.events.total() + self.packets + self.other


@dataclass(frozen=True, slots=True)
class OrderVerdict:
    reference: str
    agency: str
    liid: str
    hi2: int
    hi3: int
    lost: int
    misdelivered: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """``hi2``, ``hi3``, ``hi4`` count records in all evidence; lost and misdelivered are sums."""

    orders: tuple[OrderVerdict, ...]
    hi2: int
    hi3: int
    hi4: int
    lost: int
    misdelivered: int

    @property
    def clean(self) -> bool:
        return self.lost == 0 and self.misdelivered == 0


def judge(evidence: Path, orders: Sequence[Expected]) -> Verdict:
    """Read every agency's folder below ``evidence`` and hold it against the orders."""
    found = {
        (agency.name, liid): received
        for agency in _folders(evidence)
        for liid, received in _received(agency)
    }
    verdicts = tuple(_judge_order(o, found.get((o.agency, o.liid), Received())) for o in orders)
    known = {(o.agency, o.liid) for o in orders}
    strays = sum(r.records for key, r in found.items() if key not in known)
    notices = _notices(evidence)
    stray_notices = sum(n.total() for key, n in notices.items() if key not in known)
    untold = sum(_untold(notices.get(key, Counter())) for key in known)
    undecodable = sum(1 for a in _folders(evidence) for _ in _lines(a / "undecodable.jsonl"))
    return Verdict(
        orders=verdicts,
        hi2=sum(r.events.total() for r in found.values()),
        hi3=sum(r.packets for r in found.values()),
        hi4=sum(n.total() for n in notices.values()),
        lost=sum(v.lost for v in verdicts) + untold,
        misdelivered=sum(v.misdelivered for v in verdicts) + strays + stray_notices + undecodable,
    )


def _judge_order(order: Expected, received: Received) -> OrderVerdict:
    expected_packets = order.sent.packets if order.content else 0
    lost = max(0, expected_packets - received.packets)
    surplus = max(0, received.packets - expected_packets)
    names = set(order.sent.events) | set(received.events)
    for name in names:
        difference = order.sent.events.get(name, 0) - received.events[name]
        lost += max(0, difference)
        surplus += max(0, -difference)
    # A record that names somebody else, and anything the probe cannot have sent.
    others = received.subjects.total() - received.subjects[order.subject] - received.subjects[None]
    surplus = max(surplus, others) + received.other
    # As many packets as were sent, but not the ones that were sent: somebody else's, or altered.
    if received.packets == expected_packets > 0 and received.digest != order.sent.digest:
        surplus += 1
    return OrderVerdict(
        order.reference,
        order.agency,
        order.liid,
        received.events.total(),
        received.packets,
        lost,
        surplus,
    )


def _folders(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(p for p in folder.iterdir() if p.is_dir())


def _received(agency: Path) -> Iterator[tuple[str, Received]]:
    """Per order folder; what a receiver got unannounced counts under that name, as a stray."""
    for folder in _folders(agency):
        if folder.name == "unannounced":
            for stray in _folders(folder):
                yield f"unannounced/{stray.name}", _read(stray)
        else:
            yield folder.name, _read(folder)


def _read(folder: Path) -> Received:
    received = Received()
    for line in _lines(folder / "iri.jsonl"):
        received.events[str(line.get("event"))] += 1
        received.subjects[_subject(line)] += 1
    received.other = sum(1 for _ in _lines(folder / "content.jsonl"))
    for packet in _packets(folder / "content.pcap"):
        received.packets += 1
        received.digest = add_digest(received.digest, packet)
    return received


def add_digest(total: int, packet: bytes) -> int:
    return (total + int.from_bytes(sha256(packet).digest(), "big")) % DIGEST_MODULUS


def _subject(line: dict[str, Any]) -> str | None:
    """The digits of the SUPI in a record, or None where it names none."""
    record = line.get("record")
    supi = record.get("sUPI") if isinstance(record, dict) else None
    if not isinstance(supi, dict):
        return None
    return str(supi.get("iMSI", supi))


def _notices(evidence: Path) -> dict[tuple[str, str], Counter[str]]:
    """The HI4 notifications that each agency holds, by order and type."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for agency in _folders(evidence):
        for line in _lines(agency / "notifications.jsonl"):
            key = (agency.name, str(line.get("liid")))
            found.setdefault(key, Counter())[str(line.get("notificationType"))] += 1
    return found


def _untold(notices: Counter[str]) -> int:
    """Every order's beginning and end is told at least once (TS 33.128 V19.7.0, 5.6.2)."""
    return sum(1 for kind in ("activation", "deactivation") if not notices[kind])


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if path.is_file():
        with path.open() as file:
            for line in file:
                yield json.loads(line)


def _packets(path: Path) -> Iterator[bytes]:
    """Packets of a little-endian pcap file, as the lab receiver writes it."""
    if not path.is_file():
        return
    content = path.read_bytes()
    position = _PCAP_HEADER
    while position < len(content):
        _, _, captured, _ = _PCAP_RECORD.unpack_from(content, position)
        position += _PCAP_RECORD.size
        yield content[position : position + captured]
        position += captured
