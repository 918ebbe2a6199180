"""Rewrites the free5gc capture: other subscriber, addresses, tunnels, SEIDs, ports; same story.

It shares no code with the probe: it knows the file as octets, and replaces the encodings that it
knows by others of the same length.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass

ENHANCED_PACKET = 6
SLL = 16
SCTP, UDP = 132, 17

LOOPBACK = bytes([127, 0, 0, 1])
GNB_N3 = bytes([10, 200, 200, 1])  # the SMF has the same address
UPF_N4 = bytes([10, 200, 200, 101])
UPF_N3 = bytes([10, 200, 200, 102])
UE = bytes([60, 60, 0, 1])
PEER = bytes([60, 60, 0, 101])
GNB_PORT, AMF_PORT, PFCP_PORT, GTPU_PORT = 9487, 38412, 8805, 2152
PLMN = bytes.fromhex("02f839")
MSIN = bytes.fromhex("00004778")
IMEISV = bytes.fromhex("151100000000000000")
TMSI = bytes.fromhex("cafe0000000001")


@dataclass(frozen=True)
class Packet:
    """Where an Enhanced Packet Block and its frame stand in the file."""

    block: int
    block_length: int
    frame: int
    frame_length: int


@dataclass
class Plan:
    """What everything becomes."""

    imsi: str
    plmn: bytes
    msin: bytes
    imeisv: bytes
    tmsi: bytes
    addresses: dict[bytes, bytes]
    gnb: bytes
    amf: bytes
    ports: dict[int, int]
    uplink_teid: bytes
    downlink_teid: bytes
    smf_seid: bytes
    upf_seid: bytes

    @property
    def ue(self) -> bytes:
        return self.addresses[UE]


def packets(capture: bytes) -> Iterator[Packet]:
    """All Enhanced Packet Blocks of a little-endian pcapng file."""
    offset = 0
    while offset < len(capture):
        kind, length = struct.unpack_from("<II", capture, offset)
        if kind == ENHANCED_PACKET:
            (captured,) = struct.unpack_from("<I", capture, offset + 20)
            yield Packet(offset, length, offset + 28, captured)
        offset += length


def without_last_frame(capture: bytes) -> bytes:
    last = list(packets(capture))[-1]
    return capture[: last.block] + capture[last.block + last.block_length :]


def plan(seed: int) -> Plan:
    chance = random.Random(seed)
    plmn_digits, plmn = chance.choice((("00101", "00f110"), ("99970", "99f907")))
    msin = "".join(chance.choice("0123456789") for _ in range(8))
    addresses: set[bytes] = set()
    while len(addresses) < 8:
        first = chance.choice((10, 172, 192, 198, 203))
        addresses.add(bytes([first, *(chance.randrange(1, 255) for _ in range(3))]))
    shuffled = sorted(addresses)
    chance.shuffle(shuffled)
    names = (LOOPBACK, GNB_N3, UPF_N4, UPF_N3, UE, PEER)
    ports = chance.sample(range(1024, 65536), 4)
    digits = "".join(chance.choice("0123456789") for _ in range(16))
    return Plan(
        imsi=plmn_digits + msin,
        plmn=bytes.fromhex(plmn),
        msin=_bcd(msin),
        imeisv=bytes([int(digits[0]) << 4 | 5]) + _bcd(digits[1:] + "0"),
        tmsi=TMSI[:3] + chance.randbytes(4),
        addresses=dict(zip(names, shuffled, strict=False)),
        gnb=shuffled[6],
        amf=shuffled[7],
        ports=dict(zip((GNB_PORT, AMF_PORT, PFCP_PORT, GTPU_PORT), ports, strict=True)),
        uplink_teid=chance.randbytes(4),
        downlink_teid=chance.randbytes(4),
        smf_seid=chance.randbytes(8),
        upf_seid=chance.randbytes(8),
    )


def rewrite(capture: bytes, seed: int) -> tuple[bytes, Plan]:
    """The same capture with everything that names anybody replaced."""
    made, chosen = bytearray(capture), plan(seed)
    for packet in packets(capture):
        frame = capture[packet.frame : packet.frame + packet.frame_length]
        if frame[14:16] != b"\x08\x00":
            continue
        new = frame[:SLL] + _ip(frame[SLL:], chosen)
        assert len(new) == len(frame)
        made[packet.frame : packet.frame + packet.frame_length] = new
    return bytes(made), chosen


def _ip(octets: bytes, chosen: Plan) -> bytes:
    header, payload = bytearray(octets[:20]), octets[20:]
    source, destination = bytes(header[12:16]), bytes(header[16:20])
    new_source = chosen.addresses.get(source, source)
    new_destination = chosen.addresses.get(destination, destination)
    if header[9] == SCTP:
        from_gnb = struct.unpack_from(">H", payload)[0] == GNB_PORT
        new_source, new_destination = (
            (chosen.gnb, chosen.amf) if from_gnb else (chosen.amf, chosen.gnb)
        )
        payload = _sctp(payload, chosen)
    elif header[9] == UDP:
        payload = _udp(payload, destination, chosen)
    header[12:16], header[16:20] = new_source, new_destination
    header[10:12] = b"\0\0"
    header[10:12] = struct.pack(">H", _checksum(bytes(header)))
    return bytes(header) + payload


def _ports(payload: bytes, chosen: Plan) -> bytes:
    source, destination = struct.unpack_from(">HH", payload)
    return struct.pack(">HH", chosen.ports[source], chosen.ports[destination])


def _sctp(payload: bytes, chosen: Plan) -> bytes:
    rest = payload[4:]
    for tunnel, teid in ((UPF_N3, chosen.uplink_teid), (GNB_N3, chosen.downlink_teid)):
        rest = rest.replace(tunnel + b"\0\0\0\1", chosen.addresses[tunnel] + teid)
    rest = rest.replace(b"\x29\x05\x01" + UE, b"\x29\x05\x01" + chosen.ue)
    rest = rest.replace(b"\xf0\xff\0\0" + MSIN, b"\xf0\xff\0\0" + chosen.msin)
    rest = rest.replace(IMEISV, chosen.imeisv).replace(TMSI, chosen.tmsi)
    return _ports(payload, chosen) + rest.replace(PLMN, chosen.plmn)


def _udp(payload: bytes, destination: bytes, chosen: Plan) -> bytes:
    (port,) = struct.unpack_from(">H", payload, 2)
    body = payload[8:]
    new = _pfcp(body, chosen) if port == PFCP_PORT else _gtpu(body, destination, chosen)
    return _ports(payload, chosen) + payload[4:6] + b"\0\0" + new


def _pfcp(body: bytes, chosen: Plan) -> bytes:
    flags, kind = body[0], body[1]
    if flags & 1 and kind != 50:  # an establishment request does not know a SEID yet
        to_upf = kind % 2 == 0
        body = body[:4] + (chosen.upf_seid if to_upf else chosen.smf_seid) + body[12:]
    one = b"\0\0\0\0\0\0\0\1"
    f_teid, creation = b"\0\x15\0\x09\x01", b"\0\x54\0\x0a\x01\0"
    f_seid, f_seid_upf = b"\0\x39\0\x0d\x02", b"\0\x39\0\x1d\x03"
    pairs = (
        (f_teid + one[4:] + UPF_N3, f_teid + chosen.uplink_teid + UPF_N3),
        (creation + one[4:] + GNB_N3, creation + chosen.downlink_teid + GNB_N3),
        (f_seid + one, f_seid + chosen.smf_seid),
        (f_seid_upf + one, f_seid_upf + chosen.upf_seid),
        (b"\0\x5d\0\x05\x02" + UE, b"\0\x5d\0\x05\x02" + chosen.ue),
    )
    for old, new in pairs:
        body = body.replace(old, new)
    for old in (GNB_N3, UPF_N4, UPF_N3):
        body = body.replace(old, chosen.addresses[old])
    return body


def _gtpu(body: bytes, destination: bytes, chosen: Plan) -> bytes:
    teid = chosen.uplink_teid if destination == UPF_N3 else chosen.downlink_teid
    start = 12 if body[0] & 7 else 8
    inner = bytearray(body[start:])
    inner[12:16] = chosen.addresses[bytes(inner[12:16])]
    inner[16:20] = chosen.addresses[bytes(inner[16:20])]
    inner[10:12] = b"\0\0"
    inner[10:12] = struct.pack(">H", _checksum(bytes(inner[:20])))
    return body[:4] + teid + body[8:start] + bytes(inner)


def _bcd(digits: str) -> bytes:
    return bytes(int(digits[i + 1] + digits[i], 16) for i in range(0, len(digits), 2))


def _checksum(header: bytes) -> int:
    total = sum(struct.unpack(f">{len(header) // 2}H", header))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
