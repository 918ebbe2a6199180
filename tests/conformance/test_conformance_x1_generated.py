"""Instances made from the XSD by another library (xmlschema), judged by libxml2 and by our codec.

Valid: accepted, and decode, encode, decode give equal values. Mutated: accepted where the schema
still allows it, else refused with one line. What x1_bounds lists is all that may differ.
"""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from x1_instances import TOP_LEVEL, X1, XSI, Hits, Walker, message_types, published, routes
from x1_mutants import (
    MUTATIONS,
    mutate,
    only_libxml2_refuses_its_uri,
    without_unknown_extensions,
)
from x1_schema import schema_files, x1_schema
from x1_texts import around
from x1_values import headers, values

from custodes.wire.x1.catalogue import REQUESTS, RESPONSES
from custodes.wire.x1.errors import X1DecodeError
from custodes.wire.x1.header import TopLevelHeader
from custodes.wire.x1.message import (
    RequestMessage,
    ResponseMessage,
    TopLevelErrorResponse,
    decode_request,
    decode_response,
    encode_request,
    encode_response,
    encode_top_level_error,
)

_FEW = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
KINDS = sorted([*REQUESTS, *RESPONSES])
# Every message type, and the one root that is no container of them.
ROOTS = [*KINDS, TOP_LEVEL]
# What a kind can hold and the walk could not make, with the reason: nothing.
UNMADE: dict[str, str] = {}
_MOST_DOCUMENTS = 400
_LEAST_DOCUMENTS = 8
_MUTANTS_EACH = 4
_MOST_TRIES = 40
_LEAST_INVALID = 30


@pytest.fixture(scope="session")
def judge(shared: Path) -> etree.XMLSchema:
    return x1_schema(shared)


def decode(kind: str, octets: bytes) -> Any:
    return decode_request(octets) if kind in REQUESTS else decode_response(octets)


def encode(value: Any, kind: str) -> bytes:
    if isinstance(value, TopLevelErrorResponse):
        return encode_top_level_error(value)
    return (encode_request if kind in REQUESTS else encode_response)(value)


def check_accepted(judge: etree.XMLSchema, kind: str, octets: bytes) -> None:
    value = decode(kind, octets)
    again = encode(value, kind)
    assert decode(kind, again) == value
    known = frozenset(schema_files(Path()))
    root = without_unknown_extensions(etree.fromstring(again), known)
    assert judge.validate(root), judge.error_log.last_error


def test_the_codec_has_every_message_type_of_the_schema(shared: Path) -> None:
    schema = published(shared)
    assert message_types(schema, "X1RequestMessage") == sorted(REQUESTS)
    assert message_types(schema, "X1ResponseMessage") == sorted(RESPONSES)
    assert len(KINDS) == 55


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_type_of_our_model_is_valid(judge: etree.XMLSchema, kind: str) -> None:
    body = REQUESTS.get(kind) or RESPONSES[kind]

    @_FEW
    @given(header=headers(), value=values(body))
    def run(header: Any, value: Any) -> None:
        if kind in REQUESTS:
            octets = encode_request([RequestMessage(header=header, body=value)])
        else:
            octets = encode_response([ResponseMessage(header=header, body=value)])
        assert judge.validate(etree.fromstring(octets)), judge.error_log.last_error
        [message] = decode(kind, octets)
        assert (message.header, message.body) == (header, value)

    run()


@_FEW
@given(header=values(TopLevelHeader))
def test_a_top_level_error_of_our_model_is_valid(judge: etree.XMLSchema, header: Any) -> None:
    octets = encode_top_level_error(TopLevelErrorResponse(header=header))
    assert judge.validate(etree.fromstring(octets)), judge.error_log.last_error
    assert decode_response(octets) == TopLevelErrorResponse(header=header)


@pytest.mark.parametrize("kind", ROOTS)
def test_all_that_a_kind_can_hold_is_generated_and_accepted(
    shared: Path, judge: etree.XMLSchema, kind: str
) -> None:
    schema = published(shared)
    hits = Hits(dict(routes(schema, schema.types[kind])))
    walker = Walker(schema, random.Random(kind), hits)
    count = 0
    while count < _LEAST_DOCUMENTS or (hits.missing and count < _MOST_DOCUMENTS):
        count += 1
        octets = walker.document(kind)
        assert judge.validate(etree.fromstring(octets)), judge.error_log.last_error
        check_accepted(judge, kind, octets)
    assert set(hits.missing) <= set(UNMADE)


def test_what_a_task_can_hold_is_all_of_it(shared: Path) -> None:
    """The coverage above is not of an empty set: the ways of one kind, some by name."""
    schema = published(shared)
    ways = set(routes(schema, schema.types["ActivateTaskRequest"]))
    assert len(ways) > 350
    assert {
        *("TargetIdentifier/vrf", "TaskDetails/productID", "TaskDetails/productID absent"),
        *("ListOfDids/dSId several", "MediationDetails/EndTime", "ServiceType=RCS"),
        *("TaskDetailsExtensions/DelegatedTaskStatus", "TargetIdentifierExtension/APN"),
        *("NumberWithQOSClass@qos_class=ASSURED", "NumberWithQOSClass@qos_class absent"),
        *("IMST3TargetIdentifierExtension/TriggerScope", "Product=X2andX3"),
    } <= ways
    objects = set(routes(schema, schema.types["CreateObjectRequest"]))
    assert "GenericObject as HashContext" in objects
    assert "DestinationSetDetails/friendlyName absent" in objects


@pytest.mark.parametrize("kind", ROOTS)
def test_a_document_of_any_seed_is_accepted(
    shared: Path, judge: etree.XMLSchema, kind: str
) -> None:
    @_FEW
    @given(seed=st.integers(0, 2**64))
    def run(seed: int) -> None:
        octets = Walker(published(shared), random.Random(seed)).document(kind)
        assert judge.validate(etree.fromstring(octets)), judge.error_log.last_error
        check_accepted(judge, kind, octets)

    run()


@pytest.mark.parametrize("kind", ROOTS)
def test_a_mutant_is_judged_by_us_as_by_the_schema(
    shared: Path, judge: etree.XMLSchema, kind: str
) -> None:
    schema = published(shared)
    dice = random.Random(f"mutants of {kind}")
    walker = Walker(schema, dice)
    invalid: Counter[str] = Counter()
    for name in MUTATIONS:
        for tries in range(_MOST_TRIES):
            if tries >= _MUTANTS_EACH and invalid[name] > 1:
                break
            octets = mutate(walker.document(kind), name, dice)
            if octets is None:
                continue
            invalid[name] += not agree(judge, schema, kind, octets)
    assert sum(invalid.values()) >= _LEAST_INVALID
    assert all(invalid[name] > 1 for name in MUTATIONS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_type_is_of_one_namespace(
    shared: Path, judge: etree.XMLSchema, kind: str
) -> None:
    schema = published(shared)
    root = etree.fromstring(Walker(schema, random.Random(kind)).document(kind))
    for prefix, uri in root.nsmap.items():
        for message in root.iterchildren("*"):
            message.set(f"{{{XSI}}}type", f"{prefix}:{kind}" if prefix else kind)
        assert agree(judge, schema, kind, etree.tostring(root)) == (uri == X1)


def test_every_element_is_bounded_as_by_the_schema(shared: Path, judge: etree.XMLSchema) -> None:
    """Each element once: its text around its type's edges, itself in every other namespace, twice,
    not at all, with an attribute, with what does not belong in it."""
    schema = published(shared)
    seen: set[str] = set()
    verdicts: Counter[bool] = Counter()
    for kind in ROOTS:
        dice = random.Random(f"edges of {kind}")
        ways = routes(schema, schema.types[kind])
        hits = Hits({way: route for way, route in ways.items() if way not in seen and "/" in way})
        walker = Walker(schema, dice, hits, budget=25)
        for _ in range(1 + len(hits.missing)):
            walker.document(kind)
            for node, way, simple in walker.places:
                # A header is the same in every message.
                place = way.removeprefix(f"{kind}/")
                if place not in seen:
                    seen.add(place)
                    for octets in variants(walker.root, node, simple, dice):
                        verdicts[agree(judge, schema, kind, octets)] += 1
            if not hits.missing:
                break
    assert len(seen) > 450
    assert verdicts[False] > 6_000
    assert verdicts[True] > 1_500


def variants(root: Any, node: Any, kind: Any, dice: random.Random) -> Iterator[bytes]:
    """The document with the element changed; the element is as it was afterwards."""
    kept, name, text = node.tag, etree.QName(node).localname, node.text
    if not len(node):
        texts = ["x", " "]
        if not kind.is_complex() or kind.has_simple_content():
            texts = around(kind.content if kind.is_complex() else kind, dice)
        for node.text in texts:
            yield etree.tostring(root)
        node.text = text
    for uri in sorted(
        {*schema_files(Path()), "urn:example:unknown"} - {etree.QName(kept).namespace}
    ):
        node.tag = f"{{{uri}}}{name}"
        yield etree.tostring(root)
    for node.tag in (name, kept + "s"):
        yield etree.tostring(root)
    node.tag = kept
    node.set("a", "1")
    yield etree.tostring(root)
    del node.attrib["a"]
    node.append(copy.deepcopy(node))
    yield etree.tostring(root)
    node.remove(node[-1])
    node.addnext(copy.deepcopy(node))
    yield etree.tostring(root)
    node.getparent().remove(node.getnext())
    parent, at = node.getparent(), node.getparent().index(node)
    parent.remove(node)
    yield etree.tostring(root)
    parent.insert(at, node)


def agree(judge: etree.XMLSchema, schema: Any, kind: str, octets: bytes) -> bool:
    """Whether the schema allows a document; the codec must say the same."""
    known = frozenset(schema_files(Path()))
    root = without_unknown_extensions(etree.fromstring(octets), known)
    if judge.validate(root):
        if not names_no_operation(root):
            check_accepted(judge, kind, octets)
        return True
    if not only_libxml2_refuses_its_uri(judge, schema, root):
        check_refused(kind, octets)
    return False


def check_refused(kind: str, octets: bytes) -> None:
    with pytest.raises(X1DecodeError) as caught:
        decode(kind, octets)
    assert caught.value.what
    assert "\n" not in caught.value.what


def names_no_operation(root: etree._Element) -> bool:
    """Of x1_bounds, the one ("message type") that a mutation can meet: a header, valid alone."""
    if root.tag not in (f"{{{X1}}}X1Request", f"{{{X1}}}X1Response"):
        return False
    stated = [
        message.get(f"{{{XSI}}}type", "X1RequestMessage") for message in root.iterchildren("*")
    ]
    bases = ("X1RequestMessage", "X1ResponseMessage")
    return any(kind.rpartition(":")[2] in bases for kind in stated)
