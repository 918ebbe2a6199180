"""The gate's counters: by element, operation and outcome."""

from __future__ import annotations

from custodes.functions.x1gate.counters import Counters
from custodes.wire.x1.leniency import Tolerated
from custodes.wire.x1.operations import RequestMessageType


def test_messages_and_leniencies_are_kept_apart_by_element() -> None:
    counters = Counters()
    counters.x1("amf", RequestMessageType.PING, "completed")
    counters.x1("amf", RequestMessageType.PING, "completed")
    counters.x1("smf", RequestMessageType.PING, "refused")
    counters.leniency("smf", Tolerated.FOREIGN_ERROR_CODE)
    assert counters.messages == {("amf", "Ping", "completed"): 2, ("smf", "Ping", "refused"): 1}
    assert counters.leniencies == {("smf", "foreignErrorCode"): 1}
    assert all(type(word) is str for key in counters.messages for word in key)
