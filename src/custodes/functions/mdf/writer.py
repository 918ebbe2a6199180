"""Between mediation and delivery: everything becomes durable here, in batches.

```
 Side (mediates) ──add──▶ waiting ──one transaction──▶ outbox ──written──▶ deliveries
                                                          └──▶ position: keepalives may be answered
```
While one batch is on its way to the disk the next one gathers: the disk sets the size. A batch
that cannot be written is kept and tried again, and nothing behind it is acknowledged meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeVar

from custodes.base.errors import CustodesError
from custodes.base.ids import DID, LIID
from custodes.functions.mdf.outbox_port import Outbox
from custodes.functions.mdf.ports import Alarm
from custodes.model.outbox import Batch, Stored
from custodes.model.outgoing import Outgoing

MOST_PDUS = 4096
MOST_OCTETS = 32 * 1024 * 1024
_RETRY_SECONDS = 0.5


class Writer:
    """``add`` from one thread at a time (the side's lock); the rest from any.

    ``written`` is called in the writer's own thread with what the disk now has, in its order.
    """

    def __init__(
        self,
        name: str,
        outbox: Outbox,
        written: Callable[[Sequence[Stored]], None],
        alarm: Alarm,
    ) -> None:
        self._outbox = outbox
        self._written = written
        self._alarm = alarm
        self._changed = threading.Condition()
        self._outgoing: list[Outgoing] = []
        self._octets = 0
        self._numbers: dict[str, int] = {}
        self._marks: dict[bytes, int] = {}
        self._notices: dict[tuple[LIID, DID], bytes] = {}
        self._taken = 0  # positions: how many additions were made, and are on disk
        self._durable = 0
        self._closing = False
        self._thread = threading.Thread(target=self._run, name=f"writer-{name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def add(
        self,
        outgoing: Sequence[Outgoing],
        numbers: Mapping[str, int],
        marks: Mapping[bytes, int],
        notices: Mapping[tuple[LIID, DID], bytes] = MappingProxyType({}),
    ) -> int:
        """Take in what belongs together; returns its position. Never blocks."""
        with self._changed:
            self._outgoing += outgoing
            self._octets += sum(len(o.octets) for o in outgoing)
            self._numbers |= numbers
            self._marks |= marks
            self._notices |= notices
            self._taken += 1
            self._changed.notify_all()
            return self._taken

    @property
    def position(self) -> int:
        """Of the latest addition."""
        with self._changed:
            return self._taken

    def wait_for_room(self, timeout: float) -> bool:
        """Whether more may be added, within ``timeout`` seconds."""
        with self._changed:
            return self._changed.wait_for(self._has_room, timeout)

    def wait_durable(self, position: int, timeout: float) -> bool:
        """Whether everything up to ``position`` is on disk, within ``timeout`` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self._durable >= position, timeout)

    def close(self, timeout: float) -> int:
        """Write what waits for up to ``timeout`` s; returns how many PDUs are not on disk."""
        with self._changed:
            if self._thread.is_alive():
                self._changed.wait_for(lambda: self._durable == self._taken, timeout)
            self._closing = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(2 * _RETRY_SECONDS)
        return len(self._outgoing)

    def _has_room(self) -> bool:
        return len(self._outgoing) < MOST_PDUS and self._octets < MOST_OCTETS

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closing or self._durable < self._taken)
                if self._closing:
                    return
                position = self._taken
                batch = Batch(
                    tuple(self._outgoing),
                    dict(self._numbers),
                    dict(self._marks),
                    dict(self._notices),
                )
            if not self._commit(batch):
                continue
            with self._changed:
                # What was added meanwhile stands behind; of numbers, marks and notices the latest
                # counts, so writing some of them twice is harmless.
                del self._outgoing[: len(batch.outgoing)]
                self._octets -= sum(len(o.octets) for o in batch.outgoing)
                self._numbers = _left(self._numbers, batch.numbers)
                self._marks = _left(self._marks, batch.marks)
                self._notices = _left(self._notices, batch.notices)
                self._durable = position
                self._changed.notify_all()

    def _commit(self, batch: Batch) -> bool:
        try:
            ids = self._outbox.commit(batch)
        except CustodesError as error:
            self._alarm("outbox", f"product cannot be made durable: {error.what}")
            with self._changed:
                self._changed.wait_for(lambda: self._closing, _RETRY_SECONDS)
            return False
        pairs = zip(ids, batch.outgoing, strict=True)
        self._written([Stored(number, outgoing) for number, outgoing in pairs])
        return True


_K = TypeVar("_K")
_V = TypeVar("_V")


def _left(now: dict[_K, _V], written: Mapping[_K, _V]) -> dict[_K, _V]:
    return {name: value for name, value in now.items() if written.get(name) != value}
