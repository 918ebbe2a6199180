"""The collector: read at the scrape, summed, typed, and apart from the library's own registry."""

from __future__ import annotations

import prometheus_client
import pytest

from custodes import __version__
from custodes.app.metrics.collector import Exposition, Sample
from custodes.app.metrics.scrape import Told, parse
from custodes.base.errors import CustodesError

TAKEN = "custodes_mdf_taken_in_total"
WORDS = {
    "ne": ("mdf2",),
    "element": ("amf", "smf"),
    "event": ("registration",),
    "state": ("ended",),
}


def exposition(*samples: Sample, lab: bool = True) -> Exposition:
    return Exposition("mdf", lambda: samples, WORDS, lab=lab)


def told(text: bytes, name: str) -> list[Told]:
    return [sample for sample in parse(text) if sample.name == name]


def test_a_counter_and_a_gauge_are_told_as_what_they_are() -> None:
    text = exposition(
        Sample(TAKEN, ("mdf2", "amf", "registration"), 3),
        Sample("custodes_admf_orders", ("ended",), 2),
    ).text()
    assert b"# TYPE custodes_mdf_taken_in_total counter" in text
    assert b"# TYPE custodes_admf_orders gauge" in text
    labels = {"ne": "mdf2", "element": "amf", "event": "registration"}
    assert told(text, TAKEN) == [Told(TAKEN, labels, 3.0)]
    assert [s.value for s in told(text, "custodes_admf_orders")] == [2.0]


def test_what_no_set_holds_meets_under_other_and_is_added_up() -> None:
    text = exposition(
        Sample(TAKEN, ("mdf2", "amf", "imsi-001010000000001"), 3),
        Sample(TAKEN, ("mdf2", "amf", "001010000000001"), 4),
    ).text()
    [sample] = told(text, TAKEN)
    assert (sample.labels["event"], sample.value) == ("other", 7.0)
    assert b"0101" not in text


def test_every_scrape_reads_anew() -> None:
    counted = [1]
    endless = Exposition(
        "mdf", lambda: [Sample(TAKEN, ("mdf2", "amf", "registration"), counted[0])], WORDS, lab=True
    )
    assert [s.value for s in told(endless.text(), TAKEN)] == [1.0]
    counted[0] = 5
    assert [s.value for s in told(endless.text(), TAKEN)] == [5.0]


@pytest.mark.parametrize("lab", [True, False])
def test_a_process_says_what_it_is(lab: bool) -> None:
    text = exposition(lab=lab).text()
    [info] = told(text, "custodes_build_info")
    assert info.labels == {"function": "mdf", "version": __version__}
    assert [s.value for s in told(text, "custodes_lab")] == [float(lab)]
    [start] = told(text, "process_start_time_seconds")
    assert start.value > 0


def test_nothing_is_in_the_librarys_own_registry_and_nothing_of_it_here() -> None:
    text = exposition(Sample(TAKEN, ("mdf2", "amf", "registration"), 3)).text()
    assert b"custodes" not in prometheus_client.generate_latest()
    assert b"python_info" not in text


def test_two_processes_do_not_meet_and_registering_reads_nothing() -> None:
    def fails() -> list[Sample]:
        raise CustodesError("read too early")

    broken = Exposition("mdf", fails, WORDS, lab=True)
    exposition()
    with pytest.raises(CustodesError, match="too early"):
        broken.text()


def test_a_name_that_the_table_lacks_is_a_fault() -> None:
    with pytest.raises(KeyError):
        exposition(Sample("custodes_mdf_new_total", (), 1)).text()
