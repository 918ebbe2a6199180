"""Batches to the disk: in order, kept until written, and only then told of."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from mdf_outbox import Disk
from mdf_scene import DA, A

from custodes.functions.mdf.writer import MOST_PDUS, Writer
from custodes.model.outbox import Stored
from custodes.model.outgoing import Kind, Outgoing

PATIENCE = 10.0


def made(number: int) -> Outgoing:
    return Outgoing(Kind.HI2, A, DA, b"%d" % number)


class Bench:
    def __init__(self) -> None:
        self.disk = Disk()
        self.outbox = self.disk.outbox()
        self.told: list[Stored] = []
        self.alarms: list[str] = []
        self.alarmed = threading.Event()
        self.writer = Writer("mdf2", self.outbox, self._written, self._alarm)
        self.writer.start()

    def _written(self, entries: Sequence[Stored]) -> None:
        self.told += entries

    def _alarm(self, kind: str, _what: str) -> None:
        self.alarms.append(kind)
        self.alarmed.set()

    def octets(self) -> list[bytes]:
        return [e.outgoing.octets for e in self.told if e.outgoing is not None]


def test_what_is_told_is_on_disk_with_its_numbers_and_in_order() -> None:
    bench = Bench()
    for number in range(200):
        position = bench.writer.add([made(number)], {"s": number + 1}, {b"c": number + 1})
    assert bench.writer.wait_durable(position, PATIENCE)
    assert bench.octets() == [b"%d" % number for number in range(200)]
    assert bench.outbox.numbers() == {"s": 200}
    assert bench.outbox.marks() == {b"c": 200}
    assert bench.writer.close(0) == 0


def test_numbers_and_marks_without_product_are_written_too() -> None:
    bench = Bench()
    assert bench.writer.wait_durable(bench.writer.add([], {}, {b"c": 5}), PATIENCE)
    assert bench.outbox.marks() == {b"c": 5}
    bench.writer.close(0)


def test_what_cannot_be_written_is_kept_alarmed_and_written_later() -> None:
    bench = Bench()
    with bench.disk.full():
        position = bench.writer.add([made(0)], {"s": 1}, {b"c": 1})
        assert bench.alarmed.wait(PATIENCE)
        bench.writer.add([made(1)], {"s": 2}, {b"c": 2})
        assert not bench.writer.wait_durable(position, 0.01)
        assert bench.told == []
    assert bench.writer.wait_durable(bench.writer.position, PATIENCE)
    assert bench.octets() == [b"0", b"1"]
    assert set(bench.alarms) == {"outbox"}
    assert bench.outbox.numbers() == {"s": 2}
    bench.writer.close(0)


def test_room_is_bounded_and_comes_back() -> None:
    bench = Bench()
    with bench.disk.full():
        bench.writer.add([made(n) for n in range(MOST_PDUS)], {}, {})
        assert not bench.writer.wait_for_room(0.01)
    assert bench.writer.wait_for_room(PATIENCE)
    bench.writer.close(PATIENCE)


def test_closing_tells_how_much_never_reached_the_disk() -> None:
    bench = Bench()
    with bench.disk.full():
        bench.writer.add([made(0), made(1)], {}, {})
        assert bench.alarmed.wait(PATIENCE)
        assert bench.writer.close(0) == 2
    assert bench.outbox.backlog() == {}
