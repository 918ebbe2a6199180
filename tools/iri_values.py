"""Values of the types of TS 33.128, complete by its tables: for vectors. Uses none of the codec.

Shapes: SEQUENCE dict, SEQUENCE OF and SET OF list, CHOICE (alternative, value), ENUMERATED name,
BIT STRING (value, bits), NULL None, GeneralizedTime ``Time``. Identities are of test ranges only.
"""

from __future__ import annotations

from random import Random
from typing import Any

TIMES = ("20260101000000Z", "20260704120000Z", "20261231235959Z")
WORDS = ("example", "naïve", "Zürich 8", "€𝄞", "a/b?c=d", "42")
_DEEP = 3  # components that may be absent are, from this depth on


class Time(str):
    """GeneralizedTime: pycrate wants it in pieces."""


def _digits(random: Random, count: int) -> str:
    return "".join(random.choice("0123456789") for _ in range(count))


def _named(name: str, random: Random) -> Any:
    """The value of a type whose content is an identity or an address, or None."""
    last = random.randint(1, 254)
    made = {
        "IMSI": f"00101{last:010}",
        "MCC": "001",
        "MNC": "01",
        "MSISDN": f"120255501{last % 100:02}",
        "E164Number": f"120255501{last % 100:02}",
        "IMEI": "43708161258161",
        "IMEISV": "4370816125816151",
        "NAI": f"user{last}@example.org",
        "EmailAddress": f"user{last}@example.org",
        "SIPURI": f"sip:user{last}@example.org",
        "TELURI": f"tel:+120255501{last % 100:02}",
        "FQDN": f"nf{last}.example.org",
        "NFID": f"nf{last}.example.org",
        "DNN": "internet",
        "APN": "internet",
        "IPv4Address": bytes((192, 0, 2, last)),
        "IPv6Address": bytes.fromhex("20010db8") + bytes(11) + bytes((last,)),
        "MACAddress": bytes.fromhex("00005e0053") + bytes((last,)),
    }
    return made.get(name)


class Maker:
    """Values of some tables (make_asn1_tables); ``demanded``: type -> fields it has always.

    ``conditions``: type -> [fields, least, most, ...]: so many of the fields.
    """

    def __init__(
        self,
        tables: list[dict[str, Any]],
        demanded: dict[str, list[str]],
        conditions: dict[str, list[list[Any]]],
    ) -> None:
        self._types = {table["module"]: table["types"] for table in tables}
        self._demanded = demanded
        self._conditions = conditions

    def value(self, module: str, spec: Any, random: Random, depth: int = 0) -> Any:
        """A value of a type by name, or of a type's description."""
        if isinstance(spec, str):
            table, _, name = spec.rpartition(".")
            table = table or module
            known = _named(name, random)
            if known is not None:
                return known
            if name in self._types.get(table, ()):
                return self._inside(table, self._types[table][name], name, random, depth)
        return self._inside(module, spec, "", random, depth)

    def _inside(self, module: str, spec: Any, name: str, random: Random, depth: int) -> Any:
        if isinstance(spec, str):
            known = spec in self._types[module] or "." in spec
            return self.value(module, spec, random, depth) if known else _leaf(spec, (), random)
        ((kind, inside),) = spec.items()
        if kind == "SEQUENCE":
            return self._record(module, inside, name, random, depth)
        if kind == "CHOICE":
            item = random.choice(inside)
            return item[0], self.value(module, item[2], random, depth + 1)
        if kind.endswith(" OF"):
            least = max(1, (inside[1:] or [None])[0] or 0)
            count = least + (depth < _DEEP and random.random() < 0.3)
            return [self.value(module, inside[0], random, depth + 1) for _ in range(count)]
        return _leaf(kind, inside, random)

    def _record(
        self, module: str, items: list[list[Any]], name: str, random: Random, depth: int
    ) -> dict[str, Any]:
        wanted = {item[0] for item in items if item[3] != 1}
        wanted.update(self._demanded.get(name, ()))
        if depth < _DEEP:
            wanted.update(item[0] for item in items if random.random() < 0.4)
        for fields, least, most, *_ in self._conditions.get(name, ()):
            have = [field for field in fields if field in wanted]
            lacking = [field for field in fields if field not in wanted]
            wanted.update(random.sample(lacking, max(0, least - len(have))))
            if most is not None:
                wanted.difference_update(have[most:])
        return {
            item[0]: self.value(module, item[2], random, depth + 1)
            for item in items
            if item[0] in wanted
        }


def _leaf(kind: str, bounds: Any, random: Random) -> Any:
    if kind == "ENUMERATED":
        return random.choice(list(bounds))
    if kind == "BOOLEAN":
        return random.random() < 0.5
    if kind == "NULL":
        return None
    if kind == "GeneralizedTime":
        return Time(random.choice(TIMES))
    if kind in ("OBJECT IDENTIFIER", "RELATIVE-OID"):
        tail = tuple(random.choice((1, 127, 128, 1 << 20)) for _ in range(3))
        return tail if kind == "RELATIVE-OID" else (0, 4, *tail)
    low, high = (*bounds, None, None)[:2]
    if kind == "INTEGER":
        least = -(1 << 31) if low is None else low
        most = 1 << 40 if high is None else high
        return random.choice((least, most, random.randint(least, most)))
    least = low or 0
    size = random.randint(least, max(least, min(least + 6, 6 if high is None else high)))
    if kind == "OCTET STRING":
        return random.randbytes(size or 1 if high is None or high > 0 else 0)
    if kind == "BIT STRING":
        bits = size or 4
        return random.getrandbits(bits), bits
    return _characters(kind, low, high, size, random)


def _characters(kind: str, low: int | None, high: int | None, size: int, random: Random) -> str:
    if kind == "NumericString":
        return _digits(random, max(size, 1))
    if low is None and high is None:
        return random.choice(WORDS if kind == "UTF8String" else WORDS[:1])
    return "".join(random.choice("abcdef0123456789") for _ in range(max(size, 1)))
