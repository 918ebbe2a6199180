"""The mediation function's one SQLite file: opened once, written by one thread at a time."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.exc import SQLAlchemyError

from custodes.base.errors import ConfigurationError, CustodesError
from custodes.store.engine import open_engine
from custodes.store.mdf_tables import METADATA, VERSION

_CHECKPOINT_PAGES = 4096  # 16 MiB: the log grows to about that

# Confirming and destroying write too. On a disk that new product has filled to the last octet they
# could not, and nothing would ever make room again: so new product leaves this much free.
RESERVE = 64 << 20


class MdfDatabase:
    """The file behind CinStore and every side's Outbox. Safe from any thread.

    SQLite has one writer, so there is one lock; readers see what is committed and wait for nobody.
    """

    def __init__(self, path: Path) -> None:
        """Raises ConfigurationError where the file cannot be used or is of a newer release."""
        self._lock = threading.Lock()
        self._path = path
        self.engine = open_engine(path)
        event.listen(self.engine, "connect", _checkpoint_seldom)
        try:
            self._prepare(path)
        except SQLAlchemyError as error:
            self.engine.dispose()
            raise ConfigurationError(
                f"{path} cannot be used as the mediation function's state",
                remedy="check that the folder exists and is writable",
            ) from error
        except ConfigurationError:
            self.engine.dispose()
            raise

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction, durable at its end, or at ``connection.commit()`` where something is to
        be noted before the next one begins. CustodesError: nothing of it was written.
        """
        try:
            with self._lock, self.engine.connect() as connection:
                try:
                    yield connection
                    connection.commit()
                except BaseException:
                    _undo(connection)
                    raise
        except SQLAlchemyError as error:
            raise CustodesError(
                "the mediation function's state cannot be written",
                remedy="check the disk; product is not mediated without it",
            ) from error

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection to read what is committed."""
        try:
            with self.engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise CustodesError(
                "the mediation function's state cannot be read", remedy="check the disk"
            ) from error

    def sweep(self) -> bool:
        """Empty the write-ahead log, so that what was deleted is not in it either; False: busy."""
        try:
            with self._lock, self.engine.connect() as connection:
                row = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        except SQLAlchemyError:
            return False  # nothing is lost by it: the caller tries again
        return int(row[0]) == 0

    def require_room(self, connection: Connection) -> None:
        """Raise CustodesError where new product would use up what destroying needs.

        Below the reserve new product must find its place in pages that destroyed product left,
        and the log in what it occupies already or half of the reserve.
        """
        free = free_octets(self._path)
        if free >= RESERVE:
            return
        left = int(connection.exec_driver_sql("PRAGMA freelist_count").scalar_one())
        page = int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())
        log = self._path.with_name(f"{self._path.name}-wal")
        held = log.stat().st_size if log.exists() else 0
        if left * page < RESERVE or free + held < RESERVE // 2:
            raise CustodesError(
                "the disk is nearly full: no more product is taken in",
                remedy="make room; what is stored is still delivered and destroyed",
            )

    def close(self) -> None:
        self.engine.dispose()

    def _prepare(self, path: Path) -> None:
        with self.engine.begin() as connection:
            version = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
            if version > VERSION:
                raise ConfigurationError(
                    f"{path} is of version {version}, this release knows {VERSION}",
                    remedy="it was written by a newer release: run that one",
                )
            METADATA.create_all(connection)
            # Last: a file that says VERSION has all tables, whenever the power went.
            connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
        self.sweep()


def free_octets(path: Path) -> int:
    """What this user may still write on the disk that ``path`` is on."""
    try:
        disk = os.statvfs(path)
    except OSError:
        return 0  # the worst is assumed: nothing is taken in
    return disk.f_bavail * disk.f_frsize


def _undo(connection: Connection) -> None:
    """Roll back at SQLite itself. After a COMMIT that failed SQLAlchemy takes the transaction for
    ended and gives the connection back with it open: the next commit would have committed both.
    """
    driver = connection.connection.dbapi_connection
    try:
        if driver is not None:
            driver.rollback()
    except Exception:  # the error that led here is the one to tell
        connection.invalidate()  # closes the file, which rolls back too


def _checkpoint_seldom(connection: Any, _record: Any) -> None:
    """A page written by many commits goes to its place once: product is soon deleted again."""
    connection.execute(f"PRAGMA wal_autocheckpoint={_CHECKPOINT_PAGES}")
