"""What must not work, against running functions: real processes, real TLS, real (stolen) keys."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from custodes.app.client import Client, rebuilt_intent
from custodes.app.clock import RandomIds
from custodes.app.lab import AGENCIES, OFFICERS, Lab
from custodes.app.supervisor import Supervisor
from custodes.base.errors import CustodesError, RefusedError
from custodes.functions.admf import api
from custodes.model.address import Address
from custodes.model.grant import Approval, Grant
from custodes.model.intent import Intent, Purpose
from custodes.model.order import HeaderReportingKind, SubjectKind
from custodes.net.http import HTTPSClient, Response
from custodes.session.x1 import grants
from custodes.session.x1.requester import Refused, Requester, Result
from custodes.wire.x1.body import RequestBody
from custodes.wire.x1.destination import DestinationDetails, ip_delivery
from custodes.wire.x1.destination_messages import (
    CreateDestinationRequest,
    ModifyDestinationRequest,
)
from custodes.wire.x1.liveness_messages import PingRequest
from custodes.wire.x1.target import TargetIdentifier
from custodes.wire.x1.task import DeliveryType, ListOfDIDs, TaskDetails
from custodes.wire.x1.task_messages import ActivateTaskRequest
from flow.between import stolen
from flow.scenes import settled

DIGITS = "001010000000001"


@dataclass(frozen=True)
class Chain:
    """A lab that runs, and one order in it that two officers approved."""

    lab: Lab
    officers: tuple[Client, Client]
    intent: Intent
    grant: Grant

    def party(self, name: str):
        return next(p for p in self.lab.registry().parties if p.name == name)

    def post(self, url: str, octets: bytes, *, thief: str, expected: str) -> Response:
        """What ``thief``'s key gets from ``expected``."""

        async def go() -> Response:
            client = HTTPSClient(stolen(self.lab, thief))
            try:
                return await client.request("POST", url, octets, expected=self.party(expected))
            finally:
                await client.close()

        return asyncio.run(go())

    def ask_gate(self, ne: str, body: RequestBody) -> Result:
        """X1 to the gate with the admf's own key."""
        gate = self.lab_address("x1gate")
        requester = Requester(admfIdentifier="admf", neIdentifier=ne, ids=RandomIds())
        octets = requester.request([body], datetime.now(UTC))
        url = f"https://{gate}/X1/NE/{ne}"
        response = self.post(url, octets, thief="admf", expected="x1gate")
        assert response.status == 200
        [result] = requester.response(response.body)
        return result

    def lab_address(self, function: str) -> Address:
        from custodes.app.config import AdmfConfig, X1GateConfig, load

        config = load(self.lab.function(function))
        assert isinstance(config, AdmfConfig | X1GateConfig)
        assert config.identity.listen is not None
        return config.identity.listen


def order(reference: str, *, period: timedelta = timedelta(hours=1)) -> api.OrderBody:
    now = datetime.now(UTC)
    return api.OrderBody(
        reference=reference,
        authority="authority-a",
        agency=AGENCIES[0],
        legalBasis="section 1",
        start=now - timedelta(hours=1),
        end=now + period,
        subject=api.SubjectBody(kind=SubjectKind.SUPIIMSI, value=DIGITS),
        content=False,
        location=True,
        headerReporting=api.HeaderReportingBody(kind=HeaderReportingKind.NONE, agreement="none-1"),
    )


def until(reached: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    lab = settled(Lab.create(tmp_path_factory.mktemp("refusals") / "lab", datetime.now(UTC)))
    with Supervisor(lab) as supervisor:
        supervisor.start_all(60.0, fed=["poi"])
        first, second = (Client(lab.officer(name)) for name in OFFICERS)
        first.new_order(order("order-1"))
        first.approve("order-1")
        details = second.approve("order-1")
        until(lambda: first.status().orders["order-1"].active)
        intent = rebuilt_intent(details)
        parties = {p.name: p for p in lab.registry().parties}
        approvals = tuple(
            Approval(a.officer, parties[a.officer].fingerprint, a.approvedAt, a.intentDigest)
            for a in details.approvals
        )
        yield Chain(lab, (first, second), intent, Grant(intent, approvals))


def activation(held: Grant) -> ActivateTaskRequest:
    intent = held.intent
    dids = tuple(d.did for d in intent.deliveries if d.purpose is Purpose.X2)
    return ActivateTaskRequest(
        taskDetails=TaskDetails(
            xId=intent.xid,
            targetIdentifiers=(TargetIdentifier("supiimsi", intent.order.subject.value),),
            deliveryType=DeliveryType.X2_ONLY,
            listOfDIDs=ListOfDIDs(dId=dids),
            taskDetailsExtensions=(grants.to_extension([held]),),
        )
    )


def test_the_control_what_is_approved_runs(chain: Chain) -> None:
    held = {t.neIdentifier: t.held for t in chain.officers[0].tasks().tasks}
    assert held == {"amf": True, "smf": True, "mdf2": True}


@pytest.mark.parametrize("thief", ["admf", "mdf2", "smf", "officer-1", "administrator"])
@pytest.mark.parametrize("element", ["amf", "mdf2"])
def test_an_element_listens_to_the_gate_only(chain: Chain, element: str, thief: str) -> None:
    """The task is covered by a true grant, and still: nobody but the gate may bring it."""
    if thief == element:
        return
    address = chain.lab.registry().element(element).x1
    requester = Requester(admfIdentifier=thief, neIdentifier=element, ids=RandomIds())
    octets = requester.request([activation(chain.grant)], datetime.now(UTC))
    url = f"https://{address}/X1/NE"
    assert chain.post(url, octets, thief=thief, expected=element).status == 403


def test_the_control_the_gates_key_is_heard(chain: Chain) -> None:
    address = chain.lab.registry().element("amf").x1
    requester = Requester(admfIdentifier="x1gate", neIdentifier="amf", ids=RandomIds())
    octets = requester.request([PingRequest()], datetime.now(UTC))
    answer = chain.post(f"https://{address}/X1/NE", octets, thief="x1gate", expected="amf")
    assert answer.status == 200


def test_even_the_gates_key_starts_nothing_without_a_grant(chain: Chain) -> None:
    """Whoever steals the gate's key still meets the probe's own check."""
    address = chain.lab.registry().element("amf").x1
    requester = Requester(admfIdentifier="x1gate", neIdentifier="amf", ids=RandomIds())
    details = replace(
        activation(chain.grant).taskDetails,
        xId=type(chain.intent.xid)(RandomIds().uuid()),
        taskDetailsExtensions=(),
    )
    octets = requester.request([ActivateTaskRequest(taskDetails=details)], datetime.now(UTC))
    answer = chain.post(f"https://{address}/X1/NE", octets, thief="x1gate", expected="amf")
    [result] = requester.response(answer.body)
    assert isinstance(result, Refused)
    assert "no proof, no tap" in result.text


@pytest.mark.parametrize("thief", ["amf", "mdf2", "officer-1", "lemf-agency-a"])
def test_the_gate_listens_to_the_admf_only(chain: Chain, thief: str) -> None:
    requester = Requester(admfIdentifier=thief, neIdentifier="amf", ids=RandomIds())
    octets = requester.request([PingRequest()], datetime.now(UTC))
    url = f"https://{chain.lab_address('x1gate')}/X1/NE/amf"
    assert chain.post(url, octets, thief=thief, expected="x1gate").status == 403


def test_one_officer_twice_starts_nothing(chain: Chain) -> None:
    first = chain.officers[0]
    first.new_order(order("order-twice"))
    first.approve("order-twice")
    with pytest.raises(RefusedError):
        first.approve("order-twice")
    assert first.order("order-twice").state == "registered"
    assert not first.status().orders["order-twice"].active


def test_the_gate_refuses_one_officer_twice_from_the_admfs_own_key(chain: Chain) -> None:
    one = chain.grant.approvals[0]
    result = chain.ask_gate("amf", activation(replace(chain.grant, approvals=(one, one))))
    assert isinstance(result, Refused)
    assert "1 of 2" in result.text


def test_an_administrator_neither_orders_nor_approves(chain: Chain) -> None:
    administrator = Client(chain.lab.officer("administrator"))
    with pytest.raises(CustodesError):
        administrator.new_order(order("order-by-administrator"))
    with pytest.raises(CustodesError):
        administrator.approve("order-1", chain.intent)
    assert administrator.order("order-1").order.subject is None


@pytest.mark.parametrize("message", [CreateDestinationRequest, ModifyDestinationRequest])
@pytest.mark.parametrize("with_grant", [True, False])
def test_a_destination_is_not_re_aimed(chain: Chain, message, with_grant: bool) -> None:
    """Another address under the approved DID, with a true grant for the old one, or with none."""
    delivery = next(d for d in chain.intent.deliveries if d.purpose is Purpose.HI2)
    extensions = (grants.to_extension([chain.grant]),) if with_grant else ()
    details = DestinationDetails(
        dId=delivery.did,
        deliveryType=DeliveryType.X2_ONLY,
        deliveryAddress=ip_delivery("192.0.2.66", 4444),
        destinationDetailsExtensions=extensions,
    )
    result = chain.ask_gate("mdf2", message(destinationDetails=details))
    assert isinstance(result, Refused)


def test_an_expired_order_is_refused(chain: Chain) -> None:
    first = chain.officers[0]
    with pytest.raises(RefusedError):
        first.new_order(order("order-expired", period=-timedelta(minutes=1)))
    assert "order-expired" not in first.status().orders


def test_the_gate_refuses_an_expired_order_from_the_admfs_own_key(chain: Chain) -> None:
    now = datetime.now(UTC)
    past = replace(chain.intent.order, end=now - timedelta(seconds=1))
    intent = replace(chain.intent, order=past)
    approvals = tuple(replace(a, intentDigest=intent.digest()) for a in chain.grant.approvals)
    result = chain.ask_gate("amf", activation(Grant(intent, approvals)))
    assert isinstance(result, Refused)
    assert "has ended" in result.text


def test_an_order_ends_by_itself(chain: Chain) -> None:
    """Nobody ends it: when its time is over no element holds it any more."""
    first, second = chain.officers
    body = order("order-short", period=timedelta(seconds=6))
    first.new_order(body.model_copy(update={"subject": subject("001010000000009")}))
    first.approve("order-short")
    second.approve("order-short")
    until(lambda: first.status().orders["order-short"].active)
    until(lambda: first.status().orders["order-short"].cleared)
    xid = first.order("order-short").intent.xid
    assert all(t.xid != xid or not t.held for t in first.tasks().tasks)
    assert first.status().orders["order-1"].active, "the other order runs on"


def subject(digits: str) -> api.SubjectBody:
    return api.SubjectBody(kind=SubjectKind.SUPIIMSI, value=digits)


def test_nothing_that_was_refused_is_held(chain: Chain, tmp_path: Path) -> None:
    held = {(t.neIdentifier, t.xid) for t in chain.officers[0].tasks().tasks if t.held}
    assert held == {(ne, str(chain.intent.xid)) for ne in ("amf", "smf", "mdf2")}
    assert not chain.officers[0].status().alarms
