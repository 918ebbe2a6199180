"""OptionRequest and OptionResponse: what both ends of a handover agree to use (TRI [9], [10])."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from custodes.base.errors import EncodeError
from custodes.wire.ber.node import UNKNOWN

Option = tuple[str, Any]
PDU_ACKNOWLEDGEMENT: Option = ("pDUAcknowledgement", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionRequest:
    """Options of later modules are ("_unknown", element)."""

    requestedOptions: tuple[Option, ...]
    unknown: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionResponse:
    acceptedOptions: tuple[Option, ...] = ()
    declinedOptions: tuple[Option, ...] = ()
    unknown: tuple[tuple[str, bytes], ...] = ()


def request_to_value(request: OptionRequest) -> dict[str, Any]:
    """The table value."""
    value: dict[str, Any] = {"requestedOptions": list(request.requestedOptions)}
    return _with_unknown(value, request.unknown)


def response_to_value(response: OptionResponse) -> dict[str, Any]:
    """The table value; raises EncodeError for an option that is accepted and declined."""
    accepted, declined = list(response.acceptedOptions), list(response.declinedOptions)
    if any(option in accepted for option in declined):
        raise EncodeError("an option is both accepted and declined")
    return _with_unknown(
        {"acceptedOptions": accepted, "declinedOptions": declined}, response.unknown
    )


def request_from_value(value: dict[str, Any]) -> OptionRequest:
    """From the table value."""
    return OptionRequest(
        requestedOptions=tuple(value["requestedOptions"]), unknown=tuple(value.get(UNKNOWN, ()))
    )


def response_from_value(value: dict[str, Any]) -> OptionResponse:
    """From the table value."""
    return OptionResponse(
        acceptedOptions=tuple(value["acceptedOptions"]),
        declinedOptions=tuple(value["declinedOptions"]),
        unknown=tuple(value.get(UNKNOWN, ())),
    )


def _with_unknown(value: dict[str, Any], unknown: tuple[tuple[str, bytes], ...]) -> dict[str, Any]:
    if unknown:
        value[UNKNOWN] = list(unknown)
    return value
