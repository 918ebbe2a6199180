"""Runs a Python script with everything that it does to one folder recorded."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from faults.disk.disk_log import Operation, read_log
from faults.disk.disk_power import Disk, Snapshot, recorded, snapshot

_SOURCE = Path(__file__).with_name("recorder.c")
_TESTS = Path(__file__).parents[2]
_MEMORY = Path("/dev/shm")  # noqa: S108 - a file system, not a name in one
_ROOM = 512 << 20


def build_recorder(folder: Path) -> Path:
    """The recorder as a library for LD_PRELOAD, or the end of the test."""
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        reason = "the disk recorder needs Linux and a C compiler (cc)"
        if os.environ.get("CI"):
            pytest.fail(f"{reason}: in CI nothing is skipped")
        pytest.skip(reason)
    library = folder / "recorder.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-pthread", "-o", str(library), str(_SOURCE)]
    subprocess.run(command, check=True)
    return library


@dataclass(frozen=True)
class Recording:
    """What the folder held before, and what happened then."""

    start: Snapshot
    operations: list[Operation]


def record(
    library: Path, folder: Path, script: Path, arguments: Sequence[str] = (), timeout: float = 120
) -> Recording:
    """Run ``script FOLDER ARGUMENTS...`` to its end.

    A recording that does not explain every octet that the folder holds at the end is an error:
    something was written past the recorder.
    """
    start, log = snapshot(folder), folder.with_name(f"{folder.name}.log")
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "LD_PRELOAD": str(library),
        "DISK_ROOT": str(folder),
        "DISK_LOG": str(log),
        "PYTHONPATH": os.pathsep.join([str(_TESTS), *filter(None, [os.environ.get("PYTHONPATH")])]),
    }
    command = [sys.executable, str(script), str(folder), *arguments]
    ran = subprocess.run(command, env=environment, capture_output=True, timeout=timeout)
    assert ran.returncode == 0, ran.stderr.decode()
    recording = Recording(start, read_log(log))
    disk = Disk(start)
    for one in recording.operations:
        disk.take(one)
    found = {name: octets for name, _, octets in snapshot(folder)}
    assert recorded(disk.holds()) == recorded(found), "something was written past the recorder"
    return recording


@contextmanager
def in_memory(otherwise: Path) -> Iterator[Path]:
    """A new folder on a disk that is none, where there is one: what is rebuilt is opened hundreds
    of times, and nothing about it depends on the disk under it."""
    if not os.access(_MEMORY, os.W_OK) or shutil.disk_usage(_MEMORY).free < _ROOM:
        yield otherwise
        return
    with TemporaryDirectory(prefix="custodes-", dir=_MEMORY) as folder:
        yield Path(folder)
