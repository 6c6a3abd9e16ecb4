"""The door for alerts and its OpenAPI document say the same."""

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest

from bot.web import alert_api
from bot.web.formats import generic, reading
from tests.slack_room import Answer, Room, open_room

DOCUMENT: dict[str, Any] = json.loads(alert_api.FILE.read_bytes())
OPERATION = DOCUMENT["paths"][alert_api.PATH]["post"]
SCHEMAS = DOCUMENT["components"]["schemas"]
REWRITE = ".venv/bin/python -c 'from bot.web.alert_api import write_alert_api; write_alert_api()'"


def send(room: Room, body: Any, **headers: str) -> Answer:
    """Send to the generic door, and hold the answer against the document."""
    answer = room.alerts("generic", body if isinstance(body, bytes) else json.dumps(body).encode(), **headers)
    described = OPERATION["responses"][str(answer.status)]
    schema = SCHEMAS[described["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]]
    assert set(answer.json) == set(schema["required"])
    assert ("retry-after" in answer.headers) == ("headers" in described)
    return answer


def test_committed_document_is_the_one_in_code() -> None:
    """What is described in code is what is committed."""
    assert alert_api.FILE.read_text(encoding="utf-8") == alert_api.alert_api_text(), f"Write it anew: {REWRITE}"


def test_document_has_every_field_that_is_read() -> None:
    """A field that the reader knows is described, and no other."""
    assert set(SCHEMAS["Alert"]["properties"]) == set(generic.FIELDS)


@pytest.mark.parametrize("name", sorted(alert_api.EXAMPLES))
def test_example_is_taken(quick_room: Room, name: str) -> None:
    """Each example of the document works as it stands."""
    value = OPERATION["requestBody"]["content"]["application/json"]["examples"][name]["value"]

    assert send(quick_room, value).json["alerts"] == len(value.get("alerts", [value]))


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        pytest.param({"alerts": []}, {}, 400, id="fewer than minItems"),
        pytest.param({"alerts": [{"rule": "r"}] * (reading.MAXIMUM_ALERTS + 1)}, {}, 400, id="more than maxItems"),
        pytest.param({"labels": {}}, {}, 400, id="without what is required"),
        pytest.param({"rule": " "}, {}, 400, id="nothing to see"),
        pytest.param({"rule": "\u00ad\u200b\U000e0041"}, {}, 400, id="invisible letters alone"),
        pytest.param({"rule": "r", "id": "a\x00"}, {}, 400, id="NUL in a text"),
        pytest.param({"rule": "r", "more": [{"a\x00": 1}]}, {}, 400, id="NUL in a name, deep within"),
        pytest.param({"rule": "r", **{str(n): "" for n in range(1000)}}, {}, 400, id="more members than are read"),
        pytest.param({"rule": ["r"]}, {}, 400, id="of another type"),
        pytest.param({"rule": "r", "status": "over"}, {}, 400, id="not in the enumeration"),
        pytest.param({"rule": "r", "labels": {str(n): "" for n in range(101)}}, {}, 400, id="more than maxProperties"),
        pytest.param({"rule": "r", "labels": []}, {}, 400, id="no object"),
        pytest.param({"rule": "r"}, {"Authorization": "Bearer of-nobody-whom-we-know"}, 401, id="no token"),
        pytest.param(b" " * 5_000_000, {}, 413, id="too large"),
    ],
)
def test_body_that_the_document_forbids_is_refused(
    quick_room: Room, body: Any, headers: dict[str, str], status: int
) -> None:
    """Each limit of the schema holds at the door, with an answer that is described."""
    assert send(quick_room, body, **headers).status == status


def test_rule_needs_a_letter_that_can_be_seen_on_both_sides() -> None:
    """Letter by letter, the document has the reader's view of what is nothing to see."""
    pattern = re.compile(SCHEMAS["Alert"]["properties"]["rule"]["pattern"])
    letters = [chr(code) for code in (*range(0x10000), *range(0xE0000, 0xE1001))]

    unlike = [hex(ord(one)) for one in letters if bool(pattern.search(one)) != bool(reading.text_of(one).strip())]

    assert unlike == []


def test_largest_that_the_document_allows_is_taken(quick_room: Room) -> None:
    """The limits themselves are within."""
    alert = {"rule": "Largest", "labels": {str(n): "x" for n in range(reading.MAXIMUM_LABELS)}}

    assert send(quick_room, alert).status == 200
    assert send(quick_room, {"alerts": [{"rule": "Largest"}] * reading.MAXIMUM_ALERTS}).status == 200


def test_key_with_another_body_is_answered_as_described(quick_room: Room) -> None:
    """409 under a key that was used."""
    key, bodies = uuid.uuid4().hex, [{"rule": "Key", "labels": {"n": str(n)}} for n in range(2)]

    answers = [send(quick_room, each, Idempotency_Key=key) for each in (bodies[0], bodies[0], bodies[1])]

    assert [answer.status for answer in answers] == [200, 200, 409]


def test_source_that_sends_too_much_is_told_when_to_go_on(ready_sqlite_url: str, tmp_path: Path) -> None:
    """429 with how long to wait, after which it is taken; nothing is kept in between."""
    with open_room(ready_sqlite_url, tmp_path, alert_burst=10, alerts_per_second=2) as room:
        full, refused = (send(room, {"alerts": [{"rule": "Storm"}] * count}) for count in (10, 4))
        room.clock.move(seconds=float(refused.headers["retry-after"]))
        after = send(room, {"alerts": [{"rule": "Storm"}] * 4})

    assert [full.status, refused.status, after.status] == [200, 429, 200]
    assert refused.headers["retry-after"] == "2"
