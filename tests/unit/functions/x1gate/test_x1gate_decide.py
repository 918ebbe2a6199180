"""What the gate decides on, operation by operation: reading passes, the rest needs a grant."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from custodes.functions.x1gate.decide import decide
from custodes.session.x1.requester import Refused
from custodes.wire.x1 import bulk_messages as bulk
from custodes.wire.x1 import object_messages as objects
from custodes.wire.x1.body import RequestBody
from custodes.wire.x1.generic_object import HashAlgorithm, HashContext
from unit.functions.x1gate.x1gate_scene import NOW, Scene

_ID = UUID(int=7)
_OBJECT = HashContext(objectId=_ID, hashAlgorithm=HashAlgorithm.SHA_256, salt=bytes(8))
_TYPE = "Q{urn:a}B"


@pytest.mark.parametrize(
    "body",
    [
        bulk.GetAllTaskDetailsRequest(),
        bulk.GetAllDestinationDetailsRequest(),
        objects.GetAllGenericObjectDetailsRequest(),
        objects.GetObjectRequest(objectId=_ID),
        objects.ListObjectsOfTypeRequest(objectType=_TYPE),
    ],
)
def test_reading_passes_without_a_grant(body: RequestBody) -> None:
    nothing: Any = None
    assert decide(body, nothing, nothing, NOW) is body


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (bulk.DeactivateAllTasksRequest(), 5010),
        (bulk.RemoveAllDestinationsRequest(), 8020),
        (objects.CreateObjectRequest(createObject=_OBJECT), 1080),
        (objects.ModifyObjectRequest(modifyObject=_OBJECT), 1080),
        (objects.DeleteObjectRequest(objectId=_ID), 1080),
        (objects.DeleteAllObjectsRequest(), 1080),
    ],
)
async def test_what_changes_an_element_without_a_grant_goes_nowhere(
    body: RequestBody, code: int
) -> None:
    scene = Scene()
    [result] = await scene.ask("amf", body)
    assert isinstance(result, Refused)
    assert result.code == code
    assert scene.sent == []
