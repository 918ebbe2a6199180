"""What may be asked again when an answer was lost after its request may have taken effect.

A repeat is a new request with a transaction id of its own. What a refusal of it says then depends
on the operation: that the first one took effect, or only that something is there, which a reading
must tell. Nobody may take a refusal for success of a first request that was never sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from custodes.session.x1.requester import Refused, Result
from custodes.wire.x1.codes import ErrorCode
from custodes.wire.x1.operations import RequestMessageType


class Outcome(Enum):
    """Of a request that was repeated because its first answer was lost."""

    AS_ASKED = "the element is as the request wants it"
    READ = "the identifier is taken: only a reading tells whether as the request wants it"
    REFUSED = "the element refuses it, now as then"


_HELD: Mapping[RequestMessageType, tuple[int, Outcome]] = {
    RequestMessageType.ACTIVATE_TASK: (ErrorCode.XID_EXISTS, Outcome.READ),
    RequestMessageType.DEACTIVATE_TASK: (ErrorCode.XID_UNKNOWN, Outcome.AS_ASKED),
    RequestMessageType.CREATE_DESTINATION: (ErrorCode.DID_EXISTS, Outcome.READ),
    RequestMessageType.REMOVE_DESTINATION: (ErrorCode.DID_UNKNOWN, Outcome.AS_ASKED),
}
"""The one refusal of each operation that a repeat itself can cause. A Modify brings the whole new
state and an interrogation changes nothing: repeating them causes none."""


def outcome(operation: RequestMessageType, result: Result) -> Outcome:
    """What ``result`` of the repeat says. Completed or Acknowledged: the repeat itself did it."""
    if not isinstance(result, Refused):
        return Outcome.AS_ASKED
    code, meaning = _HELD.get(operation, (None, Outcome.REFUSED))
    return meaning if result.code == code else Outcome.REFUSED
