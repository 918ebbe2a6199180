"""TRIPayload: what keeps a handover connection going (TS 102 232-1 clause 6.3, LI-PS-PDU)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from custodes.base.errors import EncodeError
from custodes.wire.handover import integrity, operator_message, options


@dataclass(frozen=True, slots=True)
class TRI:
    """tRIPayload [2]: (alternative, value).

    integrityCheck: IntegrityCheck; operatorLeaMessage: OperatorLeaMessage; optionRequest:
    OptionRequest; optionResponse: OptionResponse; paddingPDU: octets; all others of the module
    (testPDU, keep-alive, cINReset, …): None. Of a later module: ("_unknown", element).
    """

    payload: tuple[str, Any]


KEEP_ALIVE = TRI(("keep-alive", None))
KEEP_ALIVE_RESPONSE = TRI(("keep-aliveResponse", None))

_TYPED: dict[str, tuple[type, Callable[[Any], dict[str, Any]], Callable[[dict[str, Any]], Any]]] = {
    "integrityCheck": (integrity.IntegrityCheck, integrity.to_value, integrity.from_value),
    "operatorLeaMessage": (
        operator_message.OperatorLeaMessage,
        operator_message.to_value,
        operator_message.from_value,
    ),
    "optionRequest": (
        options.OptionRequest,
        options.request_to_value,
        options.request_from_value,
    ),
    "optionResponse": (
        options.OptionResponse,
        options.response_to_value,
        options.response_from_value,
    ),
}


def to_value(tri: TRI) -> tuple[str, Any]:
    """The table value; raises EncodeError."""
    name, inner = tri.payload
    typed = _TYPED.get(name)
    if typed is None:
        return name, inner
    if not isinstance(inner, typed[0]):
        raise EncodeError(f"{name} is not the value of its type")
    return name, typed[1](inner)


def from_value(value: tuple[str, Any]) -> TRI:
    """From the table value; raises DecodeError."""
    name, inner = value
    typed = _TYPED.get(name)
    return TRI((name, typed[2](inner) if typed else inner))
