"""Ping and Keepalive (TS 103 221-1 clauses 6.6.1 and 6.6.2)."""

from __future__ import annotations

from typing import ClassVar

from custodes.wire.x1.body import OKBody, RequestBody
from custodes.wire.x1.fields import sequence
from custodes.wire.x1.operations import RequestMessageType


@sequence
class PingRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.PING


@sequence
class PingResponse(OKBody):
    pass


@sequence
class KeepaliveRequest(RequestBody):
    operation: ClassVar[RequestMessageType] = RequestMessageType.KEEPALIVE


@sequence
class KeepaliveResponse(OKBody):
    pass
