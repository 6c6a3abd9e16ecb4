"""Requests that Schemathesis makes of a committed OpenAPI document, as the document allows them or does not."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import strategies as st

from tests.slack_room import PATIENCE_SECONDS, Room

#: A body that is not allowed is one that cannot be read, or is too large.
REFUSALS = ["400", "413"]


@cache
def described(file: Path, path: str, mode: str, *, refusable: str = "") -> st.SearchStrategy[schemathesis.Case]:
    """Requests that the document in *file* allows (`positive`) or forbids; made when asked for, as it takes long.

    What is allowed may still be answered with the status *refusable*, where a schema cannot say all.
    """
    document = schemathesis.openapi.from_path(file)
    # Who it is from is added to what is sent, where Schemathesis does not see it and misses it.
    document.config.generation.update(with_security_parameters=False)
    document.config.checks.update(excluded_check_names=["ignored_auth"])
    document.config.checks.negative_data_rejection.expected_statuses = REFUSALS
    if refusable:
        document.config.checks.positive_data_acceptance.expected_statuses = ["200", "409", refusable]
    values = {"path_parameters": {"source": "generic"}} if "{source}" in path else {}
    return document[path]["POST"].as_strategy(schemathesis.GenerationMode(mode), **values)


def send(room: Room, case: schemathesis.Case, proof: Callable[[bytes], Mapping[str, str]]) -> Any:
    """Send it with the headers that *proof* makes for its body."""

    def prove(request: Any) -> Any:
        request.headers.update(proof(request.body or b""))
        return request

    # No proxy of the machine has a say in what goes to this very machine.
    return case.call(f"http://127.0.0.1:{room.port}", auth=prove, proxies={"http": ""}, timeout=PATIENCE_SECONDS)
