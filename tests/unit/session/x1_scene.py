"""Values and a lenient function for tests of X1 sessions. Test identities only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from custodes.base.ids import DID, LIID, XID
from custodes.session.x1.capabilities import Capabilities
from custodes.session.x1.element import ElementSession
from custodes.session.x1.requester import Requester, Result
from custodes.wire.x1.destination import DestinationDetails, ip_delivery
from custodes.wire.x1.grant import (
    Grant,
    GrantApproval,
    GrantDelivery,
    GrantElement,
    GrantHeaderReporting,
    GrantIntent,
    GrantProduct,
    GrantPurpose,
    Grants,
    GrantSubject,
)
from custodes.wire.x1.target import TargetIdentifier
from custodes.wire.x1.task import (
    DeliveryType,
    ListOfDIDs,
    MediationDeliveryType,
    MediationDetails,
    TaskDetails,
)

NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
X = XID(UUID("29f28e1c-f230-486a-a860-f5a784ab9172"))
D2 = DID(UUID("19867c20-8c94-473e-b9cd-8b72b7b05fd2"))
D3 = DID(UUID("19867c20-8c94-473e-b9cd-8b72b7b05fd3"))
X2, X3, BOTH = DeliveryType.X2_ONLY, DeliveryType.X3_ONLY, DeliveryType.X2_AND_X3
IMSI = "001010000000001"

GRANTS = Grants(
    grant=(
        Grant(
            intent=GrantIntent(
                reference="A/2026/1",
                authority="court-a",
                agency="agency-a",
                legalBasis="section 1",
                start=NOW,
                end=NOW.replace(month=2),
                subject=GrantSubject(kind="supiimsi", value=IMSI),
                content=False,
                location=True,
                headerReporting=GrantHeaderReporting(kind="none", agreement="agreement-1"),
                xId=X,
                liid=LIID("A-1"),
                elements=(GrantElement(neIdentifier="ne-1", product=GrantProduct.X2),),
                deliveries=(
                    GrantDelivery(dId=D2, purpose=GrantPurpose.X2, host="192.0.2.1", port=4000),
                ),
            ),
            approvals=(
                GrantApproval(
                    officer="officer-1",
                    fingerprint="0" * 64,
                    approvedAt=NOW,
                    intentDigest="1" * 64,
                ),
            ),
        ),
    )
)


class Ids:
    """Counts."""

    def __init__(self) -> None:
        self.last = 0

    def uuid(self) -> UUID:
        self.last += 1
        return UUID(int=self.last)


class Consent:
    """Consents to everything, or raises what it is given; keeps what it was asked."""

    def __init__(self, refusal: Exception | None = None) -> None:
        self.refusal = refusal
        self.asked: list[tuple[Any, tuple[Grants, ...], Any, datetime]] = []

    def check_task(self, details: Any, grants: Any, previous: Any, now: datetime) -> None:
        self.asked.append((details, grants, previous, now))
        if self.refusal:
            raise self.refusal

    check_destination = check_task


def capabilities(mediates: bool = False, **more: Any) -> Capabilities:
    fields: dict[str, Any] = {
        "targetIdentifiers": frozenset({"supiimsi"}),
        "deliveryTypes": frozenset(DeliveryType),
        "mediates": mediates,
    }
    return Capabilities(**(fields | more))


def task(**changes: Any) -> TaskDetails:
    fields: dict[str, Any] = {
        "xId": X,
        "targetIdentifiers": (TargetIdentifier("supiimsi", IMSI),),
        "deliveryType": X2,
        "listOfDIDs": ListOfDIDs(dId=(D2,)),
    }
    return TaskDetails(**(fields | changes))


def entry(liid: str = "A-1", **changes: Any) -> MediationDetails:
    fields: dict[str, Any] = {
        "LIID": LIID(liid),
        "deliveryType": MediationDeliveryType.HI2_ONLY,
        "StartTime": NOW,
        "EndTime": NOW.replace(month=2),
        "listOfDIDs": ListOfDIDs(dId=(D2,)),
    }
    return MediationDetails(**(fields | changes))


def destination(did: DID = D2, kind: DeliveryType = X2, port: int = 4000) -> DestinationDetails:
    return DestinationDetails(
        dId=did, deliveryType=kind, deliveryAddress=ip_delivery("192.0.2.1", port)
    )


class Dialogue:
    """A requester and an element that talk."""

    def __init__(self, consent: Consent | None = None, **element: Any) -> None:
        self.consent = consent or Consent()
        element.setdefault("capabilities", capabilities())
        self.element = ElementSession("ne-1", self.consent, **element)
        self.requester = Requester(admfIdentifier="x1gate", neIdentifier="ne-1", ids=Ids())

    def say(self, *bodies: Any) -> list[Result]:
        octets = self.requester.request(bodies, NOW)
        return self.requester.response(self.element.handle(octets, "x1gate", NOW))

    def events(self) -> list[Any]:
        found = []
        while (event := self.element.next_event()) is not None:
            found.append(event)
        return found
