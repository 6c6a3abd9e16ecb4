"""Erasing beside the server, as an administrator does on the command line."""

import uuid

from analysis.events import Source
from bot.ports.records import InboxKey
from bot.usecases.privacy.erase import Erase, erase
from tests.slack_room import ADMIN, Room


def erase_field(room: Room, number: int, what: str | int, field: str = "text") -> str:
    """Erase *field* of an incident's event, which *what* names by its label or place; returns the answer."""
    person = room.app.directory.person(ADMIN)
    assert person is not None
    key = f"cli:erase:{uuid.uuid4().hex}"
    command = Erase(
        person=person,
        workspace_id=room.app.workspace_id,
        natural_key=key,
        source=Source.COMMAND_LINE,
        number=number,
        what=str(what),
        field=field,
        reason="the customer asked for it, request 4711",
        is_confirmed=True,
    )
    inbox = InboxKey(source="command_line", external_id=key, body_hash=b"")
    return room.app.store.writer.submit(erase, command, key=inbox).result(timeout=10).text
