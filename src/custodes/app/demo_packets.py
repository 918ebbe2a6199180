"""Packets of the demo's capture: pcap, IPv4, UDP, SCTP, ICMP, DNS, GTP-U. Encoders only."""

from __future__ import annotations

import struct

LINKTYPE_RAW = 101
PCAP_NANOSECOND_MAGIC = 0xA1B23C4D
NGAP_PAYLOAD_PROTOCOL = 60
CRC32C_POLYNOMIAL = 0x82F63B78  # RFC 9260, appendix A, bit-reversed


def pcap(frames: list[tuple[int, bytes]]) -> bytes:
    """A pcap file of IP packets with times in nanoseconds since 1970."""
    header = struct.pack("<IHHiIII", PCAP_NANOSECOND_MAGIC, 2, 4, 0, 0, 65535, LINKTYPE_RAW)
    records = [
        struct.pack("<IIII", *divmod(time_ns, 1_000_000_000), len(octets), len(octets)) + octets
        for time_ns, octets in frames
    ]
    return header + b"".join(records)


def address(text: str) -> bytes:
    return bytes(map(int, text.split(".")))


def internet_checksum(octets: bytes) -> int:
    padded = octets + b"\0" * (len(octets) % 2)
    total: int = sum(struct.unpack(f">{len(padded) // 2}H", padded))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ipv4(source: str, destination: str, protocol: int, payload: bytes, number: int = 0) -> bytes:
    def header(checksum: int) -> bytes:
        return struct.pack(
            ">BBHHHBBH4s4s",
            0x45,
            0,
            20 + len(payload),
            number & 0xFFFF,
            0x4000,
            64,
            protocol,
            checksum,
            address(source),
            address(destination),
        )

    return header(internet_checksum(header(0))) + payload


def udp(source_port: int, destination_port: int, payload: bytes) -> bytes:
    """Checksum 0: not used (RFC 768)."""
    return struct.pack(">HHHH", source_port, destination_port, 8 + len(payload), 0) + payload


def crc32c(octets: bytes) -> int:
    crc = 0xFFFF_FFFF
    for octet in octets:
        crc ^= octet
        for _ in range(8):
            crc = crc >> 1 ^ (CRC32C_POLYNOMIAL if crc & 1 else 0)
    return crc ^ 0xFFFF_FFFF


def sctp_data(ports: tuple[int, int], tag: int, tsn: int, sequence: int, payload: bytes) -> bytes:
    """One packet with one DATA chunk, whole, on stream 1."""
    chunk = struct.pack(
        ">BBHIHHI", 0, 3, 16 + len(payload), tsn, 1, sequence & 0xFFFF, NGAP_PAYLOAD_PROTOCOL
    )
    chunk += payload + b"\0" * (-len(payload) % 4)
    header = struct.pack(">HHI", *ports, tag)
    checksum = crc32c(header + b"\0\0\0\0" + chunk)
    return header + struct.pack("<I", checksum) + chunk


def gtpu(teid: int, inner: bytes, qfi: int, *, uplink: bool) -> bytes:
    """A G-PDU with a PDU Session Container (TS 29.281 5.2.2.7, TS 38.415 5.5.2)."""
    container = bytes([1, 0x10 if uplink else 0x00, qfi, 0])
    optional = b"\0\0\0\x85" + container
    return struct.pack(">BBHI", 0x34, 255, len(optional) + len(inner), teid) + optional + inner


def icmp_echo(number: int, *, reply: bool) -> bytes:
    body = struct.pack(">HH", 0x1234, number) + bytes(range(32))
    kind = 0 if reply else 8
    checksum = internet_checksum(struct.pack(">BBH", kind, 0, 0) + body)
    return struct.pack(">BBH", kind, 0, checksum) + body


def dns(number: int, name: str, answer: str | None) -> bytes:
    """A query of type A, or its answer."""
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    question = labels + b"\0" + struct.pack(">HH", 1, 1)
    if answer is None:
        return struct.pack(">HHHHHH", number, 0x0100, 1, 0, 0, 0) + question
    record = struct.pack(">HHHIH", 0xC00C, 1, 1, 60, 4) + address(answer)
    return struct.pack(">HHHHHH", number, 0x8180, 1, 1, 0, 0) + question + record
