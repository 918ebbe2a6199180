"""What the gate asks of the world."""

from __future__ import annotations

from typing import Protocol

from custodes.model.registry import Element


class Elements(Protocol):
    """X1 towards elements, under the gate's own key, which nobody else holds."""

    async def post(self, element: Element, octets: bytes) -> bytes:
        """The element's answer to one X1 request; CustodesError where there is none."""
        ...


class Administration(Protocol):
    """X1 towards the admf, for reports of elements."""

    async def post(self, octets: bytes) -> bytes: ...


class Journal(Protocol):
    """What the gate did, for the operations log: names, identifiers and outcomes, no identity."""

    def x1(self, ne: str, operation: str, outcome: str, why: str = "") -> None: ...

    def leniency(self, peer: str, kind: str, path: str) -> None:
        """One use: what was tolerated, and at which element of the message; never its value."""
        ...
