"""Private incidents and the model: nothing of them is sent to it unless the settings say so."""

from pathlib import Path

import pytest

from tests.bot.flows.desk import asking, label_of
from tests.bot.record.processes import revisions
from tests.canary_model import CanaryModel
from tests.model_endpoint import endpoint
from tests.slack_room import COMMANDER, Room, open_room


@pytest.mark.parametrize(
    ("over", "asked", "because"),
    [
        pytest.param({}, 0, "nothing is sent to a model unless DEBRIEF_LLM_PRIVATE_INCIDENTS is set", id="by default"),
        pytest.param({"llm_private_incidents": True}, 1, "", id="where it is allowed"),
    ],
)
def test_private_incident_is_drafted_with_the_model_only_where_it_may_see_it(
    ready_sqlite_url: str, tmp_path: Path, over: dict[str, bool], asked: int, because: str
) -> None:
    """The answer promises no model that is not asked, and the draft says why the templates made it alone."""
    model = CanaryModel()
    with endpoint(model) as fake, open_room(ready_sqlite_url, tmp_path, **asking(fake.url, **over)) as room:
        number, channel = _private(room)
        answer = room.draft(COMMANDER, channel)
        room.settle()
        writing = revisions(room.app, number)[-1].document["writing"]

    assert len(model.asked) == len(fake.received) == asked
    assert ("the model is asked" in answer) == bool(asked)
    assert because in writing["because"]
    assert bool(writing["kept"]) == bool(asked)


def _private(room: Room) -> tuple[int, str]:
    """A resolved private incident with a fact."""
    number, channel = room.declare(COMMANDER, "SEV3 private: Payout file leaked")
    room.ask(COMMANDER, "note The payout file was deleted from the share", channel)
    room.ask(COMMANDER, f"promote {label_of(room, number, 'deleted')} as fact", channel)
    room.ask(COMMANDER, "resolve", channel)
    room.settle()
    return number, channel
