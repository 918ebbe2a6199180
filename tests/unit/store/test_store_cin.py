"""The persistent CIN mapping and sequence number reservations."""

from __future__ import annotations

import threading
from pathlib import Path
from uuid import UUID

import pytest

from custodes.base.errors import ConfigurationError
from custodes.base.ids import CIN, LIID, XID
from custodes.store.cin import CinStore

A, B = LIID("A-1"), LIID("B-1")
X = XID(UUID(int=1))
BIG = 0xFFFF_FFFF_FFFF_FFFE


def test_one_communication_keeps_its_cin_over_a_restart(tmp_path: Path) -> None:
    store = CinStore(tmp_path / "mdf.sqlite")
    first = store.cin(A, X, BIG)
    assert store.cin(A, X, BIG) == first
    assert store.cin(A, X, 7) != first
    store.close()
    again = CinStore(tmp_path / "mdf.sqlite")
    assert again.cin(A, X, BIG) == first
    assert again.cin(A, X, 7) != first
    again.close()


def test_cins_are_counted_per_liid_and_a_new_one_was_never_used(tmp_path: Path) -> None:
    store = CinStore(tmp_path / "mdf.sqlite")
    used = {store.cin(A, X, number) for number in range(5)}
    assert store.new_cin(A) not in used
    assert store.new_cin(A) not in used
    assert store.cin(A, X, 99) not in used
    assert store.cin(B, X, 0) == CIN(1)
    store.close()


def test_two_threads_get_one_cin_for_one_communication(tmp_path: Path) -> None:
    store = CinStore(tmp_path / "mdf.sqlite")
    found: list[CIN] = []
    threads = [threading.Thread(target=lambda: found.append(store.cin(A, X, 5))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    store.close()


def test_a_place_that_cannot_be_written_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        CinStore(tmp_path / "absent" / "mdf.sqlite")
