"""Hypothesis strategies for X1 values, made from the codec's own tables of fields."""

from __future__ import annotations

from datetime import UTC
from enum import Enum
from functools import cache
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from custodes.base.ids import DID, LIID, XID
from custodes.wire.x1.catalogue import REQUESTS, RESPONSES
from custodes.wire.x1.delegated_task import DelegatedTaskStatus
from custodes.wire.x1.fields import Abstract, Choice, Item, SimpleContent, items
from custodes.wire.x1.foreign_catalogue import FOREIGN
from custodes.wire.x1.grant import Grants
from custodes.wire.x1.header import Header
from custodes.wire.x1.message import RequestMessage, ResponseMessage
from custodes.wire.x1.simple import Simple

_DEEP = (DelegatedTaskStatus, Grants)
_uuids = st.integers(0, 2**128 - 1).map(lambda n: UUID(int=n))
_texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\n\r <>&\"'"),
    max_size=20,
)
_lines = st.from_regex(r"[A-Za-z0-9<&>.-]{1,8}( [a-z]{1,4}){0,2}", fullmatch=True)
_BY_NAME: dict[str, st.SearchStrategy[Any]] = {
    "UUID": _uuids,
    "XId": _uuids.map(XID),
    "DId": _uuids.map(DID),
    "LIID": st.from_regex(r"[!-~]{1,25}|[0-9a-f]{26,50}", fullmatch=True).map(LIID),
    "QualifiedMicrosecondDateTime": st.datetimes(timezones=st.just(UTC)).filter(
        lambda t: t.year > 1
    ),
    "string": _texts,
    "token": _lines,
    "line": _lines,
    "ShortString": _texts,
    "NAI": _texts,
    "ServiceAccessIdentifier": _texts,
    "legal basis": _texts.map(lambda t: "S" + t),
    "GenericObjectType": st.from_regex(r"Q\{[a-z:]{0,9}\}[A-Za-z]{1,9}", fullmatch=True),
    "Salt": st.binary(min_size=8, max_size=20),
    "unsignedInt": st.integers(0, 2**32 - 1),
    "unsignedLong": st.integers(0, 2**64 - 1),
    "PDUSessionID": st.integers(0, 255),
    "H248ContextID": st.integers(1, 4294967293),
    "boolean": st.booleans(),
    "integer": st.integers(-(10**18), 10**18),
    "nonNegativeInteger": st.integers(0, 10**18),
    "hexBinary": st.binary(max_size=20),
    "empty element": st.just(""),
    "anyURI": st.from_regex(
        r"https?://[a-z]{1,9}\.example(:[0-9]{1,4})?/[a-z?=&%2]{0,2}[a-z]", fullmatch=True
    ).filter(lambda u: "%" not in u),
    "TCPPort": st.integers(2, 65535),
    "UDPPort": st.integers(0, 65535),
    "port": st.integers(1, 65535),
    "GtpTunnelId": st.integers(0, 4294967296),
    "host": st.sampled_from(["192.0.2.1", "2001:db8::1"]),
    "digest": st.from_regex("[0-9a-f]{64}", fullmatch=True),
    "Version": st.from_regex(r"v1\.[0-9]{1,2}\.[0-9]", fullmatch=True),
    "EmailAddress": st.from_regex(
        r"[a-z!#$%&'*+/=?^_`{|}~.-]{1,9}@[a-z]{1,5}(\.[a-z]{2})?", fullmatch=True
    ),
    "InternationalizedEmailAddress": st.from_regex(r"[a-zé]{1,9}@[a-zü]{1,9}", fullmatch=True),
    "SIPURI": st.from_regex(r"sips?:[a-z0-9!#$&-;=?@_~]{1,9}", fullmatch=True).filter(
        lambda u: u.count("#") < 2
    ),
    "TELURI": st.from_regex(r"tel:[0-9+;=]{1,15}", fullmatch=True),
    "H323URI": st.from_regex(r"h323:[a-z0-9@.]{1,9}", fullmatch=True),
    "IMPU": st.from_regex(r"sip:[a-z0-9@.]{1,9}", fullmatch=True),
}
_PATTERNS = {
    "InternationalE164": "[0-9]{1,15}",
    "GPSIMSISDN": "[0-9]{1,15}",
    "IMSI": "[0-9]{6,15}",
    "SUPIIMSI": "[0-9]{6,15}",
    "IMEI": "[0-9]{14}",
    "IMEICheckDigit": "[0-9]{15}",
    "IMEISV": "[0-9]{16}",
    "IPv4Address": r"(25[0-5]|1?[0-9]{1,2})(\.(25[0-5]|1?[0-9]{1,2})){3}",
    "IPv6Address": "([0-9a-f]{4}:){7}([0-9a-f]{4})",
    "IPv4CIDR": r"10\.[0-9]\.0\.0/([1-2]?[0-9]|3[0-2])",
    "IPv6CIDR": "([0-9a-f]{4}:){7}([0-9a-f]{4})/(([1-9][0-9]?)|(1[0-1][0-9])|(12[0-8]))",
    "MACAddress": "([a-f0-9]{2}:){5}[a-f0-9]{2}",
    "EUI64": "([a-f0-9]{2}:){7}[a-f0-9]{2}",
}


@cache
def values(of: Any, depth: int = 0) -> st.SearchStrategy[Any]:
    """Values of a Simple, a sequence class or a Choice."""
    if isinstance(of, Simple):
        return _simple(of)
    if isinstance(of, Abstract):
        return st.one_of([values(kind, depth + 1) for kind in of.known.values()])
    if issubclass(of, SimpleContent):
        attributes = {n: st.none() | values(a) for n, a in of.ATTRIBUTES.items()}
        return st.builds(of, values(of.OF), **attributes)
    if issubclass(of, Choice):
        return st.one_of(
            [
                _item(item, depth + 1).map(lambda v, n=name: of(n, v))
                for name, item in of.ARMS.items()
            ]
        )
    return st.fixed_dictionaries({n: _item(i, depth + 1) for n, i in items(of)}).map(
        lambda fields: of(**fields)
    )


def _simple(of: Simple) -> st.SearchStrategy[Any]:
    if of.name in _BY_NAME:
        return _BY_NAME[of.name]
    if of.name in _PATTERNS:
        return st.from_regex(_PATTERNS[of.name], fullmatch=True)
    # An enumeration: its class is in the closure of its reader.
    cells = [c.cell_contents for c in of.parse.__closure__ or ()]
    [kind] = [c for c in cells if isinstance(c, type) and issubclass(c, Enum)]
    return st.sampled_from(list(kind))


def _item(item: Item, depth: int) -> st.SearchStrategy[Any]:
    if item.foreign:
        return st.lists(_foreign(depth), max_size=2).map(tuple)
    if item.within is not None:
        least = item.within_minimum
        inner = st.lists(values(item.of, depth), min_size=least, max_size=least + 1).map(tuple)
    else:
        inner = st.deferred(lambda: values(item.of, depth))
    if item.maximum is None:
        return st.lists(inner, min_size=item.minimum, max_size=item.minimum + 1).map(tuple)
    return inner if item.minimum else st.none() | inner


def _foreign(depth: int) -> st.SearchStrategy[Any]:
    """Values of every element known by name; the published schemas allow no other."""
    shallow = st.sampled_from(list(FOREIGN.values())).filter(lambda kind: kind not in _DEEP)
    kinds = shallow if depth > 5 else st.sampled_from(list(FOREIGN.values()))
    return kinds.flatmap(lambda kind: values(kind, depth + 1))


def headers() -> st.SearchStrategy[Header]:
    return values(Header)


def requests() -> st.SearchStrategy[RequestMessage]:
    return st.sampled_from(list(REQUESTS.values())).flatmap(
        lambda kind: st.builds(RequestMessage, header=headers(), body=values(kind))
    )


def responses() -> st.SearchStrategy[ResponseMessage]:
    return st.sampled_from(list(RESPONSES.values())).flatmap(
        lambda kind: st.builds(ResponseMessage, header=headers(), body=values(kind))
    )
