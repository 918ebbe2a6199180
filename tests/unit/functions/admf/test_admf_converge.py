"""The plan, applied to elements that fail, forget and were tampered with, gets there."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from admf_scene import NOW, ONE, OTHER_SUBJECT, REGISTRY, SUBJECT, TWO, order
from hypothesis import given, settings
from hypothesis import strategies as st

from custodes.base.ids import DID, LIID, XID
from custodes.functions.admf.actions import (
    Action,
    ActivateTask,
    CreateDestination,
    DeactivateTask,
    ModifyDestination,
    ModifyTask,
    Phase,
    Plan,
    RemoveDestination,
)
from custodes.functions.admf.converge import Issued, carries, plan
from custodes.functions.admf.desired import Desired, desired
from custodes.functions.admf.intents import build_intent
from custodes.functions.admf.linger import DEADLINE, LINGER, Settled, settle
from custodes.functions.admf.progress import active, cleared, progress
from custodes.functions.admf.share import members, only
from custodes.functions.admf.specs import (
    HeldDestination,
    HeldElement,
    HeldTask,
    Provisioning,
)
from custodes.functions.admf.tries import Key, Tried, Tries, asked, count, failed
from custodes.model.address import Address
from custodes.model.grant import Approval
from custodes.model.intent import Intent, Purpose
from custodes.model.order import HeaderReportingKind

ROGUE = XID(UUID(int=0xBAD))
ROGUE_DID = DID(UUID(int=0xBAD))
MDFS = {"mdf2", "mdf3"}


@dataclass(frozen=True)
class Record:
    intent: Intent
    approvals: tuple[Approval, ...]
    endedAt: datetime | None = None
    endedBy: str | None = None
    registeredAt: datetime = NOW
    registeredBy: str = "officer-1"

    @property
    def intentDigest(self) -> str:
        return self.intent.digest()


def did_for(purpose: Purpose, address: Address) -> DID:
    return DID(UUID(int=list(Purpose).index(purpose) * 0x10000 + address.port))


def record(
    number: int,
    *,
    letter: str = "a",
    subject: str = SUBJECT,
    content: bool = True,
    location: bool = True,
    start: int = 0,
    end: int = 3600,
    ended: int | None = None,
    reporting: HeaderReportingKind = HeaderReportingKind.NONE,
) -> Record:
    """An approved order; times are seconds from NOW."""
    intent = build_intent(
        order(
            f"R-{number}",
            letter=letter,
            subject=subject,
            content=content,
            location=location,
            start=NOW + timedelta(seconds=start),
            end=NOW + timedelta(seconds=end),
            reporting=reporting,
        ),
        XID(UUID(int=1 if subject == SUBJECT else 2)),
        LIID(f"LI-{number}"),
        did_for,
        REGISTRY,
    )
    digest = intent.digest()
    approvals = tuple(Approval(o.name, o.fingerprint, NOW, digest) for o in (ONE, TWO))
    stopped = None if ended is None else NOW + timedelta(seconds=ended)
    return Record(intent, approvals, stopped, None if ended is None else "officer-1")


class Network:
    """Elements that do what X1 says, and refuse what it says they refuse."""

    def __init__(self) -> None:
        self.held = {e.neIdentifier: HeldElement() for e in REGISTRY.elements}
        self.log: list[tuple[str, Action]] = []

    def apply(self, name: str, action: Action, provisioning: Provisioning) -> None:
        element = self.held[name]
        tasks, destinations = dict(element.tasks), dict(element.destinations)
        match action:
            case CreateDestination(wanted):
                assert wanted.spec.did not in destinations
                assert wanted.grants
                destinations[wanted.spec.did] = HeldDestination(wanted.spec.did, wanted.spec)
            case ModifyDestination(wanted):
                assert wanted.spec.did in destinations
                destinations[wanted.spec.did] = HeldDestination(wanted.spec.did, wanted.spec)
            case RemoveDestination(did):
                assert not any(t.spec and did in t.spec.dids for t in tasks.values())
                del destinations[did]
            case ActivateTask(wanted) | ModifyTask(wanted):
                assert (wanted.spec.xid in tasks) is isinstance(action, ModifyTask)
                assert wanted.grants
                if not set(wanted.spec.dids) <= set(destinations):
                    return  # unknown DID: refused, as an earlier step was lost
                tasks[wanted.spec.xid] = HeldTask(
                    wanted.spec.xid, wanted.spec, provisioning, wanted.covered_by()
                )
            case DeactivateTask(xid):
                del tasks[xid]
        self.log.append((name, action))
        self.held[name] = HeldElement(tasks, destinations)


def grants_of(action: Action) -> frozenset[LIID]:
    wanted = getattr(action, "wanted", None)
    return frozenset(g.intent.liid for g in wanted.grants) if wanted is not None else frozenset()


class Run:
    """Plans and applies, round after round, while time goes on."""

    def __init__(self, records: list[Record], network: Network) -> None:
        self.records = records
        self.network = network
        self.now = NOW
        self.settled: Settled = {}
        self.tries: Tries = {}
        xids = frozenset(r.intent.xid for r in records)
        dids = frozenset(d.did for r in records for d in r.intent.deliveries)
        self.issued = Issued(xids, dids)
        self.alarms: set[tuple[str, str]] = set()

    def desired(self) -> Desired:
        return desired(self.records, self.now, REGISTRY)

    def plan(self, unreachable: frozenset[str] = frozenset()) -> Plan:
        held = {n: e for n, e in self.network.held.items() if n not in unreachable}
        wanted = self.desired()
        self.settled = settle(self.settled, wanted, held, self.now)
        made = plan(wanted, held, self.issued, self.settled, self.now, self.tries)
        self.tries = {k: t for k, t in self.tries.items() if k in made.open}
        self.alarms |= {(a.neIdentifier, a.identifier) for a in made.alarms}
        return made

    def round(
        self,
        unreachable: frozenset[str] = frozenset(),
        lost: random.Random | None = None,
        seconds: float = 1.0,
        refused: frozenset[LIID] = frozenset(),
    ) -> Plan:
        made = self.plan(unreachable)
        self.check(made)
        for step in made.steps:
            if refused & grants_of(step.action):
                pause = 0.1 * 2 ** min(count(self.tries, step.keys), 5)
                self.tries = failed(self.tries, step.keys, self.now, "no", pause, refused=True)
                continue
            self.tries = asked(self.tries, step.keys, self.now)
            if lost is None or lost.random() < 0.6:
                status = lost.choice(list(Provisioning)) if lost else Provisioning.COMPLETE
                self.network.apply(step.neIdentifier, step.action, status)
        # What was acknowledged is completed in its own time.
        if lost is None:
            self.complete()
        self.now += timedelta(seconds=seconds)
        return made

    def complete(self) -> None:
        for name, element in self.network.held.items():
            self.network.held[name] = HeldElement(
                {
                    x: replace(t, provisioning=Provisioning.COMPLETE)
                    if t.provisioning is Provisioning.AWAITING
                    else t
                    for x, t in element.tasks.items()
                },
                element.destinations,
            )

    def check(self, made: Plan) -> None:
        """What holds of every plan, whatever the elements are like."""
        wanted = self.desired()
        assert [s.phase for s in made.steps] == sorted(s.phase for s in made.steps)
        for step in made.steps:
            match step.action:
                case ActivateTask(want) | ModifyTask(want) if step.neIdentifier not in MDFS:
                    on_poi = self.network.held[step.neIdentifier].tasks.get(want.spec.xid)
                    joining = want.covered_by() - members(want, on_poi)
                    for mdf in MDFS:
                        on_mdf = wanted.elements[mdf].tasks.get(want.spec.xid)
                        alone = only(on_mdf, joining) if on_mdf is not None else None
                        if alone is not None:
                            held = self.network.held[mdf].tasks.get(want.spec.xid)
                            assert carries(alone, held), "an MDF was not ready before a POI"
                    assert all(g.intent.order.runs_at(self.now) for g in want.grants)
                case DeactivateTask(xid):
                    assert xid in self.issued.xids, "a task that is not ours was touched"
                case RemoveDestination(did):
                    assert did in self.issued.dids, "a destination that is not ours was touched"
                case _:
                    pass


def converge(run: Run, rounds: int = 60) -> None:
    for _ in range(rounds):
        if run.plan().converged:
            return
        run.round()
    pytest.fail(f"not converged: {run.plan()}")


def expected(run: Run) -> None:
    wanted = run.desired()
    for name, element in run.network.held.items():
        specs = {x: t.spec for x, t in element.tasks.items() if x != ROGUE}
        assert specs == {x: t.spec for x, t in wanted.elements[name].tasks.items()}
        kept = {d: v.spec for d, v in element.destinations.items() if d != ROGUE_DID}
        assert kept == {d: v.spec for d, v in wanted.elements[name].destinations.items()}


orders = st.lists(
    st.builds(
        dict,
        letter=st.sampled_from("ab"),
        subject=st.sampled_from([SUBJECT, OTHER_SUBJECT]),
        content=st.booleans(),
        location=st.booleans(),
        start=st.integers(-20, 40),
        end=st.integers(41, 90),
        ended=st.none() | st.integers(0, 60),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(orders, st.integers(0, 2**32), st.sets(st.sampled_from(["amf", "smf", "upf", "mdf2"])))
def test_it_converges_whatever_is_lost(
    drawn: list[dict[str, object]], seed: int, rogues: set[str]
) -> None:
    run = Run([record(n, **fields) for n, fields in enumerate(drawn)], Network())  # type: ignore[arg-type]
    for name in rogues:
        run.network.held[name] = HeldElement(
            {ROGUE: HeldTask(ROGUE, None, Provisioning.COMPLETE)}, {}
        )
    lost = random.Random(seed)
    names = [e.neIdentifier for e in REGISTRY.elements]
    for _ in range(lost.randrange(15)):
        away = frozenset(n for n in names if lost.random() < 0.3)
        run.round(away, lost, seconds=lost.choice([0.2, 1, 5]))
    run.plan()
    assert {(name, str(ROGUE)) for name in rogues} <= run.alarms
    for name in rogues:  # a task that nobody here understands keeps every destination in place
        assert ROGUE in run.network.held[name].tasks
        run.network.held[name] = HeldElement(
            {x: t for x, t in run.network.held[name].tasks.items() if x != ROGUE},
            run.network.held[name].destinations,
        )
    converge(run)
    expected(run)


@settings(max_examples=40, deadline=None)
@given(orders)
def test_a_converged_network_is_left_alone(drawn: list[dict[str, object]]) -> None:
    run = Run([record(n, **fields) for n, fields in enumerate(drawn)], Network())  # type: ignore[arg-type]
    run.now = NOW + timedelta(seconds=100)  # every order is over or was never begun
    converge(run)
    assert run.network.log == []


def running(*records: Record) -> Run:
    run = Run(list(records), Network())
    converge(run)
    expected(run)
    return run


def test_the_sequence_of_a_start() -> None:
    run = running(record(1))
    kinds = [(n in MDFS, type(a)) for n, a in run.network.log]
    first_poi = kinds.index((False, CreateDestination))
    assert all(mdf for mdf, _ in kinds[:first_poi])
    assert {k for mdf, k in kinds[:first_poi] if mdf} == {CreateDestination, ActivateTask}
    assert not any(mdf for mdf, _ in kinds[first_poi:])


def test_a_joining_order_modifies_the_mdf_and_adds_content() -> None:
    run = running(record(1, content=False))
    run.network.log.clear()
    run.records.append(record(2, letter="b"))
    run.issued = Issued(
        run.issued.xids, run.issued.dids | {d.did for d in run.records[1].intent.deliveries}
    )
    converge(run)
    expected(run)
    tasks = {(n, type(a)) for n, a in run.network.log if isinstance(a, ActivateTask | ModifyTask)}
    assert tasks == {
        ("mdf2", ModifyTask),
        ("mdf3", ActivateTask),
        ("upf", ActivateTask),
        ("amf", ModifyTask),  # the same task, now under two grants
        ("smf", ModifyTask),
    }


def test_a_stop_takes_the_pois_first_and_the_mdfs_after_the_linger() -> None:
    run = running(record(1))
    run.records = [replace(run.records[0], endedAt=run.now, endedBy="officer-1")]
    first = run.round(seconds=0.5)
    assert {s.phase for s in first.steps} == {Phase.POI_TASK_REMOVALS}
    settled_at = run.now
    while not (made := run.round(seconds=0.5)).of("mdf2"):
        assert made.wake is not None
    assert run.now - timedelta(seconds=0.5) == settled_at + LINGER
    converge(run)
    expected(run)


def test_an_unreachable_element_keeps_no_delivery_open() -> None:
    run = running(record(1))
    stop = run.now
    run.records = [replace(run.records[0], endedAt=stop, endedBy="officer-1")]
    away = frozenset({"amf"})
    while "mdf2" not in {s.neIdentifier for s in run.round(away, seconds=0.5).steps}:
        assert run.now < stop + DEADLINE * 2
    assert run.now - timedelta(seconds=0.5) == stop + DEADLINE
    assert run.network.held["amf"].tasks  # still there, still wanted gone
    assert not run.plan(away).converged
    converge(run)
    expected(run)


def test_one_unreachable_poi_holds_up_no_other() -> None:
    run = Run([record(1)], Network())
    for _ in range(4):
        run.round(frozenset({"smf"}))
    assert run.network.held["amf"].tasks
    assert run.network.held["upf"].tasks


def test_no_poi_before_every_mdf() -> None:
    run = Run([record(1)], Network())
    for _ in range(4):
        made = run.round(frozenset({"mdf3"}))
    assert not any(run.network.held[n].tasks for n in ("amf", "smf", "upf"))
    assert not made.converged


def test_no_poi_before_the_mdf2_leaves_out_the_location_that_is_not_ordered() -> None:
    """An MDF2 that holds the entry, but was not told of the location, is not ready for a POI."""
    run = running(record(1, content=False, location=False))
    (held,) = run.network.held["mdf2"].tasks.values()
    (want,) = run.desired().elements["mdf2"].tasks.values()
    assert carries(want, held)
    assert held.spec is not None
    told_nothing = tuple(replace(m, doNotReportLocation=False) for m in held.spec.mediation)
    held = replace(held, spec=replace(held.spec, mediation=told_nothing))
    assert not carries(want, held)
    run.network.held["mdf2"] = replace(run.network.held["mdf2"], tasks={held.xid: held})
    run.network.log.clear()
    converge(run)
    expected(run)
    assert [(n, type(a)) for n, a in run.network.log] == [("mdf2", ModifyTask)]


def test_what_was_changed_under_our_did_is_alarmed_and_set_right() -> None:
    run = running(record(1))
    element = run.network.held["mdf3"]
    (did,) = element.destinations
    spec = element.destinations[did].spec
    assert spec is not None
    changed = replace(spec, address=Address("203.0.113.9", 9))
    run.network.held["mdf3"] = HeldElement(element.tasks, {did: HeldDestination(did, changed)})
    converge(run)
    expected(run)
    assert run.alarms == {("mdf3", str(did))}


def test_an_entry_that_was_slipped_into_our_task_goes_at_once() -> None:
    run = running(record(1))
    element = run.network.held["mdf3"]
    ((xid, task),) = element.tasks.items()
    assert task.spec is not None
    slipped = replace(task.spec.mediation[0], liid=LIID("LI-stranger"))
    spec = replace(task.spec, mediation=(*task.spec.mediation, slipped))
    run.network.held["mdf3"] = HeldElement({xid: replace(task, spec=spec)}, element.destinations)
    assert [type(s.action) for s in run.round().steps] == [ModifyTask]
    expected(run)


def test_what_was_never_issued_is_alarmed_and_left() -> None:
    run = running(record(1))
    element = run.network.held["upf"]
    run.network.held["upf"] = HeldElement(
        {**element.tasks, ROGUE: HeldTask(ROGUE, None, Provisioning.COMPLETE)},
        {**element.destinations, ROGUE_DID: HeldDestination(ROGUE_DID, None)},
    )
    run.plan()
    assert run.plan().steps == ()
    assert ("upf", str(ROGUE)) in run.alarms
    run.records = [replace(run.records[0], endedAt=run.now, endedBy="officer-1")]
    for _ in range(20):
        run.round()
    assert set(run.network.held["upf"].tasks) == {ROGUE}


@pytest.mark.parametrize("places", [None, frozenset(), frozenset({ROGUE_DID})])
def test_a_task_that_nobody_understands_keeps_its_own_destinations_alone(
    places: frozenset[DID] | None,
) -> None:
    run = running(record(1))
    element = run.network.held["upf"]
    rogue = HeldTask(ROGUE, None, Provisioning.COMPLETE, places=places)
    run.network.held["upf"] = HeldElement({**element.tasks, ROGUE: rogue}, element.destinations)
    run.records = [replace(run.records[0], endedAt=run.now, endedBy="officer-1")]
    for _ in range(20):
        run.round()
    assert set(run.network.held["upf"].tasks) == {ROGUE}
    assert bool(run.network.held["upf"].destinations) is (places is None)


def test_a_task_of_ours_that_somebody_aimed_elsewhere_is_alarmed() -> None:
    run = running(record(1))
    assert run.alarms == set()
    (xid,) = run.network.held["upf"].tasks
    run.network.held["upf"] = HeldElement(
        {xid: HeldTask(xid, None, Provisioning.COMPLETE)}, run.network.held["upf"].destinations
    )
    converge(run)
    expected(run)
    assert run.alarms == {("upf", str(xid))}


def test_a_task_that_failed_is_asked_for_again() -> None:
    run = running(record(1))
    element = run.network.held["amf"]
    ((xid, task),) = element.tasks.items()
    run.network.held["amf"] = HeldElement(
        {xid: replace(task, provisioning=Provisioning.FAILED)}, element.destinations
    )
    assert [type(s.action) for s in run.plan().steps] == [ModifyTask]


def lines(run: Run, record: Record):  # type: ignore[no-untyped-def]
    return progress(record.intent, run.desired(), run.network.held)


def entries(run: Run, name: str) -> set[LIID]:
    tasks = run.network.held[name].tasks.values()
    return {m.liid for t in tasks if t.spec is not None for m in t.spec.mediation}


def end(run: Run, number: int) -> Record:
    ended = replace(run.records[number], endedAt=run.now, endedBy="officer-1")
    run.records[number] = ended
    return ended


kinds = st.sampled_from(list(HeaderReportingKind))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(dict, letter=st.sampled_from("ab"), content=st.booleans(), reporting=kinds),
        min_size=1,
        max_size=4,
    ),
    st.sets(st.integers(0, 3)),
    st.sets(st.integers(0, 3)),
    st.integers(0, 12),
    st.integers(0, 12),
)
def test_whatever_is_refused_what_ended_goes_and_the_others_run(
    drawn: list[dict[str, object]],
    refused_numbers: set[int],
    ended_numbers: set[int],
    before: int,
    between: int,
) -> None:
    """Orders on one subject; some are refused wherever they are named, from some moment on."""
    run = Run([record(n, **fields) for n, fields in enumerate(drawn)], Network())  # type: ignore[arg-type]
    refused = frozenset(r.intent.liid for n, r in enumerate(run.records) if n in refused_numbers)
    for _ in range(before):
        run.round()
    for _ in range(between):
        run.round(refused=refused)
    ended = [end(run, n) for n in range(len(run.records)) if n in ended_numbers]
    for _ in range(40):
        run.round(refused=refused)
    for each in ended:
        assert cleared(lines(run, each))
        assert not any(each.intent.liid in entries(run, name) for name in MDFS)
    for each in run.records:
        if each not in ended and each.intent.liid not in refused:
            assert active(lines(run, each)), run.plan()
            assert not cleared(lines(run, each))


def test_an_ended_order_goes_while_another_that_never_gets_in_is_refused() -> None:
    run = running(record(1))
    run.records.append(record(2, letter="b", reporting=HeaderReportingKind.PDHR))
    refused = frozenset({run.records[1].intent.liid})
    run.issued = Issued(
        run.issued.xids, run.issued.dids | {d.did for d in run.records[1].intent.deliveries}
    )
    before = {n: dict(e.tasks) for n, e in run.network.held.items()}
    for _ in range(20):
        run.round(refused=refused)
        assert {n: dict(e.tasks) for n, e in run.network.held.items()} == before
        assert active(lines(run, run.records[0]))
    what = f"taking in {run.records[1].intent.liid} is refused again and again: no"
    assert what in {a.what for a in run.plan().alarms if a.neIdentifier == "mdf2"}
    run.network.log.clear()
    ended = end(run, 0)
    stop = run.now
    while not cleared(lines(run, ended)):
        run.round(refused=refused, seconds=0.5)
        assert run.now <= stop + DEADLINE
    assert run.now <= stop + LINGER + timedelta(seconds=1)
    assert {type(a) for n, a in run.network.log if n in MDFS} <= {
        DeactivateTask,
        RemoveDestination,
    }
    for _ in range(40):
        run.round()
    assert active(lines(run, run.records[1]))
    assert run.plan().alarms == ()  # over, and so is its alarm


def test_a_narrowing_that_is_refused_or_never_comes_takes_the_task_away() -> None:
    for trouble in ("refused", "without effect"):
        run = running(record(1), record(2, letter="b"))
        ended = end(run, 0)
        key = Key("mdf2", "ModifyTask", str(ended.intent.xid))
        while not run.plan().of("mdf2"):
            run.round(seconds=0.5)
        (step,) = run.plan().of("mdf2")
        assert isinstance(step.action, ModifyTask)
        assert [m.liid for m in step.action.wanted.spec.mediation] == [LIID("LI-2")]
        assert [g.intent.liid for g in step.action.wanted.grants] == [LIID("LI-2")]
        tried = Tried(run.now, run.now, refused=int(trouble == "refused"))
        if trouble == "without effect":
            run.now += DEADLINE
        run.tries = {key: tried}
        (step,) = run.plan().of("mdf2")
        assert isinstance(step.action, DeactivateTask)
        converge(run)
        expected(run)


def test_a_grant_too_many_alone_takes_no_task_from_the_others_at_once() -> None:
    run = running(record(1), record(2, letter="b"))
    ended = end(run, 0)
    key = Key("amf", "ModifyTask", str(ended.intent.xid))
    for times, kind in ((1, ModifyTask), (2, ModifyTask), (3, DeactivateTask)):
        run.tries = {key: Tried(run.now, run.now, refused=times)}
        (step,) = run.plan().of("amf")
        assert type(step.action) is kind
        assert step.phase is Phase.POI_TASK_REMOVALS


def test_of_several_that_join_the_refused_keep_nobody_out() -> None:
    run = Run([record(n, letter="ab"[n % 2]) for n in range(4)], Network())
    refused = frozenset({run.records[0].intent.liid, run.records[2].intent.liid})
    for _ in range(30):
        run.round(refused=refused)
    assert entries(run, "mdf2") == entries(run, "mdf3") == {LIID("LI-1"), LIID("LI-3")}
    assert active(lines(run, run.records[1]))
    assert active(lines(run, run.records[3]))


def test_a_clock_that_was_set_back_holds_nothing_up() -> None:
    tried = Tried(NOW, NOW + timedelta(hours=1), refused=1)
    assert tried.due(NOW)
    assert not replace(tried, again=NOW + timedelta(seconds=5)).due(NOW)
