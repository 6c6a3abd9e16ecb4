"""Two applications on one database, as two processes are."""

import threading

from bot.app import App
from bot.ports.records import Revision
from tests import slack_requests as requests
from tests.slack_room import Room


def revisions(app: App, number: int) -> tuple[Revision, ...]:
    """The drafts of an incident."""
    with app.store.snapshots.snapshot() as reads:
        incident = reads.incident_by_number(app.workspace_id, number)
        assert incident is not None
        return reads.revisions(incident.id)


def at_once(room: Room, other: App, ours: requests.Signed, theirs: requests.Signed) -> list[str]:
    """Send one request to each application at the same moment; returns what was answered."""
    answers, ready = ["", ""], threading.Barrier(2)

    def send(place: int, app: App, signed: requests.Signed) -> None:
        headers = {name.lower(): value for name, value in signed.headers.items()}
        ready.wait()
        answers[place] = app.slack.dispatch(signed.body, headers)[2]

    threads = [
        threading.Thread(target=send, args=(place, app, signed))
        for place, (app, signed) in enumerate(((room.app, ours), (other, theirs)))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
