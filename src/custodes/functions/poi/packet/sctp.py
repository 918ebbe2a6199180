"""SCTP packets and their DATA chunks (RFC 9260, clauses 3.1, 3.2 and 3.3.1)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from custodes.functions.poi.packet.unreadable import UnreadableError

CHUNK_DATA, CHUNK_INIT, CHUNK_ABORT, CHUNK_I_DATA = 0, 1, 6, 64
FLAG_END, FLAG_BEGIN, FLAG_UNORDERED = 1, 2, 4
COMMON_HEADER = 12
DATA_HEADER = 16


@dataclass(frozen=True, slots=True)
class DataChunk:
    tsn: int
    stream: int
    sequence: int
    protocol: int  # payload protocol identifier, as it stands on the wire
    begin: bool
    end: bool
    unordered: bool
    payload: bytes


@dataclass(frozen=True, slots=True)
class SCTPPacket:
    """``chunk_types`` of everything that is not DATA, in order."""

    source_port: int
    destination_port: int
    verification_tag: int
    data: tuple[DataChunk, ...]
    chunk_types: tuple[int, ...]


def parse(octets: bytes) -> SCTPPacket:
    """Read one packet with all its chunks; each is bounded by its own length."""
    if len(octets) < COMMON_HEADER:
        raise UnreadableError("short SCTP header")
    source, destination, tag = struct.unpack_from(">HHI", octets)
    data: list[DataChunk] = []
    others: list[int] = []
    offset = COMMON_HEADER
    while offset < len(octets):
        if len(octets) - offset < 4:
            break  # padding of the last chunk counted in the packet
        kind, flags, length = struct.unpack_from(">BBH", octets, offset)
        if length < 4 or offset + length > len(octets):
            raise UnreadableError("SCTP chunk length")
        if kind == CHUNK_DATA:
            data.append(_data(octets[offset : offset + length], flags))
        else:
            others.append(kind)
        offset += (length + 3) & ~3
    return SCTPPacket(source, destination, tag, tuple(data), tuple(others))


def _data(chunk: bytes, flags: int) -> DataChunk:
    if len(chunk) <= DATA_HEADER:
        raise UnreadableError("SCTP DATA chunk without data")
    tsn, stream, sequence, protocol = struct.unpack_from(">IHHI", chunk, 4)
    return DataChunk(
        tsn=tsn,
        stream=stream,
        sequence=sequence,
        protocol=protocol,
        begin=bool(flags & FLAG_BEGIN),
        end=bool(flags & FLAG_END),
        unordered=bool(flags & FLAG_UNORDERED),
        payload=chunk[DATA_HEADER:],
    )
