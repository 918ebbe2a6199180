"""GeneralizedTime (X.680 clause 46), as TS 33.128 uses it: UTC, with the fraction that is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from custodes.base.errors import DecodeError, EncodeError

_NS = 1_000_000_000


def generalized_time(moment: datetime) -> str:
    """YYYYMMDDhhmmss[.ffffff]Z; raises EncodeError for a datetime without its zone."""
    if moment.tzinfo is None:
        raise EncodeError("a time without its zone")
    utc = moment.astimezone(UTC)
    fraction = f".{utc.microsecond:06d}".rstrip("0") if utc.microsecond else ""
    return f"{utc:%Y%m%d%H%M%S}{fraction}Z"


def generalized_time_ns(ns: int) -> str:
    """The same from nanoseconds since 1970, to the nanosecond."""
    seconds, rest = divmod(ns, _NS)
    whole = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    fraction = f".{rest:09d}".rstrip("0") if rest else ""
    return f"{whole:%Y%m%d%H%M%S}{fraction}Z"


def to_ns(text: str) -> int:
    """Nanoseconds since 1970; raises DecodeError, also for a local time without its zone."""
    body, zone = text, ""
    for mark in "Z+-":
        head, sign, tail = text.partition(mark)
        if sign:
            body, zone = head, sign + tail
            break
    digits, _, fraction = body.replace(",", ".").partition(".")
    if not (digits.isascii() and digits.isdigit() and len(digits) in (10, 12, 14)):
        raise DecodeError("a GeneralizedTime has the wrong number of digits")
    if fraction and not (fraction.isascii() and fraction.isdigit() and len(fraction) <= 18):
        raise DecodeError("a GeneralizedTime has a bad fraction")
    try:
        moment = datetime.strptime(digits.ljust(14, "0"), "%Y%m%d%H%M%S").replace(
            tzinfo=_zone(zone)
        )
    except ValueError:
        raise DecodeError("a GeneralizedTime is not a time") from None
    unit = {10: 3600, 12: 60, 14: 1}[len(digits)] * _NS
    part: int = int(fraction or 0) * unit // 10 ** len(fraction)
    delta = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86400 + delta.seconds) * _NS + part


def _zone(text: str) -> timezone:
    if text == "Z":
        return UTC
    digits = text[1:].ljust(4, "0")
    if text[:1] not in ("+", "-") or not digits.isdigit() or len(digits) != 4:
        raise DecodeError("a GeneralizedTime without its zone")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(offset if text[0] == "+" else -offset)
