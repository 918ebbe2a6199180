"""Sides of the probe in memory, tasked over X1 by a gate, with a clock that tests move."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from custodes.base.ids import DID, LIID
from custodes.functions.poi.side import Side
from custodes.model.address import Address
from custodes.model.grant import Approval, Grant, Officers
from custodes.model.intent import Delivery, ElementTask, Intent, Product, Purpose
from custodes.model.order import Order
from custodes.model.party import Party, Role
from custodes.model.registry import Element, ElementKind
from custodes.session.x1 import grants
from custodes.session.x1.requester import Completed, Requester, Result
from custodes.wire.x1.body import RequestBody
from custodes.wire.x1.destination import DestinationDetails, ip_delivery
from custodes.wire.x1.destination_messages import CreateDestinationRequest
from custodes.wire.x1.target import TargetIdentifier
from custodes.wire.x1.task import DeliveryType, ListOfDIDs, TaskDetails
from custodes.wire.x1.task_messages import (
    ActivateTaskRequest,
    DeactivateTaskRequest,
    ModifyTaskRequest,
)
from unit.functions.x1gate import x1gate_scene as gate

NOW, XID_1, DIGITS, X2_DID = gate.NOW, gate.XID_1, gate.DIGITS, gate.X2_DID
X3_DID = DID(UUID(int=4))
MDF2 = Element(gate.MDF2, ElementKind.MDF2, gate.X1, gate.INTAKE, ours=True)
MDF3 = Element(
    Party("mdf3", Role.MDF, "06" * 32),
    ElementKind.MDF3,
    gate.X1,
    Address("127.0.0.1", 4203),
    ours=True,
)


class Clock:
    """Wall and monotonic time, each moved alone."""

    def __init__(self) -> None:
        self.wall = NOW
        self.ticks = 1000.0

    def now(self) -> datetime:
        return self.wall

    def now_ns(self) -> int:
        return int(self.wall.timestamp()) * 1_000_000_000

    def monotonic(self) -> float:
        return self.ticks

    def pass_by(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.ticks += seconds


def element(kind: ElementKind) -> Element:
    return Element(Party(kind.lower(), Role.ELEMENT, "0a" * 32), kind, gate.X1, ours=True)


def order(**changes: object) -> Order:
    return replace(gate.order(), **changes)  # type: ignore[arg-type]


def grant(of: Order | None = None, liid: str = "LI-1", people: int = 2) -> Grant:
    ordered = of or order(content=True)
    intent = Intent(
        order=ordered,
        xid=XID_1,
        liid=LIID(liid),
        elements=(
            ElementTask("amf", Product.X2),
            ElementTask("smf", Product.X2),
            ElementTask("upf", Product.X3),
        ),
        deliveries=(
            Delivery(X2_DID, Purpose.X2, gate.INTAKE),
            Delivery(X3_DID, Purpose.X3, Address("127.0.0.1", 4203)),
        ),
    )
    digest = intent.digest()
    officers = (gate.ONE, gate.TWO)[:people]
    return Grant(intent, tuple(Approval(o.name, o.fingerprint, NOW, digest) for o in officers))


class Tasked:
    """One side, and the gate that tasks it."""

    def __init__(self, kind: ElementKind = ElementKind.AMF, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.mdf = MDF3 if kind is ElementKind.UPF else MDF2
        self.side = Side(element(kind), self.mdf, Officers((gate.ONE, gate.TWO)), self.clock)
        self.did = X3_DID if kind is ElementKind.UPF else X2_DID
        self.product = DeliveryType(kind.product.value)
        self._requester = Requester(
            admfIdentifier=gate.GATE.name, neIdentifier=kind.lower(), ids=gate.Ids()
        )

    def ask(self, body: RequestBody, peer: str = gate.GATE.name) -> Result:
        octets = self._requester.request([body], self.clock.now())
        (result,) = self._requester.response(self.side.handle(octets, peer))
        return result

    def destination(self, *held: Grant, address: Address | None = None) -> RequestBody:
        to = address or self.mdf.intake
        assert to is not None
        details = DestinationDetails(
            dId=self.did,
            friendlyName="mdf",
            deliveryType=self.product,
            deliveryAddress=ip_delivery(to.host, to.port),
            destinationDetailsExtensions=(grants.to_extension(held),) if held else (),
        )
        return CreateDestinationRequest(destinationDetails=details)

    def details(self, *held: Grant) -> TaskDetails:
        return TaskDetails(
            xId=XID_1,
            targetIdentifiers=(TargetIdentifier("supiimsi", DIGITS),),
            deliveryType=self.product,
            listOfDIDs=ListOfDIDs(dId=(self.did,)),
            taskDetailsExtensions=(grants.to_extension(held),) if held else (),
        )

    def connected(self) -> Tasked:
        assert self.ask(self.destination(grant())) == Completed()
        return self

    def activated(self, *held: Grant) -> Tasked:
        assert self.activate(self.details(*(held or (grant(),)))) == Completed()
        return self

    def activate(self, details: TaskDetails) -> Result:
        return self.ask(ActivateTaskRequest(taskDetails=details))

    def modify(self, details: TaskDetails) -> Result:
        return self.ask(ModifyTaskRequest(taskDetails=details))

    def deactivate(self) -> Result:
        return self.ask(DeactivateTaskRequest(xId=XID_1))

    @property
    def runs(self) -> bool:
        return bool(self.side.running())


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
