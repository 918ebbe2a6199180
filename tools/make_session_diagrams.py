"""Writes docs/interfaces/sessions.md from the transition tables of custodes.session.

Run: .venv/bin/python tools/make_session_diagrams.py
"""

from __future__ import annotations

from pathlib import Path

from custodes.session.handover.rules import RECEIVER, SENDER
from custodes.session.transitions import Machine
from custodes.session.x1.exchange import REQUESTER
from custodes.session.x1.watchdog import WATCHDOG
from custodes.session.x2x3.rules import MDF, POI

MACHINES = (POI, MDF, REQUESTER, WATCHDOG, SENDER, RECEIVER)
PAGE = Path(__file__).resolve().parents[1] / "docs" / "interfaces" / "sessions.md"
_QUIET = "nothing"

_HEAD = """\
# Sessions: what each does with each input

Made by `tools/make_session_diagrams.py` from the tables in the code; do not edit.
Sessions do no I/O: octets, time and calls come in, octets and events go out. Tests walk every row
(`test_session_x2x3_rules`, `test_session_x1_exchange`, `test_session_x1_watchdog`,
`test_session_handover_rules`); a pair of a state and an input that is in none cannot come up. A
diagram shows inputs; it leaves out what is refused or changes nothing.

| machine | table | code |
|---|---|---|
"""

_TAIL = """\
## What the tables do not say

- **X2/X3.** There is no acknowledgement per PDU. A keepalive answered is the one proof that what
  came before it was taken in; the function answers when it is durable. A connection may be
  narrowed to X2 or X3: the other is then a breach. Numbers count per context over all connections
  (`session/x2x3/sequence.py`).
- **X1, answers.** The version of an answer need not be that of its request: one that we speak is
  taken and recorded as `otherVersion`; an error is taken in any version; anything else in a
  version that we do not speak is a breach.
- **X1, repeats.** A request whose answer was lost may be asked again (`session/x1/repeats.py`).
  2020 to DeactivateTask and 2040 to RemoveDestination mean that it is done; 2010 to ActivateTask
  and 2030 to CreateDestination that something holds the identifier, which a reading must tell.
  The admf reads after every step, so it needs no more.
- **X1, silence.** TIME_P2 is 3600 s, TIME_P3 7200 s. Deactivation at TIME_P3 is off unless an
  element is made to ([ADR 0011](../adr/0011-a-silent-administration.md)).
- **Handover, resume.** No field says which PDU a receiver has last: what was sent after the last
  answered question is sent again, in order, and the receiver knows repeats by number and octets.
- **Handover, options.** A keep-alive proves as much as a pDUAcknowledgementRequest, every
  receiver knows it, and asking costs a round trip before any product: by default no option is
  asked for (`Limits.negotiate`). A receiver that leaves optionRequest unanswered for 10 s is sent
  its product all the same, and is not asked again.
- **Handover, numbers.** The answer to a question must echo the number in the question's header
  [I].
- **Handover, segments.** firstSegmentFlag and lastSegmentFlag are PDUs of their own in the
  module, which does not say what stands between them or how it is put together. We send none: a
  PDU is as long as its product, at most what X2 and X3 may carry (4 MiB) and its envelope. One
  that comes is kept as a PDU, counted as unexpected, and nothing is put together.
- **Account.** Each session counts PDUs, octets, questions asked and answered, gaps and times per
  connection (`session/account.py`).

[I]: inferred, the prose of the standard was not at hand.
"""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _diagram(machine: Machine) -> str:
    names = {state: f"s{number}" for number, state in enumerate(machine.states)}
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{state}" as {name}' for state, name in names.items()]
    lines.append(f"    [*] --> {names[machine.start]}")
    for row in machine.rows:
        if row.action.startswith(_QUIET) or (row.state == row.to and "Error" in row.action):
            continue
        label = " · ".join(row.inputs).replace(":", ",").replace(";", ",")
        lines.append(f"    {names[row.state]} --> {names[row.to]} : {label}")
    return "\n".join([*lines, "```"])


def _table(machine: Machine) -> str:
    lines = ["| state | input | action | then |", "|---|---|---|---|"]
    for row in machine.rows:
        for given in row.inputs:
            cells = (row.state, given, row.action, row.to)
            lines.append("| " + " | ".join(map(_cell, cells)) + " |")
    return "\n".join(lines)


def _tables_file(machine: Machine) -> str:
    return {
        id(POI): "session/x2x3/rules.py",
        id(MDF): "session/x2x3/rules.py",
        id(REQUESTER): "session/x1/exchange.py",
        id(WATCHDOG): "session/x1/watchdog.py",
    }.get(id(machine), "session/handover/rules.py")


def page() -> str:
    """The whole page."""
    parts = [
        _HEAD
        + "\n".join(
            f"| {machine.title} | `{_tables_file(machine)}` | `{machine.module}` |"
            for machine in MACHINES
        )
    ]
    for machine in MACHINES:
        parts.append(f"## {machine.title}")
        parts.append(f"{machine.clause}.")
        parts.append(_diagram(machine))
        parts.append(_table(machine))
    return "\n\n".join([*parts, _TAIL])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
