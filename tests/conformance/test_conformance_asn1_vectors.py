"""Every vector that names a foreign verifier is put before that verifier here."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from asn1_oracle import Oracle, known, null_as_zero
from pycrate_core.utils import PycrateErr

import judges
from custodes.wire.handover.schema import schema as handover_schema

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "unit" / "wire"))
from wire_vectors import load

VECTORS = [v for name in ("iri", "handover") for v in load(f"{name}_valid.json")]
BY_PYCRATE = [v for v in VECTORS if (v["verified_by"] or "").startswith("pycrate")]
BY_TSHARK = [v for v in VECTORS if "tshark" in (v["verified_by"] or "")]
INVALID = [v for name in ("iri", "handover") for v in load(f"{name}_invalid.json")]
REFUSED = [v for v in INVALID if v["verified_by"] is not None]


@pytest.fixture(scope="module")
def oracle(shared: Path) -> Oracle:
    return Oracle(shared / "standards" / "etsi" / "asn1")


@pytest.mark.parametrize("vector", BY_PYCRATE, ids=lambda v: str(v["name"]))
def test_pycrate_reads_the_same(oracle: Oracle, vector: dict[str, Any]) -> None:
    octets = bytes.fromhex(vector["hex"])
    module, name = vector["module"], vector["type"]
    ours = null_as_zero(known(handover_schema().decode(module, name, octets)))
    assert opened(oracle, oracle.decode(module, name, octets)) == ours


@pytest.mark.parametrize("vector", REFUSED, ids=lambda v: str(v["name"]))
def test_pycrate_refuses(oracle: Oracle, vector: dict[str, Any]) -> None:
    """By an error of its own: a failure of another kind would be a fault of pycrate's."""
    assert vector["verified_by"] == "pycrate 0.8.1: refused"
    with pytest.raises(PycrateErr):
        oracle.decode(vector["module"], vector["type"], bytes.fromhex(vector["hex"]))


def test_pycrate_is_the_version_that_the_vectors_name() -> None:
    assert version("pycrate") == "0.8.1"


def opened(oracle: Oracle, value: Any) -> Any:
    """pycrate opens what is CONTAINED; put back as octets, which we keep."""
    if isinstance(value, dict):
        return {name: opened(oracle, inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [opened(oracle, inner) for inner in value]
    if isinstance(value, tuple) and len(value) == 2:
        name, inner = value
        if name in ("threeGPP33128DefinedIRI", "threeGPP33128DefinedCC"):
            return name, handover_schema().encode("TS33128Payloads", inner[0], inner[1])
        return name, opened(oracle, inner)
    return value


@pytest.mark.parametrize("vector", BY_TSHARK, ids=lambda v: str(v["name"]))
def test_tshark_reads_the_xiri(vector: dict[str, Any], tmp_path: Path) -> None:
    payload = bytes.fromhex(vector["hex"])
    pdu = bytes.fromhex("00050001" + "00000028") + len(payload).to_bytes(4, "big")
    pdu += bytes.fromhex("00020003") + bytes(range(16)) + bytes(8) + payload
    lines = (f"{at:06x} {pdu[at : at + 16].hex(' ')}" for at in range(0, len(pdu), 16))
    (tmp_path / "x2.txt").write_text("\n".join(lines) + "\n", encoding="ascii")
    capture = str(tmp_path / "x2.pcap")
    subprocess.run(
        ["text2pcap", "-q", "-T", "40000,40001", str(tmp_path / "x2.txt"), capture], check=True
    )
    shown = subprocess.run(
        [judges.tshark(), "-r", capture, "-d", "tcp.port==40001,5gli", "-V"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for expected in ("registrationType: initial (1)", "iMSI: 001010000000001", "aMFSetID: 1016"):
        assert expected in shown, expected
    # Its table is release 17: rATType and later fields of the record are beyond it.
    errors = {line.strip(" []") for line in shown.splitlines() if "BER Error: " in line}
    assert all("beyond the end of the known sequence definition" in e for e in errors), errors
