"""The book of orders: registering, approving, ending. It decides; the repository keeps."""

from __future__ import annotations

from custodes.base.clock import Clock, IdSource
from custodes.base.errors import RefusedError
from custodes.base.ids import DID, LIID, XID
from custodes.functions.admf.intents import build_intent
from custodes.functions.admf.ports import Log, OrderRecord, OrderRepository
from custodes.functions.admf.redact import names_subject
from custodes.functions.admf.states import State, state_of
from custodes.model.address import Address
from custodes.model.grant import Approval
from custodes.model.intent import Purpose
from custodes.model.order import Order
from custodes.model.party import Party, Role
from custodes.model.registry import Registry


class NotFoundError(RefusedError):
    """There is no such order (or element)."""


class NotAllowedError(RefusedError):
    """The caller's role does not do this."""


class OrderBook:
    """Every order this administration knows, under the rules of DESIGN (1, 2, 3)."""

    def __init__(
        self,
        repository: OrderRepository,
        registry: Registry,
        clock: Clock,
        ids: IdSource,
        log: Log,
    ) -> None:
        self._repository = repository
        self._registry = registry
        self._clock = clock
        self._ids = ids
        self._log = log

    def all(self) -> tuple[OrderRecord, ...]:
        return tuple(self._repository.all()[0])

    def get(self, reference: str) -> OrderRecord:
        record = self._repository.get(reference)
        if record is None:
            raise NotFoundError(f"there is no order {reference}")
        return record

    def state(self, record: OrderRecord) -> State:
        return state_of(record, self._clock.now())

    def register(self, order: Order, officer: Party) -> tuple[OrderRecord, bool]:
        """The order as kept, and whether it is new. The same order again changes nothing.

        Raises RefusedError where the reference is taken by another content, where the period is
        over, where a text of the order names a subject, and for whatever ``build_intent`` refuses.
        Nothing is intercepted by registering.
        """
        self._officer(officer)
        if not order.legal_basis.isprintable():
            # XML would change it on the way, and with it the digest that was approved.
            raise RefusedError("the order's legal basis holds more than printable characters")
        existing = self._repository.get(order.reference)
        if existing is not None:
            if existing.intent.order == order:
                return existing, False
            raise RefusedError(
                f"order {order.reference} is registered with another content",
                remedy="a changed order is a new order with a reference of its own",
            )
        self._refuse_identities(order)
        now = self._clock.now()
        if now >= order.end:
            raise RefusedError(f"the period of order {order.reference} is over")
        build_intent(order, XID(self._ids.uuid()), self._liid(), self._throwaway, self._registry)
        xid = self._repository.xid_of_open(order.subject, now) or XID(self._ids.uuid())
        intent = build_intent(order, xid, self._liid(), self._did_for, self._registry)
        self._repository.add(intent, officer.name, now)
        self._log.info("admf.order", reference=order.reference, state=str(State.REGISTERED))
        return self.get(order.reference), True

    def approve(self, reference: str, officer: Party, intent_digest: str) -> OrderRecord:
        """Take one officer's approval of exactly the stored intent.

        Raises RefusedError unless the order is still open, the digest is that of its intent, and
        neither this person nor this key has approved it before.
        """
        self._officer(officer)
        record = self.get(reference)
        now = self._clock.now()
        state = state_of(record, now)
        if state.over:
            raise RefusedError(f"order {reference} is {state}", remedy="a new order is needed")
        if record.intent.digest() != record.intentDigest:
            raise RefusedError(
                f"the stored intent of {reference} is not the one that was registered",
                remedy="somebody else wrote to the database: do not approve, investigate",
            )
        if intent_digest != record.intentDigest:
            raise RefusedError(
                f"this approval is of another intent than that of {reference}",
                remedy="read the order again and approve what it says now",
            )
        for approval in record.approvals:
            if officer.fingerprint == approval.fingerprint:
                raise RefusedError(
                    f"{officer.name} has approved {reference} already",
                    remedy="another officer must approve",
                )
            if officer.person == self._person(approval):
                raise RefusedError(
                    f"the person behind {officer.name} has approved {reference} already",
                    remedy="two different people must approve",
                )
        if state is not State.REGISTERED:
            raise RefusedError(f"order {reference} is {state} already")
        self._repository.approve(
            reference, Approval(officer.name, officer.fingerprint, now, intent_digest)
        )
        record = self.get(reference)
        self._log.info("admf.order", reference=reference, state=str(state_of(record, now)))
        return record

    def end(self, reference: str, officer: Party) -> OrderRecord:
        """Stop an order before its end: one officer, at any time, and for good."""
        self._officer(officer)
        record = self.get(reference)
        now = self._clock.now()
        if not state_of(record, now).over:
            self._repository.end(reference, officer.name, now)
            record = self.get(reference)
        self._log.info("admf.order", reference=reference, state=str(state_of(record, now)))
        return record

    def _refuse_identities(self, order: Order) -> None:
        subjects = {r.intent.order.subject.value for r in self._repository.all()[0]}
        subjects.add(order.subject.value)
        texts = {
            "reference": order.reference,
            "authority": order.authority,
            "agency": order.agency,
            "legal basis": order.legal_basis,
            "agreement": order.header_reporting.agreement,
        }
        for what, text in texts.items():
            if names_subject(text, subjects):
                raise RefusedError(
                    f"the order's {what} holds the identity of a subject",
                    remedy="it is seen by others: write one that tells nothing",
                )

    def _officer(self, party: Party) -> None:
        if party.role is not Role.OFFICER or not party.person:
            raise NotAllowedError(
                f"{party.name} is not an officer", remedy="use an officer's certificate"
            )

    def _person(self, approval: Approval) -> str | None:
        for party in self._registry.parties:
            if party.fingerprint == approval.fingerprint:
                return party.person
        return None

    def _liid(self) -> LIID:
        # Opaque, and within the 25 characters that every release takes.
        return LIID(f"LI-{self._ids.uuid().hex[:16]}")

    def _did_for(self, purpose: Purpose, address: Address) -> DID:
        return self._repository.did_for(purpose, address, DID(self._ids.uuid()))

    def _throwaway(self, purpose: Purpose, address: Address) -> DID:
        return DID(self._ids.uuid())  # whatever is refused allocates nothing
