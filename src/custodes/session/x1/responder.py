"""The answering side of X1, whichever operations it answers.

Identity and version are checked per message (TS 103 221-1 clauses 6.1 and 8.2.4): who answers is
named by its own identifier, who asks by the identifier that its certificate is bound to. Messages
that fail are answered at once; the others wait in the Exchange for the function's answers, which
may come later (a gate asks the element first).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from uuid import UUID

from custodes.base.errors import CustodesError
from custodes.session.x1 import versions
from custodes.session.x1.refusal import X1Refused
from custodes.wire.x1.body import ResponseBody
from custodes.wire.x1.catalogue import RESPONSE_OF, UnimplementedRequest
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.document import Limits
from custodes.wire.x1.error_messages import (
    ErrorResponse,
    ExtensionInformation,
    ExtensionSpecification,
)
from custodes.wire.x1.errors import X1DecodeError
from custodes.wire.x1.fault import ErrorInformation
from custodes.wire.x1.header import CURRENT_VERSION, Header, TopLevelHeader
from custodes.wire.x1.leniency import STRICT, Leniency, Use
from custodes.wire.x1.message import (
    LIMITS,
    BadRequest,
    RequestMessage,
    ResponseMessage,
    TopLevelErrorResponse,
    encode_response,
    encode_top_level_error,
    read_request,
)
from custodes.wire.x1.operations import RequestMessageType


class Side(Enum):
    """Which of the two identifiers of a message is the responder's own."""

    NE = "NE"
    ADMF = "ADMF"


@dataclass(slots=True)
class _Slot:
    """One message's place in the answer."""

    admfIdentifier: str
    neIdentifier: str
    version: str
    x1TransactionId: UUID
    operation: RequestMessageType
    request: RequestMessage | None
    body: ResponseBody | None = None


@dataclass(slots=True)
class Exchange:
    """One HTTP request being answered. ``requests`` wait for ``answer`` or ``refuse``.

    ``uses``: the leniencies that reading it needed, for the caller to log. ``version``: what a
    message of another version than ours is answered with."""

    _top: TopLevelErrorResponse | None = None
    _slots: list[_Slot] = field(default_factory=list)
    error: CustodesError | None = None
    uses: tuple[Use, ...] = ()
    version: str = CURRENT_VERSION

    @property
    def requests(self) -> tuple[RequestMessage, ...]:
        return tuple(s.request for s in self._slots if s.request is not None and s.body is None)

    @property
    def complete(self) -> bool:
        """Whether there are messages and every one of them still waits: none was refused."""
        return bool(self._slots) and len(self.requests) == len(self._slots)

    def answer(self, x1TransactionId: UUID, body: ResponseBody) -> None:
        """Of the request's own response type, or an ErrorResponse; else CustodesError: the
        mistake is ours."""
        slot = self._waiting(x1TransactionId)
        request = slot.request.body if slot.request else None
        expected = None if request is None else RESPONSE_OF.get(type(request))  # type: ignore[arg-type]
        if not isinstance(body, ErrorResponse) and type(body) is not expected:
            raise CustodesError(f"{type(body).__name__} does not answer {slot.operation}")
        slot.body = body

    def refuse(self, x1TransactionId: UUID, code: int, text: str) -> None:
        slot = self._waiting(x1TransactionId)
        slot.body = error_response(slot.operation, code, text)

    def octets(self, now: datetime) -> bytes:
        """The response. What nobody answered is refused: silence is no consent."""
        if self._top is not None:
            return encode_top_level_error(self._top)
        return encode_response([_response(slot, now, self.version) for slot in self._slots])

    def _waiting(self, x1TransactionId: UUID) -> _Slot:
        for slot in self._slots:
            if slot.x1TransactionId == x1TransactionId and slot.request and slot.body is None:
                return slot
        raise CustodesError("no message of this exchange waits for that answer")


@dataclass(frozen=True, slots=True)
class Responder:
    """``identifier`` is the responder's own neIdentifier or admfIdentifier.

    ``version`` is what the peer is answered with where its own version cannot be used.
    """

    identifier: str
    side: Side = Side.NE
    limits: Limits = LIMITS
    leniency: Leniency = STRICT
    version: str = CURRENT_VERSION

    def receive(self, octets: bytes, peer_name: str, now: datetime) -> Exchange:
        """``peer_name``: the identifier bound to the peer's certificate."""
        uses: list[Use] = []
        try:
            messages = read_request(octets, self.limits, leniency=self.leniency, uses=uses)
        except X1DecodeError as error:
            return Exchange(_top=self._top_level(peer_name, now), error=error, uses=tuple(uses))
        exchange = Exchange(uses=tuple(uses), version=self.version)
        seen: set[UUID] = set()
        for message in messages:
            slot = _slot(message)
            try:
                self._check(message, slot, peer_name, seen)
            except X1Refused as refusal:
                slot.request = None
                slot.body = error_response(slot.operation, refusal.code or 0, refusal.what)
                slot.body = replace(slot.body, extensionInformation=_extended(message))
            seen.add(slot.x1TransactionId)
            exchange._slots.append(slot)
        return exchange

    def _check(
        self, message: RequestMessage | BadRequest, slot: _Slot, peer_name: str, seen: set[UUID]
    ) -> None:
        """Steps: (1) syntax; (2) version; (3) our own identifier; (4) the peer's; (5) a
        transaction of its own; (6) an operation that is implemented."""
        if isinstance(message, BadRequest):  # 1
            raise X1Refused(message.error.code or ErrorCode.SYNTAX, message.error.what)
        if not versions.supported(slot.version):  # 2
            raise X1Refused(ErrorCode.VERSION, versions.SUPPORTED)
        if self.side is Side.NE:
            ours, theirs = slot.neIdentifier, slot.admfIdentifier
            unexpected = ErrorCode.UNEXPECTED_NE_IDENTIFIER
            unbound = ErrorCode.ADMF_IDENTIFIER_NOT_OF_CERTIFICATE
        else:
            ours, theirs = slot.admfIdentifier, slot.neIdentifier
            unexpected = ErrorCode.UNEXPECTED_ADMF_IDENTIFIER
            unbound = ErrorCode.NE_IDENTIFIER_NOT_OF_CERTIFICATE
        if ours != self.identifier:  # 3
            raise X1Refused(unexpected, "the message is for another identifier than this one")
        if theirs != peer_name:  # 4
            raise X1Refused(unbound, "the sender's identifier is not that of its certificate")
        if slot.x1TransactionId in seen:  # 5
            raise X1Refused(ErrorCode.SYNTAX, "two messages have one transaction identifier")
        if isinstance(message.body, UnimplementedRequest):  # 6
            raise X1Refused(ErrorCode.NOT_IMPLEMENTED, f"{slot.operation} is not implemented")

    def _top_level(self, peer_name: str, now: datetime) -> TopLevelErrorResponse:
        ne = self.side is Side.NE
        return TopLevelErrorResponse(
            header=TopLevelHeader(
                admfIdentifier=peer_name if ne else self.identifier,
                neIdentifier=self.identifier if ne else peer_name,
                messageTimestamp=now,
                version=self.version,
            )
        )


def error_response(operation: RequestMessageType, code: int, text: str) -> ErrorResponse:
    return ErrorResponse(
        requestMessageType=operation,
        errorInformation=ErrorInformation(errorCode=int(code), errorDescription=text),
    )


def _extended(message: RequestMessage | BadRequest) -> ExtensionInformation | None:
    """Which request of 3GPP's extensions an error is about."""
    body = message.body if isinstance(message, RequestMessage) else None
    if not isinstance(body, UnimplementedRequest) or body.extendedRequestMessageType is None:
        return None
    return ExtensionInformation(
        extensionSpecification=ExtensionSpecification.TS133128,
        extendedRequestMessageType=body.extendedRequestMessageType.removesuffix("Request"),
    )


def _slot(message: RequestMessage | BadRequest) -> _Slot:
    if isinstance(message, BadRequest):
        return _Slot(
            message.admfIdentifier,
            message.neIdentifier,
            message.version,
            message.x1TransactionId,
            message.operation,
            None,
        )
    header = message.header
    return _Slot(
        header.admfIdentifier,
        header.neIdentifier,
        header.version,
        header.x1TransactionId,
        message.body.operation,
        message,
    )


def _response(slot: _Slot, now: datetime, own_version: str) -> ResponseMessage:
    body = slot.body or error_response(slot.operation, ErrorCode.GENERIC, "not answered")
    return ResponseMessage(
        header=Header(
            admfIdentifier=slot.admfIdentifier,
            neIdentifier=slot.neIdentifier,
            messageTimestamp=now,
            version=slot.version if versions.supported(slot.version) else own_version,
            x1TransactionId=slot.x1TransactionId,
        ),
        body=body,
    )
