"""A whole operator in memory: the administration, the gate, five elements, and what is true.

What should be is computed here a second time, from what officers did and the true time alone.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from convergence_machines import Acting, boot, destinations, granted
from convergence_time import HostClock, Time, VirtualLoop
from convergence_wire import Line

from custodes.base.errors import CustodesError, ProtocolError
from custodes.base.ids import DID, LIID, XID
from custodes.functions.admf.converge import Issued
from custodes.functions.admf.orders import OrderBook
from custodes.functions.admf.provisioner import Pace, Provisioner
from custodes.functions.admf.reports import Reports
from custodes.functions.admf.x1 import GateX1
from custodes.functions.x1gate.gate import Gate
from custodes.model.address import Address
from custodes.model.intent import Intent
from custodes.model.order import HeaderReporting, HeaderReportingKind, Order, Subject
from custodes.model.party import Party, Role
from custodes.model.registry import Agency, Element, ElementKind, Registry
from custodes.session.x1.holdings import TaskRecord
from custodes.session.x1.reports import ReportReceiver
from custodes.store.admf import AdmfStore
from custodes.store.records import StoredOrder
from custodes.wire.x1.destination import DestinationDetails, ip_delivery, ip_endpoint
from custodes.wire.x1.target import TargetIdentifier
from custodes.wire.x1.task import DeliveryType, ListOfDIDs, TaskDetails

SUBJECTS = ("001010000000077", "001010000000078", "999700000000079")
CONVERGENCE = 40.0
"""Seconds in which everything must be as it should, once everybody can be reached."""


def _party(name: str, role: Role, person: str = "") -> Party:
    return Party(name, role, sha256(name.encode()).hexdigest(), person)


def _element(name: str, kind: ElementKind, port: int, *, ours: bool = True) -> Element:
    role = Role.MDF if kind.mediates else Role.ELEMENT
    intake = Address("192.0.2.1", port + 1000) if kind.mediates else None
    return Element(_party(name, role), kind, Address("192.0.2.1", port), intake, ours=ours)


def _agency(letter: str, port: int) -> Agency:
    hi2, hi3 = Address("198.51.100.1", port), Address("198.51.100.1", port + 1)
    lemf = _party(f"lemf-{letter}", Role.LEMF)
    return Agency(f"agency-{letter}", f"court-{letter}", "XX", lemf, hi2, hi3)


ADMF, GATE = _party("admf", Role.ADMF), _party("x1gate", Role.X1GATE)
ONE, TWO = _party("officer-1", Role.OFFICER, "Ada"), _party("officer-2", Role.OFFICER, "Ben")
ELEMENTS = (
    _element("amf", ElementKind.AMF, 5001),
    _element("smf", ElementKind.SMF, 5002, ours=False),
    _element("upf", ElementKind.UPF, 5003),
    _element("mdf2", ElementKind.MDF2, 5004),
    _element("mdf3", ElementKind.MDF3, 5005),
)
NAMES = tuple(e.neIdentifier for e in ELEMENTS)
FOREIGN = "smf"
AGENCIES = (_agency("a", 7000), _agency("b", 7010))
REGISTRY = Registry(
    (ADMF, GATE, ONE, TWO, *(e.party for e in ELEMENTS), *(a.lemf for a in AGENCIES)),
    ELEMENTS,
    AGENCIES,
)


@dataclass
class Ids:
    last: int = 0

    def uuid(self) -> UUID:
        self.last += 1
        return UUID(int=self.last << 64 | self.last)


@dataclass
class Log:
    lines: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def info(self, event: str, **values: object) -> None:
        self.lines.append((event, values))

    warning = info

    def x1(self, ne: str, operation: str, outcome: str, why: str = "") -> None:
        self.info("gate", ne=ne, operation=operation, outcome=outcome, why=why)

    def leniency(self, peer: str, kind: str, path: str) -> None: ...


@dataclass
class Known:
    """An order as people know it: what it says, who approved it, when it was stopped."""

    order: Order
    intent: Intent
    approvals: int = 0
    ended: datetime | None = None

    def open(self, now: datetime) -> bool:
        return self.approvals == 2 and self.ended is None and now < self.order.end

    def runs(self, now: datetime) -> bool:
        return self.open(now) and self.order.start <= now

    @property
    def liid(self) -> LIID:
        return self.intent.liid


class _Orders:
    """The repository, asked again only after it was written to: here nobody else writes."""

    def __init__(self, store: AdmfStore) -> None:
        self._store = store
        self._all: tuple[Sequence[StoredOrder], Sequence[str]] | None = None
        self._issued: Issued | None = None

    def forget(self) -> None:
        self._all = self._issued = None

    def all(self) -> tuple[Sequence[StoredOrder], Sequence[str]]:
        if self._all is None:
            self._all = self._store.orders.all()
        return self._all

    def issued(self) -> Issued:
        if self._issued is None:
            self._issued = Issued(*self._store.orders.issued())
        return self._issued


class Administration:
    """One life of the administration's process: it knows what is in its database, no more."""

    def __init__(self, world: World) -> None:
        self.store = AdmfStore(world.database)
        self.orders = _Orders(self.store)
        clock, log = world.clocks["admf"], world.log
        self.book = OrderBook(self.store.orders, REGISTRY, clock, world.ids, log)
        self.provisioner = Provisioner(
            self.orders.all,
            self.orders.issued,
            self.store.elements,
            REGISTRY,
            GateX1(ADMF.name, world, world.ids, clock),
            clock,
            log,
            world.pace,
        )
        self.reports = Reports(
            ReportReceiver(ADMF.name), self.store.elements, self.provisioner, log
        )
        self._task = world.loop.create_task(self.provisioner.run())
        self._loop = world.loop

    def check(self) -> None:
        """A worker that failed is no way to stop."""
        if self._task.done():
            self._task.result()

    def stop(self) -> None:
        self._task.cancel()
        self._loop.run_until_complete(asyncio.gather(self._task, return_exceptions=True))
        self.store.close()

    def changed(self) -> None:
        self.orders.forget()
        self.provisioner.changed()


class World:
    """Also the ports: of the administration to the gate, and of the gate to the elements."""

    def __init__(
        self, folder: Path, template: Path | None = None, pace: Pace | None = None
    ) -> None:
        self.database = folder / "admf.sqlite"
        if template is not None:
            shutil.copyfile(template, self.database)
        self.pace = pace or Pace()
        self.time = Time()
        self.loop = VirtualLoop(self.time)
        self.ids, self.log = Ids(), Log()
        self.clocks = {n: HostClock(self.time) for n in ("admf", "x1gate", *NAMES)}
        self.known: dict[str, Known] = {}
        # By how much our elements may outlast an order: their clock was wrong when tasked.
        self.slack: dict[tuple[str, LIID], float] = {}
        self.intruders: set[tuple[str, str]] = set()
        self.lines: dict[str, Line] = {}
        for element in ELEMENTS:
            name = element.neIdentifier
            machine = boot(element, REGISTRY, self.clocks[name])
            self.lines[name] = Line(name, machine, seen=lambda name=name: self._tasked(name))
        self.gate: Gate | None = None
        self.start_gate()
        self.admf: Administration | None = None
        self.start_admf()
        self.time.watch = self.check_moment

    def close(self) -> None:
        self.time.watch = lambda: None
        self.stop_admf()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()

    # The processes.

    def start_admf(self) -> None:
        self.stop_admf()
        self.admf = Administration(self)

    def stop_admf(self) -> None:
        if self.admf is not None:
            self.admf.stop()
            self.admf = None

    def start_gate(self) -> None:
        clock = self.clocks["x1gate"]
        self.gate = Gate(GATE.name, REGISTRY, self, self, self.log, clock, self.ids)

    def restart(self, name: str, *, stale: int = 0) -> None:
        """The element starts anew; ``stale``: with what its first so many requests had told it."""
        line = self.lines[name]
        before = line.taken
        line.machine, line.taken = boot(REGISTRY.element(name), REGISTRY, self.clocks[name]), []
        for key in [k for k in self.slack if k[0] == name]:
            del self.slack[key]
        self.intruders = {i for i in self.intruders if i[0] != name}
        for octets in before[:stale]:
            line._apply(octets)

    async def post(self, to: object, octets: bytes = b"") -> bytes:
        if isinstance(to, Element):
            return await self.lines[to.neIdentifier].post(octets)
        if isinstance(to, bytes):
            if self.admf is None:
                raise CustodesError("the administration is away")
            return self.admf.reports.handle(to, GATE.name, self.clocks["admf"].now())
        if self.gate is None:
            raise CustodesError("the gate is away")
        try:
            return await self.gate.relay(str(to), octets, ADMF)
        except CustodesError as error:
            raise ProtocolError(f"the gate could not ask {to}") from error

    # What people do.

    def now(self) -> datetime:
        return self.time.now()

    def order(
        self,
        reference: str,
        *,
        letter: str = "a",
        subject: int = 0,
        content: bool = True,
        location: bool = True,
        start: float = 0.0,
        lasts: float = 3600.0,
        approvals: int = 2,
    ) -> Known:
        assert self.admf is not None
        begin = self.now() + timedelta(seconds=start)
        made = Order(
            reference,
            f"court-{letter}",
            f"agency-{letter}",
            "a test, no law",
            begin,
            begin + timedelta(seconds=lasts),
            Subject.parse(SUBJECTS[subject]),
            content,
            location,
            HeaderReporting(HeaderReportingKind.NONE, "agreement-1"),
        )
        record, _ = self.admf.book.register(made, ONE)
        self.known[reference] = Known(made, record.intent)
        for _ in range(approvals):
            self.approve(reference)
        self.admf.changed()
        return self.known[reference]

    def approve(self, reference: str) -> None:
        assert self.admf is not None
        known = self.known[reference]
        officer = (ONE, TWO)[known.approvals]
        self.admf.book.approve(reference, officer, known.intent.digest())
        known.approvals += 1
        self.admf.changed()

    def end(self, reference: str) -> None:
        assert self.admf is not None
        self.admf.book.end(reference, ONE)
        if self.known[reference].ended is None:
            self.known[reference].ended = self.now()
        self.admf.changed()

    def pass_(self, seconds: float) -> None:
        self.loop.run_until_complete(asyncio.sleep(seconds))
        if self.admf is not None:
            self.admf.check()

    # What intruders do, beside every interface.

    def slip_in_task(self, name: str, number: int, *, readable: bool = True) -> XID:
        """A task that nobody issued, to a destination that the element holds or a made-up one."""
        machine = self.lines[name].machine
        xid = XID(UUID(int=0xBAD00 + number))
        element = REGISTRY.element(name)
        did = next(iter(destinations(machine)), None) or self.slip_in_destination(name, number)
        target = TargetIdentifier("supiimsi", "999990000000001")
        details = TaskDetails(
            xId=xid,
            targetIdentifiers=(target,) if readable else (target, target),
            deliveryType=DeliveryType(element.kind.product.value),
            listOfDIDs=ListOfDIDs(dId=(did,)),
        )
        machine.session._holdings.tasks[xid] = TaskRecord(details)
        self.intruders.add((name, str(xid)))
        return xid

    def slip_in_destination(self, name: str, number: int) -> DID:
        did = DID(UUID(int=0xBAD00 + number))
        product = DeliveryType(REGISTRY.element(name).kind.product.value)
        self.lines[name].machine.session._holdings.destinations[did] = DestinationDetails(
            dId=did, deliveryType=product, deliveryAddress=ip_delivery("203.0.113.9", 9)
        )
        self.intruders.add((name, str(did)))
        return did

    # What is true at every moment.

    def _tasked(self, name: str) -> None:
        machine, behind = self.lines[name].machine, self.clocks[name].behind
        if machine.ours:
            for liid in granted(machine):
                self.slack.setdefault((name, liid), behind)

    def check_moment(self) -> None:
        """No element of ours acts for longer, or for more, than two people approved."""
        now = self.now()
        for name, line in self.lines.items():
            if line.machine.ours:
                for acting in line.machine.acting():
                    covering = [k for k in self.known.values() if self._covers(k, name, acting)]
                    assert covering, f"{name} acts without an order at {now}: {acting}"

    def _covers(self, known: Known, name: str, acting: Acting) -> bool:
        order, intent = known.order, known.intent
        slack = timedelta(seconds=self.slack.get((name, intent.liid), 0.0))
        alike = (
            known.approvals == 2
            and intent.xid == acting.xid
            and order.subject.value == acting.subject
            and (order.content or acting.product == "X2Only")
            and order.start <= self.now() < order.end + slack
        )
        if acting.liid is None:
            return alike
        agency = REGISTRY.agency(order.agency)
        held = destinations(self.lines[name].machine)
        home = agency.hi2 if acting.product == "X2Only" else agency.hi3
        return (
            alike
            and acting.liid == intent.liid
            and (order.location or not acting.location or acting.product == "X3Only")
            and all(
                ip_endpoint(held[d].deliveryAddress) == (home.host, home.port) for d in acting.dids
            )
        )

    # What is true once there was time enough.

    def heal(self) -> None:
        """Everybody can be reached, answers, and has the right time."""
        for line in self.lines.values():
            line.down = line.slow = False
            line.refusing = frozenset()
            line.coming.clear()
            line.flush()
        for clock in self.clocks.values():
            clock.behind = 0.0
        if self.gate is None:
            self.start_gate()
        if self.admf is None:
            self.start_admf()

    def settle(self, within: float = CONVERGENCE) -> float:
        """Heal, and wait until everything is as it should be and stays so; how long it took."""
        self.heal()
        passed = self._wait(within)
        since = self.now()
        self.pass_(self.pace.interval + 1.0)
        turns = (t for k in self.known.values() for t in (k.order.start, k.order.end))
        if any(since <= turn <= self.now() for turn in turns):
            self._wait(within)
        assert not self.differences(), self.differences()
        return passed

    def _wait(self, within: float) -> float:
        passed = 0.0
        while self.differences() or not self._converged():
            assert passed < within, (self.differences(), self._why())
            self.pass_(1.0)
            passed += 1.0
        return passed

    def _converged(self) -> bool:
        assert self.admf is not None
        return self.admf.provisioner.picture().plan.converged

    def _why(self) -> object:
        assert self.admf is not None
        plan = self.admf.provisioner.picture().plan
        return plan.steps, plan.waiting, plan.alarms

    def differences(self) -> list[str]:
        """Between what the elements hold and do, and what people ordered; and what nobody was
        told of what intruders did."""
        assert self.admf is not None
        found: list[str] = []
        for name, line in self.lines.items():
            found += _differences(name, "tasks", self._tasks(name), self._wanted_tasks(name))
            found += _differences(name, "places", self._places(name), self._wanted_places(name))
            if line.machine.ours:
                doing = {(a.xid, a.liid) for a in line.machine.acting()}
                found += _differences(name, "acts", doing, self._wanted_acts(name))
        told = {(a.neIdentifier, a.identifier) for a in self.admf.provisioner.alarms}
        found += [f"nobody was told of {i}" for i in sorted(self.intruders - told)]
        return found

    def _orders_on(self, name: str) -> list[Known]:
        element, now = REGISTRY.element(name), self.now()
        return [
            k
            for k in self.known.values()
            if (k.open(now) if element.kind.mediates else k.runs(now))
            and (k.order.content or element.kind.product.value == "X2Only")
        ]

    def _tasks(self, name: str) -> set[tuple[object, ...]]:
        machine = self.lines[name].machine
        held: set[tuple[object, ...]] = set()
        for xid, task in machine.session.tasks.items():
            if (name, str(xid)) in self.intruders:
                continue
            target = tuple(t.value for t in task.targetIdentifiers)
            dids = frozenset(task.listOfDIDs.dId)
            held.add((xid, target, frozenset(map(self._place(name), dids)), None))
            for entry in task.listOfMediationDetails or ():
                assert entry.listOfDIDs is not None
                to = frozenset(map(self._place(name), entry.listOfDIDs.dId))
                held.add((xid, entry.LIID, entry.StartTime, entry.EndTime, to))
        return held

    def _place(self, name: str):  # type: ignore[no-untyped-def]
        held = destinations(self.lines[name].machine)
        return lambda did: ip_endpoint(held[did].deliveryAddress)

    def _wanted_tasks(self, name: str) -> set[tuple[object, ...]]:
        mediates = REGISTRY.element(name).kind.mediates
        wanted: set[tuple[object, ...]] = set()
        by_xid: dict[XID, list[Known]] = {}
        for known in self._orders_on(name):
            by_xid.setdefault(known.intent.xid, []).append(known)
        for xid, group in by_xid.items():
            places = frozenset(self._home(name, k) for k in group)
            wanted.add((xid, (group[0].order.subject.value,), places, None))
            for k in group if mediates else ():
                home = frozenset([self._home(name, k)])
                wanted.add((xid, k.liid, k.order.start, k.order.end, home))
        return wanted

    def _home(self, name: str, known: Known) -> tuple[str, int]:
        """Where an element sends what it has for an order."""
        kind = REGISTRY.element(name).kind
        agency = REGISTRY.agency(known.order.agency)
        mdfs = {e.kind: e.intake for e in ELEMENTS}
        address = {
            ElementKind.MDF2: agency.hi2,
            ElementKind.MDF3: agency.hi3,
            ElementKind.UPF: mdfs[ElementKind.MDF3],
        }.get(kind, mdfs[ElementKind.MDF2])
        assert address is not None
        return address.host, address.port

    def _places(self, name: str) -> set[tuple[str, int] | None]:
        machine = self.lines[name].machine
        used = {  # what an intruder's task uses cannot be taken away, and is not
            d
            for x, t in machine.session.tasks.items()
            if (name, str(x)) in self.intruders
            for d in t.listOfDIDs.dId
        }
        return {
            ip_endpoint(d.deliveryAddress)
            for did, d in destinations(machine).items()
            if (name, str(did)) not in self.intruders
            and (did not in used or self._is_wanted(name, d))
        }

    def _is_wanted(self, name: str, details: DestinationDetails) -> bool:
        return ip_endpoint(details.deliveryAddress) in self._wanted_places(name)

    def _wanted_places(self, name: str) -> set[tuple[str, int] | None]:
        return {self._home(name, k) for k in self._orders_on(name)}

    def _wanted_acts(self, name: str) -> set[tuple[XID, LIID | None]]:
        mediates = REGISTRY.element(name).kind.mediates
        running = [k for k in self._orders_on(name) if k.runs(self.now())]
        return {(k.intent.xid, k.liid if mediates else None) for k in running}


def _differences(name: str, what: str, have: set, want: set) -> list[str]:  # type: ignore[type-arg]
    return [f"{name} has {what} too many: {h}" for h in sorted(have - want, key=str)] + [
        f"{name} lacks {what}: {w}" for w in sorted(want - have, key=str)
    ]
