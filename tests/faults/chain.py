"""The whole chain as processes, under load, to be broken: and what its evidence must then be."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from custodes.app.client import Client
from custodes.app.demo import Demo, DemoOrder
from custodes.app.lab import AGENCIES, OFFICERS, Lab, lemf_name
from custodes.app.supervisor import FunctionDiedError, FunctionProcess
from custodes.app.verdict import Verdict
from custodes.functions.admf.api import ElementLine
from faults.traffic import SUBJECTS, Tag, Traffic, tag

A, B = AGENCIES
SHARED, OTHER = SUBJECTS
ABSENT = "imsi-001010000000003"
ORDERS = (
    DemoOrder("order-1", A, SHARED, content=True, location=True),
    DemoOrder("order-2", B, SHARED, content=False, location=False),
    DemoOrder("order-3", B, OTHER, content=True, location=True),
    DemoOrder("order-4", A, ABSENT, content=True, location=True),
)
RESTARTABLE = ("x1gate", "admf", "mdf", lemf_name(A), lemf_name(B))
LONG = 120.0
_PCAP_HEADER = 24
_RECORD_HEADER = 16


@dataclass(frozen=True)
class Found:
    """What the evidence was held against, and what was wrong with it."""

    verdict: Verdict
    packets: int
    twice: int
    disordered: int

    def clean(self) -> bool:
        return self.verdict.clean and not (self.twice or self.disordered)


class Chain:
    """A lab whose functions run, with orders in force and traffic passing. Leaving it stops it."""

    def __init__(
        self,
        folder: Path,
        traffic: Traffic,
        orders: Sequence[DemoOrder] = ORDERS,
        prepare: Callable[[Lab], object] = lambda _: None,
    ) -> None:
        self.lab = Lab.create(folder / "lab", datetime.now(UTC))
        prepare(self.lab)
        self.traffic = traffic
        self.orders = {order.reference: order for order in orders}
        self._demo = Demo(self.lab, orders, lambda _: None)
        self._feeder = threading.Thread(target=self._feed, daemon=True)
        self._fed: BaseException | None = None
        self.officer = Client(self.lab.officer(OFFICERS[0]))

    def __enter__(self) -> Chain:
        try:
            self._demo.start()
            self._demo.place_orders()
        except BaseException:
            self._demo.supervisor.stop()
            raise
        self._feeder.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.traffic.finish()
        self._demo.supervisor.stop()
        self._feeder.join(LONG)

    def process(self, name: str) -> FunctionProcess:
        return self._demo.supervisor.processes[name]

    def kill(self, name: str) -> None:
        process = self.process(name)
        process.kill()
        process.stop()  # nothing is left to stop; its pipes are closed

    def start(self, name: str) -> FunctionProcess:
        return self._demo.supervisor.start(name)

    def kill_probe(self) -> Traffic:
        """The traffic that it saw; what passes until ``start_probe`` nobody sees."""
        probe = self.process("poi")
        probe.kill()
        self.traffic.finish()
        self._feeder.join(LONG)
        probe.stop()
        assert isinstance(self._fed, FunctionDiedError), self._fed
        self._fed = None
        return self.traffic

    def start_probe(self, traffic: Traffic) -> None:
        """Another probe, which begins to read when it has its tasks."""
        self._demo.supervisor.start("poi", feed=True)
        self.wait_ready("poi")
        held = {"amf", "smf", "upf"}
        reached(lambda: held == {e.neIdentifier for e in self.elements() if e.tasks} & held)
        reached(lambda: all(order.active for order in self.officer.status().orders.values()))
        self.traffic = traffic
        self._feeder = threading.Thread(target=self._feed, daemon=True)
        self._feeder.start()

    def elements(self) -> tuple[ElementLine, ...]:
        """As the administration knows them."""
        return self.officer.elements().elements

    def wait_ready(self, name: str) -> None:
        function = "lemf" if name.startswith("lemf") else name
        self.process(name).wait_for(f"{function}.ready", LONG)

    def folder(self, reference: str) -> Path:
        order = self.orders[reference]
        return self.lab.evidence(order.agency) / self._demo._liids[reference]

    def flowing(self, reference: str = "order-1") -> float:
        """Seconds until a packet that passes from now on stands in the evidence."""
        began = time.monotonic()
        phone = SUBJECTS.index(self.orders[reference].subject)
        sent = [(s, n) for (p, s), n in list(self.traffic.sent.items()) if p == phone]
        newest = max(sent, default=(0, 0))
        content = self.folder(reference) / "content.pcap"
        reached(lambda: (last := last_tag(content)) is not None and last[1:] > newest)
        return time.monotonic() - began

    def finish(self) -> None:
        """No more traffic; everything there is arrives; the orders end; every process ends."""
        self.traffic.finish()
        self._feeder.join(5 * LONG)
        assert self._fed is None, self._fed
        assert self.capture_end["acknowledged"], self.capture_end
        reached(lambda: self.queue() == 0)
        self._demo.end_orders()

    @property
    def capture_end(self) -> dict[str, Any]:
        return self._demo._read

    def counters(self, side: str) -> dict[str, Any]:
        """As the present mdf last told them."""
        told = self.process("mdf").last("mdf.counters")
        return {} if told is None else told[side]

    def queue(self) -> int | None:
        """PDUs that the mdf owes agencies; None while it has not said."""
        told = self.process("mdf").last("mdf.counters")
        return None if told is None else told["mdf2"]["queue"] + told["mdf3"]["queue"]

    def check(self) -> Found:
        """After ``finish``: the evidence beside what the probe says it sent, and what was fed."""
        _, verdict = self._demo.verdict()
        twice = disordered = packets = 0
        for reference, order in self.orders.items():
            folder = self.folder(reference)
            repeated, out_of_order = disorder_of_records(folder)
            if order.content and order.subject in SUBJECTS:
                content = list(tags(folder / "content.pcap"))
                packets += len(content)
                more = disorder_of_packets(content, self._sent_of(order))
                repeated, out_of_order = repeated + more[0], out_of_order + more[1]
            twice, disordered = twice + repeated, disordered + out_of_order
        return Found(verdict, packets, twice, disordered)

    def _sent_of(self, order: DemoOrder) -> dict[int, int]:
        phone = SUBJECTS.index(order.subject)
        return {s: n for (p, s), n in self.traffic.sent.items() if p == phone}

    def _feed(self) -> None:
        try:
            self._demo.read_capture(self.traffic.pieces())
        except BaseException as error:
            self._fed = error


class Killer:
    """Kills functions at moments that a seed decides, and starts them again."""

    def __init__(self, chain: Chain, seed: int) -> None:
        self._chain = chain
        self._random = random.Random(seed)
        self.killed: Counter[str] = Counter()

    def run(self, kills: int, names: Sequence[str] = RESTARTABLE) -> None:
        """Each of ``names`` is killed ``kills`` times, in an order of chance."""
        victims = [name for name in names for _ in range(kills)]
        self._random.shuffle(victims)
        for name in victims:
            self.once(name)
        for name in names:
            self._chain.wait_ready(name)

    def once(self, name: str) -> None:
        # Three of four times the victim has come up; else the kill falls into its start.
        if self._random.random() < 0.75:
            self._chain.wait_ready(name)
        time.sleep(self._random.uniform(0.0, 0.7))
        self._chain.kill(name)
        self.killed[name] += 1
        time.sleep(self._random.choice((0.0, 0.0, self._random.uniform(0.0, 0.5))))
        self._chain.start(name)


def disorder_of_records(folder: Path) -> tuple[int, int]:
    """(twice, out of order) in iri.jsonl: sequence numbers per CIN are 0, 1, 2 and so on."""
    numbers: dict[Any, list[int]] = {}
    for line in lines(folder / "iri.jsonl"):
        numbers.setdefault(line["cin"], []).append(line["sequenceNumber"])
    twice = sum(len(found) - len(set(found)) for found in numbers.values())
    return twice, sum(found != list(range(len(found))) for found in numbers.values())


def disorder_of_packets(found: Sequence[Tag], sent: dict[int, int]) -> tuple[int, int]:
    """(twice, sessions whose packets are not exactly those sent, in the order of the capture)."""
    sessions: dict[int, list[int]] = {}
    for one in found:
        sessions.setdefault(one.session, []).append(one.number)
    wrong = sum(sessions.get(s) != list(range(number)) for s, number in sent.items())
    return len(found) - len(set(found)), wrong


def tags(path: Path) -> Iterator[Tag]:
    """Of the packets of a pcap file that must be whole to its last octet."""
    octets, at = path.read_bytes() if path.exists() else b"", _PCAP_HEADER
    while at < len(octets):
        size = int.from_bytes(octets[at + 8 : at + 12], "little")
        at += _RECORD_HEADER + size
        assert at <= len(octets), "a torn packet"
        yield tag(octets[at - size : at])


def last_tag(path: Path) -> tuple[int, int, int] | None:
    """(phone, session, number) of the last whole packet; None where there is none."""
    octets = path.read_bytes() if path.exists() else b""
    if len(octets) <= _PCAP_HEADER + _RECORD_HEADER:
        return None
    size = int.from_bytes(octets[_PCAP_HEADER + 8 : _PCAP_HEADER + 12], "little")
    size += _RECORD_HEADER  # all packets of one load are of one size
    whole = (len(octets) - _PCAP_HEADER) // size
    if not whole:
        return None
    end = _PCAP_HEADER + whole * size
    found = tag(octets[end - size + _RECORD_HEADER : end])
    return found.phone, found.session, found.number


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def reached(what: Callable[[], bool], seconds: float = LONG) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.05)
