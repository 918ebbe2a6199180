"""capture/pcap.py, capture/open.py: four magic numbers, pieces of any size, limits."""

from __future__ import annotations

import struct

import pytest

from custodes.base.errors import DecodeError
from custodes.functions.poi.capture.open import CaptureReader
from custodes.functions.poi.capture.pcap import PcapReader


def pcap(
    order: str, magic: int, fraction: int, octets: bytes = b"frame", linktype: int = 113
) -> bytes:
    header = struct.pack(f"{order}IHHiIII", magic, 2, 4, 0, 0, 65535, linktype)
    return header + struct.pack(f"{order}IIII", 1_000, fraction, len(octets), 99) + octets


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("magic", "fraction"), [(0xA1B2C3D4, 5), (0xA1B23C4D, 5000)])
def test_every_magic_gives_nanoseconds(order: str, magic: int, fraction: int) -> None:
    reader = CaptureReader()
    reader.receive_data(pcap(order, magic, fraction))
    frame = reader.next_frame()
    assert frame is not None
    assert frame.timestamp_ns == 1_000_000_005_000
    assert (frame.linktype, frame.octets, frame.original_length) == (113, b"frame", 99)
    assert reader.next_frame() is None
    assert reader.pending() == 0


def test_octet_by_octet() -> None:
    reader, found = CaptureReader(), []
    for octet in pcap("<", 0xA1B2C3D4, 0) + pcap("<", 0xA1B2C3D4, 0)[24:]:
        reader.receive_data(bytes([octet]))
        while (frame := reader.next_frame()) is not None:
            found.append(frame.octets)
    assert found == [b"frame", b"frame"]


def test_cut_file_has_octets_pending() -> None:
    reader = CaptureReader()
    reader.receive_data(pcap("<", 0xA1B2C3D4, 0)[:-1])
    assert reader.next_frame() is None
    assert reader.pending() > 0


def test_frame_check_sequence_bits_are_not_the_link_type() -> None:
    reader = PcapReader()
    reader.receive_data(pcap("<", 0xA1B2C3D4, 0, linktype=0x5400_0001))
    frame = reader.next_frame()
    assert frame is not None
    assert frame.linktype == 1


@pytest.mark.parametrize(
    "octets",
    [
        b"GIF89a--------------------",
        struct.pack("<IHHiIII", 0xA1B2C3D4, 3, 4, 0, 0, 65535, 1),
        pcap("<", 0xA1B2C3D4, 0)[:24] + struct.pack("<IIII", 0, 0, 0x7FFF_FFFF, 0),
    ],
)
def test_what_cannot_be_trusted_is_refused(octets: bytes) -> None:
    reader = CaptureReader()

    def read() -> None:
        reader.receive_data(octets)
        reader.next_frame()

    with pytest.raises(DecodeError):
        read()


def test_a_damaged_length_says_which_frame_and_where() -> None:
    reader = CaptureReader()
    whole = pcap("<", 0xA1B2C3D4, 0)
    reader.receive_data(whole + struct.pack("<IIII", 0, 0, 0x7FFF_FFFF, 0))
    assert reader.next_frame() is not None
    with pytest.raises(DecodeError, match="frame 2 ") as caught:
        reader.next_frame()
    assert caught.value.offset == len(whole)
