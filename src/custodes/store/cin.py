"""The numbers that must survive a restart of the mediation function, in SQLite.

64-bit correlation identifiers of the network become 32-bit CINs (TS 33.128 V19.7.0, 6.2.3.7;
TS 102 232-1, 5.2.4): one mapping for the MDF2 and the MDF3, so that the records and the content of
one session share one CIN.
"""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from custodes.base.errors import CustodesError
from custodes.base.ids import CIN, LIID, XID
from custodes.store.mdf import MdfDatabase
from custodes.store.mdf_tables import CINS, NEXT_CIN

_FIRST = 1  # 0 stays free: some receivers take it for "no CIN"
_LAST = 0xFFFF_FFFF


class CinStore:
    """custodes.functions.mdf.ports.CorrelationStore on one SQLite file; safe from any thread."""

    def __init__(self, where: MdfDatabase | Path) -> None:
        """On a database that others use too, or on a file of its own, which ``close`` closes."""
        self._lock = threading.Lock()
        self._known: dict[tuple[LIID, XID, int], CIN] = {}
        self._own = isinstance(where, Path)
        self._database = MdfDatabase(where) if isinstance(where, Path) else where

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
        with self._lock, self._database.write() as connection:
            return _allocate(connection, liid)

    def close(self) -> None:
        if self._own:
            self._database.close()

    def _find_or_make(self, liid: LIID, xid: XID, correlation: int) -> CIN:
        row = {"liid": str(liid), "xid": str(xid), "correlation": f"{correlation:016x}"}
        query = select(CINS.c.cin).filter_by(**row)
        with self._database.write() as connection:
            found = connection.execute(query).scalar()
            if found is not None:
                return CIN(int(found))
            made = _allocate(connection, liid)
            connection.execute(CINS.insert().values(cin=made.value, **row))
            return made


def _allocate(connection: Connection, liid: LIID) -> CIN:
    query = select(NEXT_CIN.c.next).where(NEXT_CIN.c.liid == str(liid))
    found = connection.execute(query).scalar()
    number = _FIRST if found is None else int(found)
    if number > _LAST:
        raise CustodesError("an order has used all 2**32 communication identity numbers")
    statement = insert(NEXT_CIN).values(liid=str(liid), next=number + 1)
    statement = statement.on_conflict_do_update(index_elements=["liid"], set_={"next": number + 1})
    connection.execute(statement)
    return CIN(number)
