"""The operations of X1 by name (TS 103 221-1, RequestMessageType)."""

from __future__ import annotations

from enum import StrEnum


class RequestMessageType(StrEnum):
    """The schema's values, in its order."""

    ACTIVATE_TASK = "ActivateTask"
    MODIFY_TASK = "ModifyTask"
    DEACTIVATE_TASK = "DeactivateTask"
    DEACTIVATE_ALL_TASKS = "DeactivateAllTasks"
    GET_TASK_DETAILS = "GetTaskDetails"
    CREATE_DESTINATION = "CreateDestination"
    MODIFY_DESTINATION = "ModifyDestination"
    REMOVE_DESTINATION = "RemoveDestination"
    REMOVE_ALL_DESTINATIONS = "RemoveAllDestinations"
    GET_DESTINATION_DETAILS = "GetDestinationDetails"
    GET_NE_STATUS = "GetNEStatus"
    GET_ALL_DETAILS = "GetAllDetails"
    GET_ALL_TASK_DETAILS = "GetAllTaskDetails"
    GET_ALL_DESTINATION_DETAILS = "GetAllDestinationDetails"
    GET_ALL_GENERIC_OBJECT_DETAILS = "GetAllGenericObjectDetails"
    LIST_ALL_DETAILS = "ListAllDetails"
    REPORT_TASK_ISSUE = "ReportTaskIssue"
    REPORT_DESTINATION_ISSUE = "ReportDestinationIssue"
    REPORT_NE_ISSUE = "ReportNEIssue"
    PING = "Ping"
    KEEPALIVE = "Keepalive"
    CREATE_OBJECT = "CreateObject"
    MODIFY_OBJECT = "ModifyObject"
    GET_OBJECT = "GetObject"
    DELETE_OBJECT = "DeleteObject"
    LIST_OBJECTS_OF_TYPE = "ListObjectsOfType"
    DELETE_ALL_OBJECTS = "DeleteAllObjects"
    EXTENDED = "ExtendedRequestMessageType"
