"""What Schemathesis makes of the OpenAPI document, sent to the served bot: every answer is one that is described."""

from functools import cache
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.web import alert_api
from tests import slack_requests as requests
from tests.effort import examples
from tests.slack_room import PATIENCE_SECONDS, Room

#: A body that is not allowed is one that cannot be read, or is too large.
REFUSALS = ["400", "413"]


@cache
def deliveries(mode: str) -> st.SearchStrategy[schemathesis.Case]:
    """Requests of the document, as it allows them (`positive`) or does not; made when asked for, as it takes long."""
    document = schemathesis.openapi.from_path(alert_api.FILE)
    # Who it is from is added to what is sent, where Schemathesis does not see it and misses it.
    document.config.generation.update(with_security_parameters=False)
    document.config.checks.update(excluded_check_names=["ignored_auth"])
    document.config.checks.negative_data_rejection.expected_statuses = REFUSALS
    return document[alert_api.PATH]["POST"].as_strategy(
        schemathesis.GenerationMode(mode), path_parameters={"source": "generic"}
    )


def send(room: Room, case: schemathesis.Case, *, is_signed: bool) -> Any:
    """Send it as somebody who may, with a signature or else a token."""

    def prove(request: Any) -> Any:
        signed = requests.webhook(request.body or b"", at=room.clock.now().timestamp())
        bearer = {"Authorization": f"Bearer {requests.WEBHOOK_SECRETS[0]}"}
        request.headers.update(signed.headers if is_signed else bearer)
        return request

    # No proxy of the machine has a say in what goes to this very machine.
    return case.call(f"http://127.0.0.1:{room.port}", auth=prove, proxies={"http": ""}, timeout=PATIENCE_SECONDS)


@pytest.mark.parametrize(
    ("mode", "statuses"),
    [
        pytest.param("positive", {200, 409}, id="what the document allows is taken, or its key was used"),
        pytest.param("negative", {200, 400, 409, 413}, id="what it forbids is refused"),
    ],
)
@given(data=st.data(), is_signed=st.booleans())
@settings(
    max_examples=examples(120),
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # making what failed smaller takes more than a minute; it is shown as a command for curl
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_answer_is_one_that_the_document_describes(
    quick_room: Room, mode: str, statuses: set[int], data: st.DataObject, *, is_signed: bool
) -> None:
    """Its status, its body and its headers; and what the document forbids is not taken, as Schemathesis finds."""
    case = data.draw(deliveries(mode))

    answer = send(quick_room, case, is_signed=is_signed)

    case.validate_response(answer)
    assert answer.status_code in statuses, answer.text
