"""The API: method, path and body in, status and body out. No HTTP library, no TLS.

The wiring says who calls (the party behind the TLS client certificate); nothing in a body does.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import unquote

from pydantic import BaseModel, ValidationError

from custodes.base.errors import ConfigurationError, CustodesError, DecodeError, RefusedError
from custodes.functions.admf import api, views
from custodes.functions.admf.orders import NotAllowedError, NotFoundError, OrderBook
from custodes.functions.admf.ports import ElementRepository, OrderRecord, OrderRepository
from custodes.functions.admf.provisioner import Provisioner
from custodes.functions.admf.x1port import X1Port
from custodes.model.party import Party, Role
from custodes.model.registry import Registry

ROLES = (Role.OFFICER, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status and the body to serialise."""

    status: int
    body: BaseModel


@dataclass(frozen=True, slots=True)
class Call:
    """One request: who, the parts of the path that the route names, and the body's octets."""

    peer: Party
    name: str
    body: bytes


Handler = Callable[[Call], Awaitable[Answer]]
_Model = TypeVar("_Model", bound=BaseModel)


class Routes:
    """Every route of the API, each with the roles that may take it."""

    def __init__(
        self,
        book: OrderBook,
        orders: OrderRepository,
        elements: ElementRepository,
        provisioner: Provisioner,
        x1: X1Port,
        registry: Registry,
    ) -> None:
        self._book = book
        self._orders = orders
        self._elements = elements
        self._provisioner = provisioner
        self._x1 = x1
        self._registry = registry
        officers = (Role.OFFICER,)
        self.table: tuple[tuple[str, str, tuple[Role, ...], Handler], ...] = (
            ("POST", "/orders", officers, self._new),
            ("GET", "/orders", ROLES, self._list),
            ("GET", "/orders/{name}", ROLES, self._show),
            ("POST", "/orders/{name}/approvals", officers, self._approve),
            ("POST", "/orders/{name}/end", officers, self._end),
            ("GET", "/tasks", ROLES, self._tasks),
            ("GET", "/elements", ROLES, self._element_list),
            ("POST", "/elements/{name}/ping", ROLES, self._ping),
            ("GET", "/officers", ROLES, self._officers),
            ("GET", "/status", ROLES, self._status),
        )

    async def handle(self, peer: Party, method: str, path: str, body: bytes) -> Answer:
        """The answer to one request; a refusal is an answer with its status, never an exception."""
        try:
            handler, name = self._route(peer, method, path)
            return await handler(Call(peer, name, body))
        except CustodesError as error:
            return Answer(_status(error), api.ErrorBody(error=error.what, remedy=error.remedy))

    def _route(self, peer: Party, method: str, path: str) -> tuple[Handler, str]:
        for verb, template, roles, handler in self.table:
            match = re.fullmatch(template.replace("{name}", "([^/]+)"), path)
            if verb != method or match is None:
                continue
            if peer.role not in roles:
                raise NotAllowedError(
                    f"{peer.name} is enrolled as {peer.role}, which does not do this",
                    remedy=f"use the certificate of: {', '.join(roles)}",
                )
            return handler, unquote(match[1]) if match.groups() else ""
        raise NotFoundError(f"there is no {method} {_shape(path)}", remedy="see the API's page")

    async def _new(self, call: Call) -> Answer:
        body = _parse(call.body, api.OrderBody)
        try:
            order = body.order()
        except CustodesError as error:  # what is no order at all is not a conflict
            raise DecodeError(error.what, remedy=error.remedy) from error
        if order is None:
            raise DecodeError("the order names no subject")
        record, new = self._book.register(order, call.peer)
        return Answer(201 if new else 200, self._details(record, call.peer))

    async def _list(self, _call: Call) -> Answer:
        picture = self._provisioner.picture()
        lines = (views.order_line(r, self._book.state(r), picture) for r in self._book.all())
        return Answer(200, api.OrderList(orders=tuple(lines)))

    async def _show(self, call: Call) -> Answer:
        return Answer(200, self._details(self._book.get(call.name), call.peer))

    async def _approve(self, call: Call) -> Answer:
        digest = _parse(call.body, api.ApprovalRequest).intentDigest
        record = self._book.approve(call.name, call.peer, digest)
        self._provisioner.changed()
        return Answer(200, self._details(record, call.peer))

    async def _end(self, call: Call) -> Answer:
        record = self._book.end(call.name, call.peer)
        self._provisioner.changed()
        return Answer(200, self._details(record, call.peer))

    async def _tasks(self, _call: Call) -> Answer:
        return Answer(200, api.TaskList(tasks=views.task_lines(self._provisioner.picture())))

    async def _element_list(self, _call: Call) -> Answer:
        picture = self._provisioner.picture()
        states = {s.neIdentifier: s for s in self._elements.states()}
        return Answer(
            200,
            api.ElementList(
                elements=tuple(
                    views.element_line(
                        element,
                        picture,
                        states.get(element.neIdentifier),
                        self._elements.reports(ne_identifier=element.neIdentifier, limit=10),
                        self._provisioner.alarms,
                    )
                    for element in self._registry.elements
                )
            ),
        )

    async def _ping(self, call: Call) -> Answer:
        if call.name not in {e.neIdentifier for e in self._registry.elements}:
            raise NotFoundError("that element is not enrolled")
        try:
            await self._x1.ping(call.name)
        except CustodesError as error:
            self._provisioner.refresh(call.name)
            return Answer(
                200, api.PingAnswer(neIdentifier=call.name, answered=False, detail=error.what)
            )
        return Answer(200, api.PingAnswer(neIdentifier=call.name, answered=True, detail=""))

    async def _officers(self, _call: Call) -> Answer:
        officers = (p for p in self._registry.parties if p.role is Role.OFFICER)
        return Answer(
            200,
            api.OfficerList(
                officers=tuple(
                    api.OfficerLine(name=p.name, person=p.person, fingerprint=p.fingerprint)
                    for p in officers
                )
            ),
        )

    async def _status(self, _call: Call) -> Answer:
        picture = self._provisioner.picture()
        counters = self._provisioner.counters
        return Answer(
            200,
            api.StatusBody(
                x1_requests=counters.x1_requests,
                x1_confirmed=counters.x1_confirmed,
                x1_reads=counters.x1_reads,
                converged=picture.plan.converged,
                orders={
                    r.intent.order.reference: views.order_status(r, self._book.state(r), picture)
                    for r in self._book.all()
                },
                waiting=tuple(map(views.waiting, picture.plan.waiting)),
                alarms=tuple(map(views.alarm, self._provisioner.alarms)),
            ),
        )

    def _details(self, record: OrderRecord, peer: Party) -> api.OrderDetails:
        intent = record.intent
        return views.order_details(
            record,
            self._book.state(record),
            self._provisioner.picture(),
            self._orders.events(intent.order.reference),
            self._elements.reports(xid=str(intent.xid)),
            with_subject=peer.role is Role.OFFICER,
        )


def _shape(path: str) -> str:
    return "/" + path.strip("/").split("/", 1)[0]  # what a caller typed may hold an identity


def _parse(body: bytes, model: type[_Model]) -> _Model:
    try:
        return model.model_validate_json(body, strict=True)
    except ValidationError as error:
        # Where and what kind, never the value: it may be an identity.
        faults = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'body'}: {e['msg']}"
            for e in error.errors(include_input=False, include_url=False, include_context=False)
        )
        raise DecodeError(f"the body is not as documented: {faults}") from None


def _status(error: CustodesError) -> int:
    table: tuple[tuple[type[CustodesError], int], ...] = (
        (NotFoundError, 404),
        (NotAllowedError, 403),
        (RefusedError, 409),
        (DecodeError, 400),
        (ConfigurationError, 500),
    )
    return next((status for kind, status in table if isinstance(error, kind)), 500)
