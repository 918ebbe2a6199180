"""Wires the mediation function: two NE identities, each with X1, an intake and deliveries."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from custodes.app import log
from custodes.app.clock import RandomIds, SystemClock
from custodes.app.config import MdfConfig, MediationSide, load, load_registry
from custodes.app.metrics import mdf as metrics
from custodes.app.metrics.endpoint import Endpoint
from custodes.app.reports import Reports
from custodes.base.errors import ConfigurationError
from custodes.functions.mdf.intake import Intake
from custodes.functions.mdf.service import Service
from custodes.functions.mdf.side import Setting, Side
from custodes.model.address import Address
from custodes.model.party import Party, Role
from custodes.model.registry import ElementKind
from custodes.net.http import HTTPSServer, Request, Response, Route
from custodes.net.stream import Server, Stream, connect, serve
from custodes.net.tls import Directory, Material
from custodes.session.account import Account
from custodes.session.handover.sender import Limits
from custodes.session.x1.watchdog import NEReport
from custodes.store.cin import CinStore
from custodes.store.mdf import MdfDatabase
from custodes.store.outbox import Outbox

_DELIVER_SECONDS = 3.0


def run(folder: Path) -> int:
    """Serve X1, mediate and deliver until SIGTERM or SIGINT; 1 where it failed.

    What no receiver has confirmed by then stays in the outbox, for the next start.
    """
    log.configure("mdf")
    config = load(folder)
    if not isinstance(config, MdfConfig):
        raise ConfigurationError(f"{folder} does not hold a mediation function's configuration")
    return asyncio.run(_Mdf(folder, config).serve())


class _Mdf:
    def __init__(self, folder: Path, config: MdfConfig) -> None:
        self._folder = folder
        self._config = config
        self._registry = load_registry(folder)
        self._clock = SystemClock()
        self._log = structlog.get_logger()
        self._failed = False
        self._database = MdfDatabase(folder / config.state)
        self._cins = CinStore(self._database)
        self._reports = Reports(
            gate=config.gate,
            party=_gate(self._registry.parties),
            materials={
                side.identity.name: side.identity.material(folder)
                for side in (config.mdf2, config.mdf3)
            },
            clock=self._clock,
            ids=RandomIds(),
        )
        self._parts = {
            "mdf2": self._part(ElementKind.MDF2, config.mdf2),
            "mdf3": self._part(ElementKind.MDF3, config.mdf3),
        }
        self._service = Service(self._parts, self._clock, self._tell, config.keep_seconds)

    async def serve(self) -> int:
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopping.set)
        threading.excepthook = lambda failed: self._thread_failed(failed, loop, stopping)
        async with contextlib.AsyncExitStack() as stack:
            stack.callback(self._database.close)
            await stack.enter_async_context(self._reports)
            for side, _ in self._parts.values():
                side.start()
            self._service.start()
            try:
                await self._listen(stack)
                await stopping.wait()
            finally:
                left = await asyncio.to_thread(self._service.close, _DELIVER_SECONDS)
        if left:
            self._log.warning("mdf.kept", pdus=left)
        self._log.info("mdf.stopped", kept=left)
        return 1 if self._failed else 0

    def _thread_failed(
        self,
        failed: threading.ExceptHookArgs,
        loop: asyncio.AbstractEventLoop,
        stopping: asyncio.Event,
    ) -> None:
        """A delivery or a timer that died would stall in silence: everything stops instead."""
        self._failed = True
        self._log.error("mdf.failed", why=failed.exc_type.__name__)
        loop.call_soon_threadsafe(stopping.set)

    async def _listen(self, stack: contextlib.AsyncExitStack) -> None:
        for name, side in (("mdf2", self._config.mdf2), ("mdf3", self._config.mdf3)):
            mediation, intake = self._parts[name]
            server = self._x1(side, mediation)
            stack.push_async_callback(server.close)
            await server.start()
            listener = self._intake(side, intake)
            stack.push_async_callback(asyncio.to_thread, listener.close)
        await stack.enter_async_context(self._metrics().serving())
        self._log.info(
            "mdf.ready", elements=[s.identity.name for s in (self._config.mdf2, self._config.mdf3)]
        )

    def _metrics(self) -> Endpoint:
        reader = metrics.MdfReader([side for side, _ in self._parts.values()], self._registry)
        words = metrics.words(self._registry)
        return Endpoint(self._folder, self._config, self._registry, reader, words, threaded=True)

    def _part(self, kind: ElementKind, side: MediationSide) -> tuple[Side, Intake]:
        name = side.identity.name
        if self._registry.element(name).kind is not kind:
            raise ConfigurationError(f"{name} is not enrolled as {kind}")
        mediation = Side(
            Setting(
                kind=kind,
                ne_identifier=name,
                country=self._config.country,
                operator=self._config.operator,
                registry=self._registry,
                clock=self._clock,
                store=self._cins,
                outbox=Outbox(
                    self._database, name, self._folder / self._config.sealing_key, self._clock.now()
                ),
                connector=partial(_connect, side.identity.material(self._folder)),
                raise_alarm=partial(self._alarm, name),
                settle=self._config.settle_seconds,
                owed_octets=self._config.owed_octets,
                limits=Limits(negotiate=self._config.ask_options),
                clears=kind.value.lower() in self._config.deactivate_when_silent,
                report=partial(self._report, name),
                account=partial(self._connection_ended, name),
            )
        )
        return mediation, Intake(mediation, self._clock, partial(self._quirk_used, name))

    def _x1(self, side: MediationSide, mediation: Side) -> HTTPSServer:
        if side.identity.listen is None:
            raise ConfigurationError(f"{side.identity.name} has no X1 address to listen on")
        return HTTPSServer(
            side.identity.listen.host,
            side.identity.listen.port,
            side.identity.material(self._folder),
            Directory(self._registry.parties),
            [Route("POST", "/X1/NE", frozenset({Role.X1GATE}), self._answer(mediation))],
        )

    def _answer(self, mediation: Side) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            # A thread: numbers are committed to a disk before the answer.
            octets = await asyncio.to_thread(
                mediation.handle_x1, request.body, request.peer.name, self._clock.now()
            )
            return Response(200, octets)

        return answer

    def _intake(self, side: MediationSide, intake: Intake) -> Server:
        return serve(
            side.intake.host,
            side.intake.port,
            side.identity.material(self._folder),
            Directory(self._registry.parties),
            [Role.ELEMENT],
            intake.serve,
            intake.refused,
        )

    def _alarm(self, ne_identifier: str, kind: str, what: str, count: int) -> None:
        """To the log first, then to the administration (ReportNEIssue)."""
        self._log.warning("mdf.alarm", ne=ne_identifier, kind=kind, what=what, count=count)
        times = f" ({count} times)" if count > 1 else ""
        self._reports.ne_issue(ne_identifier, "Alert", f"{kind}: {what}{times}")

    def _report(self, ne_identifier: str, report: NEReport) -> None:
        code = int(report.code)
        self._log.warning("mdf.report", ne=ne_identifier, code=code, what=report.description)
        self._reports.ne_issue(ne_identifier, report.kind, report.description, code)

    def _connection_ended(self, ne_identifier: str, leg: str, peer: str, account: Account) -> None:
        self._log.info("mdf.connection", ne=ne_identifier, leg=leg, peer=peer, **account.told())

    def _quirk_used(self, ne_identifier: str, peer: str, kind: str) -> None:
        self._log.warning("mdf.quirk_used", ne=ne_identifier, peer=peer, kind=kind)

    def _tell(self, event: str, values: Mapping[str, Any]) -> None:
        self._log.info(event, **values)


def _connect(material: Material, address: Address, expected: Party) -> Stream:
    return connect(address.host, address.port, material, expected)


def _gate(parties: tuple[Party, ...]) -> Party:
    found = [party for party in parties if party.role is Role.X1GATE]
    if len(found) != 1:
        raise ConfigurationError(f"{len(found)} parties are enrolled as x1gate, one is needed")
    return found[0]
