"""The keys that orders' product is sealed under: random, one order's own, wrapped on disk.

A key is wrapped under the sealing key, which is in a file of its own: the database alone opens
nothing. Destroying an order's keys destroys what they sealed, wherever copies of it are.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from custodes.base.errors import ConfigurationError, CustodesError, DecodeError
from custodes.base.ids import LIID
from custodes.store.mdf import MdfDatabase
from custodes.store.mdf_tables import HEAD, KEYS
from custodes.store.seal import KEY_OCTETS, Sealer, fingerprint, load_key

# SP 800-38D clause 8.3 allows 2**32 uses of a key with random nonces. A new key comes well before.
MOST_USES = 1 << 31


@dataclass(slots=True)
class OrderKey:
    """``sealer`` is None where the key does not unwrap; ``rows`` counts what it seals on disk."""

    number: int
    liid: LIID
    sealer: Sealer | None
    sealed: int = 0
    rows: int = 0

    def seal(self, octets: bytes, context: bytes) -> bytes:
        if self.sealer is None:
            raise CustodesError("a key that does not unwrap seals nothing")
        return self.sealer.seal(octets, context)


def open_sealing_key(database: MdfDatabase, path: Path) -> Sealer:
    """The key that wraps the orders' keys, from its file; made where nothing was ever wrapped.

    Raises ConfigurationError where the file is absent or another one while the database holds keys.
    """
    with database.read() as connection:
        held = connection.execute(select(KEYS.c.number).limit(1)).first() is not None
        known = connection.execute(select(HEAD.c.sealing_key)).scalar()
    key = load_key(path, may_make=not held)
    mark = fingerprint(key)
    if mark != known:
        if held:
            raise ConfigurationError(
                f"{path} is not the key that the stored product was sealed with",
                remedy="put the right key file back",
            )
        statement = upsert(HEAD).values(one=1, next=1, sealing_key=mark)
        statement = statement.on_conflict_do_update(["one"], set_={"sealing_key": mark})
        with database.write() as connection:
            connection.execute(statement)
    return Sealer(key)


class OrderKeys:
    """One side's keys. Not thread-safe for changes: those happen in the database's transactions."""

    def __init__(self, side: str, wrapping: Sealer) -> None:
        self._side = side
        self._wrapping = wrapping
        self._keys: dict[int, OrderKey] = {}
        self._newest: dict[LIID, OrderKey] = {}

    def load(self, connection: Connection) -> None:
        query = select(KEYS).where(KEYS.c.side == self._side).order_by(KEYS.c.number)
        for row in connection.execute(query):
            try:
                liid = LIID(row.liid)
            except DecodeError:  # its rows are damaged then
                continue
            key = self._wrapping.open(row.wrapped, self._context(liid))
            sealer = Sealer(key) if key is not None and len(key) == KEY_OCTETS else None
            self.adopt([OrderKey(row.number, liid, sealer, row.sealed)])

    def by_number(self, number: int) -> OrderKey | None:
        return self._keys.get(number)

    def usable(self, liid: LIID, uses: int) -> OrderKey | None:
        """The order's newest key, if it may be used that often."""
        key = self._newest.get(liid)
        if key is None or key.sealer is None or key.sealed + uses > MOST_USES:
            return None
        return key

    def make(self, connection: Connection, liid: LIID) -> OrderKey:
        """A new key, wrapped and written; known here only once ``adopt`` is called."""
        octets = os.urandom(KEY_OCTETS)
        wrapped = self._wrapping.seal(octets, self._context(liid))
        statement = insert(KEYS).values(side=self._side, liid=str(liid), wrapped=wrapped, sealed=0)
        made = connection.execute(statement).inserted_primary_key
        assert made is not None  # noqa: S101 - a single-row insert has one
        return OrderKey(int(made[0]), liid, Sealer(octets))

    def used(self, connection: Connection, key: OrderKey, uses: int) -> None:
        """Count uses, also those of a transaction that fails: what it wrote may be on the disk."""
        key.sealed += uses
        connection.execute(
            update(KEYS).where(KEYS.c.number == key.number).values(sealed=key.sealed)
        )

    def adopt(self, keys: Iterable[OrderKey]) -> None:
        for key in keys:
            self._keys[key.number] = key
            self._newest[key.liid] = key

    def idle(self, forgotten: frozenset[LIID]) -> list[OrderKey]:
        """Keys that seal nothing and never will: of orders that are over, and used-up ones."""
        return [
            key
            for key in self._keys.values()
            if not key.rows and (key.liid in forgotten or self._newest[key.liid] is not key)
        ]

    def busy(self, liid: LIID) -> bool:
        """Whether anything of the order is still stored."""
        return any(key.rows for key in self._keys.values() if key.liid == liid)

    def drop(self, keys: Iterable[OrderKey]) -> None:
        for key in keys:
            del self._keys[key.number]
            if self._newest.get(key.liid) is key:
                del self._newest[key.liid]

    def _context(self, liid: LIID) -> bytes:
        return b"\0".join((b"custodes order key", self._side.encode(), str(liid).encode()))
