"""What each agency was last told of its orders: so that an end that nobody told is told at last."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from custodes.base.ids import DID, LIID
from custodes.store.mdf_tables import NOTICES
from custodes.store.order_keys import OrderKey, OrderKeys

Name = tuple[LIID, DID]


class Notices:
    """One side's, sealed as its product is. Changed within the database's transactions only."""

    def __init__(self, side: str, keys: OrderKeys) -> None:
        self._side = side
        self._keys = keys
        self._held: dict[Name, int] = {}  # to the number of the key that seals it

    def load(self, connection: Connection) -> None:
        query = select(NOTICES.c.liid, NOTICES.c.did, NOTICES.c.key).filter_by(side=self._side)
        for row in connection.execute(query):
            self._held[LIID(row.liid), DID.parse(row.did)] = row.key

    def put(
        self,
        connection: Connection,
        notices: Mapping[Name, bytes],
        keys: Mapping[LIID, OrderKey],
    ) -> None:
        """Write them; ``adopt`` once the transaction holds."""
        for (liid, did), octets in notices.items():
            name = {"side": self._side, "liid": str(liid), "did": str(did)}
            if not octets:
                connection.execute(delete(NOTICES).filter_by(**name))
                continue
            key = keys[liid]
            values = {"key": key.number, "sealed": key.seal(octets, self._context(liid, did))}
            statement = upsert(NOTICES).values(**name, **values)
            connection.execute(
                statement.on_conflict_do_update(["side", "liid", "did"], set_=values)
            )

    def adopt(self, notices: Mapping[Name, bytes], keys: Mapping[LIID, OrderKey]) -> None:
        for name, octets in notices.items():
            if octets:
                self._held[name] = keys[name[0]].number
            else:
                self._held.pop(name, None)

    def read(self, connection: Connection) -> dict[Name, bytes]:
        """Those that open; one that does not is as if it had never been told."""
        found: dict[Name, bytes] = {}
        for row in connection.execute(select(NOTICES).filter_by(side=self._side)):
            liid, did = LIID(row.liid), DID.parse(row.did)
            key = self._keys.by_number(row.key)
            if key is not None and key.sealer is not None:
                octets = key.sealer.open(row.sealed, self._context(liid, did))
                if octets is not None:
                    found[liid, did] = octets
        return found

    def keys(self) -> frozenset[int]:
        """The keys that must stay."""
        return frozenset(self._held.values())

    def of(self, liid: LIID) -> bool:
        return any(name[0] == liid for name in self._held)

    def _context(self, liid: LIID, did: DID) -> bytes:
        return f"custodes notice\0{self._side}\0{did}\0{liid}\0".encode()
