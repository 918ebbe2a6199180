"""X2/X3 octets read by a foreign judge: Wireshark's dissector of ETSI TS 103 221-2.

tshark 4.0.17 has no TCP reassembly for this protocol, so every PDU is one segment. It shows the
header, the payload and attributes 5 to 18, and steps over all other attributes by their length.
"""

from __future__ import annotations

import json
import os
import struct
import subprocess
from collections import defaultdict
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

import judges
from custodes.wire.x2x3.attributes import (
    IPID,
    NFID,
    MatchedTargetIdentifier,
    SequenceNumber,
    SourceIPv4Address,
    Timestamp,
)
from custodes.wire.x2x3.pdu import PDU, PayloadDirection, PayloadFormat, PDUType, decode, encode
from custodes.wire.x2x3.rules import keepalive, keepalive_acknowledgement

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "x2x3_valid.json"
PORT = 47000

# Attribute type -> the dissector's field.
FIELDS = {
    5: "did",
    6: "nfid",
    7: "ipid",
    8: "sq",
    9: "ts",
    10: "srcip",
    11: "dstip",
    12: "srcipv6",
    13: "dstipv6",
    14: "srcport",
    15: "dstport",
    16: "ipproto",
    17: "mti",
    18: "oti",
}
NUMBERS = {8, 14, 15, 16}


@pytest.fixture(scope="module")
def tshark() -> str:
    return judges.tshark()


def write_pcap(path: Path, pdus: list[bytes]) -> None:
    """A capture of raw IPv4 with one TCP segment, of a connection of its own, for each PDU.

    On one connection a payload's dissector may ask TCP for more, and gets the next PDU with it.
    """
    address = bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2])
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
        for number, octets in enumerate(pdus):
            ports = 10_000 + number, PORT
            tcp = struct.pack("!HHIIBBHHH", *ports, 1, 1, 0x50, 0x18, 65535, 0, 0)
            length = 20 + len(tcp) + len(octets)
            ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, length, 1, 0, 64, 6, 0, *address)
            file.write(struct.pack("<IIII", 0, 0, length, length) + ip + tcp + octets)


def judge(tshark: str, path: Path, pdus: list[bytes]) -> list[dict[str, list[str]]]:
    """What tshark reads in each PDU: every li5g field with its values in order."""
    write_pcap(path, pdus)
    run = subprocess.run(
        [tshark, "-n", "-r", str(path), "-d", f"tcp.port=={PORT},5gli", "-T", "json", "-J", "5gli"],
        capture_output=True,
        timeout=60,
        check=True,
        env={**os.environ, "TZ": "UTC"},
    )
    packets = json.loads(run.stdout, object_pairs_hook=_fields)
    assert len(packets) == len(pdus)
    return packets


def _fields(pairs: list[tuple[str, Any]]) -> Any:
    """Flatten one packet to field -> values, and the types of its attributes to "tree"."""
    found: dict[str, list[str]] = defaultdict(list)
    for key, value in pairs:
        if key.startswith("li5g.") and key.endswith("_tree"):
            found["tree"] += value["li5g.attrType"]
        elif isinstance(value, dict):
            for name, values in value.items():
                found[name] += values
        elif key.startswith("li5g."):
            found[key].append(value)
    return found


def expected_text(kind: int, octets: bytes) -> str:
    """An attribute's value as tshark prints it."""
    if kind in NUMBERS:
        return str(int.from_bytes(octets, "big"))
    if kind == 9:
        seconds, nanoseconds = struct.unpack("!II", octets)
        moment = datetime.fromtimestamp(seconds, UTC)
        return f"{moment:%b} {moment.day:2d}, {moment:%Y %H:%M:%S}.{nanoseconds:09d} UTC"
    if kind in (10, 11):
        return ".".join(str(o) for o in octets)
    if kind in (12, 13):
        return str(IPv6Address(octets))
    return octets.hex(":")


def compare(read: dict[str, list[str]], octets: bytes, value: dict[str, Any]) -> None:
    attributes = [(a["type"], bytes.fromhex(a["hex"])) for a in value["attributes"]]
    payload = bytes.fromhex(value["payload"])
    header = {
        "ver": value["version"][0] << 8 | value["version"][1],
        "type": value["type"],
        "hl": len(octets) - len(payload),
        "pl": len(payload),
        "pf": value["payload_format"],
        "pd": value["payload_direction"],
    }
    for name, number in header.items():
        assert read[f"li5g.{name}"] == [str(number)], name
    assert read["li5g.xid"] == [value["xid"]]
    assert read["li5g.cid"] == [value["correlation_id"].to_bytes(8, "big").hex(":")]
    shown = [(t, o) for t, o in attributes if t in FIELDS]
    assert read["tree"] == [str(t) for t, _ in shown]
    for kind, name in FIELDS.items():
        wanted = [expected_text(t, o) for t, o in shown if t == kind]
        assert read[f"li5g.{name}"] == wanted, name
    if payload:
        assert read["li5g.pld"] == [payload.hex(":")]


def test_the_judge_reads_every_vector_as_we_do(tshark: str, tmp_path: Path) -> None:
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
    pdus = [bytes.fromhex(v["hex"]) for v in vectors]
    for vector, octets, read in zip(
        vectors, pdus, judge(tshark, tmp_path / "vectors.pcap", pdus), strict=True
    ):
        compare(read, octets, vector["value"])
        assert encode(decode(octets)) == octets


def test_the_judge_reads_what_we_make(tshark: str, tmp_path: Path) -> None:
    """Octets of our own encoder, with the values we put in, in every format and direction."""
    made = [
        PDU(
            kind,
            payload_format,
            direction,
            UUID("11111111-2222-4333-8444-555555555555"),
            number,
            (
                NFID(b"upf-1.example.org"),
                IPID(b"poi-1"),
                SequenceNumber(number),
                Timestamp(1_700_000_000_123_456_789),
                SourceIPv4Address(IPv4Address("192.0.2.1")),
                MatchedTargetIdentifier("<imsi>001010000000001</imsi>"),
            ),
            b"payload",
            (0, 5),
        )
        for number, payload_format in enumerate(PayloadFormat)
        for kind, permitted in (
            (PDUType.X2, payload_format.x2),
            (PDUType.X3, payload_format.x3),
        )
        if permitted
        for direction in PayloadDirection
    ]
    made += [keepalive(7), keepalive_acknowledgement(2**32 - 1)]
    pdus = [encode(p) for p in made]
    for pdu, octets, read in zip(
        made, pdus, judge(tshark, tmp_path / "ours.pcap", pdus), strict=True
    ):
        compare(
            read,
            octets,
            {
                "version": pdu.version,
                "type": int(pdu.type),
                "payload_format": int(pdu.payload_format),
                "payload_direction": int(pdu.payload_direction),
                "xid": str(pdu.xid),
                "correlation_id": pdu.correlation_id,
                "attributes": [
                    {"type": int(a.type), "hex": a.to_octets().hex()} for a in pdu.attributes
                ],
                "payload": pdu.payload.hex(),
            },
        )
