"""The asking side of X1: builds requests, binds each answer to its request.

It serves the administration towards an element and, the other way, an element that reports: a
message carries both identifiers whichever way it goes. The transitions are the table of
``exchange``; what a repeat after a lost answer may say is in ``repeats``.

The schema allows any v1.x.y in an answer. One in another version than asked is taken and recorded
where we speak that version; an error in any, for a peer says in its own that it has not ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from custodes.base.clock import IdSource
from custodes.base.errors import ProtocolError
from custodes.session.x1 import versions
from custodes.wire.x1.body import OK, OKAckAndCompleteBody, OKBody, RequestBody, ResponseBody
from custodes.wire.x1.catalogue import RESPONSE_OF
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.document import Limits
from custodes.wire.x1.error_messages import ErrorResponse
from custodes.wire.x1.header import CURRENT_VERSION, Header
from custodes.wire.x1.leniency import STRICT, Leniency, Tolerated, Use
from custodes.wire.x1.message import (
    LIMITS,
    RequestMessage,
    ResponseMessage,
    TopLevelErrorResponse,
    decode_response,
    encode_request,
)


@dataclass(frozen=True, slots=True)
class Completed:
    """AcknowledgedAndCompleted."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Not completed yet: ask until provisioningStatus is complete."""


@dataclass(frozen=True, slots=True)
class Refused:
    """``code`` as the peer gave it, also where it is none of the standard's."""

    code: int
    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What an interrogation gave."""

    body: ResponseBody


Result = Completed | Acknowledged | Refused | Answered


class Requester:
    """One relation of an administration and an element. One request at a time; a new one gives
    up the answer to the one before."""

    def __init__(
        self,
        *,
        admfIdentifier: str,
        neIdentifier: str,
        ids: IdSource,
        version: str = CURRENT_VERSION,
        limits: Limits = LIMITS,
        leniency: Leniency = STRICT,
    ) -> None:
        self._admf = admfIdentifier
        self._ne = neIdentifier
        self._ids = ids
        self._version = version
        self._limits = limits
        self._leniency = leniency
        # Leniencies that the last response needed, for the caller to log.
        self.uses: tuple[Use, ...] = ()
        self._pending: dict[UUID, RequestBody] = {}

    def request(self, bodies: Sequence[RequestBody], now: datetime) -> bytes:
        """One HTTP request body with a message per body; X1EncodeError for what the schema
        refuses."""
        pending = {self._ids.uuid(): body for body in bodies}
        octets = encode_request(
            [
                RequestMessage(
                    header=Header(
                        admfIdentifier=self._admf,
                        neIdentifier=self._ne,
                        messageTimestamp=now,
                        version=self._version,
                        x1TransactionId=transaction,
                    ),
                    body=body,
                )
                for transaction, body in pending.items()
            ]
        )
        self._pending = pending
        return octets

    def response(self, octets: bytes) -> list[Result]:
        """One result per body of the request, in its order.

        X1DecodeError where the answer is not X1, ProtocolError where it does not answer what was
        asked: another transaction, type or identifier, one too many or too few, a version that we
        do not speak.
        """
        pending, self._pending = self._pending, {}
        uses: list[Use] = []
        self.uses = ()
        if not pending:
            raise ProtocolError("an answer of X1 came that nobody asked for")
        expected = {t: RESPONSE_OF[type(body)] for t, body in pending.items()}
        try:
            decoded = decode_response(
                octets, self._limits, leniency=self._leniency, uses=uses, expected=expected
            )
            if isinstance(decoded, TopLevelErrorResponse):
                self._check_version(decoded.header.version, "", uses)
                refused = Refused(ErrorCode.GENERIC, "the peer answered with a top-level error")
                return [refused for _ in pending]
            for place, message in enumerate(decoded, 1):
                self._check_version(
                    message.header.version, f"x1ResponseMessage[{place}]/", uses, message
                )
        finally:
            self.uses = tuple(uses)
        return self._bound(pending, decoded)

    def _check_version(
        self, version: str, path: str, uses: list[Use], message: ResponseMessage | None = None
    ) -> None:
        if version == self._version:
            return
        uses.append(Use(Tolerated.OTHER_VERSION, f"{path}version"))
        error = message is None or isinstance(message.body, ErrorResponse)
        if not error and not versions.supported(version):
            raise ProtocolError("an answer of X1 is in a version that we do not speak")

    def _bound(
        self, pending: dict[UUID, RequestBody], messages: Iterable[ResponseMessage]
    ) -> list[Result]:
        """Each answer to its request, whatever order they came in."""
        answers: dict[UUID, ResponseMessage] = {}
        for message in messages:
            transaction = message.header.x1TransactionId
            if transaction not in pending or transaction in answers:
                raise ProtocolError("an answer of X1 is not bound to a request of ours")
            answers[transaction] = message
        if len(answers) != len(pending):
            raise ProtocolError("the peer left a request of X1 without an answer")
        return [self._result(body, answers[t]) for t, body in pending.items()]

    def _result(self, request: RequestBody, message: ResponseMessage) -> Result:
        header, body = message.header, message.body
        if (header.admfIdentifier, header.neIdentifier) != (self._admf, self._ne):
            raise ProtocolError("an answer of X1 names other identifiers than its request")
        if isinstance(body, ErrorResponse):
            if body.requestMessageType is not request.operation:
                raise ProtocolError("an error of X1 is about another operation than its request")
            information = body.errorInformation
            return Refused(information.errorCode, information.errorDescription)
        if type(body) is not RESPONSE_OF[type(request)]:
            raise ProtocolError("an answer of X1 is of another type than its request")
        if isinstance(body, OKAckAndCompleteBody):
            return Completed()
        if isinstance(body, OKBody):
            return Completed() if body.oK is OK.ACKNOWLEDGED_AND_COMPLETED else Acknowledged()
        return Answered(body)
