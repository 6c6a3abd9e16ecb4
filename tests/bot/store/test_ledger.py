"""Facts go in through the writer and come back as they were."""

import pytest

from tests.bot.store.parts import Store, note


def test_event_comes_back_as_it_was_written(store: Store) -> None:
    """Every field of an event survives the database, on both dialects."""
    incident = store.declare()
    event = note(1, payload={"list": [1, 2.5, None, {"deep": "ü"}], "flag": True}, text="Zeichen: ü 漢 \u0000 🚒")

    store.append(incident, event)

    stored = store.events(incident)[1]
    assert {name: getattr(stored, name) for name in event.__dataclass_fields__} == {
        name: getattr(event, name) for name in event.__dataclass_fields__
    }
    assert (stored.incident_id, stored.seq, stored.erased) == (incident.id, 2, frozenset())
