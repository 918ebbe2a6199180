"""Random schedules of orders, faults, restarts and intruders: whatever happens, no element of ours
acts beyond an approved order at any moment, and once everybody can be reached again, everybody
holds what the running orders cover and nothing else.

CUSTODES_SCHEDULES=5000 makes as many schedules instead of 200.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from convergence_machines import Foreign
from convergence_wire import Trouble
from convergence_world import FOREIGN, NAMES, SUBJECTS, World
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from custodes.functions.admf.provisioner import Pace
from custodes.store.admf import AdmfStore
from custodes.wire.x1.body import RequestBody
from custodes.wire.x1.destination_messages import (
    CreateDestinationRequest,
    RemoveDestinationRequest,
)
from custodes.wire.x1.status_messages import GetAllDetailsRequest
from custodes.wire.x1.task_messages import (
    ActivateTaskRequest,
    DeactivateTaskRequest,
    ModifyTaskRequest,
)

SCHEDULES = int(os.environ.get("CUSTODES_SCHEDULES", "200"))
STEPS = 8
# Less often than in the field, where time costs nothing: what a change or a fault brings about
# does not wait for it, and what an element forgot is seen a little later.
PACE = Pace(interval=10.0, busy=10.0)
CHANGES = (
    ActivateTaskRequest,
    ModifyTaskRequest,
    DeactivateTaskRequest,
    CreateDestinationRequest,
    RemoveDestinationRequest,
    GetAllDetailsRequest,
)

names = st.sampled_from(NAMES)
seconds = st.sampled_from([0.05, 0.5, 1.5, 4.0, 11.0])


class Schedule(RuleBasedStateMachine):
    template: Path

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory(prefix="custodes-convergence-")
        self.world = World(Path(self._folder.name), self.template, PACE)
        self._number = 0
        self._sound = True

    def teardown(self) -> None:
        try:
            if self._sound:
                self.world.settle()
        finally:
            self.world.close()
            self._folder.cleanup()

    def _do(self, act: object, *values: object, **named: object) -> None:
        self._sound = False  # what has failed is not settled in the end as well
        act(*values, **named)  # type: ignore[operator]
        self._sound = True

    @initialize(letter=st.sampled_from("ab"), content=st.booleans())
    def first(self, letter: str, content: bool) -> None:
        self._order(letter=letter, content=content)
        self._do(self.world.pass_, 1.0)

    def _order(self, **fields: object) -> None:
        self._number += 1
        self._do(self.world.order, f"R-{self._number}", **fields)

    # Few rules with many choices each: of many rules most schedules would see a few only. After
    # each some time passes, so that it comes to something.

    @rule(
        act=st.sampled_from(["new", "new", "approve", "end", "end", "extend"]),
        letter=st.sampled_from("ab"),
        subject=st.integers(0, 1),
        content=st.booleans(),
        location=st.booleans(),
        start=st.sampled_from([0.0, 0.0, -5.0, 3.0, 15.0]),
        lasts=st.sampled_from([3600.0, 3600.0, 20.0, 8.0]),
        approvals=st.sampled_from([2, 2, 2, 1, 0]),
        which=st.integers(0, 5),
        then=seconds,
    )
    def people(self, act: str, which: int, then: float, **fields: object) -> None:
        if self.world.admf is None:
            self._do(self.world.start_admf)
        now = self.world.now()
        known = self.world.known
        open_ = [r for r, k in known.items() if k.ended is None and now < k.order.end]
        waiting = [r for r in open_ if known[r].approvals < 2]
        if act == "approve" and waiting:
            self._do(self.world.approve, waiting[which % len(waiting)])
        elif act == "end" and open_:
            self._do(self.world.end, open_[which % len(open_)])
        elif act == "extend" and open_:
            old = known[open_[which % len(open_)]].order
            left = (old.end - now).total_seconds()
            self._order(
                letter=old.agency[-1],
                subject=SUBJECTS.index(old.subject.value),
                content=old.content,
                location=old.location,
                start=left if left < 60 else 0.0,
                lasts=4000.0,
            )
        else:
            self._order(**fields)
        self._do(self.world.pass_, then)

    @rule(act=st.sampled_from(["restart", "away", "gate"]), away=seconds, then=seconds)
    def processes(self, act: str, away: float, then: float) -> None:
        if act == "gate":
            self.world.gate = None
            self._do(self.world.pass_, away)
            self.world.start_gate()
        else:
            self._do(self.world.stop_admf)
            self._do(self.world.pass_, away)
            if act == "restart":
                self._do(self.world.start_admf)
        self._do(self.world.pass_, then)

    @rule(
        name=names,
        act=st.sampled_from(["down", "down", "back", "empty", "stale", "stale", "behind"]),
        share=st.floats(0, 1),
        behind=st.sampled_from([5.0, 3600.0]),
        then=seconds,
    )
    def element(self, name: str, act: str, share: float, behind: float, then: float) -> None:
        line = self.world.lines[name]
        if act in ("down", "back"):
            line.down = act == "down"
        elif act == "behind" and line.machine.ours:
            self.world.clocks[name].behind = behind
        else:
            stale = round(share * len(line.taken)) if act == "stale" else 0
            self._do(self.world.restart, name, stale=stale)
        self._do(self.world.pass_, then)

    @rule(
        name=names,
        troubles=st.lists(st.sampled_from(Trouble), max_size=5),
        refusing=st.frozensets(st.sampled_from(CHANGES), max_size=2),
        slow=st.booleans(),
        failed=st.booleans(),
        then=seconds,
    )
    def answers(
        self,
        name: str,
        troubles: list[Trouble],
        refusing: frozenset[type[RequestBody]],
        slow: bool,
        failed: bool,
        then: float,
    ) -> None:
        line = self.world.lines[name]
        line.coming.extend(troubles)
        line.refusing, line.slow = refusing, slow
        if failed and isinstance(line.machine, Foreign):
            tasks = line.machine.session.tasks
            line.machine.failed |= {x for x in tasks if self._ours(name, x)}
        self._do(self.world.pass_, then)

    def _ours(self, name: str, identifier: object) -> bool:
        return (name, str(identifier)) not in self.world.intruders

    @rule(
        name=names,
        act=st.sampled_from(["task", "unreadable", "destination", "delete"]),
        then=seconds,
    )
    def intruder(self, name: str, act: str, then: float) -> None:
        self._number += 1
        if act == "delete":
            self._delete(FOREIGN)
        elif act == "destination":
            self._do(self.world.slip_in_destination, name, self._number)
        else:
            self._do(self.world.slip_in_task, name, self._number, readable=act == "task")
        self._do(self.world.pass_, then)

    def _delete(self, name: str) -> None:
        """Everything of ours."""
        held = self.world.lines[name].machine.session._holdings
        for xid in [x for x in held.tasks if self._ours(name, x)]:
            del held.tasks[xid]
        used = {d for r in held.tasks.values() for d in r.details.listOfDIDs.dId}
        for did in [d for d in held.destinations if self._ours(name, d) and d not in used]:
            del held.destinations[did]

    @rule()
    def everything_settles(self) -> None:
        self._do(self.world.settle)


@pytest.mark.parametrize("part", range(4))
def test_schedules(part: int, tmp_path: Path) -> None:
    """In parts, so that they can run beside each other."""
    Schedule.template = tmp_path / "template.sqlite"
    AdmfStore(Schedule.template).close()
    run_state_machine_as_test(
        Schedule,
        settings=settings(
            max_examples=max(1, SCHEDULES // 4),
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            # A schedule is made smaller by hand: shrinking one takes longer than a run may.
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
        ),
    )
