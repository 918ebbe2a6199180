"""``GET /metrics`` of one function: mutual TLS, a monitor or an administrator, nobody else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from custodes.app.config import FunctionConfig
from custodes.app.metrics.collector import Exposition, Read
from custodes.app.metrics.words import Words
from custodes.app.pki import is_lab
from custodes.model.address import Address
from custodes.model.party import Role
from custodes.model.registry import Registry
from custodes.net.http import HTTPSServer, Request, Response, Route
from custodes.net.tls import Directory

PATH = "/metrics"
ADMITTED = frozenset({Role.MONITOR, Role.ADMINISTRATOR})
TEXT = "text/plain; version=0.0.4"
_START_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A function's metrics, told where its configuration says, if it says so.

    ``threaded``: reading takes locks that others may hold while they write to a disk, so it is not
    done in the event loop.
    """

    folder: Path
    config: FunctionConfig
    registry: Registry
    read: Read
    words: Words
    threaded: bool = False

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Listens while it is entered; where there is no address, there is nothing to listen on."""
        if self.config.metrics is None:
            yield
            return
        server = self._server(self.config.metrics)
        await server.start()
        try:
            yield
        finally:
            await server.close()

    @contextmanager
    def serving_in_thread(self) -> Iterator[None]:
        """For a function without an event loop. Raises what starting to listen raised."""
        if self.config.metrics is None:
            yield
            return
        server, loop = self._server(self.config.metrics), asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name="metrics", daemon=True)
        thread.start()
        try:
            asyncio.run_coroutine_threadsafe(server.start(), loop).result(_START_SECONDS)
            yield
        finally:
            asyncio.run_coroutine_threadsafe(server.close(), loop).result(_START_SECONDS)
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    def _server(self, address: Address) -> HTTPSServer:
        certificate = self.folder / self.config.shown.certificate
        exposition = Exposition(
            self.config.function, self.read, self.words, lab=is_lab(certificate.read_bytes())
        )

        async def answer(_request: Request) -> Response:
            if self.threaded:
                text = await asyncio.to_thread(exposition.text)
            else:
                text = exposition.text()
            return Response(200, text, TEXT)

        return HTTPSServer(
            address.host,
            address.port,
            self.config.shown.material(self.folder),
            Directory(self.registry.parties),
            [Route("GET", PATH, ADMITTED, answer)],
        )
