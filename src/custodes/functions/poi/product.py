"""From what the probe saw to X2 and X3 PDUs (TS 33.128 V19.7.0, 5.3.2, 5.3.3 and 6.2.3.6)."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from custodes.base.errors import EncodeError
from custodes.functions.poi.events import Content, Direction, XIRIEvent
from custodes.functions.poi.side import Task
from custodes.functions.poi.targets import identifiers
from custodes.session.x2x3.sequence import Context, SequenceNumbers
from custodes.wire.iri.payload import encode_xiri
from custodes.wire.iri.rules import rule_for
from custodes.wire.x1 import names
from custodes.wire.x1.target import TargetIdentifier
from custodes.wire.x1.writer import body
from custodes.wire.x2x3.attributes import (
    IPID,
    NFID,
    Attribute,
    MatchedTargetIdentifier,
    OtherTargetIdentifier,
    SequenceNumber,
    Timestamp,
)
from custodes.wire.x2x3.pdu import PDU, PayloadDirection, PayloadFormat, PDUType

_DIRECTION = {
    Direction.TO_TARGET: PayloadDirection.TO_TARGET,
    Direction.FROM_TARGET: PayloadDirection.FROM_TARGET,
    Direction.NOT_APPLICABLE: PayloadDirection.NOT_APPLICABLE,
}


class Product:
    """Makes PDUs and numbers them; one for all sides, used from the capture's thread.

    ``interception_point`` is new at every start: numbers begin anew, and must not be taken for
    repeats of those of an earlier start.
    """

    def __init__(self, interception_point: bytes) -> None:
        self._ipid = IPID(interception_point)
        self._numbers = SequenceNumbers()
        self._lock = threading.Lock()

    def xiri(self, event: XIRIEvent, task: Task, ne_identifier: str) -> PDU:
        """One X2 PDU, format 2.

        EncodeError where the record lacks a mandatory field, its direction is not that of its
        event (TS 33.128, 5.3.2), or the moment fits no timestamp.
        """
        if not rule_for(event.event[0]).direction.allows(_DIRECTION[event.direction]):
            raise EncodeError(f"{event.event[0]} is not reported in this direction")
        identities: list[Attribute] = [MatchedTargetIdentifier(target_fragment(task.target))]
        identities += [
            OtherTargetIdentifier(target_fragment(other))
            for other in identifiers(event.subject)
            if other != task.target
        ]
        return self._numbered(
            PDUType.X2,
            PayloadFormat.TS_33_128,
            event,
            task,
            (*self._who(ne_identifier, event.timestamp_ns), *identities),
            encode_xiri(event.event),
        )

    def xcc(self, content: Content, task: Task, ne_identifier: str) -> PDU:
        """One X3 PDU, format 12: the whole GTP-U packet; EncodeError as for ``xiri``."""
        return self._numbered(
            PDUType.X3,
            PayloadFormat.GTP_U,
            content,
            task,
            self._who(ne_identifier, content.timestamp_ns),
            content.gtpu_packet,
        )

    def _who(self, ne_identifier: str, timestamp_ns: int) -> tuple[Attribute, ...]:
        return NFID(ne_identifier.encode()), self._ipid, Timestamp(timestamp_ns)

    def _numbered(
        self,
        kind: PDUType,
        payload_format: PayloadFormat,
        event: XIRIEvent | Content,
        task: Task,
        attributes: Iterable[Attribute],
        payload: bytes,
    ) -> PDU:
        nfid, ipid, *others = attributes
        xid, correlation = task.xid.value, event.correlation_id
        context = Context(kind, xid, None, _value(nfid), _value(ipid), correlation)
        for attribute in others:
            attribute.to_octets()  # what cannot be sent must not take a number: it would be a gap
        with self._lock:
            number = SequenceNumber(self._numbers.next(context))
        return PDU(
            kind,
            payload_format,
            _DIRECTION[event.direction],
            xid,
            correlation,
            (nfid, ipid, number, *others),
            payload,
        )


def target_fragment(target: TargetIdentifier) -> str:
    """The matched target identifier as TS 103 221-1 writes one (attribute 17)."""
    content = body(target, "targetIdentifier")
    prefix = names.PREFIXES[names.X1]
    tag = f"{prefix}:targetIdentifier"
    return f'<{tag} xmlns:{prefix}="{names.X1}">{content}</{tag}>'


def _value(attribute: Attribute) -> bytes:
    if not isinstance(attribute, NFID | IPID):
        raise TypeError("only NFID and IPID name a context")
    return attribute.value
