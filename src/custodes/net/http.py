"""HTTPS with mutual TLS and pinned keys: a server with roles per route, and a client.

Fail closed: a request whose peer cannot be identified, or whose role a route does not name, is
answered 403 before its body is read. The client sends no octet of a request before the server's
key is known to be the expected party's: the check runs inside the TLS handshake, in the SSLObject
that ``ssl.SSLContext.sslobject_class`` lets us choose, so a wrong peer never has a connection.
(aiohttp's own Fingerprint pins a certificate, not a key, and cannot go with a client certificate.)
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import aiohttp
from aiohttp import web

from custodes.base.errors import ConfigurationError, CustodesError, RefusedError
from custodes.model.party import Party, Role
from custodes.net.tls import Directory, Material, client_context, fingerprint, server_context

XML: Final = "application/xml"
_BACKLOG: Final = 512
BODY_LIMIT: Final = 4 * 1024 * 1024


class TransportError(CustodesError):
    """The peer could not be reached, did not answer in time, or answered too much."""


@dataclass(frozen=True, slots=True)
class Request:
    """``parameters``: the values of {names} in the route's path."""

    peer: Party
    method: str
    path: str
    query: Mapping[str, str]
    body: bytes
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Response:
    status: int = 200
    body: bytes = b""
    content_type: str = XML


Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Route:
    """``path`` may hold ``{name}``; ``admitted`` are the roles that may call it, and no others."""

    method: str
    path: str
    admitted: frozenset[Role]
    handler: Handler


@dataclass(frozen=True, slots=True)
class HTTPLimits:
    """``body`` in octets; all others in seconds: ``handshake`` for a peer to say who it is (whoever
    has no key holds a place no longer than that), ``read`` for a body to arrive, ``handle`` for a
    handler to answer, ``shutdown`` for open requests to finish when the server closes."""

    body: int = BODY_LIMIT
    handshake: float = 5.0
    read: float = 30.0
    handle: float = 60.0
    shutdown: float = 5.0


class HTTPSServer:
    """``await start()``, then ``port`` is known (0 asks for a free one); ``await close()``."""

    def __init__(
        self,
        host: str,
        port: int,
        material: Material,
        directory: Directory,
        routes: Sequence[Route],
        limits: HTTPLimits | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._context = server_context(material)
        self._directory = directory
        self._limits = limits or HTTPLimits()
        self._server: asyncio.Server | None = None
        application = web.Application(client_max_size=self._limits.body)
        for route in routes:
            if not route.admitted:
                raise ConfigurationError(f"{route.method} {route.path} admits nobody")
            application.router.add_route(route.method, route.path, self._endpoint(route))
        application.on_response_prepare.append(_say_nothing_of_ourselves)
        self._runner = web.AppRunner(
            application, access_log=None, shutdown_timeout=self._limits.shutdown
        )

    @property
    def port(self) -> int:
        return self._port

    async def start(self) -> None:
        """ConfigurationError where the address cannot be listened on."""
        await self._runner.setup()
        if self._runner.server is None:
            raise ConfigurationError("the HTTP server could not be set up")
        try:
            # Not aiohttp's TCPSite: it leaves the handshake asyncio's sixty seconds.
            self._server = await asyncio.get_running_loop().create_server(
                self._runner.server,
                self._host,
                self._port,
                ssl=self._context,
                backlog=_BACKLOG,
                reuse_address=True,
                ssl_handshake_timeout=self._limits.handshake,
            )
        except OSError as error:
            await self._runner.cleanup()
            raise ConfigurationError(
                f"cannot listen on {self._host} port {self._port}: {error.strerror}"
            ) from error
        self._port = int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stop listening, let open requests finish within the limit, close the rest."""
        if self._server is not None:
            self._server.close()
        await self._runner.cleanup()

    def _endpoint(self, route: Route) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def endpoint(request: web.Request) -> web.Response:
            peer = self._identify(request, route)
            if peer is None:
                # The rest of the body is not awaited: nobody we know sent it.
                refusal = web.Response(status=403)
                refusal.force_close()
                return refusal
            try:
                async with asyncio.timeout(self._limits.read):
                    body = await request.read()
            except TimeoutError:
                return web.Response(status=408)
            return await self._answer(route, _request(peer, request, body))

        return endpoint

    def _identify(self, request: web.Request, route: Route) -> Party | None:
        transport = request.transport
        tls = transport.get_extra_info("ssl_object") if transport else None
        certificate = tls.getpeercert(True) if tls else None
        try:
            return self._directory.identify(certificate, route.admitted)
        except RefusedError:
            return None

    async def _answer(self, route: Route, request: Request) -> web.Response:
        try:
            async with asyncio.timeout(self._limits.handle):
                response = await route.handler(request)
        except RefusedError:
            return web.Response(status=403)
        except TimeoutError:
            return web.Response(status=503)
        except CustodesError:
            return web.Response(status=500)
        return web.Response(
            status=response.status, body=response.body, content_type=response.content_type
        )


async def _say_nothing_of_ourselves(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.pop("Server", None)


def _request(peer: Party, request: web.Request, body: bytes) -> Request:
    return Request(
        peer=peer,
        method=request.method,
        path=request.path,
        query=dict(request.query),
        body=body,
        parameters=dict(request.match_info),
    )


class HTTPSClient:
    """One function's client. Connections are kept per expected party and never shared."""

    def __init__(
        self, material: Material, *, timeout: float = 10.0, limit: int = BODY_LIMIT
    ) -> None:
        """``timeout``: seconds for one whole request; ``limit``: octets of an answer."""
        self._material = material
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._limit = limit
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._session: aiohttp.ClientSession | None = None

    async def request(
        self,
        method: str,
        url: str,
        body: bytes = b"",
        content_type: str = XML,
        *,
        expected: Party,
    ) -> Response:
        """One exchange with ``expected`` and nobody else.

        RefusedError where the server's key is another's (nothing of the request was sent), or
        the URL is not https; TransportError where there is no complete answer.
        """
        if not url.startswith("https://"):
            raise RefusedError("only https is spoken")
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
            )
        try:
            async with self._session.request(
                method,
                url,
                data=body or None,
                headers={"Content-Type": content_type},
                ssl=self._context(expected),
                allow_redirects=False,
            ) as answer:
                octets = await self._read(answer)
                return Response(answer.status, octets, answer.content_type)
        except aiohttp.ClientConnectorCertificateError as error:
            raise RefusedError(f"the server is not {expected.name}") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise TransportError(
                f"no answer from {expected.name}: {type(error).__name__}",
                remedy="check that it runs and that the address is right",
            ) from error

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _read(self, answer: aiohttp.ClientResponse) -> bytes:
        octets = bytearray()
        async for chunk in answer.content.iter_any():
            octets += chunk
            if len(octets) > self._limit:
                raise TransportError(f"the answer is longer than {self._limit} octets")
        return bytes(octets)

    def _context(self, expected: Party) -> ssl.SSLContext:
        """A context that completes a handshake with this party's key only.

        aiohttp keeps connections apart by context, so one made for a party serves that party."""
        context = self._contexts.get(expected.fingerprint)
        if context is None:
            context = client_context(self._material)
            context.sslobject_class = _pinned(expected)
            self._contexts[expected.fingerprint] = context
        return context


def _pinned(expected: Party) -> type[ssl.SSLObject]:
    """An SSLObject whose handshake fails unless the peer's key is the expected one."""

    class PinnedSSLObject(ssl.SSLObject):
        def do_handshake(self) -> None:
            super().do_handshake()
            certificate = self.getpeercert(True)
            if not certificate or fingerprint(certificate) != expected.fingerprint:
                raise ssl.SSLCertVerificationError(1, "the peer's key is not the expected one")

    return PinnedSSLObject
