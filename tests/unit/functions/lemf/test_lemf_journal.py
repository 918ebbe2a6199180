"""The journal on disks that fail: what was synced comes back, whole and in order, or it says so."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lemf_disk import FaultyFile

from custodes.base.errors import CustodesError
from custodes.functions.lemf import frames
from custodes.functions.lemf.frames import Frame
from custodes.functions.lemf.journal import Journal, JournalDamagedError, Recovered

SALT = bytes(range(16))
OCTETS = [bytes([0x30, number]) * (number % 60 + 1) for number in range(40)]


def opened(file: FaultyFile, floor: int = 0) -> tuple[Journal, list[bytes], Recovered]:
    found: list[bytes] = []
    journal = Journal(file, SALT)
    recovered = journal.recover(floor, lambda frame: found.append(frame.octets))
    return journal, found, recovered


def filled(file: FaultyFile, octets: list[bytes], sync_every: int = 1) -> Journal:
    journal, _, _ = opened(file)
    for number, each in enumerate(octets, 1):
        journal.append(each, number, "mdf2")
        if number % sync_every == 0:
            journal.sync()
    return journal


def test_what_is_appended_comes_back_with_its_time_and_peer() -> None:
    file = FaultyFile()
    filled(file, OCTETS[:3])
    found: list[Frame] = []
    assert Journal(file, bytes(16)).recover(0, found.append) == Recovered(3, 0)
    assert [(f.octets, f.arrival, f.peer) for f in found] == [
        (OCTETS[n], n + 1, "mdf2") for n in range(3)
    ]


def test_one_sync_serves_all_before_it() -> None:
    file = FaultyFile()
    journal = filled(file, OCTETS, sync_every=100)
    before = file.syncs
    journal.sync()
    journal.sync()
    assert file.syncs == before + 1
    assert file.on_disk == bytes(file.octets)
    assert journal.synced == journal.length == len(file.octets)


def test_a_torn_end_is_cut_at_every_octet() -> None:
    file = FaultyFile()
    filled(file, OCTETS[:3], sync_every=100)
    whole, last = bytes(file.octets), len(frames.write(Frame(3, "mdf2", OCTETS[2], 0), SALT))
    for missing in range(1, last):
        torn = FaultyFile(whole[:-missing])
        journal, found, recovered = opened(torn)
        assert found == OCTETS[:2]
        assert recovered.cut == last - missing
        journal.append(b"next", 9, "mdf2")
        assert opened(torn)[1] == [*OCTETS[:2], b"next"]


def test_a_header_that_never_was_whole_is_written_anew() -> None:
    header = frames.file_header(SALT)
    for length in range(len(header)):
        assert opened(FaultyFile(header[:length]))[1] == []
    with pytest.raises(JournalDamagedError):
        opened(FaultyFile(header[:10]), floor=100)
    with pytest.raises(JournalDamagedError):
        opened(FaultyFile(b"x" * 100))


def test_damage_before_what_was_synced_later_is_refused_and_nothing_changed() -> None:
    file = FaultyFile()
    filled(file, OCTETS[:5])
    for at in range(frames.HEADER_OCTETS, len(file.octets) - 70):
        damaged = bytearray(file.octets)
        damaged[at] ^= 1
        bad = FaultyFile(bytes(damaged))
        with pytest.raises(JournalDamagedError) as raised:
            opened(bad)
        assert raised.value.offset <= at
        assert bad.octets == damaged


def test_damage_of_what_the_manifest_knew_is_refused() -> None:
    file = FaultyFile()
    filled(file, OCTETS[:5])
    torn = FaultyFile(bytes(file.octets[:-1]))
    with pytest.raises(JournalDamagedError, match="manifest"):
        opened(torn, floor=len(file.octets))
    assert opened(torn, floor=len(file.octets) - 100)[1] == OCTETS[:4]


def test_what_looks_like_a_frame_inside_a_value_is_none() -> None:
    """A subject whose traffic holds frames cannot make a torn end look like damage."""
    inner = frames.write(Frame(1, "mdf2", b"x", 1 << 60), bytes(16))
    file = FaultyFile()
    filled(file, [OCTETS[0], inner + bytes(50)], sync_every=100)
    torn = FaultyFile(bytes(file.octets[:-1]))
    assert opened(torn)[1] == OCTETS[:1]


def test_a_full_disk_leaves_no_part_and_no_hole() -> None:
    file = FaultyFile()
    journal = filled(file, OCTETS[:3])
    file.room = len(file.octets) + 10
    with pytest.raises(CustodesError):
        journal.append(OCTETS[3], 4, "mdf2")
    for refused in (lambda: journal.append(b"x", 5, "mdf2"), journal.sync):
        with pytest.raises(CustodesError):
            refused()
    with pytest.raises(CustodesError):  # as full as before
        journal.recover(0, lambda _: None)
    file.room = None
    found: list[Frame] = []
    assert journal.recover(0, found.append).frames == 3
    journal.append(OCTETS[3], 4, "mdf2")
    assert opened(file)[1] == OCTETS[:4]


def test_after_a_failed_sync_only_what_was_synced_is_left() -> None:
    file = FaultyFile()
    journal = filled(file, OCTETS[:3])
    journal.append(OCTETS[3], 4, "mdf2")
    file.sync_fails = 1
    with pytest.raises(CustodesError):
        journal.sync()
    found: list[Frame] = []
    journal.recover(0, found.append)
    assert [frame.octets for frame in found] == OCTETS[:3]
    journal.append(OCTETS[3], 4, "mdf2")
    journal.sync()
    assert opened(file)[1] == OCTETS[:4]


@settings(max_examples=300)
@given(st.integers(0, 2**32), st.integers(1, 15), st.integers(0, 40))
def test_power_lost_at_any_moment_keeps_what_was_synced(seed: int, every: int, many: int) -> None:
    file = FaultyFile()
    journal = filled(file, OCTETS[:many], every)
    synced = many - many % every
    floor = journal.synced if seed % 2 else 0
    left = file.after_power_loss(random.Random(seed))
    again, found, _ = opened(left, floor)
    assert found[:synced] == OCTETS[:synced]
    assert found == OCTETS[: len(found)]
    again.append(b"next", 99, "mdf3")
    again.sync()
    assert opened(left, again.synced)[1] == [*found, b"next"]
