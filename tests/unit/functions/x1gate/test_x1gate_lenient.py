"""What an element may do differently: only as enrolled for it, each use told, never its value."""

from __future__ import annotations

import re
from typing import Any

import pytest

from custodes.base.errors import CustodesError
from custodes.model.party import Party, Role
from custodes.model.registry import X1Leniency
from custodes.session.x1.requester import Completed, Refused, Requester
from custodes.wire.x1.errors import X1DecodeError
from custodes.wire.x1.fault import ErrorInformation
from custodes.wire.x1.liveness_messages import PingRequest
from custodes.wire.x1.message import decode_request
from custodes.wire.x1.report_messages import ReportNEIssueRequest, TypeOfNeIssueMessage
from unit.functions.x1gate.x1gate_scene import AMF, DIGITS, MDF2, NOW, Scene

SHORT, UNTYPED = X1Leniency.MILLISECOND_TIMES, X1Leniency.UNTYPED_RESPONSES
ALERT = TypeOfNeIssueMessage.ALERT
TIME = "x1ResponseMessage[1]/messageTimestamp"


def short_times(octets: bytes) -> bytes:
    cut = re.sub(rb"(\.[0-9]{3})000Z", rb"\1Z", octets)
    assert cut != octets
    return cut


def untyped(octets: bytes) -> bytes:
    bare = re.sub(rb' xsi:type="x1:[A-Za-z]+"', b"", octets)
    assert bare != octets
    return bare


def lenient(*names: X1Leniency, **more: Any) -> Scene:
    return Scene(leniencies=frozenset(names), **more)


@pytest.mark.parametrize("version", ["v1.6.1", "v1.10.1", "v1.22.1"])
async def test_an_element_is_asked_in_its_own_version_and_the_admf_answered_in_ours(
    version: str,
) -> None:
    scene = Scene(x1Version=version)
    requester = Requester(admfIdentifier="admf", neIdentifier="amf", ids=scene.ids)
    octets = requester.request([PingRequest()], NOW)
    answer = await scene.gate.relay("amf", octets, Party("admf", Role.ADMF, ""))
    assert requester.response(answer) == [Completed()]
    assert scene.elements.versions == [version]
    assert answer.count(b">v1.22.1<") == 1


@pytest.mark.parametrize(
    ("name", "habit", "other", "path"),
    [(SHORT, short_times, UNTYPED, TIME), (UNTYPED, untyped, SHORT, "x1ResponseMessage[1]")],
)
async def test_a_habit_is_taken_where_it_is_enrolled_and_only_it(
    name: X1Leniency, habit: Any, other: X1Leniency, path: str
) -> None:
    scene = lenient(name)
    scene.elements.habit = habit
    assert await scene.ask("amf", PingRequest()) == [Completed()]
    assert scene.journal.tolerated == [("amf", name.value, path)]
    for strict in (Scene(), lenient(other)):
        strict.elements.habit = habit
        with pytest.raises(X1DecodeError):
            await strict.ask("amf", PingRequest())
        assert strict.journal.tolerated == []
        assert strict.journal.lines == [("amf", "Ping", "failed")]


async def test_every_use_is_told() -> None:
    scene = lenient(SHORT, UNTYPED)
    scene.elements.habit = lambda octets: untyped(short_times(octets))
    assert await scene.ask("amf", PingRequest(), PingRequest()) == [Completed()] * 2
    assert sorted(path for _, _, path in scene.journal.tolerated) == [
        "x1ResponseMessage[1]",
        "x1ResponseMessage[1]/messageTimestamp",
        "x1ResponseMessage[2]",
        "x1ResponseMessage[2]/messageTimestamp",
    ]
    assert len(await scene.ask("amf", PingRequest())) == 1
    assert len(scene.journal.tolerated) == 6


async def test_an_element_that_does_as_the_schema_says_uses_nothing() -> None:
    scene = lenient(SHORT, UNTYPED)
    assert await scene.ask("amf", PingRequest()) == [Completed()]
    assert scene.journal.tolerated == []


async def test_uses_are_told_though_the_answer_is_refused_in_the_end() -> None:
    scene = lenient(SHORT)
    scene.elements.habit = lambda octets: short_times(octets).replace(b">amf<", b">smf<")
    with pytest.raises(CustodesError):
        await scene.ask("amf", PingRequest())
    assert scene.journal.tolerated == [("amf", SHORT.value, TIME)]


async def test_the_admf_is_given_no_leniency_whatever_its_element_is_given() -> None:
    scene = lenient(SHORT, UNTYPED)
    requester = Requester(admfIdentifier="admf", neIdentifier="amf", ids=scene.ids)
    octets = short_times(requester.request([PingRequest()], NOW))
    [result] = requester.response(
        await scene.gate.relay("amf", octets, Party("admf", Role.ADMF, ""))
    )
    assert isinstance(result, Refused)
    assert scene.sent == []


async def test_a_foreign_code_reaches_the_admf_in_words_and_the_log_without_them() -> None:
    for ne in ("amf", "amf-foreign"):
        scene = Scene()
        text = "refused" if ne == "amf" else f"I know no {DIGITS}"
        scene.elements.error = ErrorInformation(errorCode=77001, errorDescription=text)
        told = f"the element's own error 77 001: {text}"
        assert await scene.ask(ne, PingRequest()) == [Refused(1000, told)]
        path = "x1ResponseMessage[1]/errorInformation/errorCode"
        assert scene.journal.tolerated == [(ne, "foreignErrorCode", path)]


@pytest.mark.parametrize(("code", "why"), [(77001, "an error of its own"), (2020, "error 2020")])
async def test_the_log_holds_no_words_of_a_foreign_element(code: int, why: str) -> None:
    scene = Scene()
    scene.elements.error = ErrorInformation(errorCode=code, errorDescription=DIGITS)
    [result] = await scene.ask("amf-foreign", PingRequest())
    assert isinstance(result, Refused)
    assert DIGITS in result.text, "the admf is told, and redacts"
    assert scene.journal.reasons == [why]


def report(scene: Scene, ne: str, version: str, **fields: Any) -> tuple[Requester, bytes]:
    requester = Requester(admfIdentifier="x1gate", neIdentifier=ne, ids=scene.ids, version=version)
    values = {"typeOfNeIssueMessage": ALERT, "description": "what", **fields}
    return requester, requester.request([ReportNEIssueRequest(**values)], NOW)


async def test_a_report_is_read_by_the_leniency_of_the_tls_peer() -> None:
    for scene, taken in ((lenient(SHORT), True), (lenient(UNTYPED), False), (Scene(), False)):
        requester, octets = report(scene, "amf", "v1.6.1")
        answer = await scene.gate.report(short_times(octets), AMF)
        assert answer.count(b">v1.6.1<") == 1
        [result] = requester.response(answer)
        assert (result == Completed()) is taken
        assert len(scene.administration.received) == taken
        told = [("amf", SHORT.value, "x1RequestMessage[1]/messageTimestamp")]
        assert scene.journal.tolerated == told * taken
        for forwarded in scene.administration.received:
            [message] = decode_request(forwarded)  # strictly
            assert message.header.version == "v1.22.1"


async def test_a_peer_that_is_no_element_is_read_strictly() -> None:
    scene = lenient(SHORT, UNTYPED)
    stranger = Party("stranger", Role.ELEMENT, "ee" * 32)
    requester, octets = report(scene, "stranger", "v1.22.1")
    [result] = requester.response(await scene.gate.report(short_times(octets), stranger))
    assert isinstance(result, Refused)
    assert scene.journal.tolerated == []


async def test_a_report_with_a_foreign_code_is_told_in_words() -> None:
    scene = Scene()
    requester, octets = report(scene, "mdf2", "v1.22.1", issueCode=10**12)
    assert requester.response(await scene.gate.report(octets, MDF2)) == [Completed()]
    [message] = decode_request(scene.administration.received[0])
    assert message.body == ReportNEIssueRequest(
        typeOfNeIssueMessage=ALERT, description="the element's own error too long to be one: what"
    )
    assert scene.journal.tolerated == [("mdf2", "foreignErrorCode", "x1RequestMessage/issueCode")]


async def test_an_element_that_is_not_understood_is_answered_in_its_own_version() -> None:
    assert b">v1.9.1<" in await Scene(x1Version="v1.9.1").gate.report(b"<no/>", AMF)
