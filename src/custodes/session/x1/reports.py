"""The administration's side of an element's reports (TS 103 221-1 clause 6.5)."""

from __future__ import annotations

from collections import deque
from datetime import datetime

from custodes.session.x1.events import DestinationIssue, NEIssue, ReportEvent, TaskIssue
from custodes.session.x1.responder import Responder, Side
from custodes.wire.x1.body import OK, OKAckAndComplete, ResponseBody
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.document import Limits
from custodes.wire.x1.header import CURRENT_VERSION
from custodes.wire.x1.leniency import STRICT, Leniency, Use
from custodes.wire.x1.liveness_messages import (
    KeepaliveRequest,
    KeepaliveResponse,
    PingRequest,
    PingResponse,
)
from custodes.wire.x1.message import LIMITS, RequestMessage
from custodes.wire.x1.report_messages import (
    ReportDestinationIssueRequest,
    ReportDestinationIssueResponse,
    ReportNEIssueRequest,
    ReportNEIssueResponse,
    ReportTaskIssueRequest,
    ReportTaskIssueResponse,
)

_DONE = OK.ACKNOWLEDGED_AND_COMPLETED


class ReportReceiver:
    """Answers reports and hands them on as events; everything else is answered 1080.

    ``leniency`` and ``version`` are those of the element that reports.
    """

    def __init__(
        self,
        admfIdentifier: str,
        limits: Limits = LIMITS,
        *,
        leniency: Leniency = STRICT,
        version: str = CURRENT_VERSION,
    ) -> None:
        self._responder = Responder(admfIdentifier, Side.ADMF, limits, leniency, version)
        # Leniencies that the last request needed, for the function to log.
        self.uses: tuple[Use, ...] = ()
        self._events: deque[ReportEvent] = deque()

    def handle(self, octets: bytes, peer_name: str, now: datetime) -> bytes:
        """``peer_name``: the name of the TLS peer's party, which must be the neIdentifier."""
        exchange = self._responder.receive(octets, peer_name, now)
        self.uses = exchange.uses
        for request in exchange.requests:
            transaction = request.header.x1TransactionId
            answer = self._take(request)
            if answer is None:
                exchange.refuse(
                    transaction,
                    ErrorCode.NOT_IMPLEMENTED,
                    f"{request.body.operation} is not for an administration",
                )
            else:
                exchange.answer(transaction, answer)
        return exchange.octets(now)

    def next_event(self) -> ReportEvent | None:
        return self._events.popleft() if self._events else None

    def _take(self, request: RequestMessage) -> ResponseBody | None:
        body, element = request.body, request.header.neIdentifier
        if isinstance(body, ReportTaskIssueRequest):
            self._events.append(TaskIssue(element, body))
            return ReportTaskIssueResponse(oK=_DONE)
        if isinstance(body, ReportDestinationIssueRequest):
            self._events.append(DestinationIssue(element, body))
            return ReportDestinationIssueResponse(oK=_DONE)
        if isinstance(body, ReportNEIssueRequest):
            self._events.append(NEIssue(element, body))
            return ReportNEIssueResponse(oK=OKAckAndComplete.ACKNOWLEDGED_AND_COMPLETED)
        if isinstance(body, PingRequest):
            return PingResponse(oK=_DONE)
        if isinstance(body, KeepaliveRequest):
            return KeepaliveResponse(oK=_DONE)
        return None
