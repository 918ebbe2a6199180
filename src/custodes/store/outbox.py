"""The durable outbox of one side of the mediation function, in SQLite.

custodes.functions.mdf.outbox_port.Outbox says what each method promises. Every PS-PDU is sealed
under a key of its order before it reaches the file; the id of its row, its destination, order,
kind and side are sealed with it, so that a row that was moved or renamed does not open.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, case, delete, func, insert, select, update

from custodes.base.errors import CustodesError
from custodes.base.ids import DID, LIID
from custodes.model.outbox import Backlog, Batch, Destroyed, Destruction, HeldTarget, Stored
from custodes.model.outgoing import Kind, Outgoing, Route
from custodes.store.mdf import MdfDatabase
from custodes.store.mdf_tables import DESTINATIONS, HEAD, KEYS, MARKS, NUMBERS, ROWS
from custodes.store.order_keys import OrderKey, OrderKeys, open_sealing_key
from custodes.store.outbox_counts import Counts, Destination
from custodes.store.outbox_notices import Notices
from custodes.store.outbox_plans import Plans, put_numbers

_DESTROYED_AT_ONCE = 2048  # rows a transaction: commits get their turn in between

_Row = dict[str, Any]


class Outbox:
    """One side's outbox on the file it shares with the other side. Safe from any thread."""

    def __init__(self, database: MdfDatabase, side: str, key_file: Path, now: datetime) -> None:
        """``side`` is the NE identifier. Reads the index of all rows, not their content.

        Raises ConfigurationError for a key file that is absent, or another one, while keys are
        stored, and CustodesError where the file cannot be read.
        """
        self._database = database
        self._side = side
        self._keys = OrderKeys(side, open_sealing_key(database, key_file))
        self._counts = Counts()
        self._plans = Plans(database, side)
        self._notices = Notices(side, self._keys)
        self._swept = True
        with database.read() as connection:
            self._keys.load(connection)
            self._notices.load(connection)
            self._load(connection, now)

    def commit(self, batch: Batch) -> tuple[int, ...]:
        keys: dict[LIID, OrderKey] = {}
        destinations: dict[DID, Destination] = {}
        with self._database.write() as connection:
            self._database.require_room(connection)
            first = _take_ids(connection, len(batch.outgoing))
            told = [liid for (liid, _), octets in batch.notices.items() if octets]
            for liid, uses in Counter([*(o.liid for o in batch.outgoing), *told]).items():
                keys[liid] = self._key(connection, liid, uses)
            for did in dict.fromkeys(o.did for o in batch.outgoing):
                destinations[did] = self._destination(connection, did)
            rows = self._seal(first, batch.outgoing, keys, destinations)
            if rows:
                connection.execute(insert(ROWS), rows)
            put_numbers(connection, self._side, batch.numbers, batch.marks)
            self._notices.put(connection, batch.notices, keys)
            connection.commit()
            self._committed(rows, keys, destinations)
            self._notices.adopt(batch.notices, keys)
        return tuple(range(first, first + len(rows)))

    def read(self, did: DID, after: int, limit: int, octets: int) -> list[Stored]:
        destination = self._counts.get(did)
        found: list[Stored] = []
        if destination is None:
            return found
        query = (
            select(ROWS.c.id, ROWS.c.key, ROWS.c.kind, ROWS.c.size, ROWS.c.sealed)
            .where(
                ROWS.c.destination == destination.number,
                ROWS.c.id > after,
                # Later ones may be committed, but their keys are not known here yet.
                ROWS.c.id <= destination.last,
            )
            .order_by(ROWS.c.id)
            .limit(limit)
        )
        with self._database.read() as connection:
            for row in connection.execute(query):
                octets -= row.size
                if found and octets < 0:
                    break
                found.append(Stored(row.id, self._open(row, did)))
        return found

    def backlog(self) -> Mapping[DID, Backlog]:
        return self._counts.backlog()

    def confirmed(self, did: DID) -> int:
        return self._counts.confirmed(did)

    def confirm(self, did: DID, up_to: int, now: datetime) -> None:
        destination = self._counts.get(did)
        if destination is None or up_to > destination.last:
            raise CustodesError("a confirmation reaches beyond what was committed")
        with self._database.write() as connection:
            if up_to <= destination.confirmed:
                return
            counted = select(func.count(), func.coalesce(func.sum(ROWS.c.size), 0)).where(
                ROWS.c.destination == destination.number,
                ROWS.c.id > destination.confirmed,
                ROWS.c.id <= up_to,
            )
            count, octets = connection.execute(counted).one()
            connection.execute(
                update(DESTINATIONS)
                .where(DESTINATIONS.c.number == destination.number)
                .values(confirmed=up_to)
            )
            connection.commit()
            self._counts.confirm(destination, up_to, now, count, octets)

    def destroy(self, before: datetime) -> Destruction:
        product: dict[DID, Destroyed] = {}
        try:
            for destination in self._counts.all():
                self._destroy(destination, self._counts.due(destination, before), product)
            orders = self._erase()
        except CustodesError:
            if not product:
                raise
            return Destruction(product)
        return Destruction(product, orders)

    def forget(self, liid: LIID) -> None:
        self._plans.forget(liid)

    def numbers(self) -> Mapping[str, int]:
        query = select(NUMBERS.c.stream, NUMBERS.c.next).where(NUMBERS.c.side == self._side)
        with self._database.read() as connection:
            return {row.stream: row.next for row in connection.execute(query)}

    def marks(self) -> Mapping[bytes, int]:
        query = select(MARKS.c.context, MARKS.c.next).where(MARKS.c.side == self._side)
        with self._database.read() as connection:
            return {row.context: row.next for row in connection.execute(query)}

    def notices(self) -> Mapping[tuple[LIID, DID], bytes]:
        with self._database.read() as connection:
            return self._notices.read(connection)

    def allow(self, liid: LIID, routes: Sequence[Route]) -> None:
        self._plans.allow(liid, routes)

    def routes(self) -> Mapping[LIID, tuple[Route, ...]]:
        return self._plans.routes()

    def hold_target(self, target: HeldTarget) -> None:
        self._plans.hold_target(target)

    def targets(self) -> tuple[HeldTarget, ...]:
        return self._plans.targets()

    def drop_target(self, did: DID) -> None:
        self._plans.drop_target(did)

    def _load(self, connection: Connection, now: datetime) -> None:
        table = DESTINATIONS
        by_number: dict[int, Destination] = {}
        for row in connection.execute(select(table).where(table.c.side == self._side)):
            destination = Destination(row.number, DID.parse(row.did), row.confirmed, row.confirmed)
            if row.confirmed:
                destination.marks.append((now, row.confirmed))
            by_number[row.number] = destination
            self._counts.put(destination)
        waiting = ROWS.c.id > table.c.confirmed
        query = (
            select(
                ROWS.c.destination,
                ROWS.c.key,
                func.count().label("rows"),
                func.sum(case((waiting, 1), else_=0)).label("waiting"),
                func.sum(case((waiting, ROWS.c.size), else_=0)).label("octets"),
                func.max(ROWS.c.id).label("last"),
            )
            .join_from(ROWS, table, ROWS.c.destination == table.c.number)
            .where(table.c.side == self._side)
            .group_by(ROWS.c.destination, ROWS.c.key)
        )
        for row in connection.execute(query):
            destination = by_number[row.destination]
            last = max(destination.last, row.last)
            self._counts.committed(destination, last, row.waiting, row.octets)
            key = self._keys.by_number(row.key)
            if key is not None:
                key.rows = key.rows + row.rows

    def _key(self, connection: Connection, liid: LIID, uses: int) -> OrderKey:
        key = self._keys.usable(liid, uses) or self._keys.make(connection, liid)
        self._keys.used(connection, key, uses)
        return key

    def _destination(self, connection: Connection, did: DID) -> Destination:
        found = self._counts.get(did)
        if found is not None:
            return found
        statement = insert(DESTINATIONS).values(side=self._side, did=str(did), confirmed=0)
        made = connection.execute(statement).inserted_primary_key
        assert made is not None  # noqa: S101 - a single-row insert has one
        return Destination(int(made[0]), did)

    def _seal(
        self,
        first: int,
        outgoing: Sequence[Outgoing],
        keys: Mapping[LIID, OrderKey],
        destinations: Mapping[DID, Destination],
    ) -> list[_Row]:
        contexts: dict[tuple[DID, LIID, Kind], bytes] = {}
        rows: list[_Row] = []
        for number, one in enumerate(outgoing, first):
            name = (one.did, one.liid, one.kind)
            context = contexts.get(name)
            if context is None:
                context = contexts[name] = self._context(*name)
            key = keys[one.liid]
            rows.append(
                {
                    "id": number,
                    "destination": destinations[one.did].number,
                    "key": key.number,
                    "kind": one.kind.value,
                    "size": len(one.octets),
                    "sealed": key.seal(one.octets, context + number.to_bytes(8)),
                }
            )
        return rows

    def _committed(
        self,
        rows: list[_Row],
        keys: dict[LIID, OrderKey],
        destinations: dict[DID, Destination],
    ) -> None:
        self._keys.adopt(keys.values())
        by_key = {key.number: key for key in keys.values()}
        by_number: dict[int, tuple[Destination, list[_Row]]] = {
            d.number: (d, []) for d in destinations.values()
        }
        for row in rows:
            by_key[row["key"]].rows += 1
            by_number[row["destination"]][1].append(row)
        for destination, own in by_number.values():
            octets = sum(row["size"] for row in own)
            self._counts.committed(destination, own[-1]["id"], len(own), octets)

    def _open(self, row: Any, did: DID) -> Outgoing | None:
        key = self._keys.by_number(row.key)
        if key is None or key.sealer is None:
            return None
        try:
            kind = Kind(row.kind)
        except ValueError:
            return None
        context = self._context(did, key.liid, kind) + row.id.to_bytes(8)
        octets = key.sealer.open(row.sealed, context)
        return None if octets is None else Outgoing(kind, key.liid, did, octets)

    def _context(self, did: DID, liid: LIID, kind: Kind) -> bytes:
        """What a row stands for; its id follows in eight octets."""
        return f"custodes outbox\0{self._side}\0{did}\0{liid}\0{kind}\0".encode()

    def _destroy(self, destination: Destination, up_to: int, product: dict[DID, Destroyed]) -> None:
        mine = ROWS.c.destination == destination.number
        end = 0
        while end < up_to:
            with self._database.write() as connection:
                step = select(ROWS.c.id).where(mine, ROWS.c.id <= up_to).order_by(ROWS.c.id)
                last = connection.execute(step.limit(1).offset(_DESTROYED_AT_ONCE - 1)).scalar()
                end = up_to if last is None else int(last)
                some = (mine, ROWS.c.id <= end)
                counted = select(ROWS.c.key, func.count(), func.sum(ROWS.c.size))
                found = connection.execute(counted.where(*some).group_by(ROWS.c.key)).all()
                connection.execute(delete(ROWS).where(*some))
                connection.commit()
                self._destroyed(destination, [(row[0], row[1], row[2]) for row in found], product)
            self._counts.destroyed(destination, end)

    def _destroyed(
        self,
        destination: Destination,
        found: Sequence[tuple[int, int, int]],
        product: dict[DID, Destroyed],
    ) -> None:
        for number, count, octets in found:
            key = self._keys.by_number(number)
            if key is not None:
                key.rows -= count
            before = product.get(destination.did, Destroyed(0, 0))
            product[destination.did] = Destroyed(before.count + count, before.octets + octets)

    def _erase(self) -> tuple[LIID, ...]:
        with self._database.write() as connection:
            forgotten = self._plans.forgotten(connection)
            over = frozenset(
                liid
                for liid in forgotten
                if not self._keys.busy(liid) and not self._notices.of(liid)
            )
            needed = self._notices.keys()
            keys = [key for key in self._keys.idle(over) if key.number not in needed]
            for key in keys:
                connection.execute(delete(KEYS).where(KEYS.c.number == key.number))
            self._plans.erase(connection, over)
            connection.commit()
            self._keys.drop(keys)
        self._swept = self._swept and not keys
        if not self._swept:
            self._swept = self._database.sweep()
        return tuple(sorted(over))


def _take_ids(connection: Connection, count: int) -> int:
    """The first of ``count`` ids that nobody ever had."""
    statement = update(HEAD).values(next=HEAD.c.next + count).returning(HEAD.c.next)
    return int(connection.execute(statement).scalar_one()) - count
