"""Wires the x1 gate: HTTPS on both sides, the gate's own key, and nothing kept."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from pathlib import Path

import structlog

from custodes.app import log
from custodes.app.clock import RandomIds, SystemClock
from custodes.app.config import X1GateConfig, load, load_registry
from custodes.app.metrics import x1gate as metrics
from custodes.app.metrics.endpoint import Endpoint
from custodes.base.errors import ConfigurationError, CustodesError
from custodes.functions.x1gate.counters import Counters
from custodes.functions.x1gate.gate import Gate
from custodes.model.address import Address
from custodes.model.party import Party, Role
from custodes.model.registry import Element
from custodes.net.http import HTTPSClient, HTTPSServer, Request, Response, Route
from custodes.net.tls import Directory

_ELEMENT_SECONDS = 5.0


def run(folder: Path) -> int:
    """Serve until SIGTERM or SIGINT."""
    log.configure("x1gate")
    config = load(folder)
    if not isinstance(config, X1GateConfig):
        raise ConfigurationError(f"{folder} does not hold a gate's configuration")
    return asyncio.run(_serve(folder, config))


async def _serve(folder: Path, config: X1GateConfig) -> int:
    registry = load_registry(folder)
    identity = config.identity
    if identity.listen is None:
        raise ConfigurationError(f"{identity.name} has no address to listen on")
    material = identity.material(folder)
    journal = _Journal()
    reader, words = metrics.GateReader(journal.counters), metrics.words(registry)
    endpoint = Endpoint(folder, config, registry, reader, words)
    admf = next(p for p in registry.parties if p.role is Role.ADMF)
    # Shorter than the admf waits for the gate: the admf learns which element did not answer.
    client = HTTPSClient(material, timeout=_ELEMENT_SECONDS)
    gate = Gate(
        identity.name,
        registry,
        _Elements(client),
        _Administration(client, config.admf, admf),
        journal,
        SystemClock(),
        RandomIds(),
    )

    async def relay(request: Request) -> Response:
        ne = request.parameters["ne"]
        try:
            return Response(200, await gate.relay(ne, request.body, request.peer))
        except CustodesError as error:
            return Response(502, str(error).encode(), "text/plain")

    async def report(request: Request) -> Response:
        try:
            return Response(200, await gate.report(request.body, request.peer))
        except CustodesError as error:
            return Response(502, str(error).encode(), "text/plain")

    server = HTTPSServer(
        identity.listen.host,
        identity.listen.port,
        material,
        Directory(registry.parties),
        [
            Route("POST", "/X1/NE/{ne}", frozenset({Role.ADMF}), relay),
            Route("POST", "/X1/ADMF", frozenset({Role.ELEMENT, Role.MDF}), report),
        ],
    )
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(client.close)
        stack.push_async_callback(server.close)
        await server.start()
        await stack.enter_async_context(endpoint.serving())
        structlog.get_logger().info("x1gate.ready")
        await stopping.wait()
    structlog.get_logger().info("x1gate.stopped")
    return 0


class _Elements:
    def __init__(self, client: HTTPSClient) -> None:
        self._client = client

    async def post(self, element: Element, octets: bytes) -> bytes:
        url = f"https://{element.x1}/X1/NE"
        return await _post(self._client, url, octets, element.party)


class _Administration:
    def __init__(self, client: HTTPSClient, address: Address, party: Party) -> None:
        self._client, self._address, self._party = client, address, party

    async def post(self, octets: bytes) -> bytes:
        return await _post(self._client, f"https://{self._address}/X1/ADMF", octets, self._party)


async def _post(client: HTTPSClient, url: str, octets: bytes, expected: Party) -> bytes:
    response = await client.request("POST", url, octets, expected=expected)
    if response.status != 200:
        raise CustodesError(f"{expected.name} answered X1 with HTTP status {response.status}")
    return response.body


class _Journal:
    """Whatever is logged is counted."""

    def __init__(self) -> None:
        self.counters = Counters()
        self._log = structlog.get_logger()

    def x1(self, ne: str, operation: str, outcome: str, why: str = "") -> None:
        self.counters.x1(ne, operation, outcome)
        say = self._log.warning if outcome in ("refused", "failed") else self._log.info
        say("x1gate.x1", ne=ne, operation=operation, outcome=outcome, why=why)

    def leniency(self, peer: str, kind: str, path: str) -> None:
        self.counters.leniency(peer, kind)
        self._log.warning("x1gate.leniency_used", peer=peer, kind=kind, path=path)
