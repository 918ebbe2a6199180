"""The evidence folder on a real disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from custodes.base.errors import ConfigurationError, CustodesError
from custodes.functions.lemf.files import FolderFiles, GrowingDiskFile


def test_a_growing_file_grows_is_read_and_is_cut(tmp_path: Path) -> None:
    file = FolderFiles(tmp_path).growing("received.journal")
    file.append(b"0123456789")
    file.sync()
    file.append(b"ab")
    assert file.size() == 12
    assert file.read(8, 100) == b"89ab"
    file.cut(9)
    file.cut(50)
    file.append(b"X")
    file.close()
    assert (tmp_path / "received.journal").read_bytes() == b"012345678X"
    assert (tmp_path / "received.journal").stat().st_mode & 0o777 == 0o600


def test_a_device_that_is_full_is_an_error_of_ours() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")
    file = GrowingDiskFile(full)
    with pytest.raises(CustodesError, match="cannot be written"):
        file.append(b"x")
    file.close()


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path)
    first = files.growing("received.journal")
    with pytest.raises(ConfigurationError):
        files.growing("received.journal")
    first.close()
    files.growing("received.journal").close()


def test_cutting_says_how_much(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path)
    files.append("A/b", b"12345", b"head")
    assert files.cut("A/b", 6) == 3
    assert files.cut("A/b", 6) == 0
    assert files.cut("A/none", 0) == 0
    assert files.read("A/b", 4, 10) == b"12"
    assert files.read("A/none", 0, 10) == b""
    assert files.listed() == ({"A/b": 6}, ["A"])


def test_only_an_empty_folder_is_taken_away(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path)
    files.append("A/b", b"1")
    files.remove("A")
    assert (tmp_path / "A" / "b").exists()
    files.remove("A/b")
    files.remove("A")
    files.remove("A")
    assert not (tmp_path / "A").exists()
