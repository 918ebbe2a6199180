"""Names and makers that the outbox tests share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from custodes.base.ids import DID, LIID
from custodes.functions.mdf.outbox_port import Outbox as Port
from custodes.model.outbox import Batch
from custodes.model.outgoing import Kind, Outgoing
from custodes.store.mdf import MdfDatabase
from custodes.store.outbox import Outbox

A, B = LIID("A-1"), LIID("B-1")
NORTH, SOUTH = DID(UUID(int=1)), DID(UUID(int=2))
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


class Opened:
    """One state file with the outboxes of sides on it, as a process holds them."""

    def __init__(self, folder: Path, now: datetime = NOW) -> None:
        self.database = MdfDatabase(folder / "mdf.sqlite")
        self._key = folder / "mdf.key"
        self._now = now

    def side(self, name: str = "mdf3") -> Port:
        return Outbox(self.database, name, self._key, self._now)

    def close(self) -> None:
        self.database.close()

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        """Do behind the outbox's back what an intruder or a bad disk would."""
        with self.database.engine.begin() as connection:
            result = connection.exec_driver_sql(statement)
            return [tuple(row) for row in result] if result.returns_rows else []


def pdu(octets: bytes, liid: LIID = A, did: DID = NORTH, kind: Kind = Kind.HI3) -> Outgoing:
    return Outgoing(kind, liid, did, octets)


def batch(*outgoing: Outgoing) -> Batch:
    return Batch(outgoing)
