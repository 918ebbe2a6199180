"""The vectors of the repository as the decoder gets them, and captures that carry octets."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from custodes.app.decode.message import Message
from custodes.app.decode.source import Source
from custodes.app.demo_packets import ipv4, pcap

VECTORS = Path(__file__).resolve().parents[3] / "vectors"
FILES = ("x1", "x2x3", "iri", "handover")
SECOND = 1_000_000_000


def load(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
    return found


def vector(file: str, name: str) -> bytes:
    return next(bytes.fromhex(v["hex"]) for v in load(file) if v["name"] == name)


def decode(octets: bytes, forced: str | None = None) -> list[Message]:
    """Every message of a source that holds the octets."""
    return list(Source("test", io.BytesIO(octets), forced).messages())


def tcp(sequence: int, payload: bytes, flags: int = 0x10, ports: tuple[int, int] = (1, 2)) -> bytes:
    header = struct.pack(">HHIIBBHHH", *ports, sequence % (1 << 32), 0, 0x50, flags, 65535, 0, 0)
    return ipv4("192.0.2.1", "198.51.100.2", 6, header + payload)


def capture(packets: Iterable[bytes]) -> bytes:
    return pcap([((1_767_225_600 + n) * SECOND, packet) for n, packet in enumerate(packets)])


def segments(octets: bytes, size: int, first: int = 1000) -> list[bytes]:
    """The octets in TCP segments of one direction, behind a SYN."""
    data = [tcp(first + 1 + at, octets[at : at + size], 0x18) for at in range(0, len(octets), size)]
    return [tcp(first, b"", 0x02), *data]


def kinds(messages: Sequence[Message]) -> list[str]:
    return [message.kind for message in messages]
