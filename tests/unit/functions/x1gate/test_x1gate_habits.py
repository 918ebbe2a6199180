"""From an element's enrolment to how it is read; and the one set of names for both."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from custodes.functions.x1gate.habits import leniency_of, version_of
from custodes.model.registry import Element, ElementKind, X1Leniency
from custodes.wire.x1.header import CURRENT_VERSION
from custodes.wire.x1.leniency import STRICT, Leniency
from unit.functions.x1gate.x1gate_scene import AMF, X1

PLAIN = Element(AMF, ElementKind.AMF, X1)


def test_the_enrolments_names_are_the_codecs() -> None:
    assert {str(name) for name in X1Leniency} == {field.name for field in fields(Leniency)}


def test_nobody_is_read_leniently_unless_enrolled_so() -> None:
    assert leniency_of(None) == leniency_of(PLAIN) == STRICT == Leniency()
    assert version_of(None) == version_of(PLAIN) == CURRENT_VERSION


@pytest.mark.parametrize("name", X1Leniency)
def test_each_leniency_is_its_own(name: X1Leniency) -> None:
    lenient = replace(PLAIN, leniencies=frozenset({name}), x1Version="v1.6.1")
    assert leniency_of(lenient) == Leniency(**{name: True})
    assert version_of(lenient) == "v1.6.1"
