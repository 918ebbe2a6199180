"""Wires the probe: three X1 sides, links to the MDFs, and the capture on standard input."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import fields
from functools import partial
from pathlib import Path

import structlog

from custodes.app import log
from custodes.app.clock import RandomIds, SystemClock
from custodes.app.config import Identity, PoiConfig, load, load_registry
from custodes.app.metrics import poi as metrics
from custodes.app.metrics.endpoint import Endpoint
from custodes.app.reports import Reports
from custodes.base.errors import ConfigurationError, CustodesError
from custodes.functions.poi.capture.open import CaptureReader
from custodes.functions.poi.counters import Counters
from custodes.functions.poi.link import Link
from custodes.functions.poi.probe import Probe
from custodes.functions.poi.service import ProbeService
from custodes.functions.poi.side import Side
from custodes.functions.poi.signalling.pycrate_decoder import PycrateDecoder
from custodes.model.grant import Officers
from custodes.model.party import Party, Role
from custodes.model.registry import Element, ElementKind, Registry
from custodes.net.http import HTTPSServer, Request, Response, Route
from custodes.net.stream import Stream, connect
from custodes.net.tls import Directory, Material
from custodes.session.account import Account

_CHUNK = 65536
_DRAIN_SECONDS = 30.0
_WATCH_SECONDS = 10.0
# Of the first start as of any other: the probe cannot know that it ran before.
_STARTED = "started; nothing is kept from before: no task, no session, numbers begin anew"


def run(folder: Path) -> int:
    """Serve X1 and read the capture until SIGTERM or SIGINT."""
    log.configure("poi")
    config = load(folder)
    if not isinstance(config, PoiConfig):
        raise ConfigurationError(f"{folder} does not hold a probe's configuration")
    return asyncio.run(_Poi(folder, config).serve())


class _Poi:
    def __init__(self, folder: Path, config: PoiConfig) -> None:
        self._folder = folder
        self._registry: Registry = load_registry(folder)
        self._identities = {
            ElementKind.AMF: config.amf,
            ElementKind.SMF: config.smf,
            ElementKind.UPF: config.upf,
        }
        self._deactivate_when_silent = frozenset(map(str, config.deactivate_when_silent))
        self._clock = SystemClock()
        self._ids = RandomIds()
        self._log = structlog.get_logger()
        self._sides = {kind: self._side(kind) for kind in self._identities}
        self._reports = Reports(
            gate=config.gate,
            party=_only(self._registry, Role.X1GATE),
            materials={i.name: i.material(folder) for i in self._identities.values()},
            clock=self._clock,
            ids=self._ids,
        )
        # New at every start: numbers begin anew, and must not look like repeats of earlier ones.
        point = f"custodes-probe/{self._ids.uuid().hex[:6]}"
        self._service = ProbeService(self._sides, self._open_link, self, point.encode())
        self._failed = False
        self._probe: Probe | None = None
        reader = metrics.PoiReader(self._service, self._counters)
        words = metrics.words(self._registry)
        self._metrics = Endpoint(folder, config, self._registry, reader, words)

    async def serve(self) -> int:
        """0; 1 where the capture's thread failed: a probe that sees nothing must not look well."""
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopping.set)
        async with contextlib.AsyncExitStack() as stack:
            await stack.enter_async_context(self._reports)
            for kind, identity in self._identities.items():
                server = self._server(self._sides[kind], identity)
                stack.push_async_callback(server.close)
                await server.start()
            await stack.enter_async_context(self._metrics.serving())
            watching = asyncio.create_task(self._watch())
            stack.callback(watching.cancel)
            self._log.info("poi.ready", elements=[i.name for i in self._identities.values()])
            for identity in self._identities.values():
                self._reports.ne_issue(identity.name, "Warning", _STARTED)
            stop = partial(loop.call_soon_threadsafe, stopping.set)
            reader = threading.Thread(
                target=self._capture, args=(stop,), name="capture", daemon=True
            )
            reader.start()
            await stopping.wait()
        self._service.close()
        self._log.info("poi.stopped", links=self._service.account()["links"])
        return 1 if self._failed else 0

    async def _watch(self) -> None:
        """Is the administration still there?"""
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            for side in self._sides.values():
                name = side.element.neIdentifier
                for report in side.watch():
                    code = int(report.code)
                    self._log.warning("poi.report", ne=name, code=code, what=report.description)
                    self._reports.ne_issue(name, report.kind, report.description, code)

    def blind(self, side: Side, reason: str, session: str, detail: str) -> None:
        """custodes.functions.poi.service.Reporter"""
        self._log.warning("poi.blind", ne=side.element.neIdentifier, reason=reason, session=session)
        what = f"blind: {reason}" + (f" ({detail})" if detail else "")
        where = f"; session {session}" if session else ""
        self._reports.ne_issue(side.element.neIdentifier, "Warning", what + where)

    def _side(self, kind: ElementKind) -> Side:
        element = self._registry.element(self._identities[kind].name)
        mediator = ElementKind.MDF3 if kind is ElementKind.UPF else ElementKind.MDF2
        mdf = next(e for e in self._registry.elements if e.kind is mediator)
        clears = kind.value.lower() in self._deactivate_when_silent
        officers = Officers(self._registry.parties)
        return Side(element, mdf, officers, self._clock, clears=clears)

    def _server(self, side: Side, identity: Identity) -> HTTPSServer:
        if identity.listen is None:
            raise ConfigurationError(f"{identity.name} has no X1 address to listen on")
        route = Route("POST", "/X1/NE", frozenset({Role.X1GATE}), _x1(side))
        return HTTPSServer(
            identity.listen.host,
            identity.listen.port,
            identity.material(self._folder),
            Directory(self._registry.parties),
            [route],
        )

    def _open_link(self, side: Side, mdf: Element) -> Link:
        material = self._identities[side.element.kind].material(self._folder)
        name = side.element.neIdentifier
        tell = partial(self._link_failed, name, mdf.neIdentifier)
        return Link(
            name,
            partial(_connect, mdf, material),
            self._clock,
            tell,
            version=mdf.x2x3Version,
            ended=partial(self._connection_ended, name, mdf.neIdentifier),
        )

    def _connection_ended(self, name: str, mdf: str, account: Account) -> None:
        self._log.info("poi.link", ne=name, mdf=mdf, what="connection ended", **account.told())

    def _link_failed(self, name: str, mdf: str, what: str) -> None:
        self._log.error("poi.link", ne=name, mdf=mdf, what=what)
        self._reports.ne_issue(name, "FaultReport", f"delivery to {mdf}: {what}")

    def _capture(self, stop: Callable[[], object]) -> None:
        """In a thread of its own: standard input to its end; a bug in here ends the probe."""
        try:
            self._read_capture()
        except BaseException:
            self._failed = True
            stop()
            raise

    def _read_capture(self) -> None:
        """Standard input to its end, then the account of it."""
        probe = Probe(
            PycrateDecoder(),
            correlation_base=self._ids.uuid().int & 0xFFFF_FFFF,
            wants_content=self._service.wants_content,
        )
        self._probe = probe
        reader = CaptureReader()
        error = ""
        try:
            while octets := os.read(sys.stdin.fileno(), _CHUNK):
                reader.receive_data(octets)
                while (frame := reader.next_frame()) is not None:
                    probe.receive_frame(frame)
                    self._take_events(probe)
        except CustodesError as failed:
            error = str(failed)
            _read_no_more()
        probe.finish()
        self._take_events(probe)
        acknowledged = self._service.drain(_DRAIN_SECONDS)
        self._log.info(
            "poi.capture_end",
            frames=probe.counters.frames,
            counters=_plain(probe.counters),
            acknowledged=acknowledged,
            cut=reader.pending(),
            error=error,
            **self._service.account(),
        )

    def _counters(self) -> Counters | None:
        return None if self._probe is None else self._probe.counters

    def _take_events(self, probe: Probe) -> None:
        while (event := probe.next_event()) is not None:
            self._service.take(event)


def _x1(side: Side) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        return Response(200, side.handle(request.body, request.peer.name))

    return answer


def _connect(mdf: Element, material: Material) -> Stream:
    if mdf.intake is None:
        raise ConfigurationError(f"{mdf.neIdentifier} has no intake address")
    return connect(mdf.intake.host, mdf.intake.port, material, mdf.party)


def _read_no_more() -> None:
    """Whoever feeds a capture that we cannot read on is told by a broken pipe, and need not wait
    for room in it."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, sys.stdin.fileno())
    os.close(nothing)


def _plain(counters: Counters) -> dict[str, object]:
    """As JSON wants it; dataclasses.asdict turns a Counter into something else."""
    values = ((f.name, getattr(counters, f.name)) for f in fields(counters))
    return {name: dict(v) if isinstance(v, Counter) else v for name, v in values}


def _only(registry: Registry, role: Role) -> Party:
    found = [p for p in registry.parties if p.role is role]
    if len(found) != 1:
        raise ConfigurationError(f"{len(found)} parties are enrolled as {role}, one is needed")
    return found[0]
