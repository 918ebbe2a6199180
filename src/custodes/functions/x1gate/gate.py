"""The x1 gate: between the administration and every element, alone with the X1 key.

To the admf it looks like the element, one address per element. One uncovered message refuses the
whole request. Reports from elements end here and go on to the admf as messages of the gate's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from custodes.base.clock import Clock, IdSource
from custodes.base.errors import CustodesError, RefusedError
from custodes.functions.x1gate.decide import decide
from custodes.functions.x1gate.foreign import Report, in_words, is_foreign, report_in_words
from custodes.functions.x1gate.habits import leniency_of, version_of
from custodes.functions.x1gate.ports import Administration, Elements, Journal
from custodes.model.grant import Officers
from custodes.model.party import Party, Role
from custodes.model.registry import Element, Registry
from custodes.session.x1.reports import ReportReceiver
from custodes.session.x1.requester import Acknowledged, Answered, Completed, Refused, Requester
from custodes.session.x1.responder import Exchange, Responder
from custodes.wire.x1.body import OK, RequestBody, ResponseBody
from custodes.wire.x1.catalogue import RESPONSE_OF, UnimplementedRequest
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.leniency import Use

_OTHER = "another message of this request is not covered; none was sent"


class Gate:
    """Pure but for its ports: octets in, octets out."""

    def __init__(
        self,
        name: str,
        registry: Registry,
        elements: Elements,
        administration: Administration,
        journal: Journal,
        clock: Clock,
        ids: IdSource,
    ) -> None:
        self._name = name
        self._registry = registry
        self._admf = next(p for p in registry.parties if p.role is Role.ADMF)
        self._officers = Officers(registry.parties)
        self._elements = elements
        self._administration = administration
        self._journal = journal
        self._clock = clock
        self._ids = ids

    async def relay(self, ne_identifier: str, octets: bytes, peer: Party) -> bytes:
        """The admf's X1 request for one element, answered; CustodesError: the element did not."""
        element = self._registry.element(ne_identifier)
        now = self._clock.now()
        exchange = Responder(ne_identifier).receive(octets, peer.name, now)
        covered = self._decide(exchange, element, now)
        if exchange.complete:
            await self._ask(exchange, element, covered)
        for message in exchange.requests:
            exchange.refuse(message.header.x1TransactionId, ErrorCode.GENERIC, _OTHER)
            self._journal.x1(ne_identifier, message.body.operation, "refused", _OTHER)
        return exchange.octets(self._clock.now())

    async def report(self, octets: bytes, peer: Party) -> bytes:
        """An element's reports, told to the admf in the gate's own words.

        Answered once the admf has them: CustodesError where it has not, and the element, which
        got no answer, reports again.
        """
        element = self._registry.find_element(peer.name)
        receiver = ReportReceiver(
            self._name, leniency=leniency_of(element), version=version_of(element)
        )
        answer = receiver.handle(octets, peer.name, self._clock.now())
        self._tolerated(peer.name, receiver.uses)
        while (event := receiver.next_event()) is not None:
            self._journal.x1(event.neIdentifier, event.report.operation, "received")
            report, uses = report_in_words(event)
            self._tolerated(peer.name, uses)
            await self._forward(event.neIdentifier, report)
        return answer

    def _tolerated(self, peer: str, uses: Iterable[Use]) -> None:
        for use in uses:
            self._journal.leniency(peer, use.kind, use.path)

    def _decide(
        self, exchange: Exchange, element: Element, now: datetime
    ) -> dict[UUID, RequestBody]:
        """The gate's own bodies by transaction; what is not covered is refused in the exchange."""
        covered: dict[UUID, RequestBody] = {}
        for message in exchange.requests:
            transaction, body = message.header.x1TransactionId, message.body
            try:
                if isinstance(body, UnimplementedRequest):
                    raise RefusedError("not implemented", code=ErrorCode.NOT_IMPLEMENTED)
                covered[transaction] = decide(body, element, self._officers, now)
            except RefusedError as refusal:
                exchange.refuse(transaction, refusal.code or ErrorCode.GENERIC, refusal.what)
                self._journal.x1(element.neIdentifier, body.operation, "refused", refusal.what)
        return covered

    async def _ask(
        self, exchange: Exchange, element: Element, bodies: dict[UUID, RequestBody]
    ) -> None:
        requester = Requester(
            admfIdentifier=self._name,
            neIdentifier=element.neIdentifier,
            ids=self._ids,
            version=version_of(element),
            leniency=leniency_of(element),
        )
        octets = requester.request(list(bodies.values()), self._clock.now())
        try:
            results = requester.response(await self._elements.post(element, octets))
        except CustodesError as error:
            for body in bodies.values():
                self._journal.x1(element.neIdentifier, body.operation, "failed", str(error))
            raise
        finally:
            self._tolerated(element.neIdentifier, requester.uses)
        for (transaction, body), result in zip(bodies.items(), results, strict=True):
            outcome = type(result).__name__.lower()
            why = _why(result, element) if isinstance(result, Refused) else ""
            self._journal.x1(element.neIdentifier, body.operation, outcome, why)
            if isinstance(result, Refused):
                told = in_words(result)
                exchange.refuse(transaction, told.code, told.text)
            else:
                exchange.answer(transaction, _answer(body, result))

    async def _forward(self, ne_identifier: str, report: Report) -> None:
        """The admf knows the gate under the element's name, as it does when it asks."""
        requester = Requester(
            admfIdentifier=self._admf.name, neIdentifier=ne_identifier, ids=self._ids
        )
        octets = requester.request([report], self._clock.now())
        try:
            requester.response(await self._administration.post(octets))
        except CustodesError as error:
            self._journal.x1(ne_identifier, report.operation, "not forwarded", str(error))
            raise


def _why(refused: Refused, element: Element) -> str:
    """For the log: a foreign element's own words, or number, may name its subscriber."""
    if element.ours:
        return refused.text
    return "an error of its own" if is_foreign(refused.code) else f"error {refused.code}"


def _answer(request: RequestBody, result: Completed | Acknowledged | Answered) -> ResponseBody:
    if isinstance(result, Answered):
        return result.body
    response = RESPONSE_OF[type(request)]
    done = OK.ACKNOWLEDGED_AND_COMPLETED if isinstance(result, Completed) else OK.ACKNOWLEDGED
    return response(oK=done)  # type: ignore[call-arg]
