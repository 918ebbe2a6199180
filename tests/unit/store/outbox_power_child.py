"""A process whose disk is recorded: it changes an outbox, and says what it tries and what is done.

``FOLDER SEED STEPS [PRAGMA]``. Each line is a JSON list: "try" or "done", the name of the step and
its values; what they mean is in outbox_power_model.py, which knows nothing of this one's means.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

from outbox_power_model import CINS, DIDS, SIDES, STREAM, XID_1, content, notice, place, routes
from outbox_scene import LATER, NOW, Opened, pdu
from sqlalchemy import event

from custodes.base.ids import DID, LIID
from custodes.functions.mdf.outbox_port import Outbox
from custodes.model.outbox import Batch
from custodes.store.cin import CinStore


class Child:
    def __init__(self, folder: Path, seed: int, pragma: str) -> None:
        self._chance = random.Random(seed)
        opened = Opened(folder)
        # Small, so that the log is written back and begun anew again and again.
        self._database = opened.database
        _on_connect(self._database.engine, "wal_autocheckpoint=40")
        if pragma:
            _on_connect(self._database.engine, pragma)
        self._database.engine.dispose()
        self._sides = {name: opened.side(name) for name in SIDES}
        self._cins = CinStore(self._database)
        self._told = 0

    def run(self, steps: int) -> None:
        kinds = [self.commit] * 8 + [self.confirm] * 3
        kinds += [self.destroy, self.allow, self.forget, self.cin, self.sweep]
        for _ in range(steps):
            self._chance.choice(kinds)()

    def commit(self) -> None:
        name, outbox = self._side()
        begin = outbox.numbers().get(STREAM, 0)
        end = begin + self._chance.randint(0, 9)
        self._told += 1
        told = self._told if self._chance.random() < 0.2 else None
        made = []
        for number in range(begin, end):
            liid, did = place(number)
            made.append(pdu(content(name, number), LIID(liid), DID.parse(did)))
        notices = {} if told is None else {(LIID("A-1"), DID.parse(DIDS[0])): notice(told)}
        values = [name, begin, end, told]
        _say("try", "commit", *values)
        ids = outbox.commit(Batch(made, {STREAM: end}, {b"context": end}, notices))
        _say("done", "commit", *values, list(ids))

    def confirm(self) -> None:
        name, outbox = self._side()
        did = self._chance.choice(DIDS)
        parsed = DID.parse(did)
        found = outbox.read(parsed, outbox.confirmed(parsed), self._chance.randint(1, 12), 1 << 20)
        if found:
            _say("try", "confirm", name, did, found[-1].id)
            outbox.confirm(parsed, found[-1].id, NOW)
            _say("done", "confirm", name, did, found[-1].id)

    def destroy(self) -> None:
        name, outbox = self._side()
        _say("try", "destroy", name)
        outbox.destroy(LATER)
        _say("done", "destroy", name)

    def allow(self) -> None:
        name, outbox = self._side()
        liid, turn = self._chance.choice(("A-1", "B-1")), self._chance.randrange(1000)
        _say("try", "allow", name, liid, turn)
        outbox.allow(LIID(liid), routes(turn))
        _say("done", "allow", name, liid, turn)

    def forget(self) -> None:
        name, outbox = self._side()
        _say("try", "forget", name, "B-1")
        outbox.forget(LIID("B-1"))
        _say("done", "forget", name, "B-1")

    def cin(self) -> None:
        correlation = self._chance.randrange(CINS)
        _say("try", "cin", correlation)
        made = self._cins.cin(LIID("A-1"), XID_1, correlation)
        _say("done", "cin", correlation, made.value)

    def sweep(self) -> None:
        self._database.sweep()

    def _side(self) -> tuple[str, Outbox]:
        name = self._chance.choice(SIDES)
        return name, self._sides[name]


def _on_connect(engine: Any, pragma: str) -> None:
    event.listen(engine, "connect", lambda c, _: c.execute(f"PRAGMA {pragma}").close())


def _say(*values: Any) -> None:
    print(json.dumps(values), flush=True)


if __name__ == "__main__":
    Child(Path(sys.argv[1]), int(sys.argv[2]), "".join(sys.argv[4:])).run(int(sys.argv[3]))
