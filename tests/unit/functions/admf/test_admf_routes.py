"""The API: who may, what is answered, and to whom a subject is shown."""

from __future__ import annotations

import json
from typing import Any

import pytest
from admf_scene import ADMINISTRATOR, ELEMENTS, ONE, ONE_AGAIN, REGISTRY, SUBJECT, TWO, Scene, order
from test_admf_provisioner import FakeX1, provisioner

from custodes.functions.admf import api
from custodes.functions.admf.routes import Routes
from custodes.model.party import Party, Role


class Api:
    def __init__(self, scene: Scene) -> None:
        self.x1 = FakeX1()
        self.work = provisioner(scene, self.x1)
        self.routes = Routes(
            scene.book, scene.store.orders, scene.store.elements, self.work, self.x1, REGISTRY
        )

    async def __call__(
        self, peer: Party, method: str, path: str, body: object = None
    ) -> tuple[int, Any]:
        octets = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = await self.routes.handle(peer, method, path, octets)
        return answer.status, json.loads(answer.body.model_dump_json())


@pytest.fixture
def call(scene: Scene) -> Api:
    return Api(scene)


def body(**fields: object) -> dict[str, Any]:
    written = api.OrderBody.of(order(**fields), with_subject=True)  # type: ignore[arg-type]
    return dict(json.loads(written.model_dump_json()))


async def test_an_order_from_registration_to_end(call: Api) -> None:
    status, new = await call(ONE, "POST", "/orders", body())
    assert (status, new["state"]) == (201, "registered")
    assert (await call(TWO, "POST", "/orders", body()))[0] == 200
    approval = {"intentDigest": new["intentDigest"]}
    status, once = await call(ONE, "POST", "/orders/A-1/approvals", approval)
    assert (status, once["state"]) == (200, "registered")
    status, twice = await call(TWO, "POST", "/orders/A-1/approvals", approval)
    assert (status, twice["state"]) == (200, "running")
    assert {a["officer"] for a in twice["approvals"]} == {ONE.name, TWO.name}
    assert [e["neIdentifier"] for e in twice["elements"]] == ["mdf2", "mdf3", "amf", "smf", "upf"]
    status, ended = await call(TWO, "POST", "/orders/A-1/end")
    assert (status, ended["state"], ended["endedBy"]) == (200, "ended", TWO.name)
    assert [e["what"] for e in ended["events"]] == ["registered", "approved", "approved", "ended"]


async def test_the_intent_can_be_rebuilt_from_the_answer(call: Api, scene: Scene) -> None:
    _, new = await call(ONE, "POST", "/orders", body())
    details = api.OrderDetails.model_validate_json(json.dumps(new))
    rebuilt = details.order.order()
    assert rebuilt is not None
    intent = details.intent.intent(rebuilt)
    assert intent == scene.book.get("A-1").intent
    assert intent.digest() == details.intentDigest


async def test_two_people(call: Api) -> None:
    _, new = await call(ONE, "POST", "/orders", body())
    approval = {"intentDigest": new["intentDigest"]}
    await call(ONE, "POST", "/orders/A-1/approvals", approval)
    for same in (ONE, ONE_AGAIN):
        status, refusal = await call(same, "POST", "/orders/A-1/approvals", approval)
        assert status == 409
        assert refusal["error"]
        assert refusal["remedy"]


async def test_the_body_names_nobody(call: Api) -> None:
    _, new = await call(ONE, "POST", "/orders", body())
    claim = {"intentDigest": new["intentDigest"], "officer": TWO.name}
    status, refusal = await call(ONE, "POST", "/orders/A-1/approvals", claim)
    assert status == 400
    assert "officer" in refusal["error"]


@pytest.mark.parametrize("path", ["/orders", "/orders/A-1", "/tasks", "/elements", "/status"])
async def test_an_administrator_sees_no_subject(call: Api, scene: Scene, path: str) -> None:
    scene.approved()
    status, answer = await call(ADMINISTRATOR, "GET", path)
    assert status == 200
    assert SUBJECT not in json.dumps(answer)


async def test_an_officer_sees_it_in_one_place(call: Api, scene: Scene) -> None:
    scene.approved()
    _, shown = await call(ONE, "GET", "/orders/A-1")
    assert shown["order"]["subject"]["value"] == SUBJECT
    for path in ("/orders", "/tasks", "/elements", "/status"):
        assert SUBJECT not in json.dumps((await call(ONE, "GET", path))[1])


async def test_every_route_names_its_roles(call: Api) -> None:
    strangers = [Party("x", role, "k") for role in Role if role not in (Role.OFFICER,)]
    for method, template, roles, _ in call.routes.table:
        path = template.replace("{name}", "A-1")
        for stranger in strangers:
            if stranger.role not in roles:
                status, _ = await call(stranger, method, path, {})
                assert status == 403, (stranger.role, method, path)
    changing = [(m, t, r) for m, t, r, _ in call.routes.table if m == "POST" and "orders" in t]
    assert {r for _, _, r in changing} == {(Role.OFFICER,)}


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        ("GET", "/nothing", None, 404),
        ("GET", "/orders/nothing", None, 404),
        ("DELETE", "/orders", None, 404),
        ("POST", "/orders", b"not json", 400),
        ("POST", "/orders", {}, 400),
        ("POST", "/orders", {**body(), "force": True}, 400),
        ("POST", "/orders", {**body(), "subject": None}, 400),
        ("POST", "/orders", {**body(), "content": "yes"}, 400),
        ("POST", "/orders", {**body(), "start": "2026-11-01T12:00:00"}, 400),
        ("POST", "/orders", {**body(), "end": "2026-11-01T11:00:00Z"}, 400),
        ("POST", "/orders", {**body(), "agency": "agency-b"}, 409),
        ("POST", "/orders", {**body(), "end": "2027-11-01T11:00:00Z"}, 400),
        ("POST", "/elements/nothing/ping", None, 404),
        ("POST", "/orders/nothing/end", None, 404),
    ],
)
async def test_refusals(call: Api, method: str, path: str, sent: object, status: int) -> None:
    got, answer = await call(ONE, method, path, sent)
    assert got == status
    assert set(answer) == {"error", "remedy"}


async def test_a_refusal_quotes_no_identity(call: Api) -> None:
    sent = body()
    sent["subject"]["value"] = f"{SUBJECT}x"
    for wrong in (sent, {**sent, "subject": SUBJECT}):
        status, answer = await call(ONE, "POST", "/orders", wrong)
        assert status == 400
        assert SUBJECT not in json.dumps(answer)


async def test_ping_and_lists(call: Api) -> None:
    call.x1.away.add("smf")
    assert (await call(ADMINISTRATOR, "POST", "/elements/amf/ping"))[1]["answered"] is True
    assert (await call(ADMINISTRATOR, "POST", "/elements/smf/ping"))[1]["answered"] is False
    _, officers = await call(ADMINISTRATOR, "GET", "/officers")
    assert [o["name"] for o in officers["officers"]] == ["officer-1", "officer-1b", "officer-2"]
    _, elements = await call(ADMINISTRATOR, "GET", "/elements")
    assert [e["neIdentifier"] for e in elements["elements"]] == [e.neIdentifier for e in ELEMENTS]
    habits = ("x1Version", "leniencies", "x2x3Version", "x2x3Quirks")
    assert {tuple(map(str, map(e.get, habits))) for e in elements["elements"]} == {
        ("v1.22.1", "[]", "0.6", "[]")
    }


async def test_status_before_anything_was_read(call: Api, scene: Scene) -> None:
    scene.approved()
    _, status = await call(ADMINISTRATOR, "GET", "/status")
    assert status["converged"] is False
    assert status["orders"] == {"A-1": {"state": "running", "active": False, "cleared": False}}
