"""Every metric of every function, as data: nothing that is not in this table is told.

Names follow Prometheus: a counter ends in ``_total`` and only grows while its process lives. Labels
take their values from closed sets (``Words`` of each function's reader): enrolled names of elements
and agencies, names of records, reasons, states. None of them can hold an identifier of an order, a
task, a destination or a target.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Metric:
    """``function`` tells it ("" for all of them); ``help`` is one line for people."""

    function: str
    name: str
    labels: tuple[str, ...]
    help: str

    @property
    def counts(self) -> bool:
        """Whether it only grows (a counter), or goes up and down (a gauge)."""
        return self.name.endswith("_total")


def _of(function: str, *rows: tuple[str, str, str]) -> tuple[Metric, ...]:
    prefix = f"custodes_{function}_" if function else "custodes_"
    return tuple(
        Metric(function, prefix + name, tuple(labels.split()), told) for name, labels, told in rows
    )


_ALL = _of(
    "",
    ("build_info", "function version", "always 1; which function and version this is"),
    ("lab", "", "1 where the function holds a lab's certificate, else 0"),
)
_ADMF = _of(
    "admf",
    ("orders", "state", "orders by state"),
    ("orders_damaged", "", "orders that the database holds and that do not verify"),
    ("elements", "state", "enrolled elements by what was last known of them"),
    ("x1_requests_total", "", "changes asked for over X1"),
    ("x1_confirmed_total", "", "changes that a reading has confirmed"),
    ("x1_reads_total", "", "readings of elements"),
    ("steps_open", "", "steps that are due now"),
    ("steps_waiting", "", "steps that wait for others, or for another try"),
    ("alarms", "kind", "alarms that stand now"),
)
_X1GATE = _of(
    "x1gate",
    ("messages_total", "ne operation outcome", "X1 messages by operation and outcome"),
    ("leniencies_used_total", "element kind", "what was tolerated, every use"),
)
_POI = _of(
    "poi",
    ("frames_total", "", "frames of the capture"),
    ("packets_total", "what", "what the probe made of frames and packets"),
    ("unreadable_total", "", "frames and packets that could not be read"),
    ("blind_total", "reason", "sessions that could not be attributed or reported"),
    ("incomplete_total", "", "product that the standard's rules keep from going"),
    ("link_sent_total", "ne mdf", "PDUs sent for the first time"),
    ("link_resent_total", "ne mdf", "PDUs sent once more after a connection broke"),
    ("link_acknowledged_total", "ne mdf", "PDUs that the MDF has vouched for"),
    ("link_lost_total", "ne mdf", "PDUs that are known not to have arrived"),
    ("link_waiting", "ne mdf", "PDUs queued, or sent and not yet vouched for"),
    ("link_connections_total", "ne mdf", "connections made"),
    ("link_failures_total", "ne mdf", "connections that broke or could not be made"),
)
_MDF_IN = _of(
    "mdf",
    ("taken_in_total", "ne element event", "PDUs mediated; event is content for X3"),
    ("refused_total", "ne element reason", "PDUs, or records of one order, that were refused"),
    ("left_out_total", "ne element reason", "records that an order does not get, as ordered"),
    ("repeats_total", "ne element", "PDUs had before, dropped"),
    ("missing_total", "ne element", "PDUs whose numbers were jumped over"),
    ("restarted_numbers_total", "ne element", "times that an element's numbers went back"),
    ("back_pressure_total", "ne element", "half seconds that an intake waited for the disk"),
    ("unmapped_identifiers_total", "ne element", "identifiers that the handover has no place for"),
    ("unexpected_directions_total", "ne element", "xIRIs in a direction not their event's"),
    ("quirks_used_total", "ne element", "uses of what is tolerated from an element"),
    ("internal_errors_total", "ne element", "intake connections ended by a fault of ours"),
    ("intake_connections_total", "ne element", "X2 and X3 connections made"),
    ("intake_connections_lost_total", "ne element", "those that did not end by being closed"),
    ("intake_connections", "ne element", "those that stand now"),
    ("starts_of_interception_total", "ne", "records made for an order that joined"),
)
_MDF_OUT = _of(
    "mdf",
    ("delivered_total", "ne agency kind", "PS-PDUs sent, repeats included"),
    ("confirmed_total", "ne agency", "PS-PDUs that the agency has confirmed"),
    ("over_quota_total", "ne agency", "PS-PDUs not kept, for the agency's share was full"),
    ("misrouted_total", "ne agency", "PS-PDUs held back at the last check before the socket"),
    ("damaged_total", "ne agency", "PS-PDUs in the outbox that do not open"),
    ("unexpected_total", "ne agency", "what a receiver sent and should not"),
    ("connections_total", "ne agency", "delivery connections made"),
    ("connections_lost_total", "ne agency", "delivery connections that ended while wanted"),
    ("connect_failures_total", "ne agency", "delivery connections that could not be made"),
    ("connected", "ne agency", "delivery connections that stand now"),
    ("outbox_pdus", "ne agency", "PS-PDUs that the agency has not confirmed"),
    ("outbox_octets", "ne agency", "their octets"),
    ("destroyed_total", "ne", "PS-PDUs destroyed after they were confirmed"),
    ("kept", "ne", "PS-PDUs left unconfirmed, or unwritten, when the side closed"),
    ("alarms_total", "ne kind", "alarms, each time and not only when raised"),
)
_LEMF = _of(
    "lemf",
    ("counted_total", "agency what", "what the receiver counts, as in receiver.json"),
)

METRICS = (*_ALL, *_ADMF, *_X1GATE, *_POI, *_MDF_IN, *_MDF_OUT, *_LEMF)
BY_NAME = {metric.name: metric for metric in METRICS}
