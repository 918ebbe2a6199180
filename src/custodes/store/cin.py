"""The numbers that must survive a restart of the mediation function, in SQLite.

64-bit correlation identifiers of the network become 32-bit CINs (TS 33.128 V19.7.0, 6.2.3.7;
TS 102 232-1, 5.2.4): one mapping for the MDF2 and the MDF3, so that the records and the content of
one session share one CIN. Sequence numbers are reserved here in blocks.
"""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    select,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import SQLAlchemyError

from custodes.base.errors import ConfigurationError, CustodesError
from custodes.base.ids import CIN, LIID, XID

_METADATA = MetaData()

_CINS = Table(
    "mdf_cin",
    _METADATA,
    Column("liid", String(50), primary_key=True),
    Column("xid", String(36), primary_key=True),
    # Hexadecimal: SQLite's integers are signed 64 bits, a correlation identifier is not.
    Column("correlation", String(16), primary_key=True),
    Column("cin", Integer, nullable=False),
)
_NEXT_CIN = Table(
    "mdf_next_cin",
    _METADATA,
    Column("liid", String(50), primary_key=True),
    Column("next", Integer, nullable=False),
)
_SEQUENCES = Table(
    "mdf_sequence",
    _METADATA,
    Column("stream", String(160), primary_key=True),
    Column("next", Integer, nullable=False),
)

_FIRST = 1  # 0 stays free: some receivers take it for "no CIN"
_LAST = 0xFFFF_FFFF


def _durable(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _durable)
    return engine


class CinStore:
    """custodes.functions.mdf.ports.CorrelationStore on one SQLite file; safe from any thread."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._known: dict[tuple[LIID, XID, int], CIN] = {}
        self._engine = _engine(path)
        try:
            _METADATA.create_all(self._engine)
        except SQLAlchemyError as error:
            raise ConfigurationError(
                f"{path} cannot be used as the mediation function's state",
                remedy="check that the folder exists and is writable",
            ) from error

    def cin(self, liid: LIID, xid: XID, correlation: int) -> CIN:
        """The CIN of one communication; the same for ever. Returns only when it is committed."""
        key = (liid, xid, correlation)
        with self._lock:
            known = self._known.get(key)
            if known is None:
                known = self._known[key] = self._find_or_make(liid, xid, correlation)
            return known

    def new_cin(self, liid: LIID) -> CIN:
        """A CIN that no communication of this LIID has had. Returns only when it is committed."""
        with self._lock:
            try:
                with self._engine.begin() as connection:
                    return _allocate(connection, liid)
            except SQLAlchemyError as error:
                raise _failed() from error

    def next_numbers(self, stream: str) -> int:
        """The first sequence number of ``stream`` that was never handed out."""
        try:
            with self._lock, self._engine.begin() as connection:
                query = select(_SEQUENCES.c.next).where(_SEQUENCES.c.stream == stream)
                found = connection.execute(query).scalar()
        except SQLAlchemyError as error:
            raise _failed() from error
        return int(found) if found is not None else 0

    def reserve(self, stream: str, end: int) -> None:
        """Numbers below ``end`` may be used from now on. Returns only when it is committed."""
        statement = insert(_SEQUENCES).values(stream=stream, next=end)
        statement = statement.on_conflict_do_update(index_elements=["stream"], set_={"next": end})
        try:
            with self._lock, self._engine.begin() as connection:
                connection.execute(statement)
        except SQLAlchemyError as error:
            raise _failed() from error

    def close(self) -> None:
        self._engine.dispose()

    def _find_or_make(self, liid: LIID, xid: XID, correlation: int) -> CIN:
        row = {"liid": str(liid), "xid": str(xid), "correlation": f"{correlation:016x}"}
        query = select(_CINS.c.cin).filter_by(**row)
        try:
            with self._engine.begin() as connection:
                found = connection.execute(query).scalar()
                if found is not None:
                    return CIN(int(found))
                made = _allocate(connection, liid)
                connection.execute(_CINS.insert().values(cin=made.value, **row))
                return made
        except SQLAlchemyError as error:
            raise _failed() from error


def _allocate(connection: Connection, liid: LIID) -> CIN:
    query = select(_NEXT_CIN.c.next).where(_NEXT_CIN.c.liid == str(liid))
    found = connection.execute(query).scalar()
    number = _FIRST if found is None else int(found)
    if number > _LAST:
        raise CustodesError("an order has used all 2**32 communication identity numbers")
    statement = insert(_NEXT_CIN).values(liid=str(liid), next=number + 1)
    statement = statement.on_conflict_do_update(index_elements=["liid"], set_={"next": number + 1})
    connection.execute(statement)
    return CIN(number)


def _failed() -> CustodesError:
    return CustodesError(
        "the mediation function's state cannot be written",
        remedy="check the disk; product is not mediated without it",
    )
