"""The provisioner's view of X1: one element at a time, in its own words."""

from __future__ import annotations

from typing import Protocol

from custodes.functions.admf.actions import Action
from custodes.functions.admf.specs import HeldElement


class X1Port(Protocol):
    """X1 towards every element, through the gate.

    RefusedError: the gate or the element answered, and said no. Any other CustodesError: it could
    not be asked, or its answer could not be understood, and what it holds is now unknown.
    """

    async def read(self, ne_identifier: str) -> HeldElement:
        """Everything the element says it holds (GetAllDetails)."""
        ...

    async def send(self, ne_identifier: str, action: Action) -> None:
        """Ask for one change. Returning means acknowledged; only a reading tells completed."""
        ...

    async def ping(self, ne_identifier: str) -> None:
        """Ask whether the element answers (Ping)."""
        ...
