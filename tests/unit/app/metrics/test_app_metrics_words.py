"""Labels: enrolled names and closed sets; anything else is "other"."""

from __future__ import annotations

from dataclasses import replace

from metrics_scene import REGISTRY

from custodes.app.metrics.words import OTHER, agency_of, closed, enrolled


def test_enrolled_names_and_nobody_are_told() -> None:
    words = enrolled(REGISTRY)
    element, agency = REGISTRY.elements[0].neIdentifier, REGISTRY.agencies[0].name
    labels = ("ne", "element", "agency")
    assert closed(words, labels, (element, "", agency)) == (element, "", agency)


def test_what_is_not_enrolled_or_not_foreseen_is_other() -> None:
    words = {**enrolled(REGISTRY), "event": frozenset({"registration"})}
    values = ("imsi-001010000000001", "001010000000001", "x")
    assert closed(words, ("element", "event", "new"), values) == (OTHER, OTHER, OTHER)


def test_a_receiver_of_several_agencies_stands_for_none_of_them() -> None:
    first, second, *_ = REGISTRY.agencies
    assert agency_of(REGISTRY)[first.lemf.name] == first.name
    shared = replace(REGISTRY, agencies=(first, replace(second, lemf=first.lemf)))
    assert agency_of(shared) == {}
