"""Values of the published types as pycrate sees them, whatever our tables say about them.

Walks pycrate's own objects, so it reaches the modules that Custodes keeps as octets, too.
"""

from __future__ import annotations

from random import Random
from typing import Any

DEEP = 3
"""Below this only what must be there is there."""

_ALPHABETS = {
    "UTF8String": "aB9 ü€𝄞",
    "NumericString": "0123456789",
    "PrintableString": "Ab 9'()+,-./:=?",
    "IA5String": "a@_~",
    "VisibleString": "a ~!",
}
_CONSTRUCTED = ("SEQUENCE", "SET", "CHOICE")


def sample(kind: Any, random: Random, depth: int = 0) -> Any:
    """A value of a pycrate type, in pycrate's shape."""
    name = kind.TYPE
    if name in ("SEQUENCE", "SET"):
        return {
            member: sample(inner, random, depth + 1)
            for member, inner in kind._cont.items()
            if not _absent(inner, random, depth)
        }
    if name == "CHOICE":
        member = random.choice(_alternatives(kind, depth))
        return member, sample(kind._cont[member], random, depth + 1)
    if name in ("SEQUENCE OF", "SET OF"):
        least, most = size(kind, 2 if depth < DEEP else 1)
        count = random.randint(max(1, least), max(1, most))
        return [sample(kind._cont, random, depth + 1) for _ in range(count)]
    return _leaf(kind, random, depth)


def _absent(kind: Any, random: Random, depth: int) -> bool:
    optional = bool(getattr(kind, "_opt", False)) or getattr(kind, "_def", None) is not None
    return optional and (depth >= DEEP or random.random() < 0.5)


def _alternatives(kind: Any, depth: int) -> list[str]:
    names = list(kind._cont)
    if depth < DEEP:
        return names
    flat = [name for name in names if kind._cont[name].TYPE not in _CONSTRUCTED]
    return flat or sorted(names, key=lambda name: height(kind._cont[name]))[:1]


def height(kind: Any, above: tuple[int, ...] = ()) -> int:
    """How deep the shallowest value of a type goes; a type inside itself is never shallow."""
    if id(kind) in above or len(above) > 12:
        return 99
    inside = (*above, id(kind))
    if kind.TYPE == "CHOICE":
        return 1 + min(height(inner, inside) for inner in kind._cont.values())
    if kind.TYPE in ("SEQUENCE", "SET"):
        due = [inner for inner in kind._cont.values() if not getattr(inner, "_opt", False)]
        return 1 + max((height(inner, inside) for inner in due), default=0)
    return 1 + height(kind._cont, inside) if kind.TYPE.endswith(" OF") else 0


def size(kind: Any, spread: int) -> tuple[int, int]:
    """A low and a high size that the type allows."""
    bounds = getattr(kind, "_const_sz", None)
    if bounds is None:
        return 0, spread
    low = bounds.lb or 0
    return low, low + spread if bounds.ub is None else min(low + spread, bounds.ub)


def _leaf(kind: Any, random: Random, depth: int) -> Any:
    name = kind.TYPE
    if name == "OCTET STRING" and getattr(kind, "_const_cont", None) is not None:
        inner = kind._const_cont
        return inner._typeref.called[1], sample(inner, random, depth + 1)
    if name == "INTEGER":
        bounds = getattr(kind, "_const_val", None)
        low = -(1 << 40) if bounds is None or bounds.lb is None else bounds.lb
        high = low + (1 << 63) if bounds is None or bounds.ub is None else bounds.ub
        return random.choice((low, high, random.randint(low, high)))
    if name == "ENUMERATED":
        return random.choice(sorted(kind._cont))
    if name == "OBJECT IDENTIFIER" and getattr(kind, "_const_val", None) is not None:
        return random.choice(sorted(kind._const_val.root))
    if name in ("OCTET STRING", "BIT STRING"):
        length = random.randint(*size(kind, 20))
        if name == "OCTET STRING":
            return bytes(random.getrandbits(8) for _ in range(length))
        return (random.getrandbits(length) if length else 0), length
    if name in _ALPHABETS:
        return "".join(
            random.choice(_ALPHABETS[name]) for _ in range(random.randint(*size(kind, 9)))
        )
    return _plain(name, random)


def _plain(name: str, random: Random) -> Any:
    if name == "BOOLEAN":
        return random.random() < 0.5
    if name == "NULL":
        return 0
    if name == "RELATIVE-OID":
        return 4, 19, random.choice((0, 127, 128, 1 << 20)), 3
    if name == "OBJECT IDENTIFIER":
        return 0, 4, 0, 2, random.choice((0, 127, 128, 1 << 20))
    if name == "GeneralizedTime":
        return ("2026", "07", "04", "12", "30", "59", random.choice((None, "5", "125")), "Z")
    if name == "UTCTime":
        return "26", "07", "04", "12", "30", "59", "Z"
    raise SystemExit(f"a type without a sample: {name}")
