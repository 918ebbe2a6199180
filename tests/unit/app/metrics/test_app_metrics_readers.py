"""The readers of the administration, the gate, the probe and the receiver."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from metrics_scene import ELEMENTS, REGISTRY, values

from custodes.app.metrics import admf, lemf, poi, x1gate
from custodes.app.metrics.collector import Sample
from custodes.app.metrics.words import closed
from custodes.base.errors import ConfigurationError
from custodes.functions.admf.actions import Alarm
from custodes.functions.admf.provisioner import Counters as X1Counters
from custodes.functions.poi.counters import Counters as ProbeCounters
from custodes.functions.poi.events import BlindReason
from custodes.functions.poi.link import LinkCounters
from custodes.functions.x1gate.counters import OUTCOMES
from custodes.functions.x1gate.counters import Counters as GateCounters

SOURCE = Path(__file__).resolve().parents[4] / "src" / "custodes"


@dataclass
class Link:
    counters: LinkCounters
    waiting: int


def probe(counters: ProbeCounters | None, **links: Link) -> list[Sample]:
    service: Any = SimpleNamespace(
        blind={str(BlindReason.CONFLICT): 2},
        incomplete=3,
        links=lambda: [(ne, "mdf2", link) for ne, link in links.items()],
    )
    return list(poi.PoiReader(service, lambda: counters)())


def test_the_probe_tells_frames_reasons_and_links() -> None:
    counters = ProbeCounters(frames=9, ngap=4, records=2)
    counters.unreadable.update({"short frame": 1, "IP version": 2})
    link = Link(LinkCounters(sent=7, resent=1, acknowledged=4, unsendable=1, unsent=1), 2)
    samples = probe(counters, amf=link)
    assert values(samples, "custodes_poi_frames_total") == {(): 9}
    assert values(samples, "custodes_poi_unreadable_total") == {(): 3}
    packets = values(samples, "custodes_poi_packets_total")
    assert (packets["ngap",], packets["records",], packets["gtpu",]) == (4, 2, 0)
    assert values(samples, "custodes_poi_blind_total") == {(str(BlindReason.CONFLICT),): 2}
    assert values(samples, "custodes_poi_incomplete_total") == {(): 3}
    for name, number in {
        "sent_total": 7,
        "resent_total": 1,
        "acknowledged_total": 4,
        "lost_total": 2,
        "waiting": 2,
    }.items():
        assert values(samples, f"custodes_poi_link_{name}") == {("amf", "mdf2"): number}


def test_a_probe_without_a_capture_tells_noughts() -> None:
    assert values(probe(None), "custodes_poi_frames_total") == {(): 0}


def test_every_blind_reason_and_packet_is_a_word() -> None:
    words = poi.words(REGISTRY)
    assert all(reason.value in words["reason"] for reason in BlindReason)
    assert "frames" not in words["what"]
    assert "gtpu_unknown_tunnel" in words["what"]


def test_the_gate_tells_messages_and_leniencies() -> None:
    counters = GateCounters()
    counters.x1("amf", "ActivateTask", "refused")
    counters.x1("amf", "ActivateTask", "refused")
    counters.leniency("smf", "untypedResponses")
    samples = list(x1gate.GateReader(counters)())
    labels = ("amf", "ActivateTask", "refused")
    assert values(samples, "custodes_x1gate_messages_total") == {labels: 2}
    used = ("smf", "untypedResponses")
    assert values(samples, "custodes_x1gate_leniencies_used_total") == {used: 1}
    words = x1gate.words(REGISTRY)
    assert closed(words, ("ne", "operation", "outcome"), labels) == labels
    assert closed(words, ("element", "kind"), used) == used


def test_every_outcome_that_the_gate_logs_is_a_word() -> None:
    tree = ast.parse((SOURCE / "functions" / "x1gate" / "gate.py").read_text())
    said = {
        str(call.args[2].value)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and ast.unparse(call.func).endswith("_journal.x1")
        and isinstance(call.args[2], ast.Constant)
    }
    results = {"completed", "acknowledged", "answered"}  # names of classes, in lower case
    assert said | results == OUTCOMES


def test_the_receiver_tells_what_it_counts() -> None:
    samples = list(lemf.LemfReader("agency-a", lambda: {"iri": 2, "cc": 1})())
    name = "custodes_lemf_counted_total"
    assert values(samples, name) == {("agency-a", "iri"): 2, ("agency-a", "cc"): 1}


def test_every_name_that_the_receiver_counts_is_a_word() -> None:
    counted = set()
    for path in (SOURCE / "functions" / "lemf").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("evidence.count"):
                counted.add(ast.literal_eval(node.args[0]))
            if (
                isinstance(node, ast.Subscript)
                and ast.unparse(node.value).endswith(("counts", "counters", "_here"))
                and isinstance(node.slice, ast.Constant)
            ):
                counted.add(node.slice.value)
    assert len(counted) > 12
    assert counted <= lemf.COUNTED


class Clock:
    def now(self) -> Any:
        return None


def administration(
    monkeypatch: pytest.MonkeyPatch, alarms: tuple[Alarm, ...] = ()
) -> admf.AdmfReader:
    monkeypatch.setattr(admf, "state_of", lambda record, _now: record)
    element = SimpleNamespace(neIdentifier="amf", state="refuses")
    store: Any = SimpleNamespace(
        orders=SimpleNamespace(all=lambda: (("running", "running", "ended"), ("DOC-9",))),
        elements=SimpleNamespace(states=lambda: (element,)),
    )
    plan = SimpleNamespace(steps=(1, 2), waiting=(3,))
    provisioner: Any = SimpleNamespace(
        counters=X1Counters(x1_requests=5, x1_confirmed=4, x1_reads=9),
        picture=lambda: SimpleNamespace(plan=plan),
        alarms=alarms,
    )
    clock: Any = Clock()
    return admf.AdmfReader(store, provisioner, REGISTRY, clock)


def test_the_administration_tells_how_many_and_never_which(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alarms = (
        Alarm("amf", "xid-1", "a task that was never issued"),
        Alarm("amf", "xid-2", "ActivateTask is refused again and again: 1080 not implemented"),
        Alarm("amf", "xid-3", "something new about xid-3"),
    )
    samples = list(administration(monkeypatch, alarms)())
    orders = values(samples, "custodes_admf_orders")
    assert (orders["running",], orders["ended",], orders["registered",]) == (2, 1, 0)
    assert values(samples, "custodes_admf_orders_damaged") == {(): 1}
    elements = values(samples, "custodes_admf_elements")
    assert (elements["refuses",], elements["unknown",]) == (1, len(ELEMENTS) - 1)
    assert values(samples, "custodes_admf_x1_requests_total") == {(): 5}
    assert values(samples, "custodes_admf_x1_confirmed_total") == {(): 4}
    assert values(samples, "custodes_admf_x1_reads_total") == {(): 9}
    assert values(samples, "custodes_admf_steps_open") == {(): 2}
    assert values(samples, "custodes_admf_steps_waiting") == {(): 1}
    kinds = {("unissued_task",): 1, ("refused",): 1, ("other",): 1}
    assert values(samples, "custodes_admf_alarms") == kinds
    told = str([(s.name, s.labels) for s in samples])
    assert not any(name in told for name in ("xid-", "DOC-9"))


def test_a_database_that_is_damaged_is_not_told_as_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = administration(monkeypatch)

    def damaged() -> None:
        raise ConfigurationError("damaged")

    reader._store.orders.all = damaged  # type: ignore[method-assign,assignment]
    with pytest.raises(ConfigurationError):
        list(reader())
