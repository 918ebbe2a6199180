"""asn1tools and pycrate on the published modules, where those are beside the project."""

from __future__ import annotations

import re
import sys
from importlib.metadata import version
from pathlib import Path

import asn1tools
from bench_measure import Run

TESTS = Path(__file__).resolve().parents[1]
MODULES = TESTS.parents[1] / "shared" / "standards" / "etsi" / "asn1"


def asn1tools_decoder(octets: bytes) -> tuple[str, Run] | None:
    """A decoder of XIRIPayload. asn1tools knows neither RELATIVE-OID nor a type qualified by its
    module: the first becomes OCTET STRING, whose tag is overwritten anyway, and the one event
    that needs the second becomes octets. Both make its work less, not more."""
    file = MODULES / "TS33128Payloads.asn"
    if not file.is_file():
        return None
    text = file.read_text(encoding="utf-8")
    text = re.sub(r"^IMPORTS.*?;", "", text, count=1, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"^\w+\s+RELATIVE-OID ::=.*$", "", text, flags=re.MULTILINE)
    text = text.replace("RELATIVE-OID", "OCTET STRING")
    text = text.replace("IPAccessPDU.IPIRIPacketReport", "OCTET STRING")
    compiled = asn1tools.compile_string(text, "ber")
    name = f"asn1tools {version('asn1tools')}"
    return name, lambda: compiled.decode("XIRIPayload", octets)


def pycrate_decoder(module: str, kind: str, octets: bytes) -> tuple[str, Run] | None:
    """A decoder of one type; pycrate compiles the whole published set, unchanged."""
    if not MODULES.is_dir():
        return None
    sys.path.insert(0, str(TESTS / "conformance"))
    from asn1_oracle import Oracle

    found = Oracle(MODULES).kind(module, kind)

    def run() -> object:
        found.from_ber(octets)
        return found.get_val()

    return f"pycrate {version('pycrate')}", run
