"""What a state file must hold after the steps that a process says it has done."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any
from uuid import UUID

from outbox_scene import NORTH, SOUTH, A, B, Opened, pdu

from custodes.base.ids import DID, LIID, XID
from custodes.model.outbox import Batch
from custodes.model.outgoing import Kind, Route
from custodes.store.cin import CinStore

SIDES = ("mdf2", "mdf3")
DIDS = (str(NORTH), str(SOUTH))
STREAM = "stream"
CINS = 12
XID_1 = XID(UUID(int=9))


def place(number: int) -> tuple[str, str]:
    """Which order and which destination the PDU of that number is of."""
    return str((A, B)[number % 2]), DIDS[number % 3 == 0]


def content(side: str, number: int) -> bytes:
    return f"{side} {number} ".encode() + bytes([number % 256]) * (number * 37 % 900)


def notice(turn: int) -> bytes:
    return b"notice %d" % turn


def routes(turn: int) -> tuple[Route, ...]:
    return (Route(NORTH, f"{turn:064x}", frozenset({Kind.HI2, Kind.HI3})),)


@dataclass
class Side:
    """``rows``: DID -> id -> number of the PDU."""

    number: int | None = None
    rows: dict[str, dict[int, int]] = field(default_factory=lambda: {did: {} for did in DIDS})
    confirmed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(DIDS, 0))
    notice: int | None = None
    routes: dict[str, int] = field(default_factory=dict)
    forgotten: set[str] = field(default_factory=set)


@dataclass
class Model:
    """``head``: the next id that nobody was ever given."""

    head: int = 1
    sides: dict[str, Side] = field(default_factory=lambda: {name: Side() for name in SIDES})
    cins: dict[int, int] = field(default_factory=dict)

    def done(self, step: str, *values: Any) -> None:
        getattr(self, f"_{step}")(*values)

    def tried(self, step: str, *values: Any) -> Iterator[Model]:
        """What it may be instead, if this was under way: all of the step's or nothing, but what
        destroying has several transactions for."""
        if step == "destroy":
            for count in range(len(DIDS) + 1):
                for dids in combinations(DIDS, count):
                    yield self._with("destroy_rows", *values, dids)
        yield self._with(step, *values)

    def _with(self, step: str, *values: Any) -> Model:
        other = deepcopy(self)
        other.done(step, *values)
        return other

    def _commit(
        self, name: str, begin: int, end: int, told: int | None, ids: list[int] | None = None
    ) -> None:
        side, given = self.sides[name], list(range(self.head, self.head + end - begin))
        assert (side.number or 0) == begin
        assert ids is None or ids == given, "ids are given out once, in order"
        for number, one in zip(range(begin, end), given, strict=True):
            side.rows[place(number)[1]][one] = number
        side.number, self.head = end, self.head + len(given)
        side.notice = told if told is not None else side.notice

    def _confirm(self, name: str, did: str, up_to: int) -> None:
        self.sides[name].confirmed[did] = up_to

    def _destroy(self, name: str) -> None:
        self._destroy_rows(name, DIDS)
        side = self.sides[name]
        held = {place(number)[0] for rows in side.rows.values() for number in rows.values()}
        for liid in side.forgotten - held:
            side.forgotten.discard(liid)
            side.routes.pop(liid, None)

    def _destroy_rows(self, name: str, dids: tuple[str, ...]) -> None:
        side = self.sides[name]
        for did in dids:
            for one in [one for one in side.rows[did] if one <= side.confirmed[did]]:
                del side.rows[did][one]

    def _allow(self, name: str, liid: str, turn: int) -> None:
        self.sides[name].routes[liid] = turn
        self.sides[name].forgotten.discard(liid)

    def _forget(self, name: str, liid: str) -> None:
        self.sides[name].forgotten.add(liid)

    def _cin(self, correlation: int, cin: int | None = None) -> None:
        expected = self.cins.setdefault(correlation, len(self.cins) + 1)
        assert cin is None or cin == expected, "a CIN is given out once and stays"

    def expected(self) -> dict[str, Any]:
        sides = {name: _expected(name, side) for name, side in self.sides.items()}
        return {"cins": self.cins, **sides}


def _expected(name: str, side: Side) -> dict[str, Any]:
    number = side.number
    held = {
        did: {one: content(name, n) for one, n in rows.items()} for did, rows in side.rows.items()
    }
    waiting = {did: [i for i in held[did] if i > side.confirmed[did]] for did in DIDS}
    return {
        "numbers": {} if number is None else {STREAM: number},
        "marks": {} if number is None else {b"context": number},
        "rows": {did: list(rows.items()) for did, rows in held.items()},
        "confirmed": side.confirmed,
        "waiting": {
            did: (len(ids), sum(len(held[did][i]) for i in ids), ids[-1])
            for did, ids in waiting.items()
            if ids
        },
        "notices": {} if side.notice is None else {(A, NORTH): notice(side.notice)},
        "routes": {LIID(liid): routes(turn) for liid, turn in side.routes.items()},
        "forgotten": side.forgotten,
    }


def observed(folder: Path) -> dict[str, Any]:
    """What the real code reads in the file."""
    opened = Opened(folder)
    try:
        assert opened.sql("PRAGMA integrity_check") == [("ok",)]
        cins = opened.sql("SELECT correlation, cin FROM mdf_cin")
        found: dict[str, Any] = {"cins": {int(str(one), 16): cin for one, cin in cins}}
        for name in SIDES:
            outbox = opened.side(name)
            query = f"SELECT liid FROM outbox_forgotten WHERE side = '{name}'"  # noqa: S608
            backlog = outbox.backlog()
            found[name] = {
                "numbers": outbox.numbers(),
                "marks": outbox.marks(),
                "rows": {
                    did: [
                        (one.id, one.outgoing.octets if one.outgoing else None)
                        for one in outbox.read(DID.parse(did), 0, 1 << 30, 1 << 40)
                    ]
                    for did in DIDS
                },
                "confirmed": {did: outbox.confirmed(DID.parse(did)) for did in DIDS},
                "waiting": {str(d): (b.count, b.octets, b.last_id) for d, b in backlog.items()},
                "notices": outbox.notices(),
                "routes": outbox.routes(),
                "forgotten": {row[0] for row in opened.sql(query)},
            }
        return found
    finally:
        opened.close()


def goes_on(folder: Path, model: Model) -> None:
    """The next life gives out what nobody was ever given."""
    opened = Opened(folder)
    try:
        head = model.head
        for name in SIDES:
            assert opened.side(name).commit(Batch([pdu(b"next")])) == (head,)
            head += 1
        store = CinStore(opened.database)
        assert store.cin(A, XID_1, CINS).value == len(model.cins) + 1
    finally:
        opened.close()
