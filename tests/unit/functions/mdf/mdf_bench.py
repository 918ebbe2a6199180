"""A side with receivers in memory: X1 in, product in, what each agency got out."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

from mdf_enrolment import LEMF_A, LEMF_B, REGISTRY
from mdf_outbox import Disk
from mdf_scene import START, Clock

from custodes.base.errors import CustodesError
from custodes.functions.mdf.side import Setting, Side
from custodes.model.address import Address
from custodes.model.party import Party
from custodes.model.registry import ElementKind, Registry
from custodes.session.handover.continuity import ContinuityLog
from custodes.session.handover.events import KeepAliveReceived, PDUReceived
from custodes.session.handover.receiver import Receiver
from custodes.session.handover.sender import Limits
from custodes.session.x1.requester import Requester, Result
from custodes.wire.handover.pdu import HI4, PSPDU, CCs, IRIs
from custodes.wire.iri.notification import LINotificationPayload
from custodes.wire.iri.payload import decode_iri
from custodes.wire.x1.body import RequestBody


class Ids:
    def uuid(self) -> UUID:
        return uuid4()


class TickingClock(Clock):
    """The wall stands until it is moved; the monotonic clock runs, as delivery needs."""

    def __init__(self) -> None:
        super().__init__()
        self._added = 0.0

    def monotonic(self) -> float:
        return time.monotonic() + self._added

    def pass_(self, seconds: float) -> None:
        super().pass_(seconds)
        self._added += seconds


class Lemf:
    """A stream whose other end decodes, keeps and confirms."""

    def __init__(self, peer: Party) -> None:
        self.peer = peer
        self.got: list[PSPDU] = []
        self._receiver = Receiver(0.0, ContinuityLog())
        self._inbox: queue.Queue[bytes] = queue.Queue()

    def send(self, octets: bytes) -> None:
        self._receiver.receive_data(octets, 0.0)
        while (event := self._receiver.next_event()) is not None:
            if isinstance(event, PDUReceived):
                self.got.append(event.pdu)
            elif isinstance(event, KeepAliveReceived):
                self._receiver.acknowledge(event.number)
        if answer := self._receiver.data_to_send():
            self._inbox.put(answer)

    def receive(self, timeout: float | None) -> bytes | None:
        return self._inbox.get(timeout=timeout)

    def close(self) -> None:
        self._inbox.put(b"")

    def told(self) -> list[str]:
        """What arrived, in order: iri, cc, or the type of a notification."""
        names = []
        for pdu in self.got:
            if isinstance(pdu.payload, HI4):
                (item,) = pdu.payload.items
                assert isinstance(item, LINotificationPayload)
                names.append(item.notification[1]["notificationType"])
            else:
                names.append({IRIs: "iri", CCs: "cc"}[type(pdu.payload)])
        return names

    def events(self) -> list[str]:
        """The names of the records that arrived, in order."""
        return [
            decode_iri(item.contents[1]).event[0]
            for pdu in self.got
            if isinstance(pdu.payload, IRIs)
            for item in pdu.payload.items
        ]


class Bench:
    def __init__(
        self,
        kind: ElementKind = ElementKind.MDF2,
        capacity: int = 100,
        disk: Disk | None = None,
        settle: float = 0.0,
        owed_octets: int = 1 << 30,
        registry: Registry = REGISTRY,
    ) -> None:
        self.clock = TickingClock()
        self.disk = disk or Disk()
        self.alarms: list[tuple[str, str, int]] = []
        self.lemfs = {p.fingerprint: Lemf(p) for p in (LEMF_A, LEMF_B)}
        self.reachable = True
        self.unreachable: set[str] = set()
        self._ne = str(kind).lower()
        self.side = Side(
            Setting(
                kind=kind,
                ne_identifier=self._ne,
                country="XX",
                operator="OPERATOR",
                registry=registry,
                clock=self.clock,
                store=self.disk.cins(),
                outbox=self.disk.outbox(self._ne),
                connector=self._connect,
                raise_alarm=lambda *alarm: self.alarms.append(alarm),
                limits=Limits(confirm_after=0.01),
                capacity=capacity,
                settle=settle,
                owed_octets=owed_octets,
            )
        )
        self.side.start()

    @property
    def a(self) -> Lemf:
        return self.lemfs[LEMF_A.fingerprint]

    @property
    def b(self) -> Lemf:
        return self.lemfs[LEMF_B.fingerprint]

    def x1(self, *bodies: RequestBody, now: datetime = START) -> list[Result]:
        requester = Requester(admfIdentifier="x1gate", neIdentifier=self._ne, ids=Ids())
        octets = requester.request(bodies, now)
        return list(requester.response(self.side.handle_x1(octets, "x1gate", now)))

    def wait(self, reached: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 10
        while not reached():
            assert time.monotonic() < deadline, "it did not come to pass"
            time.sleep(0.005)

    def _connect(self, address: Address, expected: Party) -> Lemf:
        if not self.reachable or expected.fingerprint in self.unreachable:
            raise CustodesError("nobody listens")
        return self.lemfs[expected.fingerprint]
