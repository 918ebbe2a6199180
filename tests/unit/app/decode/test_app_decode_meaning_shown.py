"""What a user reads beside the fields of a tree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from custodes.app.decode import payload, pspdu
from custodes.app.decode.item import Item, Shape

VECTORS = Path(__file__).parents[4] / "vectors"


def octets(file: str, name: str) -> bytes:
    text = (VECTORS / f"{file}.json").read_text(encoding="utf-8")
    found = json.loads(text)
    vectors = found["vectors"] if isinstance(found, dict) else found
    return bytes.fromhex(next(v["hex"] for v in vectors if v["name"] == name))


def notes(item: Item) -> dict[str, str]:
    return {part.name: part.note for part in item.walk()}


@pytest.fixture
def registration() -> Item:
    return payload.payload("xiri", octets("iri_valid", "xiri-registration"), 0)


def test_an_alternative_stands_on_the_line_of_its_field(registration: Item) -> None:
    told = notes(registration)
    assert told["sUPI"] == ""
    assert told["iMSI"].startswith("permanent identity of the subscriber")
    assert "IMSI" in told["iMSI"]


def test_a_field_of_a_record_has_its_meaning(registration: Item) -> None:
    told = notes(registration)
    assert told["rATType"] == "radio access technology"
    assert told["tAI"] == "TS 33.128 7.3.3.2.23; tracking area"
    assert told["event"].count("registered") == 1


def test_every_line_of_a_tree_says_what_it_is() -> None:
    """But those of a CHOICE, which stand on the line of what was chosen."""
    silent = []
    for name in ("xiri-registration", "xiri-session-establishment"):
        tree = payload.payload("xiri", octets("iri_valid", name), 0)
        for part in tree.walk():
            collapsed = part.shape is Shape.CHOICE
            plain = part.name.startswith("[") and not part.children
            if not part.note and not collapsed and not plain:
                silent.append(part.name)
    assert silent == []


@pytest.mark.parametrize("name", ["ps-pdu-iri", "ps-pdu-cc", "ps-pdu-integrity", "ps-pdu-hi4"])
def test_the_envelope_says_what_its_fields_are(name: str) -> None:
    tree = pspdu.ps_pdu(octets("handover_valid", name), 0)
    header = next(part for part in tree.children if part.name == "pSHeader")
    assert header.note
    assert all(part.note for part in header.children if part.shape is not Shape.CHOICE)


def test_contents_of_another_module_say_which() -> None:
    tree = pspdu.ps_pdu(octets("handover_valid", "made-iRI-emailIRI"), 0)
    note = notes(tree)["emailIRI"]
    assert "TS 102 232-2" in note
    assert "not known to custodes yet" in note
