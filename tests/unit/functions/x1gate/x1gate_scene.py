"""A gate in memory: two officers, an order, an MDF2, an AMF of ours and one of somebody else's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from custodes.base.errors import CustodesError
from custodes.base.ids import DID, LIID, XID
from custodes.functions.x1gate.gate import Gate
from custodes.model.address import Address
from custodes.model.grant import Approval, Grant
from custodes.model.intent import Delivery, ElementTask, Intent, Product, Purpose
from custodes.model.order import HeaderReporting, HeaderReportingKind, Order, Subject
from custodes.model.party import Party, Role
from custodes.model.registry import Element, ElementKind, Registry
from custodes.session.x1 import grants
from custodes.session.x1.requester import Requester, Result
from custodes.wire.x1.body import OK, OKAckAndComplete, RequestBody, ResponseBody
from custodes.wire.x1.catalogue import RESPONSE_OF
from custodes.wire.x1.destination import DestinationDetails, ip_delivery
from custodes.wire.x1.destination_messages import CreateDestinationRequest
from custodes.wire.x1.error_messages import ErrorResponse
from custodes.wire.x1.fault import ErrorInformation
from custodes.wire.x1.message import ResponseMessage, decode_request, encode_response
from custodes.wire.x1.target import TargetIdentifier
from custodes.wire.x1.task import (
    DeliveryType,
    ListOfDIDs,
    MediationDeliveryType,
    MediationDetails,
    TaskDetails,
)

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
DIGITS = "001010000000001"
ADMF = Party("admf", Role.ADMF, "01" * 32)
GATE = Party("x1gate", Role.X1GATE, "02" * 32)
AMF = Party("amf", Role.ELEMENT, "03" * 32)
FOREIGN_AMF = Party("amf-foreign", Role.ELEMENT, "04" * 32)
MDF2 = Party("mdf2", Role.MDF, "05" * 32)
ONE = Party("officer-1", Role.OFFICER, "11" * 32, "first person")
TWO = Party("officer-2", Role.OFFICER, "22" * 32, "second person")

X1 = Address("127.0.0.1", 4100)
INTAKE = Address("127.0.0.1", 4200)
AGENCY = Address("192.0.2.7", 4300)
X2_DID, HI2_DID = DID(UUID(int=2)), DID(UUID(int=3))
XID_1 = XID(UUID(int=1))
LIID_1 = LIID("LI-1")

REGISTRY = Registry(
    parties=(ADMF, GATE, AMF, FOREIGN_AMF, MDF2, ONE, TWO),
    elements=(
        Element(AMF, ElementKind.AMF, X1, ours=True),
        Element(FOREIGN_AMF, ElementKind.AMF, X1),
        Element(MDF2, ElementKind.MDF2, X1, INTAKE, ours=True),
    ),
    agencies=(),
)


class Clock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time

    def now_ns(self) -> int:
        return int(self.time.timestamp() * 1e9)

    def monotonic(self) -> float:
        return self.time.timestamp()


class Ids:
    def __init__(self) -> None:
        self._numbers = count(1000)

    def uuid(self) -> UUID:
        return UUID(int=next(self._numbers))


@dataclass
class Elements:
    """Every element completes everything, and remembers what it was sent."""

    sent: list[tuple[str, RequestBody]] = field(default_factory=list)
    away: bool = False
    versions: list[str] = field(default_factory=list)
    error: ErrorInformation | None = None
    habit: Callable[[bytes], bytes] = lambda octets: octets

    async def post(self, element: Element, octets: bytes) -> bytes:
        if self.away:
            raise CustodesError("no answer")
        answers = []
        for message in decode_request(octets):
            assert isinstance(message.body, RequestBody)
            assert message.header.admfIdentifier == GATE.name
            assert message.header.neIdentifier == element.neIdentifier
            self.sent.append((element.neIdentifier, message.body))
            self.versions.append(message.header.version)
            answers.append(ResponseMessage(header=message.header, body=self._body(message.body)))
        return self.habit(encode_response(answers))

    def _body(self, request: RequestBody) -> ResponseBody:
        if self.error is not None:
            return ErrorResponse(requestMessageType=request.operation, errorInformation=self.error)
        response = RESPONSE_OF[type(request)]
        return response(oK=OK.ACKNOWLEDGED_AND_COMPLETED)  # type: ignore[call-arg]


@dataclass
class Administration:
    received: list[bytes] = field(default_factory=list)
    away: bool = False

    async def post(self, octets: bytes) -> bytes:
        if self.away:
            raise CustodesError("no answer from the administration")
        self.received.append(octets)
        done = OKAckAndComplete.ACKNOWLEDGED_AND_COMPLETED
        answers = [
            ResponseMessage(header=m.header, body=RESPONSE_OF[type(m.body)](oK=done))  # type: ignore[call-arg]
            for m in decode_request(octets)
        ]
        return encode_response(answers)


@dataclass
class Journal:
    lines: list[tuple[str, str, str]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    tolerated: list[tuple[str, str, str]] = field(default_factory=list)

    def x1(self, ne: str, operation: str, outcome: str, why: str = "") -> None:
        assert DIGITS not in why
        self.lines.append((ne, str(operation), outcome))
        self.reasons.append(why)

    def leniency(self, peer: str, kind: str, path: str) -> None:
        assert DIGITS not in path
        self.tolerated.append((peer, str(kind), path))


class Scene:
    """A gate and those around it; ``habits`` are enrolled for every element."""

    def __init__(self, **habits: Any) -> None:
        elements = tuple(replace(element, **habits) for element in REGISTRY.elements)
        self.clock = Clock()
        self.elements = Elements()
        self.administration = Administration()
        self.journal = Journal()
        self.ids = Ids()
        self.gate = Gate(
            GATE.name,
            replace(REGISTRY, elements=elements),
            self.elements,
            self.administration,
            self.journal,
            self.clock,
            self.ids,
        )

    async def ask(self, ne: str, *bodies: RequestBody, peer: Party = ADMF) -> list[Result]:
        requester = Requester(admfIdentifier=ADMF.name, neIdentifier=ne, ids=self.ids)
        octets = requester.request(bodies, self.clock.now())
        return requester.response(await self.gate.relay(ne, octets, peer))

    @property
    def sent(self) -> list[str]:
        return [f"{ne} {body.operation}" for ne, body in self.elements.sent]


def order() -> Order:
    return Order(
        reference="order-1",
        authority="authority-a",
        agency="agency-a",
        legal_basis="section 1",
        start=NOW - timedelta(hours=1),
        end=NOW + timedelta(hours=1),
        subject=Subject.parse(DIGITS),
        content=False,
        location=True,
        header_reporting=HeaderReporting(HeaderReportingKind.NONE, "agreement-1"),
    )


def intent(of: Order | None = None) -> Intent:
    return Intent(
        order=of or order(),
        xid=XID_1,
        liid=LIID_1,
        elements=(
            ElementTask("amf", Product.X2),
            ElementTask("amf-foreign", Product.X2),
            ElementTask("mdf2", Product.X2),
        ),
        deliveries=(
            Delivery(X2_DID, Purpose.X2, INTAKE),
            Delivery(HI2_DID, Purpose.HI2, AGENCY),
        ),
    )


def grant(of: Intent | None = None, officers: tuple[Party, ...] = (ONE, TWO)) -> Grant:
    made = of or intent()
    digest = made.digest()
    return Grant(made, tuple(Approval(o.name, o.fingerprint, NOW, digest) for o in officers))


def poi_task(*held: Grant) -> TaskDetails:
    return TaskDetails(
        xId=XID_1,
        targetIdentifiers=(TargetIdentifier("supiimsi", DIGITS),),
        deliveryType=DeliveryType.X2_ONLY,
        listOfDIDs=ListOfDIDs(dId=(X2_DID,)),
        taskDetailsExtensions=(grants.to_extension(held),) if held else (),
    )


def mdf_entry() -> MediationDetails:
    return MediationDetails(
        LIID=LIID_1,
        deliveryType=MediationDeliveryType.HI2_ONLY,
        StartTime=order().start,
        EndTime=order().end,
        listOfDIDs=ListOfDIDs(dId=(HI2_DID,)),
    )


def mdf_task(*held: Grant, entry: MediationDetails | None = None) -> TaskDetails:
    return replace(
        poi_task(*held),
        listOfDIDs=ListOfDIDs(dId=(HI2_DID,)),
        listOfMediationDetails=(entry or mdf_entry(),),
    )


def destination(*held: Grant, address: Address = INTAKE, did: DID = X2_DID) -> RequestBody:
    details = DestinationDetails(
        dId=did,
        friendlyName="mdf2",
        deliveryType=DeliveryType.X2_ONLY,
        deliveryAddress=ip_delivery(address.host, address.port),
        destinationDetailsExtensions=(grants.to_extension(held),) if held else (),
    )
    return CreateDestinationRequest(destinationDetails=details)
