"""The octets of the journal: what is written is read, what is changed is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.functions.lemf import frames
from custodes.functions.lemf.frames import Frame

SALT = bytes(range(frames.SALT_OCTETS))
FRAME = Frame(1_893_456_000_000_000_001, "mdf2", b"\x30\x03\x02\x01\x05", 60)


def read(octets: bytes, salt: bytes = SALT) -> Frame | None:
    start = frames.read_start(octets[: frames.FRAME_OCTETS])
    return start and frames.read_rest(start, octets[frames.FRAME_OCTETS :], salt)


@given(
    st.builds(
        Frame,
        st.integers(0, 2**64 - 1),
        st.text(alphabet="abcdef-3", max_size=60),
        st.binary(min_size=1, max_size=300),
        st.integers(0, 2**64 - 1),
    )
)
def test_a_frame_comes_back(frame: Frame) -> None:
    assert read(frames.write(frame, SALT)) == frame


def test_the_layout_is_fixed() -> None:
    octets = frames.write(FRAME, SALT)
    assert frames.HEADER_OCTETS == 32
    assert frames.FRAME_OCTETS == 29
    assert octets[:8] == frames.MARKER + (5).to_bytes(4, "big")
    assert octets[8:24] == FRAME.arrival.to_bytes(8, "big") + (60).to_bytes(8, "big")
    assert octets[24] == 4
    assert octets[29:] == b"mdf2" + FRAME.octets


def test_every_changed_or_missing_octet_is_found() -> None:
    octets = frames.write(FRAME, SALT)
    for at in range(len(octets)):
        changed = octets[:at] + bytes([octets[at] ^ 0x10]) + octets[at + 1 :]
        assert read(changed) is None
        assert read(octets[:at]) is None
    assert read(octets + b"\0") is None


def test_zeros_and_a_frame_of_another_journal_are_no_frame() -> None:
    assert read(bytes(200)) is None
    assert read(frames.write(FRAME, bytes(frames.SALT_OCTETS))) is None


def test_a_length_that_nobody_sends_is_no_frame() -> None:
    octets = bytearray(frames.write(FRAME, SALT))
    octets[4:8] = (frames.MAX_OCTETS + 1).to_bytes(4, "big")
    assert frames.read_start(bytes(octets[: frames.FRAME_OCTETS])) is None


def test_the_header_gives_the_salt_back() -> None:
    header = frames.file_header(SALT)
    assert frames.read_file_header(header) == SALT


@pytest.mark.parametrize("at", [0, 11, 20, 31])
def test_another_header_is_none(at: int) -> None:
    header = bytearray(frames.file_header(SALT))
    header[at] ^= 1
    assert frames.read_file_header(bytes(header)) is None
    assert frames.read_file_header(bytes(header[:at])) is None
