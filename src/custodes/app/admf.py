"""Wires the administration: officers' API and reports on one HTTPS side, X1 to the gate."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Coroutine
from functools import partial
from pathlib import Path
from urllib.parse import quote

import structlog

from custodes.app import log
from custodes.app.clock import RandomIds, SystemClock
from custodes.app.config import AdmfConfig, load, load_registry
from custodes.app.metrics import admf as metrics
from custodes.app.metrics.endpoint import Endpoint
from custodes.base.errors import ConfigurationError, ProtocolError
from custodes.functions.admf import routes
from custodes.functions.admf.converge import Issued
from custodes.functions.admf.orders import OrderBook
from custodes.functions.admf.provisioner import Provisioner
from custodes.functions.admf.reports import Reports
from custodes.functions.admf.x1 import GateX1
from custodes.model.address import Address
from custodes.model.party import Party, Role
from custodes.model.registry import Registry
from custodes.net.http import HTTPSClient, HTTPSServer, Request, Response, Route
from custodes.net.tls import Directory
from custodes.session.x1.reports import ReportReceiver
from custodes.store.admf import AdmfStore

JSON = "application/json"


def run(folder: Path) -> int:
    """Serve until SIGTERM or SIGINT."""
    log.configure("admf")
    config = load(folder)
    if not isinstance(config, AdmfConfig):
        raise ConfigurationError(f"{folder} does not hold an administration's configuration")
    return asyncio.run(_serve(folder, config))


async def _serve(folder: Path, config: AdmfConfig) -> int:
    identity = config.identity
    if identity.listen is None:
        raise ConfigurationError(f"{identity.name} has no address to listen on")
    registry = load_registry(folder)
    material = identity.material(folder)
    logger = structlog.get_logger()
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with contextlib.AsyncExitStack() as stack:
        store = AdmfStore(folder / config.database)
        stack.callback(store.close)
        client = HTTPSClient(material)
        stack.push_async_callback(client.close)
        administration = Administration(
            identity.name, registry, store, _Gate(client, config.gate, _gate(registry))
        )
        server = HTTPSServer(
            identity.listen.host,
            identity.listen.port,
            material,
            Directory(registry.parties),
            administration.routes(),
        )
        stack.push_async_callback(server.close)
        await server.start()
        reader = metrics.AdmfReader(store, administration.provisioner, registry, SystemClock())
        endpoint = Endpoint(folder, config, registry, reader, metrics.words())
        await stack.enter_async_context(endpoint.serving())
        logger.info("admf.ready", port=server.port)
        await _until(stopping, administration.provisioner.run())
    logger.info("admf.stopped")
    return 0


class Administration:
    """The administration's parts, put together over a database and a gate."""

    def __init__(self, name: str, registry: Registry, store: AdmfStore, gate: _Gate) -> None:
        logger = structlog.get_logger()
        self._clock, ids = SystemClock(), RandomIds()
        x1 = GateX1(name, gate, ids, self._clock)
        book = OrderBook(store.orders, registry, self._clock, ids, logger)
        self.provisioner = Provisioner(
            store.orders.all,
            lambda: Issued(*store.orders.issued()),
            store.elements,
            registry,
            x1,
            self._clock,
            logger,
        )
        self._api = routes.Routes(
            book, store.orders, store.elements, self.provisioner, x1, registry
        )
        self._reports = Reports(ReportReceiver(name), store.elements, self.provisioner, logger)

    def routes(self) -> list[Route]:
        """Every role of a route is checked twice: for the whole API here, per route inside."""
        people = frozenset(routes.ROLES)
        return [
            *(
                Route(method, template, people, partial(self._call, template))
                for method, template, _, _ in self._api.table
            ),
            Route("POST", "/X1/ADMF", frozenset({Role.X1GATE}), self._report),
        ]

    async def _call(self, template: str, request: Request) -> Response:
        # Written anew: the server has decoded the path, and a reference may hold a slash.
        path = template.replace("{name}", quote(request.parameters.get("name", ""), safe=""))
        answer = await self._api.handle(request.peer, request.method, path, request.body)
        return Response(answer.status, answer.body.model_dump_json().encode(), JSON)

    async def _report(self, request: Request) -> Response:
        octets = self._reports.handle(request.body, request.peer.name, self._clock.now())
        return Response(200, octets)


class _Gate:
    """X1 to the gate: one URL per element, one pinned peer."""

    def __init__(self, client: HTTPSClient, address: Address, party: Party) -> None:
        self._client, self._address, self._party = client, address, party

    async def post(self, ne_identifier: str, octets: bytes) -> bytes:
        url = f"https://{self._address}/X1/NE/{quote(ne_identifier, safe='')}"
        response = await self._client.request("POST", url, octets, expected=self._party)
        if response.status != 200:
            raise ProtocolError(
                f"the gate could not ask {ne_identifier} (HTTP status {response.status})"
            )
        return response.body


def _gate(registry: Registry) -> Party:
    for party in registry.parties:
        if party.role is Role.X1GATE:
            return party
    raise ConfigurationError("no x1 gate is enrolled")


async def _until(stopping: asyncio.Event, work: Coroutine[None, None, None]) -> None:
    """Work until told to stop; a failure of the work ends it too, loudly."""
    working = asyncio.ensure_future(work)
    waiting = asyncio.ensure_future(stopping.wait())
    await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
    for task in (working, waiting):
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working
