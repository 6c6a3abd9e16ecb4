"""A room whose bot can page: the pager's file, and what tests of paging share."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.fake_pagerduty import POLICY, ROUTING_KEY, SENDER, SERVICE, TOKEN, FakePagerDuty
from tests.slack_room import Room, open_room

CALL = "the duty desk, +49 30 5550 1234"


def pager_file(folder: Path, account: FakePagerDuty, **over: Any) -> Path:
    """Write the file of a bank that pages `payments` by a routing key and `ledger` by the REST API."""
    described = {
        "api_token": TOKEN,
        "from": SENDER,
        "default_service": "ledger",
        "events_url": f"{account.url}/v2/enqueue",
        "api_url": account.url,
    }
    content = {
        "call": CALL,
        "pagerduty": described,
        "services": {
            "payments": {"routing_key": ROUTING_KEY, "service_id": SERVICE},
            "ledger": {"service_id": SERVICE},
        },
        "policies": {"core": POLICY, "never-asked-before": "PESC009"},
        "people": {"U0OTHER": "POTTO01"},
        **over,
    }
    path = folder / "pager.json"
    path.write_text(json.dumps(content))
    path.chmod(0o600)
    return path


@contextmanager
def open_paging_room(
    database_url: str, folder: Path, *, over: dict[str, Any] | None = None, **settings: Any
) -> Iterator[tuple[Room, FakePagerDuty]]:
    """Serve a bot that pages through a new account; *over* are parts of the pager's file."""
    with FakePagerDuty() as pagerduty:
        path = pager_file(folder, pagerduty, **(over or {}))
        given = {"pager_file": path, "outside_hosts": {"127.0.0.1"}, "outside_timeout_seconds": 1.0, **settings}
        with open_room(database_url, folder, **given) as room:
            yield room, pagerduty
