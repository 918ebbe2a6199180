"""The mediation function's file: versions, modes, one writer, errors in our own type."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from uuid import UUID

import pytest

from custodes.base.errors import ConfigurationError, CustodesError
from custodes.base.ids import CIN, LIID, XID
from custodes.store.cin import CinStore
from custodes.store.mdf import MdfDatabase
from custodes.store.mdf_tables import VERSION


def test_a_file_of_a_newer_release_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "mdf.sqlite"
    MdfDatabase(path).close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
        connection.execute("DROP TABLE outbox_mark")
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    with pytest.raises(ConfigurationError, match=f"version {VERSION + 1}"):
        MdfDatabase(path)
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (VERSION + 1,)
    assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name='outbox_mark'").fetchall()
    connection.close()


def test_a_file_from_before_the_outbox_keeps_its_cins(tmp_path: Path) -> None:
    path = tmp_path / "mdf.sqlite"
    old = sqlite3.connect(path)
    old.executescript(
        "CREATE TABLE mdf_cin (liid VARCHAR(50) NOT NULL, xid VARCHAR(36) NOT NULL,"
        " correlation VARCHAR(16) NOT NULL, cin INTEGER NOT NULL,"
        " PRIMARY KEY (liid, xid, correlation));"
        "CREATE TABLE mdf_next_cin (liid VARCHAR(50) NOT NULL, next INTEGER NOT NULL,"
        " PRIMARY KEY (liid));"
        "INSERT INTO mdf_cin VALUES"
        " ('A-1', '00000000-0000-0000-0000-000000000001', '0000000000000007', 5);"
        "INSERT INTO mdf_next_cin VALUES ('A-1', 6);"
    )
    old.close()
    store = CinStore(path)
    assert store.cin(LIID("A-1"), XID(UUID(int=1)), 7) == CIN(5)
    assert store.new_cin(LIID("A-1")) == CIN(6)
    store.close()


def test_every_connection_is_durable_and_wipes_what_it_deletes(tmp_path: Path) -> None:
    database = MdfDatabase(tmp_path / "mdf.sqlite")
    assert (tmp_path / "mdf.sqlite").stat().st_mode & 0o777 == 0o600
    with database.read() as one, database.read() as other:
        for connection in (one, other):
            said = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "secure_delete", "wal_autocheckpoint")
            ]
            assert said == ["wal", 2, 1, 4096]
    database.close()


def test_a_transaction_that_fails_leaves_nothing_and_the_next_one_works(tmp_path: Path) -> None:
    database = MdfDatabase(tmp_path / "mdf.sqlite")
    insert = "INSERT INTO mdf_next_cin VALUES ('s', 1)"

    def write(*statements: str) -> None:
        with database.write() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
            if len(statements) == 1:
                raise KeyError

    with pytest.raises(CustodesError):
        write(insert, "INSERT INTO nowhere VALUES (1)")
    with pytest.raises(KeyError):
        write(insert)
    with database.write() as connection:
        connection.exec_driver_sql(insert)
    with pytest.raises(CustodesError), database.read() as connection:
        connection.exec_driver_sql("SELECT * FROM nowhere")
    database.close()


def test_writers_wait_for_each_other(tmp_path: Path) -> None:
    database = MdfDatabase(tmp_path / "mdf.sqlite")
    store = CinStore(database)

    def work(name: str) -> None:
        for number in range(20):
            store.cin(LIID(name), XID(UUID(int=1)), number)
            with database.write() as connection:
                connection.exec_driver_sql(
                    "INSERT INTO mdf_next_cin VALUES (?, 1)", (f"{name} {number}",)
                )

    threads = [threading.Thread(target=work, args=(f"L{n}",)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with database.read() as connection:
        assert (
            connection.exec_driver_sql("SELECT count(*) FROM mdf_next_cin WHERE next = 1").scalar()
            == 60
        )
        assert connection.exec_driver_sql("SELECT count(*) FROM mdf_cin").scalar() == 60
    store.close()
    assert store.new_cin(LIID("L0")) == CIN(21)  # the database is its owner's to close
    database.close()


def test_there_is_one_writer_at_a_time(tmp_path: Path) -> None:
    database = MdfDatabase(tmp_path / "mdf.sqlite")
    entered = threading.Event()

    def work() -> None:
        with database.write():
            entered.set()

    other = threading.Thread(target=work)
    with database.write():
        other.start()
        assert not entered.wait(0.05)
    assert entered.wait(10)
    other.join(10)
    database.close()


def test_sweeping_empties_the_log(tmp_path: Path) -> None:
    database = MdfDatabase(tmp_path / "mdf.sqlite")
    with database.write() as connection:
        connection.exec_driver_sql("INSERT INTO mdf_next_cin VALUES ('s', 1)")
    log = tmp_path / "mdf.sqlite-wal"
    assert log.stat().st_size > 0
    assert database.sweep()
    assert log.stat().st_size == 0
    database.close()


def test_a_file_that_is_no_database_is_a_configuration_error(tmp_path: Path) -> None:
    (tmp_path / "mdf.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(ConfigurationError):
        MdfDatabase(tmp_path / "mdf.sqlite")
