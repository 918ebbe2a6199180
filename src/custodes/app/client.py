"""A person's client of the administration: sync, usable as a library.

A client's folder holds ``cert.pem``, ``key.pem`` and ``ca.pem`` of the person's own certificate,
``registry.toml`` (whom to trust as the administration) and ``client.toml`` (where it listens:
``admf = "127.0.0.1:8443"``).
"""

from __future__ import annotations

import asyncio
import tomllib
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from pydantic import BaseModel, ValidationError

from custodes.app.config import load_registry
from custodes.base.errors import ConfigurationError, DecodeError, RefusedError
from custodes.functions.admf import api
from custodes.model.address import Address
from custodes.model.intent import Intent
from custodes.model.party import Party, Role
from custodes.net.http import HTTPSClient
from custodes.net.tls import Material

# Longer than the admf waits for the gate, and that than the gate for an element: whoever is at
# fault is named by who waited for it.
_SECONDS = 20.0
_Model = TypeVar("_Model", bound=BaseModel)


class AdmfRefusedError(RefusedError):
    """The administration answered and said no; ``status`` is the HTTP status."""

    def __init__(self, what: str, *, remedy: str = "", status: int) -> None:
        super().__init__(what, remedy=remedy)
        self.status = status


class Client:
    """One person's access to one administration. Every method raises CustodesError."""

    def __init__(self, folder: Path, admf: Address | None = None) -> None:
        self._material = Material(folder / "cert.pem", folder / "key.pem", folder / "ca.pem")
        self._admf = _administration(folder)
        self._address = admf or _address(folder)

    def new_order(self, order: api.OrderBody) -> api.OrderDetails:
        """Register an order; registering the same order again changes nothing."""
        return self._call("POST", "/orders", api.OrderDetails, order)

    def order(self, reference: str) -> api.OrderDetails:
        return self._call("GET", f"/orders/{_quoted(reference)}", api.OrderDetails)

    def orders(self) -> api.OrderList:
        return self._call("GET", "/orders", api.OrderList)

    def approve(self, reference: str, intent: Intent | None = None) -> api.OrderDetails:
        """Approve exactly what ``intent`` says, or where None, what the order says now.

        The digest is taken here, over the intent rebuilt from the answer, never copied from it.
        """
        if intent is None:
            intent = rebuilt_intent(self.order(reference))
        request = api.ApprovalRequest(intentDigest=intent.digest())
        path = f"/orders/{_quoted(reference)}/approvals"
        return self._call("POST", path, api.OrderDetails, request)

    def end(self, reference: str) -> api.OrderDetails:
        """Stop an order for good."""
        return self._call("POST", f"/orders/{_quoted(reference)}/end", api.OrderDetails)

    def tasks(self) -> api.TaskList:
        return self._call("GET", "/tasks", api.TaskList)

    def elements(self) -> api.ElementList:
        return self._call("GET", "/elements", api.ElementList)

    def ping(self, ne_identifier: str) -> api.PingAnswer:
        return self._call("POST", f"/elements/{_quoted(ne_identifier)}/ping", api.PingAnswer)

    def officers(self) -> api.OfficerList:
        return self._call("GET", "/officers", api.OfficerList)

    def status(self) -> api.StatusBody:
        return self._call("GET", "/status", api.StatusBody)

    def _call(
        self, method: str, path: str, model: type[_Model], body: BaseModel | None = None
    ) -> _Model:
        return asyncio.run(self._ask(method, path, model, body))

    async def _ask(
        self, method: str, path: str, model: type[_Model], body: BaseModel | None
    ) -> _Model:
        octets = body.model_dump_json().encode() if body is not None else b""
        client = HTTPSClient(self._material, timeout=_SECONDS)
        try:
            response = await client.request(
                method,
                f"https://{self._address}{path}",
                octets,
                "application/json",
                expected=self._admf,
            )
        finally:
            await client.close()
        if response.status == 403 and not response.body:
            raise AdmfRefusedError(
                "the administration does not admit this certificate",
                remedy="is it enrolled, and as an officer or administrator?",
                status=403,
            )
        try:
            if response.status >= 400:
                refusal = api.ErrorBody.model_validate_json(response.body)
                raise AdmfRefusedError(refusal.error, remedy=refusal.remedy, status=response.status)
            return model.model_validate_json(response.body)
        except ValidationError:
            raise DecodeError(
                f"the administration's answer ({response.status}) is not as documented",
                remedy="do client and administration have the same version?",
            ) from None


def rebuilt_intent(details: api.OrderDetails) -> Intent:
    """The intent that an answer describes, rebuilt from its parts.

    Raises RefusedError where its digest is not the one the administration states: then what is
    shown is not what would be approved.
    """
    order = details.order.order()
    if order is None:
        raise RefusedError(
            "the order's subject is not shown to this certificate",
            remedy="use an officer's certificate",
        )
    intent = details.intent.intent(order)
    if intent.digest() != details.intentDigest:
        raise RefusedError(
            f"the intent of {order.reference} is not the one the administration would record",
            remedy="do not approve; report it",
        )
    return intent


def parse_address(text: str) -> Address:
    host, _, port = text.rpartition(":")
    try:
        return Address(host.strip("[]"), int(port))
    except ValueError:
        raise ConfigurationError(f"{text!r} is not HOST:PORT") from None


def _address(folder: Path) -> Address:
    path = folder / "client.toml"
    try:
        content = tomllib.loads(path.read_text())
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(
            f"{path} cannot be read: {error}", remedy="say --admf HOST:PORT"
        ) from error
    return parse_address(str(content.get("admf", "")))


def _administration(folder: Path) -> Party:
    for party in load_registry(folder).parties:
        if party.role is Role.ADMF:
            return party
    raise ConfigurationError(f"{folder / 'registry.toml'} enrols no administration")


def _quoted(text: str) -> str:
    return quote(text, safe="")
