"""Sealing, and the key file that must never be replaced in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from custodes.base.errors import ConfigurationError
from custodes.store.seal import Sealer, fingerprint, load_key


def test_what_is_sealed_opens_in_its_context_only() -> None:
    sealer = Sealer(bytes(32))
    sealed = sealer.seal(b"product", b"here")
    assert len(sealed) == 12 + 7 + 16
    assert sealer.open(sealed, b"here") == b"product"
    assert sealer.open(sealed, b"there") is None
    assert len({sealer.seal(b"product", b"here")[:12] for _ in range(9)}) == 9
    assert Sealer(bytes(31) + b"1").open(sealed, b"here") is None
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        assert sealer.open(bytes(changed), b"here") is None
    for length in range(len(sealed)):
        assert sealer.open(sealed[:length], b"here") is None


def test_a_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "key"
    key = load_key(path, may_make=True)
    assert len(key) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_key(path, may_make=True) == load_key(path, may_make=False) == key
    assert [file.name for file in tmp_path.iterdir()] == ["key"]
    other = load_key(tmp_path / "other", may_make=True)
    assert other != key
    assert fingerprint(other) != fingerprint(key)


def test_what_a_crash_left_half_made_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "key.new").write_bytes(b"half")
    assert len(load_key(tmp_path / "key", may_make=True)) == 32


def test_an_absent_key_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="absent"):
        load_key(tmp_path / "key", may_make=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("octets", [b"", bytes(31), bytes(33)])
def test_a_key_of_another_size_is_refused(tmp_path: Path, octets: bytes) -> None:
    path = tmp_path / "key"
    path.touch(0o600)
    path.write_bytes(octets)
    with pytest.raises(ConfigurationError, match="does not hold"):
        load_key(path, may_make=True)


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    load_key(path, may_make=True)
    path.chmod(0o640)
    with pytest.raises(ConfigurationError, match="others"):
        load_key(path, may_make=True)


def test_places_that_cannot_be_used_are_configuration_errors(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        load_key(tmp_path / "absent" / "key", may_make=True)
    with pytest.raises(ConfigurationError):
        load_key(tmp_path, may_make=True)
