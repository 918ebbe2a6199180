"""Whole messages: containers of requests and responses, to octets and back.

TS 103 221-1 clause 6.1: a container holds one or more messages; each answer is bound to its
request by x1TransactionId. The codec never looks at a clock and knows no peer.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence as SequenceOf
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lxml import etree

from custodes.wire.x1 import names
from custodes.wire.x1.body import RequestBody, ResponseBody
from custodes.wire.x1.catalogue import REQUESTS, RESPONSES, UnimplementedRequest
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.document import Limits, parse
from custodes.wire.x1.error_messages import ErrorResponse
from custodes.wire.x1.errors import X1DecodeError, X1EncodeError
from custodes.wire.x1.fields import items
from custodes.wire.x1.foreign import type_of
from custodes.wire.x1.foreign_catalogue import FOREIGN
from custodes.wire.x1.header import Header, TopLevelHeader
from custodes.wire.x1.leniency import STRICT, Leniency, Tolerated, Use
from custodes.wire.x1.operations import RequestMessageType
from custodes.wire.x1.reader import Context, check_attributes, children, nothing_left, read, take
from custodes.wire.x1.simple import Refusal
from custodes.wire.x1.writer import body, declarations, element

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
LIMITS = Limits()
_HEADER = dict(items(Header))
_3GPP = "{urn:3GPP:ns:li:"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestMessage:
    header: Header
    body: RequestBody | UnimplementedRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRequest:
    """A request that is refused, but whose header and name suffice to say so by an ErrorResponse.

    ``version`` is the peer's only where it is well formed, else "": then the error's code is
    1020.
    """

    admfIdentifier: str
    neIdentifier: str
    version: str
    x1TransactionId: UUID
    operation: RequestMessageType
    error: X1DecodeError


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseMessage:
    header: Header
    body: ResponseBody


@dataclass(frozen=True, slots=True, kw_only=True)
class TopLevelErrorResponse:
    """The responder could not even tell which messages it was sent."""

    header: TopLevelHeader


def encode_request(messages: SequenceOf[RequestMessage]) -> bytes:
    return _container("X1Request", "x1RequestMessage", messages)


def encode_response(messages: SequenceOf[ResponseMessage]) -> bytes:
    return _container("X1Response", "x1ResponseMessage", messages)


def encode_top_level_error(response: TopLevelErrorResponse) -> bytes:
    tag = "X1TopLevelErrorResponse"
    content = body(response.header, tag)
    return (_XML + element(f"x1:{tag}", content, declarations())).encode()


def decode_request(
    octets: bytes,
    limits: Limits = LIMITS,
    *,
    leniency: Leniency = STRICT,
    uses: list[Use] | None = None,
) -> tuple[RequestMessage, ...]:
    """All messages of a request, or X1DecodeError for the first that is refused.

    ``uses``: filled with every leniency that was needed, for the caller to log.
    """
    messages = []
    for message in read_request(octets, limits, leniency=leniency, uses=uses):
        if isinstance(message, BadRequest):
            raise message.error
        messages.append(message)
    return tuple(messages)


def read_request(
    octets: bytes,
    limits: Limits = LIMITS,
    *,
    leniency: Leniency = STRICT,
    uses: list[Use] | None = None,
) -> tuple[RequestMessage | BadRequest, ...]:
    """As a responder needs it: a refused message that can be answered on its own is a BadRequest.

    X1DecodeError where the container, or a message's header, does not allow that: the answer is
    an X1TopLevelErrorResponse.
    """
    context = _context(leniency, uses)
    root = parse(octets, limits)
    nodes = _messages(root, "X1Request", "x1RequestMessage")
    return tuple(
        _request(node, f"x1RequestMessage[{n}]", context) for n, node in enumerate(nodes, 1)
    )


def decode_response(
    octets: bytes,
    limits: Limits = LIMITS,
    *,
    leniency: Leniency = STRICT,
    uses: list[Use] | None = None,
    expected: Mapping[UUID, type[ResponseBody]] | None = None,
) -> tuple[ResponseMessage, ...] | TopLevelErrorResponse:
    """All messages of a response; X1DecodeError where the schema refuses any of it.

    ``expected``: by transaction, what an answer without xsi:type is read as, where the leniency
    allows one; an error is known by its requestMessageType.
    """
    context = _context(leniency, uses)
    root = parse(octets, limits)
    tag = "X1TopLevelErrorResponse"
    if root.tag == f"{{{names.X1}}}{tag}":
        return TopLevelErrorResponse(header=read(TopLevelHeader, root, tag, context))
    nodes = _messages(root, "X1Response", "x1ResponseMessage")
    return tuple(
        _response(node, f"x1ResponseMessage[{n}]", context, expected or {})
        for n, node in enumerate(nodes, 1)
    )


def _context(leniency: Leniency, uses: list[Use] | None) -> Context:
    return Context(FOREIGN, leniency, [] if uses is None else uses)


def _container(
    root: str, tag: str, messages: SequenceOf[RequestMessage | ResponseMessage]
) -> bytes:
    if not messages:
        raise X1EncodeError(f"an {root} holds at least one message")
    parts = []
    for number, message in enumerate(messages, 1):
        kind = type(message.body)
        if kind.__name__ not in REQUESTS and kind.__name__ not in RESPONSES:
            raise X1EncodeError(f"{kind.__name__} cannot be sent")
        if isinstance(message, RequestMessage) != issubclass(kind, RequestBody):
            raise X1EncodeError(f"{kind.__name__} does not belong in an {root}")
        path = f"{tag}[{number}]"
        content = body(message.header, path) + body(message.body, path)
        parts.append(element(f"x1:{tag}", content, f' xsi:type="x1:{kind.__name__}"'))
    return (_XML + element(f"x1:{root}", "".join(parts), declarations())).encode()


def _messages(root: etree._Element, container: str, tag: str) -> list[etree._Element]:
    if root.tag != f"{{{names.X1}}}{container}":
        raise X1DecodeError(f"the document is not an {container} of TS 103 221-1")
    check_attributes(root, container)
    nodes = children(root, container)
    if not nodes:
        raise X1DecodeError(f"{container} holds no message")
    if any(node.tag != f"{{{names.X1}}}{tag}" for node in nodes):
        raise X1DecodeError(f"{container} holds something that is no {tag}")
    return nodes


def _type_name(node: etree._Element, path: str) -> str:
    """The xsi:type in Clark notation: of X1's namespace, or of 3GPP's extensions."""
    stated = type_of(node)
    if stated is None:
        raise X1DecodeError(f"{path} has no xsi:type")
    if not stated.startswith((f"{{{names.X1}}}", _3GPP)):
        raise X1DecodeError(f"{path} has an xsi:type that is not of TS 103 221-1")
    return stated


def _request(node: etree._Element, path: str, context: Context) -> RequestMessage | BadRequest:
    namespace, _, name = _type_name(node, path).rpartition("}")
    # In a schema that is ours to read whole, 3GPP's too, no further request is defined.
    extended = namespace[1:] not in names.PREFIXES and name.endswith("Request")
    kind = REQUESTS.get(name) if namespace[1:] == names.X1 else None
    operation = kind.operation if kind else RequestMessageType.EXTENDED
    if kind is None and not extended:
        raise X1DecodeError(f"{path} has an xsi:type that is no request")
    try:
        check_attributes(node, path, names.XSI_TYPE)
        nodes = children(node, path)
        header, rest = take(Header, nodes, path, context)
        if kind is None:
            unread = UnimplementedRequest(operation=operation, extendedRequestMessageType=name)
            return RequestMessage(header=header, body=unread)
        value, rest = take(kind, rest, path, context)
        nothing_left(rest, path)
    except X1DecodeError as error:
        return _bad_request(node, operation, error, path)
    return RequestMessage(header=header, body=value)


def _bad_request(
    node: etree._Element, operation: RequestMessageType, error: X1DecodeError, path: str
) -> BadRequest:
    """What the header still tells; raises the error where it does not tell the transaction."""
    found: dict[str, Any] = {}
    for field in ("admfIdentifier", "neIdentifier", "x1TransactionId", "version"):
        tag = f"{{{names.X1}}}{field}"
        same = [child for child in node if child.tag == tag and not len(child)]
        of = _HEADER[field].of
        try:
            found[field] = of.read(same[0].text or "") if len(same) == 1 else None
        except Refusal:
            found[field] = None
            if field == "version":
                error = X1DecodeError(f"{path}/version is not v1.x.y", code=ErrorCode.VERSION)
    found["version"] = found["version"] or ""
    if None in found.values():
        raise error
    return BadRequest(operation=operation, error=error, **found)


def _response(
    node: etree._Element,
    path: str,
    context: Context,
    expected: Mapping[UUID, type[ResponseBody]],
) -> ResponseMessage:
    untyped = context.leniency.untypedResponses and names.XSI_TYPE not in node.attrib
    kind = None
    if not untyped:
        namespace, _, name = _type_name(node, path).rpartition("}")
        kind = RESPONSES.get(name) if namespace == f"{{{names.X1}" else None
        if kind is None:
            raise X1DecodeError(f"{path} has an xsi:type that is no response we read")
    check_attributes(node, path, names.XSI_TYPE)
    header, rest = take(Header, children(node, path), path, context)
    if kind is None:
        error = bool(rest) and rest[0].tag == f"{{{names.X1}}}requestMessageType"
        kind = ErrorResponse if error else expected.get(header.x1TransactionId)
        if kind is None:
            raise X1DecodeError(f"{path} has no xsi:type and answers no request of ours")
        context.uses.append(Use(Tolerated.UNTYPED_RESPONSE, path))
    value, rest = take(kind, rest, path, context)
    nothing_left(rest, path)
    return ResponseMessage(header=header, body=value)
