"""The digest that is remembered is the intent's own."""

from __future__ import annotations

from dataclasses import replace

from admf_scene import Scene

from custodes.functions.admf.digests import digest_of


def test_it_is_the_digest_of_what_it_is_given(scene: Scene) -> None:
    intent = scene.approved().intent
    other = scene.approved(reference="B-1").intent
    read_again = scene.book.get("A-1").intent
    assert digest_of(intent) == intent.digest() == digest_of(read_again)
    assert digest_of(other) == other.digest() != digest_of(intent)
    for changed in (
        replace(intent, liid=other.liid),
        replace(intent, elements=intent.elements[1:]),
        replace(intent, order=replace(intent.order, content=not intent.order.content)),
    ):
        assert digest_of(changed) == changed.digest() != digest_of(intent)
