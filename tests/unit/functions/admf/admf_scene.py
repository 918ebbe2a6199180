"""A small operator for the administration's tests: enrolment, a clock, identifiers, a log."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from custodes.functions.admf.orders import OrderBook
from custodes.functions.admf.ports import OrderRecord
from custodes.model.address import Address
from custodes.model.order import HeaderReporting, HeaderReportingKind, Order, Subject
from custodes.model.party import Party, Role
from custodes.model.registry import Agency, Element, ElementKind, Registry
from custodes.store.admf import AdmfStore

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
SUBJECT = "001010000000077"
OTHER_SUBJECT = "001010000000078"


def _party(name: str, role: Role, person: str = "") -> Party:
    return Party(name, role, sha256(name.encode()).hexdigest(), person)


ONE = _party("officer-1", Role.OFFICER, "Ada")
ONE_AGAIN = _party("officer-1b", Role.OFFICER, "Ada")
TWO = _party("officer-2", Role.OFFICER, "Ben")
ADMINISTRATOR = _party("administrator-1", Role.ADMINISTRATOR, "Cleo")


def _element(name: str, kind: ElementKind, port: int) -> Element:
    role = Role.MDF if kind.mediates else Role.ELEMENT
    intake = Address("192.0.2.1", port + 1000) if kind.mediates else None
    return Element(_party(name, role), kind, Address("192.0.2.1", port), intake)


ELEMENTS = (
    _element("amf", ElementKind.AMF, 5001),
    _element("smf", ElementKind.SMF, 5002),
    _element("upf", ElementKind.UPF, 5003),
    _element("mdf2", ElementKind.MDF2, 5004),
    _element("mdf3", ElementKind.MDF3, 5005),
)


def _agency(letter: str, port: int) -> Agency:
    return Agency(
        f"agency-{letter}",
        f"court-{letter}",
        "XX",
        _party(f"lemf-{letter}", Role.LEMF),
        Address("198.51.100.1", port),
        Address("198.51.100.1", port + 1),
    )


REGISTRY = Registry(
    (ONE, ONE_AGAIN, TWO, ADMINISTRATOR, *(e.party for e in ELEMENTS)),
    ELEMENTS,
    (_agency("a", 7000), _agency("b", 7010)),
)


def order(
    reference: str = "A-1",
    *,
    letter: str = "a",
    subject: str = SUBJECT,
    content: bool = True,
    location: bool = True,
    start: datetime = NOW,
    end: datetime = NOW + timedelta(hours=1),
    reporting: HeaderReportingKind = HeaderReportingKind.NONE,
) -> Order:
    return Order(
        reference,
        f"court-{letter}",
        f"agency-{letter}",
        "§ 100a",
        start,
        end,
        Subject.parse(subject),
        content,
        location,
        HeaderReporting(reporting, "agreement-1"),
    )


@dataclass
class FakeClock:
    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def now_ns(self) -> int:
        return int(self.at.timestamp() * 1e9)

    def monotonic(self) -> float:
        return self.at.timestamp()

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Ids:
    last: int = 0

    def uuid(self) -> UUID:
        self.last += 1
        return UUID(int=self.last << 64 | self.last)


@dataclass
class MemoryLog:
    lines: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def info(self, event: str, **values: object) -> None:
        self.lines.append((event, values))

    warning = info


class Scene:
    """An order book over a real database file."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "admf.sqlite"
        self.clock = FakeClock()
        self.ids = Ids()
        self.log = MemoryLog()
        self.open()

    def open(self) -> None:
        self.store = AdmfStore(self.path)
        self.book = OrderBook(self.store.orders, REGISTRY, self.clock, self.ids, self.log)

    def restart(self) -> None:
        self.store.close()
        self.open()

    def registered(self, **fields: object) -> OrderRecord:
        return self.book.register(order(**fields), ONE)[0]  # type: ignore[arg-type]

    def approved(self, **fields: object) -> OrderRecord:
        record = self.registered(**fields)
        reference = record.intent.order.reference
        self.book.approve(reference, ONE, record.intentDigest)
        return self.book.approve(reference, TWO, record.intentDigest)
