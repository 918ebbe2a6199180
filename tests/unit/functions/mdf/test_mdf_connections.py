"""Each connection of an mdf gives its account when it ends: the leg, the peer, numbers."""

from __future__ import annotations

from dataclasses import replace

from mdf_bench import Bench
from mdf_enrolment import LEMF_A, destination, grant, task
from mdf_scene import SOURCE, A, x2
from test_mdf_intake import AMF, Element

from custodes.functions.mdf.side import Side
from custodes.session.account import Account
from custodes.session.x1.requester import Completed
from custodes.wire.x1.destination_messages import CreateDestinationRequest
from custodes.wire.x1.task_messages import ActivateTaskRequest

FOR_A = grant(A)


def test_an_intake_and_a_delivery_are_accounted_for_when_they_end() -> None:
    bench, told = Bench(), list[tuple[str, str, Account]]()
    bench.side.close(0)
    bench.side = Side(replace(bench.side.setting, account=lambda *account: told.append(account)))
    bench.side.start()
    created = CreateDestinationRequest(destinationDetails=destination(FOR_A))
    activated = ActivateTaskRequest(taskDetails=task(FOR_A))
    assert bench.x1(created, activated) == [Completed(), Completed()]
    poi = Element(bench)
    poi.send(0, 1)
    poi.sender.drain(0.0)
    poi.flush()
    assert poi.acknowledged()
    poi.end()
    ((leg, peer, account),) = told
    assert (leg, peer) == ("intake", AMF.name)
    assert (account.pdus_received, account.pdus_sent) == (2, 0)
    assert (account.keepalives_received, account.keepalives_received_answered) == (1, 1)
    assert account.gaps is None
    bench.side.product(x2(), SOURCE)
    assert bench.side.close(10) == 0
    (leg, peer, account) = told[-1]
    assert (leg, peer) == ("delivery", LEMF_A.name)
    assert account.pdus_sent == len(bench.a.got) > 0
    assert account.keepalives_sent_answered > 0
