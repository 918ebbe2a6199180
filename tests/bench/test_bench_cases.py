"""The benchmarks run, and what they measure is right; nothing here is timed."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench_cases import groups
from bench_measure import Rate, compare
from bench_run import round_off, table
from bench_scene import NS, ORDER, ContentBench, x3_octets

from custodes.wire.handover.pdu import CCs, decode
from custodes.wire.iri.payload import decode_cc
from custodes.wire.x2x3 import pdu as x2x3


def test_all_ways_to_a_ps_pdu_give_the_same_octets() -> None:
    octets = x3_octets(512)
    assert len(x2x3.decode(octets).payload) == 512
    fast, generic, mediated = (ContentBench(octets) for _ in range(3))
    mediated.mediated()  # its numbers begin with 0, the others' with 1
    for _ in range(300):
        found = {fast.fast(), generic.generic(), mediated.mediated()}
        assert len(found) == 1
    pdu = decode(found.pop())
    assert (pdu.header.liid, pdu.header.timestamp) == (ORDER, NS // 1000 * 1000)
    assert isinstance(pdu.payload, CCs)
    gtpu = decode_cc(pdu.payload.items[0].contents[1]).pDU[1]
    assert gtpu == x2x3.decode(octets).payload


def test_every_case_runs(shared: Path) -> None:
    assert shared.is_dir()  # with the foreign codecs
    for group in groups():
        page = table(group, compare(group.runs, rounds=1, seconds=0.0001))
        assert page.startswith(f"## {group.title}\n")
        assert page.count("\n| ") == len(group.runs) + 1


def test_what_a_table_shows() -> None:
    rates = compare({"a": lambda: sum(range(10)), "b": lambda: None}, rounds=3, seconds=0.0001)
    assert rates["a"].ratio == 1
    assert isinstance(rates["b"], Rate)
    assert rates["b"].low <= rates["b"].per_second <= rates["b"].high


@pytest.mark.parametrize(("rate", "shown"), [(182_145.7, 182_000), (9.4, 9), (1234.0, 1230)])
def test_three_digits_are_shown(rate: float, shown: int) -> None:
    assert round_off(rate) == shown
