"""Orders' keys: wrapped, used up and renewed; the sealing key belongs to its database."""

from __future__ import annotations

from pathlib import Path

import pytest
from outbox_scene import LATER, NORTH, NOW, A, B, Opened, batch, pdu

from custodes.base.errors import ConfigurationError
from custodes.store import order_keys
from custodes.store.order_keys import OrderKeys
from custodes.store.seal import Sealer


def _stored(folder: Path) -> None:
    opened = Opened(folder)
    opened.side().commit(batch(pdu(b"1")))
    opened.close()


def test_a_lost_sealing_key_is_not_replaced_while_keys_are_stored(tmp_path: Path) -> None:
    _stored(tmp_path)
    (tmp_path / "mdf.key").unlink()
    opened = Opened(tmp_path)
    with pytest.raises(ConfigurationError, match="absent"):
        opened.side()
    assert not (tmp_path / "mdf.key").exists()


def test_another_sealing_key_is_refused(tmp_path: Path) -> None:
    _stored(tmp_path)
    (tmp_path / "mdf.key").write_bytes(bytes(32))
    with pytest.raises(ConfigurationError, match="not the key"):
        Opened(tmp_path).side()


def test_without_stored_keys_a_new_sealing_key_is_taken(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    outbox = opened.side()
    first = outbox.commit(batch(pdu(b"1")))
    outbox.confirm(NORTH, first[0], NOW)
    outbox.forget(A)
    outbox.destroy(LATER)
    opened.close()
    (tmp_path / "mdf.key").unlink()
    again = Opened(tmp_path)
    assert again.side().commit(batch(pdu(b"2"))) > first
    again.close()
    assert not Opened(tmp_path).side().read(NORTH, 0, 9, 9)[0].damaged


def test_the_file_does_not_hold_a_key_in_the_clear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[bytes] = []

    def seal(self: Sealer, octets: bytes, context: bytes) -> bytes:
        made.append(octets)
        return plain(self, octets, context)

    plain = Sealer.seal
    monkeypatch.setattr(Sealer, "seal", seal)
    opened = Opened(tmp_path)
    opened.side().commit(batch(pdu(b"content")))
    key = next(octets for octets in made if len(octets) == 32)
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert key not in files
    assert (tmp_path / "mdf.key").read_bytes() not in (tmp_path / "mdf.sqlite-wal").read_bytes()


def test_a_used_up_key_is_followed_by_another_and_goes_with_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_keys, "MOST_USES", 3)
    opened = Opened(tmp_path)
    outbox = opened.side()
    ids = list(outbox.commit(batch(pdu(b"1"), pdu(b"2"), pdu(b"b", B))))
    opened.close()
    opened = Opened(tmp_path)
    outbox = opened.side()  # uses are counted over a restart
    ids += outbox.commit(batch(pdu(b"3")))
    ids += outbox.commit(batch(pdu(b"4"), pdu(b"5")))
    keys = "SELECT liid, sealed FROM outbox_key ORDER BY number"
    assert opened.sql(keys) == [("A-1", 3), ("B-1", 1), ("A-1", 2)]
    outbox.destroy(LATER)
    stored = outbox.read(NORTH, 0, 9, 99)
    assert [s.outgoing.octets for s in stored if s.outgoing] == [b"1", b"2", b"b", b"3", b"4", b"5"]
    outbox.confirm(NORTH, ids[4], NOW)
    assert outbox.destroy(LATER).orders == ()
    assert opened.sql(keys) == [("B-1", 1), ("A-1", 2)]


def test_a_failed_key_seals_nothing(tmp_path: Path) -> None:
    opened = Opened(tmp_path)
    opened.side().commit(batch(pdu(b"1")))
    keys = OrderKeys("mdf3", Sealer(bytes(32)))
    with opened.database.read() as connection:
        keys.load(connection)
    assert keys.usable(A, 1) is None
    assert keys.by_number(1) is not None
