"""The file layer itself: it sees every way to write, and forgets no more than a disk may."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from faults.disk.disk_log import Kind, Operation, said
from faults.disk.disk_power import Disk, cuts, moments, rebuild, snapshot
from faults.disk.disk_recorder import Recording, build_recorder, record

_SCRIPT = """
import os, sys
from pathlib import Path
root = Path(sys.argv[1])
(root / "old").write_bytes(b"new")
with (root / "old").open("ab") as file:
    file.write(b"er")
(root / "in").mkdir()
descriptor = os.open(root / "in" / "grown", os.O_RDWR | os.O_CREAT, 0o600)
os.pwrite(descriptor, b"x" * 3000, 0)
os.fsync(descriptor)
print("synced", flush=True)
os.pwrite(descriptor, b"y" * 3000, 1500)
os.ftruncate(descriptor, 4000)
folder = os.open(root / "in", os.O_RDONLY | os.O_DIRECTORY)
os.fsync(folder)
print("named", flush=True)
os.rename(root / "in" / "grown", root / "in" / "renamed")
os.truncate(root / "in" / "renamed", 3500)
(root / "gone").write_bytes(b"z")
(root / "gone").unlink()
(root / "empty").mkdir()
(root / "empty").rmdir()
os.chdir(root / "in")
fd = os.open("relative", os.O_WRONLY | os.O_CREAT)
os.write(fd, b"r")
os.rename("relative", "relation", src_dir_fd=folder, dst_dir_fd=folder)
os.fdatasync(fd)
"""


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    folder = tmp_path_factory.mktemp("recorded")
    script, root = folder / "script.py", folder / "root"
    script.write_text(_SCRIPT)
    root.mkdir()
    (root / "old").write_bytes(b"older")
    return record(build_recorder(folder), root, script)


def test_every_operation_is_seen_in_its_order(recording: Recording) -> None:
    names = [(one.kind, one.path) for one in recording.operations if one.kind is not Kind.SAY]
    assert names == [
        (Kind.TRUNCATE, "old"),
        (Kind.WRITE, "old"),
        (Kind.WRITE, "old"),
        (Kind.MKDIR, "in"),
        (Kind.CREATE, "in/grown"),
        (Kind.WRITE, "in/grown"),
        (Kind.SYNC, "in/grown"),
        (Kind.WRITE, "in/grown"),
        (Kind.TRUNCATE, "in/grown"),
        (Kind.SYNC_FOLDER, "in"),
        (Kind.RENAME, "in/grown"),
        (Kind.TRUNCATE, "in/renamed"),
        (Kind.CREATE, "gone"),
        (Kind.WRITE, "gone"),
        (Kind.UNLINK, "gone"),
        (Kind.MKDIR, "empty"),
        (Kind.RMDIR, "empty"),
        (Kind.CREATE, "in/relative"),
        (Kind.WRITE, "in/relative"),
        (Kind.RENAME, "in/relative"),
        (Kind.SYNC, "in/relation"),
    ]
    assert said(recording.operations) == ["synced", "named"]


def test_a_cut_leaves_every_state_that_it_may_and_no_other(recording: Recording) -> None:
    chance = random.Random(1)
    at = next(n for n, one in enumerate(recording.operations) if one.kind is Kind.SYNC_FOLDER) + 1
    [(_, disk)] = cuts(recording.start, recording.operations, [at])
    lefts = [disk.after(chance) for _ in range(400)]
    assert {left["old"] for left in lefts} >= {b"older", b"newer", b"", b"new"}
    # The folder's own name was never synced: all of it may be lost, whatever was synced in it.
    assert {"in" in left for left in lefts} == {True, False}
    grown = [left["in/grown"] for left in lefts if "in" in left]
    x, y = b"x", b"y"
    assert all(one is not None and one[:1500] == x * 1500 for one in grown)
    assert {x * 3000, x * 1500 + y * 2500} <= set(grown)
    assert any(one is not None and x + y in one and y + x in one for one in grown), "torn"
    assert any(one is not None and 3000 < len(one) < 4000 for one in grown), "cut short"
    assert all(one is not None and 3000 <= len(one) <= 4500 for one in grown)


def test_what_was_synced_is_there_after_every_cut(tmp_path: Path) -> None:
    octets = bytes(range(256)) * 8
    steps = [
        Operation(Kind.CREATE, 1, 0, "a", b""),
        Operation(Kind.WRITE, 1, 0, "a", octets),
        Operation(Kind.SYNC, 1, 0, "a", b""),
        Operation(Kind.SYNC_FOLDER, 2, 0, "", b""),
        Operation(Kind.UNLINK, 0, 0, "a", b""),
    ]
    disk, lying = Disk(()), Disk((), obeys=False)
    for step in steps[:4]:
        disk.take(step)
        lying.take(step)
    chance = random.Random(2)
    assert all(disk.after(chance) == {"a": octets} for _ in range(50))
    assert len({str(lying.after(chance)) for _ in range(50)}) > 5
    disk.take(steps[4])
    assert {frozenset(disk.after(chance)) for _ in range(50)} == {frozenset(), frozenset("a")}
    rebuild(tmp_path / "after", {"a": octets, "b": None, "b/c": b""})
    assert {name: held for name, _, held in snapshot(tmp_path / "after")} == {
        "a": octets,
        "b": None,
        "b/c": b"",
    }


def test_moments_are_among_the_operations(recording: Recording) -> None:
    chosen = moments(recording.operations, 50, random.Random(3))
    assert len(chosen) == 50
    assert all(0 <= one <= len(recording.operations) for one in chosen)
    spoken = [n + 1 for n, one in enumerate(recording.operations) if one.kind is Kind.SAY]
    assert sum(one in spoken for one in chosen) >= 25


def test_what_is_written_past_the_recorder_is_noticed(tmp_path: Path) -> None:
    script, root = tmp_path / "script.py", tmp_path / "root"
    root.mkdir()
    script.write_text(
        "import mmap, sys\nfile = open(sys.argv[1] + '/f', 'w+b')\nfile.write(bytes(9))\n"
        "file.flush()\nmmap.mmap(file.fileno(), 9)[0] = 1\n"
    )
    with pytest.raises(AssertionError, match="past the recorder"):
        record(build_recorder(tmp_path), root, script)
