"""The demo's scene with a monitor that looks on: what metrics tell agrees with the verdict, every
function tells them to the monitor alone, and none of them names the target."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from custodes.app.config import load
from custodes.app.demo import Demo, DemoResult, scene
from custodes.app.lab import ADMINISTRATOR, Lab
from custodes.app.metrics.scrape import Told, parse, scrape
from custodes.net.http import HTTPSClient
from custodes.net.tls import Material
from flow.scenes import CAPTURE, TARGET, settled

Scraped = dict[str, tuple[Told, ...]]

_DIGITS = TARGET.removeprefix("imsi-")
_EVEN = _DIGITS + "f" * (len(_DIGITS) % 2)
_TBCD = "".join(b + a for a, b in zip(_EVEN[::2], _EVEN[1::2], strict=True))


@dataclass(frozen=True)
class Seen:
    """``text`` is everything that was told, ``statuses`` by function and who asked."""

    result: DemoResult
    told: Scraped
    text: str
    statuses: dict[tuple[str, str], int]
    identifiers: frozenset[str]


def material(folder: Path, lab: Lab) -> Material:
    return Material(folder / "cert.pem", folder / "key.pem", lab.folder / "pki" / "ca.pem")


async def fetch(lab: Lab, function: str, folder: Path) -> tuple[int, str]:
    config = load(lab.function(function))
    expected = next(p for p in lab.registry().parties if p.name == config.shown.name)
    client = HTTPSClient(material(folder, lab))
    try:
        url = f"https://{config.metrics}/metrics"
        answer = await client.request("GET", url, expected=expected)
        return answer.status, answer.body.decode()
    finally:
        await client.close()


def total(told: tuple[Told, ...], name: str, **labels: str) -> float:
    return sum(s.value for s in told if s.name == name and labels.items() <= s.labels.items())


def by(told: tuple[Told, ...], name: str, label: str) -> dict[str, int]:
    found: Counter[str] = Counter()
    for sample in told:
        if sample.name == name:
            found[sample.labels[label]] += int(sample.value)
    return dict(found)


def delivered(lab: Lab) -> None:
    """Wait until no agency is owed anything."""
    deadline = time.monotonic() + 20
    while True:
        told = asyncio.run(scrape(lab.monitor, "mdf"))
        if not total(told, "custodes_mdf_outbox_pdus"):
            return
        assert time.monotonic() < deadline, "agencies are still owed product"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def seen(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    lab = settled(Lab.create(tmp_path_factory.mktemp("flow") / "lab", datetime.now(UTC)))
    strangers = {
        "officer": lab.officer("officer-1"),
        "element": lab.function("poi") / "amf",
        "mdf": lab.function("mdf") / "mdf2",
        "administrator": lab.officer(ADMINISTRATOR),
    }
    told: Scraped = {}
    texts: list[str] = []
    statuses: dict[tuple[str, str], int] = {}
    with Demo(lab, scene(TARGET), lambda _: None) as demo:
        stop = demo.supervisor.stop

        def look() -> dict[str, int]:
            delivered(lab)
            for name in lab.functions:
                status, text = asyncio.run(fetch(lab, name, lab.monitor))
                statuses[name, "monitor"] = status
                texts.append(text)
                told[name] = parse(text.encode())
                for who, folder in strangers.items():
                    statuses[name, who], _ = asyncio.run(fetch(lab, name, folder))
            return stop()

        demo.supervisor.stop = look  # type: ignore[method-assign]
        try:
            result, _ = demo.run([(shared / CAPTURE).read_bytes()])
        finally:
            demo.supervisor.stop = stop  # type: ignore[method-assign]
        identifiers = frozenset({*demo._liids.values(), *demo._xids.values()})
    return Seen(result, told, "\n".join(texts), statuses, identifiers)


def test_every_function_tells_a_monitor_and_an_administrator_and_nobody_else(seen: Seen) -> None:
    functions = {function for function, _ in seen.statuses}
    assert len(functions) == 6
    admitted = {"monitor": 200, "administrator": 200}
    assert {key: admitted.get(key[1], 403) for key in seen.statuses} == seen.statuses


def test_what_the_mdf_took_in_and_delivered_is_the_verdicts(seen: Seen) -> None:
    mdf, result = seen.told["mdf"], seen.result
    taken = by(mdf, "custodes_mdf_taken_in_total", "event")
    assert taken.pop("content") == result.xcc == 2
    assert taken == result.xiri
    kinds = {"hi2": result.hi2, "hi3": result.hi3, "hi4": result.hi4}
    assert by(mdf, "custodes_mdf_delivered_total", "kind") == kinds
    confirmed = total(mdf, "custodes_mdf_confirmed_total")
    assert confirmed == result.hi2 + result.hi3 + result.hi4
    assert result.hi4 > 0
    elements = by(mdf, "custodes_mdf_taken_in_total", "element")
    assert elements == {"amf": 1, "smf": 1, "upf": 2}
    for nothing in ("refused", "missing", "repeats", "misrouted", "damaged", "over_quota"):
        assert total(mdf, f"custodes_mdf_{nothing}_total") == 0


def test_the_probe_sent_what_the_mdf_took_in(seen: Seen) -> None:
    poi, result = seen.told["poi"], seen.result
    sent = by(poi, "custodes_poi_link_sent_total", "ne")
    assert sum(sent.values()) == sum(result.xiri.values()) + result.xcc
    assert by(poi, "custodes_poi_link_acknowledged_total", "ne") == sent
    assert total(poi, "custodes_poi_link_lost_total") == 0
    assert total(poi, "custodes_poi_frames_total") > 0


def test_agencies_received_what_the_mdf_delivered(seen: Seen) -> None:
    received: Counter[str] = Counter()
    for name, told in seen.told.items():
        if name.startswith("lemf"):
            received.update(by(told, "custodes_lemf_counted_total", "what"))
    result = seen.result
    assert (received["iri"], received["cc"], received["hi4"]) == (
        result.hi2,
        result.hi3,
        result.hi4,
    )


def test_administration_and_gate_tell_what_was_asked(seen: Seen) -> None:
    admf, gate = seen.told["admf"], seen.told["x1gate"]
    assert by(admf, "custodes_admf_orders", "state")["ended"] == seen.result.orders
    assert total(admf, "custodes_admf_x1_requests_total") == seen.result.x1_requests
    assert total(admf, "custodes_admf_x1_confirmed_total") == seen.result.x1_confirmed
    assert total(admf, "custodes_admf_steps_open") == 0
    assert total(admf, "custodes_admf_alarms") == 0
    done = total(gate, "custodes_x1gate_messages_total", outcome="completed")
    assert done == seen.result.x1_requests
    assert total(gate, "custodes_x1gate_messages_total", outcome="refused") == 0


def test_every_process_says_that_it_is_a_lab_and_when_it_began(seen: Seen) -> None:
    for told in seen.told.values():
        assert total(told, "custodes_lab") == 1
        assert 0 < total(told, "process_start_time_seconds") <= time.time()


def test_nothing_names_the_target_an_order_or_a_task(seen: Seen) -> None:
    text = seen.text.lower()
    identities = {_DIGITS, _DIGITS[5:], _TBCD, _DIGITS[::-1], *seen.identifiers}
    identities |= {f"order-{number}" for number in (1, 2, 3)}
    assert len(seen.identifiers) >= 5
    assert [identity for identity in identities if identity.lower() in text] == []
    values = [v for told in seen.told.values() for s in told for v in s.labels.values()]
    assert [v for v in values if re.search(r"\d\d", v)] == []
