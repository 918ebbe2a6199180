"""Makes vectors/iri_events_valid.json and iri_events_invalid.json: xIRIs of every event that has a
rule, whole, and without the first component that the module demands.

    python tools/make_iri_vectors.py ../shared/standards [destination, default vectors]

Values are made from the tables, octets by pycrate from the published modules: nothing here uses
the codec that the vectors are for. An event's vectors depend on its own name only, so that a new
event is a new line in each file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "conformance"))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from asn1_oracle import Oracle

from iri_values import Maker, Time
from make_asn1_tables import make

ROOT = Path(__file__).resolve().parent.parent
MODULE = "TS33128Payloads"
XIRI_OID = (4, 19, 19, 3, 1)
SPEC = "3GPP TS 33.128 V19.7.0, ASN.1 r19 version3"
READINGS = ROOT / "src" / "custodes" / "wire" / "iri" / "tables" / "readings.json"
# asn1tools knows no type that is qualified by its module: nobody but us reads this one again.
UNVERIFIED = {"iPIRIPacketReport"}
MAKER = f"pycrate {version('pycrate')} (tools/make_iri_vectors.py)"
JUDGE = f"asn1tools {version('asn1tools')} (tests/conformance/test_conformance_iri.py)"


def for_pycrate(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: for_pycrate(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(for_pycrate(inner) for inner in value)
    if isinstance(value, Time):
        year, pairs = value[:4], [value[at : at + 2] for at in range(4, 14, 2)]
        return (year, *pairs, None, "Z")
    return 0 if value is None else value


def as_json(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {name: as_json(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(inner) for inner in value]
    return value


def elements(octets: bytes) -> list[tuple[bytes, bytes]]:
    """(tag, content) of each BER element, definite lengths only."""
    found, at = [], 0
    while at < len(octets):
        start = at
        at += 1
        if octets[start] & 0x1F == 0x1F:
            while octets[at] & 0x80:
                at += 1
            at += 1
        tag, size = octets[start:at], octets[at]
        at += 1
        if size & 0x80:
            end = at + (size & 0x7F)
            size, at = int.from_bytes(octets[at:end], "big"), end
        found.append((tag, octets[at : at + size]))
        at += size
    return found


def element(tag: bytes, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return tag + bytes((size,)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return tag + bytes((0x80 | len(length),)) + length + content


def without(octets: bytes, number: int) -> bytes:
    """An XIRIPayload whose record lacks the component tagged [number], which is below 31."""
    ((outer, payload),) = elements(octets)
    oid, (second, event) = elements(payload)
    ((tag, record),) = elements(event)
    kept = [part for part in elements(record) if part[0][0] & 0xDF != 0x80 | number]
    less = element(second, element(tag, b"".join(element(*part) for part in kept)))
    return element(outer, element(*oid) + less)


class Vectors:
    def __init__(self, standards: Path) -> None:
        made = {Path(name).stem: json.loads(text) for name, text in make(standards).items()}
        read = json.loads(READINGS.read_text(encoding="utf-8"))
        self._facts = made["facts"]
        self._rules = {**self._facts["events"], **read["events"]}
        self._types = made[MODULE]["types"]
        tables = [made[name] for name in (MODULE, "IPAccessPDU", "Common-Parameters")]
        self._maker = Maker(tables, self._facts["mandatory"], read["conditions"])
        self._kind = Oracle(standards / "etsi" / "asn1").kind(MODULE, "XIRIPayload")

    def all(self) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
        """Of each event the valid vector, and the invalid one where the module demands a field."""
        for event, _, kind in self._types["XIRIEvent"]["CHOICE"]:
            if event in self._rules:
                valid = self._valid(event, kind)
                yield valid, self._invalid(valid, event, kind)

    def _valid(self, event: str, kind: str) -> dict[str, Any]:
        value = {
            "xIRIPayloadOID": XIRI_OID,
            "event": (event, self._maker.value(MODULE, kind, Random(f"{event}/vector"))),  # noqa: S311
        }
        self._kind.set_val(for_pycrate(value))
        return {
            "name": f"xiri-{event}",
            "spec": SPEC,
            "clause": self._facts["clauses"].get(kind, self._rules[event][3]),
            "module": MODULE,
            "type": "XIRIPayload",
            "hex": bytes(self._kind.to_ber()).hex(),
            "valid": True,
            "canonical": True,
            "made_by": MAKER,
            "verified_by": None if event in UNVERIFIED else JUDGE,
            "value": as_json(value),
        }

    def _invalid(self, valid: dict[str, Any], event: str, kind: str) -> dict[str, Any] | None:
        spec = self._types.get(kind)
        items = spec.get("SEQUENCE", ()) if isinstance(spec, dict) else ()
        demanded = [item for item in items if item[3] == 0 and item[1] < 31]
        if not demanded:
            return None
        name, number = demanded[0][:2]
        kept = ("spec", "clause", "module", "type")
        return {
            "name": f"xiri-{event}-without-{name}",
            **{key: valid[key] for key in kept},
            "hex": without(bytes.fromhex(valid["hex"]), number).hex(),
            "valid": False,
            "why": f"{kind}: {name} is missing",
            "made_by": f"{MAKER}, the component taken out",
            "verified_by": JUDGE,
        }


def texts(standards: Path) -> dict[str, str]:
    """The files, one vector a line."""
    pairs = list(Vectors(standards).all())
    made = {
        "iri_events_valid.json": [valid for valid, _ in pairs],
        "iri_events_invalid.json": [invalid for _, invalid in pairs if invalid],
    }
    return {name: written(vectors) for name, vectors in made.items()}


def written(vectors: list[dict[str, Any]]) -> str:
    lines = (json.dumps(vector, ensure_ascii=False) for vector in vectors)
    return "[\n" + ",\n".join(lines) + "\n]\n"


def main() -> None:
    destination = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "vectors"
    for name, text in texts(Path(sys.argv[1])).items():
        (destination / name).write_text(text, encoding="utf-8")
        print(f"{destination / name}: {text.count(chr(10)) - 2} vectors")


if __name__ == "__main__":
    main()
