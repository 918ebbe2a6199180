"""Mutual TLS over HTTP: who is let in, and that nothing is told to a stranger."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from custodes.app.pki import LabCA
from custodes.base.errors import ConfigurationError, DecodeError, RefusedError
from custodes.model.party import Party, Role
from custodes.net.http import (
    HTTPLimits,
    HTTPSClient,
    HTTPSServer,
    Request,
    Response,
    Route,
    TransportError,
)
from custodes.net.tls import Directory, Material

NE = "/X1/NE/{neIdentifier}"


class Scene:
    """A server, its client, and what reached the handler."""

    def __init__(self, ca: LabCA, folder: Path) -> None:
        now = datetime.now(UTC)
        self.server_material, self.server_party = ca.issue(folder / "s", "ne-1", Role.ELEMENT, now)
        self.gate_material, self.gate = ca.issue(folder / "g", "x1gate", Role.X1GATE, now)
        self.lemf_material, self.lemf = ca.issue(folder / "l", "lemf-1", Role.LEMF, now)
        self.other_material, _ = ca.issue(folder / "o", "stranger", Role.X1GATE, now)
        self.requests: list[Request] = []

    async def handler(self, request: Request) -> Response:
        self.requests.append(request)
        if request.body == b"refuse":
            raise RefusedError("not you")
        if request.body == b"fail":
            raise DecodeError("of a target")
        if request.body == b"slow":
            await asyncio.sleep(30)
        return Response(200, b"<got/>" + request.body, "application/xml")

    async def serve(self, limits: HTTPLimits | None = None) -> HTTPSServer:
        route = Route("POST", NE, frozenset({Role.X1GATE}), self.handler)
        directory = Directory([self.gate, self.lemf])
        server = HTTPSServer("127.0.0.1", 0, self.server_material, directory, [route], limits)
        await server.start()
        return server


@pytest.fixture
def scene(ca: LabCA, tmp_path: Path) -> Scene:
    return Scene(ca, tmp_path)


@pytest.fixture
async def server(scene: Scene) -> AsyncIterator[HTTPSServer]:
    server = await scene.serve(HTTPLimits(body=1000, handle=0.05))
    yield server
    await server.close()


async def ask(
    material: Material, server: HTTPSServer, expected: Party, body: bytes = b"", path: str = "ne-1"
) -> Response:
    client = HTTPSClient(material, timeout=5)
    try:
        url = f"https://127.0.0.1:{server.port}/X1/NE/{path}?a=b"
        return await client.request("POST", url, body, expected=expected)
    finally:
        await client.close()


async def test_the_handler_knows_who_asks(scene: Scene, server: HTTPSServer) -> None:
    answer = await ask(scene.gate_material, server, scene.server_party, b"<x/>")
    assert answer == Response(200, b"<got/><x/>", "application/xml")
    [request] = scene.requests
    assert request.peer == scene.gate
    assert (request.method, request.path, request.query) == ("POST", "/X1/NE/ne-1", {"a": "b"})
    assert request.parameters == {"neIdentifier": "ne-1"}
    assert request.body == b"<x/>"


async def test_a_role_that_the_route_does_not_admit_is_403(
    scene: Scene, server: HTTPSServer
) -> None:
    answer = await ask(scene.lemf_material, server, scene.server_party, b"x")
    assert (answer.status, answer.body) == (403, b"")
    assert not scene.requests


async def test_a_key_that_is_not_enrolled_is_403_though_its_ca_is_trusted(
    scene: Scene, server: HTTPSServer
) -> None:
    answer = await ask(scene.other_material, server, scene.server_party, b"x")
    assert answer.status == 403
    assert not scene.requests


async def test_a_certificate_of_another_ca_does_not_connect(
    scene: Scene, server: HTTPSServer, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    foreign = LabCA.create(tmp_path / "foreign", now)
    material, _ = foreign.issue(tmp_path / "f", "x1gate", Role.X1GATE, now)
    material = replace(material, trust=scene.gate_material.trust)
    with pytest.raises(TransportError):
        await ask(material, server, scene.server_party, b"x")
    assert not scene.requests


async def test_nothing_is_sent_to_a_server_whose_key_is_not_the_expected(
    scene: Scene, server: HTTPSServer
) -> None:
    impostor = replace(scene.server_party, fingerprint=scene.lemf.fingerprint)
    with pytest.raises(RefusedError, match="not ne-1"):
        await ask(scene.gate_material, server, impostor, b"secret")
    assert not scene.requests


async def test_a_pooled_connection_does_not_serve_another_expectation(
    scene: Scene, server: HTTPSServer
) -> None:
    client = HTTPSClient(scene.gate_material, timeout=5)
    url = f"https://127.0.0.1:{server.port}/X1/NE/ne-1"
    assert (await client.request("POST", url, b"x", expected=scene.server_party)).status == 200
    impostor = replace(scene.server_party, fingerprint=scene.lemf.fingerprint)
    with pytest.raises(RefusedError):
        await client.request("POST", url, b"y", expected=impostor)
    await client.close()
    assert [r.body for r in scene.requests] == [b"x"]


async def test_the_handler_s_errors_say_nothing(scene: Scene, server: HTTPSServer) -> None:
    refused = await ask(scene.gate_material, server, scene.server_party, b"refuse")
    assert (refused.status, refused.body) == (403, b"")
    failed = await ask(scene.gate_material, server, scene.server_party, b"fail")
    assert (failed.status, failed.body) == (500, b"")
    slow = await ask(scene.gate_material, server, scene.server_party, b"slow")
    assert (slow.status, slow.body) == (503, b"")


async def test_a_body_beyond_the_limit_is_413(scene: Scene, server: HTTPSServer) -> None:
    answer = await ask(scene.gate_material, server, scene.server_party, b"x" * 2000)
    assert answer.status == 413
    assert not scene.requests


async def test_an_answer_beyond_the_client_s_limit_is_refused(
    scene: Scene, server: HTTPSServer
) -> None:
    client = HTTPSClient(scene.gate_material, timeout=5, limit=4)
    url = f"https://127.0.0.1:{server.port}/X1/NE/ne-1"
    with pytest.raises(TransportError, match="longer than 4"):
        await client.request("POST", url, b"x", expected=scene.server_party)
    await client.close()


async def test_an_unknown_path_is_404_and_plain_http_is_not_spoken(
    scene: Scene, server: HTTPSServer
) -> None:
    assert (await ask(scene.gate_material, server, scene.server_party, b"", "a/b")).status == 404
    client = HTTPSClient(scene.gate_material)
    with pytest.raises(RefusedError):
        await client.request("POST", "http://127.0.0.1/", expected=scene.server_party)


async def test_nobody_listens_after_close(scene: Scene) -> None:
    server = await scene.serve()
    await server.close()
    with pytest.raises(TransportError):
        await ask(scene.gate_material, server, scene.server_party)


async def test_an_address_that_is_taken_is_a_configuration_error(
    scene: Scene, server: HTTPSServer
) -> None:
    second = HTTPSServer(
        "127.0.0.1",
        server.port,
        scene.server_material,
        Directory([scene.gate]),
        [Route("POST", "/", frozenset({Role.X1GATE}), scene.handler)],
    )
    with pytest.raises(ConfigurationError):
        await second.start()


def test_a_route_that_admits_nobody_is_a_mistake(scene: Scene) -> None:
    route = Route("POST", "/", frozenset(), scene.handler)
    with pytest.raises(ConfigurationError):
        HTTPSServer("127.0.0.1", 0, scene.server_material, Directory([]), [route])


async def test_whoever_does_not_say_who_it_is_loses_its_place(scene: Scene) -> None:
    server = await scene.serve(HTTPLimits(handshake=0.2))
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        async with asyncio.timeout(10):
            assert await reader.read() == b""
        writer.close()
    finally:
        await server.close()
