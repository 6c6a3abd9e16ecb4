"""An auditor sees when settings changed that decide who may do what."""

import json
from typing import Any

from analysis.events import EventKind, TimelineEvent
from analysis.incident import WORKSPACE_LOG_NUMBER
from tests.slack_requests import SIGNING_SECRET, WEBHOOK_SECRETS
from tests.slack_room import APPROVER, Room, served_again


def _recorded(room: Room) -> list[TimelineEvent]:
    return [one for one in room.events(WORKSPACE_LOG_NUMBER) if one.kind is EventKind.SETTINGS_CHANGED]


def test_change_of_settings_is_on_record_at_the_next_start(own_room: Room) -> None:
    """When the floor was raised and lowered again stands in the workspace's log, once, and no secret does."""
    raised: dict[str, Any] = {"four_eyes_severities": frozenset({"SEV3"}), "command_line_users": {"ops": APPROVER}}
    with served_again(own_room, **raised) as higher, served_again(higher) as same:
        before = len(_recorded(same))
        with served_again(same, four_eyes_severities=frozenset({"SEV1"})) as lower:
            events = _recorded(lower)

    first, up, down = events
    assert before == 2
    assert first.payload["changed"] == {}
    assert up.payload["changed"]["DEBRIEF_FOUR_EYES_SEVERITIES"] == ['["SEV1", "SEV2"]', '["SEV1", "SEV2", "SEV3"]']
    assert up.payload["changed"]["DEBRIEF_COMMAND_LINE_USERS"] == ["{}", json.dumps({"ops": APPROVER})]
    assert down.payload["changed"] == {"DEBRIEF_FOUR_EYES_SEVERITIES": ['["SEV1", "SEV2", "SEV3"]', '["SEV1", "SEV2"]']}
    said = json.dumps([dict(one.payload) for one in events])
    assert not any(secret in said for secret in (SIGNING_SECRET, *WEBHOOK_SECRETS, "xoxb-fake"))


def test_password_in_an_address_is_not_on_record(own_room: Room) -> None:
    """An endpoint or a proxy may be reached with one, and what is on record there cannot be erased."""
    owners = {"model": "ask https://ops:hunter2hunter2@wiki.example/who"}
    with served_again(own_room, inventory_owners=owners) as room:
        said = json.dumps([dict(one.payload) for one in _recorded(room)])

    assert "wiki.example" in said
    assert "hunter2hunter2" not in said


def test_what_goes_with_a_question_and_who_watches_is_on_record(own_room: Room) -> None:
    """A field may let the endpoint store what it is asked, and hours of nought let nobody notice another model."""
    with served_again(own_room, llm_extra_body={"store": True}, canary_hours=0.0) as room:
        changed = _recorded(room)[-1].payload["changed"]

    assert changed["DEBRIEF_LLM_EXTRA_BODY"] == ["{}", '{"store": true}']
    assert changed["DEBRIEF_CANARY_HOURS"] == ["24.0", "0.0"]
