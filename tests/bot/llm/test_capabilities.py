"""What an endpoint can do is found by asking it, whatever it answers."""

import http.server
import json
import time
from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any

import pytest
from pydantic import SecretStr

from bot.llm.capabilities import Ability, Capabilities, probe
from bot.llm.endpoint import AnswerForm, EndpointSettings
from tests.effort import leading
from tests.model_endpoint import Answering, endpoint, hangs, says, status


def _probed(answering: Answering, *, patience_seconds: float = 2, seconds: float = 2) -> Capabilities:
    with endpoint(answering) as fake:
        settings = EndpointSettings(
            base_url=fake.url, model="pinned", api_key=SecretStr(""), networks=(ip_network("127.0.0.0/8"),)
        )
        return probe(settings, gate=lambda _: None, patience_seconds=patience_seconds, seconds=seconds)


def test_answer_that_is_too_deep_is_no_json() -> None:
    """It ends no probe, and whoever asked reads which abilities are missing."""
    found = _probed(says("[" * 50_000))

    assert found.has(Ability.CHAT)
    assert found.form is None


def _only_json_mode(handler: http.server.BaseHTTPRequestHandler, body: Mapping[str, Any]) -> None:
    """Do chat and JSON mode, and refuse what is newer, as smaller servers do."""
    asks_for_more = body.get("stream") or body.get("tools") or "messages" not in body
    form = body.get("response_format", {}).get("type")
    if asks_for_more or form == "json_schema":
        return status(400, json.dumps({"error": {"message": "unsupported"}}).encode())(handler, body)
    return says('{"colour": "green"}' if form else "green")(handler, body)


def test_endpoint_that_knows_json_mode_alone_can_be_used() -> None:
    """JSON mode is enough for a draft: code checks the form anyhow."""
    found = _probed(_only_json_mode)

    assert {each.ability for each in found.findings if each.is_there} == {Ability.CHAT, Ability.JSON_OBJECT}
    assert found.form is AnswerForm.JSON_OBJECT


def test_schema_that_is_accepted_and_ignored_is_no_schema() -> None:
    """Some endpoints take the argument and answer prose; what drafts would drop of it is told."""
    found = _probed(says('Sure: {"colour": "green"}'))

    assert found.has(Ability.CHAT)
    assert not found.has(Ability.JSON_SCHEMA)
    assert found.form is None
    assert found.finding(Ability.JSON_SCHEMA).dropped == "What stood around the JSON of the answer was dropped: words."


def test_signs_of_a_template_behind_the_json_leave_the_ability() -> None:
    """The model was held to the form; its server did not take the last sign away."""
    found = _probed(says('{"colour": "green"}<|eot_id|>'))

    assert found.form is AnswerForm.JSON_SCHEMA
    assert "signs of its template" in found.finding(Ability.JSON_SCHEMA).dropped


@pytest.mark.parametrize(
    "answering",
    leading(
        1,
        [
            pytest.param(status(500), id="failing"),
            pytest.param(status(503, b'{"a":' * 900 + b"1" + b"}" * 900), id="a deep error"),
            pytest.param(status(400, b'[{"message":' * 400 + b"1" + b"}]" * 400), id="a deep message"),
            pytest.param(status(200, b"<html></html>"), id="a page"),
            pytest.param(status(200, b'{"choices": [7], "usage": 3}'), id="another form"),
            pytest.param(status(200, b"data: nonsense\n\n", content_type="text/event-stream"), id="a broken stream"),
        ],
    ),
)
def test_probe_survives_whatever_it_is_answered(answering: Answering) -> None:
    """Each ability is missing with a reason; nothing is raised."""
    found = _probed(answering)

    assert [each.ability for each in found.findings] == list(Ability)
    assert not any(each.is_there for each in found.findings)
    assert all(each.because.endswith(".") for each in found.findings)


def _slow(*needed: str, seconds: float) -> Answering:
    """Do everything, and take *seconds* over requests with one of these words."""

    def answer(handler: http.server.BaseHTTPRequestHandler, body: Mapping[str, Any]) -> None:
        if any(word in json.dumps(body) for word in needed):
            time.sleep(seconds)
        says('{"colour": "green"}')(handler, body)

    return answer


def test_what_drafts_need_is_waited_for_as_a_draft_waits() -> None:
    """A server that first loads its model, or thinks before a form, is one that drafts can ask."""
    found = _probed(_slow("messages", seconds=0.6), patience_seconds=5, seconds=0.3)

    assert {each.ability for each in found.findings if each.is_there} == {*Ability} - {
        *(Ability.STREAMING, Ability.TOOLS, Ability.RESPONSES)
    }
    assert found.finding(Ability.TOOLS).because == "The model's endpoint did not answer in time."


def test_nothing_else_is_asked_of_what_does_not_even_chat() -> None:
    """Nobody waits for one thing after the other of an endpoint that is not there."""
    asked = []

    def hang(handler: http.server.BaseHTTPRequestHandler, body: Mapping[str, Any]) -> None:
        asked.append(body)
        hangs(0.5)(handler, body)

    found = _probed(hang, patience_seconds=0.2)

    assert [each.ability for each in found.findings] == list(Ability)
    assert {each.because for each in found.findings} == {"The model's endpoint did not answer in time."}
    assert len(asked) == 1
