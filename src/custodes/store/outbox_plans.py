"""What a side must still know after a restart to deliver: routes of orders, where they lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from custodes.base.errors import CustodesError
from custodes.base.ids import DID, LIID
from custodes.model.address import Address
from custodes.model.outbox import HeldTarget
from custodes.model.outgoing import Kind, Route
from custodes.store.mdf import MdfDatabase
from custodes.store.mdf_tables import FORGOTTEN, MARKS, NUMBERS, ROUTES, TARGETS


class Plans:
    """Durable routes and targets of one side. Safe from any thread."""

    def __init__(self, database: MdfDatabase, side: str) -> None:
        self._database = database
        self._side = side

    def allow(self, liid: LIID, routes: Sequence[Route]) -> None:
        rows = [
            {
                "side": self._side,
                "liid": str(liid),
                "position": position,
                "did": str(route.did),
                "fingerprint": route.fingerprint,
                "kinds": ",".join(sorted(route.kinds)),
            }
            for position, route in enumerate(routes)
        ]
        with self._database.write() as connection:
            connection.execute(delete(ROUTES).filter_by(side=self._side, liid=str(liid)))
            connection.execute(delete(FORGOTTEN).filter_by(side=self._side, liid=str(liid)))
            if rows:
                connection.execute(insert(ROUTES), rows)

    def routes(self) -> dict[LIID, tuple[Route, ...]]:
        query = select(ROUTES).filter_by(side=self._side).order_by(ROUTES.c.liid, ROUTES.c.position)
        found: dict[LIID, tuple[Route, ...]] = {}
        with self._database.read() as connection:
            for row in connection.execute(query):
                kinds = frozenset(_kind(name) for name in row.kinds.split(",") if name)
                liid = LIID(row.liid)
                route = Route(DID.parse(row.did), row.fingerprint, kinds)
                found[liid] = (*found.get(liid, ()), route)
        return found

    def hold_target(self, target: HeldTarget) -> None:
        values = {
            "host": target.address.host,
            "port": target.address.port,
            "party": target.party,
            "fingerprint": target.fingerprint,
        }
        statement = upsert(TARGETS).values(side=self._side, did=str(target.did), **values)
        statement = statement.on_conflict_do_update(["side", "did"], set_=values)
        with self._database.write() as connection:
            connection.execute(statement)

    def targets(self) -> tuple[HeldTarget, ...]:
        query = select(TARGETS).filter_by(side=self._side).order_by(TARGETS.c.did)
        with self._database.read() as connection:
            return tuple(
                HeldTarget(
                    DID.parse(row.did), Address(row.host, row.port), row.party, row.fingerprint
                )
                for row in connection.execute(query)
            )

    def drop_target(self, did: DID) -> None:
        with self._database.write() as connection:
            connection.execute(delete(TARGETS).filter_by(side=self._side, did=str(did)))

    def forget(self, liid: LIID) -> None:
        statement = upsert(FORGOTTEN).values(side=self._side, liid=str(liid))
        with self._database.write() as connection:
            connection.execute(statement.on_conflict_do_nothing())

    def forgotten(self, connection: Connection) -> frozenset[LIID]:
        query = select(FORGOTTEN.c.liid).filter_by(side=self._side)
        return frozenset(LIID(text) for text in connection.execute(query).scalars())

    def erase(self, connection: Connection, liids: Iterable[LIID]) -> None:
        """The last that is known of orders that are over."""
        for liid in liids:
            for table in (ROUTES, FORGOTTEN):
                connection.execute(delete(table).filter_by(side=self._side, liid=str(liid)))


def put_numbers(
    connection: Connection, side: str, numbers: Mapping[str, int], marks: Mapping[bytes, int]
) -> None:
    """The numbers of one batch, in its transaction."""
    _put(connection, NUMBERS, side, "stream", numbers)
    _put(connection, MARKS, side, "context", marks)


def _put(
    connection: Connection, table: Table, side: str, key: str, values: Mapping[Any, int]
) -> None:
    if not values:
        return
    statement = upsert(table)
    statement = statement.on_conflict_do_update(
        ["side", key], set_={"next": statement.excluded.next}
    )
    rows = [{"side": side, key: name, "next": number} for name, number in values.items()]
    connection.execute(statement, rows)


def _kind(name: str) -> Kind:
    try:
        return Kind(name)
    except ValueError:
        raise CustodesError("a stored route names a kind that does not exist") from None
