"""The deliveries of one side, by DID: opened by X1, resumed after a restart, ended when empty.

A destination that X1 removed goes on until its receiver has everything: the product was taken in
while its order ran. After a restart such a destination is known from the outbox, and is held
against enrolment again before anything is sent.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from custodes.base.ids import DID
from custodes.functions.mdf.delivery import Delivery, Means, Target
from custodes.model.address import Address
from custodes.model.outbox import Backlog, HeldTarget, Stored
from custodes.model.party import Party
from custodes.model.registry import ElementKind, Registry


class Destinations:
    """Safe from any thread."""

    def __init__(self, kind: ElementKind, registry: Registry, means: Means) -> None:
        self._kind = kind
        self._registry = registry
        self._means = means
        self._lock = threading.Lock()
        self._deliveries: dict[DID, Delivery] = {}
        self._wanted: set[DID] = set()

    def resume(self) -> None:
        """Deliver what a former run has left, where the receiver is still enrolled as it was."""
        for did in self._means.outbox.backlog():
            self._resume(did)

    def open(self, target: Target) -> None:
        """CreateDestination or ModifyDestination: from now on ``target`` is where the DID leads."""
        with self._lock:
            self._wanted.add(target.did)
            held = self._deliveries.get(target.did)
        if held is not None and held.target == target:
            return
        if held is not None:
            held.stop()
        address, party = target.address, target.party
        self._means.outbox.hold_target(
            HeldTarget(target.did, address, party.name, party.fingerprint)
        )
        self._start(target)

    def leave(self, did: DID) -> None:
        """RemoveDestination: it ends once its receiver has everything (``tidy``)."""
        with self._lock:
            self._wanted.discard(did)

    def tidy(self) -> None:
        """End what X1 has removed and nothing waits for."""
        with self._lock:
            idle = [d for did, d in self._deliveries.items() if did not in self._wanted and d.done]
            for delivery in idle:
                del self._deliveries[delivery.target.did]
        for delivery in idle:
            delivery.stop()
            self._means.outbox.drop_target(delivery.target.did)

    def written(self, entries: Sequence[Stored]) -> None:
        """Tell each destination what the disk now has for it."""
        by_did: dict[DID, list[Stored]] = {}
        for entry in entries:
            if entry.outgoing is not None:
                by_did.setdefault(entry.outgoing.did, []).append(entry)
        with self._lock:
            found = [(did, self._deliveries.get(did), own) for did, own in by_did.items()]
        for did, delivery, own in found:
            if delivery is None:
                self._resume(did)
            else:
                delivery.written(own)

    def addresses(self) -> Mapping[DID, Address]:
        with self._lock:
            return {did: delivery.target.address for did, delivery in self._deliveries.items()}

    def connected(self, did: DID) -> bool | None:
        """Whether its receiver is connected; None where the DID is not held."""
        with self._lock:
            delivery = self._deliveries.get(did)
        return None if delivery is None else delivery.connected

    def party(self, did: DID) -> str:
        """The name of whom a destination leads to; "" where the DID is not held."""
        with self._lock:
            delivery = self._deliveries.get(did)
        return "" if delivery is None else delivery.target.party.name

    def state(self) -> tuple[tuple[str, bool, Backlog | None], ...]:
        """Of each destination: its receiver's name ("" where it is not held), whether it is
        connected, and what it is owed."""
        owed = dict(self._means.outbox.backlog())
        with self._lock:
            held = list(self._deliveries.items())
        known = [(d.target.party.name, d.connected, owed.pop(did, None)) for did, d in held]
        return (*known, *(("", False, backlog) for backlog in owed.values()))

    def may_owe(self, did: DID, octets: int) -> bool:
        """Whether a destination is within its equal share of ``octets``."""
        with self._lock:
            share = octets // max(1, len(self._deliveries))
        owed = self._means.outbox.backlog().get(did)
        return owed is None or owed.octets < share

    def owed(self) -> int:
        """PDUs that receivers are not known to have."""
        return sum(owed.count for owed in self._means.outbox.backlog().values())

    def close(self, timeout: float) -> int:
        """Wait up to ``timeout`` s for receivers, then end; returns how many PDUs stay."""
        with self._lock:
            deliveries = list(self._deliveries.values())
        deadline = self._means.clock.monotonic() + timeout
        for delivery in deliveries:
            delivery.drain(max(0.0, deadline - self._means.clock.monotonic()))
        for delivery in deliveries:
            delivery.stop()
        return self.owed()

    def _resume(self, did: DID) -> None:
        """Deliver to a destination of an earlier run what the disk has for it."""
        for held in self._means.outbox.targets():
            party = self._enrolled(held) if held.did == did else None
            if party is not None:
                self._start(Target(did, held.address, party))
                return
        self._means.alarm("undelivered", "product waits for a receiver that is not enrolled")

    def _enrolled(self, held: HeldTarget) -> Party | None:
        """The receiver that enrolment has at that address, if it is the one that was meant."""
        for agency in self._registry.agencies:
            address = agency.hi3 if self._kind is ElementKind.MDF3 else agency.hi2
            if address == held.address and agency.lemf.fingerprint == held.fingerprint:
                return agency.lemf
        return None

    def _start(self, target: Target) -> None:
        delivery = Delivery(target, self._means)
        with self._lock:
            self._deliveries[target.did] = delivery
        delivery.start()
