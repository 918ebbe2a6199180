"""Everything an element holds is taken away at once."""

from __future__ import annotations

from x1_scene import D2, Dialogue, X, destination, task

from custodes.session.x1.events import DestinationRemoved, TaskDeactivated
from custodes.session.x1.requester import Completed
from custodes.wire.x1.destination_messages import CreateDestinationRequest
from custodes.wire.x1.task_messages import ActivateTaskRequest


def test_tasks_go_before_the_destinations_they_use_and_each_is_told() -> None:
    dialogue = Dialogue()
    held = [
        CreateDestinationRequest(destinationDetails=destination()),
        ActivateTaskRequest(taskDetails=task()),
    ]
    assert dialogue.say(*held) == [Completed(), Completed()]
    dialogue.events()
    dialogue.element.clear()
    gone, removed = dialogue.events()
    assert isinstance(gone, TaskDeactivated)
    assert gone.details.xId == X
    assert isinstance(removed, DestinationRemoved)
    assert removed.details.dId == D2
    assert (dict(dialogue.element.tasks), dict(dialogue.element.destinations)) == ({}, {})
    assert dialogue.say(*held) == [Completed(), Completed()]  # and may be tasked anew


def test_an_empty_element_has_nothing_to_tell() -> None:
    dialogue = Dialogue()
    dialogue.element.clear()
    assert dialogue.events() == []
