"""What Schemathesis makes of the OpenAPI document, sent to the served bot: every answer is one that is described."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.web import alert_api
from tests import slack_requests as requests
from tests.described_requests import described, send
from tests.effort import ON_FIXTURES, examples
from tests.slack_room import Room


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
    suppress_health_check=ON_FIXTURES,
)
def test_answer_is_one_that_the_document_describes(
    quick_room: Room, mode: str, statuses: set[int], data: st.DataObject, *, is_signed: bool
) -> None:
    """Its status, its body and its headers; and what the document forbids is not taken, as Schemathesis finds."""
    case = data.draw(described(alert_api.FILE, alert_api.PATH, mode))

    def proof(body: bytes) -> dict[str, str]:
        signed = requests.webhook(body, at=quick_room.clock.now().timestamp())
        return dict(signed.headers) if is_signed else {"Authorization": f"Bearer {requests.WEBHOOK_SECRETS[0]}"}

    answer = send(quick_room, case, proof)

    case.validate_response(answer)
    assert answer.status_code in statuses, answer.text
