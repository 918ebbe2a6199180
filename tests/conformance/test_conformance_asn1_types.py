"""Every named type of our tables against pycrate: both directions, other forms, later modules.

Hypothesis makes the values: of our tables (``ours``) and of pycrate's own objects (``sample``).
What our tables keep as octets (contents of other modules) is made and read back by pycrate.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from asn1_oracle import Oracle
from asn1_pairs import as_ours, octets_of, ours, sample
from asn1_rewrites import Growth, indefinite, lengthened, shortest, unknowns
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custodes.wire.ber.constructed import ChoiceNode, ListNode, SequenceNode
from custodes.wire.ber.node import Node
from custodes.wire.ber.primitive import Enumerated
from custodes.wire.ber.raw import Raw
from custodes.wire.handover.pdu import decode, encode
from custodes.wire.handover.schema import MODULE, schema
from custodes.wire.iri.schema import MODULE as TS33128

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from asn1_module import references

WHOLE = (TS33128, MODULE, "Common-Parameters")
"""Modules whose table has every type; of the others it has what these refer to."""
PARTS = ("IPAccessPDU", "HI1NotificationOperations", "HI2Operations")
KEPT = {
    *("EmailPDU", "IPAccessPDU", "IPMultimediaPDU", "L2AccessPDU", "PstnIsdnPDU"),
    *("TS101909201", "TS101909202", "ILHIPDU", "HI2Operations"),
    *("UmtsHI2Operations", "UmtsCS-HI2Operations", "EpsHI2Operations", "CONFHI2Operations"),
    *("ProSeHI2Operations", "GCSEHI2Operations", "ThreeGPP-HI1NotificationOperations"),
    *("Umts-HI3-PS", "Eps-HI3-PS", "CONF-HI3-IMS", "VoIP-HI3-IMS", "GCSE-HI3", "CSvoice-HI3-IP"),
}
"""The exceptions: contents that these modules define are carried as octets until their own module
comes; pycrate makes them and reads them back here. None of TS 33.128 or LI-PS-PDU is one."""
TYPES = [(module, name) for module in WHOLE + PARTS for name in schema().names(module)]
EVENTS = [("XIRIPayload", "XIRIEvent"), ("IRIPayload", "IRIEvent")]

each_type = pytest.mark.parametrize(("module", "name"), TYPES, ids=lambda text: str(text))
randoms = st.randoms(use_true_random=False)
few = settings(
    max_examples=4,
    deadline=None,
    database=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)


@pytest.fixture(scope="module")
def oracle(shared: Path) -> Oracle:
    return Oracle(shared / "standards" / "etsi" / "asn1")


def tried(check: Callable[..., None], **strategies: st.SearchStrategy[Any]) -> None:
    """Runs the check on what Hypothesis makes. A property of its own for each type: Hypothesis
    keeps something of every run of a test, and a thousand of them are beyond its recursion."""

    @few
    @given(**strategies)
    def run(**made: Any) -> None:
        check(**made)

    run()


def agree(oracle: Oracle, module: str, name: str, value: Any) -> bytes:
    """pycrate reads our octets as the same value and writes them again; so do we."""
    node, kind = schema().type(module, name), oracle.kind(module, name)
    octets = schema().encode(module, name, value)
    kind.from_ber(octets)
    read = kind.get_val()
    assert as_ours(node, kind, read) == value
    kind.set_val(read)
    assert bytes(kind.to_ber()) == octets
    assert schema().decode(module, name, octets) == value
    return octets


def test_no_published_type_is_left_out(oracle: Oracle) -> None:
    tried = {module: {n for m, n in TYPES if m == module} for module in WHOLE + PARTS}
    for module in WHOLE:
        assert oracle.types(module.replace("-", "_")) == tried[module], module
    assert len(tried[TS33128]) == 1006


def test_what_a_ps_pdu_leads_to_is_tried_or_kept_as_octets() -> None:
    """By the references in the tables; what they do not have is of a module that comes later."""
    tables = {module: schema()._tables[module] for module in WHOLE + PARTS}
    due, reached, kept = [(MODULE, "PS-PDU")], set(), set()
    while due:
        module, name = due.pop()
        if name not in tables.get(module, ()):
            kept.add(module)
        elif (module, name) not in reached:
            reached.add((module, name))
            for reference in references(tables[module][name]):
                other, _, plain = reference.rpartition(".")
                due.append((other or module, plain))
    assert not reached - set(TYPES)
    assert len(reached) > 50
    assert kept == KEPT


@each_type
def test_every_component_alternative_and_name(oracle: Oracle, module: str, name: str) -> None:
    """Each once, so that none depends on luck."""
    node, kind = schema().type(module, name), oracle.kind(module, name)
    random = Random(f"{module}/{name}")
    if isinstance(node, SequenceNode | ChoiceNode):
        assert [member.name for member in node.members] == list(kind._cont)
        parts = {
            member.name: ours(member.node, kind._cont[member.name], random, depth=2)
            for member in node.members
        }
        values = [parts] if isinstance(node, SequenceNode) else list(parts.items())
    elif isinstance(node, Enumerated):
        assert node.numbers == dict(kind._cont)
        values = list(node.numbers)
    else:
        values = [ours(node, kind, random)]
    for value in values:
        agree(oracle, module, name, value)


@each_type
def test_values_of_our_tables_in_every_form_of_length(
    oracle: Oracle, module: str, name: str
) -> None:
    node, kind = schema().type(module, name), oracle.kind(module, name)

    def check(random: Random) -> None:
        value = ours(node, kind, random)
        octets = agree(oracle, module, name, value)
        for form in (
            lengthened(octets, random),
            indefinite(octets, random),
            lengthened(indefinite(octets, Random(1)), Random(1)),
        ):
            assert _short(node, schema().decode(module, name, form)) == value
            kind.from_ber(form)
            assert as_ours(node, kind, kind.get_val()) == value

    tried(check, random=randoms)


@each_type
def test_values_of_pycrate(oracle: Oracle, module: str, name: str) -> None:
    node, kind = schema().type(module, name), oracle.kind(module, name)

    def check(random: Random) -> None:
        value = sample(kind, random)
        kind.set_val(value)
        octets = bytes(kind.to_ber())
        read = schema().decode(module, name, octets)
        assert read == as_ours(node, kind, value)
        assert schema().encode(module, name, read) == octets

    tried(check, random=randoms)


def _short(node: Node, value: Any) -> Any:
    """Elements that we keep as they came, brought to the form we compare them in."""
    if isinstance(node, Raw):
        return shortest(value)
    if isinstance(node, SequenceNode):
        nodes = {member.name: member.node for member in node.members}
        return {name: _short(nodes[name], inner) for name, inner in value.items()}
    if isinstance(node, ListNode):
        return [_short(node.item.node, inner) for inner in value]
    if isinstance(node, ChoiceNode):
        member = node.member(value[0])
        assert member is not None
        return value[0], _short(member.node, value[1])
    return value


@each_type
def test_what_later_modules_add_is_kept(oracle: Oracle, module: str, name: str) -> None:
    node, kind = schema().type(module, name), oracle.kind(module, name)

    def check(random: Random, alternatives: bool) -> None:
        value = ours(node, kind, random)
        growth = Growth(random, alternatives)
        octets = growth.element(node, kind, schema().encode(module, name, value))
        read = schema().decode(module, name, octets)
        assert sorted(unknowns(value, read)) == sorted(growth.added)
        assert schema().encode(module, name, read) == octets
        if not alternatives:  # pycrate refuses unknown alternatives, and steps over components
            kind.from_ber(octets)
            assert as_ours(node, kind, kind.get_val()) == value

    tried(check, random=randoms, alternatives=st.booleans())


@few
@given(random=randoms, version=st.integers(1, 99), padding=st.lists(st.integers(0, 9), max_size=2))
def test_domains_of_other_versions(
    oracle: Oracle, random: Random, version: int, padding: list[int]
) -> None:
    kind = oracle.kind(MODULE, "PS-PDU")
    value = ours(schema().type(MODULE, "PS-PDU"), kind, random)
    domain = (0, 4, 0, 2, 2, 5, 1, version, *padding)
    header = value["pSHeader"]
    header["li-psDomainId"] = domain
    header["lawfulInterceptionIdentifier"] = b"ZZ-LAB-0001"
    header.pop("timeStamp", None)
    header.pop("timeStampQualifier", None)
    value["payload"] = ("tRIPayload", ("keep-alive", None))
    header["microSecondTimeStamp"] = {"seconds": 1, "microSeconds": 2}
    octets = agree(oracle, MODULE, "PS-PDU", value)
    assert decode(octets).header.domain == domain
    assert encode(decode(octets)) == octets


def test_events_are_tried_inside_their_payloads(oracle: Oracle) -> None:
    """Each event of the module, as the payload that carries it."""
    for payload, choice in EVENTS:
        node, kind = schema().type(TS33128, payload), oracle.kind(TS33128, payload)
        assert isinstance(node, SequenceNode)
        for member in schema().type(TS33128, choice).members:  # type: ignore[attr-defined]
            random = Random(f"{payload}/{member.name}")
            value = ours(node, kind, random)
            inner = oracle.kind(TS33128, choice)._cont[member.name]
            value["event"] = (member.name, ours(member.node, inner, random))
            agree(oracle, TS33128, payload, value)


def test_what_pycrate_contains_is_what_we_keep(oracle: Oracle) -> None:
    kind = oracle.kind(MODULE, "IRIContents")._cont["threeGPP33128DefinedIRI"]
    value = sample(kind, Random(1))
    inner = schema().decode(TS33128, "IRIPayload", octets_of(kind, value))
    assert inner["event"][0] == value[1]["event"][0]
